"""The pauses of a call that waits until its object is not locked: `_lock_timeout`."""

from cloudtower._http import limits

_SHORTEST, _LONGEST = 0.5, 5  # seconds
_GROWTH = 0.5  # of the time that has passed: 0.5, 0.5, 0.5, 0.75, 1.1, 1.7, 2.5, 3.8, 5 s ...


def pause(seconds, elapsed, end):
    """Seconds to wait before the next attempt; None if too little time is left.

    Parameters:
        seconds: `_lock_timeout` of the call, number.
        elapsed: seconds since the call began, number.
        end: when the call must be over, by the clock `limits.now`, or None.
    """
    from random import uniform  # loads `hashlib`

    left = seconds - elapsed
    if end is not None:
        left = min(left, end - limits.now() - _SHORTEST)  # and the attempt takes time, too
    if left < limits.ROUNDING:
        return None
    longest = min(max(elapsed * _GROWTH, _SHORTEST), _LONGEST)
    # At random, so that calls that wait for one object do not come back together; the last
    # attempt is at the end.
    return min(uniform(longest / 2, longest), left)


def describe(error, pause):
    """What a call waits for, in one line.

    Parameters:
        error: ResourceLocked.
        pause: seconds until the next attempt, number.
    """
    names = ", ".join(" ".join(filter(None, each)) for each in error.resources)
    return "%s locked, the next attempt in %.2f s" % (names or "its object", pause)
