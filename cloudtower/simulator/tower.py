"""One simulated CloudTower: its world, its tasks, its users."""

import time

from cloudtower import _spec
from cloudtower.simulator.access import Access
from cloudtower.simulator.ids import Ids
from cloudtower.simulator.render import Renderer
from cloudtower.simulator.tally import Tally
from cloudtower.simulator.tasks import Tasks
from cloudtower.simulator.world import World
from cloudtower.simulator.worlds import small

#: The first CloudTower version that speaks this interface, by the release of the document.
_VERSIONS = {"2.21": "4.7.0", "2.22": "4.8.0", "2.23": "4.9.0"}


class Tower(object):
    """The state behind the HTTP interface.

    Parameters:
        speed: how many times faster than a real cluster tasks run, a number > 0.
        seed: equal seeds give equal ids, int.
        ldap: whether a directory is configured, bool.
        timer: function that gives seconds since 1970.

    Attributes:
        world, tasks, access, renderer: see their classes.
        version: what `/get-version` answers.
        username, password: of the administrator.
    """

    username = "root"
    password = "Simulator-1"

    def __init__(self, speed=100, seed=0, ldap=False, timer=time.time):
        ids = Ids(seed)
        self.version = _VERSIONS.get(_spec.VERSION.rpartition(".")[0], "4.9.0")
        self.world = World(ids)
        self.tally = Tally(self.world)
        self.tasks = Tasks(self.world, speed, timer)
        self.renderer = Renderer(self.world)
        self.access = Access(self.world, b"simulator %d" % seed)
        if ldap:
            self.access.directory = {"id": ids.cuid(), "type": "LDAP"}
        small.fill(self)
