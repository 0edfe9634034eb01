"""Which redirects are followed: those that stay with one server."""

import re

from six.moves.urllib.parse import quote, urljoin

from cloudtower._http import address
from cloudtower._runtime import mask
from cloudtower._runtime.text import TEXT

MOST = 3

_STATUSES = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}
# Everything that has a meaning in a URL, and "%", which stands for what is quoted already.
_SAFE = "%/:=&?~#+!$,;'@()*[]"
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def target(status, location, url):
    """Where to send the request again.

    Method, body and token go along, so it must be the server that was asked: the same
    scheme, name and port; or its https, where both ports are the default ones.

    Parameters:
        status: of the response, int.
        location: its header Location, str, or None.
        url: of the request, str.

    Returns (URL, None), or (None, why it is not followed); (None, None) where the
    response does not redirect.
    """
    if status not in _STATUSES or not (location or "").strip():
        return None, None
    location = _quoted(location.strip())
    try:
        new = urljoin(url, location)
    except ValueError:
        new = None
    if new is None or _CONTROL.search(new) or not _is_same_server(url, new):
        return None, describe(new or location, "it is a different server")
    return new.split("#", 1)[0], None


def describe(location, why):
    """A line for the text of an error about a redirect that was not followed."""
    return "Redirect to %s was not followed: %s." % (mask.url(location).split("?")[0], why)


def _is_same_server(old, new):
    if address.split(new) is None or "@" in _server(new) or "\\" in _server(new):
        return False
    (old_scheme, old_host, old_port), (scheme, host, port) = _place(old), _place(new)
    if not host or host != old_host or port is None:
        return False
    if scheme == old_scheme:
        return port == old_port
    return (old_scheme, old_port, scheme, port) == ("http", 80, "https", 443)


def _place(url):
    scheme = address.scheme_of(url)
    host, port = address.host_and_port(url)
    return scheme, address.ip(host) or host, _PORTS.get(scheme) if port is None else port


def _server(url):
    return re.split(r"[/?#]", url.split("://", 1)[-1])[0]


def _quoted(location):
    """The header with what a URL cannot carry percent-encoded, as browsers do.

    http.client reads octets as latin-1; servers mean UTF-8.
    """
    if isinstance(location, TEXT):
        try:
            location = location.encode("latin-1")
        except UnicodeEncodeError:
            location = location.encode("utf-8")
    return quote(location, safe=_SAFE)
