"""From the members of a body to the fields of an object, by their names and types."""

import json

from cloudtower._runtime import validate
from cloudtower.simulator.engine import where
from cloudtower.simulator.errors import refused
from cloudtower.simulator.operations import body, lookup
from cloudtower.simulator.schema import kinds, meaning, models, units
from cloudtower.simulator.schema.meaning import meaning_of

#: The fields that hold when an object was made.
_BIRTHDAYS = ("createAt", "createdAt", "local_created_at", "local_updated_at")


def values_of(call, kind_name, params):
    """The fields that a part of a body sets, by their names and types.

    Members that set nothing, such as one whose field takes values of another type, are not noted
    as read.

    Raises Refusal for a reference that leads nowhere.
    """
    kind, values = kinds.kind(kind_name), {}
    for member, value in body.untouched(params):
        way, name = meaning_of(kind_name, member)
        is_used = way != meaning.UNUSED
        if way == meaning.RELATION:
            relation = kind.relations[name]
            # a member with the relation's own name goes before `cluster_id` and the like
            if member == name or name not in values:
                found = _related(call.world, relation, value, member)
                is_used = found is not None or (not relation.required and not relation.many)
                if is_used:
                    values[name] = found
        elif way == meaning.FIELD:
            value = _measured(value, params.get(member + "_unit"))
            is_used = _fits(kind.fields[name], value)
            if is_used:
                values[name] = value
        elif way == meaning.CHECKED and isinstance(value, str) and value:
            lookup.find(call.world, name, value)
        if is_used and isinstance(params, body.Members):
            params.read.add(member)
    return values


def _is_free(relation, record, own):
    """Whether a record can be had by one more: it is not another's only one."""
    held = None if relation.inverse_many else record.get(relation.inverse)
    return held is None or (own is not None and held == own.id)


def require_free(kind_name, values, own=None):
    """Refuse values that would take from another object what it cannot be without."""
    for relation in kinds.kind(kind_name).relations.values():
        other = values.get(relation.name)
        if relation.required and isinstance(other, dict) and not _is_free(relation, other, own):
            message = "%s %s has a %s already" % (relation.target, other.id, kind_name)
            raise refused("RELATION_TAKEN", message)


def _related(world, relation, value, name):
    """The record, or the list of records, that a member means; None for no change."""
    if isinstance(value, dict):
        if list(validate.check(value, relation.target + "WhereInput")):
            return None  # an object of another kind that has the relation's name
        found = where.select(world, relation.target, value, (name,))
        return found if relation.many else next(iter(found), None)
    ids = value if isinstance(value, list) else [value] if value else []
    if not all(isinstance(record_id, str) for record_id in ids):
        return None
    found = [lookup.find(world, relation.target, record_id) for record_id in ids]
    if relation.many:
        return found if value is not None else None
    return found[0] if found else None


def _measured(value, unit):
    """A value in the field's unit and form."""
    if unit in units.UNITS and isinstance(value, (int, float)):
        return value * units.UNITS[unit]
    if isinstance(value, (dict, list)):
        return json.loads(json.dumps(value, sort_keys=True))  # as it will be shown
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fits(field, value):
    """Whether a field can hold a value."""
    if value is None:
        return field.nullable
    value = models.complete(value, field.type) if isinstance(value, (dict, list)) else value
    return not list(validate.check(value, field.type.name))


def add_object(call, kind_name, values):
    """Add an object with all that it needs and is not said: dates, ids, relations.

    Returns its record.
    """
    world, kind = call.world, kinds.kind(kind_name)
    full = {name: call.tower.tasks.now() for name in _BIRTHDAYS if name in kind.fields}
    if "local_id" in kind.fields:
        full["local_id"] = world.ids.uuid()
    full.update(values)
    for relation in kind.relations.values():
        if not relation.many and full.get(relation.name) is None:
            found = implied(world, kind, full, relation)
            if found is None and relation.required:
                others = world.all(relation.target)
                free = (other for other in others if _is_free(relation, other, None))
                found = next(free, None) or add_object(call, relation.target, {})
            full[relation.name] = found
    return world.add(kind_name, **full)


def implied(world, kind, values, relation):
    """What the other relations of an object have in this one's place: a VM its cluster."""
    if relation.target not in ("Cluster", "IscsiTarget", "NvmfSubsystem"):
        return None
    for name in kind.relations:
        held = values.get(name)
        held = world.records.get(held) if isinstance(held, str) else held
        if isinstance(held, dict) and isinstance(held.get(relation.name), str):
            return world.one(held, relation.name)
    return None
