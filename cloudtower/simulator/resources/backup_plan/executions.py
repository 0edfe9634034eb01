"""Executions of backup plans, by hand and by schedule: one restore point for each VM."""

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.engine.scheduler import job
from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.backup_plan import points
from cloudtower.simulator.resources.shared import timetable

_JOB = "backup-plan"
_SECONDS = 10
_DAY = 86400


@handles("/execute-backup-plan")
def execute_backup_plan(call):
    """Backs up all VMs of plans now; without an earlier backup by hand it is a full one."""
    world, plans = call.world, call.select("BackupPlan")
    call.tower.tasks.require_free(plans)
    for plan in plans:
        require_rest(world, plan)
        message = "backup plan %s is %s" % (plan["name"], plan["status"])
        require(plan["status"] == "WORKING", "BACKUP_PLAN_NOT_WORKING", message)
    kind, asked = call.body["data"]["type"], {"user": call.user, "faults": call.faults}
    begun = [begin(call.tower, plan, kind, "MANUAL", **asked) for plan in plans]
    return [call.answer(execution, task) for execution, task in begun]


def require_rest(world, plan):
    """Refuse while an execution of a plan is under way."""
    message = "backup plan %s is being executed" % plan["name"]
    require(not is_running(world, plan), "BACKUP_PLAN_EXECUTION_RUNNING", message)


def is_running(world, plan):
    """Whether an execution of a plan is under way."""
    executions = world.many(plan, "backup_plan_executions")
    return any(execution["status"] == "RUNNING" for execution in executions)


def schedule(tower, plan):
    """Plan the next execution of a plan; call it after each change of its times."""
    tower.scheduler.cancel(_JOB, plan.id)
    moments = [moment for moment, _ in _next(plan, tower.timer())]
    following = min(moments) if moments and plan["status"] == "WORKING" else None
    if following is not None:
        tower.scheduler.plan(_JOB, plan.id, following)
    shown = timestamps.iso(following) if following is not None else None
    tower.world.update(plan, next_execute_time=shown)


def _next(plan, after):
    """[(moment of the next execution of a type, that type)] after a moment."""
    since = timestamps.seconds_of(plan["createdAt"]) if plan["createdAt"] else after
    times = plan["incremental_time_points"]
    if plan["incremental_weekdays"]:
        days = plan["incremental_weekdays"]
        times = [dict(point, weekday=day) for point in times for day in days]
    wanted = (
        ("FULL", plan["full_period"], plan["full_interval"], [plan["full_time_point"]]),
        ("INCREMENTAL", plan["incremental_period"], plan["incremental_interval"] or 0, times),
    )
    found = []
    for kind, *times in wanted:
        # what was due while the window was closed waits for it
        moment = timetable.next_time_point(*times, since, after - _DAY)
        while moment is not None and _opening(plan, moment) <= after:
            moment = timetable.next_time_point(*times, since, moment)
        if moment is not None:
            found.append((_opening(plan, moment), kind))
    return found


def _window(plan, moment):
    """The window of a plan that a moment is in, or the next one: (its start, its end); or None."""
    if not plan["enable_window"]:
        return None
    times = [timetable.time_of_day(plan[name]) for name in ("window_start", "window_end")]
    return timetable.window_at(*times, moment)


def _opening(plan, moment):
    """When an execution that is due at a moment can begin."""
    window = _window(plan, moment)
    return moment if window is None else max(moment, window[0])


@job(_JOB)
def execute_by_schedule(tower, plan_id):
    """It is time to back up the VMs of a plan."""
    world, plan = tower.world, tower.world.find("BackupPlan", plan_id)
    if plan is None or plan["status"] != "WORKING":
        return
    now = tower.timer()
    due = [kind for moment, kind in _next(plan, now - 1) if moment <= now]
    if due and not is_running(world, plan):
        begin(tower, plan, "FULL" if "FULL" in due else "INCREMENTAL", "AUTO")
    schedule(tower, plan)


def begin(tower, plan, kind, method, **options):
    """Begin an execution of a plan.

    Parameters:
        kind: "FULL" or "INCREMENTAL"; the first backup of a VM is full.
        method: "AUTO" or "MANUAL".
        options: for `Tasks.begin`: who asks for it, and what befalls it.

    Returns (the record of the BackupPlanExecution, that of the task).
    """
    world, started, vms = tower.world, tower.timer(), tower.world.many(plan, "vms")
    now = tower.tasks.now()
    execution = world.add(
        "BackupPlanExecution", backup_plan=plan, executed_at=now, local_created_at=now,
        local_id=world.ids.uuid(), method=method, state="RUNNING", status="RUNNING",
        success_job_count=0, total_job_count=len(vms), type=kind,
    )  # fmt: skip
    window = _window(plan, started) if method == "AUTO" else None
    stops = window is not None and plan["backup_delay_option"] == "STOP_BACKUP"
    left = window[1] - started if stops else None
    is_cut = stops and tower.tasks.lasting(_SECONDS) > left
    targets = dict((vm, _add_target(tower, execution, vm, kind)) for vm in vms)
    field = "last_manual_execute" if method == "MANUAL" else "last_execute"
    when = "last_manual_executed_at" if method == "MANUAL" else "last_executed_at"
    begun = {field + "_status": "RUNNING", when: now}
    counts = {field + "_total_job_count": len(vms), field + "_success_job_count": 0}
    world.update(plan, phase="SCHEDULING", **dict(begun, **counts))

    def finish():
        if plan not in world:
            raise TaskFailure("BACKUP_PLAN_NOT_FOUND", "the backup plan is gone")
        if is_cut:
            raise TaskFailure("BACKUP_PLAN_EXECUTION_FAILED", "the backup window has closed")
        done = [vm for vm in vms if vm in world and not vm["in_recycle_bin"]]
        if vms and not done:
            raise TaskFailure("BACKUP_PLAN_EXECUTION_FAILED", "no VM of the plan is there")
        for vm, target in targets.items():
            if vm in done:
                points.add(tower, plan, vm, target, method)
            ended(target, "SUCCESS" if vm in done else "FAILED")
        settle(len(done), "SUCCESS" if len(done) == len(vms) else "PARTIAL_SUCCESS")
        if method == "AUTO":
            points.retain(tower, plan)
        points.measure(world, plan)

    def ended(target, status):
        world.update(target, duration=int(tower.timer() - started), status=status)

    def settle(number, status):
        states = {"SUCCESS": "SUCCEED", "PARTIAL_SUCCESS": "PARTLY_FAILED", "FAILED": "FAILED"}
        if execution in world:
            duration = int(tower.timer() - started)
            outcome = {"status": status, "state": states[status], "success_job_count": number}
            world.update(execution, duration=duration, **outcome)
        if plan in world:
            outcome = {field + "_status": status, field + "_success_job_count": number}
            phase = "WAITING_SCHEDULE" if plan["status"] == "WORKING" else plan["status"]
            world.update(plan, phase=phase, **outcome)

    def undo():
        for target in targets.values():
            if target in world:
                ended(target, "ABORTED" if is_cut else "FAILED")
        settle(0, "FAILED")

    way, chinese = ("Manually", "手动") if method == "MANUAL" else ("Automatically", "自动")
    text = Text(
        "%s Execute Backup Plan %s" % (way, plan["name"]),
        "%s执行备份计划 %s" % (chinese, plan["name"]),
    )
    seconds = left / tower.tasks.lasting(1) if is_cut else _SECONDS
    options.update(finish=finish, undo=undo, seconds=seconds, locks=False)
    return execution, tower.tasks.begin(text, "executeBackupPlan", plan, **options)


def _add_target(tower, execution, vm, kind):
    """Add the part of an execution that backs up one VM. Returns its record."""
    world = tower.world
    return world.add(
        "BackupTargetExecution", backup_plan_execution=execution, executed_at=tower.tasks.now(),
        cluster_local_id=world.one(vm, "cluster")["local_id"], local_id=world.ids.uuid(),
        retry_times=0, status="RUNNING", type=kind, vm=vm, vm_local_id=vm["local_id"],
        vm_name=vm["name"],
    )  # fmt: skip
