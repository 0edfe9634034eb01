"""CD-ROMs and disks of a VM: add, mount what exists, expand, remove."""

from typing import Any, Callable, List

from common import GIB, connect, done, first_cluster, new_disk, temporary_vms

from cloudtower import Bus, ElfImageApi, VmApi, VmDisk, VmDiskApi, VmVolumeApi
from cloudtower.types import ElfImageWhereInputDict, VmVolumeCreationParamsDict

client = connect()
vm_api, cluster = VmApi(client), first_cluster(client)


def disks(vm_id: str, **more: Any) -> List[VmDisk]:
    where: Any = dict({"vm": {"id": vm_id}}, **more)  # whatever else is asked for
    return VmDiskApi(client).get_vm_disks({"where": where})


def edit(operation: Callable[[Any], Any], vm_id: str, **data: Any) -> None:
    done(client, operation({"where": {"id": vm_id}, "data": data}))


with temporary_vms(client, "example-disks") as (vm_id,):
    of_cluster: ElfImageWhereInputDict = {"cluster": {"id": cluster.id}}
    image = ElfImageApi(client).get_elf_images({"where": of_cluster, "first": 1})[0]
    cd_rom = {"boot": 0, "index": 0, "elf_image_id": image.id}
    edit(vm_api.add_vm_cd_rom, vm_id, vm_cd_roms=[cd_rom])
    loaded = disks(vm_id, elf_image={"id": image.id})
    print(image.name, "is in a CD-ROM")
    edit(vm_api.remove_vm_cd_rom, vm_id, cd_rom_ids=[each.id for each in loaded])

    edit(
        vm_api.add_vm_disk,
        vm_id,
        vm_disks={"mount_new_create_disks": [new_disk("example-new", 5 * GIB)]},
    )

    volume: VmVolumeCreationParamsDict = {
        "cluster_id": cluster.id,
        "name": "example-existing",
        "size": 5 * GIB,
        "elf_storage_policy": "REPLICA_2_THIN_PROVISION",
        "sharing": False,
    }
    (volume_id,) = done(client, VmVolumeApi(client).create_vm_volume([volume]))
    mount = {"boot": 1, "index": 0, "bus": Bus.VIRTIO, "vm_volume_id": volume_id}
    edit(vm_api.add_vm_disk, vm_id, vm_disks={"mount_disks": [mount]})

    # A disk gets a new id whenever it is edited: find it by its volume.
    (disk,) = disks(vm_id, vm_volume={"id": volume_id})
    done(client, vm_api.expand_vm_disk({"where": {"id": disk.id}, "size": 8 * GIB}))
    print("%d GiB now" % (VmVolumeApi(client).get_vm_volumes({"where": {"id": volume_id}})[0].size // GIB))  # fmt: skip

    # Removing a disk leaves its volume.
    (disk,) = disks(vm_id, vm_volume={"id": volume_id})
    edit(vm_api.remove_vm_disk, vm_id, disk_ids=[disk.id])
    done(client, VmVolumeApi(client).delete_vm_volume_from_vm({"where": {"id": volume_id}}))
    print(len(disks(vm_id)), "disks are left")
client.close()
