"""Space, memory and mounting: one rule, whoever asks."""

import pytest

GIB, TIB = 2**30, 2**40
THICK, THIN = "REPLICA_2_THICK_PROVISION", "REPLICA_2_THIN_PROVISION"


def _cluster(api):
    return api.one("/get-clusters", name="cluster-01")


def _new(name="big", size=60 * TIB, policy=THICK, **more):
    return dict({"name": name, "size": size, "elf_storage_policy": policy}, **more)


def _disks(volume):
    return {"mount_new_create_disks": [{"boot": 1, "bus": "VIRTIO", "vm_volume": volume}]}


def _volume(api, name):
    return api.one("/get-vm-volumes", name=name)


def _create_volume(api, **fields):
    return "/create-vm-volume", [
        dict(_new(**fields), cluster_id=_cluster(api)["id"], sharing=False)
    ]


def _add_disk(api, **fields):
    data = {"vm_disks": _disks(_new(**fields))}
    return "/add-vm-disk", {"where": {"name": "build-agent"}, "data": data}


def _create_vm(api, **fields):
    vlan = {"name": "default", "vds": {"cluster": {"name": "cluster-01"}}}
    body = {
        "cluster_id": _cluster(api)["id"], "name": "new", "ha": True, "cpu_cores": 1,
        "cpu_sockets": 1, "memory": GIB, "status": "STOPPED", "firmware": "BIOS",
        "vm_nics": [{"connect_vlan_id": api.one("/get-vlans", **vlan)["id"]}],
        "vm_disks": _disks(_new(**fields)),
    }  # fmt: skip
    return "/create-vm", [body]


ASKING = (_create_volume, _add_disk, _create_vm)


def _all(api):
    kinds = ("clusters", "vm-volumes", "iscsi-luns", "vm-disks", "vms", "nvmf-namespaces")
    return dict((kind, api.post("/get-" + kind, {})) for kind in kinds)


@pytest.mark.parametrize("asking", ASKING)
def test_no_space(api, asking):
    before = _all(api)
    task = api.failed(*asking(api))
    assert "EAllocSpace" in task["error_message"]
    assert _all(api) == before


@pytest.mark.parametrize("asking", ASKING)
@pytest.mark.parametrize("policy", [THICK, THIN, "REPLICA_3_THICK_PROVISION"])
def test_what_a_new_volume_takes(api, asking, policy):
    before = _cluster(api)
    api.run(*asking(api, name="new-volume", size=TIB, policy=policy))
    taken = 0 if "THIN" in policy else int(policy[8]) * TIB
    after, volume = _cluster(api), _volume(api, "new-volume")
    assert after["used_data_space"] - before["used_data_space"] == taken
    assert before["valid_data_space"] - after["valid_data_space"] == taken
    assert volume["unique_size"] == taken and volume["lun"]["id"] and volume["path"]
    assert volume["unique_logical_size"] == (TIB if taken else 0)
    # until it is gone
    for disk in volume["vm_disks"]:
        vm = api.one("/get-vms", vm_disks_some={"id": disk["id"]})
        assert vm["unique_size"] >= taken
        body = {"where": {"id": vm["id"]}, "data": {"disk_ids": [disk["id"]]}}
        if vm["name"] == "build-agent":
            api.run("/remove-vm-disk", body)
        else:
            api.run("/delete-vm", {"where": {"id": vm["id"]}})
    if api.post("/get-vm-volumes", {"where": {"name": "new-volume"}}):
        api.run("/delete-vm-volume", {"where": {"name": "new-volume"}})
    assert _cluster(api)["used_data_space"] == before["used_data_space"]


@pytest.mark.parametrize("path", ["/update-vm-volume", "/expand-vm-disk"])
def test_a_thick_volume_grows(api, path):
    api.run(*_add_disk(api, name="thick", size=TIB))
    before = _cluster(api)
    where = {"name": "thick"} if "volume" in path else {"vm_volume": {"name": "thick"}}

    def to(size):
        body = {"where": where, "data": {"size": size}} if "volume" in path else {"where": where}
        return dict(body, size=size) if "disk" in path else body

    assert "EAllocSpace" in api.failed(path, to(60 * TIB))["error_message"]
    assert _volume(api, "thick")["size"] == TIB and _cluster(api) == before
    api.run(path, to(2 * TIB))
    assert _cluster(api)["used_data_space"] - before["used_data_space"] == 2 * TIB


@pytest.mark.parametrize("asking", ASKING)
@pytest.mark.parametrize("policy", ["REPLICA_1_THIN_PROVISION", "REPLICA_1_THICK_PROVISION"])
def test_a_policy_that_the_cluster_has_not(api, asking, policy):
    error = api.refused(*asking(api, size=GIB, policy=policy))
    assert policy in error["message"] and "cluster-01" in error["message"]


def test_more_replicas_than_hosts(api):
    hosts = api.post("/get-hosts", {"where": {"cluster": {"name": "cluster-01"}}})
    api.world.remove(api.world.get("Host", hosts[0]["id"]))
    error = api.refused(*_create_volume(api, policy="REPLICA_3_THIN_PROVISION"))
    assert "REPLICA_NUM_GREATER_THAN_HOSTS_COUNT" in error["message"]


def _target(api, replicas=2, thin=False):
    body = {
        "cluster_id": _cluster(api)["id"], "name": "target", "stripe_num": 8, "stripe_size": 256,
        "stripe_size_unit": "KB", "thin_provision": thin, "replica_num": replicas,
    }  # fmt: skip
    (target,) = api.run("/create-iscsi-target", [body])
    return target["data"]["id"]


def test_luns_take_space_too(api):
    before, target = _cluster(api), _target(api)
    lun = {"iscsi_target_id": target, "name": "lun", "assigned_size": 60 * TIB, "replica_num": 2}
    assert "EAllocSpace" in api.failed("/create-iscsi-lun", [lun])["error_message"]
    assert api.post("/get-iscsi-luns", {"where": {"name": "lun"}}) == []
    api.run("/create-iscsi-lun", [dict(lun, assigned_size=TIB)])
    assert _cluster(api)["used_data_space"] - before["used_data_space"] == 2 * TIB
    body = {"where": {"name": "lun"}, "data": {"assigned_size": 50 * TIB}}
    assert "EAllocSpace" in api.failed("/update-iscsi-lun", body)["error_message"]
    assert api.one("/get-iscsi-luns", name="lun")["assigned_size"] == TIB
    api.run("/delete-iscsi-lun", {"where": {"name": "lun"}, "data": {"remove_snapshot": True}})
    assert _cluster(api)["used_data_space"] == before["used_data_space"]


def test_migration_to_a_cluster_without_space(api):
    api.run("/poweroff-vm", {"where": {"name": "web-02"}})
    there = api.one("/get-clusters", name="cluster-02")
    api.world.update(api.world.get("Cluster", there["id"]), valid_data_space=GIB)
    vlans = [
        api.one("/get-vlans", name=name, vds={"cluster": {"name": cluster}})["local_id"]
        for name, cluster in (("vlan-100", "cluster-01"), ("default", "cluster-02"))
    ]
    mapping = [{"src_vlan_local_id": vlans[0], "dest_vlan_local_id": vlans[1]}]
    config = {"migrate_type": "COLD_MIGRATE", "network_mapping": mapping}
    data = {"cluster_id": there["id"], "vm_config": config}
    body = {"where": {"name": "web-02"}, "data": data}
    task = api.failed("/migrate-vm-across-cluster", body)
    assert "EAllocSpace" in task["error_message"]
    assert api.vm("web-02")["cluster"]["name"] == "cluster-01"


# mounting


def test_the_volume_of_another_vm(api):
    mine, other = api.vm("web-02"), api.vm("build-agent")
    volumes = dict(
        (vm["name"], api.one("/get-vm-volumes", vm_disks_some={"vm": {"id": vm["id"]}})["id"])
        for vm in (mine, other)
    )
    disk = api.one("/get-vm-disks", vm={"name": "web-02"}, type="DISK")["id"]
    data = {"vm_disk_id": disk, "vm_volume_id": volumes["build-agent"]}
    body = {"where": {"name": "web-02"}, "data": data}
    assert "VM_VOLUME_MOUNTED" in api.refused("/update-vm-disk", body)["message"]
    mounted = {"mount_disks": [{"boot": 2, "bus": "SCSI", "vm_volume_id": volumes["build-agent"]}]}
    body = {"where": {"name": "web-02"}, "data": {"vm_disks": mounted}}
    assert "VM_VOLUME_MOUNTED" in api.refused("/add-vm-disk", body)["message"]
    # its own, or one that is free, can be had
    data["vm_volume_id"] = volumes["web-02"]
    api.run("/update-vm-disk", {"where": {"name": "web-02"}, "data": data})
    api.run(*_create_volume(api, name="free", size=GIB))
    data["vm_volume_id"] = _volume(api, "free")["id"]
    api.run("/update-vm-disk", {"where": {"name": "web-02"}, "data": data})


def test_two_want_the_same_volume(api):
    api.run(*_create_volume(api, name="free", size=GIB))
    answers = []
    for name in ("web-02", "build-agent"):
        disk = api.one("/get-vm-disks", vm={"name": name}, type="DISK")["id"]
        data = {"vm_disk_id": disk, "vm_volume_id": _volume(api, "free")["id"]}
        answers += api.post("/update-vm-disk", {"where": {"name": name}, "data": data})
    api.settle()
    assert sorted(task["status"] for task in api.tasks_of(answers)) == ["FAILED", "SUCCESSED"]
    assert len(_volume(api, "free")["vm_disks"]) == 1


def test_a_volume_that_is_being_made(api):
    (answer,) = api.post(*_create_volume(api, name="free", size=GIB))
    mounted = {"mount_disks": [{"boot": 2, "bus": "SCSI", "vm_volume_id": answer["data"]["id"]}]}
    body = {"where": {"name": "web-02"}, "data": {"vm_disks": mounted}}
    assert api.refused("/add-vm-disk", body)["code"] == "ResourceLocked"


# memory


@pytest.mark.parametrize("state", ["RUNNING", "SUSPENDED"])
def test_memory_that_the_host_has_not(api, state):
    if state == "SUSPENDED":
        api.run("/suspend-vm", {"where": {"name": "web-01"}})
    before = api.vm("web-01")
    body = {"where": {"name": "web-01"}, "data": {"memory": 1024, "memory_unit": "GB"}}
    task = api.failed("/update-vm-basic-info", body)
    assert "HostAvailableMemoryFilter" in task["error_message"]
    assert api.vm("web-01")["memory"] == before["memory"]
    body["data"]["memory"] = 64
    api.run("/update-vm-basic-info", body)
    host = api.one("/get-hosts", id=before["host"]["id"])
    assert host["allocatable_memory_bytes"] > 0 and api.vm("web-01")["memory"] == 64 * GIB
