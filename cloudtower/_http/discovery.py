"""Which of several nodes is the active one.

Every node responds to a health probe: the active one with 200, a passive one with 307.
"""

import socket
import threading
from collections import namedtuple

from cloudtower._http.clock import now
from cloudtower._runtime import process
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
        timeout: seconds for a probe, number.
    """

    def __init__(self, clients, timeout, choose):
        self.active = None
        self.timeout = timeout
        self._clients = clients
        self._choose = choose
        self._lock = Lock()
        self._search = None  # the one under way

    def find(self, again=False, end=None):
        """The client of the active node.

        Callers at the same time share one search, and its failure.

        Parameters:
            again: whether to search even if it is known, bool.
            end: when to stop waiting, by the clock of `limits`, or None. The search goes on
                for those that share it.

        Raises what `choose` raises; socket.timeout at `end`.
        """
        known = self.active
        if known is not None and not again:
            return known
        search = self._join()
        if not search.wait(end):
            raise socket.timeout("the search for the active node takes longer")
        self._conclude(search)
        return self._choose(search.probes())

    def forget(self, client):
        """Search again next time, unless another node has been found since."""
        with self._lock:
            if self.active is client:
                self.active = None

    def _join(self):
        """The search under way, or a new one."""
        with self._lock:
            search = self._search
            if search is None or search.is_over() or not search.is_here():
                self.active = None
                search = _Search(self._clients, self.timeout, self._conclude)
                search.start()
                self._search = search
            return search

    def _conclude(self, search):
        """Remember what a search has found, once, and unless there has been another one."""
        with self._lock:
            active = [probe.client for probe in search.probes() if probe.state == ACTIVE]
            if self._search is search:
                self._search = None
                self.active = active[0] if len(active) == 1 else None


class _Search(object):
    """One probe of each node, all at the same time, in threads.

    Parameters:
        clients, timeout: as for Discovery.
        conclude: callable(search), called when all nodes have responded.
    """

    def __init__(self, clients, timeout, conclude):
        self._clients = clients
        self._timeout = timeout
        self._conclude = conclude
        self._process = process.current()
        self._end = now() + timeout + _GRACE
        self._all = threading.Event()
        self._found = {}
        self._result = None

    def start(self):
        for client in self._clients:
            thread = threading.Thread(target=self._probe, args=(client,))
            thread.daemon = True
            thread.start()

    def is_here(self):
        """Whether its threads are in this process, not in the one it was forked from."""
        return self._process == process.current()

    def is_over(self):
        return self._all.is_set() or now() >= self._end

    def wait(self, end):
        """Wait until it is over, or `end` if that is not None. Returns whether it is over."""
        # An Event with a timeout can be interrupted on 2.7 too, a lock cannot.
        until = self._end if end is None else min(end, self._end)
        return self._all.wait(max(0, until - now())) or until == self._end

    def probes(self):
        """A Probe of each client, in order. What comes in later does not change it any more."""
        if self._result is None:
            self._result = [
                self._found.get(client) or Probe(client, None, "no response in time")
                for client in self._clients
            ]
        return self._result

    def _probe(self, client):
        try:
            is_active = client.do_probe(client.configuration.probe_url, self._timeout)
        except Exception as error:
            found = Probe(client, None, error)
        else:
            found = Probe(client, ACTIVE if is_active else PASSIVE, None)
        self._found[client] = found
        if len(self._found) == len(self._clients):
            self._conclude(self)  # first, so that whoever comes now finds the node known
            self._all.set()
