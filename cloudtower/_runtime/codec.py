"""Encodes what scripts put in bodies to JSON, and decodes JSON into models."""

import json
import math
import sys

from cloudtower._runtime import datatypes
from cloudtower._runtime.datatypes import WRONG
from cloudtower._runtime.json_text import NestedTooDeep, loads  # noqa: F401  with `dumps`
from cloudtower._runtime.model import Model
from cloudtower._runtime.null import NULL
from cloudtower._runtime.text import INTEGERS, TEXT, is_recursion
from cloudtower.exceptions import ApiTypeError, ApiValueError

_PLAIN = (str, TEXT, bool, float, type(None)) + INTEGERS
_SHOWN = 8  # steps of the path to what is nested too deeply


class _Old:
    """On 2.7 the classes of scripts may be like this one, which is no `type`."""


_CLASSES = type, type(_Old)
_NEXT = "__next__" if str is TEXT else "next"


class Encoded(object):
    """A body that is ready to be sent; what becomes of the caller's objects no longer matters.

    Attributes, which nobody changes:
        text: the JSON text, str.
        value: what the caller gave.
    """

    __slots__ = ("text", "value")

    def __init__(self, text, value):
        self.text = text
        self.value = value


def encode(body):
    """The Encoded of a body, which may be one already. Raises as `dumps` does."""
    return body if body.__class__ is Encoded else Encoded(dumps(body), body)


def dumps(body):
    """The JSON text of a body.

    Parameters:
        body: models, mappings, lists, tuples and other sequences, sets, iterators,
            datetimes, UUIDs, paths, enums, decimals and plain values, nested in any way.

    Raises ApiValueError for NaN, infinities and what is nested too deeply, ApiTypeError
    for anything without a JSON form; both name the path in the body.
    """
    if body.__class__ is Encoded:
        return body.text
    try:
        return _encoder.encode(body)
    except RuntimeError as error:
        if not is_recursion(error):
            raise
    except (TypeError, ValueError) as error:
        # The path is looked for only now: the fast encoder does not say it.
        # What a generator yielded is gone, so nothing may be sent after this.
        sanitize(body)
        raise ApiTypeError(str(error), path_to_item=[])
    raise _too_deep(body)


def sanitize(value):
    """The plain structure that `dumps` would write, made of new objects.

    Raises as `dumps` does.
    """
    if value.__class__ is Encoded:
        return json.loads(value.text)
    try:
        return _sanitize(value, [], set())
    except RuntimeError as error:
        if not is_recursion(error):
            raise
    raise _too_deep(value)


def decode(value, declared):
    """The typed object of a parsed JSON value.

    Parameters:
        value: what `loads` returned.
        declared: a type as the interface names it (`list[Vm]`, `str`, ...), or
            a class.

    Returns the object; a list of one where a list of models is declared and one
    JSON object with members came; `datatypes.WRONG` where the value is of another kind.
    """
    if value is None:
        return None
    if isinstance(declared, type) and issubclass(declared, Model):
        if declared.is_enum:
            return value
        declared.__schema__  # the first touch builds the accessors
        return declared.from_json(value) if isinstance(value, dict) else WRONG
    kind = datatypes.declared(declared)
    if value and isinstance(value, dict) and _holds_models(kind):
        value = [value]
    decoded = kind.decode(value)
    return decoded.decoded if decoded.__class__ is datatypes.Misfit else decoded


def discard_unknown(value, declared):
    """Take the members that the interface does not know out of a parsed JSON value.

    Parameters:
        value: what `loads` returned; objects in it are changed.
        declared: its type, as the interface names it, str.
    """
    kind = datatypes.parse(declared) if isinstance(declared, str) else declared
    if isinstance(value, dict) and _holds_models(kind):
        kind = kind.item  # see `decode`
    if isinstance(value, list) and kind.item is not None:
        for element in value:
            discard_unknown(element, kind.item)
    elif kind.parts:
        if kind.value is None:
            discard_unknown(value, kind.closest(value))
        elif isinstance(value, dict):
            for inner in value.values():
                discard_unknown(inner, kind.value)
    elif isinstance(value, dict) and kind.is_model:
        schema = kind.target.__schema__
        for name in list(value):
            if name in schema.by_json:
                discard_unknown(value[name], schema.by_json[name].type)
            elif schema.rest is None:
                del value[name]
            else:
                discard_unknown(value[name], schema.rest)


def _holds_models(kind):
    return kind.item is not None and kind.item.is_model


def _simplify(value):
    """One step from a value that json does not know to one that it does.

    Raises TypeError where there is none.
    """
    if isinstance(value, Model):
        return value._sent()
    if value is NULL:
        return None
    if isinstance(value, _CLASSES):
        name = value.__name__
        if getattr(value, "is_enum", False) or hasattr(value, "__members__"):
            raise TypeError("%s is a class, not a value; use one of its constants" % name)
        raise TypeError("%s is a class, not a value; create an instance: %s(...)" % (name, name))
    if isinstance(value, datatypes.MAPPINGS):
        return dict(value)
    kind = type(value)  # asked rather than the value, for mocks have any attribute
    if hasattr(kind, "isoformat"):
        return value.isoformat()
    if datatypes.is_list(value) or _is_iterator(value):
        return list(value)
    if kind.__name__ == "Decimal":
        return _decimal(value)
    if kind.__name__ == "UUID" or hasattr(kind, "as_posix"):
        return str(value)
    if hasattr(kind, "__members__"):  # enum.Enum, which 2.7 lacks
        return value.value
    raise TypeError("%s has no JSON form" % kind.__name__)


def _is_iterator(value):
    return hasattr(value, _NEXT) and not hasattr(value, "read")  # as files have


_encoder = json.JSONEncoder(default=_simplify, allow_nan=False)


def _decimal(value):
    if not value.is_finite():
        return float(value)
    number = int(value)
    if number == value:
        return number
    number = float(value)
    if type(value)(repr(number)) == value:
        return number
    raise TypeError("Decimal %s has no exact JSON number" % value)


def _sanitize(value, path, within):
    """`within` has the ids of the containers that the value is in."""
    if isinstance(value, float) and (math.isnan(value) or math.isinf(value)):
        raise ApiValueError("JSON has no number %r" % value, path_to_item=path)
    if isinstance(value, bytes) and bytes is not str:
        raise ApiTypeError("bytes have no JSON form; decode them to text first", path_to_item=path)
    if isinstance(value, _PLAIN):
        return value
    if id(value) in within:
        raise ApiValueError("the body contains itself", path_to_item=path)
    within.add(id(value))
    try:
        return _sanitize_container(value, path, within)
    finally:
        within.discard(id(value))


def _sanitize_container(value, path, within):
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, _PLAIN):
                raise ApiTypeError("the key %r has no JSON form" % (key,), path_to_item=path)
        return dict((key, _sanitize(value[key], path + [key], within)) for key in value)
    if isinstance(value, (list, tuple)):
        elements = [_sanitize(inner, path + [index], within) for index, inner in enumerate(value)]
        return tuple(elements) if isinstance(value, tuple) else elements
    try:
        simpler = _simplify(value)
    except TypeError as error:
        raise ApiTypeError(str(error), path_to_item=path)
    return _sanitize(simpler, path, within)


def _too_deep(body):
    """The error for a body that json cannot walk, with the first steps of a path that is deep."""
    deep = sys.getrecursionlimit() // 10
    waiting = [(body, ())]
    path = ()
    while waiting and len(path) < deep:
        value, path = waiting.pop()
        if isinstance(value, Model):
            value = value._sent()
        if isinstance(value, dict):
            waiting.extend((inner, path + (key,)) for key, inner in value.items())
        elif isinstance(value, (list, tuple)):
            waiting.extend((inner, path + (index,)) for index, inner in enumerate(value))
    path = list(path[:_SHOWN]) if len(path) >= deep else []
    return ApiValueError("the body is nested too deeply", path_to_item=path)
