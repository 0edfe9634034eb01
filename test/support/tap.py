"""A wire between a client and a server, on which requests are counted as they pass."""

import re
import socket
import threading

_LINE = re.compile(rb"(?:GET|POST|PUT|DELETE) (/\S*) HTTP/1\.1\r\n")
_LONGEST = 1000  # octets of a request's first line


class Tap(object):
    """Listens on a port of its own and passes everything on, both ways.

    Parameters:
        port: of the server on this machine, int.

    Attributes:
        port: to connect to, int.
        paths: those of the requests so far, list of str.
    """

    def __init__(self, port):
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open = []
        self.port = self._listener.getsockname()[1]
        self.paths = []
        self._start(self._accept)

    def close(self):
        for each in [self._listener] + self._open:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def _start(self, target, *args):
        threading.Thread(target=target, args=args, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server))
            self._open += [client, server]
            self._start(self._pass, client, server, True)
            self._start(self._pass, server, client, False)

    def _pass(self, source, sink, counted):
        rest = b""
        try:
            while True:
                content = source.recv(65536)
                if not content:
                    break
                if counted:
                    rest = self._count(rest + content)
                sink.sendall(content)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _count(self, content):
        """Note the requests that begin in it. Returns the end, where another may begin."""
        end = 0
        for found in _LINE.finditer(content):
            self.paths.append(found.group(1).decode("ascii"))
            end = found.end()
        return content[max(end, len(content) - _LONGEST) :]
