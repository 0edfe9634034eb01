"""Parses JSON text, whatever it holds."""

import json
import re

from cloudtower._runtime import charset

#: How deep a response may nest, so that whoever copies, pickles or prints a value
#: stays within Python's recursion limit.
LEVELS = 100


class NestedTooDeep(ValueError):
    """A JSON text nests deeper than LEVELS."""


def loads(text):
    """The value of a JSON text: what `json.loads` returns, whatever the text holds.

    An integer with more digits than Python converts is kept as its text.

    Parameters:
        text: str, or UTF-8 bytes; a byte order mark is skipped.

    Raises ValueError where the text is not JSON, NestedTooDeep where it nests too deep.
    """
    text = charset.decode(text) if isinstance(text, bytes) else charset.without_mark(text)
    # Before it is parsed: where the parser meets the recursion limit, Python before 3.9
    # ends the process if the garbage collector runs at that moment.
    if _may_nest_deep(text) and _nests_deep(text):
        raise NestedTooDeep("nested deeper than %d levels" % LEVELS)
    try:
        return json.loads(text)
    except ValueError as error:
        if error.__class__ is not ValueError:
            raise  # JSONDecodeError; a number too long is a plain ValueError
        return json.loads(text, parse_int=_integer)


def _integer(digits):
    try:
        return int(digits)
    except ValueError:  # Python 3.11 and later convert 4,300 digits at most
        return digits


_ALL_BYTES = bytes(bytearray(range(256)))
_PART = 2**16  # characters that the caches of a processor hold, so no copy of a long text is made
_NO_BRACKETS = _ALL_BYTES.translate(None, b"[]{}")


def _may_nest_deep(text):
    """Whether a JSON text may nest deeper than LEVELS: a quick look at its brackets.

    It is said of shallow texts too where strings in them have brackets.
    """
    if len(text) <= LEVELS:
        return False
    brackets = b"".join(
        text[start : start + _PART].encode("utf-8", "replace").translate(None, _NO_BRACKETS)
        for start in range(0, len(text), _PART)
    )
    for _ in range(LEVELS // 2):  # each step takes away two levels at most
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return True


_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.S)
_STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}


def _nests_deep(text):
    depth = 0
    for character in _STRING.sub("", text):
        depth += _STEPS.get(character, 0)
        if depth > LEVELS:
            return True
    return False
