"""bulk, and what came of each body."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from simulated import ROOT

from cloudtower import (
    ApiException,
    ApiTypeError,
    ApiValueError,
    Label,
    LabelApi,
    LabelCreationParams,
    ReadOnlyError,
    Task,
    Vm,
    VmApi,
    VmSnapshotApi,
)
from cloudtower.utils import BulkResult, TaskException, bulk


@pytest.fixture
def labels(client):
    return LabelApi(client)


@pytest.fixture
def vms(client):
    return VmApi(client)


@pytest.fixture
def sent(client):
    """The paths of the writes from now on."""
    paths = []
    send = client.rest_client.transport.send

    def note(request):
        if "/get-" not in request.url:
            paths.append(request.url.rsplit("/", 1)[1])
        return send(request)

    client.rest_client.transport.send = note
    return paths


def values(labels):
    found = labels.get_labels({"where": {"key": "bulk"}})
    return sorted(each.value for each in found)


def bodies(count):
    return [{"key": "bulk", "value": "%02d" % number} for number in range(count)]


def clones_of(vms):
    """Bodies that clone a small VM which is stopped."""
    where = {"status": "STOPPED", "in_recycle_bin": False}
    vm = vms.get_vms({"where": where, "first": 1})[0]
    return [
        {"src_vm_id": vm.id, "name": "bulk-%d" % number, "is_full_copy": False}
        for number in range(6)
    ]


def clones(vms):
    found = vms.get_vms({"where": {"name_starts_with": "bulk-"}})
    return sorted(each.name for each in found)


# ---- what succeeds ------------------------------------------------------------


@pytest.mark.parametrize("size, workers, requests", [(1, 4, 10), (4, 2, 3), (50, 9, 1)])
def test_each_is_sent_once_and_order_is_kept(labels, sent, size, workers, requests):
    result = bulk(labels.create_label, bodies(10), batch_size=size, max_workers=workers)
    assert isinstance(result, BulkResult) and isinstance(result.succeeded[0], Label)
    assert [each.value for each in result.succeeded] == ["%02d" % each for each in range(10)]
    assert result.failed == result.unknown == result.remaining == []
    assert len(sent) == requests and values(labels) == ["%02d" % each for each in range(10)]
    assert str(result) == "LabelApi.create_label: 10 succeeded of 10"


def test_tasks_are_waited_for(vms):
    result = bulk(vms.clone_vm, iter(clones_of(vms)), batch_size=2)
    assert all(isinstance(vm, Vm) and vm.entity_async_status is None for vm in result.succeeded)
    assert [vm.name for vm in result.succeeded] == ["bulk-%d" % number for number in range(6)]
    assert not [each for each in threading.enumerate() if each.name.startswith("bulk")]


def test_so_many_at_a_time(labels, client):
    running, most = [], []
    send = client.rest_client.transport.send

    def note(request):
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        try:
            return send(request)
        finally:
            running.pop()

    client.rest_client.transport.send = note
    bulk(labels.create_label, bodies(12), max_workers=3)
    assert max(most) == 3


def test_whole_bodies_of_filters(vms):
    found = vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}, "first": 3})
    result = bulk(vms.start_vm, [{"where": {"id": vm.id}} for vm in found])
    assert [vm.id for vm in result.succeeded] == [vm.id for vm in found]
    assert set(vm.status for vm in result.succeeded) == {"RUNNING"}
    same = [{"where": {"id": vm.id}, "data": {"name": vm.name}} for vm in found]
    assert len(bulk(vms.update_vm, same).succeeded) == len(found)  # status 304
    assert bulk(vms.start_vm, [{"where": {"name": "nobody"}}]).succeeded == []


def test_models_and_nothing(labels):
    result = bulk(labels.create_label, (LabelCreationParams(key="bulk", value="m") for _ in "1"))
    assert [each.value for each in result.succeeded] == ["m"]
    assert str(bulk(labels.create_label, [])) == "LabelApi.create_label: 0 succeeded of 0"


def test_progress(labels):
    seen = []
    bulk(labels.create_label, bodies(5), on_progress=lambda *given: seen.append(given))
    done, total, through = seen[-1]
    assert (done, total) == (5, 5) and sorted(each["value"] for each in through) == [
        "%02d" % number for number in range(5)
    ]


# ---- what fails ---------------------------------------------------------------


def test_failures_do_not_stop_the_others(labels):
    labels.create_label(bodies(5)[2:3])
    given = bodies(5)
    result = bulk(labels.create_label, given)
    assert [each.value for each in result.succeeded] == ["00", "01", "03", "04"]
    ((body, error),) = result.failed
    assert body is given[2] and isinstance(error, ApiException) and error.status == 400
    lines = str(result).splitlines()
    assert lines[0] == "LabelApi.create_label: 4 succeeded, 1 failed of 5"
    assert lines[1].startswith(
        '  failed  {"key": "bulk", "value": "02"}: 400 LABEL_DUPLICATE_KEY_VALUE'
    )
    assert len(lines) == 2
    assert repr(result) == "<BulkResult %s>" % lines[0]


def test_a_refused_batch_is_unknown_as_a_whole(labels, sent):
    labels.create_label(bodies(5)[2:3])
    del sent[:]
    result = bulk(labels.create_label, bodies(5), batch_size=3, max_workers=1)
    assert [each.value for each in result.succeeded] == ["03", "04"]
    assert [each.body["value"] for each in result.unknown] == ["00", "01", "02"]
    assert [len(each.candidates()) for each in result.unknown] == [0, 0, 1]
    assert result.failed == [] and len(sent) == 2


def test_failed_tasks(vms, simulator):
    simulator.faults.add("task_fails", operation="clone-vm", count=1)
    result = bulk(vms.clone_vm, clones_of(vms), max_workers=1)
    ((body, error),) = result.failed
    assert body["name"] == "bulk-0" and isinstance(error, TaskException) and error.status == 500
    assert [vm.name for vm in result.succeeded] == ["bulk-%d" % number for number in range(1, 6)]
    assert "bulk-0" in str(result) and "SIMULATED_FAILURE" in str(error)


def test_failed_tasks_of_a_batch(vms, simulator):
    simulator.faults.add("task_fails", operation="clone-vm", count=1)
    result = bulk(vms.clone_vm, clones_of(vms), batch_size=2, max_workers=1)
    assert [body["name"] for body, _ in result.failed] == ["bulk-0", "bulk-1"]
    assert len(result.succeeded) == 4 and len(clones(vms)) == 4


def test_tasks_that_do_not_end(vms, simulator):
    simulator.faults.add("task_hangs", operation="clone-vm", count=1)
    result = bulk(vms.clone_vm, clones_of(vms), max_workers=1, timeout=1)
    (lost,) = result.unknown
    assert lost.body["name"] == "bulk-0" and lost.error.status == 408 and result.failed == []
    tasks = lost.tasks()
    assert isinstance(tasks[0], Task) and "bulk-0" in tasks[0].description


def test_stop_after_and_resume(labels, sent):
    labels.create_label(bodies(10)[1:3])
    del sent[:]
    given = bodies(10)
    result = bulk(labels.create_label, given, max_workers=1, stop_after=2)
    assert len(result.failed) == 2 and result.remaining == given[3:] and len(sent) == 3
    assert "7 remaining of 10" in str(result)
    assert result.resume() is result and result.remaining == []
    assert len(result.failed) == 2 and len(result.succeeded) == 8 and len(sent) == 10
    assert [each.value for each in result.succeeded] == [
        each["value"] for number, each in enumerate(given) if number not in (1, 2)
    ]
    assert len(result.resume().succeeded) == 8 and len(sent) == 10


def test_a_read_only_client(labels, client):
    client.configuration.read_only = True
    result = bulk(labels.create_label, bodies(2))
    assert [type(each.error) for each in result.failed] == [ReadOnlyError] * 2


# ---- what is lost -------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, options, done",
    [
        ("reset", {"when": "after"}, 1),
        ("reset", {"when": "before"}, 0),
        ("truncated", {}, 1),
        ("not_json", {}, 1),
        ("error", {"status": 500}, 0),
        ("error", {"status": 503}, 0),
    ],
)
@pytest.mark.parametrize("size", [1, 3])
def test_once_or_unknown(vms, simulator, sent, kind, options, done, size):
    simulator.faults.add(kind, operation="clone-vm", count=1, **options)
    result = bulk(vms.clone_vm, clones_of(vms), batch_size=size, max_workers=1)
    assert [each.body["name"] for each in result.unknown] == ["bulk-%d" % n for n in range(size)]
    assert isinstance(result.unknown[0].error, ApiException) and result.failed == []
    assert len(result.succeeded) == 6 - size and len(sent) == 6 // size
    for each in result.unknown:
        assert [vm.name for vm in each.candidates()] == [each.body["name"]] * done
    assert len(result.resume().unknown) == size and len(sent) == 6 // size  # never again
    assert len(clones(vms)) == 6 - size + size * done
    assert "unknown  bulk-0: " in str(result)


@pytest.mark.parametrize("kind, options", [("error", {"status": 400}), ("error", {"status": 403})])
def test_a_refusal_of_one_has_failed(labels, simulator, kind, options):
    simulator.faults.add(kind, operation="create-label", count=1, **options)
    result = bulk(labels.create_label, bodies(3), max_workers=1)
    assert len(result.failed) == 1 and result.unknown == [] and len(values(labels)) == 2


def test_the_look_at_the_task_fails(vms, simulator):
    """The clone was begun: nobody may take it for a failure."""
    simulator.faults.add("error", operation="get-tasks", status=403)
    result = bulk(vms.clone_vm, clones_of(vms)[:1])
    assert len(result.unknown) == 1 and result.failed == []
    simulator.faults.clear()
    assert [vm.name for vm in result.unknown[0].candidates()] == ["bulk-0"]


def test_429_is_sent_again_by_itself(labels, simulator):
    simulator.faults.add("error", operation="create-label", status=429, retry_after=0, count=1)
    result = bulk(labels.create_label, bodies(3))
    assert len(result.succeeded) == 3 and len(values(labels)) == 3


def test_candidates_by_place(client, simulator, vms):
    where = {"status": "RUNNING", "in_recycle_bin": False}
    first, second = vms.get_vms({"where": where, "first": 2})
    body = {"data": [{"vm_id": first.id, "name": "s"}]}
    simulator.faults.add("reset", operation="create-vm-snapshot", when="after", count=1)
    snapshots = VmSnapshotApi(client).create_vm_snapshot
    (lost,) = bulk(snapshots, [body]).unknown
    assert [each.vm.id for each in lost.candidates()] == [first.id]
    other = {"data": [{"vm_id": second.id, "name": "s"}]}
    simulator.faults.add("error", operation="create-vm-snapshot", status=500, count=1)
    (lost,) = bulk(snapshots, [other]).unknown
    assert lost.candidates() == []


def test_candidates_of_a_filter(vms, simulator):
    (vm,) = vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}, "first": 1})
    simulator.faults.add("reset", operation="start-vm", when="after", count=1)
    (lost,) = bulk(vms.start_vm, [{"where": {"id": vm.id}}]).unknown
    assert [each.id for each in lost.candidates()] == [vm.id]
    assert [each.resource_id for each in lost.tasks()] == [vm.id]


# ---- mistakes, and Ctrl-C -------------------------------------------------------


def test_nothing_is_sent_unless_all_bodies_are_right(labels, vms, client, sent):
    with pytest.raises(ApiValueError, match=r"bodies\[1\].*valeu"):
        bulk(labels.create_label, [{"key": "a"}, {"key": "b", "valeu": "c"}])
    for call, error in (
        (lambda: bulk(vms.start_vm, [{"where": {}}]), ApiValueError),
        (lambda: bulk(labels.get_labels, [{}]), ApiTypeError),
        (lambda: bulk(labels.create_label, {"key": "a"}), ApiTypeError),
        (lambda: bulk(labels.create_label, "abc"), ApiTypeError),
        (lambda: bulk(labels.create_label, LabelCreationParams(key="a")), ApiTypeError),
        (lambda: bulk(labels.create_label, [[{"key": "a"}]]), ApiTypeError),
        (lambda: bulk(labels.create_label, [], batch_size=0), ApiTypeError),
        (lambda: bulk(labels.create_label, [], max_workers=True), ApiTypeError),
        (lambda: bulk(labels.create_label, [], stop_after=0), ApiTypeError),
        (lambda: bulk(labels.create_label, bodies(1), on_progress=3), ApiTypeError),
        (lambda: bulk(vms.start_vm, [{"where": {"id": "a"}}], batch_size=2), ApiTypeError),
    ):
        with pytest.raises(error):
            call()
    assert sent == []


def test_an_error_of_the_script_ends_it(labels, sent):
    def fail(done, total, through):
        raise RuntimeError("of the script")

    before = threading.active_count()
    with pytest.raises(RuntimeError) as caught:
        bulk(labels.create_label, bodies(200), max_workers=2, on_progress=fail)
    assert threading.active_count() == before and len(sent) < 200
    result = caught.value.result
    assert len(result.succeeded) + len(result.unknown) == 200 - len(result.remaining)
    assert len(result.succeeded) <= len(values(labels)) <= len(sent)


SCRIPT = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
import sys, threading, time
from cloudtower import ApiClient, Configuration, VmApi
from cloudtower.utils import bulk
configuration = Configuration(host=sys.argv[1])
configuration.api_key["Authorization"] = sys.argv[2]
client = ApiClient(configuration)
vms = VmApi(client)
vm = vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}, "first": 1})[0]
bodies = [{"src_vm_id": vm.id, "name": "c-%d" % n, "is_full_copy": False} for n in range(20)]
before = threading.active_count()
print("ready", flush=True)
try:
    bulk(vms.clone_vm, bodies, max_workers=3)
except KeyboardInterrupt as error:
    print(threading.active_count() - before, error.result, flush=True)
    sys.exit(7)
"""


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another thing there")
@pytest.mark.parametrize(
    "fault", [("task_hangs", {}), ("latency", {"seconds": 300})], ids=["tasks", "responses"]
)
def test_ctrl_c(client, simulator, fault):
    kind, options = fault
    simulator.faults.add(kind, operation="clone-vm", **options)
    token = client.configuration.api_key["Authorization"]
    script = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, simulator.endpoint, token],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        assert script.stdout.readline() == b"ready\n"
        time.sleep(3)
        began = time.monotonic()
        script.send_signal(signal.SIGINT)
        output, log = script.communicate(timeout=60)
        assert time.monotonic() - began < 20 and script.returncode == 7
    finally:
        if script.poll() is None:
            script.kill()
    threads, shown = output.decode().split(" ", 1)
    assert threads == "0" and "3 unknown, 17 remaining of 20" in shown
    assert b"may have taken effect" not in log and b"proxy" not in log
