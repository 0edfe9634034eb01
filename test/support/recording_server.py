"""A small HTTP server for tests: it records each request and answers as it is told.

    with RecordingServer() as server:
        server.reply(200, {"data": 1})      # from now on
        server.script([Reply(503), Reply(drop=True)])  # these first, one a request
        ...
        assert server.requests[0].path == "/start-vm"

It stands on the standard library alone and runs on Python 2.7 and 3.
"""

import json
import socket
import ssl
import threading
import time

try:
    from http.server import BaseHTTPRequestHandler
    from socketserver import TCPServer, ThreadingMixIn
except ImportError:
    from BaseHTTPServer import BaseHTTPRequestHandler
    from SocketServer import TCPServer, ThreadingMixIn


_MOMENT = 0.1  # seconds; a handler may be told to sleep for many


class Request(object):
    """What came: method and path (str), headers (list of pairs), body (bytes)."""

    def __init__(self, method, path, headers, body):
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body

    def header(self, name):
        """All values of that header, list."""
        return [value for other, value in self.headers if other.lower() == name.lower()]

    def json(self):
        return json.loads(self.body.decode("utf-8"))


class Reply(object):
    """What to answer.

    Parameters:
        status: int.
        body: bytes, text, or anything for JSON.
        headers: list of pairs, or dict; they replace those that are made up.
        delay: seconds to wait before the answer, float.
        drop: whether to close the connection without an answer, bool.
        raw: bytes that stand for the whole answer, after which the connection is closed;
            or an iterable of them, in pieces.
        pause: seconds before each piece of `raw`, each byte if it is bytes, float.
        keep: whether the connection stays open after `raw`, bool.
    """

    def __init__(
        self,
        status=200,
        body=b"",
        headers=(),
        delay=0,
        drop=False,
        raw=None,
        pause=0,
        keep=False,
    ):
        self.status = status
        self.headers = list(headers.items() if isinstance(headers, dict) else headers)
        self.delay = delay
        self.drop = drop
        self.raw = raw
        self.pause = pause
        self.keep = keep
        if isinstance(body, bytes):
            self.body = body
        elif hasattr(body, "encode"):
            self.body = body.encode("utf-8")
        else:
            self.body = json.dumps(body).encode("utf-8")


class RecordingServer(object):
    """Listens on a free port of 127.0.0.1.

    Parameters:
        certificate: path of a PEM file with key and certificate: TLS, str.
        handler: callable(Request) that returns a Reply; None: as reply() and script() say.
        idle: seconds after which a connection without a request is closed, float.
    """

    def __init__(self, certificate=None, handler=None, idle=30):
        self.requests = []
        self.connections = 0
        self.handler = handler
        self.idle = idle
        self._lock = threading.Lock()
        self._script = []
        self._always = Reply(200, {})
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._server.exchanges = []
        self._server.tls = _context(certificate) if certificate else None
        self.port = self._server.server_address[1]
        # 2.7 does not find addresses in certificates without one more package.
        address = "https://localhost:%d" if certificate else "http://127.0.0.1:%d"
        self.url = address % self.port
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        thread.daemon = True
        thread.start()

    def reply(self, *args, **kwargs):
        """What to answer from now on; parameters as for Reply."""
        self._always = Reply(*args, **kwargs)

    def script(self, replies):
        """What to answer to the next requests, in order."""
        self._script = list(replies)

    def answer(self, request):
        with self._lock:
            self.requests.append(request)
            scripted = self._script.pop(0) if self._script else None
        if self.handler is not None:
            return self.handler(request)
        return scripted or self._always

    @property
    def last(self):
        return self.requests[-1]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


class _Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    request_queue_size = 64

    def process_request(self, request, client_address):
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address)
        )
        thread.daemon = True
        self.exchanges = [each for each in self.exchanges if each[1].is_alive()]
        self.exchanges.append((request, thread))
        thread.start()

    def hang_up(self):
        """End the connections, and wait a moment for their threads.

        2.7 complains of those that end with the process.
        """
        for connection, _ in self.exchanges:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except (socket.error, ValueError):
                pass  # it has ended already
        for _, thread in self.exchanges:
            thread.join(_MOMENT)

    def finish_request(self, request, client_address):
        if self.tls is not None:
            request = self.tls.wrap_socket(request, server_side=True)
        with self.owner._lock:
            self.owner.connections += 1
        self.RequestHandlerClass(request, client_address, self)

    def handle_error(self, request, client_address):
        pass  # a client that hangs up is what tests are about


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits for the client's ACK

    def setup(self):
        self.timeout = self.server.owner.idle
        BaseHTTPRequestHandler.setup(self)

    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if not self.parse_request():
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, list(self.headers.items()), body)
        self._send(self.server.owner.answer(request))

    def _send(self, reply):
        if reply.delay:
            time.sleep(reply.delay)
        if reply.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if reply.raw is not None:
            self.close_connection = not reply.keep
            self._send_raw(reply.raw, reply.pause)
            return
        given = set(name.lower() for name, _ in reply.headers)
        headers = list(reply.headers)
        if "content-type" not in given:
            headers.append(("Content-Type", "application/json"))
        if "content-length" not in given:
            headers.append(("Content-Length", str(len(reply.body))))
        self.send_response(reply.status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()

    def _send_raw(self, raw, pause):
        if isinstance(raw, bytes):
            pieces = [raw[i : i + 1] for i in range(len(raw))] if pause else [raw]
        else:
            pieces = raw
        for piece in pieces:
            time.sleep(pause)
            self.wfile.write(piece)
            self.wfile.flush()

    def log_message(self, *args):
        pass


def _context(certificate):
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))
    context.load_cert_chain(certificate)
    return context
