"""The proxy of a client: its address, its user, and which of the environment's it is."""

import re
from collections import namedtuple

from cloudtower._http import address
from cloudtower._runtime import headers
from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiTypeError, ApiValueError

SETTING = "Configuration.proxy"

_ADDRESS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?(.*)\Z", re.S)
_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+(?:%[\w.~%-]+)?\]|[^\s\[\]:@\\<>\"^`{|}%]+)(?::(\d*))?\Z")
_PATH = re.compile(r"[/?#]")
_EXPECTED = "expected http://user:password@host:port"
_SOCKS = (
    "%s: SOCKS proxies need the package PySocks and a pool of urllib3's own: set proxy to None and"
    " api_client.rest_client.pool_manager = urllib3.contrib.socks.SOCKSProxyManager(address)"
)

# address: URL without user and password, str; authorization: value of the header
# Proxy-Authorization, str, or None.
Proxy = namedtuple("Proxy", "address authorization")


def parse(text):
    """The Proxy that a setting means, or None where it is empty.

    Parameters:
        text: such as "http://user:p%40ss@host:3128"; without a scheme it is http, str.

    Raises ApiValueError or ApiTypeError, which name the setting and show nothing of it.
    """
    if isinstance(text, bytes) and bytes is not str:
        text = text.decode("utf-8", "replace")
    if text is not None and not isinstance(text, (str, TEXT)):
        raise ApiTypeError("%s must be a str, not %s" % (SETTING, type(text).__name__))
    text = (text or "").strip()
    if not text:
        return None
    scheme, rest = _ADDRESS.match(text).groups()
    scheme = (scheme or "http").lower()
    if scheme.startswith("socks"):
        raise ApiValueError(_SOCKS % SETTING)
    if scheme not in ("http", "https"):
        raise ApiValueError("%s: its scheme must be http or https; %s" % (SETTING, _EXPECTED))
    # A password with an unescaped "@" or "/" is understood too.
    userinfo, _, server = rest.lstrip("/").rpartition("@")
    server = _PATH.split(server)[0]
    match = _SERVER.match(server)
    if match is None or not _is_server(*match.groups()):
        raise ApiValueError("%s is not the address of a proxy; %s" % (SETTING, _EXPECTED))
    host, port = match.groups()
    url = "%s://%s%s" % (scheme, host, ":" + port if port else "")
    return Proxy(url, _authorization(userinfo) if userinfo.strip(":") else None)


def _is_server(host, port):
    if port and not 0 < int(port) < 65536:
        return False
    return not host.startswith("[") or address.ip(host.strip("[]")) is not None


def _authorization(userinfo):
    from six.moves.urllib import parse

    username, _, password = userinfo.partition(":")
    unquote = getattr(parse, "unquote_to_bytes", None)
    if unquote is None:  # 2.7, whose `unquote` takes and gives bytes

        def unquote(part):
            return parse.unquote(part.encode("utf-8") if isinstance(part, TEXT) else part)

    return headers.basic(unquote(username), unquote(password), SETTING, SETTING)


# ---- the environment -----------------------------------------------------------


def from_environment(environ):
    """The proxies that the environment names.

    A variable in lower case goes first, an empty one stands for no proxy. As in the
    standard library, HTTP_PROXY is ignored in a CGI script, where it is a header of
    whoever calls it.

    Parameters:
        environ: such as `os.environ`, mapping.

    Returns a dict with the keys http, https, all and no, of those that are set.
    """
    found = {}
    for name in ("http", "https", "all", "no"):
        value = environ.get(name + "_proxy")
        if value is None and not (name == "http" and "REQUEST_METHOD" in environ):
            value = environ.get(name.upper() + "_PROXY")
        if value is not None:
            found[name] = value.strip()
    return found


def choose(proxies, url):
    """The proxy for a URL, str, or None.

    Parameters:
        proxies: as `from_environment` returns them, dict.
        url: of the server; without a scheme it is http, str.
    """
    url = address.with_scheme(url or "", "http")
    scheme = address.scheme_of(url) or "http"
    chosen = proxies.get(scheme, proxies.get("all"))
    if not chosen or _is_excepted(url, scheme, proxies.get("no", "")):
        return None
    return chosen


def _is_excepted(url, scheme, exceptions):
    host, port = address.host_and_port(url)
    port = port or {"http": 80, "https": 443}.get(scheme)
    number = address.ip(host)
    for entry in re.split(r"[\s,]+", exceptions.lower()):
        if entry == "*" or entry and _matches(entry, host, number, port):
            return True
    return False


def _matches(entry, host, number, port):
    """Whether an entry of NO_PROXY stands for a server."""
    if "/" in entry:
        return number is not None and address.is_in_network(number, entry)
    if address.ip(entry) is None:  # else "fd00::1" would have the port 1
        entry, wanted = address.host_and_port("//" + entry)
        if wanted and wanted != port:
            return False
    excepted = address.ip(entry)
    if excepted is not None or number is not None:
        return excepted == number
    entry = entry[1:] if entry.startswith("*.") else entry
    entry = entry.strip(".")
    return bool(entry) and (host == entry or host.endswith("." + entry))
