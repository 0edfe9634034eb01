"""One simulated CloudTower: its world, its tasks, its users."""

import os
import time

from cloudtower import _spec
from cloudtower.simulator import worlds
from cloudtower.simulator.authentication import Authentication
from cloudtower.simulator.engine.changes import Changes
from cloudtower.simulator.engine.counters import Counters
from cloudtower.simulator.engine.ids import Ids
from cloudtower.simulator.engine.rendering import Renderer
from cloudtower.simulator.engine.scheduler import Scheduler
from cloudtower.simulator.engine.tasks import Tasks
from cloudtower.simulator.engine.world import World
from cloudtower.simulator.permissions import Permissions


class Tower(object):
    """The state behind the HTTP interface.

    Parameters:
        speed: how many times faster than a real cluster tasks run, a number > 0.
        seed: equal seeds give equal ids, int.
        ldap: whether a directory is configured, bool.
        timer: function that gives seconds since 1970.
        world: what it knows at the start: "small", "full", "empty", "docs", the path of a
            YAML file, or what such a file says, a dict; None: nothing at all.
        vms: how many more VMs there are, int.
        open: whether nobody has to log in, bool.
        secret: key of the tokens' signatures, bytes; by default one of its own.
        strict: whether it is as strict as a real tower may be, bool: unknown members of a body
            are refused, an update that changes nothing responds 304.
        lenient: whether an operation that acts and is not modelled is answered as if it had been
            done, in place of 501, bool.

    Attributes:
        world, scheduler, tasks, authentication, permissions, renderer, changes: see their classes.
        timer: function that gives the moment it is, in seconds since 1970; while the scheduler
            carries something out, the moment at which that was due.
        version: what `/get-version` answers.
        strict, lenient: as given.
        any_order: whether an operation first brings its object into an allowed state.
        username, password: of the administrator.

    Raises ValueError for a world that does not exist or has a mistake, and for a wrong number.
    """

    username = "root"
    password = "Simulator-1"

    def __init__(
        self,
        speed=100,
        seed=0,
        ldap=False,
        timer=time.time,
        world="small",
        vms=0,
        open=False,
        strict=False,
        secret=None,
        lenient=False,
    ):
        if not (isinstance(speed, (int, float)) and speed > 0):
            raise ValueError("speed must be a number above 0, not %r" % (speed,))
        if not (isinstance(vms, int) and vms >= 0):
            raise ValueError("vms must be a whole number from 0, not %r" % (vms,))
        self.version = _spec.VERSION
        self.strict = strict
        self.lenient = lenient
        self.any_order = False
        self.scheduler = Scheduler(self, timer)
        self.timer = self.scheduler.seconds
        self.world = World(Ids(seed))
        self.tasks = Tasks(self.world, self.scheduler, speed)
        self.renderer = Renderer(self.world)
        self.counters = Counters(self.world)
        self.authentication = Authentication(self.world, secret or os.urandom(32), self.timer, open)
        self.permissions = Permissions(self.world)
        self.changes = Changes(self.world, self.tasks.now)
        #: what a snapshot holds beside the world
        self._parts = (
            self.scheduler,
            self.tasks,
            self.authentication,
            self.permissions,
            self.changes,
        )
        if ldap:
            self.authentication.directory = {"id": self.world.ids.cuid(), "type": "LDAP"}
        if world is not None:
            worlds.fill(self, world, vms)

    def snapshot(self):
        """All there is now, for `restore`; tasks that run are part of it."""
        world = self.world
        records = [(record, _copied(record)) for record in world.records.values()]
        ids = (world.ids.count, world.ids.random.getstate())
        return records, dict(world.aliases), ids, [part.state() for part in self._parts]

    def restore(self, snapshot):
        """Return to a snapshot of this tower; its tasks go on from where they were."""
        records, aliases, ids, states = snapshot
        for record, values in records:
            record.clear()
            record.update(_copied(values))
        self.world.restore([record for record, _ in records], aliases)
        self.world.ids.count, state = ids
        self.world.ids.random.setstate(state)
        self.counters.adopt()
        for part, state in zip(self._parts, states):
            part.restore(state)


def _copied(record):
    """A copy of what a record holds, for a snapshot."""
    return {
        name: value.copy() if isinstance(value, (dict, list)) else value
        for name, value in record.items()
    }
