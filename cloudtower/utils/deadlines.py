"""How long a helper waits, and how often it looks."""

from cloudtower import utils
from cloudtower._runtime.text import is_number
from cloudtower.exceptions import ApiTypeError, ApiValueError

_SHORTEST_LOOK = 1  # seconds that a look gets, however little is left
_FIRST_PAUSE = 0.2  # seconds
_LONGEST_PAUSE = 5
_GROWTH = 1.5


def pauses():
    """Growing pauses between two looks, seconds."""
    pause = _FIRST_PAUSE
    while True:
        yield min(pause, _LONGEST_PAUSE)
        pause *= _GROWTH


def check(seconds, least=None, name="timeout", none=True):
    """Refuse what is not a number of seconds. Helpers call it before anything is sent.

    Parameters:
        seconds: as it was given.
        least: what it must be more than, number; None: 0 is enough.
        name: of the argument, for the message, str.
        none: whether it may be None, bool.

    Raises ApiTypeError for what is not a number, ApiValueError for a number that is too small.
    """
    if seconds is None and none:
        return
    if not is_number(seconds) or seconds != seconds:
        wanted = "a number of seconds%s" % (" or None" if none else "")
        raise ApiTypeError("%s is %s, not %r" % (name, wanted, seconds))
    if seconds < 0 or (least is not None and seconds <= least):
        wanted = "0 seconds or more" if least is None else "more than %g seconds" % least
        raise ApiValueError("%s is %s, not %r" % (name, wanted, seconds))


class Deadline(object):
    """The end of a wait.

    Parameters:
        seconds: from now on, number, which `check` has passed; None: no limit.
    """

    def __init__(self, seconds):
        from cloudtower._http import limits  # loads `socket`

        self._limits = limits
        self._end = limits.now() + (float("inf") if seconds is None else seconds)

    def left(self):
        """Seconds, number; 0 or less when the time is up."""
        return self._end - self._limits.now()

    def is_over(self):
        return self.left() < self._limits.ROUNDING

    def look(self):
        """A context in which requests take no longer than what is left, or a second."""
        return self._limits.within(max(self.left(), _SHORTEST_LOOK))

    def explains(self, error):
        """Whether an ApiException only says that the time is up."""
        from cloudtower._http.network_errors import ApiTimeoutError  # loads urllib3

        return self.is_over() and isinstance(error, ApiTimeoutError)

    def rest(self, pause):
        """Sleep these seconds, or what is left. Returns False, at once, when the time is up."""
        if self.is_over():
            return False
        (self._limits.running.interrupt or utils.time).sleep(min(pause, self.left()))
        return True
