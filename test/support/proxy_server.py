"""A proxy for tests: it forwards nothing, but serves every name itself.

    with ProxyServer(user="user:p@ss") as proxy:
        proxy.reply(200, {})
        configuration.proxy = "http://user:p%40ss@127.0.0.1:%d" % proxy.port

It records requests as RecordingServer does; a CONNECT is recorded too, and what is in
the tunnel then is answered with its certificate.
"""

import base64
import select
import socket
import ssl
import threading

from recording_server import RecordingServer, Reply, Request, _context, _Handler


class ProxyServer(RecordingServer):
    """Parameters besides those of RecordingServer:

    user: "user:password" that it asks for, str; None: nobody.
    inner: path of a PEM file with key and certificate for tunnels, str.
    """

    def __init__(self, user=None, inner=None, **kwargs):
        self.user = user
        self.inner = _context(inner) if inner else None
        super(ProxyServer, self).__init__(**kwargs)
        self._server.RequestHandlerClass = _ProxyHandler

    def admits(self, headers):
        if self.user is None:
            return True
        wanted = "Basic " + base64.b64encode(self.user.encode("utf-8")).decode("ascii")
        return headers.get("Proxy-Authorization") == wanted


class _ProxyHandler(_Handler):
    in_tunnel = False

    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        owner = self.server.owner
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path, list(self.headers.items()), body)
        if not self.in_tunnel and not owner.admits(self.headers):
            owner.requests.append(request)
            self._send(Reply(407, "", {"Proxy-Authenticate": "Basic"}))
        elif self.command == "CONNECT":
            owner.requests.append(request)
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.wfile.flush()
            self._enter_tunnel(owner.inner)
        else:
            self._send(owner.answer(request))

    def _enter_tunnel(self, context):
        self.in_tunnel = True
        self.close_connection = False
        connection = self.connection
        if hasattr(connection, "cipher"):  # TLS in TLS
            outer, connection = connection, _through(connection)
            self.outer = outer
        self.request = self.connection = context.wrap_socket(connection, server_side=True)
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb", 0)


def _through(secure):
    """A plain socket to what is inside of a TLS connection."""
    near, far = socket.socketpair()
    thread = threading.Thread(target=_pump, args=(secure, near))
    thread.daemon = True
    thread.start()
    return far


def _pump(secure, plain):
    """Carry data both ways until one of the ends hangs up.

    One thread for both ways, since OpenSSL forbids two at one connection.
    """
    patience = secure.gettimeout()
    try:
        while True:
            if not secure.pending():
                ready, _, _ = select.select([secure, plain], [], [])
                if plain in ready:
                    data = plain.recv(65536)
                    secure.settimeout(patience)
                    secure.sendall(data)
                    if not data:
                        return
                if secure not in ready:
                    continue
            secure.settimeout(0)  # what is ready may be less than a record
            try:
                data = secure.recv(65536)
            except ssl.SSLWantReadError:
                continue
            plain.sendall(data)
            if not data:
                return
    except (OSError, ValueError):
        pass  # one of the ends has hung up
    finally:
        plain.close()
