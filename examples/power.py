"""Power operations, on one VM and on several."""

from common import connect, done, first_cluster, temporary_vms

from cloudtower import ApiException, HostApi, VmApi
from cloudtower.types import HostWhereInputDict, VmWhereInputDict

client = connect()
vm_api = VmApi(client)

with temporary_vms(client, "example-power-1", "example-power-2") as ids:
    # A dict that is kept in a variable needs its type, or a checker takes it for any dict.
    one: VmWhereInputDict = {"id": ids[0]}
    both: VmWhereInputDict = {"id_in": ids}

    def states(title: str) -> None:
        vms = vm_api.get_vms({"where": both, "orderBy": "name_ASC"})
        print("%-14s %s" % (title, ", ".join("%s %s" % (vm.name, vm.status) for vm in vms)))

    of_cluster: HostWhereInputDict = {"cluster": {"id": first_cluster(client).id}}
    host = HostApi(client).get_hosts({"where": of_cluster, "first": 1})[0]
    done(client, vm_api.start_vm({"where": one, "data": {"host_id": host.id}}))
    states("Start on host")
    done(client, vm_api.start_vm({"where": {"id": ids[1]}}))
    states("Start")
    done(client, vm_api.suspend_vm({"where": both}))
    states("Suspend")
    done(client, vm_api.resume_vm({"where": both}))
    states("Resume")
    done(client, vm_api.force_restart_vm({"where": both}))
    states("Force restart")
    try:
        # The guest system has to cooperate; these VMs have none, so the tasks may fail.
        done(client, vm_api.restart_vm({"where": one}))
        done(client, vm_api.shut_down_vm({"where": both}))
    except ApiException as error:
        print(error.reason.splitlines()[0])
    done(client, vm_api.force_shut_down_vm({"where": {"id_in": ids, "status": "RUNNING"}}))
    states("Power off")
client.close()
