"""The recycle bin of VMs, and permanent deletion."""

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.engine.scheduler import job
from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources import vm_snapshot
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import nics
from cloudtower.simulator.resources.vm.rules import require_state, usable_vms

_JOB = "recycle-bin"
_DAY = 24 * 60 * 60
#: VMs go at this time of the day on which they have been kept long enough: 23:59.
_TIME_OF_DAY = _DAY - 60


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
        _plan_end(call.tower, vm)

    texts = ("Move VM {name} to the recycle bin", "将虚拟机 {name} 移入回收站")
    return call.begin_each(vms, "moveVmToRecycleBin", texts, finish)


def rule_of(world, cluster):
    """(the rule of the recycle bin for a cluster, whether it is the cluster's own)."""
    own = (world.one(cluster, "settings") or {}).get("vm_recycle_bin")
    settings = world.first("GlobalSettings")
    return own or (settings and settings["vm_recycle_bin"]) or {"enabled": False}, bool(own)


def _require_bin(world, cluster):
    """Refuse where the recycle bin is off, for the cluster or for all."""
    rule, is_own = rule_of(world, cluster)
    code = "%s_VM_RECYCLE_BIN_NOT_ENABLE" % ("CLUSTER" if is_own else "DEFAULT")
    require(rule["enabled"], code, "the recycle bin is off for cluster %s" % cluster["name"])


def apply_rules(tower):
    """Have the VMs in the bin go when the rules of now say so; those that should be gone, go."""
    for vm in list(tower.world.matching("Vm", in_recycle_bin=True)):
        _plan_end(tower, vm)


def _plan_end(tower, vm):
    """Plan when a VM in the bin is deleted for good."""
    rule, _ = rule_of(tower.world, tower.world.one(vm, "cluster"))
    now = tower.timer()
    since = timestamps.seconds_of(vm["deleted_at"]) if vm["deleted_at"] else now
    over = since + (rule.get("retain") or 0) * _DAY
    if not rule["enabled"] or over <= now:
        tower.scheduler.cancel(_JOB, vm.id)
        _begin_end(tower, vm)
    else:
        tower.scheduler.plan(_JOB, vm.id, over - over % _DAY + _TIME_OF_DAY)


@job(_JOB)
def empty_recycle_bin(tower, vm_id):
    """A VM has been in the bin as long as the rules allow."""
    vm = tower.world.find("Vm", vm_id)
    if vm is not None and vm["in_recycle_bin"]:
        # should it fail, as a restart can make it, there is another day
        tower.scheduler.plan(_JOB, vm_id, tower.timer() + _DAY)
        _begin_end(tower, vm)


def _begin_end(tower, vm):
    """Begin to delete a VM in the bin for good; nothing where somebody works on it."""
    if tower.tasks.is_busy(vm):
        tower.scheduler.plan(_JOB, vm.id, tower.timer() + _DAY)
        return
    text = Text("Delete VM %s" % vm["original_name"], "删除虚拟机 %s" % vm["original_name"])
    options = {"finish": lambda: destroy(tower, vm), "status": "DELETING"}
    tower.tasks.begin(text, "deleteVm", vm, **options)


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
        call.tower.scheduler.cancel(_JOB, vm.id)

    texts = ("Restore VM {original_name}", "恢复虚拟机 {original_name}")
    return call.begin_each(vms, "recoverVmFromRecycleBin", texts, finish)


@handles("/delete-vm")
def delete_vm(call):
    """Deletes VMs for good with the volumes that only they have; with snapshots if asked to."""
    return delete(call, call.select("Vm"), (call.body.get("effect") or {}).get("include_snapshots"))


def delete(call, vms, with_snapshots):
    """Begin the tasks that delete some VMs. Returns the answers."""
    call.tower.tasks.require_free(vms)
    for vm in vms:
        require_state(vm, ("STOPPED", "SUSPENDED"), call.path)
        require(not vm["protected"], "VM_PROTECTED", "VM %s is in a snapshot plan" % vm["name"])

    def finish(vm):
        destroy(call.tower, vm, with_snapshots)

    texts = ("Delete VM {name}", "删除虚拟机 {name}")
    return call.begin_each(vms, "deleteVm", texts, finish, status="DELETING")


def destroy(tower, vm, with_snapshots=False):
    """Delete a VM, with volumes that no other VM has; its snapshots stay, or go too."""
    world, held = tower.world, volumes.volumes_of(tower.world, vm)
    for snapshot in world.many(vm, "snapshots") if with_snapshots else ():
        vm_snapshot.remove_snapshot(world, snapshot)
    for nic in world.many(vm, "vm_nics"):
        nics.remove(world, nic)
    world.remove(vm)
    tower.permissions.give(vm, None)
    for volume in held:
        if volume["sharing"]:
            world.update(volume, mounting=bool(volume["vm_disks"]))
        else:
            volumes.remove_volume(world, volume)
