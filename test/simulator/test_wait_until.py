"""wait_until, and the conditions that come with it."""

import pickle
import threading

import pytest

from cloudtower import (
    ApiTypeError,
    ApiValueError,
    LabelApi,
    TaskApi,
    UserApi,
    Vm,
    VmApi,
    WaitTimeout,
)
from cloudtower.utils import (
    call_and_wait,
    has_ip,
    has_status,
    has_vm_tools,
    is_idle,
    wait_until,
)


@pytest.fixture
def vms(client):
    return VmApi(client)


@pytest.fixture
def by_id(vms):
    """The filter of a VM that runs, with VMTools."""
    where = {"vm_tools_status": "RUNNING", "in_recycle_bin": False}
    return {"where": {"id": vms.get_vms({"where": where, "first": 1})[0].id}}


@pytest.mark.parametrize("condition", [has_ip, has_vm_tools, has_status("RUNNING")])
def test_it_waits(vms, by_id, condition):
    call_and_wait(vms.poweroff_vm, by_id)
    assert not condition(vms.get_vms(by_id)[0])
    vms.start_vm(by_id)
    (vm,) = wait_until(vms.get_vms, by_id, condition)
    assert isinstance(vm, Vm) and condition(vm)


def test_until_nothing_locks(vms, by_id):
    vms.suspend_vm(by_id)
    assert not is_idle(vms.get_vms(by_id)[0])
    (vm,) = wait_until(vms.get_vms, by_id, is_idle)
    assert vm.status == "SUSPENDED"


def test_all_objects_must_meet_it(vms):
    where = {"status": "RUNNING", "in_recycle_bin": False}
    ids = [each.id for each in vms.get_vms({"where": where, "first": 3})]
    vms.poweroff_vm({"where": {"id": ids[0]}})
    with pytest.raises(WaitTimeout) as caught:
        wait_until(vms.get_vms, where={"id_in": ids}, predicate=has_status("STOPPED"), timeout=1)
    assert sorted(each.id for each in caught.value.pending) == sorted(ids[1:])
    assert caught.value.pending[0].name in str(caught.value)
    assert 'has_status("STOPPED")' in str(caught.value) and "RUNNING" in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value) and len(again.pending) == 2


def test_what_does_not_exist_yet_is_waited_for(client):
    labels = LabelApi(client)
    body = {"where": {"key": "late"}}
    timer = threading.Timer(0.5, labels.create_label, ([{"key": "late"}],))
    timer.start()
    (label,) = wait_until(labels.get_labels, body, lambda label: True, timeout=60)
    timer.join()
    assert label.key == "late"
    with pytest.raises(WaitTimeout, match="nothing was found"):
        wait_until(labels.get_labels, {"where": {"key": "never"}}, lambda label: True, timeout=0)


def test_until_objects_are_gone(client):
    labels = LabelApi(client)
    labels.create_label([{"key": "gone"}])
    body = {"where": {"key": "gone"}}
    timer = threading.Timer(0.5, labels.delete_label, (body,))
    timer.start()
    wait_until(labels.get_labels_connection, body, lambda found: found.aggregate.count == 0)
    timer.join()
    assert labels.get_labels(body) == []


def test_tasks_have_a_status_too(client, vms, by_id):
    (started,) = vms.suspend_vm(by_id)
    body = {"where": {"id": started.task_id}}
    (task,) = wait_until(TaskApi(client).get_tasks, body, has_status("SUCCESSED", "FAILED"))
    assert task.status == "SUCCESSED"


def test_a_silent_server_does_not_hold_the_wait(vms, by_id, simulator):
    simulator.faults.add("latency", seconds=30, operation="get-vms")
    with pytest.raises(WaitTimeout):
        wait_until(vms.get_vms, by_id, is_idle, timeout=0.3)


def test_reads_are_repeated(vms, by_id, simulator):
    simulator.faults.add("reset", operation="get-vms", count=1)
    assert wait_until(vms.get_vms, by_id, is_idle)


@pytest.mark.parametrize(
    "ips, expected",
    [
        ("", False),
        ("fe80::1", False),
        ("169.254.3.4,127.0.0.1", False),
        ("169.254.3.4, 10.0.0.7", True),
        ("2001:db8::1", True),
    ],
)
def test_an_address_of_the_link_alone_does_not_count(vms, by_id, ips, expected):
    (vm,) = vms.get_vms(by_id)
    vm.ips = ips
    assert has_ip(vm) is expected


def test_mistakes(client, vms, by_id):
    for call, error in (
        (lambda: wait_until(vms.start_vm, by_id, is_idle), ApiTypeError),
        (lambda: wait_until(vms.get_vms, by_id), ApiTypeError),
        (lambda: wait_until(vms.get_vms, by_id, "RUNNING"), ApiTypeError),
        (lambda: wait_until(vms.get_vms, by_id, is_idle, where={}), ApiTypeError),
        (lambda: wait_until(vms.get_vms, by_id, is_idle, timeout="5"), ApiTypeError),
        (lambda: wait_until(vms.get_vms, {"wher": {}}, is_idle), ApiValueError),
        (lambda: wait_until(vms.get_vms, where={"naem": "a"}, predicate=is_idle), ApiValueError),
        (lambda: wait_until(UserApi(client).get_users, {}, has_ip), ApiTypeError),
        (lambda: wait_until(UserApi(client).get_users, {}, has_vm_tools), ApiTypeError),
        (lambda: wait_until(UserApi(client).get_users, {}, has_status("RUNNING")), ApiTypeError),
        (lambda: has_status(), ApiTypeError),
        (lambda: has_status(None), ApiTypeError),
    ):
        with pytest.raises(error):
            call()
