"""What `Configuration.on_event` is called with: an Event around each call and each attempt."""

import logging
from collections import namedtuple

from cloudtower._http import limits
from cloudtower._http.message import headers_of
from cloudtower._runtime import mask
from cloudtower._runtime.header_names import REQUEST_ID, find
from cloudtower.exceptions import ApiException, ApiTypeError

logger = logging.getLogger("cloudtower.events")

CALL_BEGINS = "call_begins"
ATTEMPT_BEGINS = "attempt_begins"
ATTEMPT_ENDS = "attempt_ends"
CALL_ENDS = "call_ends"

_FIELDS = (
    "name operation read method url user attempt seconds status outcome request_id error result"
    " context"
)


class Event(namedtuple("Event", _FIELDS)):
    """A moment of a call. The function is called in the thread of the call.

    Attributes:
        name: "call_begins", "attempt_begins", "attempt_ends" or "call_ends", str. A call has
            one attempt, or as many as its RetryPolicy allows.
        operation: such as "VmApi.start_vm", str, or None where the script called a path.
        read: whether the call changes nothing, bool.
        method: HTTP method, str.
        url: address without user, password and query, str.
        user: name of the user who has logged in, or of `Configuration.credentials`, str, or
            None.
        attempt: which attempt, from 1, int; 0 before the first. Of a call: how many.
        seconds: since the call began, float.
        status: HTTP status, int; 0 where there was no response; None before it ends.
        outcome: "done", or what `ApiException.outcome` says: "not_sent", "refused" or
            "unknown"; None before it ends.
        request_id: what the server calls the request in its logs, str, or None.
        error: the exception that ended it, or None.
        result: at "call_ends", what the call returns: models for an operation. Else None.
        context: a dict for the function's own use, the same for all events of a call.
    """

    __slots__ = ()

    def __repr__(self):
        return "<Event %s %s>" % (self.name, self.operation or "%s %s" % (self.method, self.url))


class Call(object):
    """One call that is observed.

    Parameters:
        configuration: Configuration, with `on_event`.
        request: Request.
        url: its address, str.

    Raises ApiTypeError for an `on_event` that cannot be called.
    """

    def __init__(self, configuration, request, url):
        self._report = configuration.on_event
        if not callable(self._report):
            raise ApiTypeError(
                "Configuration.on_event is a function of one event, or None, not %r"
                % (self._report,)
            )
        self._request = request
        self.goes_to(url)
        known = getattr(configuration, "_login", None)
        known = known or getattr(configuration, "credentials", None)
        self._user = getattr(known, "username", None)
        self._began = limits.now()
        self._context = {}
        self._attempt = 0
        self._status = self._request_id = None

    def goes_to(self, url):
        """Note the address of the attempt under way, str: one of several nodes."""
        self._url = mask.url(url).split("?")[0]

    def attempt_begins(self):
        self._attempt += 1
        self._status = self._request_id = None
        self._say(ATTEMPT_BEGINS)

    def attempt_ends(self, response=None, error=None):
        """Parameters: what the server sent, or the exception that the attempt raised."""
        if error is None:
            self._status = response.status
            self._request_id = find(headers_of(response), REQUEST_ID)
        else:
            self._status = getattr(error, "status", None) or 0
            self._request_id = getattr(error, "request_id", None)
        self._say(ATTEMPT_ENDS, error)

    def run(self, act):
        """What `act()` returns, with an event before it and one after it.

        Parameters:
            act: callable that returns (result, status, headers), or an unread response.
        """
        self._say(CALL_BEGINS)
        try:
            result = act()
        except BaseException as error:  # a script that is interrupted ends its calls, too
            if self._status is None:
                self._status = getattr(error, "status", None) or 0
            self._say(CALL_ENDS, error)
            raise
        self._say(CALL_ENDS, result=result[0] if isinstance(result, tuple) else result)
        return result

    def _say(self, name, error=None, result=None):
        is_over = name in (ATTEMPT_ENDS, CALL_ENDS)
        event = Event(
            name,
            self._request.operation,
            self._request.is_safe,
            self._request.method,
            self._url,
            self._user,
            self._attempt,
            limits.now() - self._began,
            self._status if is_over else None,
            _outcome(error) if is_over else None,
            self._request_id if is_over else None,
            error,
            result,
            self._context,
        )
        try:
            self._report(event)
        except Exception:
            # The call may have changed something: its result must reach the script.
            logger.exception("Configuration.on_event failed at %r", event)


def _outcome(error):
    if error is None:
        return "done"
    return error.outcome if isinstance(error, ApiException) else "unknown"
