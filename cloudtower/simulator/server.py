"""Serves a tower over HTTP, in a thread of its own."""

import asyncio
import os
import socket
import threading

import uvicorn

from cloudtower import _spec
from cloudtower.simulator.app import make_app
from cloudtower.simulator.tower import Tower

_START_SECONDS = 10
_STOP_SECONDS = 5


class Simulator(object):
    """A CloudTower that answers on an address of this machine.

    As a context manager it starts and stops by itself:

        with Simulator() as tower:
            client = tower.client()

    Parameters:
        host: the address to listen on, str.
        port: the port; 0 takes a free one.
        options: as for Tower: speed, seed, ldap.

    Attributes:
        endpoint: what a Configuration takes as `host`, once it is started.
        username, password: of the administrator.
        tower: the Tower behind the interface. Its state belongs to the server
            thread; another thread that touches it must know that no request is
            under way.

    Raises OSError where the port cannot be had.
    """

    def __init__(self, host="127.0.0.1", port=0, **options):
        self._options = options
        self.username = Tower.username
        self.password = Tower.password
        self.reset()
        self.endpoint = None
        self._address = (host, port)
        self._server = None
        self._thread = None
        self._clients = []

    def reset(self):
        """Begin anew: the world is as it was at the start, and so are ids and tokens."""
        self.tower = Tower(**self._options)

    def start(self):
        """Begin to listen; connections are accepted when it returns. Returns self."""
        if self._thread is not None:
            return self
        listener = _listen(*self._address)
        host, port = listener.getsockname()[:2]
        host = "[%s]" % host if ":" in host else host
        self.endpoint = "http://%s:%d%s" % (host, port, _spec.SERVER_PATH)
        self._server = _Server(make_app(self))
        self._thread = threading.Thread(
            target=self._server.run_on, args=(listener,), name="cloudtower-simulator", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS) or not self._server.started:
            raise RuntimeError("the simulator did not start")
        return self

    def stop(self):
        """End the server; open connections are closed. May be called again."""
        for client in self._clients:
            client.close()
        self._clients = []
        if self._thread is not None:
            self._server.stop()
            self._thread.join(_STOP_SECONDS)
            self._thread = None

    def client(self, username=None, password=None):
        """A logged-in `cloudtower.ApiClient`; it is closed with the simulator.

        Parameters:
            username, password: by default the administrator's.
        """
        from cloudtower import ApiClient, Configuration, utils

        client = ApiClient(Configuration(host=self.endpoint))
        self._clients.append(client)
        utils.login(client, username or self.username, password or self.password)
        return client

    def __enter__(self):
        return self.start()

    def __exit__(self, *failure):
        self.stop()


def _listen(host, port):
    """A socket that listens.

    With its protocol named: asyncio switches Nagle's algorithm off only where
    it is, and with it an answer in two parts takes 40 ms.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, _, _, address = found[0]
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """A uvicorn that runs in any thread and stops at once."""

    def __init__(self, app):
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=1,
            )
        )
        self.ready = threading.Event()
        self._loop = None
        self._stopped = None

    def run_on(self, listener):
        """Serve on a listening socket until `stop`."""
        try:
            asyncio.run(self.serve(sockets=[listener]))
        finally:
            self.ready.set()
            listener.close()

    async def startup(self, sockets=None):
        await super().startup(sockets=sockets)
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self.ready.set()

    async def main_loop(self):
        # Instead of looking every 0.1 s whether it is time to stop: with a
        # server a test that would be most of the time spent.
        refresh = asyncio.ensure_future(self._keep_date())
        await self._stopped.wait()
        refresh.cancel()

    async def _keep_date(self):
        tick = 0
        while True:
            await self.on_tick(tick)
            await asyncio.sleep(1)
            tick += 10

    def stop(self):
        """End `run_on`, from any thread."""
        self.should_exit = True
        try:
            self._loop.call_soon_threadsafe(self._stopped.set)
        except RuntimeError:
            pass  # the loop has ended already
