"""The threads behind `async_req=True`, one pool a client.

The client holds its pool; here it is known only as long as the client lives.
"""

import atexit
import weakref
from multiprocessing.pool import ThreadPool

_pools = {}  # weak reference to the client -> its pool


def start(client, size):
    """A new pool for a client.

    Parameters:
        client: the owner; when nobody holds it any more the threads end.
        size: threads, int.
    """
    pool = ThreadPool(size)
    _pools[weakref.ref(client, _release)] = pool
    return pool


def stop(pool):
    """Wait for the calls that are under way, and end the threads."""
    pool.close()
    pool.join()


def _release(reference):
    # No join: the last to hold a client may be a thread of its own pool.
    _pools.pop(reference).close()


def _finish():
    for pool in list(_pools.values()):
        stop(pool)


# Calls that nobody waits for are carried out before the process ends. This stands
# after the import of multiprocessing, whose own hook would otherwise drop them first.
atexit.register(_finish)
