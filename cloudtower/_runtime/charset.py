"""The text of a response's bytes."""

import codecs
import re

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.I)
_DEFAULT = "utf-8"
_MARK = b"\xef\xbb\xbf".decode("utf-8")
# The longer marks come first: that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FIRST_OF_MARKS = frozenset(mark[:1] for mark, _ in _MARKS)
# Python counts these as encodings of text, but no web server means them.
_NOT_ON_THE_WEB = frozenset(
    name + ending
    for name in ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape")
    + ("unicode_internal", "string_escape")
    for ending in ("", "_codec")
)


def decode(data, content_type=None):
    """The text of bytes, without a byte order mark.

    A byte order mark decides the encoding, then the charset of the header, then
    UTF-8. Undecodable bytes are replaced, so they never hide a result.

    Parameters:
        data: bytes.
        content_type: header Content-Type, str, or None.
    """
    if data[:1] in _FIRST_OF_MARKS:
        for mark, name in _MARKS:
            if data.startswith(mark):
                return without_mark(data.decode(name, "replace"))
    declared = _declared(content_type)
    for name, errors in ((declared, "strict"), (_DEFAULT, "strict"), (declared, "replace")):
        try:
            return without_mark(data.decode(name, errors))
        # Codecs raise what they like; the next attempt is less demanding.
        except Exception:  # nosec B112
            continue
    return data.decode(_DEFAULT, "replace")


def without_mark(text):
    """The text without a byte order mark at its start."""
    return text[1:] if text[:1] == _MARK else text


def _declared(content_type):
    """The charset in a Content-Type where Python can decode it as text, otherwise UTF-8."""
    match = _CHARSET.search(content_type or "")
    if match is None:
        return _DEFAULT
    try:
        found = codecs.lookup(match.group(1))
    except Exception:  # unknown, or a name that no codec can have
        return _DEFAULT
    is_text = getattr(found, "_is_text_encoding", True)  # "base64" and "zip" are codecs too
    name = found.name.replace("-", "_")
    return found.name if is_text and name not in _NOT_ON_THE_WEB else _DEFAULT
