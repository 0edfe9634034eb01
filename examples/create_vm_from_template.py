"""Create VMs from a content-library template: as it is, with other disks, with other cards."""

from typing import Any

from common import connect, done, first_cluster, look, networks, new_disk

from cloudtower import Bus, ContentLibraryVmTemplateApi, VmApi, VmNicModel

client = connect()
vm_api, cluster = VmApi(client), first_cluster(client)
templates = ContentLibraryVmTemplateApi(client).get_content_library_vm_templates(
    {"where": {"clusters_some": {"id": cluster.id}}, "first": 1}
)
if not templates:
    raise SystemExit("There is no template in the content library.")


def create(name: str, **changes: Any) -> str:
    body: Any = {
        "template_id": templates[0].id,
        "cluster_id": cluster.id,
        "name": name,
        "is_full_copy": False,
    }
    body.update(changes)
    (vm_id,) = done(client, vm_api.create_vm_from_content_library_template([body]))
    vm = look(client, vm_id)
    print("%s: disks %d, NICs %d" % (vm.name, len(vm.vm_disks or []), len(vm.vm_nics or [])))
    return vm_id


as_it_is = create("example-from-template")

# Disks are numbered from 0. What exists can get another bus, or go; new ones can come.
other_disks = create(
    "example-other-disks",
    disk_operate={
        "modify_disks": [{"disk_index": 0, "bus": Bus.SCSI}],
        "new_disks": {
            "mount_cd_roms": [{"boot": 2, "index": 1}],
            "mount_new_create_disks": [dict(new_disk("example-data"), boot=3)],
        },
    },
)

# Cards that are given take the place of all of the template's. Addresses come by cloud-init.
card = {
    "connect_vlan_id": networks(client, cluster)[-1].id,
    "enabled": True,
    "model": VmNicModel.VIRTIO,
}
other_cards = create("example-other-cards", vm_nics=[card, card])

done(client, vm_api.delete_vm({"where": {"id_in": [as_it_is, other_disks, other_cards]}}))
client.close()
