"""Tasks: what takes a while on a CloudTower.

A task waits, runs and ends in steps that the Scheduler calls at their moments.
"""

import json
import sys
import traceback
from collections import OrderedDict, namedtuple
from itertools import islice

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.engine.batch import Batch
from cloudtower.simulator.engine.ids import TASK_FINGERPRINT
from cloudtower.simulator.errors import TaskFailure, locked

#: The part of a task's time during which it waits.
_PENDING = 0.2
#: How many entries the audit log keeps, and how many tasks there are, those that run apart: so
#: many, or more where there are many VMs, so that whoever waits for those of a request finds them.
_LOGGED, _TASKS, _TASKS_A_VM = 5000, 20000, 2
#: The ends of a task.
_ENDED = ("SUCCESSED", "FAILED")
#: Of so many running tasks a request sees the progress of now; where there are more, they take
#: turns.
_PROGRESSING = 100
#: What a task is to do, and how; never changed, so that a snapshot can go on from it. `busy` are
#: the records that nobody else may work on as long as it runs.
_Job = namedtuple("_Job", "task busy log seconds finish undo faults")


class Tasks(object):
    """The tasks of one world.

    Parameters:
        world: a World.
        scheduler: the Scheduler that calls the steps of tasks.
        speed: how many times faster than a real cluster things go, a number > 0.
    """

    def __init__(self, world, scheduler, speed=100):
        if not speed > 0:
            raise ValueError("speed must be more than 0")
        self.world = world
        self._scheduler = scheduler
        self._speed = speed
        #: task -> (the moment at which its progress was 0, that at which it will be 1)
        self._running = OrderedDict()
        #: the tasks that have ended, in that order, as keys; those that were so at the start too
        self._ended = None
        #: the Batches of requests under way, as keys
        self.batches = {}

    def now(self):
        """The moment it is, as text."""
        return timestamps.iso(self._scheduler.seconds())

    def lasting(self, seconds):
        """How long what takes so many seconds on a real cluster takes here, in seconds."""
        return seconds / self._speed

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
        also=(),
        faults=None,
        locks=True,
        batch=None,
    ):
        """Begin a task.

        Parameters:
            description: one sentence, str.
            mutation: name of the mutation, such as "startVm".
            record: the object it works on. It is marked with `status` while the task runs.
            seconds: how long it takes on a real cluster.
            finish: callable() that does the work at the end; it may raise TaskFailure.
            undo: callable() after a failure.
            user: the record of who asked for it.
            cluster: the record of the cluster; by default that of `record`.
            status: "CREATING" "UPDATING" or "DELETING".
            also: other records that are locked as long as the task runs, marked as UPDATING:
                the VMs of a group, a volume that two VMs share.
            faults: what befalls it, {kind of fault: its options}, as `Faults.of` gives it.
            locks: whether `record` is locked too.
            batch: the Batch with which the task starts; by default it starts at once.

        Returns the task's record.
        """
        world = self.world
        own = [record] if locks and record is not None else []
        busy = own + [held for held in also if held is not None]
        for marked in [held for held in busy if "entityAsyncStatus" in held]:
            world.update(marked, entityAsyncStatus=status if marked is record else "UPDATING")
        about = self._about(record, cluster)
        self._forget_oldest()
        task = world.add(
            "Task",
            id=world.ids.cuid(TASK_FINGERPRINT),
            description=description,
            local_created_at=self.now(),
            resource_mutation=mutation,
            resource_rollbacked=False,
            status="PENDING",
            user=user,
            **about,
        )
        log = self.note(mutation, record, user, about["cluster"], description, status=None)
        job = _Job(task, busy, log, self.lasting(seconds), finish, undo, faults or {})
        if batch is None:
            self.start(job)
        else:
            batch.add(job)
        return task

    def batch(self):
        """A Batch for the tasks of one request."""
        return Batch(self)

    def start(self, job):
        """Have a job that was begun wait its time, and run."""
        moment = self._scheduler.seconds() + job.seconds * _PENDING
        self._schedule(moment, self._start, job)

    def take_back(self, job):
        """Undo the beginning of a job that has not started, as if nobody had asked for it."""
        with self.world.atomic():
            if job.undo is not None:
                job.undo()
            self._free(job)
            self.world.remove(job.task)
            self.world.remove(job.log)

    def _forget_oldest(self):
        """Make room for another task, as the audit log does for an entry."""
        tasks = self.world.all("Task")
        if self._ended is None:
            self._ended = dict.fromkeys(task for task in tasks if task["status"] in _ENDED)
        most = max(_TASKS, _TASKS_A_VM * len(self.world.all("Vm")))
        if len(tasks) >= most and self._ended:
            oldest = next(iter(self._ended))
            del self._ended[oldest]
            self.world.remove(oldest)

    def note(self, action, record, user, cluster=None, message=None, status="SUCCESSED"):
        """Write an entry of the audit log, which keeps a limited number. Returns its record.

        `action` is the name of the mutation, and the message where there is none; a status of
        None leaves the outcome open. All else is as for `begin`.
        """
        world, now = self.world, self.now()
        entries = world.all("UserAuditLog")
        if len(entries) >= _LOGGED:
            world.remove(next(iter(entries)))
        return world.add(
            "UserAuditLog",
            action=action,
            createdAt=now,
            finished_at=now if status else None,
            ip_address="127.0.0.1",
            message=message or action,
            started_at=now,
            status=status,
            user=user if user in world else None,
            username=user["username"] if user is not None else None,
            **self._about(record, cluster),
        )

    def state(self):
        """What is under way, for `restore`."""
        return self._scheduler.seconds(), dict(self._running)

    def restore(self, state):
        """Go on from what `state` gave, as if no time had passed since."""
        then, running = state
        gap = self._scheduler.seconds() - then
        moved = {task: (begins + gap, ends + gap) for task, (begins, ends) in running.items()}
        self._running = OrderedDict(moved)
        self._ended = None
        self.abandon()

    def abandon(self):
        """Give up the requests under way: the world is about to be another one."""
        for batch in list(self.batches):
            batch.abandon()

    def advance(self, **limits):
        """Bring everything to where it is by now: tasks, and the jobs of the scheduler.

        `limits` are those of `Scheduler.advance`. Returns whether all of it is done.
        """
        is_done = self._scheduler.advance(**limits)
        for task in list(islice(self._running, _PROGRESSING)):
            self._show_progress(task, self._scheduler.seconds())
            self._running.move_to_end(task)
        return is_done

    def finish(self):
        """End all tasks at once, however long they would take."""
        self._scheduler.finish()

    def require_free(self, records):
        """Raise the Refusal ResourceLocked where a task is running on one of these objects."""
        busy = [record for record in records if self.is_busy(record)]
        if busy:
            raise locked(busy)

    def is_busy(self, record):
        """Whether a task runs on a record, or a request is about to begin one."""
        if record.get("entityAsyncStatus"):
            return True
        return any(record in batch.claimed for batch in self.batches)

    def _about(self, record, cluster):
        """The fields that tell what a task or an entry is about."""
        if record is None:
            return {"cluster": cluster if cluster in self.world else None}
        if cluster is None and "cluster" in record.kind.relations:
            cluster = self.world.one(record, "cluster")
        cluster = cluster if cluster in self.world else None
        return {"cluster": cluster, "resource_id": record.id, "resource_type": record.kind.name}

    def _show_progress(self, task, moment):
        """Set the progress that a running task has at a moment, also in an object that shows it."""
        begins, ends = self._running[task]
        share = (moment - begins) / (ends - begins) if ends > begins else 0.0
        progress = round(min(max(share, 0.0), 0.99), 2)
        self.world.update(task, progress=progress)
        record = self.world.records.get(task["resource_id"])
        if record is not None and "progress" in record and record["status"] == "EXECUTING":
            self.world.update(record, progress=progress)

    # the steps of a job, each at the moment that it is due

    def _schedule(self, moment, step, job):
        """Have a step of a job done at a moment."""
        self._scheduler.call_at(moment, step, job, moment)

    def _start(self, job, moment):
        """The task begins to work; plan when it pauses and ends."""
        self.world.update(job.task, status="EXECUTING", started_at=timestamps.iso(moment))
        half, pause = job.seconds * (1 - _PENDING) / 2, job.faults.get("task_pauses")
        self._running[job.task] = (moment, moment + 2 * half)
        if pause:
            self._schedule(moment + half, self._pause, job)
            moment += pause["seconds"]
            self._schedule(moment + half, self._resume, job)
        if "task_hangs" not in job.faults:
            self._schedule(moment + 2 * half, self._end, job)

    def _pause(self, job, moment):
        """The task stands still, as a fault asks for."""
        self._show_progress(job.task, moment)
        del self._running[job.task]
        self.world.update(job.task, status="PAUSED")

    def _resume(self, job, moment):
        """The task goes on from its half."""
        half = job.seconds * (1 - _PENDING) / 2
        self._running[job.task] = (moment - half, moment + half)
        self.world.update(job.task, status="EXECUTING")

    def _end(self, job, moment):
        """Do the work of the task, and note how it ended."""
        world = self.world
        self._running.pop(job.task)
        outcome = {"status": "SUCCESSED", "progress": 1.0}
        told = job.faults.get("task_fails")
        failure = TaskFailure(told["code"], told["message"]) if told else self._failure_of(job)
        if failure is not None:
            text = _failure_text(failure)
            outcome = {"status": "FAILED", "progress": 0.0, "error_message": text}
            outcome["error_code"] = failure.error_code
            if job.undo is not None:
                job.undo()
        # before the task is seen to have ended, its object is free again
        if "lagging_status" in job.faults:
            lag = job.faults["lagging_status"]["seconds"]
            self._schedule(moment + lag, self._free, job)
        else:
            self._free(job)
        if job.task in world:
            if self._ended is not None:
                self._ended[job.task] = None
            world.update(job.task, finished_at=timestamps.iso(moment), **outcome)
        if job.log in world:
            world.update(job.log, finished_at=timestamps.iso(moment), status=outcome["status"])

    def _failure_of(self, job):
        """Do the work of a task; returns the TaskFailure it ended with, or None.

        A task that fails has changed nothing, whatever it fails by.
        """
        try:
            if job.finish is not None:
                with self.world.atomic():
                    job.finish()
        except TaskFailure as failure:
            return failure
        except Exception as error:
            # A mistake in the simulator shall fail the task, not the request of whoever comes next.
            traceback.print_exc(file=sys.stderr)
            return TaskFailure("SIMULATOR_ERROR", "%s: %s" % (type(error).__name__, error))
        return None

    def _free(self, job, moment=None):
        """Unlock the records that the task has worked on."""
        for record in job.busy:
            if record in self.world and "entityAsyncStatus" in record:
                self.world.update(record, entityAsyncStatus=None)


def _failure_text(failure):
    """The text that clients search for codes in."""
    error = {"msg": "[%s]%s" % (failure.code, failure.message)}
    detail = json.dumps({"data": {}, "ec": failure.code, "error": error}, separators=(",", ":"))
    text = "Cannot unwrap Ok value of Result.Err.\r\ncode: %s\r\nmessage: %s"
    return text % (failure.error_code, detail)
