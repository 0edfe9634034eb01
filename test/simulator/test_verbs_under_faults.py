"""Every verb that writes, under every fault: each write is done once, or said to be unknown.

A fault strikes the write itself, all reads, or the look at its tasks; once, or each time.
"""

import pytest

from cloudtower import (
    ApiClient,
    ApiException,
    Configuration,
    LabelApi,
    RetryPolicy,
    TaskApi,
    VmApi,
    VmSnapshotApi,
)
from cloudtower.exceptions import TaskException, UnexpectedMatches, WaitTimeout
from cloudtower.simulator import Simulator
from cloudtower.simulator.faults import KINDS
from cloudtower.utils import (
    Fleet,
    bulk,
    call_and_wait,
    dry_run,
    get_or_create,
    rotate_snapshots,
    shut_down,
)

NAME = "under-faults"
SOON = 0.5  # seconds, which end what hangs

#: Of kinds that have one: the options that differ in what has been done.
OPTIONS = {
    "error": [{"status": status, "retry_after": 0} for status in (400, 403, 429, 500, 503)],
    "reset": [{"when": "before"}, {"when": "after"}],
    "latency": [{"seconds": 0.05}],
    "null": [{"field": "data"}, {"field": "task_id"}, {"field": "id"}, {"field": "status"}],
    "unknown_enum": [{"field": "status"}],
    "lagging_status": [{"seconds": 0.2}],
    "task_pauses": [{"seconds": 0.2}],
}
FAULTS = [(kind, options) for kind in sorted(KINDS) for options in OPTIONS.get(kind, [{}])]


class Verb(object):
    """A verb, and how often the server has done what it asks for."""

    def __init__(self, use, operation, mutation):
        self.use = use
        self.operation = operation
        self._mutation = mutation

    def done(self, observer):
        if self._mutation is None:  # labels are made without a task
            return len(LabelApi(observer).get_labels({"where": {"key": NAME}}))
        where = {"resource_mutation": self._mutation}
        return len(TaskApi(observer).get_tasks({"where": where}))


def vm_id(client):
    return VmApi(client).get_vms({"where": {"name": "db-01"}})[0].id


def snapshot(client, id):
    return {"data": [{"vm_id": id, "name": NAME}]}


LABEL = {"key": NAME, "value": "x"}
DB = {"where": {"name": "db-01"}}


def create(client):
    return LabelApi(client).create_label([LABEL])


VERBS = {
    "call_and_wait": Verb(
        lambda client, id: call_and_wait(
            VmSnapshotApi(client).create_vm_snapshot, snapshot(client, id), timeout=SOON
        ),
        "create-vm-snapshot",
        "createVmSnapshot",
    ),
    "call_and_wait by a filter": Verb(
        lambda client, id: call_and_wait(VmApi(client).restart_vm, DB, timeout=SOON),
        "restart-vm",
        "restartVm",
    ),
    "bulk": Verb(
        lambda client, id: bulk(
            VmSnapshotApi(client).create_vm_snapshot, [snapshot(client, id)], timeout=SOON
        ),
        "create-vm-snapshot",
        "createVmSnapshot",
    ),
    "get_or_create": Verb(
        lambda client, id: get_or_create(LabelApi(client).create_label, LABEL, ("key", "value")),
        "create-label",
        None,
    ),
    "dry_run": Verb(
        lambda client, id: dry_run(VmApi(client).restart_vm, DB).execute(),
        "restart-vm",
        "restartVm",
    ),
    "_expect_matches": Verb(
        lambda client, id: VmApi(client).restart_vm(DB, _expect_matches=1),
        "restart-vm",
        "restartVm",
    ),
    "shut_down": Verb(
        lambda client, id: shut_down(client, {"id": id}, grace=SOON),
        "shutdown-vm",
        "shutDownVm",
    ),
    "rotate_snapshots": Verb(
        lambda client, id: rotate_snapshots(client, id, NAME, 1, timeout=SOON),
        "create-vm-snapshot",
        "createVmSnapshot",
    ),
    "Fleet.map": Verb(lambda client, id: Fleet({"a": client}).map(create), "create-label", None),
}
PLACES = ("the write", "reads", "tasks")


@pytest.fixture(scope="module")
def tower():
    with Simulator(speed=1e6) as made:
        yield made


@pytest.fixture
def observer(tower):
    tower.reset()
    client = tower.client()
    yield client
    client.close()


@pytest.fixture
def client(tower, observer):
    configuration = Configuration(host=tower.endpoint)
    configuration.retry_policy = RetryPolicy(backoff_factor=0.001, give_up_after=SOON)
    configuration.api_key["Authorization"] = observer.configuration.api_key["Authorization"]
    client = ApiClient(configuration)
    yield client
    client.close()


@pytest.mark.parametrize("count", [1, None], ids=["once", "always"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", sorted(VERBS))
def test_once_or_unknown(tower, observer, client, name, place, count):
    verb = VERBS[name]
    paths = {"the write": verb.operation, "reads": "get-*", "tasks": "get-tasks"}
    for kind, options in FAULTS:
        if place != "the write" and kind in ("task_fails", "task_hangs", "task_pauses"):
            continue
        tower.reset()
        id = vm_id(observer)
        given = dict(options, operation=paths[place], **({"count": count} if count else {}))
        tower.faults.add(kind, **given)
        said = what_it_says(verb, client, id)
        tower.faults.clear()
        done = verb.done(observer)
        assert done <= 1, (kind, options, said)
        assert (said, done) not in ((True, 0), (False, 1)), (kind, options)


def what_it_says(verb, client, id):
    """Whether the write was done, as the verb says: True, False; None: unknown."""
    try:
        result = verb.use(client, id)
    except (TaskException, WaitTimeout):
        return None  # begun, and it failed or did not end
    except UnexpectedMatches:
        return False
    except ApiException as error:
        return None if error.outcome == "unknown" else False
    if hasattr(result, "unknown"):
        assert not result.remaining
        if result.failed and isinstance(result.failed[0].error, TaskException):
            return None
        return None if result.unknown else not result.failed
    if isinstance(result, tuple) and isinstance(result[1], dict) and result[1]:  # of a Fleet
        return None if result[1]["a"].outcome == "unknown" else False
    return True
