"""Snapshots of VMs: taking, deleting, rolling back."""

from cloudtower.simulator.behaviour import disks, frozen, nics, support
from cloudtower.simulator.behaviour.generic import refines
from cloudtower.simulator.behaviour.support import begin_each, find, require, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import TaskFailure
from cloudtower.simulator.language import Text


@refines("/create-vm-snapshot")
def create(step):
    world, vm, name = step.world, step.named("vm"), step.values["name"]
    usable_vms(step.call, vms=[vm])
    if step.values.get("consistent_type") == "FILE_SYSTEM_CONSISTENT":
        support.require_tools([vm])
    step.values.update(frozen.settings_of(vm), cluster=vm["cluster"])
    english = "Create a snapshot %s of VM %s" % (name, vm["name"])
    step.text = Text(english, "创建虚拟机 %s 的快照 %s" % (vm["name"], name))

    @step.later
    def freeze():
        if vm not in world:
            raise TaskFailure("VM_NOT_FOUND", "the VM is gone", "CREATE_VM_SNAPSHOT_FAILED")
        vm_disks, vm_nics = frozen.freeze_disks(step.call.tower, vm), frozen.freeze_nics(world, vm)
        world.update(step.record, size=vm["used_size"] or 0, vm_disks=vm_disks, vm_nics=vm_nics)


@refines("/delete-vm-snapshot")
def delete(step):
    name = step.record["name"]
    step.text = Text("Delete snapshot %s" % name, "删除快照 %s" % name)
    step.later(lambda: remove(step.world, step.record))


def remove(world, snapshot):
    """Delete a snapshot with the LUN snapshots that it is made of."""
    names = set(each["snapshot_local_id"] for each in snapshot["vm_disks"])
    world.remove(snapshot)
    for each in [each for each in world.all("IscsiLunSnapshot") if each["name"] in names]:
        world.remove(each)


@handles("/rollback-vm")
def rollback(call):
    tower, world = call.tower, call.world
    snapshot = find(world, "VmSnapshot", call.body["data"]["snapshot_id"])
    vms = usable_vms(call, ("STOPPED",))
    tower.tasks.require_free([snapshot])
    for vm in vms:
        message = "snapshot %s is of another VM than %s" % (snapshot["name"], vm["name"])
        require(snapshot["vm"] == vm.id, "VM_SNAPSHOT_NOT_FOUND", message)

    def restore(vm):
        for disk in world.many(vm, "vm_disks"):
            disks.unmount(tower, disk)
        disks.mount(tower, vm, frozen.thaw_disks(world, snapshot, into=vm))
        for nic in world.many(vm, "vm_nics"):
            world.remove(nic)
        cluster = world.one(vm, "cluster")
        nics.add(world, vm, frozen.thaw_nics(world, snapshot, cluster, with_address=True))
        world.update(vm, **frozen.settings_of(snapshot))

    texts = ("Roll back VM {name} to snapshot {0}", "回滚虚拟机 {name} 至快照 {0}")
    return begin_each(call, vms, "rollbackVm", texts, restore, (snapshot["name"],))
