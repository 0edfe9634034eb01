"""Parses the text of a document, and finds the place of what is not JSON."""

import json
import math
import re

from codegen.node import DocumentError, pointer

_DEEPEST = 200  # JSON values within each other; a schema within another takes two or three
_LONGEST = 400  # digits of a number
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{},:]|[^\s"][^\s"\][{},:]*')


class _Repeated(Exception):
    """An object has a name twice, of which one would be lost."""


class _NotANumber(Exception):
    """A value such as NaN, or a number with too many digits."""


def parsed(text):
    """The value of JSON text.

    Raises DocumentError for what would be lost, or what nobody could use, with its place; and
    ValueError for what is not JSON.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_float=_finite,
            parse_int=_whole,
            parse_constant=_not_a_number,
        )
    except _Repeated:
        raise _repeated(text) from None
    except _NotANumber as error:
        raise _at_token(text, str(error)) from None
    except RecursionError:
        raise _deep(text) from None


def _once(pairs):
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Repeated()
    return made


def _finite(text):
    number = float(text)
    return number if math.isfinite(number) else _not_a_number(text)


def _whole(text):
    return int(text) if len(text) <= _LONGEST else _not_a_number(text)


def _not_a_number(text):
    raise _NotANumber(text)


# ---- where in the text -----------------------------------------------------------------


def _tokens(text):
    """(place, token) of each token: the keys that lead to it, a list that changes."""
    place = []
    waits_for_name = last = None
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in "{[":
            place.append(0 if token == "[" else "")
            waits_for_name = token == "{"
        elif token in "}]":
            place.pop()
        elif token == ",":
            if place and isinstance(place[-1], int):
                place[-1] += 1
            else:
                waits_for_name = True
        elif token == ":":
            place[-1] = last
        elif waits_for_name:
            last, waits_for_name = json.loads(token, strict=False), False
        yield place, token


def _repeated(text):
    """The DocumentError of the first name that an object has twice."""
    names = []  # those of the objects that are open, from the outside in
    for place, token in _tokens(text):
        if token in "{[":
            names.append(set())
        elif token in "}]":
            names.pop()
        elif token == ":":
            if place[-1] in names[-1]:
                return DocumentError(
                    pointer(place), "stands there twice, of which one would be lost"
                )
            names[-1].add(place[-1])
    return DocumentError("#", "has a name twice in an object")


def _at_token(text, wanted):
    """The DocumentError of the first token that is written like the wanted one."""
    told = "is %s, which is not a number" % wanted
    if len(wanted) > _LONGEST:
        told = "is a number of %d digits" % len(wanted)
    places = (pointer(place) for place, token in _tokens(text) if token == wanted)
    return DocumentError(next(places, "#"), told)


def _deep(text):
    """The DocumentError of JSON text that Python cannot parse for its depth."""
    for place, _ in _tokens(text):
        if len(place) > _DEEPEST:
            return _too_deep(tuple(place))
    return DocumentError("#", "is nested too deeply")


def _too_deep(place):
    shown = pointer(place[:20])
    return DocumentError(shown + "/...", "is more than %d levels deep" % _DEEPEST)


# ---- what can be walked ----------------------------------------------------------------


def check_tree(document):
    """Raise DocumentError where a document is deeper than what reads it can walk, or has a text
    that no file can have.
    """
    waiting = [(document, ())]
    while waiting:
        value, place = waiting.pop()
        if len(place) > _DEEPEST:
            raise _too_deep(place)
        for text in (value, *place[-1:]):
            if isinstance(text, str) and _SURROGATE.search(text):
                raise DocumentError(pointer(place), "has half of a character")
        if isinstance(value, dict):
            waiting.extend((inner, place + (key,)) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((inner, place + (index,)) for index, inner in enumerate(value))
