"""Which of several nodes is the active one.

Every node responds to a health probe: the active one with 200, a passive one with 307.
"""

import threading
import time
from collections import namedtuple

from cloudtower._runtime.locks import Lock

ACTIVE = "active"
PASSIVE = "passive"

# A probe may take longer than its timeout, which starts over for each address of a name.
_GRACE = 1


# The result of a probe: the node's ApiClient, its state (ACTIVE, PASSIVE or None), and why it
# has none (an exception or text, or None).
Probe = namedtuple("Probe", "client state failure")


class Discovery(object):
    """Finds the active node and remembers it.

    Parameters:
        clients: an ApiClient for each node, list.
        timeout: seconds for a probe, number.
        choose: callable(list of Probe) that returns the client of the active node,
            or raises.

    Attributes:
        active: the client of the active node as far as known, or None.
    """

    def __init__(self, clients, timeout, choose):
        self.active = None
        self._clients = clients
        self._timeout = timeout
        self._choose = choose
        self._lock = Lock()
        self._searches = 0
        self._probes = None

    def find(self, again=False):
        """The client of the active node.

        Callers at the same time share one search, and its failure.

        Parameters:
            again: whether to search even if it is known, bool.

        Raises what `choose` raises.
        """
        known = self.active
        if known is not None and not again:
            return known
        searches = self._searches
        with self._lock:
            if self._searches == searches:  # nobody has searched since we asked
                self.active = None
                self._probes = self._probe_all()
                self._searches += 1
                self.active = self._choose(self._probes)
                return self.active
            return self._choose(self._probes)

    def forget(self, client):
        """Search again next time, unless another node has been found since."""
        if self.active is client:
            self.active = None

    def _probe_all(self):
        """A Probe of each client, in order."""
        results = {}
        threads = [
            threading.Thread(target=_probe, args=(client, self._timeout, results))
            for client in self._clients
        ]
        for thread in threads:
            thread.daemon = True
            thread.start()
        deadline = time.time() + self._timeout + _GRACE
        for thread in threads:
            thread.join(max(0, deadline - time.time()))
        # What comes in later does not change the result any more.
        return [
            results.get(client) or Probe(client, None, "no response in time")
            for client in self._clients
        ]


def _probe(client, timeout, results):
    try:
        is_active = client.do_probe(client.configuration.probe_url, timeout)
    except Exception as error:
        results[client] = Probe(client, None, error)
    else:
        results[client] = Probe(client, ACTIVE if is_active else PASSIVE, None)
