"""What happens by itself, at its time: the steps of tasks, and jobs such as retention.

Each request first brings everything to where the clock says it is, in the order in which it was
due; while something is carried out, the clock shows the moment at which it was due. From outside
that looks as if it ran in the background, and leaves one thread. Only where very much is due at
once is the rest of it done between requests (`server/turns.py`).
"""

import heapq
import itertools
import sys
import time
import traceback

_NEVER = float("inf")
#: name of a job -> function(tower, argument) that does it
JOBS = {}


def job(name):
    """Register a function(tower, argument) as the job of a name.

        @job("empty-recycle-bin")
        def empty_recycle_bin(tower, vm_id):
            ...

    `Scheduler.plan` says when it runs. Being called by its name, it outlives a restart with
    `--state`; so the argument is a text, mostly the id of an object, which may be gone by then.
    A job that recurs plans its next run itself.
    """

    def register(function):
        if name in JOBS:
            raise KeyError("there is a job %s already" % name)
        JOBS[name] = function
        return function

    return register


class Scheduler(object):
    """The timetable of one tower.

    Parameters:
        tower: the Tower, which jobs get.
        timer: function that gives seconds since 1970.
    """

    def __init__(self, tower, timer):
        self._tower = tower
        self._timer = timer
        #: whether its clock is the machine's, which never leaps, bool
        self.keeps_time = timer is time.time
        self._numbers = itertools.count()
        #: the moment of what is being carried out, and the (name, argument) of the job if it is one
        self._moment = self._job = None
        #: heap of (moment, number, function, arguments)
        self._steps = []
        #: {(name, argument): moment} of the jobs, and a heap of (moment, number, the same key),
        #: in which those that were planned again or cancelled stand too
        self._planned = {}
        self._queue = []
        #: Called with (name, argument, moment) of a job that is planned; None: no longer.
        self.on_plan = lambda name, argument, moment: None

    def seconds(self):
        """The moment it is, in seconds since 1970."""
        return self._timer() if self._moment is None else self._moment

    def call_at(self, moment, function, *arguments):
        """Have a function called at a moment; snapshots keep this, a state file does not."""
        heapq.heappush(self._steps, (moment, next(self._numbers), function, arguments))

    def plan(self, name, argument, moment):
        """Have a job run for an argument at a moment, in place of an earlier plan of the two.

        Raises KeyError for an unknown job, ValueError where a job plans itself for no later
        moment than its own, which would never end.
        """
        key = (name, argument)
        if name not in JOBS:
            raise KeyError("there is no job %s" % name)
        if key == self._job and moment <= self._moment:
            raise ValueError("the job %s plans itself for the same moment" % name)
        self._planned[key] = moment
        heapq.heappush(self._queue, (moment, next(self._numbers), key))
        self.on_plan(name, argument, moment)

    def cancel(self, name, argument):
        """Forget the plan of a job for an argument, if there is one."""
        if self._planned.pop((name, argument), None) is not None:
            self.on_plan(name, argument, None)

    def planned(self, name, argument):
        """The moment at which a job will run for an argument, or None."""
        return self._planned.get((name, argument))

    def advance(self, steps=_NEVER, seconds=_NEVER):
        """Carry out what is due by now.

        Parameters:
            steps: it stops after so many, and
            seconds: after so long, a number of seconds; the rest is left for the next time.

        Returns whether all of it is done.
        """
        now, until = self._timer(), time.perf_counter() + seconds
        while True:
            if steps <= 0 or time.perf_counter() >= until:
                return self.due() > now
            steps -= 1
            self._drop_outdated()
            step, planned = self._steps[:1], self._queue[:1]
            if planned and planned[0][0] <= now and (not step or planned[0] < step[0]):
                self._run(heapq.heappop(self._queue))
            elif step and step[0][0] <= now:
                self._call(heapq.heappop(self._steps))
            else:
                return True

    def due(self):
        """The moment at which the next step or job is due; infinity where there is none."""
        self._drop_outdated()
        return min([heap[0][0] for heap in (self._steps, self._queue) if heap], default=_NEVER)

    def pending(self):
        """How many steps wait for their moments."""
        return len(self._steps)

    def finish(self):
        """Carry out all steps at once, whenever they are due, and no jobs."""
        while self._steps:
            self._call(heapq.heappop(self._steps))

    def state(self):
        """What is under way, for `restore`."""
        return self._timer(), list(self._steps), dict(self._planned)

    def restore(self, state):
        """Go on from what `state` gave: steps as if no time had passed since, jobs on time."""
        then, steps, planned = state
        gap = self._timer() - then
        self._steps = [(moment + gap, *rest) for moment, *rest in steps]
        for key in set(self._planned) - set(planned):
            self.cancel(*key)
        self._queue = []
        for key, moment in planned.items():
            self.plan(*key, moment)

    def jobs(self):
        """(name, argument, moment) of all that are planned, a list."""
        return [(*key, moment) for key, moment in self._planned.items()]

    def _drop_outdated(self):
        """Take out of the queue what was planned again, or cancelled, since it was put in."""
        while self._queue and self._planned.get(self._queue[0][2]) != self._queue[0][0]:
            heapq.heappop(self._queue)

    def _call(self, step):
        """Call the function of a step, with the clock at its moment, but never in the future."""
        moment, _, function, arguments = step
        self._moment = min(moment, self._timer())
        try:
            function(*arguments)
        finally:
            self._moment = None

    def _run(self, entry):
        """Run a job, with the clock at its moment."""
        moment, _, key = entry
        del self._planned[key]
        self.on_plan(*key, None)
        self._moment, self._job = moment, key
        try:
            with self._tower.world.atomic():
                JOBS[key[0]](self._tower, key[1])
        except Exception:
            # A mistake in a job must not fail the request of whoever comes by next.
            traceback.print_exc(file=sys.stderr)
        finally:
            self._moment = self._job = None
