"""List VMs: all, by page, by state, by a part of the name, by size; and count them."""

from typing import List

from common import connect

from cloudtower import Vm, VmApi, VmStatus
from cloudtower.types import VmWhereInputDict

client = connect()
vm_api = VmApi(client)


def show(title: str, vms: List[Vm]) -> None:
    print("%s: %s" % (title, ", ".join(vm.name for vm in vms) or "none"))


show("All", vm_api.get_vms({}))
show("Second page of three", vm_api.get_vms({"first": 3, "skip": 3}))
show("Running", vm_api.get_vms({"where": {"status": VmStatus.RUNNING}}))
show("More than 4 vCPUs", vm_api.get_vms({"where": {"vcpu_gt": 4}}))

# Either of two conditions; conditions side by side must hold together.
either: VmWhereInputDict = {"OR": [{"name_contains": "web"}, {"description_contains": "web"}]}
show('With "web" in name or description', vm_api.get_vms({"where": either}))

# The filter of a relation: VMs with a network card in a network.
in_network: VmWhereInputDict = {"vm_nics_some": {"vlan": {"name": "default"}}}
show("In network default", vm_api.get_vms({"where": in_network}))

# Many objects: a page after the other, each from the last id on. No `orderBy`: the order is
# that of the ids. `after` would end early, without an error, once the VM it names is deleted.
where: VmWhereInputDict = {"vcpu_gt": 0}
remaining: VmWhereInputDict = where
page, number = 2, 0
while True:
    vms = vm_api.get_vms({"where": remaining, "first": page})
    number += len(vms)
    if len(vms) < page:
        break
    remaining = {"AND": [where, {"id_gt": vms[-1].id}]}
assert number == vm_api.get_vms_connection({"where": where}).aggregate.count
print(number, "in all")
client.close()
