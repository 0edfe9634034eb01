"""shut_down."""

import pytest

from cloudtower import (
    ApiException,
    ApiValueError,
    ReadOnlyError,
    UnexpectedMatches,
    Vm,
    VmApi,
    VmWhereInput,
    WaitTimeout,
)
from cloudtower.utils import call_and_wait, shut_down


@pytest.fixture
def vms(client):
    return VmApi(client)


@pytest.fixture
def asked(client):
    """What is sent to stop VMs from now on: (operation, ids)."""
    sent = []
    send = client.rest_client.transport.send

    def note(request):
        if request.url.endswith(("/shutdown-vm", "/poweroff-vm")):
            sent.append(request.url.rsplit("/", 1)[1])
        return send(request)

    client.rest_client.transport.send = note
    return sent


def running(vms, system=True, count=2):
    """Filter of VMs that run, with a guest system or without one."""
    found = vms.get_vms({"where": {"status": "RUNNING", "in_recycle_bin": False}})
    chosen = [vm.id for vm in found if (vm.os is not None) is system][:count]
    assert chosen
    return {"id_in": chosen}


def statuses(vms, where):
    return set(vm.status for vm in vms.get_vms({"where": where}))


def test_they_shut_down(client, vms, asked):
    where = running(vms)
    stopped = shut_down(client, where)
    assert len(stopped) == 2 and isinstance(stopped[0], Vm)
    assert all(vm.status == "STOPPED" and vm.entity_async_status is None for vm in stopped)
    assert asked == ["shutdown-vm"]
    assert [vm.id for vm in shut_down(client, {"where": where})] == [vm.id for vm in stopped]
    assert len(shut_down(client, VmWhereInput(**where))) == 2
    assert asked == ["shutdown-vm"]  # nothing was left to do


def test_nothing_matches(client, asked):
    assert shut_down(client, {"name": "nobody"}) == [] and asked == []


def without_system(vms, simulator):
    """Filter of one VM that runs without a system."""
    found = vms.get_vms({"where": {"status": "RUNNING", "in_recycle_bin": False}})
    for vm in found:
        if vm.os is None:
            return {"id": vm.id}
    (vm,) = [
        vm
        for vm in vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}})
        if vm.os is None
    ][:1]
    call_and_wait(vms.start_vm, {"where": {"id": vm.id}})
    return {"id": vm.id}


def test_stragglers_are_named(client, vms, simulator, asked):
    good, bad = running(vms), without_system(vms, simulator)
    (straggler,) = vms.get_vms({"where": bad})
    with pytest.raises(WaitTimeout) as caught:
        shut_down(client, {"OR": [good, bad]}, grace=2)
    assert [vm.id for vm in caught.value.pending] == [straggler.id]
    assert straggler.name in str(caught.value) and "1 of 3" in str(caught.value)
    assert "force=True" in str(caught.value)
    assert statuses(vms, good) == {"STOPPED"} and statuses(vms, bad) == {"RUNNING"}
    assert asked == ["shutdown-vm"]


def test_force_powers_stragglers_off(client, vms, simulator, asked):
    good, bad = running(vms), without_system(vms, simulator)
    stopped = shut_down(client, {"OR": [good, bad]}, grace=2, force=True)
    assert len(stopped) == 3 and statuses(vms, bad) == {"STOPPED"}
    assert asked == ["shutdown-vm", "poweroff-vm"]


def test_force_waits_for_the_shutdown_task(client, vms, simulator, asked):
    """Its task locks the VM for longer than the grace."""
    bad = without_system(vms, simulator)
    simulator.faults.add("task_pauses", seconds=2, operation="shutdown-vm")
    (stopped,) = shut_down(client, bad, grace=0, force=True)
    assert stopped.status == "STOPPED" and asked == ["shutdown-vm", "poweroff-vm"]


def test_a_lock_that_stays(client, vms, simulator, asked):
    where = running(vms, count=1)
    simulator.faults.add("task_hangs", operation="shutdown-vm")
    with pytest.raises(WaitTimeout, match="UPDATING"):
        shut_down(client, where, grace=0.3, force=True, timeout=0.5)
    assert asked == ["shutdown-vm"]


def test_suspended_vms_cannot_shut_down(client, vms, asked):
    where = running(vms)
    call_and_wait(vms.suspend_vm, {"where": where})
    with pytest.raises(WaitTimeout, match="SUSPENDED"):
        shut_down(client, where, grace=600)  # which nobody has to wait for
    assert len(shut_down(client, where, grace=600, force=True)) == 2
    assert asked == ["poweroff-vm"]


def test_a_locked_vm_is_asked_later(client, vms, asked):
    where = running(vms)
    first = {"id": where["id_in"][0]}
    vms.restart_vm({"where": first})
    assert len(shut_down(client, where)) == 2 and statuses(vms, where) == {"STOPPED"}
    assert asked == ["shutdown-vm"] * 2


@pytest.mark.parametrize("kind", ["reset", "truncated", "not_json"])
def test_a_response_is_lost(client, vms, simulator, asked, kind):
    where = running(vms)
    options = {"when": "after"} if kind == "reset" else {}
    simulator.faults.add(kind, operation="shutdown-vm", **options)
    assert len(shut_down(client, where)) == 2
    assert asked == ["shutdown-vm"]


def test_a_request_is_lost(client, vms, simulator, asked):
    where = running(vms)
    simulator.faults.add("reset", operation="shutdown-vm")
    with pytest.raises(WaitTimeout) as caught:
        shut_down(client, where, grace=1)
    assert asked == ["shutdown-vm"] and isinstance(caught.value.__cause__, ApiException)
    simulator.faults.clear()
    simulator.faults.add("reset", operation="poweroff-vm")
    with pytest.raises(WaitTimeout):
        shut_down(client, without_system(vms, simulator), grace=0, force=True, timeout=1)
    assert asked.count("poweroff-vm") == 1


def test_a_failed_task(client, vms, simulator, asked):
    where = running(vms)
    simulator.faults.add("task_fails", operation="shutdown-vm")
    with pytest.raises(WaitTimeout):
        shut_down(client, where, grace=1)
    assert asked == ["shutdown-vm"]


def test_a_refusal_ends_it(client, vms, simulator, asked):
    simulator.faults.add("error", status=403, operation="shutdown-vm")
    with pytest.raises(ApiException) as caught:
        shut_down(client, running(vms))
    assert caught.value.status == 403 and asked == ["shutdown-vm"]


def test_what_protects_other_writes_protects_here(client, vms, asked):
    where = running(vms)
    for wrong in ({}, {"where": {}}, None, {"naem": "a"}, {"where": {"naem": "a"}}):
        with pytest.raises(ApiValueError):
            shut_down(client, wrong)
    client.configuration.max_matches = 1
    with pytest.raises(UnexpectedMatches):
        shut_down(client, where)
    client.configuration.max_matches = 2
    assert len(shut_down(client, where)) == 2
    call_and_wait(vms.start_vm, {"where": where})
    client.configuration.read_only = True
    with pytest.raises(ReadOnlyError):
        shut_down(client, where)
    assert asked == ["shutdown-vm"]
