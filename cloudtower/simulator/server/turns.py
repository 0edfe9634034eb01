"""Whose turn it is: what takes long is done in slices, and others are answered between them.

There is one thread, and nothing else happens within a slice: each shows a world in which all is
whole. What is sliced is the making of a response, object by object: the tasks that a write begins
for thousands of VMs (`Call.in_turn`), the rendering of a long list. Between two slices reads and
other writes are carried out as always; what a write works on is busy to all others from its first
moment.

The tasks that are due are carried out by the request that comes by, but no more than a few: the
rest is done between requests, so that nobody waits for what others have begun.
"""

import asyncio
import sys
import time
import traceback

#: So long a slice is, in seconds.
_SLICE = 0.005
#: So many rounds of the event loop a request takes, from its first byte to its response.
_ROUNDS = 4
#: So many steps that are due a request carries out itself.
_STEPS = 100
#: So long, in seconds, what is due may have to wait, before requests wait for it.
_PATIENCE = 60
#: How often at least the tasks that wait for their moments are looked at, in seconds.
_PAUSE = 0.2


class Turns(object):
    """Shares the time of one Simulator, `holder`, between its requests."""

    def __init__(self, holder):
        self._holder = holder
        self._work = None

    async def taken(self, steps):
        """The results of some steps, a list; `steps` is an iterator that does them one by one."""
        results, until = [], time.perf_counter() + _SLICE
        for result in steps:
            results.append(result)
            if time.perf_counter() >= until:
                await self._let_others()
                until = time.perf_counter() + _SLICE
        return results

    async def catch_up(self):
        """Bring the tower to the present moment, or near it where very much is due.

        With a clock of one's own, which may leap, all that is due is done before this returns.
        """
        while True:
            if self._is_at_work() and not self._is_late():
                return
            if self._holder.tower.tasks.advance(steps=_STEPS):
                return
            self.go_on()
            if not self._is_late():
                return
            await self._let_others()

    def go_on(self):
        """Have the tasks go on between requests where there are many."""
        scheduler = self._holder.tower.scheduler
        if scheduler.keeps_time and scheduler.pending() > _STEPS and not self._is_at_work():
            self._work = asyncio.ensure_future(self._work_off())

    def _is_at_work(self):
        """Whether tasks go on between requests now."""
        return self._work is not None and not self._work.done()

    def _is_late(self):
        """Whether something has been due for so long that nobody should see the world without."""
        scheduler = self._holder.tower.scheduler
        patience = _PATIENCE if scheduler.keeps_time else 0
        return scheduler.due() <= scheduler.seconds() - patience

    async def _let_others(self):
        """Let other requests be carried out; they find all in the state file that was done."""
        self._holder.commit()
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)

    async def _work_off(self):
        """Carry out what is due, in slices, as long as there is much of it."""
        while True:
            tower = self._holder.tower
            try:
                is_done = tower.tasks.advance(seconds=_SLICE)
            except Exception:
                # as a job's: it must not fail the request of whoever comes by next
                traceback.print_exc(file=sys.stderr)
                is_done = False
            self._holder.commit()
            if is_done and tower.scheduler.pending() <= _STEPS:
                return
            wait = tower.scheduler.due() - tower.scheduler.seconds() if is_done else 0
            await asyncio.sleep(min(max(wait, 0), _PAUSE))
