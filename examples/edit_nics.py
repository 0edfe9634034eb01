"""Network cards of a VM: add, change, remove. They are addressed by position, from 0."""

from typing import List

from common import connect, done, first_cluster, look, networks, temporary_vms

from cloudtower import VmApi, VmNicModel
from cloudtower.types import VmNicParamsDict, VmUpdateNicParamsDataDict, VmWhereInputDict

client = connect()
vm_api = VmApi(client)
found = networks(client, first_cluster(client))

with temporary_vms(client, "example-nics") as (vm_id,):
    this_vm: VmWhereInputDict = {"id": vm_id}
    cards: List[VmNicParamsDict] = [
        {"connect_vlan_id": found[0].id, "enabled": False, "model": VmNicModel.VIRTIO},
        {"connect_vlan_id": found[-1].id, "enabled": True, "mirror": True},
    ]
    done(client, vm_api.add_vm_nic({"where": this_vm, "data": {"vm_nics": cards}}))
    print(len(look(client, vm_id).vm_nics or []), "cards")

    change: VmUpdateNicParamsDataDict = {
        "nic_index": 1,
        "enabled": True,
        "mirror": False,
        "connect_vlan_id": found[-1].id,
    }
    done(client, vm_api.update_vm_nic({"where": this_vm, "data": change}))

    done(client, vm_api.remove_vm_nic({"where": this_vm, "data": {"nic_index": [0, 1]}}))
    print(len(look(client, vm_id).vm_nics or []), "card is left")
client.close()
