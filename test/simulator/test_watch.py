"""watch: every change once, in order, whatever happens to the server."""

import socket
import threading
import time

import pytest

from cloudtower import (
    ActivePassiveApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    ChangesLost,
    LabelApi,
    VmApi,
)
from cloudtower.exceptions import UnauthorizedException
from cloudtower.simulator import Simulator
from cloudtower.utils import call_and_wait, login, watch

QUICK = {"interval": 0.05}


def label(client, key):
    return LabelApi(client).create_label([{"key": key}])[0].data


def keys(changes, count):
    """Keys of the labels in the next changes."""
    return [(change.new or change.old)["key"] for _, change in zip(range(count), changes)]


# ---- what it is for -----------------------------------------------------------------


def test_what_happens_from_now_on(client):
    label(client, "before")
    with watch(client, ["Label"], timeout=20, **QUICK) as changes:
        made = label(client, "a")
        call_and_wait(LabelApi(client).delete_label, {"where": {"id": made.id}})
        created, deleted = next(changes), next(changes)
    assert (created.action, created.type, created.id) == ("INSERT", "Label", made.id)
    assert created.old is None and created.new["key"] == "a" and "key" in created.changed
    assert deleted.action == "DELETE" and deleted.new is None and deleted.old["key"] == "a"
    assert int(created.revision) < int(deleted.revision)
    assert created.time.utcoffset().total_seconds() == 0
    assert list(changes) == []  # it is closed


def test_an_update_says_what_has_changed(client):
    changes = watch(client, ["Vm"], timeout=20, **QUICK)
    vm_api = VmApi(client)
    (vm,) = vm_api.get_vms({"where": {"name": "web-01"}})
    body = {"where": {"id": vm.id}, "data": {"name": "web-1"}}
    call_and_wait(vm_api.update_vm, body)
    seen = [name for _, change in zip(range(3), changes) for name in change.changed]
    assert "name" in seen and "entityAsyncStatus" in seen


def test_it_goes_on_where_another_one_was(client):
    """Nothing twice, nothing lost, whatever lies in between."""
    first = watch(client, ["Label"], timeout=20, **QUICK)
    for key in "abc":
        label(client, key)
    assert keys(first, 2) == ["a", "b"]
    later = watch(client, ["Label"], since=first.revision, timeout=20, **QUICK)
    label(client, "d")
    assert keys(later, 2) == ["c", "d"]
    seen = list(watch(client, ["Label"], since=int(first.revision), timeout=0.2, **QUICK))
    assert [change.new["key"] for change in seen] == ["c", "d"]
    assert [c.new["key"] for c in watch(client, ["Label"], seen[0].revision, timeout=0)] == ["d"]


def test_many_pages(client, monkeypatch):
    monkeypatch.setattr("cloudtower.utils.change_feed._PAGE", 3)
    since = watch(client).revision
    names = ["k%02d" % number for number in range(10)]
    for name in names:
        label(client, name)
    began = time.monotonic()
    assert keys(watch(client, ["Label"], since, timeout=60, interval=30), 9) == names[:9]
    assert time.monotonic() - began < 20  # no pause between full pages


def test_it_ends_in_time(client):
    began = time.monotonic()
    assert list(watch(client, ["Label"], timeout=0.3, **QUICK)) == []
    assert 0.2 < time.monotonic() - began < 10


def test_a_quiet_one_keeps_up(simulator, client):
    """Other tables change, and the server forgets that: nothing of this one is lost."""
    changes = watch(client, ["Label"], timeout=0.5, **QUICK)
    call_and_wait(VmApi(client).poweroff_vm, {"where": {"name": "web-02"}})
    assert list(changes) == []
    simulator.tower.changes.compact(1)
    label(client, "new")
    assert keys(watch(client, ["Label"], changes.revision, timeout=5, **QUICK), 1) == ["new"]


# ---- faults -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, more",
    [
        ("reset", {"when": "before"}),
        ("reset", {"when": "after"}),
        ("truncated", {}),
        ("not_json", {}),
        ("error", {"status": 500}),
        ("error", {"status": 503}),
        ("error", {"status": 429, "retry_after": 0}),
        ("error", {"status": 404}),
    ],
)
def test_a_fault_loses_nothing(simulator, client, kind, more, monkeypatch):
    monkeypatch.setattr("cloudtower.utils.change_feed._FIRST_PAUSE", 0.02)
    changes = watch(client, ["Label"], timeout=30, **QUICK)
    label(client, "a")
    assert keys(changes, 1) == ["a"]
    simulator.faults.add(kind, operation="resource-changes", count=5, **more)
    label(client, "b")
    label(client, "c")
    assert keys(changes, 2) == ["b", "c"]
    assert simulator.faults.shown()[0]["struck"] == 5


def test_its_patience_ends(simulator, client):
    changes = watch(client, ["Label"], timeout=30, patience=0.3, **QUICK)
    simulator.faults.add("error", status=503, operation="resource-changes")
    with pytest.raises(ApiException) as caught:
        next(changes)
    assert caught.value.status == 503


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.mark.parametrize("keeps", [False, True])
def test_a_server_that_is_started_again(tmp_path, keeps):
    """Also one that comes back out of its file: what ended with it is a change."""
    port, state = free_port(), str(tmp_path / "state") if keeps else None
    simulator = Simulator(port=port, state=state, speed=60).start()
    client = simulator.client()
    try:
        if keeps:
            task = VmApi(client).start_vm({"where": {"name": "build-agent"}})[0].task_id
            changes = watch(client, ["Task"], timeout=60, **QUICK)
            simulator.tower.tasks.speed = 1e-9
        else:
            changes = watch(client, ["Label"], timeout=60, **QUICK)
            label(client, "before")
            assert keys(changes, 1) == ["before"]
        simulator._clients.remove(client)
        simulator.stop()
        started = []

        def start():
            time.sleep(1)
            again = Simulator(port=port, state=state, speed=60) if keeps else simulator
            started.append(again.start())
            if not keeps:
                label(client, "after")

        thread = threading.Thread(target=start)
        thread.start()
        change = next(changes)
        thread.join()
        if keeps:
            assert change.id == task and "status" in change.changed
        else:
            assert change.new["key"] == "after"
    finally:
        client.close()
        for each in started or [simulator]:
            each.stop()


def test_the_other_node_of_a_pair_takes_over():
    with Simulator(pair=True, speed=60) as tower:
        nodes = [each[: -len("/v2/api")] for each in tower.endpoints]
        client = ActivePassiveApiClient(list(nodes))
        login(client, tower.username, tower.password)
        changes = watch(client, ["Label"], auth=tower.basic, timeout=30, **QUICK)
        label(client, "a")
        assert keys(changes, 1) == ["a"]
        tower.failover()
        label(client, "b")
        assert keys(changes, 1) == ["b"]
        client.close()


# ---- lost changes ---------------------------------------------------------------------


def test_changes_that_the_server_has_forgotten(simulator, client):
    changes = watch(client, ["Label"], timeout=20, **QUICK)
    since = changes.revision
    label(client, "a")
    simulator.tower.changes.compact()
    with pytest.raises(ChangesLost, match="keeps only those after") as caught:
        next(changes)
    assert caught.value.since == since and int(caught.value.current) > int(since)
    with pytest.raises(ChangesLost):
        watch(client, since=since)
    with pytest.raises(ChangesLost, match="its feed has started over"):
        watch(client, since=10**9)


@pytest.mark.parametrize("at_once", [False, True])
def test_the_script_lists_afresh(simulator, client, at_once):
    """What happens while it lists is seen."""
    listed = []

    def list_afresh(error):
        listed.append([each.key for each in LabelApi(client).get_labels({"orderBy": "id_ASC"})])
        label(client, "meanwhile")

    changes = watch(client, ["Label"], None, list_afresh, timeout=20, **QUICK)
    since = changes.revision
    label(client, "a")
    simulator.tower.changes.compact()
    if at_once:
        changes = watch(client, ["Label"], since, list_afresh, timeout=20, **QUICK)
    assert keys(changes, 1) == ["meanwhile"]
    label(client, "later")
    assert keys(changes, 1) == ["later"]
    assert len(listed) == 1 and "a" in listed[0]


def test_what_the_script_raises_is_its_own(simulator, client):
    def fail(error):
        raise ApiException(503, "of the script")

    changes = watch(client, ["Label"], None, fail, timeout=20, **QUICK)
    label(client, "a")
    simulator.tower.changes.compact()
    with pytest.raises(ApiException, match="of the script"):
        next(changes)


# ---- mistakes -------------------------------------------------------------------------


def test_mistakes_are_seen_at_once(client):
    for wrong, error, said in (
        (lambda: watch("http://tower"), ApiTypeError, "ApiClient"),
        (lambda: watch(VmApi(client).get_vms), ApiTypeError, "ApiClient"),
        (lambda: watch(client, "Vm"), ApiTypeError, r'\["Vm", "Host"\]'),
        (lambda: watch(client, [VmApi]), ApiTypeError, 'such as "Vm"'),
        (lambda: watch(client, ["Vm,Host"]), ApiTypeError, 'such as "Vm"'),
        (lambda: watch(client, ["vm"]), ApiValueError, "did you mean 'Vm'"),
        (lambda: watch(client, ["VMs"]), ApiValueError, "did you mean 'Vm'"),
        (lambda: watch(client, since="yesterday"), ApiTypeError, "since is the revision"),
        (lambda: watch(client, since=True), ApiTypeError, "since is the revision"),
        (lambda: watch(client, timeout="30"), ApiTypeError, "a number of seconds"),
        (lambda: watch(client, interval=-1), ApiValueError, "interval is 0 seconds or more"),
        (lambda: watch(client, on_compacted=[]), ApiTypeError, "on_compacted is a function"),
        (lambda: watch(client, auth="api:key"), ApiTypeError, r"a pair \(name, key\), not str"),
    ):
        with pytest.raises(error, match=said):
            wrong()


def test_credentials(simulator, client):
    name, key = simulator.basic
    with pytest.raises(UnauthorizedException) as caught:
        watch(client, auth=(name, "wrong key"))
    assert "auth=(name, key)" in str(caught.value) and "wrong key" not in str(caught.value)
    with pytest.raises(UnauthorizedException):
        watch(client, auth=(simulator.username, simulator.password))
    assert watch(client, auth=[name, key]).revision
    client.configuration.password = None
    with pytest.raises(ApiValueError, match="not those of a user"):
        watch(client)


def test_a_server_that_is_not_there(client):
    client.configuration.host = "http://127.0.0.1:9/v2/api"
    with pytest.raises(ApiException) as caught:
        watch(client)
    assert caught.value.outcome == "not_sent"
