"""Backup plans: which VMs they back up, when, and how long that is kept."""

import re

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.backup_plan import executions, points
from cloudtower.simulator.resources.shared import timetable, volumes

_NAME = re.compile(r"^[a-z][a-z0-9-]{0,62}$")
_MOST_DISKS = 16
_SHORTEST_WINDOW = 15
_KEEP, _DELETE = "KEEP_RESTORE_POINT", "DELETE_RESTORE_POINT"


@refines("/create-backup-plan")
def create_backup_plan(step):
    """Has VMs backed up into a repository by a timetable."""
    values, world = step.values, step.world
    service, repository = step.named("backup_service"), step.named("backup_store_repository")
    message = "repository %s is of another service" % repository["name"]
    own = repository["backup_service"] == service.id
    require(own, "BACKUP_STORE_REPOSITORY_NOT_FOUND", message)
    _read(step)
    values.update(createdAt=step.now, phase="WAITING_SCHEDULE", status="WORKING")
    never = dict.fromkeys(("last_execute_status", "last_manual_execute_status"), "NEVER_EXECUTE")
    values.update(never)

    @step.later
    def begin():
        points.measure(world, step.record)
        executions.schedule(step.call.tower, step.record)


@refines("/update-backup-plan")
def update_backup_plan(step):
    """Changes what a plan backs up, when, or how long that is kept."""
    world, plan = step.world, step.record
    _read(step)
    before = world.many(plan, "vms")
    deletes = step.params.get("disconnect_strategy") == _DELETE

    @step.later
    def settle():
        gone = [vm for vm in before if vm.id not in plan["vms"]]
        if deletes:
            for point in world.many(plan, "backup_restore_points"):
                if world.one(point, "vm") in gone:
                    points.remove(world, point)
        points.retain(step.call.tower, plan)
        points.measure(world, plan)
        executions.schedule(step.call.tower, plan)


def _read(step):
    """Check what a body says of a plan."""
    name = step.get("name")
    if not _NAME.match(name or ""):
        message = "name must have 1 to 63 of a-z 0-9 and -, a letter first: %r"
        raise invalid("name", message % name)
    policy, value = step.get("keep_policy"), step.get("keep_policy_value")
    if policy != "FOREVER" and (value or 0) < 1:
        raise invalid("keep_policy_value", "keep_policy_value must be 1 at least")
    for member in ("full_interval", "incremental_interval"):
        if (step.get(member) or 0) < 1:
            raise invalid(member, "%s must be 1 at least" % member)
    if step.get("incremental_period") == "WEEKLY" and not step.get("incremental_weekdays"):
        raise invalid("incremental_weekdays", "WEEKLY needs incremental_weekdays")
    if step.get("enable_window"):
        _require_window(step.get("window_start"), step.get("window_end"))
    if "vms" in step.values:
        _require_backup(step)


def _require_window(start, end):
    """Refuse a window that is shorter than a quarter of an hour."""
    times = [timetable.time_of_day(given) for given in (start, end)]
    if None in times:
        raise invalid("window_start", "a window has a window_start and a window_end")
    begins, ends = (time["hour"] * 60 + time["minute"] for time in times)
    if (ends - begins) % (24 * 60) < _SHORTEST_WINDOW:
        raise invalid("window_end", "a window has 15 minutes at least")


def _require_backup(step):
    """Refuse VMs that cannot be backed up."""
    world = step.world
    for vm in step.values["vms"]:
        name = vm["name"]
        require(not vm["in_recycle_bin"], "VM_NOT_FOUND", "VM %s is in the recycle bin" % name)
        own, held = vm["vm_usage"] is None, volumes.volumes_of(world, vm)
        message = "VM %s belongs to a system service" % name
        require(own, "BACKUP_PLAN_VM_NOT_SUPPORT", message)
        fits = len(held) <= _MOST_DISKS
        require(fits, "BACKUP_PLAN_VM_NOT_SUPPORT", "VM %s has more than 16 disks" % name)
        shared = any(volume["sharing"] for volume in held)
        require(not shared, "BACKUP_PLAN_VM_NOT_SUPPORT", "a volume of VM %s is shared" % name)


@handles("/delete-backup-plan")
def delete_backup_plan(call):
    """Ends plans; their restore points go, or stay with a plan that has stopped."""
    world, plans = call.world, call.select("BackupPlan")
    call.tower.tasks.require_free(plans)
    for plan in plans:
        executions.require_rest(world, plan)
        call.tower.tasks.require_free(world.many(plan, "backup_restore_points"))
    keeps = call.body["data"]["delete_strategy"] == _KEEP

    def finish(plan):
        if keeps and plan["backup_restore_points"]:
            stopped = {"status": "STOPPED", "phase": "STOPPED", "delete_strategy": _KEEP}
            world.update(plan, vms=[], **stopped)
            executions.schedule(call.tower, plan)
        else:
            points.remove_plan(world, plan)

    texts = ("Delete Backup Plan {name}", "删除备份计划 {name}")
    return call.begin_each(plans, "deleteBackupPlan", texts, finish, status="DELETING")


@refines("/suspend-backup-plan", "/resume-backup-plan")
def change_status(step):
    """Has a plan not run any more, or run again at its times."""
    plan, suspends = step.record, step.call.path == "/suspend-backup-plan"
    message = "backup plan %s has ended" % plan["name"]
    require(plan["status"] != "STOPPED", "BACKUP_PLAN_STOPPED", message)
    step.values["status"] = "PAUSED" if suspends else "WORKING"
    step.values["phase"] = "PAUSED" if suspends else "WAITING_SCHEDULE"
    step.later(lambda: executions.schedule(step.call.tower, plan))
