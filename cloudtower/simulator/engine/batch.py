"""The tasks that one request begins: they start together, or none of them was there.

A request on thousands of VMs begins its tasks little by little, and others are answered meanwhile.
So its objects are taken for it at once, and its tasks start when all of them have been begun;
where something goes wrong before that, those that were begun are taken back.
"""

from contextlib import contextmanager

from cloudtower.simulator.errors import Refusal


class Batch(object):
    """The tasks of one request; made by `Tasks.batch`.

    Attributes:
        claimed: the records that nobody else may work on until the tasks have started, as keys.
        jobs: what was begun and has not started, in order.
    """

    def __init__(self, tasks):
        self._tasks = tasks
        self._is_over = False
        self.claimed = {}
        self.jobs = []

    def claim(self, records):
        """Take records for this request; to everybody else they are busy from now on."""
        self._tasks.batches[self] = None
        self.claimed.update(dict.fromkeys(records))

    @contextmanager
    def step(self):
        """A step of the request, which is done as a whole or not at all; gives its Transaction.

        It is refused where the tower was restored in the meantime.
        """
        if self._is_over:
            raise Refusal(503, "the tower was restored while this request was carried out")
        before = len(self.jobs)
        try:
            with self._tasks.world.atomic() as transaction:
                yield transaction
        except BaseException:
            del self.jobs[before:]  # whose beginning has been put back
            raise

    def add(self, job):
        """Have a job wait for `start`."""
        self.jobs.append(job)

    def start(self):
        """All tasks have been begun: they start."""
        jobs, self.jobs = self.jobs, []
        for job in jobs:
            self._tasks.start(job)
        self._release()

    def cancel(self, changed):
        """Take back all tasks that have not started, the last one first; nothing after `start`.

        `changed` is what the request has changed before it began them, as `Transaction.difference`
        gives it: all of that goes back too, but what others have changed since.
        """
        while self.jobs:
            self._tasks.take_back(self.jobs.pop())
        if not self._is_over:
            with self._tasks.world.atomic():
                self._put_back(changed)
        self._release()

    def _put_back(self, changed):
        """Remove what was made, and undo what was changed."""
        world = self._tasks.world
        for record, fields in changed.items():
            if fields is None:
                world.remove(record)
        for record, fields in changed.items():
            if fields is not None and record in world:
                world.return_to(record, fields)

    def abandon(self):
        """Forget everything: the world is another one by now."""
        self.jobs, self._is_over = [], True
        self._release()

    def _release(self):
        """Let others work on the records again, as far as no task does."""
        self.claimed = {}
        self._tasks.batches.pop(self, None)
