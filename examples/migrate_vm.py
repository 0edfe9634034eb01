"""Move a running VM to a certain host, and to whichever suits."""

from common import connect, done, first_cluster, look, temporary_vms

from cloudtower import HostApi, VmApi, VmStatus

client = connect()
vm_api = VmApi(client)

with temporary_vms(client, "example-migrate", status=VmStatus.RUNNING) as (vm_id,):
    here = look(client, vm_id).host
    where = {"cluster": {"id": first_cluster(client).id}, "id_not": here.id}
    target = HostApi(client).get_hosts({"where": where, "first": 1})[0]
    done(client, vm_api.migrate_vm({"where": {"id": vm_id}, "data": {"host_id": target.id}}))
    print("From %s to %s" % (here.name, look(client, vm_id).host.name))

    done(client, vm_api.migrate_vm({"where": {"id": vm_id}}))
    print("and on to", look(client, vm_id).host.name)
client.close()
