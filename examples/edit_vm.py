"""Change a VM's name, description, processor and memory."""

from common import GIB, connect, done, look, temporary_vms

from cloudtower import VmApi
from cloudtower.types import VmUpdateParamsDataDict

client = connect()
with temporary_vms(client, "example-edit") as (vm_id,):
    change: VmUpdateParamsDataDict = {
        "name": "example-edited",
        "description": "changed by an example",
        "ha": False,
        "cpu_cores": 2,
        "cpu_sockets": 2,
        "vcpu": 4,
        "memory": 4 * GIB,
    }
    done(client, VmApi(client).update_vm({"where": {"id": vm_id}, "data": change}))
    vm = look(client, vm_id)
    assert (vm.name, vm.vcpu, vm.memory, vm.ha) == ("example-edited", 4, 4 * GIB, False)
    print("%s has %d vCPUs and %d GiB" % (vm.name, vm.vcpu, vm.memory // GIB))
client.close()
