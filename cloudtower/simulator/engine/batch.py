"""The tasks that one request begins: they start together, or none of them was there.

A request on thousands of VMs begins its tasks little by little, and others are answered meanwhile.
So its objects are taken for it at once, and its tasks start when all of them have been begun;
where something goes wrong before that, those that were begun are taken back.
"""

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

    def require_current(self):
        """Refuse to go on where the tower was restored in the meantime."""
        if self._is_over:
            raise Refusal(503, "the tower was restored while this request was carried out")

    def add(self, job):
        """Have a job wait for `start`."""
        self.jobs.append(job)

    def start(self):
        """All tasks have been begun: they start."""
        jobs, self.jobs = self.jobs, []
        for job in jobs:
            self._tasks.start(job)
        self._release()

    def cancel(self):
        """Take back all tasks that have not started, the last one first; nothing after `start`."""
        while self.jobs:
            self._tasks.take_back(self.jobs.pop())
        self._release()

    def abandon(self):
        """Forget everything: the world is another one by now."""
        self.jobs, self._is_over = [], True
        self._release()

    def _release(self):
        """Let others work on the records again, as far as no task does."""
        self.claimed = {}
        self._tasks.batches.pop(self, None)
