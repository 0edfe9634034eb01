"""Locks that survive a fork."""

import threading
import time

from cloudtower._runtime import process

_PAUSE = 0.02  # seconds


class Lock(object):
    """A lock for `with` that a forked child finds free, whoever held it in the parent.

    Parameters:
        make: what makes a lock, such as `threading.RLock`.
    """

    def __init__(self, make=threading.Lock):
        self._make = make
        self._locks = {}

    def _mine(self):
        # `setdefault` is atomic; a child cannot wait for a thread that it does not have.
        here = process.current()
        return self._locks.get(here) or self._locks.setdefault(here, self._make())

    def acquire(self, end, now):
        """Whether this thread got the lock before a moment, bool.

        Parameters:
            end: when to stop waiting, by the clock `now`, or None.
            now: callable that returns seconds.
        """
        lock = self._mine()
        while not lock.acquire(False):  # 2.7 has no timeout for this
            if end is not None and now() >= end:
                return False
            time.sleep(_PAUSE)
        return True

    def release(self):
        self._mine().release()

    def __enter__(self):
        self._mine().acquire()

    def __exit__(self, *exc):
        self._mine().release()
