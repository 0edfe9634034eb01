"""The state machine of VMs, every operation from every state."""

import pytest

R, S, P = "RUNNING", "STOPPED", "SUSPENDED"

#: path -> {state it is allowed from: state it leads to}
MACHINE = {
    "/start-vm": {S: R},
    "/shutdown-vm": {R: S},
    "/poweroff-vm": {R: S, P: S},
    "/restart-vm": {R: R},
    "/force-restart-vm": {R: R},
    "/suspend-vm": {R: P},
    "/resume-vm": {P: R},
    "/migrate-vm": {R: R, S: S},
    "/rollback-vm": {S: S},
    "/delete-vm": {S: None, P: None},
    "/move-vm-to-recycle": {S: S},
}


@pytest.fixture(scope="module")
def machine(shared):
    """An Api with a VM that has a system, and a snapshot of it."""
    vm = shared.vm("web-01")
    body = {"data": [{"vm_id": vm["id"], "name": "snapshot"}]}
    (answer,) = shared.run("/create-vm-snapshot", body)
    shared.snapshot = answer["data"]["id"]
    return shared


def _vm_in(api, state):
    """A copy of web-01 in a state."""
    source = api.world.first("Vm", name="web-01")
    number = sum(1 for each in api.world.all("Vm"))
    body = [{"src_vm_id": source.id, "name": "vm-%d" % number, "status": S if state == S else R}]
    vm_id = api.run("/clone-vm", body)[0]["data"]["id"]
    if state == P:
        api.run("/suspend-vm", {"where": {"id": vm_id}})
    assert api.one("/get-vms", id=vm_id)["status"] == state
    return vm_id


@pytest.mark.parametrize("state", [R, S, P])
@pytest.mark.parametrize("path", sorted(MACHINE))
def test_transitions(machine, path, state):
    vm_id = _vm_in(machine, state)
    body = {"where": {"id": vm_id}}
    if path == "/rollback-vm":
        record = machine.world.get("VmSnapshot", machine.snapshot)
        machine.world.update(record, vm=vm_id)
        body["data"] = {"snapshot_id": machine.snapshot}
    if state in MACHINE[path]:
        machine.run(path, body)
        wanted = MACHINE[path][state]
        found = machine.post("/get-vms", {"where": {"id": vm_id}})
        assert [each["status"] for each in found] == ([wanted] if wanted else [])
        return
    error = machine.refused(path, body)
    code = "VM_NOT_STOPPED" if path == "/move-vm-to-recycle" else "PRECHECK_VMS_STATE_UNMATCH"
    assert code in error["message"] and error["path"] == path
    assert machine.one("/get-vms", id=vm_id)["status"] == state
    assert machine.one("/get-vms", id=vm_id)["entityAsyncStatus"] is None


def test_no_match_is_an_empty_answer(shared):
    for path in MACHINE:
        body = {"where": {"id": "nope"}}
        if path == "/rollback-vm":
            continue
        assert shared.post(path, body) == []


def test_a_batch(api):
    answers = api.run("/suspend-vm", {"where": {"status": "RUNNING"}})
    assert len(answers) == 4
    assert {
        each["status"] for each in api.post("/get-vms", {"where": {"name_contains": "-0"}})
    } == {P}


def test_one_vm_in_another_state_stops_the_whole_call(api):
    api.refused("/suspend-vm", {"where": {"name_in": ["web-01", "build-agent"]}})
    assert api.vm("web-01")["entityAsyncStatus"] is None


def test_start_on_a_host(api):
    vm = api.vm("build-agent")
    hosts = api.post("/get-hosts", {"where": {"cluster": {"id": vm["cluster"]["id"]}}})
    other = next(each for each in hosts if each["id"] != vm["host"]["id"])
    body = {"where": {"id": vm["id"]}, "data": {"host_id": other["id"]}}
    api.run("/start-vm", body)
    assert api.vm("build-agent")["host"]["id"] == other["id"]
    elsewhere = api.post("/get-hosts", {"where": {"cluster": {"id_not": vm["cluster"]["id"]}}})[0]
    for host_id in ("nope", elsewhere["id"]):
        api.run("/poweroff-vm", {"where": {"name": "build-agent", "status": "RUNNING"}})
        body["data"]["host_id"] = host_id
        assert "HOST_NOT_FOUND" in api.refused("/start-vm", body)["message"]


def test_a_host_without_memory(api):
    vm = api.vm("build-agent")
    for host in api.world.all("Host"):
        api.world.update(host, allocatable_memory_bytes=0)
    task = api.failed("/start-vm", {"where": {"id": vm["id"]}})
    assert "HostAvailableMemoryFilter" in task["error_message"]
    assert api.vm("build-agent")["status"] == S


def test_what_the_guest_shows(api):
    vm = api.vm("web-01")
    assert vm["vm_tools_status"] == "RUNNING" and vm["ips"] and vm["hostname"] == "web-01"
    nic = api.one("/get-vm-nics", vm={"name": "web-01"})
    assert nic["guest_info_ip_addresses"] == [vm["ips"]]
    api.run("/shutdown-vm", {"where": {"name": "web-01"}})
    vm = api.vm("web-01")
    assert vm["vm_tools_status"] == "NOT_RUNNING" and vm["ips"] == ""
    assert vm["last_shutdown_time"] is not None


def test_migration(api):
    vm = api.vm("web-01")
    api.run("/migrate-vm", {"where": {"id": vm["id"]}})
    moved = api.vm("web-01")
    assert moved["host"]["id"] != vm["host"]["id"] and moved["status"] == R
    body = {"where": {"id": vm["id"]}, "data": {"host_id": moved["host"]["id"]}}
    assert "already" in api.refused("/migrate-vm", body)["message"]
    body["data"]["host_id"] = vm["host"]["id"]
    api.run("/migrate-vm", body)
    assert api.vm("web-01")["host"]["id"] == vm["host"]["id"]


def _counters(api, path, name):
    found = api.one(path, name=name)
    return dict((each, found[each]) for each in found if each.endswith("vm_num")), found


def test_counters_follow(api):
    vm = api.vm("web-01")
    before, cluster = _counters(api, "/get-clusters", "cluster-01")
    host_before, host = _counters(api, "/get-hosts", vm["host"]["name"])
    assert before == {"vm_num": 4, "running_vm_num": 3, "stopped_vm_num": 1, "suspended_vm_num": 0}
    api.run("/suspend-vm", {"where": {"id": vm["id"]}})
    after, _ = _counters(api, "/get-clusters", "cluster-01")
    assert after == dict(before, running_vm_num=2, suspended_vm_num=1)
    api.run("/poweroff-vm", {"where": {"id": vm["id"]}})
    after, stopped = _counters(api, "/get-clusters", "cluster-01")
    assert after == dict(before, running_vm_num=2, stopped_vm_num=2)
    _, host_after = _counters(api, "/get-hosts", vm["host"]["name"])
    freed = host_after["allocatable_memory_bytes"] - host["allocatable_memory_bytes"]
    assert freed == vm["memory"]
    assert cluster["used_memory_bytes"] - stopped["used_memory_bytes"] == vm["memory"]
    assert stopped["provisioned_memory_bytes"] == cluster["provisioned_memory_bytes"]
    api.run("/delete-vm", {"where": {"id": vm["id"]}})
    after, gone = _counters(api, "/get-clusters", "cluster-01")
    assert after == dict(before, vm_num=3, running_vm_num=2)
    assert cluster["provisioned_cpu_cores"] - gone["provisioned_cpu_cores"] == vm["vcpu"]
    assert gone["used_data_space"] < cluster["used_data_space"]
    datacenter = api.one("/get-datacenters", name="datacenter-01")
    assert (datacenter["vm_num"], datacenter["cluster_num"], datacenter["host_num"]) == (6, 2, 6)
