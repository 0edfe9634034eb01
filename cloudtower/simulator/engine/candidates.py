"""The few records that a filter can match, where it names ids: by them, or by what is related.

`{"id": ...}`, `{"id_in": [...]}` and `{"vm": {"id": ...}}` name some, also within AND, within OR
where each part does, and `{"id_not": ...}` within NOT. Whether they match is not said here.
"""

import re

from cloudtower._runtime import filters
from cloudtower.simulator.schema import kinds, models

_SUFFIX = re.compile(r"^(?P<base>.+?)_(?P<operator>(?:not_)?(?:in|contains|starts_with|ends_with)"
                     r"|not|lte?|gte?|some|every|none)$")  # fmt: skip


def named(world, kind_name, where):
    """The records of a kind that a filter can match, {Record: None}.

    Returns None where the filter names nothing, so that any record may match.
    """
    fewest = None
    for member, value in where.items():
        found = _named_by(world, kind_name, member, value)
        if found is not None and (fewest is None or len(found) < len(fewest)):
            fewest = found
    return fewest


def _named_by(world, kind_name, member, value):
    """As `named`, for one member of a filter."""
    if not value:
        return None
    if member in ("id", "id_in"):
        ids = [value] if member == "id" else value
        found = (world.get(kind_name, record_id) for record_id in ids)
        return {record: None for record in found if record is not None}
    if member in ("AND", "OR"):
        # an empty object is a placeholder that restricts nothing
        parts = [named(world, kind_name, part) for part in value if part]
        if member == "AND":
            return min((part for part in parts if part is not None), key=len, default=None)
        return None if None in parts or not parts else _united(parts)
    if member == "NOT":
        # each part must be false
        parts = [_denied(world, kind_name, part) for part in value if part]
        return min((part for part in parts if part is not None), key=len, default=None)
    if isinstance(value, dict):
        return _related(world, kind_name, member, value)
    return None


def _denied(world, kind_name, where):
    """As `named`, for the records of which a filter can be false: one of its members is."""
    parts = [_denied_by(world, kind_name, *member) for member in where.items()]
    return None if None in parts else _united(parts)


def _denied_by(world, kind_name, member, value):
    """As `_denied`, for one member of a filter."""
    if not value:
        return None
    if member in ("id_not", "id_not_in"):
        return _named_by(world, kind_name, {"id_not": "id", "id_not_in": "id_in"}[member], value)
    if member not in ("AND", "OR", "NOT"):
        return None
    does = named if member == "NOT" else _denied
    parts = [does(world, kind_name, part) for part in value if part]
    if member == "OR":
        return min((part for part in parts if part is not None), key=len, default=None)
    return None if None in parts or not parts else _united(parts)


def _related(world, kind_name, member, where):
    """The records with a relation to what a filter names."""
    operand = operand_of(models.model(kind_name + "WhereInput").__schema__.by_json[member])
    relation = kinds.kind(kind_name).relations.get(operand.base)
    if relation is None or operand.operator not in ("", "some"):
        return None
    others = named(world, relation.target, where)
    if others is None:
        return None
    return _united(world.related_to(other, relation) for other in others)


def _united(parts):
    """All records of some {Record: None}."""
    whole = {}
    for part in parts:
        whole.update(dict.fromkeys(part))
    return whole


def operand_of(field):
    """What a member of a filter means; one of no regular family is read off its name and type."""
    if field.operand:
        return field.operand
    kind = field.type.leaf
    matched = _SUFFIX.match(field.json)
    base, name = matched.group("base", "operator") if matched else (field.json, "")
    family = filters.family_of(kind)
    if kind.is_filter:
        family = "many" if name in ("some", "every", "none") else "one"
    return filters.Operand(base, name, family)
