"""Bodies of responses: encodings, and how much of them is held in memory."""

import gzip
import io
import json
import subprocess
import sys
import zlib

import pytest
from recording_server import Reply

from cloudtower.configuration import Configuration
from cloudtower.exceptions import ApiException, ApiValueError
from cloudtower.network_errors import ApiProtocolError
from cloudtower.rest import RESTClientObject

TEXT = json.dumps([{"name": "x" * 300} for _ in range(1000)]).encode("ascii")


def zipped(data):
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb") as target:
        target.write(data)
    return stream.getvalue()


def raw_deflate(data):
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def rest(limit=None):
    configuration = Configuration()
    if limit:
        configuration.max_response_size = limit
    return RESTClientObject(configuration)


@pytest.mark.parametrize(
    "coding, body",
    [
        ("gzip", zipped(TEXT)),
        ("GZip", zipped(TEXT)),
        ("x-gzip", zipped(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("gzip, deflate", zlib.compress(zipped(TEXT))),
        ("identity", TEXT),
        ("", TEXT),
        ("gzip", zipped(TEXT[:1000]) + zipped(TEXT[1000:])),  # two members
        ("gzip", zipped(TEXT) + b"\0" * 10),
        ("gzip", b""),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_decoding(server, coding, body, chunked):
    headers = {"Content-Encoding": coding} if coding else {}
    if chunked:
        head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: %s\r\n\r\n"
        chunks = b"".join(
            ("%x\r\n" % len(piece)).encode("ascii") + piece + b"\r\n"
            for piece in (body[i : i + 777] for i in range(0, len(body), 777))
        )
        server.reply(raw=(head % coding).encode("ascii") + chunks + b"0\r\n\r\n", keep=True)
    else:
        server.reply(200, body, headers)
    client = rest()
    expected = TEXT if body else b""
    assert client.POST(server.url + "/x").data == expected
    assert client.POST(server.url + "/x").urllib3_response.data == expected
    assert server.connections == 1


@pytest.mark.parametrize(
    "coding, body",
    [
        ("gzip", b"no gzip at all"),
        ("deflate", b"\xff\xff no deflate"),
        ("gzip", zipped(TEXT)[:200] + b"\0" * 300),
        ("gzip", zipped(TEXT)[:-40]),
        (", ".join(["gzip"] * 6), b"[]"),
        (",".join(["deflate", "br"] * 3000), b"[]"),
    ],
)
def test_damaged_bodies(server, coding, body):
    server.reply(200, body, {"Content-Encoding": coding})
    with pytest.raises(ApiProtocolError) as caught:
        rest().POST(server.url + "/x")
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"x" * 20001),
        Reply(200, zipped(b"x" * 20001), {"Content-Encoding": "gzip"}),
        Reply(500, b"x" * 20001),
        Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 20001),
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\nx", keep=True),
        Reply(
            raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 50,
            keep=True,
        ),
    ],
)
def test_response_larger_than_allowed(server, reply):
    server.script([reply])
    client = rest(20000)
    with pytest.raises(ApiException) as caught:
        client.POST(server.url + "/x", _request_timeout=20)
    assert "Configuration.max_response_size" in caught.value.reason and "20000" in str(caught.value)
    assert caught.value.status in (200, 500)
    server.reply(200, b"x" * 20000)
    assert client.POST(server.url + "/x").data == b"x" * 20000


def test_what_is_not_held_in_memory_may_be_larger(server):
    server.reply(200, b"x" * 20001)
    response = rest(20000).POST(server.url + "/x", _preload_content=False)
    assert len(response.read()) == 20001


@pytest.mark.parametrize("limit", [0, -1, True, "1", 1.5])
def test_invalid_limit(server, limit):
    configuration = Configuration()
    configuration.max_response_size = limit
    with pytest.raises(ApiValueError) as caught:
        RESTClientObject(configuration).POST(server.url + "/x")
    assert "max_response_size" in str(caught.value) and server.requests == []


PEAK = """
import resource, sys
from cloudtower import Configuration
from cloudtower.exceptions import ApiException
from cloudtower.rest import RESTClientObject
configuration = Configuration()
configuration.max_response_size = 64 * 1024 ** 2
client = RESTClientObject(configuration)
client.POST(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    client.POST(sys.argv[1])
except ApiException as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("layers", [1, 2])
def test_memory_that_a_bomb_takes(server, layers):
    pytest.importorskip("resource")
    if sys.platform != "linux" and not sys.platform.startswith("linux"):
        pytest.skip("kilobytes are the unit of Linux alone")
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    body = b"".join(packer.compress(b"\0" * 1024**2) for _ in range(300)) + packer.flush()
    if layers == 2:
        body = zipped(body)
    coding = ", ".join(["gzip"] * layers)
    server.script([Reply(200, b"[]"), Reply(200, body, {"Content-Encoding": coding})])
    printed = subprocess.check_output([sys.executable, "-c", PEAK, server.url + "/x"])
    assert int(printed) < (64 + 80) * 1024
