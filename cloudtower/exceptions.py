"""What this SDK raises.

This module loads nothing but the standard library's basics, so that a script
may import it for its `except` clauses at no cost. Failures of the network have
their own classes in `cloudtower.network_errors`; each of them is an
ApiException too.
"""

from cloudtower._runtime import json_text, late, mask
from cloudtower._runtime.text import TEXT

NOT_SENT = "not_sent"
REFUSED = "refused"
UNKNOWN = "unknown"


class OpenApiException(Exception):
    """The base of every exception of this SDK."""


class _ItemError(OpenApiException):
    """What the errors about one item of a value share: the item's path in their text."""

    def __init__(self, msg, path_to_item=None):
        self.path_to_item = path_to_item
        msg = _native(msg)
        if path_to_item:
            msg = "%s at %s" % (msg, render_path(path_to_item))
        super(_ItemError, self).__init__(msg)

    def __unicode__(self):  # which 2.7 asks for, where `str` is UTF-8
        return TEXT(str(self), "utf-8", "replace")


class ApiTypeError(_ItemError, TypeError):
    """A value has a type that cannot be used.

    Parameters:
        msg: what is wrong, str.
        path_to_item: the keys and indices that lead to the value, list, or None.
        valid_classes: the types that could be used, tuple, or None.
        key_type: whether the value is a key of a dict, bool, or None.
    """

    def __init__(self, msg, path_to_item=None, valid_classes=None, key_type=None):
        self.valid_classes = valid_classes
        self.key_type = key_type
        super(ApiTypeError, self).__init__(msg, path_to_item)


class ApiValueError(_ItemError, ValueError):
    """A value cannot be used. Parameters: as for ApiTypeError, less the types."""


class ApiAttributeError(_ItemError, AttributeError):
    """An attribute does not exist. Parameters: as for ApiValueError."""


class ApiKeyError(_ItemError, KeyError):
    """A key does not exist. Parameters: as for ApiValueError."""


class UnknownFieldWarning(UserWarning):
    """A name in a body that the interface does not know; see `Configuration.field_validation`."""


class ApiException(OpenApiException):
    """A request that failed, or a response that cannot be used.

    Parameters:
        status: HTTP status, int; 0 where there was no response.
        reason: one line of text, str.
        http_resp: the response, a `rest.RESTResponse`; status, reason, body and
            headers are then taken from it.

    Attributes besides these:
        body: body of the response, str, or None.
        headers: headers of the response, a mapping, or None.
        operation: which operation failed, such as "VmApi.start_vm", or None.
        outcome: what is known about the request. "not_sent": no server has seen
            it; "refused": the server declined it or had nothing to change (3xx,
            4xx); "unknown": it may have taken effect, partly or completely.
        advice: what to check where the response shows a likely cause, or where a redirect
            points that was not followed, str, or None.
    """

    # for instances whose __init__ never ran, such as old pickles
    operation = None
    outcome = UNKNOWN
    advice = None

    def __init__(self, status=None, reason=None, http_resp=None):
        if http_resp is None:
            self.status = status
            self.reason = reason
            self.body = None
            self.headers = None
        else:
            self.status = http_resp.status
            self.reason = http_resp.reason
            self.body = _native(http_resp.data)
            self.headers = http_resp.getheaders()
        self.operation = None
        self.outcome = REFUSED if _is_refusal(self.status) else UNKNOWN
        self.advice = None

    @property
    def error(self):
        """The server's `ErrorBody`, or None where the body is not one."""
        if not self.body:
            return None
        try:
            value = json_text.loads(self.body)
        except ValueError:
            return None
        if not isinstance(value, dict):
            return None
        return late.module("models").ErrorBody.from_json(value)

    @property
    def code(self):
        """The server's error code, str, or None."""
        error = self.error
        return None if error is None else error.code

    @property
    def request_id(self):
        """What the server calls this request in its logs, str, or None."""
        for name, value in (self.headers or {}).items():
            if name.lower() == "x-tower-request-id":
                return value
        return None

    def __str__(self):
        lines = ["(%s)" % self.status, "Reason: %s" % _masked(self.reason)]
        lines.extend(self._details())
        if self.headers:
            lines.append("HTTP response headers: %s" % mask.headers(self.headers))
        if self.body:
            lines.append("HTTP response body: %s" % mask.text(self.body))
        if self.request_id:
            lines.append("Request id: %s" % self.request_id)
        return "\n".join(_native(line) for line in lines) + "\n"

    def _details(self):
        """More lines of the text."""
        return [self.advice] if self.advice else []


class NotModifiedException(ApiException):
    """Status 304: the request was in order, and nothing changed."""

    def __init__(self, status=304, reason="Not Modified", http_resp=None):
        super(NotModifiedException, self).__init__(status, reason, http_resp)
        self.reason = "%s: nothing changed" % (self.reason or "Not Modified")


class NotFoundException(ApiException):
    """Status 404."""


class UnauthorizedException(ApiException):
    """Status 401."""


class ForbiddenException(ApiException):
    """Status 403."""


class ServiceException(ApiException):
    """Status 500 to 599."""


def render_path(path_to_item):
    """The path to an item as Python would write it: `['data'][0]['name']`.

    Parameters:
        path_to_item: keys (str) and indices (int), in order.

    Returns str.
    """
    return "".join(
        "[%d]" % item if isinstance(item, int) else "['%s']" % _printable(item)
        for item in path_to_item
    )


# What these say comes after the request was handled (303), or from a gateway that
# gave up on it while the server may still have been at work.
_UNDECIDED = (303, 408, 444, 460, 499)


def _is_refusal(status):
    return isinstance(status, int) and 300 <= status < 500 and status not in _UNDECIDED


def _printable(item):
    return _native(item) if hasattr(item, "encode") else item


def _masked(reason):
    return mask.text(reason) if isinstance(reason, (str, TEXT)) else reason


def _native(text):
    """The text or bytes as str: Python 2.7 prints no other text than that."""
    if text is None or isinstance(text, str):
        return text
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text.encode("utf-8")
