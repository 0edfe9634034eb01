"""Serves a tower over HTTP, in a thread of its own."""

import asyncio
import inspect
import secrets
import threading
from functools import wraps

from cloudtower import _spec
from cloudtower._runtime.text import nearest
from cloudtower.simulator.engine.state import State
from cloudtower.simulator.faults import Faults
from cloudtower.simulator.server.access import Access
from cloudtower.simulator.server.app import make_app
from cloudtower.simulator.server.certificate import Certificate
from cloudtower.simulator.server.listener import Server, listen
from cloudtower.simulator.tower import Tower

_START_SECONDS = 10
_STOP_SECONDS = 5


def _between_requests(method):
    """Have a method of a Simulator carried out by the thread of its server, where there is one."""

    @wraps(method)
    def carry_out(self, *given, **named):
        async def carried_out():
            return method(self, *given, **named)

        if self._thread in (None, threading.current_thread()):
            return method(self, *given, **named)
        return asyncio.run_coroutine_threadsafe(carried_out(), self._server.loop).result()

    return carry_out


def _require_options(options, port, **lists):
    """Raise TypeError or ValueError for options of a Simulator that cannot be meant."""
    known = [
        name
        for function in (Simulator.__init__, Tower.__init__)
        for name in inspect.signature(function).parameters
        if name not in ("self", "options")
    ]
    for name in options:
        if name not in known:
            near = nearest(name, known)
            hint = "; did you mean %r?" % near if near else ""
            raise TypeError("Simulator() has no option %r%s" % (name, hint))
    for name, value in lists.items():
        if isinstance(value, str):
            raise TypeError("%s must be a list of texts, not the text %r" % (name, value))
    if not 0 <= port <= 65535:
        raise ValueError("port must be 0 to 65535, not %r" % port)


class Simulator(object):
    """A CloudTower that answers on an address of this machine.

    As a context manager it starts and stops by itself:

        with Simulator() as tower:
            client = tower.client()

    Parameters:
        host, port: where to listen; port 0 takes a free one.
        state: path of a file that keeps the state; what it holds goes before `world`.
        pair: whether there are two nodes, of which one is active, bool.
        tls: whether to serve HTTPS, with a certificate that nobody knows, bool.
        allow_hosts: names and addresses by which clients may ask besides localhost and `host`,
            such as that of a container, a list; "*" is any.
        allow_origins: web pages that may send requests, such as "http://localhost:3000", a list.
        options: as for Tower: world, vms, speed, seed, ldap, open, strict, lenient.

    Attributes:
        endpoint: what a Configuration takes as `host`, once it is started; `endpoints`: of all
            nodes.
        username, password: of the administrator; `basic`: both for `/resource-changes`.
        admin_token: what a client has to send as Authorization to `/simulator/...`.
        access: an Access, which requests are served.
        faults: a Faults, what goes wrong on demand.
        certificate: path of the certificate to trust, with `tls`.
        tower: the Tower behind the interface. Its state belongs to the server thread; another
            thread that touches it must know that no request is under way.

    Raises OSError where the port cannot be had, ValueError for an unusable world or state,
    TypeError for an option that does not exist.
    """

    username = Tower.username
    password = Tower.password

    def __init__(
        self,
        host="127.0.0.1",
        port=0,
        state=None,
        pair=False,
        tls=False,
        allow_hosts=(),
        allow_origins=(),
        **options
    ):
        _require_options(options, port, allow_hosts=allow_hosts, allow_origins=allow_origins)
        # the tokens of two simulators differ; those of one are the same after a reset
        self._options = dict({"secret": secrets.token_bytes(32)}, **options)
        self.access = Access(allow_hosts, allow_origins)
        if host:
            self.access.allow_host(host)
        self.faults = Faults()
        #: by name, of the admin interface
        self.snapshots = {}
        self._server = self._thread = self.tower = None
        self._state = State(state) if state is not None else None
        if self._state is not None and not self._state.is_empty():
            self.tower = Tower(**dict(self._options, world=None))
            self._state.load(self.tower)
            self._options["secret"] = self.tower.authentication.secret
        else:
            self.reset()
        self.basic = self.tower.authentication.basic
        self._addresses = [(host, port), (host, 0)] if pair else [(host, port)]
        self._certificate = Certificate(allow_hosts) if tls else None
        self.certificate = self._certificate and self._certificate.authority
        self.endpoints, self._ports, self._clients = [], [], []

    @property
    def admin_token(self):
        """What a client has to send as Authorization to `/simulator/...`."""
        return self.access.admin_token

    @property
    def endpoint(self):
        """What a Configuration takes as `host`; None before the start."""
        return self.endpoints[0] if self.endpoints else None

    @_between_requests
    def reset(self):
        """Start over: the world, ids and tokens are as they were at the start."""
        self._put(Tower(**self._options))
        self.snapshots.clear()
        self.faults.clear()
        if self._state is not None:
            self._state.keep(self.tower)

    @_between_requests
    def snapshot(self):
        """All there is now, for `restore`; tasks that run are part of it."""
        return self.tower, self.tower.snapshot()

    @_between_requests
    def restore(self, snapshot):
        """Return to a snapshot."""
        tower, held = snapshot
        self._put(tower)
        tower.restore(held)
        if self._state is not None:
            self._state.keep(self.tower)

    def _put(self, tower):
        """Replace the tower with another one; requests under way are given up."""
        if self.tower is not None:
            self.tower.tasks.abandon()
        self.tower = tower

    @_between_requests
    def failover(self):
        """Make the other node of a pair the active one. Returns its endpoint."""
        self._ports.reverse()
        self.endpoints.reverse()
        return self.endpoint

    @_between_requests
    def expire_sessions(self):
        """End all sessions: every user has to log in again."""
        self.tower.authentication.expire_sessions()
        self.commit()

    def commit(self):
        """Keep what a request has changed, before it is answered."""
        if self._state is not None:
            self._state.commit()

    def active_port(self, port):
        """The port of the active node; None where that is the one asked."""
        return None if port == self._ports[0] else self._ports[0]

    def start(self):
        """Begin to listen; connections are accepted when it returns. Returns self."""
        if self._thread is not None:
            return self
        listeners = [listen(*address) for address in self._addresses]
        self._ports = [listener.getsockname()[1] for listener in listeners]
        host = listeners[0].getsockname()[0]
        self.access.allow_host(host)
        host = "[%s]" % host if ":" in host else host
        scheme = "https" if self._certificate else "http"
        ends = ["%s:%d%s" % (host, port, _spec.SERVER_PATH) for port in self._ports]
        self.endpoints = ["%s://%s" % (scheme, end) for end in ends]
        self._server = Server(make_app(self), self._certificate)
        self._thread = threading.Thread(
            target=self._server.run_on, args=(listeners,), name="cloudtower-simulator", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS) or not self._server.started:
            raise RuntimeError("the simulator did not start")
        return self

    def stop(self):
        """End the server; open connections are closed. May be called again."""
        while self._clients:
            self._clients.pop().close()
        if self._thread is not None:
            self._server.stop()
            self._thread.join(_STOP_SECONDS)
            self._thread = None
        if self._certificate is not None:
            self._certificate.remove()
        if self._state is not None:
            self._state.close()

    def client(self, username=None, password=None):
        """A `cloudtower.ApiClient` logged in as a user, by default the administrator.

        It has the credentials of `/resource-changes`, too, and is closed with the simulator.
        """
        from cloudtower import ApiClient, Configuration, utils

        configuration = Configuration(host=self.endpoint)
        configuration.username, configuration.password = self.basic
        configuration.ssl_ca_cert = self.certificate
        client = ApiClient(configuration)
        self._clients.append(client)
        utils.login(client, username or self.username, password or self.password)
        return client

    def __repr__(self):
        return "<Simulator %s>" % (self.endpoint or "not started")

    def __enter__(self):
        return self.start()

    def __exit__(self, *failure):
        self.stop()
