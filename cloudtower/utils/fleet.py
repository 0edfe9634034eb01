"""Several towers, asked side by side."""

import threading
from collections import namedtuple

from cloudtower import utils
from cloudtower._runtime import expected
from cloudtower._runtime.datatypes import MAPPINGS
from cloudtower._runtime.operation import Api
from cloudtower._runtime.text import TEXT, native, ordered, printable
from cloudtower.api_client import ApiClient
from cloudtower.configuration import Configuration
from cloudtower.exceptions import ApiTypeError, FleetError
from cloudtower.utils.paging import PAGE_SIZE, Walk

try:
    from queue import Empty, Queue
except ImportError:  # Python 2.7
    from Queue import Empty, Queue

#: What a function returned, and what it raised, each by the tower's name.
FleetResults = namedtuple("FleetResults", "results errors")
#: An object of a list, and the name of the tower that it is of.
FleetItem = namedtuple("FleetItem", "tower object")

_AUTHORIZATION = "Authorization"
_MOMENT = 1  # seconds; Python 2.7 sees Ctrl-C between two waits alone


class Fleet(object):
    """Several towers, each with a name.

        with Fleet.from_profiles(["prod", "lab"]) as fleet:
            for tower, vm in fleet.iterate(VmApi.get_vms, {"where": {"status": "RUNNING"}}):
                print(tower, vm.name)

    All are asked at once. A tower that fails does not stop the others, and its error is never
    lost: see `map` and `iterate`.

    Parameters:
        clients: {name: ApiClient or ActivePassiveApiClient}.
        executor: a `concurrent.futures.Executor` that carries out the calls, such as a
            ProcessPoolExecutor, or Dask's `client.get_executor()`; by default each tower has
            threads of its own, which end with the script. What other processes get must be
            picklable: functions of a module, no lambda. Pickled clients have their tokens.

    Attributes:
        clients: {name: client}, a dict.

    Raises ApiTypeError for anything else.
    """

    def __init__(self, clients, executor=None):
        if not isinstance(clients, MAPPINGS) or not clients:
            raise ApiTypeError("Fleet needs {name: ApiClient}; Fleet.from_profiles reads profiles")
        for client in clients.values():
            if not hasattr(client, "configuration"):
                expected.client(client, "Fleet")
        if executor is not None and not callable(getattr(executor, "submit", None)):
            raise ApiTypeError("executor is a concurrent.futures.Executor, not %r" % (executor,))
        self.clients = ordered(clients.items())
        self._executor = executor
        self._own = []

    @classmethod
    def from_profiles(cls, names, executor=None):
        """The towers of these profiles; see `Configuration.from_profile`.

        Parameters:
            names: of the profiles, list of str.
            executor: as for the class.

        Returns a Fleet. Raises ApiValueError for a profile that cannot be used, and what
        else `Configuration.from_profile` raises. Nothing is sent.
        """
        if isinstance(names, (str, TEXT)):
            raise ApiTypeError("from_profiles takes a list of names: [%r]" % native(names))
        clients = [(name, ApiClient(Configuration.from_profile(name))) for name in names]
        fleet = cls(ordered(clients), executor)
        fleet._own = [client for _, client in clients]
        return fleet

    def map(self, function):
        """What a function returns for each tower.

            versions, errors = fleet.map(cloudtower_version)

        Parameters:
            function: callable(client); for further arguments, `functools.partial`.

        Returns (results, errors), two dicts by the tower's name in the order of the fleet,
        also as attributes. Of an error the dict has the exception; `raise FleetError(errors)`
        makes one of them. Only what is no Exception, such as KeyboardInterrupt, is raised.
        """
        if not callable(function):
            raise ApiTypeError("map needs a function of a client, not %r" % (function,))
        results, errors = {}, {}
        jobs = _Jobs(self._executor)
        for name, client in self.clients.items():
            jobs.begin(name, client, function)
        for name, result, error in jobs.ended():
            if error is None:
                results[name] = result
            else:
                errors[name] = error
        return FleetResults(*(self._sorted(each) for each in (results, errors)))

    def iterate(self, method, body=None, where=None, page_size=PAGE_SIZE):
        """Every object of a list on each tower, page by page, in constant memory.

            for tower, vm in fleet.iterate(VmApi.get_vms, {"where": {"status": "RUNNING"}}):

        Parameters: as for `utils.iterate`, but
            method: of the class, such as `VmApi.get_vms`: each tower has a client of its own.
            body: `first` bounds the number of objects of each tower.

        Returns a generator of FleetItem, named tuples (tower, object), as pages arrive: those
        of one tower in its order, towers by turns.
        Raises FleetError after all objects of the others where some towers failed: its
        `errors` has the exception of each. What was returned of these is not all.
        ApiTypeError and ApiValueError at once, as `utils.iterate`.
        """
        owner, name = _of_class(method)
        walks = ordered(
            (tower, Walk("iterate", getattr(owner(client), name), body, where, page_size))
            for tower, client in self.clients.items()
        )
        return self._objects(walks, owner, name)

    def _objects(self, walks, owner, name):
        errors = {}
        jobs = _Jobs(self._executor)

        def ask(tower):
            jobs.begin(tower, self.clients[tower], _page, owner, name, walks[tower].body)

        for tower in walks:
            ask(tower)
        for tower, page, error in jobs.ended():
            if error is not None:
                errors[tower] = error
                continue
            walks[tower].step(page)
            if walks[tower].body is not None:
                ask(tower)  # while this page is used
            for each in page:
                yield FleetItem(tower, each)
        if errors:
            raise FleetError(self._sorted(errors), len(walks))

    def close(self):
        """Close the clients that `from_profiles` made. They stay usable."""
        for client in self._own:
            client.close()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def __repr__(self):
        return "<Fleet of %s>" % ", ".join(printable(name) for name in self.clients)

    def _sorted(self, found):
        return ordered((name, found[name]) for name in self.clients if name in found)


def _of_class(method):
    """(class, name) of a method such as `VmApi.get_vms`."""
    row = getattr(method, "operation", None)
    if isinstance(getattr(method, "__self__", None), Api):
        raise ApiTypeError(
            "Fleet.iterate needs the method of the class, %s: each tower has a client of its own"
            % (row.label if row is not None else "such as VmApi.get_vms")
        )
    if row is None:
        raise ApiTypeError("Fleet.iterate needs a list such as VmApi.get_vms, not %r" % (method,))
    return row.owner, method.__name__


def _page(client, owner, name, body):
    """One page of a list; a function of this module, which other processes find."""
    return getattr(owner(client), name)(body) or []


class _Jobs(object):
    """Calls that are under way.

    Parameters:
        executor: what carries them out, or None: a thread for each.
    """

    def __init__(self, executor):
        self._executor = executor
        self._ended = Queue()
        self._under_way = 0

    def begin(self, name, client, function, *arguments):
        """Begin `function(client, *arguments)`, on behalf of the tower of this name."""
        self._under_way += 1
        job = (name, client, function, arguments)
        if self._executor is None:
            _in_thread(self._carry_out, job)
        elif _needs_login(client):
            _in_thread(self._log_in, job)
        else:
            self._hand_over(*job)

    def ended(self):
        """Each as it ends: (name, result, exception or None), also of what begins meanwhile."""
        while self._under_way:
            try:
                name, result, error = self._ended.get(timeout=_MOMENT)
            except Empty:
                continue
            self._under_way -= 1
            if error is not None and not isinstance(error, Exception):
                raise error
            yield name, result, error

    def _end(self, name, work, *arguments):
        """Note what `work(*arguments)` returns or raises as the result of the job."""
        try:
            result = work(*arguments)
        except BaseException as error:
            self._ended.put((name, None, error))
        else:
            self._ended.put((name, result, None))

    def _carry_out(self, name, client, function, arguments):
        self._end(name, function, client, *arguments)

    def _log_in(self, name, client, function, arguments):
        """Log in here: a pickled client has no password, and would log in for each call."""
        try:
            utils.login(client)
        except BaseException as error:
            self._ended.put((name, None, error))
        else:
            self._hand_over(name, client, function, arguments)

    def _hand_over(self, name, client, function, arguments):
        """Let the executor do it."""

        try:
            future = self._executor.submit(function, client, *arguments)
        except Exception as error:  # it is shut down, or its processes have died
            self._ended.put((name, None, error))
        else:
            future.add_done_callback(lambda ended: self._end(name, ended.result))


def _in_thread(function, arguments):
    # A daemon: a call that hangs keeps no script from its end.
    thread = threading.Thread(target=function, args=arguments)
    thread.daemon = True
    thread.start()


def _needs_login(client):
    configuration = client.configuration
    if getattr(configuration, "credentials", None) is None:
        return False
    return not configuration.api_key.get(_AUTHORIZATION)
