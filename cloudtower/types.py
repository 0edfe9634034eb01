"""Types for annotations, each made from the tables when it is first read.

    <model>Dict       TypedDict of a body, or of a part of one, with JSON names as keys
    <enum>Literal     Literal of the values of an enumeration

    from cloudtower.types import VmStartParamsDict, VmStatusLiteral

    body: VmStartParamsDict = {"where": {"name": "web-1"}}

Where `typing` has no TypedDict (before Python 3.8) the first are `dict`, the others `str`.
`Required` members are marked from Python 3.11 on; a checker sees them on every Python.
"""

try:
    import typing
    from datetime import date, datetime
except ImportError:  # Python 2.7
    typing = None

from cloudtower import api, models
from cloudtower._runtime import lazy

_DICT, _LITERAL = "Dict", "Literal"
_HAS_TYPED_DICT = hasattr(typing, "TypedDict")
_HAS_REQUIRED = hasattr(typing, "Required")


def _resolve(name):
    for suffix, make in ((_DICT, _typed_dict), (_LITERAL, _literal)):
        owner = name[: -len(suffix)]
        if name.endswith(suffix) and owner in models.catalog.homes:
            cls = models.catalog.load(owner)
            if cls.is_enum == (suffix == _LITERAL):
                return make(cls)
    raise lazy.missing(__name__, name)


def _names():
    literals = [name for name in models.catalog.homes if models.catalog.load(name).is_enum]
    dicts = _reached(set(body.leaf for body in _bodies()))
    return [name + _LITERAL for name in literals] + [kind.name + _DICT for kind in dicts]


def _bodies():
    """The types of the bodies of all operations."""
    for name in api.catalog.homes:
        for operation in api.catalog.load(name).__operations__.values():
            if operation.body:
                yield operation.body.kind


def _reached(kinds):
    """The models among some types, and those that they lead to."""
    found, waiting = set(), [each for kind in kinds for each in _models_in(kind)]
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            for each in kind.target.__schema__.fields:
                waiting.extend(_models_in(each.type))
    return found


def _models_in(kind):
    """The models in a type."""
    leaf = kind.leaf
    if leaf.parts:
        return [each for part in leaf.parts for each in _models_in(part)]
    return [leaf] if leaf.is_model else []


def _literal(cls):
    if not hasattr(typing, "Literal"):
        return str
    return typing.Literal[tuple(cls.allowable_values)]


def _typed_dict(cls):
    """The TypedDict of a model. Those that it refers to by name are then in this module too."""
    if not _HAS_TYPED_DICT:
        return dict
    waiting = [cls]
    while waiting:
        each = waiting.pop()
        name = each.__name__ + _DICT
        if name not in globals():
            members = {}
            for field in each.__schema__.fields:
                members[field.json] = _member(field, waiting)
            # Threads may get here at once: all of them use what the first one made.
            globals().setdefault(name, typing.TypedDict(name, members, total=False))
    return globals()[cls.__name__ + _DICT]


def _member(field, waiting):
    """The type of a member; models whose TypedDict it names are added to `waiting`."""
    operand = field.operand
    if operand is not None and operand.family == "time":
        kind = _time(field.type)
    else:
        kind = _given(field.type, waiting if operand is None else None)
    if field.nullable:
        kind = typing.Optional[kind]
    return typing.Required[kind] if field.required and _HAS_REQUIRED else kind


def _given(kind, waiting):
    """What a script may give. A relation in a filter (`waiting` is None) may be any dict.

    With the keys of a relation's filter, and of those in it, checkers would not come to an end.
    """
    if kind.item is not None:
        item = _given(kind.item, waiting)
        if item is str:  # of which a str is a Sequence too
            return _TEXTS
        return typing.Sequence[item]
    if kind.value is not None:
        return typing.Mapping[str, _given(kind.value, waiting)]
    if kind.parts:
        return typing.Union[tuple(_given(each, waiting) for each in kind.parts)]
    if kind.is_scalar:
        return _SCALARS.get(kind.public, typing.Any)
    if kind.is_enum:
        return _literal(kind.target)
    if waiting is None:
        return typing.Union[kind.target, typing.Mapping[str, typing.Any]]
    waiting.append(kind.target)
    return typing.Union[kind.target, kind.name + _DICT]


def _time(kind):
    if kind.item is not None:
        return typing.Union[_TEXTS, typing.Sequence[datetime]]
    return typing.Union[str, datetime]


if _HAS_TYPED_DICT:
    _TEXTS = typing.Union[typing.List[str], typing.Tuple[str, ...], typing.AbstractSet[str]]
    _SCALARS = {
        "str": str,
        "int": int,
        "float": float,
        "bool": bool,
        "datetime": typing.Union[datetime, str],
        "date": typing.Union[date, str],
    }

lazy.install(__name__, _resolve, _names, shown=())
