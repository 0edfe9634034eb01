"""The world of the user guide: objects that carry the ids and names its examples have.

The examples start, suspend and resume one and the same VM in any order, so each operation first
brings its object into an allowed state (see `any_order`).
"""

from cloudtower.simulator.engine import where
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import disks
from cloudtower.simulator.worlds import alerts, declared
from cloudtower.simulator.worlds.facts import GIB

#: An API key, as the examples spell it.
TOKEN = "token"
_POLICY = "REPLICA_2_THIN_PROVISION"
_WORLD = {
    "Datacenter": [{"id": "datacenter_id", "name": "datacenter_name"}],
    "Cluster": [
        {"id": "cluster_id", "name": "cluster_name"},
        {"id": "cluster_id_2", "name": "cluster-name"},
    ],
    "ContentLibraryImage": [{"id": "content_library_image_id", "name": "image_name"}],
    "ContentLibraryVmTemplate": [{"name": "template_name"}, {"name": "template-name"}],
    "User": [{"username": "your_username", "name": "your_username", "password": "your_password"}],
}
_FIRST = {"cluster": {"id": "cluster_id"}}
#: kind, what is looked for, the id that it gets
_IDS = (
    ("Vlan", {"name": "default", "vds": _FIRST}, "vlan_id"),
    ("Vlan", {"name": "vlan-100", "vds": _FIRST}, "vlan_id_2"),
    ("Host", dict(_FIRST, name="cluster_name-node-03"), "host_id"),
    ("ElfImage", _FIRST, "elf_image_id"),
)
#: id, cluster
_VOLUMES = (("vm_volume_id", "cluster_id"), ("cljm6x2g1405g0958tp3zkhvh", "cluster_id_2"))
#: id: name, status
_VMS = {
    "vm_id": ("guide-vm", "STOPPED"),
    "vm_id_1": ("guide-vm-1", "STOPPED"),
    "vm_id_2": ("guide-vm-2", "STOPPED"),
    "stopped_vm_id": ("guide-vm-stopped", "STOPPED"),
    "target_vm_id": ("target_vm_name", "RUNNING"),
    "string_vm_id": ("a-string-in-the-name", "RUNNING"),
}
#: ids of the disks that are mounted in the first VM
_DISKS = ("vm_disk_id_1", "vm_disk_id_2", "cd_rom_id_1", "cd_rom_id_2")


def fill(tower):
    """Fill a tower's world, and have it take operations in any order."""
    world = tower.world
    tower.any_order = True
    declared.fill(tower, _WORLD)
    tower.authentication.add_key(world.first("User", username=tower.username), TOKEN, "guide")
    for kind_name, condition, id in _IDS:
        world.rename(where.select(world, kind_name, condition)[0], id)
    for id, cluster in _VOLUMES:
        cluster = world.get("Cluster", cluster)
        world.rename(volumes.add_volume(tower, cluster, "guide-volume", GIB, _POLICY), id)
    for id in _VMS:
        revive(tower, id)
    alerts.add(world, world.get("Cluster", "cluster_id"))


def revive(tower, id):
    """Build the VM of the guide that has an id, where there is one."""
    if id not in _VMS:
        return
    name, status = _VMS[id]
    values = {"id": id, "name": name, "status": status, "cluster": "cluster_id", "disks": [10]}
    values.update(vcpu=5, memory=4 * GIB, os="CentOS 7", networks=["default", "vlan-100"])
    vm = declared.add(tower, "Vm", values)
    for disk_id in _DISKS if id == "vm_id" else ():
        if tower.world.get("VmDisk", disk_id) is None:
            add_disk(tower, vm, disk_id)


def add_disk(tower, vm, id):
    """Mount a disk, or a CD-ROM where its id says so, under an id."""
    if "rom" in id:
        wanted = {"type": "CD_ROM", "bus": "IDE", "boot": 0, "disabled": False}
    else:
        new = {"name": id, "size": 10 * GIB, "elf_storage_policy": _POLICY}
        wanted = {"type": "DISK", "bus": "VIRTIO", "boot": 1, "new": new}
    (disk,) = disks.mount(tower, vm, [wanted])
    tower.world.rename(disk, id)
