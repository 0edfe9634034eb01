"""How long a call may take: to connect, in silence, and as a whole.

A number of seconds bounds a call as a whole, a pair bounds connecting and
silence. The limits of a call lie where the connections of its thread find
them (`running`), because urllib3 passes on neither a deadline nor the call.
"""

import socket
import threading
from collections import namedtuple
from contextlib import contextmanager

import urllib3

from cloudtower._http.clock import now
from cloudtower._runtime.text import is_number
from cloudtower.configuration import DEFAULT_TIMEOUT
from cloudtower.exceptions import ApiValueError

#: Less than this many seconds counts as zero: a socket may time out a little early.
ROUNDING = 0.02


_NEVER = float("inf")
_LONGEST = 10**9  # seconds; more does not fit into a socket's timeout


class _Running(threading.local):
    """What bounds this thread.

    Attributes:
        limits: the Limits of the call that it carries out, or None.
        end: when each call of it must be over, by the clock `now`; see `within`.
        interrupt: the Interrupt that ends its calls, or None.
    """

    limits = None
    end = _NEVER
    interrupt = None


running = _Running()


@contextmanager
def within(seconds):
    """Bound the calls of this thread in a `with` block, retries included.

    For helpers: an API that a script has replaced accepts no additional parameter.

    Parameters:
        seconds: that the block may take as a whole, number; infinity: no limit.
    """
    before = running.end
    running.end = min(before, now() + seconds)
    try:
        yield
    finally:
        running.end = before


class Interrupted(BaseException):
    """Another thread has ended what this one does; no error that anybody handles."""


class Interrupt(object):
    """Ends what other threads do: those that run `with interrupt.obeyed()`.

    Attributes:
        is_set: whether it has come, bool.
    """

    def __init__(self):
        self._event = threading.Event()
        self._sockets = {}  # id of a thread -> the socket that its request went to
        self._lock = threading.Lock()

    @property
    def is_set(self):
        return self._event.is_set()

    @contextmanager
    def obeyed(self):
        """A context in which this thread sends nothing once the interrupt has come."""
        running.interrupt = self
        try:
            yield
        finally:
            running.interrupt = None

    def watch(self, sock):
        """This thread is about to send a request. Raises Interrupted where it must not."""
        with self._lock:
            if self.is_set:
                raise Interrupted()
            self._sockets[threading.current_thread().ident] = sock

    def leave(self):
        """This thread has its response, and others may use the connection."""
        with self._lock:
            self._sockets.pop(threading.current_thread().ident, None)

    def sleep(self, seconds):
        """Raises Interrupted when the interrupt comes meanwhile."""
        if self._event.wait(seconds):
            raise Interrupted()

    def set(self):
        """End the pauses of those threads, and wake those that wait for a response."""
        self._event.set()
        with self._lock:
            for sock in self._sockets.values():
                try:
                    _shutdown(sock, socket.SHUT_RDWR)
                except (EnvironmentError, TypeError):
                    pass  # closed already, or a script's own kind of socket


# Not the method, since that of TLS sockets drops the session, which its thread still uses.
_shutdown = socket.socket.shutdown if str is not bytes else lambda sock, how: sock.shutdown(how)


class Limits(object):
    """The limits of one call, which begins now.

    Parameters:
        connect: seconds to connect, number, or None: no limit.
        silence: seconds between two pieces of data, number, or None: no limit.
        whole: seconds for the call, number, or None: no limit.
        body: whether `whole` bounds reading the body, too, bool.
        timeouts: the Timeouts that they come from.

    Attributes besides these:
        began: when the call began, by the clock `now`.
        end: when the call must be over, by the same clock, or None.
        attempts: how many attempts have begun, int.
        tried: what was tried and failed, list of (seconds since the call began, what happened).
        latest: the Request of the latest attempt, encoded, or None.
        sent: whether a server may have seen any of the request, bool; None: nobody
            has looked (the connections are a script's own).
    """

    __slots__ = (
        "connect",
        "silence",
        "whole",
        "body",
        "timeouts",
        "began",
        "end",
        "attempts",
        "tried",
        "latest",
        "sent",
    )

    def __init__(self, connect=None, silence=None, whole=None, body=True, timeouts=None):
        if running.end < _NEVER:
            whole = smaller(whole, max(running.end - now(), ROUNDING))
        self.connect = connect
        self.silence = silence
        self.whole = whole
        self.body = body
        self.timeouts = timeouts
        self.began = now()
        self.end = None if whole is None else self.began + whole
        self.attempts = 0
        self.tried = []
        self.latest = None
        self.sent = None

    def left(self):
        """Seconds until the call must be over, or None.

        Raises socket.timeout where there are none.
        """
        if self.end is None:
            return None
        left = self.end - now()
        if left <= 0:
            raise socket.timeout("the call took longer than %g seconds" % self.whole)
        return left

    def patience(self):
        """Seconds to wait for the next piece of data, or None.

        Raises socket.timeout as `left` does.
        """
        # Written out, since each piece of data asks.
        if self.end is None:
            return self.silence
        left, silence = self.end - now(), self.silence
        if left <= 0:
            return self.left()
        return left if silence is None or left < silence else silence

    def connecting(self):
        """Seconds to connect, or None. Raises socket.timeout as `left` does."""
        return smaller(self.connect, self.left())

    def after_head(self):
        """The response has begun: what bounds the rest of the call?"""
        if not self.body:
            self.end = None

    def failed(self, what):
        """Note what an attempt came to, str. Returns seconds since the call began."""
        elapsed = now() - self.began
        self.tried.append((elapsed, what))
        return elapsed

    def expired(self):
        """Whether the call as a whole has taken too long, bool."""
        return self.end is not None and now() >= self.end - ROUNDING


def of_call(request, configuration):
    """The Limits of a call that begins now.

    Parameters:
        request: Request.
        configuration: Configuration.

    Raises ApiValueError for an invalid timeout.
    """
    found = _timeouts(request.timeout, configuration)
    whole, body = found.whole, True
    if not found.own:
        body = request.preload
        if request.form and any(isinstance(value, tuple) for _, value in request.form):
            whole = None  # an upload
    return Limits(found.connect, found.silence, whole, body, found)


def _timeouts(given, configuration):
    global _last
    configured, total = configuration.timeout, configuration.total_timeout
    if given is not None:
        return parse(given, configured, total)
    known = _last
    if known[0] is not configured or known[1] is not total:
        known = _last = configured, total, parse(None, configured, total)
    return known[2]


_last = None, (), None  # timeout and total_timeout of a configuration, and what they mean

#: (connect, silence, whole) in seconds, each a number or None; whether the last was asked
#: for by the call itself; and the first two for urllib3: as they are, and for connections
#: that keep the limits themselves, whose sockets then wait as long to send as to receive.
Timeouts = namedtuple("Timeouts", "connect silence whole own foreign limited")


def parse(given, configured, total):
    """The Timeouts that settings mean.

    Parameters:
        given: `_request_timeout` of a call: a number, a pair or None.
        configured: `Configuration.timeout`, which stands for None, in the pair too.
        total: `Configuration.total_timeout`: a number or None.

    Raises ApiValueError for anything else.
    """
    if total is not None and not is_seconds(total):
        raise ApiValueError(
            "Configuration.total_timeout is a number of seconds or None, not %r" % (total,)
        )
    if is_seconds(given):
        return _made(given, given, given, True)
    default = configured
    if given is None:
        given, default = configured, DEFAULT_TIMEOUT
    if given is None:
        return _made(None, None, total, False)
    if is_seconds(given):
        return _made(given, given, smaller(given, total), False)
    if not isinstance(given, tuple) or len(given) != 2:
        raise ApiValueError("a timeout is a number of seconds or a pair of them, not %r" % (given,))
    default = default if isinstance(default, tuple) else (default, default)
    connect, silence = (known if part is None else part for part, known in zip(given, default))
    for seconds in (connect, silence):
        if seconds is not None and not is_seconds(seconds):
            raise ApiValueError("a timeout is more than 0 seconds, not %r" % (seconds,))
    return _made(connect, silence, total, False)


def _made(connect, silence, whole, own):
    foreign = urllib3.Timeout(connect=connect, read=silence)
    limited = urllib3.Timeout(connect=silence, read=silence)
    return Timeouts(connect, silence, whole, own, foreign, limited)


def is_seconds(value):
    """Whether a value is a number of seconds greater than 0."""
    return is_number(value) and 0 < value <= _LONGEST


def smaller(limit, other):
    """The smaller of two limits, of which either may be None: no limit."""
    if limit is None or other is None:
        return other if limit is None else limit
    return min(limit, other)
