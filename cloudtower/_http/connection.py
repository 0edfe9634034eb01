"""Connections that keep the limits of a call, and are reused only when nothing is in doubt.

urllib3 passes its timeout to each read and each attempt to connect: a server
that drips a byte now and then is waited for without end. Here each step of a
call gets what is left of its time. http.client takes any interim response but
100 for the response itself, and whoever gets the connection next receives the
real one: here interim responses are skipped.
"""

import errno
import io
import socket
import ssl

import six
from six.moves import http_client
from six.moves.queue import Empty
from urllib3 import connectionpool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    LocationParseError,
    NewConnectionError,
    SSLError,
)
from urllib3.util import request as urllib3_request
from urllib3.util.connection import allowed_gai_family, create_connection

from cloudtower._http.limits import Limits, running
from cloudtower._runtime import process

_MOST_INTERIM = 20
_LONGEST_LINE = 65536
_MOST_HEADERS = 100
_BODILESS = (http_client.SWITCHING_PROTOCOLS, http_client.NO_CONTENT)
_SLICE = 65536  # bytes to send before the time is looked at again
_SKIP_HEADER = getattr(urllib3_request, "SKIP_HEADER", None)  # since urllib3 1.26


class _Reader(io.RawIOBase):
    """The bytes that a socket receives, each piece within the limits of its call.

    Parameters:
        sock: the socket, which stays open as long as this is.
        limits: Limits.

    Attributes:
        dry: whether nothing more is to be read from the socket, bool.
        ended: whether the server has closed the connection, bool.
    """

    def __init__(self, sock, limits):
        self._source = sock.makefile("rb", 0)
        # On 2.7 the file has the real socket, which outlives the connection's own.
        self._sock = self._source._sock if str is bytes else sock
        self._limits = limits
        self.dry = False
        self.ended = False

    def readable(self):
        return True

    def fileno(self):
        return self._source.fileno()

    def readinto(self, buffer):
        if self.dry:
            return 0
        limits = self._limits
        if limits.end is not None:
            patience = limits.patience()
            if patience != limits.silence:  # which urllib3 has set
                self._sock.settimeout(patience)
        while True:
            try:
                count = self._sock.recv_into(buffer)
            except EnvironmentError as error:
                # Python 3.5 and later repeat by themselves what a signal has interrupted.
                if getattr(error, "errno", None) != errno.EINTR:
                    raise
            else:
                self.ended = not count
                return count

    def after_head(self):
        """The head is read; what is left to read may have other limits."""
        self._limits.after_head()
        if self._limits.end is None:
            self._sock.settimeout(self._limits.silence)

    def close(self):
        if not self.closed:
            io.RawIOBase.close(self)
            self._source.close()


class Response(http_client.HTTPResponse):
    """A response of http.client, with limits and without interim responses.

    Attributes:
        in_doubt: whether what the connection says next may belong to this response, bool.
    """

    in_doubt = False

    def __init__(self, sock, limits, *args, **kwargs):
        # http.client makes a file of what it takes for the socket: `self.fp`.
        self._reader = _Reader(sock, limits)
        http_client.HTTPResponse.__init__(self, self, *args, **kwargs)

    def makefile(self, *args):
        return io.BufferedReader(self._reader)

    def _read_status(self):
        for _ in range(_MOST_INTERIM + 1):
            version, status, reason = http_client.HTTPResponse._read_status(self)
            if status == http_client.SWITCHING_PROTOCOLS or not 100 <= status <= 199:
                return version, status, reason
            self._skip_headers()
        raise http_client.HTTPException("more than %d interim responses" % _MOST_INTERIM)

    def _skip_headers(self):
        for _ in range(_MOST_HEADERS + 1):
            line = self.fp.readline(_LONGEST_LINE + 1)
            if len(line) > _LONGEST_LINE:
                raise http_client.LineTooLong("header line")
            if line in (b"\r\n", b"\n", b""):
                return
        raise http_client.HTTPException("an interim response has more than 100 headers")

    def begin(self):
        http_client.HTTPResponse.begin(self)
        if self._reader.ended:  # http.client takes what has come for the whole head
            raise http_client.HTTPException("the connection was closed within the response's head")
        # The body of a redirect or an error is always read here, so it stays bounded.
        if self.fp is not None and 200 <= self.status <= 299:
            self._reader.after_head()
        self.in_doubt = self._is_ambiguous()

    def _is_ambiguous(self):
        """Whether the head leaves open where the response ends."""
        read = getattr(self.msg, "get_all", None) or self.msg.getheaders  # 2.7 has the second
        lengths = read("content-length") or ()
        if len(lengths) == 1 and self.status not in _BODILESS and not self.chunked:
            return False
        if self.status == http_client.NO_CONTENT:
            return bool(self.chunked) or any(each.strip() != "0" for each in lengths)
        if self.status == http_client.SWITCHING_PROTOCOLS:
            return True
        return len(set(lengths)) > 1 or bool(lengths and self.chunked)

    def _read_next_chunk_size(self):
        try:
            size = http_client.HTTPResponse._read_next_chunk_size(self)
        except ValueError:
            size = -1
        if size < 0:  # raised here, since the text of Python's own error quotes the body
            raise ValueError("invalid chunk size")
        return size

    # Python 3 calls the first where a body ends, 2.7 the second.

    def _close_conn(self):
        self._look_for_more()
        http_client.HTTPResponse._close_conn(self)

    def close(self):
        self._look_for_more()
        http_client.HTTPResponse.close(self)

    def _look_for_more(self):
        """Note whether more has come than belongs to the response."""
        if self.fp is not None and not self.fp.closed:
            self._reader.dry = True
            self.in_doubt = self.in_doubt or bool(self.fp.peek(1))


class _Limited(object):
    """What the two kinds of connections share."""

    _response = None
    _is_small = False  # the body of the request
    _joins = False  # whether the head waits for the body: one system call, one packet
    _head = None  # while it waits, bytes

    def response_class(self, sock, *args, **kwargs):
        """What http.client asks to read a response."""
        self._response = Response(sock, _limits(), *args, **kwargs)
        return self._response

    @property
    def in_doubt(self):
        """Whether what comes next may belong to the last response, bool."""
        last = self._response
        return last is not None and (last.in_doubt or not last.isclosed())

    def _new_conn(self):
        """A socket that is connected to one of the addresses of the host."""
        limits = _limits()
        limits.sent = bool(limits.sent)
        host, failure = self._dns_host.strip("[]"), None
        try:
            addresses = _addresses(host, self.port)
            for count, address in enumerate(addresses):
                limit = limits.connecting()
                if limit is not None:
                    limit /= len(addresses) - count  # the others must get a chance, too
                try:
                    sock = create_connection(
                        address,
                        limit,
                        source_address=self.source_address,
                        socket_options=self.socket_options,
                    )
                except EnvironmentError as error:
                    failure = error
                else:
                    sock.settimeout(limits.connecting())  # for TLS
                    return sock
            raise failure or socket.error("the host name has no address")
        except socket.timeout as error:
            message = "Connection to %s timed out" % host
            six.raise_from(ConnectTimeoutError(self, message), error)
        except EnvironmentError as error:
            message = "Failed to establish a new connection: %s" % error
            six.raise_from(NewConnectionError(self, message), error)

    def request(self, method, url, body=None, *args, **kwargs):
        self._is_small = isinstance(body, bytes) and len(body) <= _SLICE
        try:
            super(_Limited, self).request(method, url, body, *args, **kwargs)
            if self._head is not None:  # 2.7 has put the body behind it
                self._send(self._head)
        finally:
            self._is_small = self._joins = False
            self._head = None

    def endheaders(self, *args, **kwargs):
        if self.sock is None:
            self.connect()
        if running.interrupt is not None:
            running.interrupt.watch(self.sock)
        _limits().sent = True
        self._joins = self._is_small  # not before: connecting may talk to a proxy
        return super(_Limited, self).endheaders(*args, **kwargs)

    def putheader(self, header, *values):
        if _SKIP_HEADER in values:
            super(_Limited, self).putheader(header, *values)
        else:
            # urllib3's own adds nothing but the search for this value, which takes half as long
            # as writing the header.
            http_client.HTTPConnection.putheader(self, header, *values)

    def send(self, data):
        if self.sock is None:
            self.connect()
        if not self._joins:
            self._send(data)
        elif self._head is None:
            self._head = data
        else:
            data, self._head, self._joins = self._head + data, None, False
            self._send(data)

    def _send(self, data):
        limits = _limits()
        if isinstance(data, (bytes, bytearray)) and len(data) > _SLICE:
            pieces = memoryview(data)
            pieces = [pieces[start : start + _SLICE] for start in range(0, len(data), _SLICE)]
        else:
            pieces = (data,)
        for piece in pieces:
            patience = limits.patience()
            if self.sock.gettimeout() != patience:  # setting it is a system call
                self.sock.settimeout(patience)
            super(_Limited, self).send(piece)


class LimitedConnection(_Limited, HTTPConnection):
    """Plain."""


class LimitedTLSConnection(_Limited, HTTPSConnection):
    """Over TLS."""

    def _connect_tls_proxy(self, hostname, sock):
        # urllib3 2.0 to 2.7 set the server's `cert_reqs` on the proxy's context too, and cannot
        # where that checks names: a server trusted by its fingerprint has CERT_NONE.
        context = self.proxy_config.ssl_context
        of_server = self.cert_reqs
        if context is not None:
            self.cert_reqs = context.verify_mode
        try:
            return super(LimitedTLSConnection, self)._connect_tls_proxy(hostname, sock)
        except ssl.CertificateError as error:  # not an SSLError on Python 3.6
            six.raise_from(SSLError(error), error)
        finally:
            self.cert_reqs = of_server


class _Queue(connectionpool.HTTPConnectionPool.QueueCls):
    """The idle connections of one process.

    After a fork they belong to the parent. The child must not even wait for the
    lock: the thread that held it does not exist there.
    """

    def __init__(self, *args, **kwargs):
        connectionpool.HTTPConnectionPool.QueueCls.__init__(self, *args, **kwargs)
        self._process = process.current()

    def get(self, *args, **kwargs):
        if process.current() != self._process:
            raise Empty()
        return connectionpool.HTTPConnectionPool.QueueCls.get(self, *args, **kwargs)


class _Pool(object):
    """What the two kinds of pools share."""

    QueueCls = _Queue

    def _put_conn(self, conn):
        if getattr(conn, "in_doubt", False):
            conn.close()
        super(_Pool, self)._put_conn(conn)


class LimitedPool(_Pool, connectionpool.HTTPConnectionPool):
    """Plain connections to one server."""

    ConnectionCls = LimitedConnection


class LimitedTLSPool(_Pool, connectionpool.HTTPSConnectionPool):
    """Connections to one server over TLS."""

    ConnectionCls = LimitedTLSConnection


POOLS = {"http": LimitedPool, "https": LimitedTLSPool}


def _addresses(host, port):
    """[(IP address, port)] of a host name."""
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise LocationParseError("%r, %s" % (host, error))
    found = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
    return [each[4][:2] for each in found]


def _limits():
    """Those of the running call; where a script uses the connections itself there are none."""
    return running.limits or Limits()
