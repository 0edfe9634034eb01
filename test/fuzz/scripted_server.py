"""A server that says exactly the bytes it is told to, when it is told to.

    with ScriptedServer() as server:
        server.play([Script([(0, b"HTTP/1.1 200 OK\\r\\n"), (0.05, b"\\r\\n")], "reset")])

Each request, on whatever connection, takes the next script. When none is left, the response
is a good one, with one VM whose id is the value of the request's header `x-mark`.
"""

import json
import re
import socket
import struct
import threading
from collections import namedtuple

#: pieces: pairs of seconds to wait and bytes to send; end: "keep" the connection for a moment,
#: "close" or "reset" it, or be "silent" on it; early: whether it is said before the request.
Script = namedtuple("Script", "pieces end early")

_MOMENT = 0.03  # seconds that a kept connection may be idle
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends a reset
_MARK = re.compile(rb"\r\nx-mark: *(\S+)", re.I)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)


class ScriptedServer(object):
    """Listens on a free port of 127.0.0.1, with a thread for each connection."""

    def __init__(self):
        self._scripts = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._listener.close()
        self.play([])

    def play(self, scripts):
        """Forget what was left, and say this to the requests from now on."""
        with self._lock:
            self._scripts = list(scripts)
            self._over.set()  # ends what waits
            self._over = threading.Event()
            for connection in self._open:
                connection.close()
            self._open = set()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection:
                while self._exchange(connection):
                    pass
        except OSError:
            pass  # the client has hung up

    def _exchange(self, connection):
        """One request and what is said to it; whether the connection goes on."""
        script = self._next(only_early=True)
        if script is None:
            head = _receive(connection)
            if head is None:
                return False
            script = self._next() or _good(head)
        over = self._over
        for seconds, data in script.pieces:
            if seconds and over.wait(seconds):
                return False
            connection.sendall(data)
        if script.end == "silent":
            over.wait(20)
        elif script.end == "keep":
            connection.settimeout(_MOMENT)
        elif script.end == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        return script.end == "keep"

    def _next(self, only_early=False):
        with self._lock:
            if self._scripts and (self._scripts[0].early or not only_early):
                return self._scripts.pop(0)
            return None


def _good(head):
    mark = _MARK.search(head)
    body = json.dumps([{"id": mark.group(1).decode() if mark else None}]).encode()
    line = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return Script([(0, line % len(body) + body)], "keep", False)


def _receive(connection):
    """Take one request; its head, bytes, or None where there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    left = int(length.group(1)) - len(body) if length else 0
    while left > 0:
        piece = connection.recv(65536)
        if not piece:
            return None
        left -= len(piece)
    return head
