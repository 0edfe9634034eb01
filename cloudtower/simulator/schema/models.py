"""The model classes of the SDK: their fields, and what a field holds when nothing is known."""

from cloudtower import models

_EMPTY = {"str": "", "bool": False, "double": 0.0, "float": 0.0, "object": {}}


def model(name):
    """The model class of a name."""
    return models.catalog.load(name)


def fields_of(class_name):
    """The fields of a model class in the order that answers have: alphabetical."""
    return sorted(model(class_name).__schema__.fields, key=lambda field: field.json)


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
