"""What a server, a proxy or a broken network may send: hypothesis strategies of Scripts."""

import copy
import functools
import gzip
import json
import random
import zlib

from hypothesis import strategies as st
from odd_json import mutate, sample, text_of
from scripted_server import Script

from cloudtower._runtime import datatypes

PAUSES = st.sampled_from([0, 0, 0, 0, 0, 0.001, 0.01])
OCTETS = st.binary(max_size=200)
STATUSES = [200] * 60 + [201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 301, 302, 303, 304, 305]
STATUSES += [307, 308, 400, 401, 403, 404, 405, 407, 408, 409, 410, 412, 413, 418, 423, 425, 429]
STATUSES += [429, 431, 444, 451, 460, 499, 500, 501, 502, 503, 503, 504, 507, 520, 599, 600, 999]
STATUS_LINES = [
    b"HTTP/1.0 200 OK",
    b"HTTP/1.1 200",
    b"HTTP/1.1 101 Switching Protocols",
    b"HTTP/1.1 099 Low",
    b"HTTP/1.1 1000 High",
    b"HTTP/1.1 -1 Negative",
    b"HTTP/1.1 2e2 OK",
    b"HTTP/1.1 \xd9\xa2\xd9\xa0\xd9\xa0 OK",
    b"HTTP/1.1 200 \xff\xfe\x1b[31m",
    b"HTTP/1.1 500 " + b"x" * 70000,
    b"HTTP/2 200",
    b"HTTP/9.9 200 OK",
    b"HTTP/0.9 200 OK",
    b"ICY 200 OK",
    b"SSH-2.0-OpenSSH_9.6",
    b"\x15\x03\x03\x00\x02\x02\x28",
    b"<html>",
    b"",
]
ERROR_BODIES = [
    {"code": "VM_NOT_FOUND", "message": "no such VM", "props": {"code": 5}, "status": "x"},
    {"code": None, "message": {"message": [1]}, "props": [], "path": {}},
    {"message": "code: A_B\nmessage: {" * 20},
    {"message": json.dumps({"error": json.dumps({"msg": json.dumps({"ec": "E_X"})})})},
    {"code": "ResourceLocked", "props": {"locked_resources": [1, {"id": {}, "type": []}, None]}},
    {"code": ["ResourceLocked"], "stack": "\ud800", "error": {"msg": 1e999}},
    [],
    "text",
    7,
    None,
]
VALUES = {
    b"Content-Length": [b"-1", b"+5", b"0", b"5", b"5, 5", b"5, 6", b"1e3", b"0x10", b" 7 ", b""]
    + [b"9" * 30, b"9" * 5000, b"\xb2", b"\xd9\xa5", b"abc", b"1_0"],
    b"Transfer-Encoding": [b"chunked", b"gzip, chunked", b"chunked, chunked", b"identity"]
    + [b"xchunked", b"CHUNKED", b"", b"\xff"],
    b"Content-Encoding": [b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"identity", b"x", b""]
    + [b"gzip, deflate", b"gzip," * 4 + b"gzip", b"gzip," * 40 + b"gzip", b"\xff", b",,"],
    b"Content-Type": [b"application/json; charset=utf-16", b"application/json; charset=idna"]
    + [b"application/json; charset=rot13", b"text/html", b"text/html; charset=utf-7", b"", b";"]
    + [b"application/json; charset=\xff", b'application/json; charset="', b"a/b; charset=hex"]
    + [b"application/json; charset=utf-8\x00", b"application/json; charset=punycode"]
    + [b"application/json; charset=unicode_escape", b"application/json; charset=utf-32"],
    b"Retry-After": [b"0", b"0.01", b"-5", b"nan", b"inf", b"1e400", b"9" * 400, b"1_0", b"\xb2"]
    + [b"Fri, 31 Dec 9999 23:59:59 GMT", b"Fri, 31 Dec 99999 23:59:59 GMT", b"soon", b"", b"3600"]
    + [b"Mon, 01 Jan 0001 00:00:00 +9999", b"Thu, 01 Jan 1970 00:00:00 -0000", b"0, 0", b"\xff"],
    b"Location": [b"/v2/api/get-vms", b"?", b"#", b".", b"//", b"///x", b"http://[", b"http://[::1"]
    + [b"http://127.0.0.1:1/", b"http://127.0.0.1:99999/", b"http://127.0.0.1:x/", b"https:"]
    + [b"\xe4\xbd\xa0", b"/%zz", b"/" + b"a" * 9000, b"http://\xff/", b"/\x00", b"javascript:x"]
    + [b"http://user:secret@127.0.0.1/", b"http://\xe2\x84\x80/", b"\\\\x", b"", b"http:///x"],
    b"Content-Disposition": [b'attachment; filename="../../x"', b"filename*=utf-8''%ff%00"]
    + [b"filename*=idna''x", b'filename="' + b"x" * 9000 + b'"', b"filename=con", b"filename=\xff"],
    b"X-Tower-Request-Id": [b"\xff\xfe", b"", b"r" * 5000, b"\x1b[31m"],
    b"Set-Cookie": [b"a=b; Secure", b"=;;;", b"\xff=\xff"],
    b"Connection": [b"close", b"keep-alive", b"upgrade", b"\xff"],
    b"Date": [b"never"],
    b"Proxy-Authenticate": [b"Basic"],
    b"WWW-Authenticate": [b"Digest \xff"],
}
ODD_LINES = [b"no colon", b": no name", b" folded", b"\tfolded: x", b"a b: c", b"\xff: \xff"]
ODD_LINES += [b"X: \x00", b"X: a\rb", b"X: a\nY: b", b"X:" + b"y" * 70000, b"\x00\x01", b"From x"]
HEADERS = st.one_of(
    [st.tuples(st.just(name), st.sampled_from(values)) for name, values in VALUES.items()]
).map(b": ".join)
LINES = st.lists(st.one_of(HEADERS, HEADERS, HEADERS, st.sampled_from(ODD_LINES)), max_size=4)
INTERIM = [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\nA: b\r\n\r\n"]
INTERIM += [
    b"HTTP/1.1 103 Early Hints\r\n" + b"Link: x\r\n" * 9 + b"\r\n",
    b"HTTP/1.1 199 \r\n\r\n",
]
INTERIM += [b"HTTP/1.1 100 Continue\r\n", b"HTTP/1.1 103 X\r\n" + b"A: b\r\n" * 150 + b"\r\n"]


@functools.lru_cache(None)
def _sample(returns):
    return sample(datatypes.parse(returns), 1)


@st.composite
def contents(draw, returns):
    """A body, bytes, for an operation that returns such a type."""
    chance = random.Random(draw(st.integers(0, 2**20)))  # one draw: each of them takes its time
    kind = draw(st.sampled_from("typed typed typed typed error octets page zeros".split()))
    if kind == "typed" and returns:
        text = text_of(chance, mutate(chance, copy.deepcopy(_sample(returns))))
        return text.encode(chance.choice(["utf-8"] * 9 + ["utf-16"]), "surrogatepass")
    if kind == "error":
        return json.dumps(chance.choice(ERROR_BODIES)).encode()
    if kind == "page":
        return chance.choice([b"<html><title>", b"<?xml", b"<!--"]) * chance.choice([1, 99])
    return b"\0" * chance.choice([0, 1, 300000]) if kind == "zeros" else draw(OCTETS)


@st.composite
def packed(draw, body):
    """(the body compressed or not, header lines that say how)"""
    way = draw(st.sampled_from(["plain"] * 6 + ["gzip", "zlib", "deflate", "twice", "broken"]))
    if way == "plain":
        return body, []
    raw = zlib.compressobj(wbits=-15)
    made = {
        "gzip": lambda: (gzip.compress(body, 1), b"gzip"),
        "zlib": lambda: (zlib.compress(body), b"deflate"),
        "deflate": lambda: (raw.compress(body) + raw.flush(), b"deflate"),
        "twice": lambda: (gzip.compress(zlib.compress(body)), b"deflate, gzip"),
        "broken": lambda: (gzip.compress(body, 1), b"gzip"),
    }
    data, name = made[way]()
    if way == "broken":
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(st.binary(max_size=3)) + data[place + 2 :]
    return data, [b"Content-Encoding: " + name]


@st.composite
def framed(draw, data):
    """(the body as it is on the wire, header lines that say where it ends)"""
    way = draw(st.sampled_from(["length"] * 5 + ["chunked", "chunked", "odd chunks", "no length"]))
    if way == "length":
        return data, [b"Content-Length: %d" % len(data)]
    if way == "no length":
        return data, draw(st.sampled_from([[], [b"Connection: close"]]))
    size = draw(st.sampled_from([7, 100, 65536])) if len(data) < 9000 else 65536
    chunks = [data[start : start + size] for start in range(0, len(data), size)] + [b""]
    sizes = [b"%x" % len(each) for each in chunks]
    if way == "odd chunks":
        odd = [b"-1", b"", b"x", b"0x5", b"+5", b"f" * 30, b"5;ext=\xff", b" 5 ", b"5_0", b"g"]
        sizes[draw(st.integers(0, len(sizes) - 1))] = draw(
            st.sampled_from(odd + [b"0", b"1" * 70000])
        )
    wire = b"".join(size + b"\r\n" + each + b"\r\n" for size, each in zip(sizes, chunks))
    return wire, [b"Transfer-Encoding: chunked"]


@st.composite
def scripts(draw, returns):
    """A Script in place of a response of such a type."""
    if draw(st.integers(0, 19)) == 0:
        wire = draw(OCTETS)
    else:
        wire = draw(_responses(returns))
    trouble = draw(st.sampled_from(["none"] * 6 + ["cut", "cut", "insert", "repeat", "flip"]))
    place = draw(st.integers(0, len(wire)))
    if trouble == "cut":
        wire = wire[:place]
    elif trouble == "insert":
        wire = wire[:place] + draw(OCTETS) + wire[place:]
    elif trouble == "repeat":
        wire += wire
    elif trouble == "flip" and wire:
        place = min(place, len(wire) - 1)
        wire = wire[:place] + bytes([wire[place] ^ draw(st.integers(1, 255))]) + wire[place + 1 :]
    cut = draw(st.integers(0, len(wire)))
    pieces = [(0, wire[:cut]), (draw(PAUSES), wire[cut:])]
    if draw(st.integers(0, 39)) == 0:  # a drip that outlasts the call
        pieces = [(0.05, wire[start : start + 1]) for start in range(min(40, len(wire)))]
    ends = ["keep"] * 12 + ["close"] * 12 + ["reset"] * 4 + ["silent"]
    early = draw(st.integers(0, 24)) == 0
    # Nobody could tell the response to the request that comes then from that to the next one.
    return Script(pieces, "close" if early else draw(st.sampled_from(ends)), early)


@st.composite
def _responses(draw, returns):
    status = draw(st.sampled_from(STATUSES))
    line = b"HTTP/1.1 %d Reason" % status
    if draw(st.integers(0, 9)) == 0:
        line = draw(st.sampled_from(STATUS_LINES))
    data, coding = draw(packed(draw(contents(returns))))
    wire, framing = draw(framed(data))
    lines = draw(LINES) if draw(st.booleans()) else []
    if status in (301, 302, 303, 307, 308):
        lines.append(b"Location: " + draw(st.sampled_from(VALUES[b"Location"])))
    if status in (429, 503):
        lines.append(b"Retry-After: " + draw(st.sampled_from(VALUES[b"Retry-After"])))
    if draw(st.integers(0, 59)) == 0:
        lines += [b"X-Many: x"] * 150
    interim = draw(st.lists(st.sampled_from(INTERIM), max_size=2)) if draw(st.booleans()) else []
    if draw(st.integers(0, 59)) == 0:
        interim = INTERIM[:1] * 30
    end = draw(st.sampled_from([b"\r\n"] * 9 + [b"\n"]))
    lines = [line, b"Content-Type: application/json"] + coding + framing + lines
    return b"".join(interim) + end.join(lines) + end * 2 + wire
