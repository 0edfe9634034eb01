"""Move a running VM to a certain host, and to whichever suits."""

from common import connect, done, first_cluster, look, temporary_vms

from cloudtower import HostApi, NestedHost, VmApi, VmStatus
from cloudtower.types import HostWhereInputDict

client = connect()
vm_api = VmApi(client)


def host_of(vm_id: str) -> NestedHost:
    host = look(client, vm_id).host
    assert host is not None
    return host


with temporary_vms(client, "example-migrate", status=VmStatus.RUNNING) as (vm_id,):
    here = host_of(vm_id)
    where: HostWhereInputDict = {"cluster": {"id": first_cluster(client).id}, "id_not": here.id}
    target = HostApi(client).get_hosts({"where": where, "first": 1})[0]
    done(client, vm_api.migrate_vm({"where": {"id": vm_id}, "data": {"host_id": target.id}}))
    print("From %s to %s" % (here.name, host_of(vm_id).name))

    done(client, vm_api.migrate_vm({"where": {"id": vm_id}}))
    print("and on to", host_of(vm_id).name)
client.close()
