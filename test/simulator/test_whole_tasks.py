"""A task is all or nothing: what fails, for whatever reason, has changed nothing."""

import json

import pytest

from cloudtower.simulator.engine.scheduler import JOBS
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import disks, guest


def _break(monkeypatch, module, name, after=0):
    """Have a function end with an internal error, from a call on."""
    whole, calls = getattr(module, name), []

    def broken(*args, **kwargs):
        calls.append(args)
        if len(calls) > after:
            raise RuntimeError("a mistake in the simulator")
        return whole(*args, **kwargs)

    monkeypatch.setattr(module, name, broken)


def _all(api):
    """All that lists show, but for what a task writes about itself."""
    kinds = ("vms", "vm-disks", "vm-nics", "vm-volumes", "iscsi-luns", "hosts", "clusters")
    return dict((kind, api.post("/get-" + kind, {})) for kind in kinds)


def test_a_start_that_breaks_leaves_a_stopped_vm(api, monkeypatch):
    before = _all(api)
    _break(monkeypatch, guest, "boot")
    task = api.failed("/start-vm", {"where": {"name": "build-agent"}})
    assert task["error_code"] == "SIMULATOR_ERROR"
    assert _all(api) == before
    monkeypatch.undo()
    api.run("/start-vm", {"where": {"name": "build-agent"}})
    assert api.vm("build-agent")["status"] == "RUNNING"


def test_a_creation_that_breaks_leaves_no_disk_behind(api, blank, monkeypatch):
    before = _all(api)
    blank["vm_disks"]["mount_new_create_disks"] *= 3
    _break(monkeypatch, volumes, "measure")
    monkeypatch.setattr(disks, "measure", volumes.measure)
    api.failed("/create-vm", [blank])
    assert _all(api) == before


def test_a_deletion_that_breaks_halfway_deletes_nothing(api, monkeypatch):
    vm = api.vm("empty-vm")
    api.run("/poweroff-vm", {"where": {"name": "web-01"}})
    before = _all(api)
    _break(monkeypatch, volumes, "remove_volume", after=1)
    api.failed("/delete-vm", {"where": {"name": "web-01"}})
    assert _all(api) == before
    # both ends of each relation are back, so it can be deleted in the end
    monkeypatch.undo()
    api.run("/delete-vm", {"where": {"name": "web-01"}})
    hosts = api.post("/get-hosts", {"where": {"vms_some": {"name": "web-01"}}})
    assert hosts == [] and api.vm("empty-vm")["id"] == vm["id"]


def test_an_edit_that_breaks_keeps_ids(api, monkeypatch):
    disk = api.vm("web-02")["vm_disks"][0]["id"]
    before = _all(api)
    monkeypatch.setattr(disks, "measure", None)
    data = {"vm_disk_id": disk, "bus": "SCSI"}
    api.failed("/update-vm-disk", {"where": {"name": "web-02"}, "data": data})
    assert _all(api) == before
    monkeypatch.undo()
    api.run("/update-vm-disk", {"where": {"name": "web-02"}, "data": data})
    (found,) = api.post("/get-vm-disks", {"where": {"vm": {"name": "web-02"}, "bus": "SCSI"}})
    assert found["id"] != disk


def test_a_refused_task_changes_nothing_either(api):
    vm = api.vm("empty-vm")
    api.run("/start-vm", {"where": {"id": vm["id"]}})
    drive = vm["vm_disks"][0]["id"]
    image = api.simulator.tower.world.add("SvtImage", name="svt", cluster=vm["cluster"]["id"])
    data = {"svt_image_id": image.id, "cd_rom_id": drive}
    before = _all(api)
    api.failed("/install-vmtools", {"where": {"id": vm["id"]}, "data": data})
    assert _all(api) == before


def test_a_job_that_breaks_changes_nothing(api, monkeypatch):
    def breaks(tower, vm_id):
        tower.world.update(tower.world.get("Vm", vm_id), description="half")
        raise RuntimeError("a mistake in the simulator")

    monkeypatch.setitem(JOBS, "break", breaks)
    vm_id = api.vm("web-01")["id"]
    api.tower.scheduler.plan("break", vm_id, api.clock[0] + 10)
    before = _all(api)
    api.settle()
    assert _all(api) == before


def test_a_state_file_has_nothing_of_it_either(tmp_path, monkeypatch):
    from simulated import start

    path = str(tmp_path / "state")
    api = start(state=path)
    disk = api.vm("web-02")["vm_disks"][0]["id"]
    before = _all(api)
    monkeypatch.setattr(disks, "measure", None)
    data = {"vm_disk_id": disk, "bus": "SCSI"}
    api.failed("/update-vm-disk", {"where": {"name": "web-02"}, "data": data})
    api.close()
    api.simulator.stop()
    api = start(state=path)
    after = _all(api)
    api.close()
    api.simulator.stop()
    assert after == before


BAD = ("nonsense", "52:54:00:12:34", "52:54:00:12:34:56:78", "52-54-00-12-34-5g", " ", "0")


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_mac_address_is_refused(api, blank, address):
    blank["vm_nics"][0]["mac_address"] = address
    assert "EC_VM_MAC_ADDRESS_ERROR" in api.refused("/create-vm", [blank])["message"]
    data = {"vm_nics": blank["vm_nics"]}
    body = {"where": {"name": "build-agent"}, "data": data}
    assert "EC_VM_MAC_ADDRESS_ERROR" in api.refused("/add-vm-nic", body)["message"]
    data = {"nic_index": 0, "mac_address": address}
    api.refused("/update-vm-nic", {"where": {"name": "build-agent"}, "data": data})


def test_an_empty_mac_address_leaves_the_choice(api, blank):
    blank["vm_nics"] = [dict(blank["vm_nics"][0], mac_address="", subnet_mask="")] * 2
    vm_id = api.run("/create-vm", [blank])[0]["data"]["id"]
    nics = api.post("/get-vm-nics", {"where": {"vm": {"id": vm_id}}})
    addresses = [nic["mac_address"] for nic in nics]
    assert all(len(address) == 17 for address in addresses) and len(set(addresses)) == 2
    api.run("/start-vm", {"where": {"id": vm_id}})
    data = {
        "vm_nics": [{"connect_vlan_id": blank["vm_nics"][0]["connect_vlan_id"], "mac_address": ""}]
    }
    api.run("/add-vm-nic", {"where": {"id": vm_id}, "data": data})
    # and in an edit it keeps what there is
    data = {"nic_index": 0, "mac_address": "", "enabled": False}
    api.run("/update-vm-nic", {"where": {"id": vm_id}, "data": data})
    api.run("/force-restart-vm", {"where": {"id": vm_id}})
    nics = api.post("/get-vm-nics", {"where": {"vm": {"id": vm_id}}, "orderBy": "order_ASC"})
    assert len(nics) == 3 and sorted(addresses) == sorted(nic["mac_address"] for nic in nics[:2])


def test_what_is_no_ip_address_is_refused(api, blank):
    for address in ("10.0.0", "10.0.0.256", "here"):
        nic = dict(blank["vm_nics"][0], ip_address=address, subnet_mask="255.255.255.0")
        api.refused("/create-vm", [dict(blank, vm_nics=[nic])])
    nic = dict(blank["vm_nics"][0], ip_address="10.0.0.5", subnet_mask="255.255.255.0", gateway="x")
    api.refused("/create-vm", [dict(blank, vm_nics=[nic])])


def test_the_text_of_a_failed_task(api):
    """Clients look for codes in it, and read the JSON text at its end."""
    task = api.failed("/clone-vm", [{"name": "web-02", "src_vm_id": api.vm("web-01")["id"]}])
    first, second, third = task["error_message"].split("\r\n")
    assert first == "Cannot unwrap Ok value of Result.Err."
    assert (task["error_code"], second) == ("CLONE_VM_FAILED", "code: CLONE_VM_FAILED")
    code, text = "VM_DUPLICATED_NAME", "[VM_DUPLICATED_NAME]there is a VM with the name web-02"
    detail = {"data": {}, "ec": code, "error": {"msg": text}}
    assert third == "message: " + json.dumps(detail, separators=(",", ":"))
