"""The model classes of the SDK: their fields, and what a field holds when nothing is known."""

from cloudtower import models
from cloudtower.simulator.schema import gone

_EMPTY = {"str": "", "bool": False, "double": 0.0, "float": 0.0, "object": {}}


def model(name):
    """The model class of a name."""
    return models.catalog.load(name)


def fields_of(class_name):
    """The fields of a model class in the order that answers have: alphabetical.

    Nothing for a class that the interface no longer has.
    """
    return sorted(members_of(class_name).values(), key=lambda field: field.json)


def members_of(class_name):
    """{JSON name: Field} of a model class; nothing for one that the interface no longer has."""
    return model(class_name).__schema__.by_json if _is_there(class_name) else {}


def values_of(class_name):
    """The values of an enumeration; nothing for one that the interface no longer has."""
    return tuple(model(class_name).allowable_values) if _is_there(class_name) else ()


def _is_there(class_name):
    """Whether the interface has a class; if not, it is noted as gone."""
    if class_name in models.catalog.homes:
        return True
    gone.note(class_name)
    return False


def default(field):
    """What a field holds when nothing is known: null where allowed, else an empty value."""
    if field.type.item is None and (field.nullable or not field.required):
        return None
    return _empty(field.type)


def _empty(kind):
    """The empty value of a type."""
    if kind.item is not None:
        return []
    if kind.parts:
        return {} if kind.value is not None else _empty(kind.parts[0])
    if kind.is_model:
        return complete({}, kind)
    if kind.is_enum:
        return kind.target.allowable_values[0]
    return _EMPTY.get(kind.name, 0)


def complete(value, kind):
    """An embedded value, or a list of them, with all members of its type in alphabetical order."""
    if value is None or not (kind.leaf.is_model or kind.leaf.parts):
        return value
    if kind.item is not None:
        return [complete(element, kind.item) for element in value]
    if kind.value is not None:
        return {name: complete(inner, kind.value) for name, inner in value.items()}
    if kind.parts:
        return complete(value, kind.closest(value))
    whole = {}
    for field in fields_of(kind.name):
        known = value.get(field.json)
        if known is None and not field.required and not field.nullable:
            continue  # it may be left out, and cannot be null
        whole[field.json] = default(field) if known is None else complete(known, field.type)
    return whole


def without_gone(value, kind):
    """A value without the members that its type no longer has."""
    if isinstance(value, list) and kind.item is not None:
        return [without_gone(element, kind.item) for element in value]
    if not isinstance(value, dict) or not kind.is_model or kind.parts:
        return value
    fields = kind.target.__schema__.by_json
    if kind.target.__schema__.rest is not None:
        return value
    for name in value:
        if name not in fields:
            gone.note(kind.name, name)
    return {name: without_gone(value[name], fields[name].type) for name in value if name in fields}


def has_values(kind):
    """Whether values of a type are, or have in them, values of an enumeration."""
    return _has_values(kind.leaf, frozenset())


def _has_values(kind, within):
    """The same, of what is within types that are being looked at."""
    if kind.is_enum or not kind.is_model or kind.name in within:
        return kind.is_enum
    inner = within | {kind.name}
    return any(_has_values(field.type.leaf, inner) for field in fields_of(kind.name))


def allowed(value, field):
    """What a field holds, with other values for those that its enumerations no longer have."""
    return _allowed(value, field.type, field)


def _allowed(value, kind, field):
    """The same for a value of a type; `field` is None for what is in a list."""
    if value is None:
        return None
    if kind.item is not None:
        made = (_allowed(element, kind.item, None) for element in value)
        return [element for element in made if element is not None]
    if kind.is_enum and value not in kind.target.allowable_values:
        gone.note(kind.name, str(value))
        return default(field) if field is not None else None
    if kind.is_model and isinstance(value, dict):
        fields = kind.target.__schema__.by_json
        return {
            name: allowed(inner, fields[name]) if name in fields else inner
            for name, inner in value.items()
        }
    return value
