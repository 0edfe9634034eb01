"""An HTTP server that costs as little as can be: one fixed answer to every request.

usage: python server.py        prints its port, serves until it is ended
"""

import asyncio

BODY = b'[{"task_id": "cl2k0mpoy026d0822", "data": {"id": "cl2k0mpoy026d0823"}}]'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY


class Canned(asyncio.Protocol):
    """Answers each request once its last byte is there."""

    def connection_made(self, transport):
        self.transport = transport
        self.received = b""

    def data_received(self, data):
        self.received += data
        while True:
            head, end, rest = self.received.partition(b"\r\n\r\n")
            length = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not end or len(rest) < length:
                return
            self.received = rest[length:]
            self.transport.write(ANSWER)


async def main():
    server = await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
