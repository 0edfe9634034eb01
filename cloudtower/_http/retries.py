"""urllib3's Retry, whose waits end with the call that they belong to.

urllib3 sleeps as long as a server says (`Retry-After`), whatever time the call has left.
"""

import socket

import urllib3

from cloudtower._http.limits import running
from cloudtower._http.retry_policy import RetryPolicy
from cloudtower._runtime import expected
from cloudtower._runtime.text import INTEGERS
from cloudtower.exceptions import ApiTypeError


def bounded(given):
    """What `Configuration.retries` asks for, as a Retry that keeps the limits of its call.

    Parameters:
        given: a `urllib3.Retry`, a number of retries, or False: nothing is repeated.

    Raises ApiTypeError for anything else, which urllib3 would trip over at the first failure.
    """
    if given is False:
        return given
    if not isinstance(given, INTEGERS + (urllib3.Retry,)):
        hint = "; a RetryPolicy goes into Configuration.retry_policy"
        raise ApiTypeError(
            "Configuration.retries is a number, a urllib3.Retry or None, not %s%s"
            % (expected.kind(given), hint if isinstance(given, RetryPolicy) else "")
        )
    if not isinstance(given, urllib3.Retry):
        given = urllib3.Retry.from_int(given, redirect=False)
    kind = type("Retry", (_Bounded, type(given)), {})
    made = kind.__new__(kind)
    made.__dict__.update(given.__dict__)
    return made


class _Bounded(object):
    """The two waits of a Retry. Each raises socket.timeout where the call ends first."""

    def get_retry_after(self, *args, **kwargs):
        return _within_limits(super(_Bounded, self).get_retry_after(*args, **kwargs))

    def get_backoff_time(self):
        return _within_limits(super(_Bounded, self).get_backoff_time())


def _within_limits(seconds):
    limits = running.limits
    left = limits.left() if limits is not None and seconds else None
    if left is not None and seconds >= left:
        raise socket.timeout(
            "the next attempt is due in %g seconds, after the end of the call" % seconds
        )
    return seconds
