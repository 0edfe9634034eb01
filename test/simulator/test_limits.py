"""What the interface leaves open and a server refuses: names, limits, the last disk."""

import pytest

GIB = 2**30


def _cluster(api):
    return api.one("/get-clusters", name="cluster-01")


@pytest.mark.parametrize("name", ["", "a\nb", "a\tb", "x" * 256, "nul\x00", "a\u2028b"])
def test_names(api, blank, name):
    vm, cluster = api.vm("build-agent"), _cluster(api)["id"]
    named = {"name": name, "cluster_id": cluster}
    asked = {
        "/create-vm": [dict(blank, name=name)],
        "/clone-vm": [{"src_vm_id": vm["id"], "name": name}],
        "/update-vm-basic-info": {"where": {"id": vm["id"]}, "data": {"name": name}},
        "/create-vm-folder": [named],
        "/create-vm-placement-group": [dict(named, enabled=True)],
        "/create-vm-snapshot": {"data": [{"vm_id": vm["id"], "name": name}]},
        "/update-vm-folder": {"where": {"name": "folder-01"}, "data": {"name": name}},
        "/create-datacenter": [
            {"name": name, "organization_id": api.one("/get-organizations")["id"]}
        ],
        "/create-vm-volume": [
            dict(named, size=GIB, elf_storage_policy="REPLICA_2_THIN_PROVISION", sharing=False)
        ],
    }
    for path, body in asked.items():
        assert "name must have" in api.refused(path, body)["message"], path
    volume = {"name": name, "size": GIB, "elf_storage_policy": "REPLICA_2_THIN_PROVISION"}
    new = {"mount_new_create_disks": [{"boot": 2, "bus": "SCSI", "vm_volume": volume}]}
    body = {"where": {"id": vm["id"]}, "data": {"vm_disks": new}}
    assert "name must have" in api.refused("/add-vm-disk", body)["message"]


@pytest.mark.parametrize("name", ["a b", "测试-1", "x" * 255, "🚀"])
def test_good_names(api, blank, name):
    api.run("/create-vm", [dict(blank, name=name)])
    assert api.vm(name)["status"] == "STOPPED"
    api.run("/create-vm-folder", [{"name": name, "cluster_id": _cluster(api)["id"]}])


def test_stricter_names(api):
    organization = api.one("/get-organizations")["id"]
    for character in "%&*$#@!\\/:?\"<>|;'":
        body = [{"name": "dc" + character, "organization_id": organization}]
        api.refused("/create-datacenter", body)


@pytest.mark.parametrize("text", ["a b", "a/b", "a\nb", "a:b", "x" * 256])
def test_labels(api, text):
    api.refused("/create-label", [{"key": text, "value": "v"}])
    api.refused("/create-label", [{"key": "k", "value": text}])
    label = api.one("/get-labels", key="owner")["id"]
    api.refused("/update-label", {"where": {"id": label}, "data": {"key": text}})


@pytest.mark.parametrize("key, value", [("系统", "生产-1"), ("a.b_c-D9", ""), ("k", "v.1")])
def test_good_labels(api, key, value):
    (label,) = api.post("/create-label", [{"key": key, "value": value}])
    assert (label["data"]["key"], label["data"]["value"]) == (key, value)
    api.refused("/create-label", [{"key": "", "value": "v"}])


@pytest.mark.parametrize("replica", [[5], [2, 1], [0], [2, 3, 4]])
def test_limits_of_the_items_of_a_list(api, replica):
    body = {"where": {"name": "cluster-01"}, "effect": {"replica": replica}}
    assert "effect.replica[" in api.refused("/get-cluster-storage-info", body)["message"]
    body["effect"] = {}
    (shown,) = api.post("/get-cluster-storage-info", body)
    found = shown["allocable_storage_capacity"]["replica"]
    assert [each["replica_num"] for each in found] == [2, 3]


def _from_template(api, **cloud_init):
    template = api.one("/get-vm-templates", cluster={"name": "cluster-01"})["id"]
    return [{"template_id": template, "name": "t", "is_full_copy": False, "cloud_init": cloud_init}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"nameservers": ["10.0.0.1"] * 4},
        {"nameservers": ["here"]},
        {"public_keys": ["ssh-rsa A"] * 11},
        {"user_data": "x" * (32 * 1024 + 1)},
        {"user_data": "测" * (11 * 1024)},
        {"hostname": "x" * 64},
        {"hostname": "a_b"},
        {"hostname": "-a"},
        {"networks": [{"type": "IPV4_DHCP", "nic_index": 16}]},
        {"networks": [{"type": "IPV4_DHCP", "nic_index": 7}]},
        {"networks": [{"type": "IPV4", "nic_index": 0, "ip_address": "10.0.0"}]},
    ],
)
def test_limits_of_cloud_init(api, wrong):
    assert api.refused("/create-vm-from-template", _from_template(api, **wrong))
    library = api.one("/get-content-library-vm-templates")["id"]
    more = {"template_id": library, "cluster_id": _cluster(api)["id"]}
    body = [dict(_from_template(api, **wrong)[0], **more)]
    assert api.refused("/create-vm-from-content-library-template", body)


def test_good_cloud_init(api):
    network = {"nic_index": 0, "ip_address": "10.0.0.5", "netmask": "255.255.255.0"}
    good = {
        "nameservers": ["10.0.0.1", "10.0.0.2", "::1"], "public_keys": ["ssh-rsa A"] * 10,
        "user_data": "x" * (32 * 1024), "hostname": "x" * 63, "networks": [network],
    }  # fmt: skip
    api.run("/create-vm-from-template", _from_template(api, **good))
    nic = api.one("/get-vm-nics", vm={"name": "t"})
    assert nic["ip_address"] == "10.0.0.5"


# the last disk


def test_the_last_disk_stays(api, blank):
    vm_id = api.run("/create-vm", [blank])[0]["data"]["id"]
    (disk,) = api.vm("new-vm")["vm_disks"]
    body = {"where": {"id": vm_id}, "data": {"disk_ids": [disk["id"]]}}
    assert "JOB_CANNOT_DETACH_ALL_DISKS" in api.refused("/remove-vm-disk", body)["message"]
    # official suites keep a CD-ROM drive instead
    data = {"vm_cd_roms": [{"boot": 2, "index": 1}]}
    api.run("/add-vm-cd-rom", {"where": {"id": vm_id}, "data": data})
    api.run("/remove-vm-disk", body)
    (drive,) = api.vm("new-vm")["vm_disks"]
    body = {"where": {"id": vm_id}, "data": {"cd_rom_ids": [drive["id"]]}}
    api.refused("/remove-vm-cd-rom", body)


def test_a_system_keeps_the_disk_it_is_on(api):
    disk = api.one("/get-vm-disks", vm={"name": "build-agent"}, type="DISK")
    body = {"where": {"name": "build-agent"}, "data": {"disk_ids": [disk["id"]]}}
    assert "JOB_CANNOT_DETACH_ALL_DISKS" in api.refused("/remove-vm-disk", body)["message"]
    assert api.one("/get-vm-disks", vm={"name": "build-agent"}, type="DISK") == disk


# what official clients leave out


def test_deletions_without_data(api):
    cluster = _cluster(api)["id"]
    body = {
        "cluster_id": cluster, "name": "target", "stripe_num": 8, "stripe_size": 256,
        "stripe_size_unit": "KB", "thin_provision": True, "replica_num": 2,
    }  # fmt: skip
    (target,) = api.run("/create-iscsi-target", [body])
    for more in ({}, {"data": {}}, {"data": {"remove_snapshot": False}}):
        lun = {"iscsi_target_id": target["data"]["id"], "name": "lun", "replica_num": 2}
        api.run("/create-iscsi-lun", [dict(lun, assigned_size=GIB)])
        api.run("/delete-iscsi-lun", dict({"where": {"name": "lun"}}, **more))
        assert api.post("/get-iscsi-luns", {"where": {"name": "lun"}}) == []
    for path in ("/delete-nvmf-namespace", "/delete-consistency-group"):
        answer = api.send("POST", path, {"where": {"name": "nothing"}})
        assert answer.status in (200, 501), (path, answer.body)
    # but not without knowing what
    assert (
        "where" in api.refused("/delete-iscsi-lun", {"data": {"remove_snapshot": True}})["message"]
    )


def test_other_members_that_clients_leave_out(api, blank):
    del blank["vm_nics"]
    api.refused("/create-vm", [dict(blank, name="without", vm_disks=None)])
    api.run("/create-vm", [dict(blank, vm_nics=None)])
    assert api.vm("new-vm")["vm_nics"] == []
    where = {"vm": {"name": "web-01"}}
    api.run("/remove-vm-nic-by-where", {"where": where})
    assert api.vm("web-01")["vm_nics"] == []
    body = dict(_from_template(api)[0], disk_operate={"remove_disks": {"disk_index": None}})
    api.run("/create-vm-from-template", [body])


# addresses, sizes, processors: whoever asks


@pytest.mark.parametrize(
    "wrong",
    [
        {"mac_address": "01:00:5e:00:00:01"},
        {"mac_address": "ff:ff:ff:ff:ff:ff"},
        {"mac_address": "00:00:00:00:00:00"},
        {"mac_address": "52:54:00:11:22:33\n"},
        {"ip_address": "10.0.0.5", "subnet_mask": "255.0.255.0"},
        {"ip_address": "10.0.0.5", "subnet_mask": "10.0.0.1"},
        {"connect_vlan_id": ""},
    ],
)
def test_addresses_of_nics(api, blank, wrong):
    vm, template = api.vm("build-agent"), _from_template(api)[0]
    api.run("/create-vm-snapshot", {"data": [{"vm_id": vm["id"], "name": "s"}]})
    snapshot = api.one("/get-vm-snapshots", name="s")["id"]
    nics = {"vm_nics": [dict(blank["vm_nics"][0], **wrong)]}
    edited, where = dict(wrong, nic_index=0), {"where": {"id": vm["id"]}}
    asked = {
        "/create-vm": [dict(blank, **nics)],
        "/clone-vm": [dict(nics, src_vm_id=vm["id"], name="c")],
        "/rebuild-vm-from-snapshot": [dict(nics, rebuild_from_snapshot_id=snapshot, name="r")],
        "/create-vm-from-template": [dict(template, **nics)],
        "/add-vm-nic": dict(where, data=nics),
        "/update-vm-nic": dict(where, data=edited),
    }
    for path, body in asked.items():
        assert api.refused(path, body), path


@pytest.mark.parametrize("mask", ["255.255.255.255", "255.255.240.0", "255.0.0.0"])
def test_good_masks(api, blank, mask):
    nic = dict(blank["vm_nics"][0], ip_address="10.0.0.5", subnet_mask=mask)
    api.run("/create-vm", [dict(blank, vm_nics=[dict(nic, mac_address="52:54:00:AB:cd:01")])])
    assert api.one("/get-vm-nics", vm={"name": "new-vm"})["subnet_mask"] == mask


@pytest.mark.parametrize(
    "change", [{"cpu_cores": 0}, {"cpu_sockets": 0}, {"vcpu": 0}, {"vcpu": -1}]
)
def test_no_processor(api, blank, change):
    vm = api.vm("build-agent")
    update = {"where": {"id": vm["id"]}, "data": change}
    api.refused("/update-vm-basic-info", update)
    api.refused("/create-vm", [dict(blank, **change)])
    api.refused("/clone-vm", [dict(change, src_vm_id=vm["id"], name="c")])


@pytest.mark.parametrize("size", [64 * 2**40 + 1, 2**60])
def test_no_volume_is_larger(api, size):
    vm = api.vm("build-agent")
    disk = next(each for each in api.post("/get-vm-disks", {"where": {"vm": {"id": vm["id"]}}})
                if each["vm_volume"])  # fmt: skip
    code = "STORAGE_POLICY_INVALID_LUN_SIZE"
    expand = {"where": {"id": disk["id"]}, "size": size}
    update = {"where": {"id": disk["vm_volume"]["id"]}, "data": {"size": size}}
    for path, body in (("/expand-vm-disk", expand), ("/update-vm-volume", update)):
        assert code in api.refused(path, body)["message"], path


@pytest.mark.parametrize("servers", [["here"], ["10.0.0.1", ""], ["10.0.0"]])
def test_name_servers_of_a_guest(api, servers):
    where = {"where": {"name": "web-01"}}
    api.refused("/update-vm-host-options", dict(where, data={"dns_servers": servers}))
