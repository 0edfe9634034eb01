"""Snapshot plans: what they protect, and when."""

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources import snapshot_plan_task
from cloudtower.simulator.resources.shared import timetable, volumes
from cloudtower.simulator.resources.shared.snapshot_runs import groups_of
from cloudtower.simulator.resources.snapshot_group import remove_group

_MOST_VOLUMES = 32


@refines("/create-snapshot-plan")
def create_snapshot_plan(step):
    """Has VMs of a cluster protected by snapshots that are taken by a timetable."""
    values, tower = step.values, step.call.tower
    start = timetable.moment_of("start_time", step.params["start_time"])
    message = "start_time must be in the future"
    require(start > tower.timer(), "SNAPSHOT_PLAN_INVALID_START_TIME", message)
    values.update(start_time=timestamps.iso(start), end_time=None, description="", healthy=True)
    values.update(last_execute_status="UNSPECIFIED", status="NORMAL")
    _read(step, start)
    named = [vm_id for params in step.call.body for vm_id in params["vm_ids"]]
    message = "a VM can be in one snapshot plan only"
    require(len(set(named)) == len(named), "VM_PROTECTED", message)
    step.later(lambda: settle(tower, step.record))


@refines("/update-snapshot-plan")
def update_snapshot_plan(step):
    """Changes what a plan protects, when it runs, or how much it retains."""
    _read(step, timestamps.seconds_of(step.record["start_time"] or step.now))
    if "vm_ids" in step.params:
        one = len(step.call.select("SnapshotPlan")) == 1
        require(one, "VM_PROTECTED", "a VM can be in one snapshot plan only")
    before = step.world.many(step.record, "vms")
    step.later(lambda: settle(step.call.tower, step.record, before))


def _read(step, start):
    """Check what a body says of a plan that begins at a moment, in seconds since 1970."""
    values, params = step.values, step.params
    if not 1 <= len(step.get("name")) <= 255:
        raise invalid("name", "name must have 1 to 255 characters")
    if not 1 <= step.get("remain_snapshot_num") <= 16:
        raise invalid("remain_snapshot_num", "remain_snapshot_num must be 1 to 16")
    timetable.require_intervals(step.get("execute_plan_type"), step.get("execute_intervals"))
    if params.get("exec_h_m") is not None:
        values["exec_h_m"] = timetable.time_of_day(params["exec_h_m"])
    if params.get("end_time") is not None:
        end = timetable.moment_of("end_time", params["end_time"]) if params["end_time"] else None
        message = "end_time must be after start_time"
        require(end is None or end > start, "SNAPSHOT_PLAN_INVALID_END_TIME", message)
        values["end_time"] = timestamps.iso(end) if end is not None else None
    if params.get("vm_ids") is not None:
        values["vms"] = _protectable(step, step.get("cluster"), params["vm_ids"])


def _protectable(step, cluster, ids):
    """The VMs of these ids; Refusal for one that the plan cannot have."""
    world, own = step.world, step.record.id if step.record is not None else None
    vms = [find(world, "Vm", vm_id, cluster) for vm_id in ids]
    count = 0
    for vm in vms:
        name = vm["name"]
        require(not vm["in_recycle_bin"], "VM_NOT_FOUND", "VM %s is in the recycle bin" % name)
        serves = vm["vm_usage"] is not None
        message = "VM %s belongs to a system service" % name
        require(not serves, "SNAPSHOT_PLAN_SYSTEM_VM_NOT_SUPPORT", message)
        free = vm["snapshot_plan"] in (None, own)
        require(free, "VM_PROTECTED", "VM %s is in another snapshot plan" % name)
        count += len([disk for disk in volumes.volumes_of(world, vm) if not disk["sharing"]])
    message = "the VMs have %d volumes, a plan can have 32" % count
    require(count <= _MOST_VOLUMES, "SNAPSHOT_PLAN_TOO_MANY_VOLUMES", message)
    return vms


def settle(tower, plan, before=()):
    """Have the VMs of a plan protected, those that left it not, and its next run planned."""
    world = tower.world
    for vm in [vm for vm in before if vm in world]:
        world.update(vm, protected=vm["snapshot_plan"] is not None)
    vms = world.many(plan, "vms")
    for vm in vms:
        world.update(vm, protected=True)
    world.update(plan, object_num=len(vms))
    snapshot_plan_task.schedule(tower, plan)


@refines("/delete-snapshot-plan")
def delete_snapshot_plan(step):
    """Deletes a plan with all its groups and their snapshots; its VMs are free again."""
    world, plan = step.world, step.record
    _require_rest(plan)
    groups = groups_of(world, plan)
    step.call.tower.tasks.require_free(groups)

    @step.later
    def remove():
        for group in groups_of(world, plan):
            remove_group(world, group)
        for vm in world.many(plan, "vms"):
            world.update(vm, protected=False, snapshot_plan=None)


def _require_rest(plan):
    """Refuse while a run of a plan is under way."""
    message = "snapshot plan %s is being executed" % plan["name"]
    running = snapshot_plan_task.is_running(plan)
    require(not running, "SNAPSHOT_PLAN_IS_EXECUTING", message)


@handles("/execute-snapshot-plan")
def execute_snapshot_plan(call):
    """Runs plans now, whatever their timetable; `task_name` is the name of the group."""
    world, tower, name = call.world, call.tower, call.body["data"]["task_name"]
    plans = call.select("SnapshotPlan")
    tower.tasks.require_free(plans)
    if not 1 <= len(name) <= 255:
        raise invalid("task_name", "task_name must have 1 to 255 characters")
    for number, plan in enumerate(plans):
        _require_rest(plan)
        tower.tasks.require_free(world.many(plan, "vms"))
        rival = world.first("SnapshotGroup", cluster=plan["cluster"], name=name)
        same = [other for other in plans[:number] if other["cluster"] == plan["cluster"]]
        message = "the name %s is taken" % name
        require(rival is None and not same, "SNAPSHOT_GROUP_DUPLICATE_NAME", message)
    asked = {"user": call.user, "faults": call.faults}
    tasks = [snapshot_plan_task.run(tower, plan, name, **asked) for plan in plans]
    return [call.answer(plan, task) for plan, task in zip(plans, tasks)]


@refines("/suspend-snapshot-plan")
def suspend_snapshot_plan(step):
    """Has a plan take no snapshots by itself; a run that is under way goes on."""
    if step.record["status"] == "NORMAL":
        step.values["status"] = "SUSPENDED"
    step.later(lambda: snapshot_plan_task.schedule(step.call.tower, step.record))


@refines("/resume-snapshot-plan")
def resume_snapshot_plan(step):
    """Has a plan run by its timetable again, unless its end is over."""
    tower = step.call.tower

    @step.later
    def resume():
        end = step.record["end_time"]
        over = end is not None and timestamps.seconds_of(end) <= tower.timer()
        step.world.update(step.record, status="STOPPED" if over else "NORMAL")
        snapshot_plan_task.schedule(tower, step.record)
