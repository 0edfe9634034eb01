"""Which requests are served at all: those of this machine's own programs.

A web page in a browser can send requests to a server on the same machine. It cannot hide where
they come from: they carry the page's name as `Host` (where that name leads to this machine) or as
`Origin`. Both are looked at before anything else of a request.
"""

import hmac
import re
import secrets

from starlette.responses import Response

from cloudtower.simulator.authentication import bearer
from cloudtower.simulator.errors import Refusal

_LOCAL = ("localhost", "127.0.0.1", "::1")
#: Stands for any host or any origin.
ANY = "*"
_HOST = re.compile(r"^(?:\[(?P<address>[0-9A-Fa-f:.%]+)\]|(?P<name>[^\s:/?#@\[\]\\]+))(?::\d*)?$")
_ORIGIN = re.compile(r"^[a-z][a-z0-9+.-]*://[^\s/?#@]+$")
_EXPOSED = "x-task-id, x-tower-request-id, x-simulator-fidelity, x-simulator-ignored"


class Access(object):
    """What one simulator serves.

    Parameters:
        hosts: names and addresses that `Host` may have besides those of this machine, a list.
        origins: origins of web pages that may send requests, such as "http://localhost:3000".

    In both "*" stands for any. Attributes:
        admin_token: what `/simulator/...` wants in the header Authorization, str.

    Raises ValueError for a host or an origin that no request could have.
    """

    def __init__(self, hosts=(), origins=()):
        self.admin_token = secrets.token_hex(20)
        self._hosts = set(_LOCAL)
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins or ())
        for host in hosts or ():
            self.allow_host(host)
        for origin in self._origins - {ANY}:
            if not _ORIGIN.match(origin):
                raise ValueError("not an origin such as http://localhost:3000: %r" % origin)

    def allow_host(self, host):
        """Serve requests to a name or an address, which stands without a port."""
        given = "[%s]" % host if host.count(":") > 1 and "[" not in host else host
        name = _name(given)
        if name is None or name not in (_plain(host), ANY):
            raise ValueError("not a host name or address without a port: %r" % host)
        self._hosts.add(name)

    def refusal(self, headers):
        """The Refusal, with status 403, of a request with these headers; None serves it."""
        given = headers.getlist("host")
        name = _name(given[0]) if len(given) == 1 else None
        if ANY not in self._hosts and name not in self._hosts:
            message = "requests to the host %s are not served; to serve them, start with"
            message += " --allow-host %s or Simulator(allow_hosts=[%r])"
            shown = name or ", ".join(given) or "(none)"
            return Refusal(403, message % (shown, shown, shown), props={"header": "host"})
        for origin in headers.getlist("origin"):
            if not self._allows_origin(origin):
                message = "requests of web pages from %s are not served; to serve them, start with"
                message += " --allow-origin %s or Simulator(allow_origins=[%r])"
                return Refusal(403, message % (origin, origin, origin), props={"header": "origin"})
        return None

    def _allows_origin(self, origin):
        """Whether web pages of an origin may send requests."""
        return ANY in self._origins or origin.lower() in self._origins

    def shared_with(self, headers):
        """The headers by which a browser gives a response to the page that asked for it."""
        origin = headers.get("origin")
        if origin is None:
            return {}
        shared = {"access-control-allow-origin": origin, "vary": "Origin, Accept-Encoding"}
        return dict(shared, **{"access-control-expose-headers": _EXPOSED})

    def preflight(self, request):
        """The response to a browser that asks whether a page may send a request, or None."""
        method = request.headers.get("access-control-request-method")
        if request.method != "OPTIONS" or method is None or "origin" not in request.headers:
            return None
        name, usual = "access-control-request-headers", "authorization, content-type"
        allowed = {"access-control-allow-methods": "GET, POST, DELETE"}
        allowed["access-control-allow-headers"] = request.headers.get(name, usual)
        return Response(b"", 204, allowed)

    def require_admin(self, header):
        """Refuse, with status 401, whoever does not have the token of the admin interface."""
        token = bearer(header).encode("utf-8", "replace")
        if not hmac.compare_digest(token, self.admin_token.encode()):
            message = "the simulator's own interface wants its token as Authorization: it is"
            message += " printed at the start (admin_token with --json)"
            raise Refusal(401, message, headers={"www-authenticate": "Bearer"})


def _name(host):
    """The name or address of a `Host` header, or None for what is no such header."""
    matched = _HOST.match(host)
    return _plain(matched.group("address") or matched.group("name")) if matched else None


def _plain(name):
    """A name or address without brackets, in the one form in which names are compared."""
    return name.strip("[]").lower().rstrip(".")
