"""Answers that do not arrive as they should."""

import socket
import struct

from starlette.responses import Response

#: Closes with a reset instead of in good order.
_NO_LINGER = struct.pack("ii", 1, 0)
NOT_JSON = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


class Reset(Response):
    """No answer at all: the connection is reset."""

    async def __call__(self, scope, receive, send):
        transport = _transport(receive)
        stream = transport.get_extra_info("socket")
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
        await receive()  # returns when the connection is gone


class Truncated(Response):
    """Half of the body that the head announces; then the connection is closed."""

    async def __call__(self, scope, receive, send):
        start = {"type": "http.response.start", "status": self.status_code}
        await send(dict(start, headers=self.raw_headers))
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        _transport(receive).close()
        await receive()


def _transport(receive):
    """The connection of a request: `receive` is a method of what uvicorn makes for each."""
    return receive.__self__.transport
