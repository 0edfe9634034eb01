"""Runs of snapshot plans: by hand and by schedule, and what is retained of them."""

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.engine.scheduler import job
from cloudtower.simulator.errors import TaskFailure
from cloudtower.simulator.resources import vm_snapshot
from cloudtower.simulator.resources.shared import snapshot_runs, timetable
from cloudtower.simulator.resources.snapshot_group import remove_group, snapshot_name

_JOB = "snapshot-plan"
_SECONDS = 4


def is_running(plan):
    """Whether a run that takes snapshots is under way."""
    return plan["last_execute_status"] == "IN_PROGRESS"


def schedule(tower, plan):
    """Plan the next run of a plan, or its end; call it after each change of its times."""
    tower.scheduler.cancel(_JOB, plan.id)
    following = _next(plan, tower.timer()) if plan["status"] == "NORMAL" else None
    end = _seconds(plan["end_time"])
    if following is not None and end is not None and following > end:
        following = None
    moment = following if following is not None else end
    if plan["status"] == "NORMAL" and moment is not None:
        tower.scheduler.plan(_JOB, plan.id, moment)
    shown = timestamps.iso(following) if following is not None else None
    tower.world.update(plan, next_execute_time=shown)


def _next(plan, after):
    """When a plan runs next after a moment, whatever its status and its end; None: never."""
    unit, intervals = plan["execute_plan_type"], plan["execute_intervals"]
    start = _seconds(plan["start_time"])
    if start is None or not intervals:
        return None
    return timetable.next_moment(unit, intervals, start, plan["exec_h_m"] or None, after)


def _seconds(text):
    """A moment as seconds since 1970; None for none."""
    return timestamps.seconds_of(text) if text else None


@job(_JOB)
def run_by_schedule(tower, plan_id):
    """It is time for a run of a plan, or for its end."""
    world, plan = tower.world, tower.world.find("SnapshotPlan", plan_id)
    if plan is None or plan["status"] != "NORMAL":
        return
    is_due = plan["next_execute_time"] is not None
    if is_due and not is_running(plan):
        stamp = timestamps.stamp(timestamps.iso(tower.timer()))
        run(tower, plan, "%s-%s" % (plan["name"], stamp), automatic=True)
    end = _seconds(plan["end_time"])
    if end is not None and end <= tower.timer():
        world.update(plan, status="STOPPED")
    schedule(tower, plan)


def run(tower, plan, name, automatic=False, **options):
    """Begin a run of a plan, which makes a group with a snapshot of each VM.

    Parameters:
        name: that of the group, str.
        options: for `Tasks.begin`: who asks for it, and what befalls it.

    Returns the record of the task.
    """
    world = tower.world
    vms = world.many(plan, "vms")
    task = snapshot_runs.begin_run(tower, plan, "TASK_TYPE_PROTECT", automatic)
    now = tower.tasks.now()
    world.update(plan, last_execute_status="IN_PROGRESS", last_execute_time=now)

    def finish():
        if plan not in world:
            message = "the snapshot plan is gone"
            raise TaskFailure("SNAPSHOT_PLAN_NOT_FOUND", message)
        protected = [vm for vm in vms if vm in world]
        if not protected:
            message = "snapshot plan %s has no VM" % plan["name"]
            raise TaskFailure("JOB_SNAPSHOT_PLAN_EXECUTION_FAILED", message)
        _add_group(tower, plan, task, name, protected)
        ended("SUCCEED")
        retain(world, plan)

    def ended(status):
        snapshot_runs.end_run(tower, task, status)
        if plan in world:
            count = "auto_execute_num" if automatic else "manual_execute_num"
            times = {"last_execute_end_time": tower.tasks.now(), count: plan[count] + 1}
            world.update(plan, last_execute_status=status, **times)

    # what another task works on stays its own: a run by schedule does not wait
    free = [vm for vm in vms if not tower.tasks.is_busy(vm)]
    text = Text("Execute snapshot plan %s" % plan["name"], "执行快照计划 %s" % plan["name"])
    options.update(finish=finish, undo=lambda: ended("FAILED"), also=free, seconds=_SECONDS)
    return tower.tasks.begin(text, "executeSnapshotPlan", plan, locks=False, **options)


def _add_group(tower, plan, task, name, vms):
    """Add the group of a run, with a snapshot of each VM."""
    world = tower.world
    snapshots, infos, logical = [], [], 0
    for vm in vms:
        snapshot = vm_snapshot.take_snapshot(tower, vm, snapshot_name(name, vm["name"]))
        snapshots.append(snapshot)
        kept = [disk for disk in snapshot["vm_disks"] if disk["type"] == "DISK"]
        logical += sum(disk["size"] for disk in kept)
        made = "PROTECT_SNAPSHOT_STATUS_CREATED"
        disk_info = {"disk_snapshot_status": made}
        disks = [dict(disk_info, disk_id=disk["vm_volume_local_id"]) for disk in kept]
        info = {"disks": disks, "vm_id": vm.id, "vm_name": vm["name"], "vm_snapshot_status": made}
        infos.append(info)
    world.add(
        "SnapshotGroup", cluster=plan["cluster"], estimated_recycling_time=_recycling(tower, plan, task),
        internal=False, local_created_at=tower.tasks.now(), local_id=world.ids.uuid(),
        logical_size_bytes=logical, name=name, object_num=len(vms), snapshotPlanTask=task,
        vm_info=infos, vm_snapshots=snapshots,
    )  # fmt: skip
    snapshot_runs.measure(world, plan)


def _recycling(tower, plan, task):
    """When a group will go by itself, if all goes as planned; None for one made by hand."""
    if not task["automatic"]:
        return None
    moment = tower.timer()
    for _ in range(plan["remain_snapshot_num"]):
        moment = _next(plan, moment)
    end = _seconds(plan["end_time"])
    return timestamps.iso(moment) if end is None or moment <= end else None


def retain(world, plan):
    """Delete the oldest groups of automatic runs, beyond those that the plan retains.

    Groups that are kept or in use do not go.
    """
    groups = [group for group in snapshot_runs.groups_of(world, plan) if not group["keep"]]
    found = [group for group in groups if world.one(group, "snapshotPlanTask")["automatic"]]
    for group in found[: max(len(found) - plan["remain_snapshot_num"], 0)]:
        if not group["entityAsyncStatus"]:
            remove_group(world, group)
