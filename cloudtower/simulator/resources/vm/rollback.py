"""Rolling a VM back to a snapshot."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm import capture, disks, guest, nics
from cloudtower.simulator.resources.vm.rules import usable_vms


@handles("/rollback-vm")
def rollback_vm(call):
    """Gives stopped VMs back the settings, disks and NICs that a snapshot has kept."""
    tower, world = call.tower, call.world
    snapshot = find(world, "VmSnapshot", call.body["data"]["snapshot_id"])
    vms = usable_vms(call, ("STOPPED",))
    tower.tasks.require_free([snapshot])
    for vm in vms:
        message = "snapshot %s is of another VM than %s" % (snapshot["name"], vm["name"])
        require(snapshot["vm"] == vm.id, "VM_SNAPSHOT_NOT_FOUND", message)

    def finish(vm):
        restore(tower, vm, snapshot)

    texts = ("Roll back VM {name} to snapshot {0}", "回滚虚拟机 {name} 至快照 {0}")
    return call.begin_each(vms, "rollbackVm", texts, finish, (snapshot["name"],))


def restore(tower, vm, snapshot):
    """Give a VM back what a snapshot of it has kept."""
    world = tower.world
    for disk in world.many(vm, "vm_disks"):
        disks.unmount(tower, disk)
    disks.mount(tower, vm, capture.restored_disks(world, snapshot, into=vm))
    for nic in world.many(vm, "vm_nics"):
        nics.remove(world, nic)
    cluster = world.one(vm, "cluster")
    nics.add(world, vm, capture.restored_nics(world, snapshot, cluster, with_address=True))
    world.update(vm, **capture.settings_of(snapshot), **capture.system_of(snapshot))
    world.update(vm, vm_tools_status=guest.tools_at_rest(vm))
