"""Snapshots of VMs: taking, deleting, rolling back."""

from cloudtower.simulator.behaviour import disks, frozen, nics
from cloudtower.simulator.behaviour.support import find, require, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import TaskFailure
from cloudtower.simulator.language import Text


@handles("/create-vm-snapshot")
def create(call):
    world, wanted = call.world, []
    for each in call.body["data"]:
        vm = find(world, "Vm", each["vm_id"])
        usable_vms(call, vms=[vm])
        kind = each.get("consistent_type") or "CRASH_CONSISTENT"
        require(
            kind != "FILE_SYSTEM_CONSISTENT" or vm["vm_tools_status"] == "RUNNING",
            "EC_SVT_DISABLED",
            "VMTools do not run in VM %s" % vm["name"],
        )
        taken = [
            other["name"] for other in world.all("VmSnapshot") if other["cluster"] == vm["cluster"]
        ]
        require(
            each["name"] not in taken,
            "VM_SNAPSHOT_DUPLICATE_NAME",
            "there is a snapshot with the name %s" % each["name"],
        )
        wanted.append((vm, each["name"], kind))
    return [_create(call, *each) for each in wanted]


def _create(call, vm, name, kind):
    world, tower = call.world, call.tower
    snapshot = world.add(
        "VmSnapshot",
        cluster=vm["cluster"],
        vm=vm,
        name=name,
        consistent_type=kind,
        local_created_at=tower.tasks.now(),
        local_id=world.ids.uuid(),
        **frozen.settings_of(vm),
    )

    def finish():
        if vm not in world:
            raise TaskFailure("VM_NOT_FOUND", "the VM is gone", "CREATE_VM_SNAPSHOT_FAILED")
        world.update(
            snapshot,
            size=vm["used_size"] or 0,
            vm_disks=frozen.freeze_disks(tower, vm),
            vm_nics=frozen.freeze_nics(world, vm),
        )

    description = Text(
        "Create a snapshot %s of VM %s" % (name, vm["name"]),
        "创建虚拟机 %s 的快照 %s" % (vm["name"], name),
    )
    task = call.begin(
        description,
        "createVmSnapshot",
        snapshot,
        finish=finish,
        undo=lambda: world.remove(snapshot),
        status="CREATING",
    )
    return call.answer(snapshot, task)


@handles("/delete-vm-snapshot")
def delete(call):
    snapshots = call.select("VmSnapshot")
    call.tower.tasks.require_free(snapshots)
    return [_delete(call, each) for each in snapshots]


def _delete(call, snapshot):
    def finish():
        remove(call.world, snapshot)

    name = snapshot["name"]
    description = Text("Delete snapshot %s" % name, "删除快照 %s" % name)
    task = call.begin(description, "deleteVmSnapshot", snapshot, finish=finish, status="DELETING")
    return call.answer(snapshot, task)


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
    snapshot = find(call.world, "VmSnapshot", call.body["data"]["snapshot_id"])
    vms = usable_vms(call, ("STOPPED",))
    call.tower.tasks.require_free([snapshot])
    for vm in vms:
        own = snapshot["vm"] == vm.id
        message = "snapshot %s is of another VM than %s" % (snapshot["name"], vm["name"])
        require(own, "VM_SNAPSHOT_NOT_FOUND", message)
    return [_rollback(call, vm, snapshot) for vm in vms]


def _rollback(call, vm, snapshot):
    tower, world = call.tower, call.world

    def restore():
        for disk in world.many(vm, "vm_disks"):
            disks.unmount(tower, disk)
        disks.mount(tower, vm, frozen.thaw_disks(world, snapshot, into=vm))
        for nic in world.many(vm, "vm_nics"):
            world.remove(nic)
        cluster = world.one(vm, "cluster")
        nics.add(world, vm, frozen.thaw_nics(world, snapshot, cluster, with_address=True))
        world.update(vm, **frozen.settings_of(snapshot))

    name = vm["name"]
    description = Text(
        "Roll back VM %s to snapshot %s" % (name, snapshot["name"]),
        "回滚虚拟机 %s 至快照 %s" % (name, snapshot["name"]),
    )
    return call.answer(vm, call.begin(description, "rollbackVm", vm, finish=restore))
