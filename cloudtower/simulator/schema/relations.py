"""The relations between kinds, read off the model classes.

A relation is a field whose type is `Nested<Kind>`; its two ends find each other by their types.
"""

from functools import lru_cache

from cloudtower.simulator.schema.models import fields_of
from cloudtower.simulator.schema.operations import kind_names

_NESTED = "Nested"

#: Where two relations lead from one kind to the other, the end that answers:
#: {(kind, field): field of the other kind, or None for no visible end}.
_INVERSES = {
    ("UsbDevice", "vm"): None,
    ("UsbDevice", "vms"): "usb_devices",
    ("Vm", "usb_devices"): "vms",
}


class Relation(object):
    """One end of a relation between kinds.

    Attributes:
        name: the JSON name of the field, str.
        target: name of the kind at the other end, str.
        many: whether it holds several, bool.
        required: whether an object cannot be without it, bool.
        inverse: the JSON name of the field at the other end, None where the interface shows
            none: then a record keeps it among its `backlinks`.
        inverse_many: whether several may lead to the same object, bool.

    What was found for each relation of the interface stands in test/simulator/derived.txt.
    """

    def __init__(self, owner, name, target, many, required):
        self.owner = owner
        self.name = name
        self.target = target
        self.many = many
        self.required = required
        self.inverse, self.inverse_many = None, True

    def resolve(self):
        """Find the other end: the one relation that leads back, or that `_INVERSES` names.

        Kinds are loaded on demand, so this comes late.
        """
        back = [relation for relation in relations_of(self.target) if relation.target == self.owner]
        if (self.owner, self.name) in _INVERSES:
            wanted = _INVERSES[self.owner, self.name]
            back = [relation for relation in back if relation.name == wanted]
        if len(back) == 1:
            self.inverse, self.inverse_many = back[0].name, back[0].many


@lru_cache(maxsize=None)
def relations_of(kind_name):
    """The Relations of a kind, a list."""
    found = ((field, related_kind(field.type)) for field in fields_of(kind_name))
    return [
        Relation(kind_name, field.json, target, field.type.item is not None, field.required)
        for field, target in found
        if target is not None
    ]


def related_kind(kind):
    """The kind that a type refers to (`list[NestedVm]` to Vm), or None."""
    kind = kind.leaf
    if kind.name.startswith(_NESTED) and kind.name[len(_NESTED) :] in kind_names():
        return kind.name[len(_NESTED) :]
    return None
