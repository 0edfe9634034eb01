"""Every fault of the simulator x {read, write} x {one address, pair} x {sync, async_req}.

What each call must come to is data: `fault_matrix.json`, a list of

    name: what happens, str.
    fault: of the simulator, without its operation; "failover" for a pair whose nodes change places.
    operation: path that the fault strikes; by default that of the call.
    timeout: how long the client waits for a response, a probe and a task, in seconds; 10 unless
        given.
    wait: whether to wait for the task of a write, too.
    read, write: what the call comes to:
        result: attributes of the first object, or
        error: the class of the exception, with status and outcome;
        attempts: how often the call was tried;
        done: on the server, how many snapshots the write has made;
        least, most: seconds that the call takes; most is 5 unless given.
    pair: {read, write} where a pair differs; None: no such case. `one` likewise.
"""

import json
import os
import time

import pytest

from cloudtower import (
    ActivePassiveApiClient,
    ApiClient,
    ApiException,
    Configuration,
    RetryPolicy,
    TaskApi,
    VmApi,
    VmSnapshotApi,
)
from cloudtower.simulator import Simulator
from cloudtower.simulator.faults import KINDS
from cloudtower.utils import wait_task

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fault_matrix.json")
with open(PATH, encoding="utf-8") as file:
    ROWS = json.load(file)

MOST = 5
SOON = 10
NAME = "matrix"


@pytest.fixture(scope="module")
def started():
    with Simulator(pair=True, speed=1e6) as made:
        yield made


@pytest.fixture(scope="module")
def observer(started):
    """A client beside the one that is tried. Its token is good after a reset, too."""
    return started.client()


@pytest.fixture
def tower(started):
    started.reset()
    return started


def configured(tower, timeout):
    configuration = Configuration(host=tower.endpoint)
    configuration.retry_policy = RetryPolicy(backoff_factor=0.01, give_up_after=20)
    configuration.timeout = SOON, timeout
    return configuration


def connected(tower, token, is_pair, timeout, events):
    """A client that has made a call; `events` gets those of the calls that follow."""
    configuration = configured(tower, timeout)
    configuration.api_key["Authorization"] = token
    if is_pair:
        client = ActivePassiveApiClient(
            tower.endpoints, probe_timeout=timeout, configuration=configuration
        )
    else:
        client = ApiClient(configuration)
    for each in getattr(client, "configurations", [configuration]):
        each.on_event = events.append
    VmApi(client).get_vms({"first": 1})
    del events[:]
    return client


class Read(object):
    operation = "get-vms"

    def __init__(self, client, observer):
        self._api = VmApi(client)

    def call(self, **options):
        return self._api.get_vms({"first": 5}, **options)

    def first(self, result):
        assert len(result) == 5
        return result[0]


class Write(object):
    operation = "create-vm-snapshot"

    def __init__(self, client, observer):
        vm = VmApi(observer).get_vms({"first": 1})[0]
        self._body = {"data": [{"vm_id": vm.id, "name": NAME}]}
        self._api = VmSnapshotApi(client)

    def call(self, **options):
        return self._api.create_vm_snapshot(self._body, **options)

    def first(self, result):
        assert len(result) == 1
        self.task = result[0].task_id
        return result[0].data


CALLS = {"read": Read, "write": Write}


def cases():
    for row in ROWS:
        for kind in sorted(CALLS):
            for way in ("one", "pair"):
                expected = row.get(way, row).get(kind, row[kind])
                if expected is not None:
                    for async_req in (False, True):
                        yield row, kind, way, async_req, expected


def name_of(value):
    return value["name"].replace(" ", "-") if isinstance(value, dict) and "name" in value else None


@pytest.mark.parametrize("row, kind, way, async_req, expected", list(cases()), ids=name_of)
def test_fault(tower, observer, row, kind, way, async_req, expected):
    events = []
    observer.configuration.host = tower.endpoint
    token = observer.configuration.api_key["Authorization"]
    timeout = row.get("timeout", SOON)
    client = connected(tower, token, way == "pair", timeout, events)
    call = CALLS[kind](client, observer)
    begin(tower, client, row, call)
    started = time.time()
    first = failure = None
    try:
        result = call.call(async_req=async_req)
        first = call.first(result.get(SOON) if async_req else result)
        if row.get("wait") and kind == "write":
            wait_task(call.task, client, interval=0.01, timeout=timeout)
    except ApiException as error:
        failure = error
    seconds = time.time() - started
    tower.faults.clear()
    client.close()
    ended = [each for each in events if each.name == "call_ends"]
    seen = {"attempts": ended[0].attempt}
    if failure is not None:
        seen.update(error=type(failure).__name__, status=failure.status, outcome=failure.outcome)
    else:
        seen["result"] = dict((name, getattr(first, name)) for name in expected.get("result", ()))
    if kind == "write":
        observer.configuration.host = tower.endpoint
        seen["done"] = made(observer, expected["done"])
        assert_told(failure, seen["done"])
    times = "least", "most"
    assert seen == dict((name, expected[name]) for name in expected if name not in times)
    assert expected.get("least", 0) <= seconds < expected.get("most", MOST)


def begin(tower, client, row, call):
    """Have the fault strike from now on."""
    if row["fault"] == "failover":
        tower.failover()
        return
    tower.faults.add(**dict(row["fault"], operation=row.get("operation", call.operation)))
    if row.get("operation") == "/api/healthz" and hasattr(client, "_discovery"):
        client._discovery.forget(client._discovery.active)


def made(observer, expected):
    """How many snapshots there are; a request that the client has given up on may be late."""
    snapshots = VmSnapshotApi(observer)
    deadline = time.time() + SOON
    while True:
        count = len(snapshots.get_vm_snapshots({"where": {"name": NAME}}))
        if count == expected or time.time() > deadline:
            break
        time.sleep(0.02)
    tasks = TaskApi(observer).get_tasks({"where": {"resource_mutation": "createVmSnapshot"}})
    assert len(tasks) <= 1
    return count


def assert_told(failure, done):
    """The server's state is what the client says of the write."""
    if failure is None:
        assert done == 1
    elif failure.outcome != "unknown":
        assert done == 0


def test_every_fault_is_there():
    assert set(row["fault"]["kind"] for row in ROWS if row["fault"] != "failover") == set(KINDS)
    names = [row["name"] for row in ROWS]
    assert len(set(names)) == len(names)
