"""The body of a response: decoded, and never more of it in memory than allowed."""

import io
import zlib

from urllib3.exceptions import DecodeError

from cloudtower._runtime.text import INTEGERS
from cloudtower.exceptions import ApiValueError

_PIECE = 65536
_GZIP = zlib.MAX_WBITS | 16
_GZIP_MEMBER = b"\x1f\x8b"
_MOST_CODINGS = 5  # as urllib3 has it; each is a generator in the next one
_WINDOWS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": zlib.MAX_WBITS}


class TooLarge(Exception):
    """The body of a response is larger than allowed."""


def check_limit(limit):
    """Raise ApiValueError where `Configuration.max_response_size` is invalid."""
    valid = isinstance(limit, INTEGERS) and not isinstance(limit, bool) and limit > 0
    if limit is not None and not valid:
        raise ApiValueError(
            "Configuration.max_response_size is a number of bytes greater than 0, or None, not %r"
            % (limit,)
        )


def read(response, limit):
    """The whole body, bytes.

    Parameters:
        response: urllib3's response, unread.
        limit: bytes after decoding, int, or None: no limit.

    Raises TooLarge, and what urllib3 raises.
    """
    length = response.length_remaining
    if length is not None and "content-encoding" not in response.headers:
        if limit is not None and length > limit:
            raise TooLarge()
        return response.read(decode_content=False)
    whole = io.BytesIO()  # unlike a list of pieces, it needs no second copy at the end
    size = 0
    for piece in pieces(response):
        size += len(piece)
        if limit is not None and size > limit:
            raise TooLarge()
        whole.write(piece)
    return whole.getvalue()


def pieces(response):
    """The body, decoded, in pieces of bytes. Parameters and exceptions: see `read`."""
    codings = _codings(response)
    # What the interface never asked for, such as brotli, is left to urllib3.
    foreign = any(name not in _WINDOWS for name in codings)
    received = _received(response, foreign)
    for name in () if foreign else codings:
        received = _inflated(received, _WINDOWS[name])
    return received


def _codings(response):
    """The content codings that this module decodes, outermost first, list of str."""
    names = response.headers.get("content-encoding", "").lower().split(",")
    names = [name.strip() for name in names if name.strip() not in ("", "identity")]
    if len(names) > _MOST_CODINGS:
        raise DecodeError("the response has more than %d content codings" % _MOST_CODINGS)
    return names[::-1]


def _received(response, decode):
    while True:
        piece = response.read(_PIECE, decode_content=decode)
        if not piece:
            return
        yield piece


def _inflated(pieces, window):
    """Decompressed pieces, each of a limited size: a small one can hold gigabytes."""
    decoder = None
    finished = False
    for data in pieces:
        more = not finished  # what follows the compressed data is skipped
        while more:
            if decoder is None:
                decoder = _decoder(window, data)
            piece, rest = _step(decoder, data)
            if piece:
                yield piece
            if decoder.unused_data:
                rest, decoder = decoder.unused_data, None
                finished = not rest.startswith(_GZIP_MEMBER)
            data = rest
            more = not finished and (data or len(piece) == _PIECE)
    # One byte more shows whether the data has ended: 2.7 has no `eof`.
    if decoder is not None and not (_step(decoder, b"\0") and decoder.unused_data):
        raise DecodeError("the compressed body ends too early")


def _decoder(window, data):
    if window == zlib.MAX_WBITS and not _has_zlib_header(data):
        window = -window  # "deflate" without a header, as some servers send it
    return zlib.decompressobj(window)


def _has_zlib_header(data):
    head = bytearray(data[:2])
    return len(head) < 2 or (head[0] & 15 == 8 and (head[0] * 256 + head[1]) % 31 == 0)


def _step(decoder, data):
    """(what came out, what is left to decode)"""
    try:
        return decoder.decompress(data, _PIECE), decoder.unconsumed_tail
    except zlib.error as error:
        raise DecodeError("the compressed body is damaged: %s" % error)
