"""The world of the user guide: objects that carry the ids and names its examples have.

It is lenient (see `lenient`): the examples start, suspend and resume one and
the same VM in any order.
"""

import re

from cloudtower.simulator.worlds import alerts, declared
from cloudtower.simulator.worlds.facts import GIB

#: An API key and an account, as the examples spell them.
TOKEN = "token"
_USER = {"username": "your_username", "name": "your_username", "password": "your_password"}
_TEMPLATES = ("template_name", "template-name")

#: id, name
_CLUSTERS = (("cluster_id", "cluster_name"), ("cluster_id_2", "cluster-name"))
#: id, name of the network in the first cluster
_NETWORKS = (("vlan_id", "default"), ("vlan_id_2", "vlan-100"))
#: id, cluster
_VOLUMES = (("vm_volume_id", 0), ("cljm6x2g1405g0958tp3zkhvh", 1))

#: id, name, status
_VMS = (
    ("vm_id", "guide-vm", "STOPPED"),
    ("vm_id_1", "guide-vm-1", "STOPPED"),
    ("vm_id_2", "guide-vm-2", "STOPPED"),
    ("stopped_vm_id", "guide-vm-stopped", "STOPPED"),
    ("target_vm_id", "target_vm_name", "RUNNING"),
    ("string_vm_id", "a-string-in-the-name", "RUNNING"),
)
#: ids of the disks that are mounted in the first VM
_DISKS = ("vm_disk_id_1", "vm_disk_id_2", "cd_rom_id_1", "cd_rom_id_2")


def fill(tower):
    """Fill a tower's world, and make the tower lenient."""
    world = tower.world
    tower.lenient = True
    declared.fill(
        tower,
        {
            "Datacenter": [{"id": "datacenter_id", "name": "datacenter_name"}],
            "Cluster": [{"id": id, "name": name} for id, name in _CLUSTERS],
            "ContentLibraryImage": [{"id": "content_library_image_id", "name": "image_name"}],
            "ContentLibraryVmTemplate": [{"name": name} for name in _TEMPLATES],
            "User": [_USER],
        },
    )
    tower.access.add_key(world.first("User", username=tower.username), TOKEN, "guide")
    clusters = [world.get("Cluster", id) for id, _ in _CLUSTERS]
    for id, name in _NETWORKS:
        for vds in world.many(clusters[0], "vdses"):
            for vlan in world.many(vds, "vlans"):
                if vlan["name"] == name:
                    world.rename(vlan, id)
    world.rename(world.many(clusters[0], "hosts")[-1], "host_id")
    world.rename(world.first("ElfImage", cluster="cluster_id"), "elf_image_id")
    for id, number in _VOLUMES:
        add_volume(tower, id, clusters[number])
    for row in _VMS:
        revive(tower, row[0])
    alerts.add(world, clusters[0])


def revive(tower, id):
    """Build the VM of the guide that has an id, where there is one. Returns its record."""
    for vm_id, name, status in _VMS:
        if vm_id == id:
            values = {"id": id, "name": name, "status": status, "cluster": "cluster_id"}
            values.update(vcpu=5, memory=4 * GIB, os="CentOS 7", networks=["default", "vlan-100"])
            vm = declared.add(tower, "Vm", dict(values, disks=[10]))
            for disk_id in _DISKS if id == "vm_id" else ():
                if tower.world.get("VmDisk", disk_id) is None:
                    add_disk(tower, vm, disk_id)
            return vm
    return None


def add_disk(tower, vm, id):
    """Mount a disk, or a CD-ROM where its id says so, under an id."""
    # loaded here, for behaviours are built upon worlds
    from cloudtower.simulator.behaviour import disks

    if re.search("rom", id):
        wanted = {"type": "CD_ROM", "bus": "IDE", "boot": 0, "disabled": False}
    else:
        new = {"name": id, "size": 10 * GIB, "elf_storage_policy": "REPLICA_2_THIN_PROVISION"}
        wanted = {"type": "DISK", "bus": "VIRTIO", "boot": 1, "new": new}
    (disk,) = disks.mount(tower, vm, [wanted])
    tower.world.rename(disk, id)


def add_volume(tower, id, cluster):
    """A volume that no VM has mounted, under an id."""
    from cloudtower.simulator.behaviour import disks

    volume = disks.add_volume(tower, cluster, "guide-volume", GIB, "REPLICA_2_THIN_PROVISION")
    tower.world.rename(volume, id)
