"""Tasks: what takes a while on a CloudTower.

Nothing runs in the background. Each request first brings the tasks to where
the clock says they are, which from outside looks the same, and leaves one
thread and one order of events.
"""

import heapq
import itertools
import json
import sys
import time
import traceback

from cloudtower.simulator import clock
from cloudtower.simulator.errors import TaskFailure, locked
from cloudtower.simulator.ids import TASK_FINGERPRINT

#: The part of a task's time during which it waits.
_PENDING = 0.2
#: How many entries the audit log keeps.
_LOGGED = 5000


class Tasks(object):
    """The tasks of one world.

    Parameters:
        world: a World.
        speed: how many times faster than a real cluster things go, a number > 0.
        timer: function that gives seconds since 1970.
    """

    def __init__(self, world, speed=100, timer=time.time):
        if not speed > 0:
            raise ValueError("speed must be more than 0")
        self._world = world
        self._speed = speed
        self._timer = timer
        #: What befalls the tasks that begin now, as `faults.task_fault` gives it, or None.
        self.fault = None
        self._due = []
        self._order = itertools.count()
        self._running = {}

    def now(self):
        """The moment it is, as text."""
        return clock.iso(self._timer())

    def begin(
        self,
        description,
        mutation,
        record=None,
        seconds=2.0,
        finish=None,
        undo=None,
        user=None,
        cluster=None,
        status="UPDATING",
    ):
        """Begin a task.

        Parameters:
            description: one sentence, str.
            mutation: name of the mutation, such as "startVm".
            record: the object it works on. It is marked with `status` while
                the task runs.
            seconds: how long it takes on a real cluster.
            finish: callable() that does the work at the end; it may raise
                TaskFailure.
            undo: callable() after a failure.
            user: the record of who asked for it.
            cluster: the record of the cluster; by default that of `record`.
            status: "CREATING" "UPDATING" or "DELETING".

        Returns the task's record.
        """
        world, started = self._world, self._timer()
        if record is not None:
            if "entityAsyncStatus" in record:
                world.update(record, entityAsyncStatus=status)
            if cluster is None and "cluster" in record.kind.relations:
                cluster = world.one(record, "cluster")
        task = world.add(
            "Task",
            id=world.ids.cuid(TASK_FINGERPRINT),
            args={},
            cluster=cluster,
            description=description,
            internal=False,
            local_created_at=clock.iso(started),
            resource_id=record.id if record is not None else None,
            resource_mutation=mutation,
            resource_rollbacked=False,
            resource_type=record.kind.name if record is not None else None,
            status="PENDING",
            user=user,
        )
        log = self.note(mutation, record, user, cluster, description, status=None)
        fault = self.fault or {}
        length, pause = seconds / self._speed, fault.get("pause", 0)
        begins, ends = started + length * _PENDING, started + length + pause
        self._schedule(begins, lambda: self._start(task, begins, ends - pause))
        if pause:
            middle = started + length / 2
            self._schedule(middle, lambda: self._pause(task, middle))
            self._schedule(middle + pause, lambda: self._resume(task, begins + pause, ends))
        if fault.get("failure"):
            finish = _raiser(fault["failure"])
        if not fault.get("hangs"):
            lag = fault.get("lag", 0)
            self._schedule(ends, lambda: self._end(task, record, ends, finish, undo, log, lag))
        return task

    def note(self, action, record, user, cluster=None, message=None, status="SUCCESSED"):
        """Write an entry of the audit log, which keeps a limited number. Returns its record.

        Parameters:
            action: name of the mutation.
            record: what it is about, or None.
            user: the record of who does it, or None.
            cluster: as for `begin`.
            message: what is done, str; by default the action.
            status: "SUCCESSED" or "FAILED"; None where the outcome is open.
        """
        world, now = self._world, self.now()
        if cluster is None and record is not None and "cluster" in record.kind.relations:
            cluster = world.one(record, "cluster")
        entries = world.all("UserAuditLog")
        if len(entries) >= _LOGGED:
            world.remove(next(iter(entries)))
        return world.add(
            "UserAuditLog",
            action=action,
            cluster=cluster if cluster in world else None,
            createdAt=now,
            finished_at=now if status else None,
            ip_address="127.0.0.1",
            message=message or action,
            resource_id=record.id if record is not None else None,
            resource_type=record.kind.name if record is not None else None,
            started_at=now,
            status=status,
            user=user if user in world else None,
            username=user["username"] if user is not None else None,
        )

    def state(self):
        """What is under way, for `restore`."""
        return self._timer(), list(self._due), dict(self._running)

    def restore(self, state):
        """Go on from what `state` gave, as if no time had passed since."""
        then, due, running = state
        gap = self._timer() - then
        self._due = [(moment + gap, order, action) for moment, order, action in due]
        self._running = dict(
            (task, (begins + gap, ends + gap)) for task, (begins, ends) in running.items()
        )

    def advance(self, until=None):
        """Bring all tasks to where they are by now, or by a moment in seconds since 1970."""
        now = self._timer() if until is None else until
        while self._due and self._due[0][0] <= now:
            heapq.heappop(self._due)[2]()
        for task in self._running:
            self._show_progress(task, now)

    def require_free(self, records):
        """Refuse to touch objects on which a task is running.

        Raises Refusal with code ResourceLocked.
        """
        busy = [each for each in records if each.get("entityAsyncStatus")]
        if busy:
            raise locked(busy)

    def _show_progress(self, task, moment):
        begins, ends = self._running[task]
        share = (moment - begins) / (ends - begins) if ends > begins else 0.0
        self._world.update(task, progress=round(min(max(share, 0.0), 0.99), 2))

    def _schedule(self, moment, action):
        heapq.heappush(self._due, (moment, next(self._order), action))

    def _start(self, task, begins, ends):
        self._world.update(task, status="EXECUTING", started_at=clock.iso(begins))
        self._running[task] = (begins, ends)

    def _pause(self, task, moment):
        self._show_progress(task, moment)
        self._running.pop(task, None)
        self._world.update(task, status="PAUSED")

    def _resume(self, task, begins, ends):
        self._world.update(task, status="EXECUTING")
        self._running[task] = (begins, ends)

    def _end(self, task, record, ends, finish, undo, log, lag):
        world = self._world
        self._running.pop(task, None)
        outcome = {"status": "SUCCESSED", "progress": 1.0}
        failure = _failure_of(finish)
        if failure is not None:
            outcome = {
                "status": "FAILED",
                "progress": 0.0,
                "error_code": failure.error_code,
                "error_message": _failure_text(failure),
            }
            if undo is not None:
                undo()
        # before the task is seen to have ended, its object is free again
        if lag:
            self._schedule(ends + lag, lambda: self._free(record))
        else:
            self._free(record)
        if task in world:
            world.update(task, finished_at=clock.iso(ends), **outcome)
        if log in world:
            world.update(log, finished_at=clock.iso(ends), status=outcome["status"])

    def _free(self, record):
        if record is not None and record in self._world and "entityAsyncStatus" in record:
            self._world.update(record, entityAsyncStatus=None)


def _raiser(failure):
    def finish():
        raise failure

    return finish


def _failure_of(finish):
    """Do the work of a task; returns the TaskFailure it ended with, or None."""
    try:
        if finish is not None:
            finish()
    except TaskFailure as failure:
        return failure
    except Exception as error:
        # A mistake in the simulator shall fail the task, not the request of
        # whoever comes by next.
        traceback.print_exc(file=sys.stderr)
        return TaskFailure("SIMULATOR_ERROR", "%s: %s" % (type(error).__name__, error))
    return None


def _failure_text(failure):
    """The text that clients search for codes in."""
    detail = {"ec": failure.code, "error": {"msg": "[%s] %s" % (failure.code, failure.message)}}
    return "called `Result::unwrap()` on an `Err` value\ncode: %s\nmessage: %s" % (
        failure.error_code,
        json.dumps(detail),
    )
