"""VMs that a device ties to their host: virtual functions of NICs, GPUs, NICs passed through."""

import pytest

ONE = {"where": {"name": "build-agent"}}


def _give(api, tie):
    """Give build-agent, which is stopped, a device of its host."""
    world, vm = api.world, api.vm("build-agent")
    host = world.get("Host", vm["host"]["id"])
    nic = world.many(host, "nics")[0]
    if tie == "SRIOV_NIC":
        vlan = api.post("/get-vm-nics", {"where": {"vm": {"name": "build-agent"}}})[0]["vlan"]
        card = {"connect_vlan_id": vlan["id"], "model": "SRIOV", "nic_id": nic.id}
        api.run("/add-vm-nic", dict(ONE, data={"vm_nics": [card]}))
    elif tie == "GPU_DEVICE":
        gpu = world.add("GpuDevice", name="gpu", host=host)
        api.run("/add-vm-gpu-device", dict(ONE, data=[{"gpu_id": gpu.id}]))
    elif tie == "PCI_NIC":
        api.run("/add-vm-pci-nic", dict(ONE, data={"pci_nics": {"id": nic.id}}))
    else:
        usb = world.add("UsbDevice", name="usb", host=host)
        body = {"where": {"id": usb.id}, "data": {"vm_id": vm["id"]}}
        api.run("/mount-usb-device", body)
    return host


@pytest.mark.parametrize("tie", ["GPU_DEVICE", "PCI_NIC", "SRIOV_NIC", "USB_DEVICE"])
def test_it_stays_where_it_is(api, tie):
    host = _give(api, tie)
    assert "VM_HAS_" + tie in api.refused("/migrate-vm", ONE)["message"]
    other = api.one("/get-hosts", cluster={"name": "cluster-01"}, name_ends_with="3")["id"]
    assert other != host.id
    message = api.refused("/start-vm", dict(ONE, data={"host_id": other}))["message"]
    assert "JOB_SPECIFIED_NODE_SCHEDULE_FAILED" in message
    api.run("/start-vm", ONE)
    assert api.vm("build-agent")["host"]["id"] == host.id
    assert "VM_HAS_" + tie in api.refused("/migrate-vm", ONE)["message"]
    precheck = api.post("/enter-maintenance-mode-precheck", {"where": {"id": host.id}})
    api.settle()
    result = api.post("/enter-maintance-mode-precheck-result", {"where": precheck})
    doomed = [doomed["vm_uuid"] for doomed in result["shutdownVms"]]
    assert api.vm("build-agent")["local_id"] in doomed
    if tie == "USB_DEVICE":
        api.run("/suspend-vm", ONE)
    else:
        assert not api.vm("build-agent")["ha"]
        assert "VM_HAS_" + tie in api.refused("/suspend-vm", ONE)["message"]


def test_it_does_not_start_elsewhere(api):
    host = _give(api, "GPU_DEVICE")
    memory = host["allocatable_memory_bytes"]
    api.world.update(host, allocatable_memory_bytes=0)
    assert api.failed("/start-vm", ONE)["error_code"] == "JOB_NODE_OUT_OF_MEMORY"
    api.world.update(host, allocatable_memory_bytes=memory)
    api.run("/start-vm", ONE)


def test_a_virtual_function_is_of_a_nic(api):
    vlan = api.post("/get-vm-nics", {"where": {"vm": {"name": "build-agent"}}})[0]["vlan"]
    card = {"connect_vlan_id": vlan["id"], "model": "SRIOV"}
    error = api.refused("/add-vm-nic", dict(ONE, data={"vm_nics": [card]}))
    assert "EC_VM_NIC_ERROR" in error["message"]
    error = api.refused("/update-vm-nic", dict(ONE, data={"nic_index": 0, "model": "SRIOV"}))
    assert "EC_VM_NIC_ERROR" in error["message"]
    _give(api, "SRIOV_NIC")
    api.run("/update-vm-nic", dict(ONE, data={"nic_index": 1, "model": "SRIOV"}))


def test_nested_virtualization_keeps_a_vm_that_runs(api):
    record = api.world.first("Vm", name="web-01")
    api.world.update(record, nested_virtualization=True)
    where = {"where": {"name": "web-01"}}
    message = api.refused("/migrate-vm", where)["message"]
    assert "VM_HAS_NESTED_VIRTUALIZATION" in message
    host = {"where": {"id": api.vm("web-01")["host"]["id"]}}
    precheck = api.post("/enter-maintenance-mode-precheck", host)
    api.settle()
    result = api.post("/enter-maintance-mode-precheck-result", {"where": precheck})
    assert {"vm_uuid": api.vm("web-01")["local_id"]} in result["shutdownVms"]
    api.run("/suspend-vm", where)
    api.run("/resume-vm", where)
    api.run("/poweroff-vm", where)
    api.run("/migrate-vm", where)
