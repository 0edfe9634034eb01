"""The recycle bin of VMs, and permanent deletion."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources import vm_snapshot
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm.rules import require_state, usable_vms


@handles("/move-vm-to-recycle")
def move_vm_to_recycle(call):
    """Puts stopped VMs into the recycle bin under another name, from which they can come back."""
    world, vms = call.world, usable_vms(call)
    for vm in vms:
        require(vm["status"] == "STOPPED", "VM_NOT_STOPPED", "VM %s is not stopped" % vm["name"])
        free = not vm["protected"] and vm["snapshot_plan"] is None
        require(free, "VM_PROTECTED", "VM %s is in a snapshot plan" % vm["name"])
        _require_bin(world, world.one(vm, "cluster"))

    def finish(vm):
        names = {"name": "in-recycle-bin-" + vm["local_id"], "original_name": vm["name"]}
        now = call.tower.tasks.now()
        world.update(vm, deleted_at=now, in_recycle_bin=True, usb_devices=[], **names)

    texts = ("Move VM {name} to the recycle bin", "将虚拟机 {name} 移入回收站")
    return call.begin_each(vms, "moveVmToRecycleBin", texts, finish)


def _require_bin(world, cluster):
    """Refuse where the recycle bin is off, for the cluster or for all."""
    own = (world.one(cluster, "settings") or {}).get("vm_recycle_bin")
    rule = own or world.first("GlobalSettings")["vm_recycle_bin"]
    code = "%s_VM_RECYCLE_BIN_NOT_ENABLE" % ("CLUSTER" if own else "DEFAULT")
    require(rule["enabled"], code, "the recycle bin is off for cluster %s" % cluster["name"])


@handles("/recover-vm-from-recycle")
def recover_vm_from_recycle(call):
    """Takes VMs out of the recycle bin, under the name that they had."""
    vms = call.select("Vm")
    call.tower.tasks.require_free(vms)
    for vm in vms:
        message = "VM %s is not in the recycle bin" % vm["name"]
        require(vm["in_recycle_bin"], "PRECHECK_VMS_STATE_UNMATCH", message)
        name = vm["original_name"]
        free = call.world.first("Vm", cluster=vm["cluster"], name=name) in (None, vm)
        require(free, "VM_DUPLICATED_NAME", "the name %s is taken" % name)

    def finish(vm):
        changes = {"deleted_at": None, "in_recycle_bin": False, "original_name": None}
        call.world.update(vm, name=vm["original_name"], **changes)

    texts = ("Restore VM {original_name}", "恢复虚拟机 {original_name}")
    return call.begin_each(vms, "recoverVmFromRecycleBin", texts, finish)


@handles("/delete-vm")
def delete_vm(call):
    """Deletes VMs for good, with volumes that no other VM has, and snapshots if the body says
    so.
    """
    world, vms = call.world, call.select("Vm")
    call.tower.tasks.require_free(vms)
    for vm in vms:
        require_state(vm, ("STOPPED", "SUSPENDED"), call.path)
        require(not vm["protected"], "VM_PROTECTED", "VM %s is in a snapshot plan" % vm["name"])
    with_snapshots = (call.body.get("effect") or {}).get("include_snapshots")

    def finish(vm):
        held = volumes.volumes_of(world, vm)
        for snapshot in world.many(vm, "snapshots") if with_snapshots else ():
            vm_snapshot.remove_snapshot(world, snapshot)
        world.remove(vm)
        call.tower.permissions.give(vm, None)
        for volume in held:
            if volume["sharing"]:
                world.update(volume, mounting=bool(volume["vm_disks"]))
            else:
                volumes.remove_volume(world, volume)

    texts = ("Delete VM {name}", "删除虚拟机 {name}")
    return call.begin_each(vms, "deleteVm", texts, finish, status="DELETING")
