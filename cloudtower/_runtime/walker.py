"""Holds a body against its type and names each fault with its path.

One walker serves the guard of mutations (filters only), the check of whole
bodies and the simulator's answers with status 400.
"""

from collections import namedtuple

from cloudtower._runtime import datatypes, tautology
from cloudtower._runtime.model import Model
from cloudtower._runtime.null import NULL
from cloudtower._runtime.text import INTEGERS, TEXT, nearest

#: What is wrong and where. `path` is a tuple of keys and indexes; `kind` one of
#: "unknown" "missing" "null" "kind" "enum" "limit" "everything".
Fault = namedtuple("Fault", "path kind message")

_EXPECTED = {
    "str": (TEXT, str),
    "time": (TEXT, str),
    "bool": (bool,),
    "int": INTEGERS,
    "float": (float,) + INTEGERS,
}


class Unsettled(Exception):
    """There is a generator where a filter has a value: what it matches is not known yet."""


def has_members(value):
    """Whether a value is an object: a dict or a model."""
    return isinstance(value, (dict, Model))


def _is_generator(value):
    return hasattr(value, "__next__") or hasattr(value, "next")


def members(value):
    """(JSON name, value) of a dict, or of what a model sends."""
    if isinstance(value, Model):
        return [(each.json, inner) for each, inner in value.set_items()]
    return list(value.items())


def check(value, type_name, path=()):
    """All faults of a body.

    Parameters:
        value: a parsed JSON value, or models.
        type_name: the type that it should have, str.
        path: where the value stands in a larger one, a tuple.

    Returns an iterator of Fault.
    """
    return _check(value, datatypes.parse(type_name), path)


def check_filters(value, type_name):
    """The faults of the filters in a mutation's body: names, and matching everything.

    Parameters and return value as for `check`. Nothing else of the body is
    looked at: where no filter can stand, the walk does not go.

    Raises Unsettled.
    """
    kind = datatypes.parse(type_name)
    if not leads_to_filter(kind):
        return iter(())
    return _check_filters(value, kind, ())


def is_filter(kind):
    """Whether a type is a `*WhereInput` class."""
    return isinstance(kind, datatypes.Reference) and kind.name.endswith("WhereInput")


_leads = {}  # name of a type -> whether it leads to a filter; final answers only


def leads_to_filter(kind):
    """Whether a value of the type can have a filter in it, at any depth."""
    if kind.name not in _leads:
        _leads[kind.name] = _reaches_filter(kind, set())
    return _leads[kind.name]


def _reaches_filter(kind, seen):
    while kind.item is not None:
        kind = kind.item
    if is_filter(kind):
        return True
    if not isinstance(kind, datatypes.Reference) or kind.name in seen or kind.target.is_enum:
        return False
    seen.add(kind.name)
    return any(_reaches_filter(each.type, seen) for each in kind.target.__schema__.fields)


def _check_filters(value, kind, path):
    if _is_generator(value):
        raise Unsettled()
    if value is None and kind.item is not None:
        return  # no list of filters is no filter
    while kind.item is not None and not isinstance(value, datatypes.LISTS):
        kind = kind.item  # one object in the place of a list, which the server takes as well
    if is_filter(kind):
        if value is not None and not has_members(value):
            yield Fault(path, "kind", "must be a filter, an object")
            return
        for fault in _check_names(value, kind, path):
            yield fault
        if tautology.matches_everything(kind.target, value):
            yield Fault(path, "everything", "matches every object")
        return
    if isinstance(value, datatypes.LISTS):
        # Also where no list belongs: a filter in one is looked at all the same.
        for index, element in enumerate(value):
            for fault in _check_filters(element, kind.item or kind, path + (index,)):
                yield fault
        return
    if not has_members(value):
        return
    given = dict(members(value))
    for each in kind.target.__schema__.fields:
        if not leads_to_filter(each.type):
            continue
        if each.json in given:
            for fault in _check_filters(given[each.json], each.type, path + (each.json,)):
                yield fault
        elif each.required and is_filter(each.type):
            yield Fault(path + (each.json,), "missing", "is required and missing")


def _check_names(value, kind, path):
    """Unknown keys in a filter and the filters in it."""
    if _is_generator(value):
        raise Unsettled()
    if isinstance(value, datatypes.LISTS):
        for index, element in enumerate(value):
            for fault in _check_names(element, kind, path + (index,)):
                yield fault
        return
    if not has_members(value):
        return
    by_json = kind.target.__schema__.by_json
    for name, inner in members(value):
        found = by_json.get(name)
        if found is None:
            yield _unknown(path, name, by_json)
            continue
        inner_kind = found.type.item or found.type
        if is_filter(inner_kind) or _is_generator(inner):
            for fault in _check_names(inner, inner_kind, path + (name,)):
                yield fault


def _unknown(path, name, known):
    like = nearest(name, known) if isinstance(name, (str, TEXT)) else None
    message = "is unknown" + ("; did you mean %r?" % str(like) if like else "")
    return Fault(path + (name,), "unknown", message)


def _check(value, kind, path):
    if kind.item is not None:
        if not isinstance(value, datatypes.LISTS):
            yield Fault(path, "kind", "must be a list")
            return
        for index, element in enumerate(value):
            for fault in _check(element, kind.item, path + (index,)):
                yield fault
        return
    if isinstance(kind, datatypes.Scalar):
        expected = _EXPECTED.get(kind.public)
        if expected is not None:
            fits = isinstance(value, expected)
            if not fits or (isinstance(value, bool) and kind.public != "bool"):
                yield Fault(path, "kind", "must be of type %s" % kind.public)
        return
    target = kind.target
    if target.is_enum:
        if value not in target.allowable_values:
            yield Fault(path, "enum", "must be one of %s" % ", ".join(target.allowable_values))
        return
    if not has_members(value):
        yield Fault(path, "kind", "must be an object")
        return
    for fault in _check_object(value, target.__schema__, path):
        yield fault


def _check_object(value, schema, path):
    given = dict(members(value))
    for each in schema.fields:
        if each.required and each.json not in given:
            yield Fault(path + (each.json,), "missing", "is required and missing")
    for name, inner in given.items():
        found = schema.by_json.get(name)
        if found is None:
            yield _unknown(path, name, schema.by_json)
        elif inner is None or inner is NULL:
            if not found.nullable:
                yield Fault(path + (name,), "null", "must not be null")
        else:
            faults = list(_check(inner, found.type, path + (name,)))
            for fault in faults:
                yield fault
            if found.limits and not faults:
                message = found.outside_limits(inner)
                if message:
                    yield Fault(path + (name,), "limit", message)
