"""The threads behind `async_req=True`, one pool a client.

The client holds its pool; here it is known only as long as the client lives.
"""

import atexit
import sys
import threading
import time
import weakref
from multiprocessing.pool import ThreadPool

from cloudtower._runtime import process

#: Seconds that closing and leaving wait for calls under way while none of them ends.
PATIENCE = 5

_pools = {}  # weak reference to the client -> its pool


class Pool(ThreadPool):
    """A ThreadPool that keeps nothing of the calls it has done.

    Attributes:
        process: id of the process that its threads live in, int.
        done: calls done so far, int.
        given_up: whether somebody has waited for its last calls already, bool.
    """

    def __init__(self, size):
        super(Pool, self).__init__(size)
        self.process = process.current()
        self.done = 0
        self.given_up = False

    def apply_async(self, func, args=(), kwds=None, *callbacks, **named):
        """As `ThreadPool.apply_async`."""
        call = _Call(self, func, args, kwds or {})
        return super(Pool, self).apply_async(call, (), {}, *callbacks, **named)

    def __del__(self):
        """Nothing: a pool is closed when its client goes.

        That of the base class writes to a pipe, which a forked child shares.
        """

    def members(self):
        """All threads of the pool, list."""
        # By these names since 2.6; there is no public way to wait only so long.
        return list(self._pool) + [self._worker_handler, self._task_handler, self._result_handler]


class _Call(object):
    """A call that is done once, and then holds nothing.

    Before 3.5.4 and 3.6.2 the threads hold their last task, and so its client, until the
    next one.
    """

    def __init__(self, pool, func, args, kwds):
        self._content = pool, func, args, kwds

    def __call__(self):
        (pool, func, args, kwds), self._content = self._content, None
        try:
            return func(*args, **kwds)
        except BaseException as error:
            failure = error
        finally:
            pool.done += 1
            pool = func = args = kwds = None
        _forget_frames(failure)
        try:
            # On 2.7 with a traceback that begins here: a thread holds its last one.
            raise failure
        finally:
            failure = None


def _forget_frames(error):
    """Drop the local variables of the traceback that an exception keeps; its lines stay."""
    traceback = getattr(error, "__traceback__", None)
    if traceback is not None:
        from traceback import clear_frames

        clear_frames(traceback)


def start(client, size):
    """A new Pool for a client.

    Parameters:
        client: the owner; when nobody holds it any more the threads end.
        size: threads, int.
    """
    pool = Pool(size)
    _pools[weakref.ref(client, _release)] = pool
    return pool


def is_here(pool):
    """Whether the threads of a pool are in this process, and not in the one it was forked from."""
    return pool.process == process.current()


def stop(*pools):
    """Take no more calls, wait for those under way, and end the threads.

    Calls that are left when none has ended for PATIENCE seconds go on without anybody who
    waits. In a thread of one of the pools, and after Ctrl-C, nothing is waited for.
    """
    pools = [pool for pool in pools if is_here(pool)]
    for pool in pools:
        pool.close()
    members = [thread for pool in pools for thread in pool.members()]
    if threading.current_thread() in members:
        return
    done = None
    while done != _done(pools) and not _interrupted():
        done = _done(pools)
        if _join(members, PATIENCE):
            break
    for pool in pools:
        pool.given_up = True


def _interrupted():
    """Whether Ctrl-C is ending a `with` or `try` block in this thread, or has ended the script."""
    last = getattr(sys, "last_type", None)  # of what nobody caught
    return any(
        isinstance(kind, type) and issubclass(kind, KeyboardInterrupt)
        for kind in (sys.exc_info()[0], last)
    )


def _done(pools):
    return sum(pool.done for pool in pools)


def _join(members, seconds):
    """Wait for threads to end; whether all have."""
    deadline = time.time() + seconds
    for thread in members:
        thread.join(max(0, deadline - time.time()))
    return not any(thread.is_alive() for thread in members)


def _release(reference):
    # No join: the last to hold a client may be a thread of its own pool.
    pool = _pools.pop(reference)
    if is_here(pool):
        pool.close()


def _finish():
    try:
        # A copy, since clients may be collected meanwhile.
        stop(*[pool for pool in _pools.copy().values() if not pool.given_up])
    except KeyboardInterrupt:
        pass  # a second interrupt: leave without a traceback


# Calls that nobody waits for are carried out before the process ends, unless they stay
# without a response. This stands after the import of multiprocessing, whose own hook
# would otherwise drop them first.
atexit.register(_finish)
