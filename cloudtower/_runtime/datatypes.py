"""The types a table row may name, and how a JSON value becomes one of them.

Decoding never raises and never loses: a value that already is what the row
declares passes untouched, one that converts without loss is converted, and
for anything else `decode` answers WRONG (the model then reads None and keeps
the value in its `additional_properties`).
"""

import math
import os
from collections import deque
from threading import RLock

from cloudtower._runtime import late
from cloudtower._runtime.locks import Lock
from cloudtower._runtime.text import INTEGERS, TEXT, native


class _Replacing(object):
    """Has the lock for the moment in which a decoded value takes the place of a JSON value.

    Its thread may take it again: signals and the garbage collector run code at any
    moment. A child process gets a new one: a thread of its parent may hold the old one.
    """

    def __init__(self):
        at_fork = getattr(os, "register_at_fork", None)  # since Python 3.7
        if at_fork is None:
            self.lock = Lock(RLock)  # which costs more
        else:
            self.renew()
            at_fork(after_in_child=self.renew)

    def renew(self):
        self.lock = RLock()


replacing = _Replacing()

#: What `decode` returns for a value of another kind than declared.
WRONG = type("Wrong", (object,), {"__repr__": lambda self: "WRONG"})()


try:
    from collections.abc import Mapping, MappingView, Sequence, Set

    MAPPINGS = (Mapping,)
    _BUFFERS = (memoryview,)
except ImportError:  # Python 2.7
    from collections import Mapping, MappingView, Sequence, Set

    from UserDict import UserDict

    MAPPINGS = (Mapping, UserDict)
    _BUFFERS = (memoryview, buffer)  # noqa: F821

_LISTS = (Sequence, Set, MappingView, deque)


def is_list(value):
    """Whether a value stands for a list: sequences, sets and views of dicts do.

    Text, bytes and what is like them do not. Iterators do as well, where they are read.
    """
    if isinstance(value, (list, tuple)):
        return True
    return (
        isinstance(value, _LISTS)
        and not isinstance(value, _BUFFERS)
        and not hasattr(value, "startswith")  # bytearray, UserString
    )


def _decode_text(value):
    if isinstance(value, (TEXT, str)):
        return native(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, INTEGERS):
        return str(value)
    return WRONG


_MOST_DIGITS = 4300  # Python 3.11 and later convert no more, to or from text
_LONGEST_MOMENT = 100
_LENGTH_OF_DATE = len("2026-01-31")


def _number_in(text):
    if "_" in text or len(text) > _MOST_DIGITS:
        return WRONG  # Python 3.6 and later would take an underscore
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return WRONG
    return WRONG if math.isinf(number) or math.isnan(number) else number


def _decode_integer(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, INTEGERS) or isinstance(value, float):
        return value  # a fraction stays one: real servers send 37145039556.9504
    if isinstance(value, (TEXT, str)):
        return _number_in(value)
    return WRONG


def _decode_number(value):
    value = _decode_integer(value)
    if value is WRONG or isinstance(value, float):
        return value
    try:
        number = float(value)
    except OverflowError:
        return value
    return number if number == value else value


def _decode_boolean(value):
    if value in (0, 1):
        return bool(value)
    if isinstance(value, (TEXT, str)):
        return {"true": True, "false": False}.get(value.lower(), WRONG)
    return WRONG


def _decode_moment(value):
    if not isinstance(value, (TEXT, str)):
        return WRONG
    if len(value) > _LONGEST_MOMENT:
        return WRONG
    from dateutil.parser import parse

    try:
        moment = parse(value)
        moment.isoformat()  # an offset of more than a day is noticed only here
        return moment
    except Exception:  # dateutil raises whatever its parts raise
        return WRONG


def _decode_date(value):
    moment = _decode_moment(value)
    return moment.date() if moment is not WRONG and len(value) == _LENGTH_OF_DATE else moment


def _decode_anything(value):
    return value


class Scalar(object):
    """A type without members.

    Parameters:
        name: what the rows call it, str.
        public: what `openapi_types` calls it, str.
        plain: the class whose instances pass undecoded, or None.
        decode: callable(value) for any value but None.
        accepts: classes of the JSON values that a body may have, a tuple; by default any.

    Attributes, of every type:
        item: the type of a list's elements; None for anything else.
        leaf: the type itself, or what is left of it without lists, however deep.
        parts: of a map or a union the types that it is made of, a tuple.
        value: the type of a map's values; None for anything else.
        is_scalar, is_model, is_enum: what it is, bool. The last two load a class. A map or a
            union is a scalar to whoever does not look at its parts.
        is_filter: whether it is a `*WhereInput` class, bool.
        selects: the resource of which a `*WhereInput` or a `*WhereUniqueInput` selects
            objects, such as "Vm", str; None for anything else.
    """

    item = None
    hold = None
    held = False
    parts = ()
    value = None
    is_scalar = True
    is_model = is_enum = is_filter = False
    selects = None

    def __init__(self, name, public, plain, decode, accepts=None):
        self.name = name
        self.public = public
        self.plain = plain
        self.decode = decode
        self.accepts = accepts
        self.leaf = self

    def __repr__(self):
        return self.name


class Reference(object):
    """A model or an enum, by the name of its class; loaded when it is first needed.

    Attributes:
        plain: as for Scalar; known when the class is.
        held: whether a decoded value takes the place of the JSON value.
    """

    item = None
    held = True
    plain = None
    parts = ()
    value = None
    is_scalar = False

    def __init__(self, name, is_filter=False, selects=None):
        self.name = self.public = name
        self.is_filter = is_filter
        self.selects = selects
        self.leaf = self
        self._target = None
        self.hold = None  # makes a model of a JSON object, once the class is loaded

    @property
    def target(self):
        """The class."""
        if self._target is None:
            target = late.module("models").catalog.load(self.name)
            target.__schema__  # the first touch builds the accessors
            self.held = not target.is_enum
            self.plain = str if target.is_enum else target
            self.hold = None if target.is_enum else target._holding
            self._target = target
        return self._target

    @property
    def is_enum(self):
        return self.target.is_enum

    @property
    def is_model(self):
        return not self.target.is_enum

    def decode(self, value):
        hold = self.hold
        if hold is not None and value.__class__ is dict:
            return hold(value)
        target = self.target
        if target.is_enum:
            return value  # values of newer servers too
        if isinstance(value, dict):
            return target._holding(value)
        return value if isinstance(value, target) else WRONG

    def __repr__(self):
        return self.name


class List(object):
    """A list of one type."""

    plain = None
    hold = None
    held = True
    parts = ()
    value = None
    is_scalar = is_model = is_enum = is_filter = False
    selects = None

    def __init__(self, item):
        self.item = item
        self.leaf = item.leaf
        self.name = "list[%s]" % item.name
        self.public = "list[%s]" % item.public

    def decode(self, value):
        """The list itself where its elements are what is declared, otherwise another.

        A Misfit where an element is of another kind than declared: what was sent
        must not be lost.
        """
        if not isinstance(value, list):
            return WRONG
        item = self.item
        hold = item.hold
        plain = item.plain
        decoded = value[:]  # no longer than its elements need, and no thread adds to it
        fits = True
        changed = False
        index = 0
        for element in decoded:
            if hold is not None and element.__class__ is dict:
                decoded[index] = hold(element)
                changed = True
            elif element is not None and element.__class__ is not plain:
                made = item.decode(element)
                if made is not element:
                    if made is WRONG:
                        fits, made = False, None
                    elif made.__class__ is Misfit:
                        fits, made = False, made.decoded
                    decoded[index] = made
                    changed = True
            index += 1
        if not fits:
            return Misfit(decoded, value)
        return decoded if changed else value

    def __repr__(self):
        return self.name


class Map(Scalar):
    """An object whose names are data; all its values have one type."""

    held = True

    def __init__(self, value):
        name, public = "map[%s]" % value.name, "dict(str, %s)" % value.public
        Scalar.__init__(self, name, public, None, self._decode, (dict,))
        self.value = value
        self.parts = (value,)

    def _decode(self, value):
        """The dict itself where its values are what is declared, otherwise another.

        A value of another kind than declared stays as it was sent.
        """
        if not isinstance(value, dict):
            return WRONG
        changed = {}
        for name, each in value.items():
            made = _converted(self.value, each)
            if made is not each:
                changed[name] = made
        if changed:
            value = dict(value)
            value.update(changed)
        return value


class Union(Scalar):
    """One of several types."""

    held = True

    def __init__(self, members):
        names = " | ".join(each.name for each in members)
        Scalar.__init__(self, names, "object", None, self._decode)
        self.parts = tuple(members)

    def _decode(self, value):
        return _converted(self.closest(value), value)

    def closest(self, value):
        """The member that a JSON value fits best, of equal ones the first."""
        from cloudtower._runtime import fitness  # only unions need it

        return max(self.parts, key=lambda each: fitness.of(each, value))


def _converted(kind, value):
    """A value decoded; the value itself where it is of another kind."""
    made = value if value is None else kind.decode(value)
    return value if made is WRONG or made.__class__ is Misfit else made


class Misfit(object):
    """A list with elements of another kind than declared.

    Attributes:
        decoded: the list as it reads, with None for those elements.
        sent: the list as it was sent.
    """

    __slots__ = ("decoded", "sent")

    def __init__(self, decoded, sent):
        self.decoded = decoded
        self.sent = sent


SCALARS = dict(
    (scalar.name, scalar)
    for scalar in (
        Scalar("str", "str", str, _decode_text, (TEXT, str)),
        Scalar("time", "str", str, _decode_text, (TEXT, str)),  # ISO 8601, as filters have it
        Scalar("int", "int", int, _decode_integer, INTEGERS),
        Scalar("int32", "int", int, _decode_integer, INTEGERS),
        Scalar("int64", "int", int, _decode_integer, INTEGERS),
        Scalar("float", "float", float, _decode_number, (float,) + INTEGERS),
        Scalar("double", "float", float, _decode_number, (float,) + INTEGERS),
        Scalar("bool", "bool", bool, _decode_boolean, (bool,)),
        Scalar("datetime", "datetime", None, _decode_moment),
        Scalar("date", "date", None, _decode_date),
        Scalar("file", "file", None, _decode_text),
        Scalar("object", "object", None, _decode_anything),
    )
)

#: Text in a response, and a file in a form.
STR, FILE = SCALARS["str"], SCALARS["file"]

_parsed = dict(SCALARS)
_FILTER, _UNIQUE = "WhereInput", "WhereUniqueInput"


def parse(text):
    """The type that a row names, such as `str`, `list[Vm]`, `map[Vm]` or `Vm | str`.

    One object a name.

    Nothing else reads such text; what a type is, it says itself.
    """
    parsed = _parsed.get(text)
    if parsed is None:
        members = _alternatives(text) if " | " in text else ()
        if len(members) > 1:
            parsed = Union([parse(each) for each in members])
        elif text.startswith("list[") and text.endswith("]"):
            parsed = List(parse(text[5:-1]))
        elif text.startswith("map[") and text.endswith("]"):
            parsed = Map(parse(text[4:-1]))
        elif text.endswith(_FILTER):
            parsed = Reference(text, True, text[: -len(_FILTER)])
        elif text.endswith(_UNIQUE):
            parsed = Reference(text, False, text[: -len(_UNIQUE)])
        else:
            parsed = Reference(text)
        _parsed[text] = parsed
    return parsed


def _alternatives(text):
    """The members of a union: `str | list[A | B]` -> `str`, `list[A | B]`."""
    found, depth = [], 0
    for part in text.split(" | "):
        if depth:
            found[-1] += " | " + part
        else:
            found.append(part)
        depth += part.count("[") - part.count("]")
    return found


def declared(kind):
    """The type that a caller declares: by its name, or by a class such as `str` or a model.

    None for anything else.
    """
    name = kind if isinstance(kind, (str, TEXT)) else getattr(kind, "__name__", None)
    return parse(name) if name else None


def is_file(kind):
    """Whether a caller declares a file, which is saved rather than decoded."""
    # Each call asks several times, mostly with a name.
    return kind == FILE.name if kind.__class__ is str else declared(kind) is FILE
