"""Restoring from restore points: as a new VM, or in the place of the one that was backed up."""

from functools import partial

from cloudtower._runtime import datatypes
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import require
from cloudtower.simulator.operations import members
from cloudtower.simulator.operations.lookup import find, unique
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import capture, placement, plan, power, rollback
from cloudtower.simulator.schema import models

_SECONDS = 10


@handles("/backup-rebuild-vm")
def backup_rebuild_vm(call):
    """Makes a new VM of what a restore point has kept, on any cluster."""
    data, found = call.body["data"], call.select("BackupRestorePoint")
    call.tower.tasks.require_free(found)
    described = {"name": data["rebuild_name"], "host_id": data["rebuild_target_host_id"]}
    described["status"] = "RUNNING" if data["startup_after_restore"] else "STOPPED"
    plans = {}
    for point in found:
        plans[point] = plan.planned(call, partial(_plan_rebuild, point), described)
    answers = []
    for point, planned in plans.items():
        vm = plan.add_placeholder(call, planned)
        build = partial(plan.build_vm, call.tower, planned, vm, "REBUILD_VM_FAILED")
        text = "Rebuild VM %s from Restore Point %s of VM %s"
        chinese = "重建虚拟机 %s，恢复点 %s，源虚拟机 %s"
        names = (data["rebuild_name"], point["local_created_at"], point["vm_name"])
        texts = Text(text % names, chinese % names)
        ids = ("src_vlan_id", "dst_vlan_id")
        mapping = [members.picked(row, ids) for row in data["rebuild_network_mapping"]]
        values = {"mode": "REBUILD", "rebuild_name": data["rebuild_name"]}
        values["rebuild_network_mapping"] = mapping
        values["rebuild_target_cluster"] = data["rebuild_target_cluster_id"]
        undo = partial(call.world.remove, vm)
        answers.append(_begin(call, point, values, texts, build, [vm], undo))
    return answers


def _plan_rebuild(point, call, params):
    """The Plan of a VM as a restore point has kept it."""
    world, data = call.world, call.body["data"]
    cluster = find(world, "Cluster", data["rebuild_target_cluster_id"])
    planned = plan.Plan(cluster, _content(point))
    planned.fields.update(members.known(capture.system_of(_content(point))))
    planned.disks = capture.restored_disks(world, _content(point))
    planned.nics = capture.restored_nics(world, _content(point), cluster)
    for kept, nic in zip(_content(point)["vm_nics"], planned.nics):
        for row in data["rebuild_network_mapping"]:
            source = world.find("Vlan", row["src_vlan_id"])
            local_id = source["local_id"] if source is not None else row["src_vlan_id"]
            if (kept["vlan"] or {}).get("vlan_local_id") == local_id:
                nic["vlan"] = find(world, "Vlan", row["dst_vlan_id"])
                vds = world.one(nic["vlan"], "vds")
                message = "network %s is of another cluster" % nic["vlan"]["name"]
                require(vds["cluster"] == cluster.id, "VLAN_NOT_FOUND", message)
    return planned


def _content(point):
    """What a restore point has kept; Refusal where it has kept nothing."""
    content = point["content"]
    require(content is not None, "BACKUP_RESTORE_POINT_INVALID", "there is nothing in the point")
    return content


@handles("/backup-restore-vm-in-place")
def backup_restore_vm_in_place(call):
    """Gives VMs back what restore points have kept; they are powered off for that."""
    world, found = call.world, call.select("BackupRestorePoint")
    call.tower.tasks.require_free(found)
    vms = {point: _restorable(world, point) for point in found}
    call.tower.tasks.require_free(list(vms.values()))
    message = "where finds two restore points of one VM"
    require(len(set(vms.values())) == len(vms), "BACKUP_RESTORE_IN_PLACE_NOT_SUPPORT", message)
    starts = call.body["data"]["startup_after_restore"]
    answers = []
    for point, vm in vms.items():

        def restore(point=point, vm=vm):
            if vm["status"] != "STOPPED":
                power.enter(call.tower, vm, "STOPPED")
            rollback.restore(call.tower, vm, _content(point))
            if starts:
                world.update(vm, **placement.on(placement.choose(world, vm)))
                power.enter(call.tower, vm, "RUNNING")

        names = (point["local_created_at"], vm["name"])
        text = "Restore Original VM from Restore Point %s of VM %s" % names
        texts = Text(text, "从虚拟机 %s 的恢复点 %s 原位恢复" % names[::-1])
        answers.append(_begin(call, point, {"mode": "INPLACE"}, texts, restore, [vm]))
    return answers


def _restorable(world, point):
    """The VM that a restore point can be put back into; Refusal where that cannot be."""
    vm, code = world.one(point, "vm"), "BACKUP_RESTORE_IN_PLACE_NOT_SUPPORT"
    require(vm is not None, code, "VM %s is gone, or is a template" % point["vm_name"])
    name = vm["name"]
    require(not vm["in_recycle_bin"], code, "VM %s is in the recycle bin" % name)
    cluster = world.one(vm, "cluster")
    stays = cluster["local_id"] == point["cluster_local_id"]
    require(stays, code, "VM %s is on another cluster" % name)
    kept = [disk for disk in _content(point)["vm_disks"] if disk["type"] == "DISK"]
    kept = sorted(disk["vm_volume_local_id"] for disk in kept)
    held = sorted(volume["local_id"] for volume in volumes.volumes_of(world, vm))
    require(kept == held, code, "VM %s has other disks than then" % name)
    return vm


def _begin(call, point, values, text, work, vms, undo=None):
    """Begin to restore from a point; returns the answer."""
    world, tower = call.world, call.tower
    sizes = {"total_bytes": point["valid_size"], "read_bytes": 0}
    execution = world.add(
        "BackupRestoreExecution", backup_restore_point=point, executed_at=tower.tasks.now(),
        name="%s-%s" % (point["vm_name"], values["mode"].lower()), retry_times=0, status="RUNNING",
        startup_after_restore=call.body["data"]["startup_after_restore"], **dict(values, **sizes),
    )  # fmt: skip

    def finish():
        work()
        world.update(execution, read_bytes=point["valid_size"], status="SUCCESS")

    def failed():
        if execution in world:
            world.update(execution, status="FAILED")
        if undo is not None:
            undo()

    mutation = "rebuildBackupRestorePoint" if values["mode"] == "REBUILD" else "restoreVmInPlace"
    options = {"finish": finish, "undo": failed, "also": vms, "seconds": _SECONDS}
    return call.answer(execution, call.begin(text, mutation, point, **options))


@handles("/get-backup-restore-point-metadata")
def get_backup_restore_point_metadata(call):
    """What a VM was when a restore point was made of it: settings, disks, NICs."""
    world = call.world
    point = unique(world, "BackupRestorePoint", call.body["where"])
    content = _content(point)
    shown = dict(capture.settings_of(content), name=content["name"])
    cpu = shown.pop("cpu") or {}
    shown.update(cpu_cores=cpu.get("cores"), cpu_sockets=cpu.get("sockets"))
    shown.update(local_id=point["vm_local_id"], cluster_local_id=point["cluster_local_id"])
    cluster = world.first("Cluster", local_id=point["cluster_local_id"])
    if cluster is not None:
        names = ("architecture", "type", "version", "vhost_enabled")
        shown.update(("cluster_" + name, cluster[name]) for name in names)
    shown["vm_disks"] = [_shown_disk(disk) for disk in content["vm_disks"]]
    shown["vm_nics"] = [_shown_nic(nic) for nic in content["vm_nics"]]
    return models.complete(shown, datatypes.parse("VmMetaData"))


def _shown_disk(kept):
    """A disk of a restore point, as its metadata show it."""
    shown = members.picked(kept, ("boot", "bus", "disabled", "type"))
    if kept["type"] == "DISK":
        shown.update(vm_volume_name=kept["disk_name"], vm_volume_path=kept["path"])
        shown.update(vm_volume_mounting=True, vm_volume_sharing=False)
        shown["vm_volume_size"] = kept["size"]
    return shown


def _shown_nic(kept):
    """A NIC of a restore point, as its metadata show it."""
    shown = members.picked(kept, ("enabled", "mac_address", "mirror", "model"))
    vlan = kept["vlan"] or {}
    shown.update(vlan_local_id=vlan.get("vlan_local_id"), vlan_name=vlan.get("name"))
    return shown
