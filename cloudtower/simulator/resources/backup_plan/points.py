"""Restore points: what executions of backup plans make, how long they stay, what they add up to."""

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import capture

_DAY = 24 * 60 * 60
#: So much smaller than a full one is an incremental restore point.
_SHARE = 20


@refines("/delete-backup-restore-point")
def delete_backup_restore_point(step):
    """Deletes a restore point, and with it the later ones that build on it."""
    world, point = step.world, step.record
    step.call.tower.tasks.require_free(_chain(world, point))
    given = (point["local_created_at"], point["vm_name"])
    english = "Delete Restore Point %s of VM %s" % given
    step.text = Text(english, "删除虚拟机 %s 的恢复点 %s" % given[::-1])

    @step.later
    def delete():
        plan = world.one(point, "backup_plan")
        if point not in world:
            return  # it went with one that it builds on
        remove(world, point)
        if plan in world:
            measure(world, plan)
            if plan["status"] == "STOPPED" and not plan["backup_restore_points"]:
                remove_plan(world, plan)


def add(tower, plan, vm, target, method):
    """Add the restore point that the backup of a VM has made."""
    world = tower.world
    of_vm = [point for point in _points_of(world, plan, vm) if point["creation"] == method]
    parent = of_vm[-1] if of_vm and target["type"] == "INCREMENTAL" else None
    kind = "INCREMENTAL" if parent is not None else "FULL"
    content = dict(capture.settings_of(vm), name=vm["name"])
    content["vm_disks"] = capture.capture_disks(tower, vm, with_luns=False)
    content.update(capture.capture_nics(world, vm), guest=capture.capture_guest(world, vm))
    used = sum(volume["unique_size"] or 0 for volume in volumes.volumes_of(world, vm))
    stored = used if parent is None else used // _SHARE
    logical = sum(volume["size"] for volume in volumes.volumes_of(world, vm))
    world.add(
        "BackupRestorePoint", backup_plan=plan, backup_target_execution=target,
        cluster_local_id=target["cluster_local_id"], compressed=bool(plan["compression"]),
        content=content, creation=method, local_created_at=tower.tasks.now(),
        local_id=world.ids.uuid(), logical_size=logical,
        parent_restore_point=parent.id if parent is not None else None, physical_size=stored,
        size=stored, snapshot_consistent_type=plan["snapshot_consistent_type"], type=kind,
        valid_capacity=logical, valid_size=used, vm=vm, vm_local_id=vm["local_id"],
        vm_name=vm["name"],
    )  # fmt: skip
    sizes = {"read_bytes": stored, "total_bytes": stored}
    world.update(target, type=kind, parent_backup=parent.id if parent is not None else "", **sizes)
    repository = world.one(plan, "backup_store_repository")
    point = world.one(target, "backup_restore_point")
    world.link(repository, "backup_restore_points", point)


def _points_of(world, plan, vm):
    """The restore points of a VM in a plan, the oldest first."""
    found = world.many(plan, "backup_restore_points")
    return [point for point in found if point["vm_local_id"] == vm["local_id"]]


def _chain(world, point):
    """A restore point and the later ones that build on it, a list."""
    found, ids = [point], {point.id}
    for other in world.many(world.one(point, "backup_plan"), "backup_restore_points"):
        # what builds on a point is later than it
        if other["parent_restore_point"] in ids:
            found.append(other)
            ids.add(other.id)
    return found


def remove(world, point):
    """Delete a restore point, and with it the later ones that build on it."""
    for doomed in _chain(world, point):
        world.remove(doomed)


def retain(tower, plan):
    """Delete what a plan keeps no longer, of what executions by schedule have made.

    The one after a deleted point takes its content over, so that the chain goes on.
    """
    world, policy, value = tower.world, plan["keep_policy"], plan["keep_policy_value"] or 0
    of_vms = {}
    for point in world.many(plan, "backup_restore_points"):
        if point["creation"] == "AUTO":
            of_vms.setdefault(point["vm_local_id"], []).append(point)
    for found in of_vms.values():
        if policy == "COUNT":
            doomed = found[: max(len(found) - value, 0)]
        else:
            oldest = tower.timer() - value * _DAY
            made = [timestamps.seconds_of(point["local_created_at"]) for point in found]
            doomed = [point for point, moment in zip(found, made) if moment < oldest]
        for point in doomed if policy in ("COUNT", "TIME") else ():
            if not tower.tasks.is_busy(point):
                _merge(world, point, found)


def _merge(world, point, found):
    """Delete a restore point; those that build on it stand alone."""
    for other in found:
        if other in world and other["parent_restore_point"] == point.id:
            size = {"physical_size": other["valid_size"], "size": other["valid_size"]}
            world.update(other, parent_restore_point=None, type="FULL", **size)
    world.remove(point)


def remove_plan(world, plan):
    """Delete a plan with its executions and its restore points."""
    repository = world.one(plan, "backup_store_repository")
    doomed = world.many(plan, "backup_plan_executions")
    targets = world.all("BackupTargetExecution")
    targets = [one for one in targets if world.one(one, "backup_plan_execution") in doomed]
    world.remove(plan)
    for record in targets + doomed:
        world.remove(record)
    _measure_repository(world, repository)


def measure(world, plan):
    """Set what the restore points of a plan add up to, and what its repository has left."""
    found = world.many(plan, "backup_restore_points")
    vms = world.many(plan, "vms")
    physical = sum(point["physical_size"] or 0 for point in found)
    sums = {"backup_restore_point_count": len(found), "backup_total_size": physical}
    sums["logical_size"] = sum(point["logical_size"] or 0 for point in found)
    sums["valid_size_of_restore_point"] = sum(point["valid_size"] or 0 for point in found)
    sums["valid_size_of_backup_object"] = sum(vm["unique_size"] or 0 for vm in vms)
    world.update(plan, physical_size=physical, **sums)
    _measure_repository(world, world.one(plan, "backup_store_repository"))


def _measure_repository(world, repository):
    """Set what a repository holds."""
    points = world.many(repository, "backup_restore_points")
    used, total = sum(point["physical_size"] or 0 for point in points), repository["total_capacity"]
    usage = used / total if total else 0.0
    sizes = {"used_data_space": used, "valid_data_space": max(total - used, 0)}
    world.update(repository, used_data_space_usage=usage, **sizes)
