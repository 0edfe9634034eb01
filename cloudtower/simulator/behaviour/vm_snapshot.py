"""Snapshots of VMs: taking, deleting, rolling back."""

from functools import partial

from cloudtower.simulator.behaviour import disks, frozen, nics, support
from cloudtower.simulator.behaviour.support import begin_each, find, require, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import TaskFailure


@handles("/create-vm-snapshot")
def create(call):
    world, wanted = call.world, []
    for each in call.body["data"]:
        vm, name = find(world, "Vm", each["vm_id"]), each["name"]
        usable_vms(call, vms=[vm])
        kind = each.get("consistent_type") or "CRASH_CONSISTENT"
        if kind == "FILE_SYSTEM_CONSISTENT":
            support.require_tools([vm])
        taken = world.first("VmSnapshot", cluster=vm["cluster"], name=name) is not None
        message = "there is a snapshot with the name %s" % name
        require(not taken, "VM_SNAPSHOT_DUPLICATE_NAME", message)
        wanted.append((vm, name, kind))
    return [_create(call, *each) for each in wanted]


def _create(call, vm, name, kind):
    world, tower = call.world, call.tower
    values = dict(frozen.settings_of(vm), cluster=vm["cluster"], vm=vm, name=name)
    values.update(local_created_at=tower.tasks.now(), local_id=world.ids.uuid())
    snapshot = world.add("VmSnapshot", consistent_type=kind, **values)

    def finish(snapshot):
        if vm not in world:
            raise TaskFailure("VM_NOT_FOUND", "the VM is gone", "CREATE_VM_SNAPSHOT_FAILED")
        kept = {
            "vm_disks": frozen.freeze_disks(tower, vm),
            "vm_nics": frozen.freeze_nics(world, vm),
        }
        world.update(snapshot, size=vm["used_size"] or 0, **kept)

    texts = ("Create a snapshot {0} of VM {1}", "创建虚拟机 {1} 的快照 {0}")
    options = {"undo": partial(world.remove, snapshot), "status": "CREATING"}
    names = (vm["name"],)
    return begin_each(call, [snapshot], "createVmSnapshot", texts, finish, names, **options)[0]


@handles("/delete-vm-snapshot")
def delete(call):
    snapshots = call.select("VmSnapshot")
    call.tower.tasks.require_free(snapshots)
    texts = ("Delete snapshot {0}", "删除快照 {0}")
    finish = partial(remove, call.world)
    return begin_each(call, snapshots, "deleteVmSnapshot", texts, finish, status="DELETING")


def remove(world, snapshot):
    """Delete a snapshot with the LUN snapshots that it is made of."""
    if snapshot not in world:
        return
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

    texts = ("Roll back VM {0} to snapshot {1}", "回滚虚拟机 {0} 至快照 {1}")
    return begin_each(call, vms, "rollbackVm", texts, restore, (snapshot["name"],))
