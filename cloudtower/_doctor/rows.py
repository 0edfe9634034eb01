"""What is different between a row that a server sent and the table of its model."""

import re
from collections import namedtuple

from cloudtower._runtime.model import Model
from cloudtower._runtime.text import INTEGERS, TEXT

UNKNOWN, MISSING, ABSENT, KIND, VALUE = "unknown", "missing", "absent", "kind", "value"

#: What looks like the name of a field. Anything else may be an id, or what a user called a thing.
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}\Z")
_DIGITS = re.compile(r"\d.*\d.*\d.*\d.*\d")
_NOT_SHOWN = "(not shown)"
_MANY = 20  # unknown names in one object are rather the keys of a map
_DEEPEST = 20


#: A difference. kind: "unknown" (a field that the table does not have), "missing" (one that it
#: requires), "absent" (one that it does not require), "kind" (a value of another kind than
#: declared), "value" (one that the enumeration does not have); field: such as "Vm.memory"; text:
#: more about it, never a value; operations: where it was found, such as "VmApi.get_vms".
Finding = namedtuple("Finding", "kind field text operations")


def compare(model):
    """The Findings of a decoded model and of those in it, a set."""
    found = set()
    _walk(model, found, 0)
    return found


def _walk(model, found, depth):
    schema = type(model).__schema__
    owner = schema.owner.__name__
    sent = set(name for name, value in model._values.items() if value is not None)
    nulls = set(model._values) - sent
    extra = dict(model.additional_properties)
    unknown = [name for name in extra if name not in schema.by_json]
    unknown += [name for name in nulls if name not in schema.by_json]
    for name in unknown:
        shown = name if len(unknown) <= _MANY and _is_field(name) else _NOT_SHOWN
        found.add(Finding(UNKNOWN, "%s.%s" % (owner, shown), json_kind(extra.get(name)), ()))
    for field in schema.fields:
        where = "%s.%s" % (owner, field.json)
        if field.json in extra:
            text = "%s declared, %s sent" % (field.type.public, _sent(field, extra[field.json]))
            found.add(Finding(KIND, where, text, ()))
        elif field.json in nulls:
            if field.required and not field.nullable:
                found.add(Finding(MISSING, where, "null", ()))
        elif field.json not in sent:
            found.add(Finding(MISSING if field.required else ABSENT, where, "", ()))
        for value in _leaves(getattr(model, field.name)):
            if isinstance(value, Model):
                if depth < _DEEPEST:
                    _walk(value, found, depth + 1)
            elif not field.type.leaf.is_scalar and field.type.leaf.is_enum:
                if value not in field.type.leaf.target.allowable_values:
                    text = "not a value of %s" % field.type.leaf.name
                    found.add(Finding(VALUE, where, text, ()))


def _leaves(value):
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return [] if value is None else [value]


def _is_field(name):
    return bool(_FIELD.match(name)) and not _DIGITS.search(name)


def _sent(field, value):
    if field.type.item is None or not isinstance(value, list):
        return json_kind(value)
    return "array of %s" % " and ".join(sorted(set(json_kind(each) for each in value)))


def json_kind(value):
    """What JSON calls a value, str."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, INTEGERS + (float,)):
        return "number"
    if isinstance(value, (str, TEXT)):
        return "string"
    return "array" if isinstance(value, (list, tuple)) else "object"
