"""Worlds: empty, docs, from a file, large."""

import pytest

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
        ({"Nope": []}, "no kind Nope"),
        ({"base": "large"}, "base"),
        ({"Vm": [{"name": "x"}]}, "Vm[0]: a VM needs a cluster"),
        ({"base": "small", "Vm": [{"name": "x", "colour": 1}]}, "Vm[0]: Vm has no field colour"),
        ({"base": "small", "Label": [{"key": 5}]}, "Label[0]: key must be of type str"),
        ({"base": "small", "Label": [{"key": "x", "createdAt": 5}]}, "createdAt"),
        ({"base": "small", "Label": [{"key": "x", "vms": ["none"]}]}, "Label[0]: there is no Vm"),
    ],
)
def test_mistakes_are_named(description, place):
    with pytest.raises(ValueError) as caught:
        Tower(world=description)
    assert place in str(caught.value)


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
