"""Checks a whole body against its type and names each fault with its path.

The simulator refuses bodies by it; what a write may not send is in `guard`.
"""

from cloudtower._runtime import datatypes
from cloudtower._runtime.fault import Fault, Unknown
from cloudtower._runtime.model import Model
from cloudtower._runtime.null import NULL


def _has_members(value):
    """Whether a value is an object: a dict or a model."""
    return isinstance(value, (dict, Model))


def _members(value):
    """[(JSON name, value)] of a dict, or of what a model sends; NULL and None are null."""
    return list((value._sent() if isinstance(value, Model) else value).items())


def check(value, type_name, path=()):
    """All faults of a body.

    Parameters:
        value: a parsed JSON value, or models.
        type_name: the type that it should have, str.
        path: where the value stands in a larger one, a tuple.

    Returns a list of Fault and Unknown.
    """
    faults = []
    _check(value, datatypes.parse(type_name), path, faults)
    return faults


def _check(value, kind, path, faults):
    if kind.item is not None:
        if not datatypes.is_list(value):
            faults.append(Fault(path, "kind", "must be a list"))
            return
        for index, element in enumerate(value):
            _check(element, kind.item, path + (index,), faults)
    elif kind.parts:
        _check_parts(value, kind, path, faults)
    elif kind.is_scalar:
        _check_scalar(value, kind, path, faults)
    elif kind.is_enum:
        allowed = kind.target.allowable_values
        if value not in allowed:
            values = ", ".join(str(each) for each in allowed)
            faults.append(Fault(path, "enum", "must be one of %s" % values))
    elif _has_members(value):
        _check_object(value, kind.target.__schema__, path, faults)
    else:
        faults.append(Fault(path, "kind", "must be an object"))


def _check_parts(value, kind, path, faults):
    if kind.value is None:
        _check(value, kind.closest(value), path, faults)
    elif not isinstance(value, dict):
        faults.append(Fault(path, "kind", "must be an object"))
    else:
        for name, inner in value.items():
            if inner is not None:
                _check(inner, kind.value, path + (name,), faults)


def _check_scalar(value, kind, path, faults):
    if kind.accepts is None:
        return
    fits = isinstance(value, kind.accepts)
    if not fits or (isinstance(value, bool) and kind.plain is not bool):
        faults.append(Fault(path, "kind", "must be of type %s" % kind.public))


def _check_object(value, schema, path, faults):
    given = dict(_members(value))
    for each in schema.fields:
        if each.required and each.json not in given:
            faults.append(Fault(path + (each.json,), "missing", "is required and missing"))
    for name, inner in given.items():
        found = schema.by_json.get(name)
        if found is None and schema.rest is not None:
            if inner is not None:
                _check(inner, schema.rest, path + (name,), faults)
        elif found is None:
            faults.append(Unknown(path + (name,), schema.owner))
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
