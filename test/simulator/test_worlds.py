"""Worlds: empty, docs, from a file, large."""

import pytest
import simulated

from cloudtower.simulator.tower import Tower

_YAML = """
Datacenter: [{name: dc}]
Cluster:
  - {id: prod-id, name: prod, datacenters: [dc]}
Vlan:
  - {name: web-net, vlan_id: 7, type: VM, vds: {name: vds-vm, cluster: {name: prod}}}
Vm:
  - {name: web, status: RUNNING, vcpu: 4, memory: 4294967296, os: CentOS 7,
     disks: [40, 10], networks: [web-net, default], description: mine}
Label:
  - {key: tier, value: web, vms: [web], createdAt: 2025-03-01T08:00:00Z}
User:
  - {username: ann, name: Ann, role: READ_ONLY, password: Secret-1}
"""


def test_empty():
    world = Tower(world="empty").world
    assert not world.all("Cluster") and not world.all("Vm")
    assert world.first("User", username="root") and world.first("GlobalSettings")


def test_from_a_file(tmp_path):
    pytest.importorskip("yaml")
    path = tmp_path / "world.yaml"
    path.write_text(_YAML, encoding="utf-8")
    tower = Tower(world=str(path))
    world = tower.world
    (vm,) = world.all("Vm")
    assert (vm["name"], vm["vcpu"], vm["description"]) == ("web", 4, "mine")
    assert vm["cluster"] == "prod-id" and world.one(vm, "cluster")["vm_num"] == 1
    assert [world.one(nic, "vlan")["name"] for nic in world.many(vm, "vm_nics")] == [
        "web-net",
        "default",
    ]
    assert vm["provisioned_size"] == 50 * 2**30 and vm["vm_tools_status"] == "RUNNING"
    label = world.first("Label")
    assert label["vms"] == {vm.id: None} and label["createdAt"] == "2025-03-01T08:00:00.000Z"
    assert tower.authentication.login("ann", "Secret-1")


@pytest.mark.parametrize(
    "description, place",
    [
        ({"Nope": []}, "unknown kind Nope"),
        ({"base": "large"}, "base"),
        ({"Vm": [{"name": "x"}]}, "Vm[0]: a VM needs a cluster"),
        ({"base": "small", "Vm": [{"name": "x", "colour": 1}]}, "Vm[0]: Vm has no field colour"),
        ({"base": "small", "Label": [{"key": 5}]}, "Label[0].key: must be of type str"),
        ({"base": "small", "Label": [{"key": "x", "createdAt": 5}]}, "Label[0].createdAt: "),
        (
            {"base": "small", "Label": [{"key": "x", "vms": ["none"]}]},
            "Label[0].vms[0]: there is no",
        ),
    ],
)
def test_mistakes_are_named(description, place):
    with pytest.raises(ValueError) as caught:
        Tower(world=description)
    assert place in str(caught.value)


@pytest.mark.parametrize(
    "values, place",
    [
        ({"disks": [10, -1]}, "disks[1]: must be a whole number of GiB above 0, not -1"),
        ({"disks": [1.5]}, "disks[0]: must be a whole number"),
        ({"disks": [0]}, "disks[0]: must be a whole number"),
        ({"disks": [True]}, "disks[0]: must be a whole number"),
        ({"disks": ["x"]}, "disks[0]: must be a whole number of GiB above 0, not 'x'"),
        ({"disks": [10**9]}, "disks[0]: STORAGE_POLICY_INVALID_LUN_SIZE"),
        ({"disks": 5}, "disks: must be a list, not 5"),
        ({"disks": [1] * 100}, "disks: JOB_TOO_MANY"),
        ({"disks": [60000]}, "bytes left"),
        ({"vcpu": -3}, "vcpu: JOB_VM_CONGIG_CPU_VCPU_TOPO_MISMATCH"),
        ({"vcpu": 0}, "vcpu: "),
        ({"vcpu": 241}, "vcpu: vcpu must be 1 to 240"),
        ({"vcpu": 3, "cpu": {"cores": 2, "sockets": 1}}, "cpu: "),
        ({"cpu": {"cores": 2}}, "cpu.sockets: is required and missing"),
        ({"memory": -1}, "memory: memory must be a multiple of 512 MiB"),
        ({"memory": 2**29 + 1}, "memory: memory must be a multiple of 512 MiB"),
        (
            {"memory": 2**41, "status": "RUNNING"},
            "memory: no host passed HostAvailableMemoryFilter",
        ),
        ({"memory": 2**41, "status": "RUNNING", "host": "cluster-01-node-01"}, "host: "),
        ({"memory": None}, "memory: must not be null"),
        ({"status": "ON"}, "status: must be one of"),
        ({"name": ""}, "name: name must have 1 to 255 characters"),
        ({"name": "a\nb"}, "name: name must have"),
        ({"name": None}, "name: must not be null"),
        ({"name": "web-01"}, "name: there is a VM with the name web-01"),
        ({"name": "\ud800"}, "name: 'utf-8' codec can't encode"),
        ({"description": "a\ud800"}, "description: 'utf-8' codec"),
        ({"\ud800": 1}, "Vm has no field \\ud800"),
        ({"memory": float("nan")}, "memory: "),
        ({"local_created_at": "yesterday"}, "local_created_at: must be a time in ISO 8601"),
        ({"host": "cluster-02-node-01"}, "host: "),
        ({"folder": {"cluster": {"name": "cluster-02"}}}, "folder: "),
        ({"id": "a b"}, "id: must be text without blanks"),
        ({"id": "a\0"}, "id: must be text without blanks"),
        ({"id": 5}, "id: must be text"),
        ({"networks": ["mgt-network"]}, "networks[0]: must be a VM network of cluster cluster-01"),
        (
            {"networks": ["default", "nope"]},
            "networks[1]: must be a VM network of cluster cluster-01",
        ),
        ({"networks": [["default"]]}, "networks[0]: must be a VM network"),
        ({"networks": "default"}, "networks: must be a list, not 'default'"),
        ({"labels": "x"}, "labels: must be a list, not 'x'"),
        ({"labels": [5]}, "labels[0]: there is no Label 5"),
    ],
)
def test_what_no_vm_can_have(values, place):
    vm = dict({"name": "x", "cluster": "cluster-01"}, **values)
    with pytest.raises(ValueError) as caught:
        Tower(world={"base": "small", "Vm": [vm]})
    text = str(caught.value)
    assert text.startswith("Vm[0]") and place in text and "\n" not in text, text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    text.encode()


@pytest.mark.parametrize(
    "description, text",
    [
        ({"Vm": 5}, "Vm: must be a list of objects, not 5"),
        ({"Vm": {"name": "a"}}, "Vm: must be a list of objects, not {'name': 'a'}"),
        ({"Vm": ["a"]}, "Vm[0]: must be an object such as {name: a}, not 'a'"),
        ({"base": "docs"}, "base must be one of empty, full, small, not 'docs'"),
        ({"base": ["small"]}, "base must be one of empty, full, small, not ['small']"),
        ({5: []}, "unknown kind 5"),
        ({"\ud800": []}, "unknown kind \\ud800"),
        ({"Vm": [{}]}, "Vm[0].name: is missing"),
        ({"Cluster": [{}]}, "Cluster[0].name: is missing"),
        ({"Cluster": [{"name": "c", "disks": [1]}]}, "Cluster[0]: Cluster has no field disks"),
        ({"User": [{"username": "u", "role": "VM_USER"}]}, "roles: [VM_USER]"),
        ({"User": [{"username": "root"}]}, "User[0].username: USER_DUPLICATE_USERNAME"),
        ({"User": [{"username": "u", "role": "ROOT"}]}, "User[0].role: "),
        ({"User": [{"username": "u", "roles": ["ROOT"]}]}, "User[0].roles: "),
        ({"User": [{"username": "u" * 33}]}, "User[0].username: username must have 1 to 32"),
        ({"User": [{"username": "u", "password": 5}]}, "User[0].password: "),
        ({"Label": [{"key": "a b"}]}, "Label[0].key: key must have 1 to 255 letters"),
        ({"Label": [{"key": "a", "value": "!"}]}, "Label[0].value: value must have up to 255"),
        ({"Label": [{"key": "a"}, {"key": "a"}]}, "Label[1].key: LABEL_DUPLICATE_KEY_VALUE"),
        ({"VmDisk": [{}]}, "VmDisk[0].vm: is missing"),
        ({"VmTemplate": [{"name": "t", "vcpu": -1}]}, "VmTemplate[0].vcpu: "),
        ({"VmTemplate": [{"cluster": "cluster-01"}]}, "VmTemplate[0].name: is missing"),
        ({"VmVolume": [{"name": "v", "size": -1}]}, "VmVolume[0]: STORAGE_POLICY_INVALID_LUN_SIZE"),
    ],
)
def test_a_mistake_is_one_line_with_its_place(description, text):
    with pytest.raises(ValueError) as caught:
        Tower(world={"base": "small", **description})
    assert text in str(caught.value) and "\n" not in str(caught.value)
    str(caught.value).encode()


def test_what_is_declared_can_be_used():
    kept = {"cluster": "cluster-01"}
    world = {
        "base": "small",
        "VmSnapshot": [{"name": "s", "vm": "web-01"}, {"name": "orphan", **kept}],
        "VmTemplate": [{"name": "tt", **kept}, {"name": "large", "vcpu": 4, **kept}],
        "ContentLibraryVmTemplate": [{"name": "lt", "vcpu": 4}],
        "VmVolume": [{"name": "v", **kept}],
        "VmVolumeSnapshot": [{"name": "vs", "vm_volume": "v"}],
    }
    api = simulated.start(world=world)
    kept_id = api.world.first("Cluster", name="cluster-01").id
    try:
        ids = {
            name: api.world.first(kind, name=name).id
            for kind, objects in world.items()
            if kind != "base"
            for name in [values["name"] for values in objects]
        }
        for name in ("s", "orphan"):
            api.run(
                "/rebuild-vm-from-snapshot",
                [{"name": "r-" + name, "rebuild_from_snapshot_id": ids[name]}],
            )
        for name in ("tt", "large"):
            api.run(
                "/create-vm-from-template",
                [{"name": "t-" + name, "template_id": ids[name], "is_full_copy": True}],
            )
        library = {
            "name": "l",
            "is_full_copy": True,
            "template_id": ids["lt"],
            "cluster_id": kept_id,
        }
        api.run("/create-vm-from-content-library-template", [library])
        web = api.world.first("Vm", name="web-01")
        made = {vm["name"]: vm for vm in api.world.all("Vm")}
        assert made["r-s"]["memory"] == web["memory"] and len(made["r-s"]["vm_disks"]) == len(
            web["vm_disks"]
        )
        assert (made["t-large"]["vcpu"], made["l"]["vcpu"], made["r-orphan"]["vcpu"]) == (4, 4, 1)
        api.run(
            "/rebuild-vm-volume",
            [{"name": "again", "description": "", "volume_snapshot_id": ids["vs"]}],
        )
    finally:
        api.close()


def test_a_vm_user_and_moments_of_a_zone():
    users = [{"username": "u", "roles": ["VM_USER"]}]
    label = {"key": "x", "createdAt": "2025-03-01T08:00:00+08:00"}
    world = Tower(world={"User": users, "Label": [label]}).world
    user = world.first("User", username="u")
    assert world.many(user, "roles")[0]["preset"] == "VM_USER" and user["role"] is None
    assert world.first("Label")["createdAt"] == "2025-03-01T00:00:00.000Z"


def test_hosts_with_room_are_found():
    vms = [
        {"name": "v%d" % number, "status": "RUNNING", "memory": 200 * 2**30} for number in range(3)
    ]
    world = Tower(world={"Cluster": [{"name": "c"}], "Vm": vms}).world
    assert len({vm["host"] for vm in world.all("Vm")}) == 3
    with pytest.raises(ValueError, match=r"Vm\[3\].memory: no host passed"):
        Tower(world={"Cluster": [{"name": "c"}], "Vm": [*vms, dict(vms[0], name="v3")]})


@pytest.mark.parametrize("text", ["- a", "{", "\t: {"])
def test_a_file_that_is_no_world(tmp_path, text):
    pytest.importorskip("yaml")
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(ValueError):
        Tower(world=str(path))


def test_a_world_that_is_not_there():
    with pytest.raises(ValueError) as caught:
        Tower(world="nowhere.yaml")
    assert "nowhere.yaml" in str(caught.value) and "docs" in str(caught.value)


def test_docs():
    tower = Tower(world="docs")
    world = tower.world
    for kind, ids in {
        "Vm": ("vm_id", "vm_id_1", "vm_id_2", "stopped_vm_id"),
        "Cluster": ("cluster_id",),
        "Vlan": ("vlan_id", "vlan_id_2"),
        "Host": ("host_id",),
        "VmVolume": ("vm_volume_id",),
        "ElfImage": ("elf_image_id",),
        "VmDisk": ("vm_disk_id_1", "vm_disk_id_2", "cd_rom_id_1", "cd_rom_id_2"),
    }.items():
        for each in ids:
            assert world.get(kind, each) is not None, each
    names = set(each["name"] for each in world.all("ContentLibraryVmTemplate"))
    assert names == {"template_name", "template-name"}
    assert [each["type"] for each in world.all("Cluster")] == ["SMTX_OS"] * 2
    assert any(each["type"] == "HDD" for each in world.all("Disk"))
    assert tower.any_order and not tower.lenient and not Tower().any_order


def test_many_vms():
    world = Tower(world="empty", vms=1000).world
    assert len(world.all("Vm")) == 1000
    clusters = [each for each in world.all("Cluster")]
    assert [each["vm_num"] for each in clusters] == [500, 500]
    hosts = world.many(clusters[0], "hosts")
    assert min(each["allocatable_memory_bytes"] for each in hosts) > 100 * 2**30
