"""A request on its way to the server, and the response on its way back."""

import io
import json
from collections import namedtuple

from cloudtower._runtime import charset, codec, mask
from cloudtower._runtime.header_names import find
from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiValueError

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE")
BODILESS = ("GET", "HEAD")
# A second login changes nothing for the first, and equal ones get equal tokens.
_LOGINS = frozenset(["UserApi.login"])

_FIELDS = (
    "method url query headers body form timeout preload redirect operation read auth limits retry"
    " call lock_timeout graphql"
)
_PLACES = dict((name, place) for place, name in enumerate(_FIELDS.split()))


class Request(namedtuple("Request", _FIELDS)):
    """A request. It never changes: `replace` makes another one.

    Attributes:
        method: HTTP method in upper case, str.
        url: absolute address, str. Until a client has put its own address in front, the
            path below that, which begins with a slash.
        query: pairs of name and value, list; empty once they stand in `url`.
        headers: dict.
        body: a value with a JSON form, bytes or None; on the wire bytes or None.
        form: fields and files of a form, list of pairs, or None; None on the wire.
        timeout: `_request_timeout` of the call: seconds, a pair of them, or None.
        preload: whether the body of the response is read into memory, bool.
        redirect: False: a redirect is an error.
        operation: what is called, such as "VmApi.start_vm", str, or None.
        read: whether the call changes nothing, bool. What is not known to be a read is not one.
        auth: how to authenticate, until a client has done so: the names of security
            schemes, and {in, key, value} in place of the configuration's secrets, or None.
        limits: the Limits of the call once it has begun, or None.
        retry: the RetryPolicy of the call, or None: it is not repeated.
        lock_timeout: seconds since the call began in which it is repeated while what it changes is
            locked, number, or None.
        call: the `events.Call` of a request that is observed, or None.
        graphql: whether it goes to the GraphQL API, whose errors have the status 200, bool.

    Raises ApiValueError for an unknown HTTP method.
    """

    __slots__ = ()

    def __new__(
        cls,
        method,
        url,
        query=(),
        headers=None,
        body=None,
        form=None,
        timeout=None,
        preload=True,
        redirect=None,
        operation=None,
        read=False,
        auth=((), None),
        limits=None,
        retry=None,
        call=None,
        lock_timeout=None,
        graphql=False,
    ):
        if method not in METHODS:
            raise ApiValueError("http method must be one of %s" % ", ".join(METHODS))
        return tuple.__new__(
            cls,
            (
                method,
                url,
                query,
                headers or {},
                body,
                form,
                timeout,
                preload,
                redirect,
                operation,
                read,
                auth,
                limits,
                retry,
                call,
                lock_timeout,
                graphql,
            ),
        )

    @property
    def is_safe(self):
        """Whether it changes nothing, bool: a read, or GET or HEAD."""
        return self.read or self.method in BODILESS

    @property
    def is_repeatable(self):
        """Whether it may be sent twice, bool: it changes nothing, or logs in."""
        return self.is_safe or self.operation in _LOGINS

    def replace(self, **changes):
        """The same request but for these attributes."""
        values = list(self)  # `_replace` takes twice as long, and each call does this often
        for name in changes:
            values[_PLACES[name]] = changes[name]
        return tuple.__new__(Request, values)

    def __repr__(self):
        return "<Request %s %s>" % (self.method, mask.url(self.url))


class Response(object):
    """A response of a script's own transport.

    Parameters:
        status: HTTP status, int.
        data: the body: bytes, text, or whatever else has a JSON form.
        headers: dict.
        reason: text of the status, str.
    """

    def __init__(self, status=200, data=b"", headers=None, reason=""):
        if not isinstance(data, (bytes, TEXT)):
            data = json.dumps(data)
        self.status = status
        self.data = data if isinstance(data, bytes) else data.encode("utf-8")
        self.headers = _Headers(headers or {})
        self.reason = reason

    def __repr__(self):
        return "<Response %d, %d bytes>" % (self.status, len(self.data))


class _Headers(dict):
    """Headers that are found whatever the case of their names."""

    def copy(self):
        return _Headers(self)

    def get(self, name, default=None):
        return find(self, name.lower(), default)


class RESTResponse(io.IOBase):
    """A response.

    Parameters:
        resp: urllib3's response, or anything with status, reason, headers and data.

    Attributes:
        urllib3_response: `resp`.
        status: HTTP status, int.
        reason: its text, str.
        data: the body, bytes; text once ApiClient has decoded it.
    """

    def __init__(self, resp):
        self.urllib3_response = resp
        self.status = resp.status
        self.reason = resp.reason
        self._is_text = False

    @property
    def data(self):
        # Made when it is asked for: a large body is held only once.
        body = self.urllib3_response.data
        if self._is_text and isinstance(body, bytes):
            return charset.decode(body, self.getheader("content-type"))
        return body

    def as_text(self):
        """Have `data` be text from now on."""
        self._is_text = True

    def getheaders(self):
        """The headers, a mapping that finds names in any case."""
        return self.urllib3_response.headers

    def getheader(self, name, default=None):
        """The value of a header, str, or the default."""
        return self.urllib3_response.headers.get(name, default)


def headers_of(response):
    """The headers of a response, a mapping: of urllib3's, a RESTResponse or a script's own."""
    # urllib3 1.26 and 2.0 warn that their `getheaders` goes away.
    is_urllib3 = response.__class__.__module__.startswith("urllib3.")
    has_method = hasattr(response, "getheaders") and not is_urllib3
    return response.getheaders() if has_method else response.headers


def published(request):
    """A request as keywords of the published functions, whose bodies are plain dicts and lists."""
    body = request.body
    keywords = {
        "query_params": request.query,
        "headers": request.headers,
        "post_params": request.form or [],
        "body": codec.sanitize(body) if body.__class__ is codec.Encoded else body,
        "_preload_content": request.preload,
        "_request_timeout": request.timeout,
    }
    if request.redirect is not None:
        keywords["redirect"] = request.redirect
    return keywords
