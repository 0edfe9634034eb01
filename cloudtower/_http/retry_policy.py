"""How failed calls are repeated: `Configuration.retry_policy`."""

from collections import namedtuple

from cloudtower._runtime.text import INTEGERS
from cloudtower.exceptions import ApiTypeError, ApiValueError

_LARGEST_POWER = 1000
_FIELDS = "max_attempts backoff_factor backoff_max status_forcelist give_up_after"


class RetryPolicy(namedtuple("RetryPolicy", _FIELDS)):
    """When to send a request once more, and after which pause. It never changes.

    A read is repeated where the server cannot be reached, is silent, breaks the connection
    or the response off, or responds with one of `status_forcelist`; so is a login. Any other
    call is repeated only where nothing can have been done: nothing was sent, or the status
    is 429 and in `status_forcelist`. A login in between is not an attempt.

    The pause before attempt n + 1 is random, between 0 and the smaller of
    `backoff_factor * 2 ** (n - 1)` and `backoff_max`. A `Retry-After` of the server takes its
    place.

    Parameters:
        max_attempts: attempts in all, int; 1: nothing is repeated.
        backoff_factor, backoff_max: seconds, number.
        status_forcelist: HTTP statuses, iterable of int.
        give_up_after: seconds since the call began after which no attempt begins, number;
            None: no limit but the call's timeout.

    Raises ApiTypeError or ApiValueError for an invalid value.
    """

    __slots__ = ()

    def __new__(
        cls,
        max_attempts=3,
        backoff_factor=0.5,
        backoff_max=8,
        status_forcelist=(429, 502, 503, 504),
        give_up_after=60,
    ):
        if not _is_number(max_attempts, INTEGERS):
            raise ApiTypeError("RetryPolicy.max_attempts is an int, not %r" % (max_attempts,))
        if max_attempts < 1:
            raise ApiValueError("RetryPolicy.max_attempts is at least 1, not %r" % max_attempts)
        for name, seconds in (
            ("backoff_factor", backoff_factor),
            ("backoff_max", backoff_max),
            ("give_up_after", give_up_after),
        ):
            if seconds is None and name == "give_up_after":
                continue
            if not _is_number(seconds, INTEGERS + (float,)):
                raise ApiTypeError(
                    "RetryPolicy.%s is a number of seconds, not %r" % (name, seconds)
                )
            if not 0 <= seconds < float("inf"):
                raise ApiValueError(
                    "RetryPolicy.%s is at least 0 seconds, and finite, not %r" % (name, seconds)
                )
        try:
            statuses = frozenset(status_forcelist)
        except TypeError:
            statuses = [None]
        if not all(_is_number(each, INTEGERS) for each in statuses):
            raise ApiTypeError(
                "RetryPolicy.status_forcelist is a list of HTTP statuses, not %r"
                % (status_forcelist,)
            )
        return tuple.__new__(
            cls, (max_attempts, backoff_factor, backoff_max, statuses, give_up_after)
        )

    def pause(self, attempts):
        """Seconds to wait after so many attempts, float, at random."""
        from random import uniform  # loads `hashlib`

        # A larger power would be too large for a float.
        longest = self.backoff_factor * 2 ** min(attempts - 1, _LARGEST_POWER)
        return uniform(0, min(longest, self.backoff_max))


def of(configuration):
    """The RetryPolicy of a Configuration, or None where nothing is to be repeated.

    That is so where its `retries` are set: urllib3 then repeats requests.

    Raises ApiTypeError for anything else than a RetryPolicy or None.
    """
    if configuration.retries is not None:
        return None
    return checked(getattr(configuration, "retry_policy", None), "Configuration.retry_policy")


def of_call(options, configuration):
    """The RetryPolicy of a call, by its keywords, a dict, or else its Configuration."""
    if "_retry" in options:
        return checked(options["_retry"], "_retry")
    return of(configuration)


def checked(policy, name):
    """A setting that should be a RetryPolicy or None; ApiTypeError names it where it is not."""
    if policy is None or isinstance(policy, RetryPolicy):
        return policy
    raise ApiTypeError("%s is a cloudtower.RetryPolicy or None, not %r" % (name, policy))


def _is_number(value, kinds):
    return isinstance(value, kinds) and not isinstance(value, bool)
