"""The recycle bin of VMs, its settings, and permanent deletion."""

from cloudtower.simulator.behaviour import disks, vm_snapshot
from cloudtower.simulator.behaviour.support import begin_each, require, require_state, usable_vms
from cloudtower.simulator.calls import handles


@handles("/move-vm-to-recycle")
def move(call):
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

    texts = ("Move VM {0} to the recycle bin", "将虚拟机 {0} 移入回收站")
    return begin_each(call, vms, "moveVmToRecycleBin", texts, finish)


def _require_bin(world, cluster):
    settings, code = world.one(cluster, "settings"), "CLUSTER_VM_RECYCLE_BIN_NOT_ENABLE"
    rule = settings["vm_recycle_bin"] if settings is not None else None
    if rule is None:
        rule, code = (
            world.first("GlobalSettings")["vm_recycle_bin"],
            "DEFAULT_VM_RECYCLE_BIN_NOT_ENABLE",
        )
    require(rule["enabled"], code, "the recycle bin is off for cluster %s" % cluster["name"])


@handles("/recover-vm-from-recycle")
def recover(call):
    vms = call.select("Vm")
    call.tower.tasks.require_free(vms)
    for vm in vms:
        message = "VM %s is not in the recycle bin" % vm["name"]
        require(vm["in_recycle_bin"], "PRECHECK_VMS_STATE_UNMATCH", message)
        for other in call.world.many(call.world.one(vm, "cluster"), "vms"):
            taken = other is not vm and other["name"] == vm["original_name"]
            require(not taken, "VM_DUPLICATED_NAME", "the name %s is taken" % vm["original_name"])

    def finish(vm):
        changes = {"deleted_at": None, "in_recycle_bin": False, "original_name": None}
        call.world.update(vm, name=vm["original_name"], **changes)

    texts, name = ("Restore VM {0}", "恢复虚拟机 {0}"), "original_name"
    return begin_each(call, vms, "recoverVmFromRecycleBin", texts, finish, name_in=name)


@handles("/delete-vm")
def delete(call):
    world, vms = call.world, call.select("Vm")
    call.tower.tasks.require_free(vms)
    for vm in vms:
        require_state(vm, ("STOPPED", "SUSPENDED"), call.path)
        require(not vm["protected"], "VM_PROTECTED", "VM %s is in a snapshot plan" % vm["name"])
    with_snapshots = (call.body.get("effect") or {}).get("include_snapshots")

    def finish(vm):
        volumes = disks.volumes_of(world, vm)
        for snapshot in world.many(vm, "snapshots") if with_snapshots else ():
            vm_snapshot.remove(world, snapshot)
        world.remove(vm)
        call.tower.access.give(vm, None)
        for volume in volumes:
            if volume["sharing"]:
                world.update(volume, mounting=bool(volume["vm_disks"]))
            else:
                disks.remove_volume(world, volume)

    texts = ("Delete VM {0}", "删除虚拟机 {0}")
    return begin_each(call, vms, "deleteVm", texts, finish, status="DELETING")


@handles("/update-global-recycle-bin-setting")
def update_setting(call):
    settings = call.world.first("GlobalSettings")
    call.world.update(settings, vm_recycle_bin=_rule(call.body))
    return call.answer(settings)


def _rule(given):
    require(given["retain"] > 0, "INVALID_RETAIN", "retain must be more than 0 days")
    return {"enabled": given["enabled"], "retain": given["retain"]}


@handles(
    "/create-cluster-recycle-bin-setting",
    "/update-cluster-recycle-bin-setting",
    "/delete-cluster-recycle-bin-setting",
)
def set_cluster(call):
    rule = None if call.path.startswith("/delete") else _rule(call.body["data"])
    found = [call.world.one(each, "settings") for each in call.select("Cluster")]
    for settings in found:
        call.world.update(settings, vm_recycle_bin=rule)
    return [call.answer(each) for each in found]
