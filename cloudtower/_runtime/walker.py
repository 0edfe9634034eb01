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


_SETTLED = frozenset([dict, list, tuple, str, TEXT, int, float, bool, type(None)])


def _is_generator(value):
    if value.__class__ in _SETTLED or isinstance(value, Model):
        return False
    return hasattr(value, "__next__") or hasattr(value, "next")


def members(value):
    """[(JSON name, value)] of a dict, or of what a model sends; NULL and None are null."""
    return list((value._sent() if isinstance(value, Model) else value).items())


def check(value, type_name, path=()):
    """All faults of a body.

    Parameters:
        value: a parsed JSON value, or models.
        type_name: the type that it should have, str.
        path: where the value stands in a larger one, a tuple.

    Returns a list of Fault.
    """
    faults = []
    _check(value, datatypes.parse(type_name), path, faults)
    return faults


def check_filters(value, type_name):
    """The faults of the filters in a mutation's body: names, and matching everything.

    Parameters and return value as for `check`. Nothing else of the body is
    looked at: where no filter can stand, the walk does not go.

    Raises Unsettled.
    """
    faults = []
    kind = datatypes.parse(type_name)
    if leads_to_filter(kind):
        _check_filters(value, kind, (), faults)
    return faults


_leads = {}  # name of a type -> whether it leads to a filter; final answers only
_branches = {}  # name of a class -> its fields that lead to filters


def leads_to_filter(kind):
    """Whether a value of the type can have a filter in it, at any depth."""
    if kind.name not in _leads:
        _leads[kind.name] = _reaches_filter(kind, set())
    return _leads[kind.name]


def _reaches_filter(kind, seen):
    while kind.item is not None:
        kind = kind.item
    if kind.is_filter:
        return True
    if not isinstance(kind, datatypes.Reference) or kind.name in seen or kind.target.is_enum:
        return False
    seen.add(kind.name)
    return any(_reaches_filter(each.type, seen) for each in kind.target.__schema__.fields)


def _branches_of(kind):
    if kind.name not in _branches:
        fields = kind.target.__schema__.fields
        _branches[kind.name] = [each for each in fields if leads_to_filter(each.type)]
    return _branches[kind.name]


def _check_filters(value, kind, path, faults):
    if _is_generator(value):
        raise Unsettled()
    if value is None and kind.item is not None:
        return  # null in the place of a list of filters: the list is not given
    is_list = isinstance(value, datatypes.LISTS)
    while kind.item is not None and not is_list:
        kind = kind.item  # one object in the place of a list, which the server takes as well
    if kind.is_filter:
        _check_filter(value, kind, path, faults)
    elif is_list:
        # Also where no list belongs: a filter in one is looked at all the same.
        for index, element in enumerate(value):
            _check_filters(element, kind.item or kind, path + (index,), faults)
    elif has_members(value):
        given = value if value.__class__ is dict else dict(members(value))
        for each in _branches_of(kind):
            if each.json in given:
                _check_filters(given[each.json], each.type, path + (each.json,), faults)
            elif each.required and each.type.is_filter:
                faults.append(Fault(path + (each.json,), "missing", "is required and missing"))


def _check_filter(value, kind, path, faults):
    if value is not None and not has_members(value):
        faults.append(Fault(path, "kind", "must be a filter, an object"))
        return
    _check_names(value, kind, path, faults)
    if tautology.matches_everything(kind.target, value):
        faults.append(Fault(path, "everything", "matches every object"))


def _check_names(value, kind, path, faults):
    """Unknown keys in a filter and the filters in it."""
    if _is_generator(value):
        raise Unsettled()
    if isinstance(value, datatypes.LISTS):
        for index, element in enumerate(value):
            _check_names(element, kind, path + (index,), faults)
        return
    if not has_members(value):
        return
    by_json = kind.target.__schema__.by_json
    for name, inner in members(value):
        found = by_json.get(name)
        if found is None:
            faults.append(_unknown(path, name, by_json))
            continue
        inner_kind = found.type.item or found.type
        if inner_kind.is_filter or _is_generator(inner):
            _check_names(inner, inner_kind, path + (name,), faults)


def _unknown(path, name, known):
    like = nearest(name, known) if isinstance(name, (str, TEXT)) else None
    message = "is unknown" + ("; did you mean %r?" % str(like) if like else "")
    return Fault(path + (name,), "unknown", message)


def _check(value, kind, path, faults):
    if kind.item is not None:
        if not isinstance(value, datatypes.LISTS):
            faults.append(Fault(path, "kind", "must be a list"))
            return
        for index, element in enumerate(value):
            _check(element, kind.item, path + (index,), faults)
    elif isinstance(kind, datatypes.Scalar):
        _check_scalar(value, kind, path, faults)
    elif kind.target.is_enum:
        allowed = kind.target.allowable_values
        if value not in allowed:
            faults.append(Fault(path, "enum", "must be one of %s" % ", ".join(allowed)))
    elif has_members(value):
        _check_object(value, kind.target.__schema__, path, faults)
    else:
        faults.append(Fault(path, "kind", "must be an object"))


def _check_scalar(value, kind, path, faults):
    expected = _EXPECTED.get(kind.public)
    if expected is None:
        return
    fits = isinstance(value, expected)
    if not fits or (isinstance(value, bool) and kind.public != "bool"):
        faults.append(Fault(path, "kind", "must be of type %s" % kind.public))


def _check_object(value, schema, path, faults):
    given = dict(members(value))
    for each in schema.fields:
        if each.required and each.json not in given:
            faults.append(Fault(path + (each.json,), "missing", "is required and missing"))
    for name, inner in given.items():
        found = schema.by_json.get(name)
        if found is None:
            faults.append(_unknown(path, name, schema.by_json))
        elif inner is None or inner is NULL:
            if not found.nullable:
                faults.append(Fault(path + (name,), "null", "must not be null"))
        else:
            before = len(faults)
            _check(inner, found.type, path + (name,), faults)
            if found.limits and len(faults) == before:
                message = found.outside_limits(inner)
                if message:
                    faults.append(Fault(path + (name,), "limit", message))
