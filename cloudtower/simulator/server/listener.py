"""The socket that listens, and the uvicorn behind it."""

import asyncio
import os
import socket
import threading
import time

import uvicorn

_DRAIN_SECONDS = 1


def listen(host, port):
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


class Server(uvicorn.Server):
    """A uvicorn that runs in any thread and stops at once."""

    def __init__(self, app, certificate):
        quiet = {"log_config": None, "log_level": "warning", "access_log": False}
        plain = {"loop": "asyncio", "ws": "none", "lifespan": "off", "server_header": False}
        if certificate is not None:
            plain["ssl_certfile"] = certificate.chain
        super().__init__(uvicorn.Config(app, timeout_keep_alive=75, **quiet, **plain))
        self.ready = threading.Event()
        self.loop = self._stopped = None

    def run_on(self, listeners):
        """Serve on listening sockets until `stop`."""
        try:
            asyncio.run(self.serve(sockets=listeners))
        finally:
            self.ready.set()
            for listener in listeners:
                listener.close()

    async def startup(self, sockets=None):
        """Begin to accept connections, and let `ready` know."""
        await super().startup(sockets=sockets)
        self.loop = asyncio.get_running_loop()
        self._stopped = self.loop.create_future()
        self.ready.set()

    async def main_loop(self):
        """Wait until it is time to stop."""
        # Instead of looking every 0.1 s whether it is time to stop: with a
        # server a test that would be most of the time spent.
        while not await self.on_tick(0):  # which keeps the date of the answers
            await asyncio.wait([self._stopped], timeout=1)

    async def shutdown(self, sockets=None):
        """Close the connections, and break those that do not end soon."""
        # Without uvicorn's pause of 0.1 s, for the same reason.
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        deadline = time.monotonic() + _DRAIN_SECONDS
        while self.server_state.connections and time.monotonic() < deadline:
            await asyncio.sleep(0.001)
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    def stop(self):
        """End `run_on`, from any thread."""
        self.should_exit = True
        try:
            self.loop.call_soon_threadsafe(self._stopped.cancel)
        except RuntimeError:
            pass  # the loop has ended already
