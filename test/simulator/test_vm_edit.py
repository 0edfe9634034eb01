"""Editing VMs: settings, disks, CD-ROMs, network cards, snapshots."""

import pytest
from simulated import new_disk

GIB = 2**30


def edit(api, name, data, path="/update-vm-basic-info"):
    return api.run(path, {"where": {"name": name}, "data": data})


def disks_of(api, name):
    return api.post("/get-vm-disks", {"where": {"vm": {"name": name}}})


def nics_of(api, name):
    body = {"where": {"vm": {"name": name}}, "orderBy": "order_ASC"}
    return api.post("/get-vm-nics", body)


def test_basic_info(api):
    data = {"name": "renamed", "description": "d", "ha": False, "memory": 1, "memory_unit": "GB"}
    edit(api, "build-agent", dict(data, vcpu=2, cpu_cores=1, cpu_sockets=2))
    vm = api.vm("renamed")
    assert (vm["description"], vm["ha"], vm["memory"]) == ("d", False, GIB)
    assert (vm["vcpu"], vm["cpu"]) == (2, {"cores": 1, "sockets": 2})
    edit(api, "renamed", {"vcpu": 4})
    assert api.vm("renamed")["cpu"] == {"cores": 1, "sockets": 4}


def test_no_change_succeeds(api):
    before = api.vm("build-agent")
    edit(api, "build-agent", {})
    assert api.vm("build-agent") == before


@pytest.mark.parametrize(
    "data, code",
    [
        ({"memory": 4 * GIB}, "JOB_VM_CONFIG_MEMORY_NO_HOT_REMOVE"),
        ({"vcpu": 2}, "JOB_VM_CONFIG_CPU_NO_HOT_REMOVE"),
        ({"cpu_cores": 4, "cpu_sockets": 1}, "JOB_VM_CONFIG_CPU_NO_HOT_CHANGE_TOPO"),
        ({"cpu_cores": 2, "cpu_sockets": 2, "vcpu": 5}, "JOB_VM_CONGIG_CPU_VCPU_TOPO_MISMATCH"),
        ({"memory": 3}, "memory"),
        ({"name": ""}, "name"),
    ],
)
def test_a_running_vm_only_grows(shared, data, code):
    body = {"where": {"name": "web-01"}, "data": data}
    assert code in shared.refused("/update-vm-basic-info", body)["message"]


def test_a_running_vm_grows(api):
    edit(api, "web-01", {"memory": 16 * GIB, "cpu_sockets": 4})
    vm = api.vm("web-01")
    assert (vm["memory"], vm["vcpu"]) == (16 * GIB, 8)


def test_a_name_that_is_taken(api):
    body = {"where": {"name": "web-02"}, "data": {"name": "web-01"}}
    task = api.failed("/update-vm-basic-info", body)
    assert "VM_DUPLICATED_NAME" in task["error_message"]
    assert api.vm("web-02")["entityAsyncStatus"] is None


def test_other_options(api):
    edit(
        api,
        "web-01",
        {"video_type": "VIRTIO", "windows_optimize": True},
        "/update-vm-advanced-options",
    )
    edit(api, "web-01", {"hostname": "h", "dns_servers": ["1.1.1.1"]}, "/update-vm-host-options")
    limits = {
        "io_policy": "RESTRICT_WHOLE_VM",
        "whole_vm": {"max_bandwidth": 2, "max_bandwidth_unit": "MBps"},
    }
    edit(api, "web-01", limits, "/update-vm-io-policy")
    vm = api.vm("web-01")
    assert (vm["video_type"], vm["win_opt"], vm["hostname"]) == ("VIRTIO", True, "h")
    assert (vm["io_policy"], vm["max_bandwidth"], vm["dns_servers"]) == (
        "RESTRICT_WHOLE_VM",
        2 * 2**20,
        "1.1.1.1",
    )
    body = {"where": {"name": "empty-vm"}, "data": {"hostname": "h"}}
    assert "EC_SVT_DISABLED" in api.refused("/update-vm-host-options", body)["message"]


def test_folders(api):
    folder = api.one("/get-vm-folders", cluster={"name": "cluster-01"})
    edit(api, "web-01", {"folder_id": folder["id"]}, "/add-vm-to-folder")
    assert api.vm("web-01")["folder"]["id"] == folder["id"]
    assert api.one("/get-vm-folders", id=folder["id"])["vm_num"] == 1
    api.run("/remove-vm-from-folder", {"where": {"name": "web-01"}})
    assert api.vm("web-01")["folder"] is None


def test_the_life_of_a_disk(api):
    data = {"vm_disks": {"mount_new_create_disks": [new_disk("added", 5 * GIB)]}}
    before = [each["id"] for each in disks_of(api, "web-01")]
    (answer,) = edit(api, "web-01", data, "/add-vm-disk")
    # clients go on with the id in the answer
    (disk_id,) = [each["id"] for each in answer["data"]["vm_disks"] if each["id"] not in before]
    volume = api.one("/get-vm-volumes", name="added")
    edit(api, "web-01", {"vm_disk_id": disk_id, "bus": "SCSI"}, "/update-vm-disk")
    (disk,) = [each for each in disks_of(api, "web-01") if each["bus"] == "SCSI"]
    assert disk["id"] != disk_id and disk["vm_volume"]["id"] == volume["id"]
    body = {"where": {"id": disk["id"]}, "size": 8, "size_unit": "GB"}
    api.run("/expand-vm-disk", body)
    assert api.one("/get-vm-volumes", name="added")["size"] == 8 * GIB
    assert "CANNOT_SHRINK" in api.refused("/expand-vm-disk", dict(body, size=1))["message"]
    edit(api, "web-01", {"disk_ids": [disk_id]}, "/remove-vm-disk")  # the former id is good too
    assert len(disks_of(api, "web-01")) == len(before)
    volume = api.one("/get-vm-volumes", name="added")
    assert volume["mounting"] is False and volume["vm_disks"] == []
    mount = {"mount_disks": [{"boot": 9, "bus": "VIRTIO", "vm_volume_id": volume["id"]}]}
    edit(api, "web-02", {"vm_disks": mount}, "/add-vm-disk")
    assert api.one("/get-vm-volumes", name="added")["mounting"] is True
    body = {"where": {"name": "web-01"}, "data": {"disk_ids": ["nope"]}}
    assert "VM_DISK_NOT_FOUND" in api.refused("/remove-vm-disk", body)["message"]


def test_cd_roms(api):
    running = {"where": {"name": "web-01"}, "data": {"vm_cd_roms": [{"boot": 5}]}}
    code = "JOB_CANNOT_ATTACH_DETACH_RUNNING_CDROM"
    assert code in api.refused("/add-vm-cd-rom", running)["message"]
    image = api.post("/get-elf-images", {"where": {"cluster": {"name": "cluster-01"}}})[0]
    data = {"vm_cd_roms": [{"boot": 5, "elf_image_id": image["id"]}]}
    edit(api, "build-agent", data, "/add-vm-cd-rom")
    disk = api.one("/get-vm-disks", vm={"name": "build-agent"}, boot=5)
    assert disk["elf_image"]["id"] == image["id"]
    api.run("/eject-iso-from-vm-cd-rom", {"where": {"id": disk["id"]}})
    assert api.one("/get-vm-disks", id=disk["id"])["elf_image"] is None
    api.run("/toggle-vm-cd-rom-disable", {"where": {"id": disk["id"]}, "disabled": True})
    assert api.one("/get-vm-disks", id=disk["id"])["disabled"] is True
    # update-vm-disk and remove-vm-disk take CD-ROMs too
    edit(
        api,
        "build-agent",
        {"vm_disk_id": disk["id"], "elf_image_id": image["id"]},
        "/update-vm-disk",
    )
    disk = api.one("/get-vm-disks", vm={"name": "build-agent"}, boot=5)
    assert disk["elf_image"]["id"] == image["id"]
    edit(api, "build-agent", {"cd_rom_ids": [disk["id"]]}, "/remove-vm-cd-rom")
    assert 5 not in [each["boot"] for each in disks_of(api, "build-agent")]


def test_network_cards(api):
    network = api.one("/get-vlans", name="vlan-200", vds={"cluster": {"name": "cluster-01"}})
    qos = {"egress": {"enabled": True, "rate_limit": 5, "rate_limit_unit": "Mbps"}}
    new = {"connect_vlan_id": network["id"], "enabled": False, "qos": qos}
    edit(api, "web-01", {"vm_nics": [new, {"connect_vlan_id": network["id"]}]}, "/add-vm-nic")
    nics = nics_of(api, "web-01")
    assert [each["order"] for each in nics] == [0, 1, 2]
    assert [each["enabled"] for each in nics] == [True, False, True]
    assert nics[1]["egress_rate_limit_max_rate_in_bitps"] == 5e6
    edit(api, "web-01", {"nic_index": 1, "enabled": True, "mirror": True}, "/update-vm-nic")
    changed = nics_of(api, "web-01")
    assert (changed[1]["enabled"], changed[1]["mirror"]) == (True, True)
    assert changed[1]["id"] != nics[1]["id"] and changed[1]["mac_address"] == nics[1]["mac_address"]
    edit(api, "web-01", {"nic_index": [0, 1]}, "/remove-vm-nic")
    (left,) = nics_of(api, "web-01")
    assert left["mac_address"] == nics[2]["mac_address"] and left["order"] == 0
    body = {"where": {"name": "web-01"}, "data": {"nic_index": [1]}}
    assert "VM_NIC_NOT_FOUND" in api.refused("/remove-vm-nic", body)["message"]
    body = {
        "where": {"name": "web-01"},
        "data": {"nic_index": 0, "mac_address": "52:54:00:00:00:01"},
    }
    assert "EC_VM_MAC_ADDRESS_ERROR" in api.refused("/update-vm-nic", body)["message"]


def test_network_cards_by_filter(api):
    where = {"vm": {"name": "db-01"}, "vlan": {"name": "vlan-200"}}
    body = {"where": where, "data": {"enabled": False}}
    api.run("/update-vm-nic-advance-info", body)
    assert api.one("/get-vm-nics", **where)["enabled"] is False
    body["data"] = {"ip_address": "10.1.1.1", "subnet_mask": "255.0.0.0", "gateway": "10.0.0.1"}
    api.run("/update-vm-nic-basic-info", body)
    assert api.one("/get-vm-nics", **where)["ip_address"] == "10.1.1.1"
    body["data"] = {
        "qos": {"ingress": {"enabled": True, "rate_limit": 1, "rate_limit_unit": "Kbps"}}
    }
    api.run("/update-vm-nic-qos-option", body)
    assert api.one("/get-vm-nics", **where)["ingress_rate_limit_max_rate_in_bitps"] == 1000
    api.refused("/remove-vm-nic-by-where", {"where": {}, "effect": {}})
    vm = api.vm("db-01")
    api.run("/remove-vm-nic-by-where", {"where": {}, "effect": {"vm_ids": [vm["id"]]}})
    assert nics_of(api, "db-01") == [] and nics_of(api, "web-01")


def _snapshot(api, name, vm="build-agent", **values):
    data = [dict(values, vm_id=api.vm(vm)["id"], name=name)]
    (answer,) = api.run("/create-vm-snapshot", {"data": data})
    return api.one("/get-vm-snapshots", id=answer["data"]["id"])


def test_a_snapshot(api):
    snapshot = _snapshot(api, "one")
    vm = api.vm("build-agent")
    assert snapshot["vm"] == {"id": vm["id"], "name": "build-agent"}
    assert (snapshot["memory"], snapshot["consistent_type"]) == (vm["memory"], "CRASH_CONSISTENT")
    assert [each["type"] for each in snapshot["vm_disks"]] == ["DISK", "CD_ROM"]
    assert [each["id"] for each in vm["snapshots"]] == [snapshot["id"]]
    # what a backup looks for: the LUN snapshot by the disk's snapshot_local_id
    name = snapshot["vm_disks"][0]["snapshot_local_id"]
    lun_snapshot = api.one("/get-iscsi-lun-snapshots", name_in=[name])
    assert api.one("/get-iscsi-luns", id=lun_snapshot["iscsi_lun"]["id"])["snapshot_num"] == 1
    body = {"data": [{"vm_id": vm["id"], "name": "one"}]}
    assert "VM_SNAPSHOT_DUPLICATE_NAME" in api.refused("/create-vm-snapshot", body)["message"]
    body["data"][0].update(name="two", consistent_type="FILE_SYSTEM_CONSISTENT")
    assert "EC_SVT_DISABLED" in api.refused("/create-vm-snapshot", body)["message"]
    api.run("/delete-vm-snapshot", {"where": {"id": snapshot["id"]}})
    assert api.post("/get-vm-snapshots") == [] and api.post("/get-iscsi-lun-snapshots") == []
    assert api.vm("build-agent")["snapshots"] == []


def test_rollback(api):
    before = api.vm("build-agent")
    snapshot = _snapshot(api, "before")
    edit(api, "build-agent", {"memory": GIB, "description": "changed"})
    data = {"vm_disks": {"mount_new_create_disks": [new_disk("later")]}}
    edit(api, "build-agent", data, "/add-vm-disk")
    old = next(each for each in disks_of(api, "build-agent") if each["boot"] == 1)
    edit(api, "build-agent", {"disk_ids": [old["id"]]}, "/remove-vm-disk")
    edit(api, "build-agent", {"snapshot_id": snapshot["id"]}, "/rollback-vm")
    vm = api.vm("build-agent")
    assert (vm["memory"], vm["description"]) == (before["memory"], before["description"])
    assert (
        len(vm["vm_disks"]) == len(before["vm_disks"])
        and vm["provisioned_size"] == before["provisioned_size"]
    )
    volume = api.one("/get-vm-volumes", name="build-agent-1")
    assert volume["mounting"] is True
    assert api.one("/get-vm-volumes", name="later")["mounting"] is False
    body = {"where": {"name": "empty-vm"}, "data": {"snapshot_id": snapshot["id"]}}
    assert "VM_SNAPSHOT_NOT_FOUND" in api.refused("/rollback-vm", body)["message"]


def test_rebuild(api):
    snapshot = _snapshot(api, "s", vm="web-01", consistent_type="FILE_SYSTEM_CONSISTENT")
    body = [{"rebuild_from_snapshot_id": snapshot["id"], "name": "rebuilt"}]
    (answer,) = api.run("/rebuild-vm-from-snapshot", body)
    vm, source = api.one("/get-vms", id=answer["data"]["id"]), api.vm("web-01")
    assert vm["provisioned_size"] == source["provisioned_size"] and vm["memory"] == source["memory"]
    body = [{"rebuild_from_snapshot_id": "nope", "name": "x"}]
    error = api.refused("/rebuild-vm-from-snapshot", body)
    assert "VM_SNAPSHOT_NOT_FOUND" in error["message"]


def test_deleting_a_vm_with_its_snapshots(api):
    _snapshot(api, "kept", vm="empty-vm")
    _snapshot(api, "gone")
    api.run("/delete-vm", {"where": {"name": "empty-vm"}})
    kept = api.one("/get-vm-snapshots", name="kept")
    assert kept["vm"] is None
    api.run("/delete-vm", {"where": {"name": "build-agent"}, "effect": {"include_snapshots": True}})
    assert [each["name"] for each in api.post("/get-vm-snapshots")] == ["kept"]


@pytest.mark.parametrize("path", ["/update-vm-nic", "/update-vm-nic-basic-info"])
def test_only_vmtools_set_another_ip_address(api, path):
    def body(name, **values):
        if path == "/update-vm-nic":
            return {"where": {"name": name}, "data": dict(values, nic_index=0)}
        return {"where": {"vm": {"name": name}}, "data": values}

    address = {"ip_address": "10.1.1.1", "subnet_mask": "255.0.0.0"}
    api.run("/start-vm", {"where": {"name": "empty-vm"}})  # which has no system
    untold = [vm for vm in api.post("/get-vms", {}) if vm["vm_tools_status"] != "RUNNING"]
    assert {"STOPPED", "RUNNING"} <= {vm["status"] for vm in untold}
    for vm in untold:
        message = api.refused(path, body(vm["name"], **address))["message"]
        assert message.startswith("EC_SVT_DISABLED"), vm["name"]
    api.run(path, body(untold[0]["name"], enabled=False, ip_address="", subnet_mask=""))
    api.run(path, body("web-01", **address))
    (nic,) = nics_of(api, "web-01")
    assert nic["ip_address"] == "10.1.1.1"
    api.run("/shutdown-vm", {"where": {"name": "web-01"}})
    api.run(path, body("web-01", mirror=True, **address))  # the address that it has
    for change in ({"gateway": "10.0.0.1"}, {"ip_address": "", "subnet_mask": ""}):
        assert "EC_SVT_DISABLED" in api.refused(path, body("web-01", **change))["message"]
