"""Repeats a call that has failed, as its RetryPolicy says: the one loop.

attempt  ->  response
         ->  failure  ->  may it be repeated?  ->  pause  ->  attempt
"""

import logging
import time

from cloudtower._http import call_log, limits, locks, retry_after
from cloudtower._http.network_errors import ApiTimeoutError
from cloudtower._runtime.locks import Lock
from cloudtower.exceptions import NOT_SENT, REFUSED, ApiException, ResourceLocked

logger = logging.getLogger("cloudtower.retry")

_TOO_MANY_REQUESTS = 429
_DAY = 86400  # seconds; no call waits for a server that asks for more

_NO_BUDGET = "Not retried: too many calls of this client fail, its retry budget is used up."


class Budget(object):
    """What a client may spend on repetitions, so that it does not multiply an outage.

    A repetition costs 5, or 10 after a timeout. It is given back when the call succeeds at
    last; a call that succeeds at once brings 1. The sizes are those of botocore's standard
    mode: with nothing but failures, a hundred repetitions.
    """

    CAPACITY = 500
    COST = 5
    COST_OF_TIMEOUT = 10
    GAIN = 1

    def __init__(self):
        self.left = self.CAPACITY
        self._lock = Lock()

    def spend(self, cost):
        """Whether there was so much left, bool; it is gone then."""
        with self._lock:
            if cost > self.left:
                return False
            self.left -= cost
            return True

    def earn(self, amount):
        if self.left < self.CAPACITY:
            with self._lock:
                self.left = min(self.CAPACITY, self.left + amount)


class Retries(object):
    """Repeats the calls of one client, which share a budget."""

    def __init__(self):
        self.budget = Budget()

    def run(self, request, attempt):
        """What an attempt to send a request returns, the last one of as many as it takes.

        The log says what came of it.

        Parameters:
            request: Request, with its limits.
            attempt: callable(request) that returns a response or raises ApiException.

        Raises what the last attempt raises; an ApiException then lists all of them.
        """
        try:
            response = self._repeated(request, attempt)
        except ApiException as error:
            call_log.failed(request, error)
            raise
        call_log.succeeded(request, response)
        return response

    def _repeated(self, request, attempt):
        bounds = request.limits
        end = bounds.end
        is_sent = False  # whether a server may have seen an earlier attempt
        failures, since = 0, 0  # what the RetryPolicy counts: since the start, or the latest lock
        spent = 0
        while True:
            bounds.attempts += 1
            try:
                response = _observed(request, attempt)
            except ApiException as error:
                if error._is_final:
                    raise
                elapsed = bounds.failed(happened(error))
                error.attempts = bounds.tried
                if is_sent:
                    error._is_one_of_several()
                is_sent = is_sent or error.outcome != NOT_SENT
                if _waits(request, error):
                    failures, since = 0, elapsed
                    pause = locks.pause(request.lock_timeout, elapsed, end)
                    if pause is None:
                        raise
                    logger.info("%s: %s", call_log.label(request), locks.describe(error, pause))
                    _rest(bounds, end, pause)
                    continue
                failures += 1
                most = _most(request, error)
                pause = None
                if failures < most:
                    pause = _pause(request.retry, error, failures, elapsed - since, end)
                    if pause is None:
                        error._gave_up = _asks_too_much(error)
                if pause is None:
                    raise
                cost = _cost(error)
                if not self.budget.spend(cost):
                    logger.info("%s is not retried: too many fail", call_log.label(request))
                    error._gave_up = _NO_BUDGET
                    raise
                spent += cost
            else:
                self.budget.earn(spent or Budget.GAIN)
                return response
            logger.info(
                "%s failed (%s), attempt %d of %d; the next one in %.2f s",
                call_log.label(request),
                bounds.tried[-1][1],
                failures,
                most,
                pause,
            )
            _rest(bounds, end, pause)


def _waits(request, error):
    """Whether a call waits until its object is not locked."""
    is_lock = isinstance(error, ResourceLocked) and error.outcome == REFUSED
    return is_lock and request.lock_timeout is not None


def _rest(bounds, end, pause):
    """Wait before the next attempt, which has what is left of the time, and has sent nothing yet."""
    (limits.running.interrupt or time).sleep(pause)
    bounds.end = end
    bounds.sent = None


def _observed(request, attempt):
    """What an attempt returns, with events around it where somebody observes the call."""
    call = request.call
    if call is None:
        return attempt(request)
    call.attempt_begins()
    try:
        response = attempt(request)
    except BaseException as error:
        call.attempt_ends(error=error)
        raise
    call.attempt_ends(response)
    return response


def _most(request, error):
    """How many attempts a call has in all that failed like this, int."""
    policy = request.retry
    if policy is None:
        return error._attempts_due
    may_repeat = error._attempts_due or _may_repeat(request, error)
    return max(policy.max_attempts if may_repeat else 1, error._attempts_due)


def _pause(policy, error, attempts, elapsed, end):
    """Seconds to wait before the next attempt; None if too little time is left."""
    pause = retry_after.seconds(error.headers)
    if pause is None:
        pause = policy.pause(attempts) if policy is not None else 0
    if pause > _DAY:
        return None
    give_up_after = policy.give_up_after if policy is not None else None
    if give_up_after is not None and elapsed + pause > give_up_after:
        return None
    if end is not None and limits.now() + pause > end - limits.ROUNDING:
        return None
    return pause


def _asks_too_much(error):
    """Why the server's Retry-After rules out another attempt, str; "" without one."""
    asked = retry_after.seconds(error.headers)
    if not asked:
        return ""
    return (
        "Not retried: the server asks to wait %.0f s (Retry-After), which is longer than"
        " RetryPolicy.give_up_after or the timeout of the call allows." % asked
    )


def _may_repeat(request, error):
    """Whether a failed request can be sent again, because it changes nothing, or has not."""
    if error.status:
        is_listed = error.status in request.retry.status_forcelist
        return is_listed and (request.is_repeatable or _is_declined(error))
    return error.retryable and (request.is_repeatable or error.outcome == NOT_SENT)


def _is_declined(error):
    """Whether the server has not begun to process a request: it counted it, and refused."""
    return error.status == _TOO_MANY_REQUESTS and error.outcome != "unknown"


def _cost(error):
    if error._attempts_due:
        return 0  # no server does the work twice
    return Budget.COST_OF_TIMEOUT if isinstance(error, ApiTimeoutError) else Budget.COST


def happened(error):
    """What an attempt came to, in a few words: a status, or what went wrong, str."""
    cause = getattr(error, "cause", None)
    if error.status and not cause:
        return ("%s %s" % (error.status, error.reason or "")).strip()
    return cause or type(error).__name__
