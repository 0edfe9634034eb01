"""A request as it goes over the wire: query in the URL, body and form as bytes."""

import urllib3
from six.moves.urllib.parse import urlencode

from cloudtower._http.message import BODILESS
from cloudtower._runtime.codec import Encoded, dumps
from cloudtower._runtime.header_names import without
from cloudtower._runtime.headers import content_type, is_json
from cloudtower._runtime.text import TEXT, native
from cloudtower.exceptions import NOT_SENT, ApiException, ApiValueError

_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def encode(request):
    """The request in the form that a transport sends.

    Raises ApiValueError for a body together with a form, ApiException with status 0 for a body
    that cannot be sent as its Content-Type, and what `codec.dumps` raises.
    """
    url, headers = request.url, request.headers
    if request.form and request.body:
        raise ApiValueError("body parameter cannot be used with post_params parameter.")
    if request.query:
        url = "%s%s%s" % (url, "&" if "?" in url else "?", _urlencode(request.query))
    headers, payload = _payload(request, headers)
    if str is bytes:
        # One unicode header promotes the whole request to unicode and corrupts binary bodies.
        url = native(url)
        headers = dict((native(name), native(headers[name])) for name in headers)
    return request.replace(url=url, query=(), headers=headers, body=payload, form=None)


def _payload(request, headers):
    """(headers, bytes or None)"""
    body = request.body
    kind = content_type(headers)
    if kind is None:
        kind = _JSON
        headers = dict(headers)
        headers["Content-Type"] = kind
    if request.method in BODILESS:
        return headers, None
    if is_json(kind):
        return headers, None if body is None else dumps(body).encode("ascii")
    if isinstance(body, Encoded):
        body = body.value
    plain = kind.lower()
    if plain.startswith(_FORM):
        return headers, _urlencode(request.form or []).encode("ascii")
    if plain.startswith(_MULTIPART):
        headers = without(headers, "content-type")
        if not request.form:
            return headers, None
        payload, headers["Content-Type"] = urllib3.encode_multipart_formdata(request.form)
        return headers, payload
    if body is None or isinstance(body, bytes):
        return headers, body
    if isinstance(body, TEXT):
        return headers, body.encode("utf-8")
    error = ApiException(0, "cannot send a %s body as %s" % (type(body).__name__, kind))
    error.outcome = NOT_SENT
    raise error


def _urlencode(pairs):
    if str is bytes:  # which 2.7 encodes as ASCII
        pairs = [tuple(_utf8(part) for part in pair) for pair in pairs]
    return urlencode(pairs)


def _utf8(value):
    return value.encode("utf-8") if isinstance(value, TEXT) else value
