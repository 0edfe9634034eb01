"""Locks that survive a fork."""

import os
import threading


class Lock(object):
    """A lock for `with` that a forked child finds free, whoever held it in the parent."""

    def __init__(self):
        self._locks = {}

    def _mine(self):
        # `setdefault` is atomic; a child cannot wait for a thread that it does not have.
        process = os.getpid()
        return self._locks.get(process) or self._locks.setdefault(process, threading.Lock())

    def __enter__(self):
        self._mine().acquire()

    def __exit__(self, *exc):
        self._mine().release()
