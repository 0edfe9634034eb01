"""Create blank VMs: with an ISO, with an existing volume, with a new disk, with a card."""

from typing import Any

from common import GIB, blank_vm, connect, done, first_cluster, look, networks, new_disk

from cloudtower import Bus, ElfImageApi, Vm, VmApi, VmNicModel, VmVolumeApi
from cloudtower.types import VmVolumeCreationParamsDict

client = connect()
vm_api, cluster = VmApi(client), first_cluster(client)


def create(title: str, **changes: Any) -> Vm:
    (vm_id,) = done(client, vm_api.create_vm([blank_vm(client, "example-create", **changes)]))
    vm = look(client, vm_id)
    print("%s: disks %d, NICs %d" % (title, len(vm.vm_disks or []), len(vm.vm_nics or [])))
    return vm


def delete(vm: Vm) -> None:
    done(client, vm_api.delete_vm({"where": {"id": vm.id}}))


delete(create("An empty CD-ROM is enough"))

images = ElfImageApi(client).get_elf_images({"where": {"cluster": {"id": cluster.id}}, "first": 1})
cd_rom = {"boot": 0, "index": 0, "elf_image_id": images[0].id}
delete(create("With an ISO", vm_disks={"mount_cd_roms": [cd_rom]}))

volume: VmVolumeCreationParamsDict = {
    "cluster_id": cluster.id,
    "name": "example-volume",
    "size": 5 * GIB,
    "elf_storage_policy": "REPLICA_2_THIN_PROVISION",
    "sharing": False,
}
(volume_id,) = done(client, VmVolumeApi(client).create_vm_volume([volume]))
disk = {"boot": 0, "index": 0, "bus": Bus.VIRTIO, "vm_volume_id": volume_id}
delete(create("With an existing volume", vm_disks={"mount_disks": [disk]}))  # and the volume

new = {"mount_new_create_disks": [new_disk("example-disk")]}
delete(create("With a new disk", vm_disks=new))

# connect_vlan_id is the id of the network, not the number of its VLAN.
card = {"connect_vlan_id": networks(client, cluster)[0].id, "mirror": True}
card["model"] = VmNicModel.VIRTIO
vm = create("With a mirrored card", vm_nics=[card])
assert vm.vm_nics
delete(vm)
client.close()
