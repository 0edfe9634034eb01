"""A VM with more memory, and one of its disks with more room."""

from cloudtower import ApiClient, ByteUnit, Configuration, VmApi, VmDiskApi
from cloudtower.utils import call_and_wait, find, get_one

NAME, MEMORY, VOLUME, SIZE = "db-01", 64, "db-01-2", 600  # GiB

client = ApiClient(Configuration.from_env())
vm_api = VmApi(client)
vm = find(vm_api.get_vms, NAME, where={"in_recycle_bin": False})
disk = get_one(
    VmDiskApi(client).get_vm_disks,
    where={"vm": {"id": vm.id}, "vm_volume": {"name": VOLUME}},
)
call_and_wait(
    vm_api.expand_vm_disk, {"where": {"id": disk.id}, "size": SIZE, "size_unit": ByteUnit.GB}
)
(vm,) = call_and_wait(
    vm_api.update_vm,
    {"where": {"id": vm.id}, "data": {"memory": MEMORY, "memory_unit": ByteUnit.GB}},
)
print("%s has %d GiB of memory" % (vm.name, vm.memory // 2**30))
client.close()
