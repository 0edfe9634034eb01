"""What the log says of a call: one line at DEBUG, and a warning where a change is in doubt."""

import logging

from cloudtower._http import echo, limits
from cloudtower._http.message import headers_of
from cloudtower._runtime import codec, mask
from cloudtower._runtime.header_names import REQUEST_ID, find
from cloudtower.exceptions import UNKNOWN

logger = logging.getLogger("cloudtower.rest")  # the published name

#: Headers whose values are shown. What is not known to be harmless is not.
SHOWN_HEADERS = frozenset(
    "accept accept-encoding accept-language connection content-encoding content-language"
    " content-length content-type date location retry-after server user-agent via"
    " x-tower-request-id".split()
)


def succeeded(request, response):
    """Say what a call has come to.

    Parameters:
        request: Request, with its limits.
        response: a RESTResponse, or urllib3's response, unread.
    """
    if not logger.isEnabledFor(logging.DEBUG):
        return
    received = response.data if request.preload else None
    _say(request, response.status, headers_of(response), received)


def failed(request, error):
    """Say how a call has failed.

    Parameters:
        request: Request, with its limits.
        error: ApiException.
    """
    doubt(request, error)
    if logger.isEnabledFor(logging.DEBUG):
        outcome = error.status or "%s (%s)" % (type(error).__name__, mask.text(str(error.reason)))
        _say(request, outcome, error.headers, error.body)


def doubt(request, error):
    """Warn where a change may have taken effect, as far as its ApiException says."""
    interrupt = limits.running.interrupt
    if interrupt is not None and interrupt.is_set:
        return  # Ctrl-C has broken it off, and who handles that knows of the request
    if error.outcome == UNKNOWN and not request.is_repeatable:
        logger.warning(
            "%s may have taken effect, its outcome is unknown: %s",
            label(request),
            mask.text("%s" % (error.reason,)),
        )


def label(request):
    """What a request is called in a log: its operation, or method and address."""
    if request.operation:
        return request.operation
    return "%s %s" % (request.method, mask.url(request.url))


def _say(request, outcome, headers, received):
    bounds = request.limits
    sent = bounds.latest or request  # where it never got as far
    secrets = echo.of(request)
    logger.debug(
        "%s: %s %s -> %s in %.0f ms, attempts %d, request id %s, sent %s %s, received %s %s",
        request.operation or "-",
        request.method,
        mask.url(sent.url),
        outcome,
        (limits.now() - bounds.began) * 1000,
        bounds.attempts,
        find(headers, REQUEST_ID) or "-",
        _headers(sent.headers, secrets),
        _content(sent.body, secrets),
        _headers(headers, secrets),
        _content(received, secrets),
    )


def _headers(headers, secrets):
    return dict(
        (
            name,
            echo.hidden(value, secrets) if name.lower() in SHOWN_HEADERS else mask.HIDDEN,
        )
        for name, value in mask.headers(headers or {}).items()
    )


def _content(content, secrets):
    if content is None:
        return "nothing"
    if isinstance(content, codec.Encoded):
        content = content.text
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8")
        except UnicodeDecodeError:
            return "%d bytes" % len(content)
    if content.startswith("--"):  # a form, which may carry a whole file
        return "%d characters" % len(content)
    return mask.excerpt(echo.hidden(content, secrets))
