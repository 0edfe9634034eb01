"""The recycle bin of VMs, its settings, and permanent deletion."""

from cloudtower.simulator.behaviour import disks, vm_snapshot
from cloudtower.simulator.behaviour.support import require, require_state, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused
from cloudtower.simulator.language import Text


@handles("/move-vm-to-recycle")
def move(call):
    vms = usable_vms(call)
    for vm in vms:
        require(vm["status"] == "STOPPED", "VM_NOT_STOPPED", "VM %s is not stopped" % vm["name"])
        require(
            not vm["protected"] and vm["snapshot_plan"] is None,
            "VM_PROTECTED",
            "VM %s is in a snapshot plan" % vm["name"],
        )
        _require_bin(call.world, call.world.one(vm, "cluster"))
    return [_move(call, vm) for vm in vms]


def _move(call, vm):
    world, name = call.world, vm["name"]

    def finish():
        world.update(
            vm,
            deleted_at=call.tower.tasks.now(),
            in_recycle_bin=True,
            name="in-recycle-bin-" + vm["local_id"],
            original_name=name,
            usb_devices=[],
        )

    description = Text("Move VM %s to the recycle bin" % name, "将虚拟机 %s 移入回收站" % name)
    return call.answer(vm, call.begin(description, "moveVmToRecycleBin", vm, finish=finish))


def _require_bin(world, cluster):
    settings = world.one(cluster, "settings")
    if settings is not None and settings["vm_recycle_bin"] is not None:
        enabled, code = settings["vm_recycle_bin"]["enabled"], "CLUSTER_VM_RECYCLE_BIN_NOT_ENABLE"
    else:
        settings = world.first("GlobalSettings")
        enabled, code = settings["vm_recycle_bin"]["enabled"], "DEFAULT_VM_RECYCLE_BIN_NOT_ENABLE"
    require(enabled, code, "the recycle bin is off for cluster %s" % cluster["name"])


@handles("/recover-vm-from-recycle")
def recover(call):
    vms = call.select("Vm")
    call.tower.tasks.require_free(vms)
    for vm in vms:
        if not vm["in_recycle_bin"]:
            message = "VM %s is not in the recycle bin" % vm["name"]
            raise refused("PRECHECK_VMS_STATE_UNMATCH", message)
        for other in call.world.many(call.world.one(vm, "cluster"), "vms"):
            taken = other is not vm and other["name"] == vm["original_name"]
            require(not taken, "VM_DUPLICATED_NAME", "the name %s is taken" % vm["original_name"])
    return [_recover(call, vm) for vm in vms]


def _recover(call, vm):
    name = vm["original_name"]

    def finish():
        call.world.update(vm, deleted_at=None, in_recycle_bin=False, name=name, original_name=None)

    description = Text("Restore VM %s" % name, "恢复虚拟机 %s" % name)
    return call.answer(vm, call.begin(description, "recoverVmFromRecycleBin", vm, finish=finish))


@handles("/delete-vm")
def delete(call):
    vms = call.select("Vm")
    call.tower.tasks.require_free(vms)
    for vm in vms:
        require_state(vm, ("STOPPED", "SUSPENDED"), call.path)
        require(not vm["protected"], "VM_PROTECTED", "VM %s is in a snapshot plan" % vm["name"])
    with_snapshots = bool((call.body.get("effect") or {}).get("include_snapshots"))
    return [_delete(call, vm, with_snapshots) for vm in vms]


def _delete(call, vm, with_snapshots):
    world = call.world

    def finish():
        volumes = [world.one(disk, "vm_volume") for disk in world.many(vm, "vm_disks")]
        if with_snapshots:
            for snapshot in world.many(vm, "snapshots"):
                vm_snapshot.remove(world, snapshot)
        world.remove(vm)
        for volume in volumes:
            if volume is None or volume not in world:
                continue
            if volume["sharing"]:
                world.update(volume, mounting=bool(volume["vm_disks"]))
            else:
                disks.remove_volume(world, volume)

    description = Text("Delete VM %s" % vm["name"], "删除虚拟机 %s" % vm["name"])
    task = call.begin(description, "deleteVm", vm, finish=finish, status="DELETING")
    return call.answer(vm, task)


@handles("/update-global-recycle-bin-setting")
def update_setting(call):
    settings = call.world.first("GlobalSettings")
    call.world.update(settings, vm_recycle_bin=_rule(call.body))
    return call.answer(settings)


def _rule(given):
    require(given["retain"] > 0, "INVALID_RETAIN", "retain must be more than 0 days")
    return {"enabled": given["enabled"], "retain": given["retain"]}


@handles("/create-cluster-recycle-bin-setting", "/update-cluster-recycle-bin-setting")
def set_cluster_setting(call):
    rule = _rule(call.body["data"])
    return [_set_cluster(call, each, rule) for each in call.select("Cluster")]


@handles("/delete-cluster-recycle-bin-setting")
def delete_cluster_setting(call):
    return [_set_cluster(call, each, None) for each in call.select("Cluster")]


def _set_cluster(call, cluster, rule):
    settings = call.world.one(cluster, "settings")
    call.world.update(settings, vm_recycle_bin=rule)
    return call.answer(settings)
