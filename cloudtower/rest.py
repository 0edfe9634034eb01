"""Sends requests, follows redirects, and turns statuses into exceptions.

    send  ->  encode  ->  transport, once more for each redirect  ->  response or exception

The methods GET, POST and so on are the published way in. `cloudtower.api_client`
loads this module at its first request.
"""

from cloudtower._http import body as bodies
from cloudtower._http import echo, errors, limits, retry_policy
from cloudtower._http import redirect as redirects
from cloudtower._http.call_log import logger  # noqa: F401  a published name
from cloudtower._http.encoding import encode
from cloudtower._http.message import BODILESS, Request, RESTResponse
from cloudtower._http.retry import Retries
from cloudtower._http.transport import Transport
from cloudtower._runtime import read_only
from cloudtower._runtime.header_names import without
from cloudtower._runtime.headers import sendable
from cloudtower.exceptions import (
    UNKNOWN,
    ApiException,
    ApiValueError,  # noqa: F401  scripts import it from here too
    ForbiddenException,  # noqa: F401
    NotFoundException,  # noqa: F401
    ServiceException,  # noqa: F401
    UnauthorizedException,  # noqa: F401
)


def _verb(method, *content):
    """The published function of one HTTP method.

    Parameters:
        method: str.
        content: names of its parameters for the body, in order.
    """
    names = ("headers", "query_params") + content
    names += ("_preload_content", "_request_timeout", "redirect")

    def send(self, url, *values, **named):
        given = dict(zip(names, values))
        if len(values) > len(names) or any(name in given for name in named):
            raise TypeError("%s takes url, %s, each once" % (method, ", ".join(names)))
        named.update(given)
        return self.request(method, url, **named)

    send.__name__ = method
    send.__doc__ = "A %s request: url, %s; see `request`." % (method, ", ".join(names))
    return send


class RESTClientObject(object):
    """Sends requests through a transport.

    Parameters:
        configuration: Configuration.
        pools_size, maxsize: as for `Transport`.
        transport: anything with `send(request)`; None: a Transport.

    Attributes besides these:
        pool_manager: urllib3's PoolManager, where the transport has one.
    """

    def __init__(self, configuration, pools_size=4, maxsize=None, transport=None):
        self._configuration = configuration
        self.transport = transport or Transport(configuration, pools_size, maxsize)
        self._retries = Retries()

    @property
    def pool_manager(self):
        return self.transport.pool_manager

    @pool_manager.setter
    def pool_manager(self, value):
        self.transport.pool_manager = value

    def send(self, request):
        """Send a request, and again as its RetryPolicy says.

        Redirects within the same server are followed. A request that has its limits is an
        attempt of a call that somebody else repeats and logs.

        Parameters:
            request: Request.

        Returns a RESTResponse; urllib3's response, unread, where `preload` is false.
        Raises ApiException, or its subclass for the status or for the kind of network
        failure; ApiValueError for an invalid setting.
        """
        read_only.check_request(
            self._configuration, request.method, request.url, request.body, request.read
        )
        bodies.check_limit(self._configuration.max_response_size)
        if request.limits is not None:
            return self._follow(request)
        request = request.replace(limits=limits.of_call(request, self._configuration))
        return self._retries.run(request, self._follow)

    def _follow(self, request):
        """The response to a request, sent once more for each redirect."""
        request = encode(request)
        # Without a circle, which would keep a large body until the garbage collector comes.
        request.limits.latest = request.replace(limits=None)
        unfollowed = None
        processed = False  # after a 303 the request has had its effect, whatever comes next
        for _ in range(redirects.MOST + 1):
            response = self._exchange(request, processed)
            if 200 <= response.status <= 299:
                return response if request.preload else response.urllib3_response
            if request.redirect is False:
                break
            target, unfollowed = redirects.target(
                response.status, response.getheader("location"), request.url
            )
            if target is None:
                break
            request.limits.sent = None  # this server passed it on
            if response.status == 303 and request.method != "HEAD":
                processed = processed or request.method not in BODILESS
                headers = without(request.headers, "content-type")
                request = request.replace(method="GET", headers=headers, body=None)
            request = request.replace(url=target)
        else:
            reason = "there were more than %d" % redirects.MOST
            unfollowed = redirects.describe(request.url, reason)
        error = errors.of_response(response, request)
        error._set_request(request.method, request.url)
        error.advice = unfollowed
        if processed:
            error.outcome = UNKNOWN
        raise error

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
        """Send a request and return its response.

        Parameters:
            method: GET, HEAD, DELETE, POST, PUT, PATCH or OPTIONS, str.
            url: absolute address, str.
            query_params: pairs of name and value, list.
            headers: dict. Without Content-Type the body is sent as JSON.
            body: for JSON whatever has a JSON form, otherwise str or bytes.
            post_params: fields of a form, list of pairs, instead of a body.
            _preload_content: whether to read the body now, bool.
            _request_timeout: seconds for the request as a whole, or a pair of
                them for (connect, silence); None, also in the pair: as configured.
            redirect: False: a redirect is an error.

        Returns and raises as `send` does.
        """
        return self.send(
            Request(
                method.upper(),
                url,
                query_params or (),
                sendable(headers or {}, "headers"),
                body,
                post_params,
                timeout=_request_timeout,
                preload=_preload_content,
                redirect=redirect,
                retry=retry_policy.of(self._configuration),
            )
        )

    GET = _verb("GET")
    HEAD = _verb("HEAD")
    DELETE = _verb("DELETE", "body")
    OPTIONS = _verb("OPTIONS", "post_params", "body")
    POST = _verb("POST", "post_params", "body")
    PUT = _verb("PUT", "post_params", "body")
    PATCH = _verb("PATCH", "post_params", "body")

    def probe(self, url, timeout):
        """The status, int, of the response to a single GET of a URL.

        Parameters:
            url: absolute address, str.
            timeout: seconds, or a pair of them.

        Raises ApiException with status 0 where there is no response.
        """
        request = Request("GET", url, headers={"Accept": "application/json"}, timeout=timeout)
        request = request.replace(limits=limits.of_call(request, self._configuration))
        return self._exchange(encode(request)).status

    def stream(self, response, request):
        """The body of an unread response, in pieces of bytes; see `Transport.stream`."""
        return self.transport.stream(response, request)

    def close(self):
        """Close the connections; a later request opens new ones."""
        close = getattr(self.transport, "close", None)
        if close is not None:
            close()

    def _exchange(self, request, processed=False):
        """The response to one request, a RESTResponse, whatever the transport returns."""
        try:
            response = self.transport.send(request)
        except ApiException as error:
            echo.hide(error, request)
            if processed:
                error.outcome = UNKNOWN
            raise
        return response if isinstance(response, RESTResponse) else RESTResponse(response)
