"""What the SDK's generated tables say of resources and operations.

A *kind* is a resource that can be listed, such as Vm. Its fields are read off
the model class; its relations are the fields whose type is `Nested<Kind>`, and
the two ends of a relation find each other by their types.
"""

from functools import lru_cache

from cloudtower import api, models

_NESTED = "Nested"
_SCALAR_DEFAULTS = {"str": "", "bool": False, "double": 0.0, "float": 0.0, "object": {}}

#: Endings of a plural and of its singular: `policies` are counted by `policy_num`.
_ENDINGS = (("", ""), ("ies", "y"), ("es", ""), ("s", ""))
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
        inverse: the name of the other end. Where the interface shows none, a
            name that begins with "~": it is kept, and not shown.
        inverse_many: bool.
    """

    def __init__(self, owner, field, target):
        self.owner = owner
        self.name = field.json
        self.target = target
        self.many = field.type.item is not None
        self.required = field.required
        self.inverse, self.inverse_many = "~%s.%s" % (owner, field.json), True

    def resolve(self):
        """Find the other end; kinds are loaded on demand, so this comes late."""
        back = [each for each in relations_of(self.target) if each.target == self.owner]
        if (self.owner, self.name) in _INVERSES:
            wanted = _INVERSES[self.owner, self.name]
            back = [each for each in back if each.name == wanted]
        if len(back) == 1:
            self.inverse, self.inverse_many = back[0].name, back[0].many


def model(name):
    """The model class of a name."""
    return models.catalog.load(name)


def fields_of(class_name):
    """The fields of a model class in the order that answers have: alphabetical."""
    return sorted(model(class_name).__schema__.fields, key=lambda field: field.json)


@lru_cache(maxsize=None)
def operations():
    """{path: Operation}; where a path has two names, either of its rows."""
    found = {}
    for name in api.catalog.homes:
        for row in api.catalog.load(name).__operations__.values():
            found[row.path] = row
    return found


@lru_cache(maxsize=None)
def listed_kind(operation):
    """The kind that an operation lists or counts: it takes `where` beside `orderBy`; or None."""
    if operation.body is None or not operation.body.kind.is_model:
        return None
    names = operation.body.kind.target.__schema__.by_json
    if "where" not in names or "orderBy" not in names:
        return None
    name = names["where"].type.selects
    answered = operation.result.item or operation.result
    wanted = name if operation.result.item else name + "Connection"
    return name if answered.name == wanted else None


@lru_cache(maxsize=None)
def kinds():
    """The names of all kinds, a frozenset."""
    lists = (each for each in operations().values() if each.result.item)
    return frozenset(name for name in map(listed_kind, lists) if name is not None)


@lru_cache(maxsize=None)
def relations_of(kind_name):
    """The Relations of a kind, a list."""
    found = ((field, related_kind(field.type)) for field in fields_of(kind_name))
    return [Relation(kind_name, field, target) for field, target in found if target is not None]


def related_kind(kind):
    """The kind that a type refers to (`list[NestedVm]` to Vm), or None."""
    kind = kind.leaf
    if kind.name.startswith(_NESTED) and kind.name[len(_NESTED) :] in kinds():
        return kind.name[len(_NESTED) :]
    return None


class Kind(object):
    """A resource.

    Attributes:
        name: such as "Vm".
        fields: {JSON name: Field}.
        relations: {JSON name: Relation}.
        embedded: {JSON name: type} of the objects that are no reference.
        counts: {JSON name of a to-many relation: that of the number of its members}.
        defaults: {JSON name: value} of every field that is no relation.
    """

    def __init__(self, name):
        self.name = name
        fields = fields_of(name)
        self.fields = dict((field.json, field) for field in fields)
        self.relations = dict((each.name, each) for each in relations_of(name))
        for relation in self.relations.values():
            relation.resolve()
        plain = [field for field in fields if field.json not in self.relations]
        self.defaults = dict((field.json, default(field)) for field in plain)
        self.embedded = dict(
            (field.json, field.type) for field in plain if field.type.leaf.is_model
        )
        self.counts = {}
        for name, relation in self.relations.items():
            for ending, singular in _ENDINGS if relation.many else ():
                number = name[: len(name) - len(ending)] + singular + "_num"
                if name.endswith(ending) and number in self.fields:
                    self.counts[name] = number
                    self.defaults[number] = 0


@lru_cache(maxsize=None)
def kind(name):
    """The Kind of a name; KeyError where there is none."""
    if name not in kinds():
        raise KeyError(name)
    return Kind(name)


def default(field):
    """What a field holds when nothing is known: null where allowed, else an empty value."""
    if field.type.item is not None:
        return []
    if field.nullable or not field.required:
        return None
    if field.type.is_model:
        return complete({}, field.type)
    if field.type.is_enum:
        return field.type.target.allowable_values[0]
    return _SCALAR_DEFAULTS.get(field.type.name, 0)


def complete(value, kind):
    """An embedded value, or a list of them, with all members of its type in alphabetical order."""
    if value is None or not kind.leaf.is_model:
        return value
    if kind.item is not None:
        return [complete(element, kind.item) for element in value]
    whole = {}
    for field in fields_of(kind.name):
        known = value.get(field.json)
        if known is None and not field.required and not field.nullable:
            continue  # it may be left out, and cannot be null
        whole[field.json] = default(field) if known is None else complete(known, field.type)
    return whole
