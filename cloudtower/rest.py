"""HTTP: one request and its answer, on top of urllib3.

`cloudtower.api_client` loads this module at its first request.
"""

import copy
import io
import logging
import os
import time

import six
import urllib3
from six.moves import http_client
from six.moves.urllib.parse import urlencode

from cloudtower._http import body as bodies
from cloudtower._http import limits, logs, pool
from cloudtower._http import redirect as redirects
from cloudtower._http.network_errors import translate
from cloudtower._runtime import mask
from cloudtower._runtime.codec import Encoded, dumps
from cloudtower._runtime.headers import is_json, sendable
from cloudtower._runtime.text import TEXT, native
from cloudtower.exceptions import (
    NOT_SENT,
    UNKNOWN,
    ApiException,
    ApiValueError,
    ForbiddenException,
    NotFoundException,
    NotModifiedException,
    ServiceException,
    UnauthorizedException,
)

logger = logging.getLogger(__name__)
logs.mask_urllib3()

_METHODS = ("GET", "HEAD", "DELETE", "POST", "PUT", "PATCH", "OPTIONS")
_BODILESS = ("GET", "HEAD")
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_ERRORS = {
    304: NotModifiedException,
    401: UnauthorizedException,
    403: ForbiddenException,
    404: NotFoundException,
}


class RESTResponse(io.IOBase):
    """An answer.

    Attributes:
        urllib3_response: what urllib3 returned.
        status: HTTP status, int.
        reason: its text, str.
        data: the body, bytes; ApiClient puts text in its place.
    """

    def __init__(self, resp):
        self.urllib3_response = resp
        self.status = resp.status
        self.reason = resp.reason
        self.data = resp.data

    def getheaders(self):
        """The headers, a mapping that does not mind case."""
        return self.urllib3_response.headers

    def getheader(self, name, default=None):
        """The value of a header, str, or the default."""
        return self.urllib3_response.headers.get(name, default)


def _verb_without_body(method):
    def send(
        self,
        url,
        headers=None,
        query_params=None,
        _preload_content=True,
        _request_timeout=None,
        redirect=None,
    ):
        return self.request(
            method,
            url,
            query_params,
            headers,
            None,
            None,
            _preload_content,
            _request_timeout,
            redirect,
        )

    return _named(send, method)


def _verb_with_body(method):
    def send(
        self,
        url,
        headers=None,
        query_params=None,
        body=None,
        _preload_content=True,
        _request_timeout=None,
        redirect=None,
    ):
        return self.request(
            method,
            url,
            query_params,
            headers,
            body,
            None,
            _preload_content,
            _request_timeout,
            redirect,
        )

    return _named(send, method)


def _verb_with_form(method):
    def send(
        self,
        url,
        headers=None,
        query_params=None,
        post_params=None,
        body=None,
        _preload_content=True,
        _request_timeout=None,
        redirect=None,
    ):
        return self.request(
            method,
            url,
            query_params,
            headers,
            body,
            post_params,
            _preload_content,
            _request_timeout,
            redirect,
        )

    return _named(send, method)


def _named(send, method):
    send.__name__ = method
    send.__doc__ = "A %s request; see `request`." % method
    return send


class RESTClientObject(object):
    """Sends requests over connections that it keeps open.

    Parameters:
        configuration: Configuration; what concerns connections is read now, the
            timeout at each request.
        pools_size: servers to keep connections to, int.
        maxsize: connections to keep to one server, int; None: as configured.
    """

    def __init__(self, configuration, pools_size=4, maxsize=None):
        self._configuration = configuration
        self._retries = configuration.retries
        self._known = None, (), None  # timeout, total_timeout and what they mean
        self._process = os.getpid()
        self._pool_manager = pool.manager(configuration, pools_size, maxsize)

    @property
    def pool_manager(self):
        """urllib3's PoolManager; a process that was forked gets one of its own."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._pool_manager = _without_connections(self._pool_manager)
        return self._pool_manager

    @pool_manager.setter
    def pool_manager(self, value):
        self._pool_manager = value

    def request(
        self,
        method,
        url,
        query_params=None,
        headers=None,
        body=None,
        post_params=None,
        _preload_content=True,
        _request_timeout=None,
        redirect=None,
    ):
        """Send a request and return its answer.

        Parameters:
            method: GET, HEAD, DELETE, POST, PUT, PATCH or OPTIONS, str.
            url: absolute address, str.
            query_params: pairs of name and value, list.
            headers: dict. Without Content-Type the body is sent as JSON.
            body: for JSON whatever has a JSON form, otherwise str or bytes.
            post_params: fields of a form, list of pairs, in place of a body.
            _preload_content: whether to read the body now, bool.
            _request_timeout: seconds for the request as a whole, or a pair of
                them for (connect, read); None, also in the pair: as configured.
            redirect: False: an answer that redirects is an error.

        Returns a RESTResponse; urllib3's answer where `_preload_content` is false.
        Raises ApiException, or its subclass for the status or for the kind of
        network failure; ApiValueError for a timeout that is none.
        """
        method = method.upper()
        if method not in _METHODS:
            raise ApiValueError("http method must be one of %s" % ", ".join(_METHODS))
        if post_params and body:
            raise ApiValueError("body parameter cannot be used with post_params parameter.")
        if query_params:
            url = "%s%s%s" % (url, "&" if "?" in url else "?", _urlencode(query_params))
        headers = sendable(headers or {}, "headers")
        headers, payload = _encode(method, headers, body, post_params)
        bodies.check_limit(self._configuration.max_response_size)
        bounds = self._limits(_request_timeout, _preload_content, _is_upload(post_params))
        unfollowed = None
        processed = False  # after a 303 the request has had its effect, whatever comes next
        for _ in range(redirects.MOST + 1):
            response = self._exchange(
                method, url, headers, payload, _preload_content, bounds, processed
            )
            if 200 <= response.status <= 299:
                return response
            if redirect is False:
                break
            target, unfollowed = redirects.target(
                response.status, response.getheader("location"), url
            )
            if target is None:
                break
            url = target
            bounds.sent = None  # this server passed it on
            processed = processed or (response.status == 303 and method not in _BODILESS)
            if response.status == 303 and method != "HEAD":
                method, headers, payload = "GET", _without(headers, "content-type"), None
        else:
            unfollowed = redirects.describe(url, "there were more than %d" % redirects.MOST)
        error = _error(response)
        error.advice = unfollowed
        if processed:
            error.outcome = UNKNOWN
        raise error

    GET = _verb_without_body("GET")
    HEAD = _verb_without_body("HEAD")
    DELETE = _verb_with_body("DELETE")
    OPTIONS = _verb_with_form("OPTIONS")
    POST = _verb_with_form("POST")
    PUT = _verb_with_form("PUT")
    PATCH = _verb_with_form("PATCH")

    def probe(self, url, timeout):
        """The status, int, that one single GET of a URL is answered with.

        Parameters:
            url: absolute address, str.
            timeout: seconds, or a pair of them.

        Raises ApiException with status 0 where there is no answer.
        """
        headers = {"Accept": _JSON}
        return self._exchange("GET", url, headers, None, True, self._limits(timeout)).status

    def close(self):
        """Close the connections; a later request opens new ones."""
        self.pool_manager.clear()

    def _exchange(self, method, url, headers, payload, preload, bounds, processed=False):
        """One request and the one response to it, whatever its status."""
        started = time.time()
        if str is bytes:
            url, headers = _native(url, headers)
        limits.running.limits = bounds
        try:
            # Redirects are followed in `request`: urllib3 would take the body to any host.
            response = self.pool_manager.urlopen(
                method,
                url,
                body=payload,
                headers=headers,
                timeout=urllib3.Timeout(connect=bounds.connect, read=bounds.silence),
                redirect=False,
                preload_content=False,
                enforce_content_length=True,  # the default of urllib3 2.x alone
            )
            if preload or not 200 <= response.status <= 299:
                response = self._read(response)
        except (urllib3.exceptions.HTTPError, http_client.HTTPException, EnvironmentError) as error:
            failure = translate(error, method, url, processed or self._may_repeat(method), bounds)
            _log(method, url, payload, failure.reason, None, started)
            six.raise_from(failure, error)
        finally:
            limits.running.limits = None
        answer = response.data if isinstance(response, RESTResponse) else None
        _log(method, url, payload, response.status, answer, started)
        return response

    def _read(self, response):
        """A RESTResponse of urllib3's unread response."""
        if not isinstance(response, urllib3.HTTPResponse):
            return RESTResponse(response)  # of a script's own pool manager
        try:
            # `_body` is what urllib3 itself keeps as `data`.
            response._body = bodies.read(response, self._configuration.max_response_size)
        except bodies.TooLarge:
            response.close()
            error = ApiException(
                response.status,
                "the response is larger than Configuration.max_response_size, %d bytes"
                % self._configuration.max_response_size,
            )
            error.headers = response.headers
            raise error
        except (ValueError, OverflowError) as error:  # sizes of chunks or bodies that cannot be
            response.close()
            failure = urllib3.exceptions.ProtocolError("the response is broken: %s" % error, error)
            six.raise_from(failure, error)
        except BaseException:
            response.close()
            raise
        return RESTResponse(response)

    def _may_repeat(self, method):
        """Whether a Retry of the user's own lets urllib3 repeat a request that changes things."""
        if method not in ("POST", "PATCH") or not isinstance(self._retries, urllib3.Retry):
            return False
        # 1.25 knows the second name alone, 2.x the first; None and False mean every method.
        name = (
            "allowed_methods" if hasattr(self._retries, "allowed_methods") else "method_whitelist"
        )
        allowed = getattr(self._retries, name)
        return not allowed or method in allowed

    def _limits(self, given, preload=True, upload=False):
        """The Limits of a call that begins now.

        Parameters:
            given: `_request_timeout` of the call.
            preload: whether the response is held in memory, bool.
            upload: whether the request carries files, bool.
        """
        timeout, total = self._configuration.timeout, self._configuration.total_timeout
        if given is None:
            known = self._known
            if known[0] is not timeout or known[1] is not total:
                known = self._known = timeout, total, limits.parse(None, timeout, total)
            found = known[2]
        else:
            found = limits.parse(given, timeout, total)
        if found.own:
            return limits.Limits(found.connect, found.silence, found.whole)
        whole = None if upload else found.whole
        return limits.Limits(found.connect, found.silence, whole, preload)


def _without_connections(manager):
    """A copy of a PoolManager that shares no connection and no lock with it.

    In a forked process those belong to the parent, and a lock may be held by a thread
    that does not exist here. The old pools are left alone: even to close them could
    say something on the parent's connections.
    """
    _inherited.append(manager)
    copied = copy.copy(manager)
    copied.pools = type(manager.pools)(manager.pools._maxsize)
    return copied


_inherited = []  # what must not be collected, since that would close it


def _is_upload(post_params):
    return any(isinstance(value, tuple) for _, value in post_params or ())


def _encode(method, headers, body, post_params):
    """(headers, payload) as they are sent; the caller's headers are not changed."""
    kind = headers.get("Content-Type")
    if kind is None:
        kind = next((headers[name] for name in headers if name.lower() == "content-type"), None)
    if kind is None:
        kind = _JSON
        headers = dict(headers)
        headers["Content-Type"] = kind
    if method in _BODILESS:
        return headers, None
    plain = kind.lower()
    if is_json(plain):
        return headers, None if body is None else dumps(body)
    if isinstance(body, Encoded):
        body = body.value
    if plain.startswith(_FORM):
        return headers, _urlencode(post_params or [])
    if plain.startswith(_MULTIPART):
        headers = _without(headers, "content-type")
        if not post_params:
            return headers, None
        payload, headers["Content-Type"] = urllib3.encode_multipart_formdata(post_params)
        return headers, payload
    if isinstance(body, bytes):
        return headers, body
    if isinstance(body, TEXT):
        return headers, body.encode("utf-8")
    error = ApiException(
        status=0, reason="a body of type %s cannot be sent as %s" % (type(body).__name__, kind)
    )
    error.outcome = NOT_SENT
    raise error


def _urlencode(pairs):
    if str is bytes:  # which 2.7 encodes as ASCII
        pairs = [tuple(_utf8(part) for part in pair) for pair in pairs]
    return urlencode(pairs)


def _utf8(value):
    return value.encode("utf-8") if isinstance(value, TEXT) else value


def _native(url, headers):
    # On 2.7 a single unicode string turns all of a request into one, which no file survives.
    return native(url), dict((native(name), native(headers[name])) for name in headers)


def _without(headers, unwanted):
    return dict((name, headers[name]) for name in headers if name.lower() != unwanted)


def _error(response):
    status = response.status
    server_failed = 500 <= status <= 599
    make = _ERRORS.get(status, ServiceException if server_failed else ApiException)
    return make(http_resp=response)


def _log(method, url, payload, outcome, answer, started):
    if not logger.isEnabledFor(logging.DEBUG):
        return
    logger.debug(
        "%s %s -> %s in %.3f s, sent %s, received %s",
        method,
        mask.url(url),
        outcome,
        time.time() - started,
        _loggable(payload),
        _loggable(answer),
    )


def _loggable(content):
    if content is None:
        return "nothing"
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8")
        except UnicodeDecodeError:
            return "%d bytes" % len(content)
    # A form may carry a whole file.
    return "%d characters" % len(content) if content.startswith("--") else mask.excerpt(content)
