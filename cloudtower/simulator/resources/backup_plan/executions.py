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
#: status of an execution that has ended -> its state
_STATES = {"SUCCESS": "SUCCEED", "PARTIAL_SUCCESS": "PARTLY_FAILED", "FAILED": "FAILED"}


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
    execution = _Execution(tower, plan, kind, method)
    way, chinese = ("Manually", "手动") if method == "MANUAL" else ("Automatically", "自动")
    text = Text(
        "%s Execute Backup Plan %s" % (way, plan["name"]),
        "%s执行备份计划 %s" % (chinese, plan["name"]),
    )
    options.update(finish=execution.finish, undo=execution.undo, seconds=execution.seconds)
    task = tower.tasks.begin(text, "executeBackupPlan", plan, locks=False, **options)
    return execution.record, task


class _Execution(object):
    """An execution of a plan that is under way.

    Attributes:
        record: of the BackupPlanExecution.
        seconds: how long it takes on a real cluster.
    """

    def __init__(self, tower, plan, kind, method):
        world, now, vms = tower.world, tower.tasks.now(), tower.world.many(plan, "vms")
        self._tower, self._plan, self._method = tower, plan, method
        self._started = tower.timer()
        self.record = world.add(
            "BackupPlanExecution", backup_plan=plan, executed_at=now, local_created_at=now,
            local_id=world.ids.uuid(), method=method, state="RUNNING", status="RUNNING",
            success_job_count=0, total_job_count=len(vms), type=kind,
        )  # fmt: skip
        self._left = self._time_left()
        self.seconds = _SECONDS if self._left is None else self._left / tower.tasks.lasting(1)
        self._targets = {vm: _add_target(tower, self.record, vm, kind) for vm in vms}
        #: how the names of the plan's fields about it begin
        self._last = "last_manual_execute" if method == "MANUAL" else "last_execute"
        began = "last_manual_executed_at" if method == "MANUAL" else "last_executed_at"
        counts = {"total_job_count": len(vms), "success_job_count": 0}
        self._note("SCHEDULING", {began: now}, status="RUNNING", **counts)

    def _time_left(self):
        """The seconds until the plan's window closes and stops it; None: it ends before that."""
        window = _window(self._plan, self._started) if self._method == "AUTO" else None
        if window is None or self._plan["backup_delay_option"] != "STOP_BACKUP":
            return None
        left = window[1] - self._started
        return left if self._tower.tasks.lasting(_SECONDS) > left else None

    def finish(self):
        """Make the restore points."""
        world, plan, code = self._tower.world, self._plan, "BACKUP_PLAN_EXECUTION_FAILED"
        if plan not in world:
            raise TaskFailure("BACKUP_PLAN_NOT_FOUND", "the backup plan is gone")
        if self._left is not None:
            raise TaskFailure(code, "the backup window has closed")
        done = [vm for vm in self._targets if vm in world and not vm["in_recycle_bin"]]
        if self._targets and not done:
            raise TaskFailure(code, "no VM of the plan is there")
        for vm, target in self._targets.items():
            if vm in done:
                points.add(self._tower, plan, vm, target, self._method)
            self._end_record(target, "SUCCESS" if vm in done else "FAILED")
        self._end(len(done), "SUCCESS" if len(done) == len(self._targets) else "PARTIAL_SUCCESS")
        if self._method == "AUTO":
            points.retain(self._tower, plan)
        points.measure(world, plan)

    def undo(self):
        """Note that it has failed."""
        for target in self._targets.values():
            if target in self._tower.world:
                self._end_record(target, "FAILED" if self._left is None else "ABORTED")
        self._end(0, "FAILED")

    def _end_record(self, record, status, **fields):
        """Note how it, or its part that backs up one VM, has ended, and how long that took."""
        duration = int(self._tower.timer() - self._started)
        self._tower.world.update(record, duration=duration, status=status, **fields)

    def _end(self, number, status):
        """Note how it has ended, and how many VMs it has backed up; its plan may be gone by now."""
        if self.record in self._tower.world:
            outcome = {"state": _STATES[status], "success_job_count": number}
            self._end_record(self.record, status, **outcome)
        if self._plan in self._tower.world:
            is_working = self._plan["status"] == "WORKING"
            phase = "WAITING_SCHEDULE" if is_working else self._plan["status"]
            self._note(phase, status=status, success_job_count=number)

    def _note(self, phase, changes=(), **fields):
        """Set the phase of the plan, what it says of its last execution, and other changes."""
        changes = dict(changes, phase=phase)
        changes.update(("%s_%s" % (self._last, name), value) for name, value in fields.items())
        self._tower.world.update(self._plan, **changes)


def _add_target(tower, execution, vm, kind):
    """Add the part of an execution that backs up one VM. Returns its record."""
    world = tower.world
    return world.add(
        "BackupTargetExecution", backup_plan_execution=execution, executed_at=tower.tasks.now(),
        cluster_local_id=world.one(vm, "cluster")["local_id"], local_id=world.ids.uuid(),
        retry_times=0, status="RUNNING", type=kind, vm=vm, vm_local_id=vm["local_id"],
        vm_name=vm["name"],
    )  # fmt: skip
