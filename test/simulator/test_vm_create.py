"""Creating, copying and deleting VMs."""

import pytest
from simulated import new_disk

GIB = 2**30


def test_create(api, blank):
    (answer,) = api.run("/create-vm", [dict(blank, description="d", status="RUNNING")])
    vm = api.one("/get-vms", id=answer["data"]["id"])
    assert (vm["name"], vm["status"], vm["description"]) == ("new-vm", "RUNNING", "d")
    assert vm["cpu"] == {"cores": 2, "sockets": 1} and vm["vcpu"] == 2 and vm["memory"] == 2 * GIB
    assert not vm["local_id"].startswith("placeholder")
    assert vm["entityAsyncStatus"] is None and vm["host"] is not None
    assert vm["vm_tools_status"] == "NOT_INSTALLED"
    disk = api.one("/get-vm-disks", vm={"id": vm["id"]})
    assert (disk["type"], disk["bus"], disk["boot"]) == ("DISK", "VIRTIO", 1)
    volume = api.one("/get-vm-volumes", id=disk["vm_volume"]["id"])
    assert (volume["name"], volume["size"], volume["mounting"]) == ("new-disk", 10 * GIB, True)
    assert volume["vm_disks"] == [{"id": disk["id"]}]
    assert api.one("/get-iscsi-luns", id=volume["lun"]["id"])["assigned_size"] == 10 * GIB
    nic = api.one("/get-vm-nics", vm={"id": vm["id"]})
    assert nic["vlan"]["id"] == blank["vm_nics"][0]["connect_vlan_id"]
    assert nic["mac_address"].startswith("52:54:00:") and nic["enabled"] is True
    assert vm["provisioned_size"] == 10 * GIB


def test_the_smallest_call(api, blank):
    body = dict(blank, cpu_cores=1, memory=1, memory_unit="GB")
    body["vm_disks"] = {"mount_cd_roms": [{"boot": 1, "index": 1}]}
    (answer,) = api.run("/create-vm", [body])
    vm = api.one("/get-vms", id=answer["data"]["id"])
    assert vm["memory"] == GIB
    disk = api.one("/get-vm-disks", vm={"id": vm["id"]})
    assert (disk["type"], disk["elf_image"], disk["vm_volume"]) == ("CD_ROM", None, None)


def test_images_and_mounted_volumes(api, blank):
    cluster = {"cluster": {"id": blank["cluster_id"]}}
    image = api.post("/get-elf-images", {"where": cluster})[0]
    library = api.one("/get-content-library-images", name=image["name"])
    vm = api.vm("web-02")
    volume = api.one("/get-vm-volumes", vm_disks_some={"vm": {"id": vm["id"]}})
    body = dict(blank)
    body["vm_disks"] = {
        "mount_cd_roms": [
            {"boot": 2, "elf_image_id": image["id"]},
            {"boot": 3, "content_library_image_id": library["id"]},
            {"boot": 4, "content_library_image_id": ""},
        ],
        "mount_disks": [{"boot": 1, "bus": "SCSI", "vm_volume_id": volume["id"]}],
    }
    assert "VM_VOLUME_MOUNTED" in api.refused("/create-vm", [body])["message"]
    api.world.update(api.world.get("VmVolume", volume["id"]), sharing=True)
    (answer,) = api.run("/create-vm", [body])
    disks = api.post("/get-vm-disks", {"where": {"vm": {"id": answer["data"]["id"]}}})
    images = [each["elf_image"] and each["elf_image"]["id"] for each in disks]
    assert images == [image["id"], image["id"], None, None]
    assert disks[3]["vm_volume"]["id"] == volume["id"]


def _changed(change):
    def apply(body):
        body.update(change)

    return apply


def _nic(**values):
    return _changed({"vm_nics": [values]})


WRONG = [
    (_changed({"cluster_id": "nope"}), "CLUSTER_NOT_FOUND"),
    (_changed({"host_id": "nope"}), "HOST_NOT_FOUND"),
    (_changed({"folder_id": "nope"}), "VM_FOLDER_NOT_FOUND"),
    (_changed({"vcpu": 3}), "JOB_VM_CONGIG_CPU_VCPU_TOPO_MISMATCH"),
    (_changed({"cpu_cores": 0}), "JOB_VM_CONGIG_CPU_VCPU_TOPO_MISMATCH"),
    (_changed({"cpu_cores": 241}), "vcpu"),
    (_changed({"memory": 1000}), "memory"),
    (_changed({"memory": 2**28}), "memory"),
    (_changed({"status": "SUSPENDED"}), "status"),
    (_changed({"name": ""}), "name"),
    (_changed({"name": "x" * 256}), "name"),
    (_changed({"name": "a;b"}), "name"),
    (_changed({"firmware": "COREBOOT"}), "firmware"),
    (_changed({"vm_disks": {}}), "vm_disks"),
    (_changed({"owner": {"value": "nobody"}}), "USER_NOT_FOUND"),
    (_nic(connect_vlan_id="nope"), "VLAN_NOT_FOUND"),
    (_nic(ip_address="10.0.0.1"), "subnet_mask"),
    (
        _changed({"vm_disks": {"mount_disks": [{"boot": 0, "bus": "IDE", "vm_volume_id": "no"}]}}),
        "VM_VOLUME_NOT_FOUND",
    ),
    (
        _changed({"vm_disks": {"mount_cd_roms": [{"boot": 0, "elf_image_id": "no"}]}}),
        "IMAGE_NOT_FOUND",
    ),
    (
        _changed({"vm_disks": {"mount_cd_roms": [{"boot": 0}] * 5}}),
        "JOB_TOO_MANY_IDE_DEVICES",
    ),
    (
        _changed({"vm_disks": {"mount_new_create_disks": [new_disk("x", 65 * 2**40)]}}),
        "STORAGE_POLICY_INVALID_LUN_SIZE",
    ),
]


@pytest.mark.parametrize(
    "change, code", WRONG, ids=[row[1] + str(i) for i, row in enumerate(WRONG)]
)
def test_refusals_create_nothing(api, blank, change, code):
    good, bad = dict(blank, name="good"), dict(blank)
    change(bad)
    error = api.refused("/create-vm", [good, bad])
    assert code in error["message"] and error["path"] == "/create-vm"
    assert len(api.post("/get-vms")) == 7
    assert api.post("/get-tasks") == []


def test_networks_of_other_clusters_or_kinds_are_refused(api, blank):
    for where in (
        {"vds": {"cluster": {"id_not": blank["cluster_id"]}}, "type": "VM"},
        {"vds": {"cluster": {"id": blank["cluster_id"]}}, "type": "STORAGE"},
    ):
        vlan = api.post("/get-vlans", {"where": where})[0]
        body = dict(blank, vm_nics=[{"connect_vlan_id": vlan["id"]}])
        assert "VLAN_NOT_FOUND" in api.refused("/create-vm", [body])["message"]


def test_no_space(api, blank):
    disk = new_disk("thick", 20 * 2**40)
    disk["vm_volume"]["elf_storage_policy"] = "REPLICA_2_THICK_PROVISION"
    blank["vm_disks"] = {"mount_new_create_disks": [disk]}
    assert "EAllocSpace" in api.failed("/create-vm", [blank])["error_message"]


def test_clone(api):
    source = api.vm("web-01")
    (answer,) = api.run("/clone-vm", [{"src_vm_id": source["id"], "name": "copy"}])
    copy = api.one("/get-vms", id=answer["data"]["id"])
    for name in ("memory", "vcpu", "cpu", "firmware", "ha", "os", "provisioned_size", "cluster"):
        assert copy[name] == source[name], name
    assert copy["status"] == "STOPPED"
    assert len(copy["vm_disks"]) == len(source["vm_disks"])
    volumes = api.post("/get-vm-volumes", {"where": {"vm_disks_some": {"vm": {"name": "copy"}}}})
    assert [each["name"] for each in volumes] == ["copy-1", "copy-2"]
    nics = [api.one("/get-vm-nics", vm={"name": name}) for name in ("copy", "web-01")]
    assert nics[0]["vlan"] == nics[1]["vlan"] and nics[0]["mac_address"] != nics[1]["mac_address"]
    assert (
        "VM_NOT_FOUND" in api.refused("/clone-vm", [{"src_vm_id": "nope", "name": "x"}])["message"]
    )


def test_clone_with_changes(api, blank):
    source = api.vm("web-01")
    body = {"src_vm_id": source["id"], "name": "copy", "status": "RUNNING", "memory": 4 * GIB}
    body.update(
        cpu_cores=1, cpu_sockets=1, vm_nics=blank["vm_nics"] * 2, vm_disks=blank["vm_disks"]
    )
    (answer,) = api.run("/clone-vm", [body])
    copy = api.one("/get-vms", id=answer["data"]["id"])
    assert (copy["status"], copy["memory"], copy["vcpu"]) == ("RUNNING", 4 * GIB, 1)
    assert (len(copy["vm_disks"]), len(copy["vm_nics"])) == (1, 2)
    assert copy["ips"].count(",") == 1


def test_from_a_content_library_template(api, blank):
    template = api.one("/get-content-library-vm-templates", name="centos-7-template")
    body = {"template_id": template["id"], "cluster_id": blank["cluster_id"], "is_full_copy": False}
    (answer,) = api.run("/create-vm-from-content-library-template", [dict(body, name="plain")])
    vm = api.one("/get-vms", id=answer["data"]["id"])
    assert (vm["memory"], vm["os"], vm["cluster"]["id"]) == (
        4 * GIB,
        "CentOS 7",
        blank["cluster_id"],
    )
    assert (len(vm["vm_disks"]), len(vm["vm_nics"])) == (1, 1)
    operate = {
        "remove_disks": {"disk_index": [0]},
        "new_disks": {
            "mount_cd_roms": [{"boot": 2, "content_library_image_id": ""}],
            "mount_new_create_disks": [new_disk("other", 5 * GIB)],
        },
    }
    init = {
        "hostname": "inside",
        "networks": [
            {"type": "IPV4", "nic_index": 0, "ip_address": "10.9.9.9", "netmask": "255.0.0.0"}
        ],
    }
    body.update(name="operated", disk_operate=operate, cloud_init=init, status="RUNNING")
    (answer,) = api.run("/create-vm-from-content-library-template", [body])
    vm = api.one("/get-vms", id=answer["data"]["id"])
    assert (vm["hostname"], vm["ips"]) == ("inside", "10.9.9.9")
    disks = api.post("/get-vm-disks", {"where": {"vm": {"id": vm["id"]}}})
    assert [each["type"] for each in disks] == ["CD_ROM", "CD_ROM", "DISK"]
    task = api.failed("/create-vm-from-content-library-template", [body])
    assert task["error_code"] == "CREATE_VM_FORM_TEMPLATE_FAILED"


def test_from_a_vm_template(api, blank):
    template = api.one("/get-vm-templates", cluster={"id": blank["cluster_id"]})
    body = [{"template_id": template["id"], "name": "from", "is_full_copy": True}]
    (answer,) = api.run("/create-vm-from-template", body)
    vm = api.one("/get-vms", id=answer["data"]["id"])
    assert vm["cluster"]["id"] == blank["cluster_id"] and vm["provisioned_size"] == 40 * GIB


def test_delete_takes_volumes_along_but_not_shared_ones(api):
    vm = api.vm("web-01")
    api.run("/poweroff-vm", {"where": {"id": vm["id"]}})
    volumes = api.post("/get-vm-volumes", {"where": {"vm_disks_some": {"vm": {"id": vm["id"]}}}})
    assert len(volumes) == 2
    api.world.update(api.world.get("VmVolume", volumes[0]["id"]), sharing=True)
    (answer,) = api.run("/delete-vm", {"where": {"id": vm["id"]}})
    assert answer["data"] == {"id": vm["id"]}
    for path in ("/get-vms", "/get-vm-disks", "/get-vm-nics"):
        where = {"id": vm["id"]} if path == "/get-vms" else {"vm": {"id": vm["id"]}}
        assert api.post(path, {"where": where}) == []
    left = api.post("/get-vm-volumes", {"where": {"id_in": [each["id"] for each in volumes]}})
    assert [(each["id"], each["mounting"]) for each in left] == [(volumes[0]["id"], False)]
    label = api.one("/get-labels", value="production")
    assert vm["id"] not in [each["id"] for each in label["vms"]] and label["vm_num"] == 2


def test_the_recycle_bin(api):
    where = {"where": {"name": "build-agent"}}
    vm = api.vm("build-agent")
    (answer,) = api.run("/move-vm-to-recycle", where)
    assert answer["data"] == {"id": vm["id"]}
    binned = api.one("/get-vms", id=vm["id"])
    assert binned["in_recycle_bin"] is True and binned["original_name"] == "build-agent"
    assert binned["name"] == "in-recycle-bin-" + vm["local_id"] and binned["deleted_at"]
    where = {"where": {"id": vm["id"]}}
    for path in ("/start-vm", "/move-vm-to-recycle"):
        assert "recycle bin" in api.refused(path, where)["message"]
    api.run("/recover-vm-from-recycle", where)
    back = api.one("/get-vms", id=vm["id"])
    assert back == vm
    assert "not in the recycle bin" in api.refused("/recover-vm-from-recycle", where)["message"]


def test_a_recycle_bin_that_is_off(api):
    where = {"where": {"name": "build-agent"}}
    answer = api.post("/update-global-recycle-bin-setting", {"enabled": False, "retain": 7})
    assert answer["data"]["vm_recycle_bin"] == {"enabled": False, "retain": 7}
    assert (
        "DEFAULT_VM_RECYCLE_BIN_NOT_ENABLE" in api.refused("/move-vm-to-recycle", where)["message"]
    )
    cluster = {"where": {"name": "cluster-01"}}
    rule = dict(cluster, data={"enabled": False, "retain": 1})
    api.post("/create-cluster-recycle-bin-setting", rule)
    assert (
        "CLUSTER_VM_RECYCLE_BIN_NOT_ENABLE" in api.refused("/move-vm-to-recycle", where)["message"]
    )
    api.post("/update-cluster-recycle-bin-setting", dict(rule, data={"enabled": True, "retain": 1}))
    api.run("/move-vm-to-recycle", where)
    api.post("/delete-cluster-recycle-bin-setting", cluster)
    settings = api.one("/get-cluster-settingses", cluster={"name": "cluster-01"})
    assert settings["vm_recycle_bin"] == {"enabled": False, "retain": 7}  # that of the tower
    api.refused("/update-global-recycle-bin-setting", {"enabled": True, "retain": 0})


def test_protected_vms_stay(api):
    api.world.update(api.world.first("Vm", name="build-agent"), protected=True)
    for path in ("/move-vm-to-recycle", "/delete-vm"):
        error = api.refused(path, {"where": {"name": "build-agent"}})
        assert "VM_PROTECTED" in error["message"]
