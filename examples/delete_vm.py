"""Into the recycle bin, back, and deleted for good."""

from common import connect, done, look, temporary_vms

from cloudtower import VmApi
from cloudtower.types import VmWhereInputDict

client = connect()
vm_api = VmApi(client)

with temporary_vms(client, "example-delete-1", "example-delete-2") as ids:
    both: VmWhereInputDict = {"id_in": ids}
    done(client, vm_api.move_vm_to_recycle_bin({"where": both}))
    print("Kept as", look(client, ids[0]).name)
    done(client, vm_api.recover_vm_from_recycle_bin({"where": both}))
    print("It is", look(client, ids[0]).name, "again")
    done(client, vm_api.delete_vm({"where": both}))
    print(len(vm_api.get_vms({"where": both})), "left")
client.close()
