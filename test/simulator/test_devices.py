"""VMs and what is around them: devices, console, export, import, other clusters."""

import base64
from urllib.parse import parse_qsl

from simulated import new_disk


def _stopped(api, name="build-agent"):
    return {"where": {"name": name}}


def test_the_console(api):
    vm = api.vm("web-01")
    info = api.post("/get-vm-vnc-info", {"vm": {"id": vm["id"]}})
    assert info["vm"]["id"] == vm["id"] and info["cluster_ip"] == "192.0.2.10"
    assert info["direct"].startswith("wss://192.0.2.10/websockify/?uuid=" + vm["local_id"])
    query = "{ vnc(input: {vm: {id: \"%s\"}}) { raw_token token } }" % vm["id"]
    assert len(api.post("/api", {"query": query})["data"]["vnc"]["raw_token"]) == 32
    direct, redirect = (dict(parse_qsl(info[way])) for way in ("direct", "redirect"))
    raw = "%s:%s" % (vm["local_id"], direct["token"])
    assert base64.b64decode(redirect["token"]).decode() == raw
    api.refused("/get-vm-vnc-info", {"vm": {"id": api.vm("empty-vm")["id"]}})


def test_tools(api):
    cluster = api.vm("monitoring")["cluster"]["id"]
    image = api.world.add("SvtImage", name="svt", cluster=cluster, version=30200)
    drive = [each for each in _disks(api, "monitoring") if each["type"] == "CD_ROM"][0]
    data = {"svt_image_id": image.id, "cd_rom_id": drive["id"]}
    api.run("/install-vmtools", {"where": {"name": "monitoring"}, "data": data})
    drive = [each for each in _disks(api, "monitoring") if each["type"] == "CD_ROM"][0]
    assert drive["svt_image"]["name"] == "svt"
    body = {"where": {"name": "web-01"}, "data": {"username": "root", "password": "x"}}
    api.run("/reset-vm-guest-os-password", body)
    api.refused("/reset-vm-guest-os-password", dict(body, where={"name": "build-agent"}))


def _disks(api, name):
    return api.post("/get-vm-disks", {"where": {"vm": {"name": name}}})


def test_devices(api):
    vm = api.vm("build-agent")
    gpu = api.world.add("GpuDevice", name="gpu", host=vm["host"]["id"])
    body = dict(_stopped(api), data=[{"gpu_id": gpu.id}])
    api.run("/add-vm-gpu-device", body)
    assert [each["name"] for each in api.vm("build-agent")["gpu_devices"]] == ["gpu"]
    used = {"where": {"id": gpu.id}, "data": {"usage": "VGPU"}}
    assert "IN_USE" in api.refused("/update-gpu-device-usage", used)["message"]
    api.run("/remove-vm-gpu-device", body)
    api.run("/update-gpu-device-usage", used)
    assert api.one("/get-gpu-devices", id=gpu.id)["user_usage"] == "VGPU"
    usb = api.world.add("UsbDevice", name="usb", host=vm["host"]["id"])
    mount = {"where": {"id": usb.id}, "data": {"vm_id": vm["id"]}}
    api.run("/mount-usb-device", mount)
    assert api.vm("build-agent")["usb_devices"][0]["id"] == usb.id
    api.refused("/mount-usb-device", mount)
    api.run("/unmount-usb-device", {"where": {"id": usb.id}})
    assert api.vm("build-agent")["usb_devices"] == []
    body = {"where": {"vm": {"name": "web-01"}}, "resident_in_cache": True}
    (answer,) = api.run("/set-vm-disk-resident-in-cache", body)
    assert answer["data"]["name"] == "web-01"
    assert api.one("/get-vm-volumes", name="web-01-1")["resident_in_cache"] is True


def test_export_and_import(api):
    body = dict(_stopped(api), data={"type": "OVF"})
    (answer,) = api.run("/export-vm", body)
    exported = api.one("/get-vm-export-files", id=answer["data"]["id"])
    assert exported["vm"]["name"] == "build-agent" and len(exported["files"]) == 2
    links = api.post("/get-export-file-download-links", {"where": {"id": exported["id"]}})
    assert [each["filename"] for each in links] == ["build-agent.ovf", "build-agent-1.vmdk"]
    api.refused("/export-vm", dict(body, where={"name": "web-01"}))
    task = api.world.add("UploadTask", size=2**30, status="SUCCESSED").id
    disk = {"name": "d.vmdk", "bus": "SCSI", "type": "DISK", "size": 2**30}
    ovf = {"name": "o", "vcpu": 2, "cpu": {"cores": 1, "sockets": 2}, "memory": 2**30}
    ovf.update(firmware="UEFI", disks=[disk], nics=[{"mac": "52:54:00:00:00:01"}])
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    change = {"vmdk_name": "d.vmdk", "bus": "VIRTIO", "volume_name": "root"}
    new = {"cluster_id": cluster, "name": "imported", "parsed_ovf": ovf, "upload_tasks": [task]}
    extra = {"mount_new_create_disks": [new_disk("more")]}
    new["disk_operate"] = {"modify_vmdk_disks": [change], "new_disks": extra}
    api.run("/import-vm", [new])
    vm = api.vm("imported")
    assert (vm["vcpu"], vm["firmware"], vm["status"]) == (2, "UEFI", "STOPPED")
    volumes = {each["bus"]: each["vm_volume"]["name"] for each in _disks(api, "imported")[:1]}
    assert volumes == {"VIRTIO": "root"} and len(vm["vm_disks"]) == 2
    volume = {"cluster_id": cluster, "name": "v", "upload_task_id": task}
    api.run("/import-vm-volume", [volume])
    assert api.one("/get-vm-volumes", name="v")["size"] == 2**30


def test_csv(api):
    columns = [{"name": "Name", "path": "name"}, {"name": "Networks", "path": "vm_nics.id"}]
    vms = {"vms": {"where": {"name_starts_with": "web"}, "orderBy": "name_DESC"}}
    body = {"name": "report", "columns": columns[:1], "filter": vms}
    answer = api.send("POST", "/export-csv", body)
    assert answer.body.decode("utf-8-sig").split() == ["Name", "web-02", "web-01"]


def test_migration_to_another_cluster(api):
    (target,) = [each for each in api.post("/get-clusters") if each["name"] == "cluster-02"]
    networks = api.post("/get-vlans", {"where": {"name": "vlan-100"}})
    here, there = (each["local_id"] for each in networks)
    mapping = [{"src_vlan_local_id": here, "dest_vlan_local_id": there}]
    config = {"migrate_type": "LIVE_MIGRATE", "network_mapping": mapping}
    body = {"where": {"name": "web-01"}, "data": {"cluster_id": target["id"], "vm_config": config}}
    before = api.vm("web-01")
    cold = dict(config, migrate_type="COLD_MIGRATE")
    api.refused("/migrate-vm-across-cluster", dict(body, data=dict(body["data"], vm_config=cold)))
    unmapped = dict(config, network_mapping=[])
    lacking = dict(body, data=dict(body["data"], vm_config=unmapped))
    assert "network_mapping" in api.refused("/migrate-vm-across-cluster", lacking)["message"]
    (answer,) = api.post("/migrate-vm-across-cluster", body)
    aborted = api.post("/abort-migrate-vm-across-cluster", {"tasks": {"id": answer["task_id"]}})
    assert [each["id"] for each in aborted] == [answer["task_id"]]
    api.settle()
    task = api.one("/get-tasks", id=answer["task_id"])
    assert task["error_code"] == "MIGRATE_ACROSS_CLUSTER_ABORTED"
    assert api.vm("web-01")["cluster"] == before["cluster"]
    api.run("/migrate-vm-across-cluster", body)
    after = api.vm("web-01")
    assert (after["id"], after["status"]) == (before["id"], "RUNNING")
    assert (
        after["cluster"]["id"]
        == target["id"]
        == api.one("/get-hosts", id=after["host"]["id"])["cluster"]["id"]
    )
    volumes = api.post("/get-vm-volumes", {"where": {"vm_disks_some": {"vm": {"id": after["id"]}}}})
    assert {each["cluster"]["id"] for each in volumes} == {target["id"]}
    nic = api.one("/get-vm-nics", vm={"id": after["id"]})
    assert api.one("/get-vlans", id=nic["vlan"]["id"])["local_id"] == there
    assert api.one("/get-clusters", id=target["id"])["vm_num"] == 4
