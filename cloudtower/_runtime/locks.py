"""Locks that survive a fork."""

import threading

from cloudtower._runtime import process


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

    def __enter__(self):
        self._mine().acquire()

    def __exit__(self, *exc):
        self._mine().release()
