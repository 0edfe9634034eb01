"""The intermediate form: what the interface is, without its notation."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional


class Type:
    """What a value can be: one of the classes below. Equal types are equal objects.

    `str` of it is the type as the tables have it, in which null is a flag of rows.
    `notation` has null too.

    Attributes:
        kind: "scalar", "model", "enum", "where", "order_by", "list", "map", "union" or
            "nullable".
        parts: the types it is made of, a tuple.
        item: the type of a list's elements; None for anything else.
        nullable: whether null is a value of it.
        bare: the type without null.
        leaf: what is left of it without null and lists, however deep.
    """

    parts = ()
    item = None
    nullable = False

    @property
    def bare(self):
        return self

    @property
    def leaf(self):
        return self

    @property
    def is_scalar(self):
        return self.kind == "scalar"

    @property
    def is_filter(self):
        return self.kind == "where"

    def leaves(self):
        """The scalars and references in it, in order."""
        if not self.parts:
            yield self
        for each in self.parts:
            yield from each.leaves()

    def references(self):
        """The References in it, in order."""
        return [each for each in self.leaves() if isinstance(each, Reference)]

    def mapped(self, change):
        """The same type with `change(reference)` in the place of each Reference."""
        return self


@dataclass(frozen=True)
class Scalar(Type):
    """A type without members, by its name in the tables: `str`, `int32`, `object`, ..."""

    name: str
    kind = "scalar"

    def __str__(self):
        return self.name

    notation = property(__str__)


#: Text; and any value at all.
TEXT, ANY = Scalar("str"), Scalar("object")


@dataclass(frozen=True)
class Reference(Type):
    """A schema. `name` is its key in the document, after the pass `naming` its class."""

    name: str
    kind: str = "model"  # as of the Schema

    def __str__(self):
        return self.name

    notation = property(__str__)

    def mapped(self, change):
        return change(self)


@dataclass(frozen=True)
class List(Type):
    """A list of one type."""

    item: Type = field()  # without a default, though Type has the attribute
    kind = "list"

    def __str__(self):
        return "list[%s]" % self.item

    @property
    def notation(self):
        return "list[%s]" % self.item.notation

    @property
    def parts(self):
        return (self.item,)

    @property
    def leaf(self):
        return self.item.leaf

    def mapped(self, change):
        return List(self.item.mapped(change))


@dataclass(frozen=True)
class Map(Type):
    """An object whose names are data, and whose values have one type."""

    value: Type
    kind = "map"

    def __str__(self):
        return "map[%s]" % self.value

    @property
    def notation(self):
        return "map[%s]" % self.value.notation

    @property
    def parts(self):
        return (self.value,)

    def mapped(self, change):
        return Map(self.value.mapped(change))


@dataclass(frozen=True)
class Union(Type):
    """One of several types, none of which is nullable or a union itself."""

    members: tuple
    kind = "union"

    def __str__(self):
        return " | ".join(map(str, self.members))

    @property
    def notation(self):
        return " | ".join(each.notation for each in self.members)

    @property
    def parts(self):
        return self.members

    def mapped(self, change):
        return union(each.mapped(change) for each in self.members)


@dataclass(frozen=True)
class Nullable(Type):
    """Another type, or null."""

    value: Type
    kind = "nullable"
    nullable = True

    def __str__(self):
        return str(self.value)

    @property
    def notation(self):
        return "%s | null" % self.value.notation

    @property
    def parts(self):
        return (self.value,)

    @property
    def bare(self):
        return self.value

    @property
    def leaf(self):
        return self.value.leaf

    def mapped(self, change):
        return nullable(self.value.mapped(change))


def nullable(kind):
    """A type with null."""
    return kind if kind.nullable else Nullable(kind)


def union(kinds):
    """The type of what is one of several: the simplest that says so."""
    kinds = list(kinds)
    members = {}  # as an ordered set
    for each in kinds:
        bare = each.bare
        members.update(dict.fromkeys(bare.members if isinstance(bare, Union) else (bare,)))
    if ANY in members:
        made = ANY
    else:
        made = Union(tuple(members)) if len(members) > 1 else next(iter(members))
    return nullable(made) if any(each.nullable for each in kinds) else made


def reached(kinds, schemas):
    """The names of the schemas that values of some types can have in them, at any depth, a set.

    Parameters:
        kinds: an iterable of Type; None in it is left out.
        schemas: {name: Schema} of the interface.
    """
    names, waiting = set(), _named(kinds)
    while waiting:
        names |= waiting
        waiting = set().union(*(schemas[name].refers_to for name in waiting)) - names
    return names


def _named(kinds):
    """The names of the schemas that types mention, a set."""
    return {each.name for kind in kinds if kind for each in kind.references()}


@dataclass(frozen=True)
class Meaning:
    """A sentence on what something is, in each language."""

    en: str
    zh: str


@dataclass(frozen=True)
class Field:
    """A property of a schema. `json` is its name in the document, `name` in Python."""

    json: str
    type: Type
    required: bool = False
    limits: tuple = ()  # of (keyword, value), the default among them
    name: str = ""
    secret: bool = False
    deprecated: bool = False
    place: str = field(default="", compare=False)  # where it stands in the document
    since: Optional[str] = None  # None: as long as its schema
    meaning: Optional[Meaning] = None

    @property
    def nullable(self):
        return self.type.nullable


@dataclass(frozen=True)
class Schema:
    """An object or an enumeration. `key` is its name in the document, `name` its class."""

    key: str
    fields: tuple = ()
    values: Optional[tuple] = None  # of an enumeration
    name: str = ""
    kind: str = "model"  # or "where" "enum" "order_by": what it is
    form: str = "model"  # or another kind: how its table is written
    constants: tuple = ()  # of (constant, value), for an enumeration
    rows: tuple = ()  # of Field for a filter, of str for an order
    plain: tuple = ()  # fields of a filter that no family explains
    descending: bool = False  # the properties of a filter stand in reverse order
    order: tuple = ()  # their JSON names, where they stand in neither order
    module: str = ""  # the module of its file
    path: str = ""  # its documented module
    since: Optional[str] = None
    rest: Optional[Type] = None  # of the members that have no name
    deprecated: bool = False
    place: str = field(default="", compare=False)  # where it stands in the document

    @property
    def types(self):
        """The types of all members, a list."""
        return [each.type for each in self.fields] + ([self.rest] if self.rest else [])

    @cached_property
    def refers_to(self):
        """The names of the schemas that its members mention, a set."""
        return _named(self.types)


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation."""

    json: str
    type: Type
    place: str  # "path" "body" "form" "query" "header"
    required: bool = False
    limits: tuple = ()
    name: str = ""
    meaning: Optional[Meaning] = None
    collection: str = ""  # how a list is written in a query or header: "multi" "csv" ...
    deprecated: bool = False
    where: str = field(default="", compare=False)  # where it stands in the document


@dataclass(frozen=True)
class Operation:
    """A method of one `*Api` class."""

    id: str
    tag: str
    method: str
    path: str
    parameters: tuple
    returns: Optional[Type]
    statuses: tuple
    requirements: tuple  # of tuples of schemes: it needs all of those of one of them
    repeat: int = 0  # how often the tag was listed before on the same operation
    name: str = ""
    api: str = ""  # the class
    module: str = ""
    aliases: tuple = ()
    doc: str = ""
    read: bool = False
    allow_all: object = False
    verbs: tuple = ()  # names of helpers that serve it
    since: Optional[str] = None
    meaning: Optional[Meaning] = None
    others: tuple = ()  # of (status, Type or None): where it returns something else
    accept: str = ""  # the media type of the response, where it is not JSON
    content_type: str = ""  # that of the body, where it is not application/json
    deprecated: bool = False
    place: str = field(default="", compare=False)  # where it stands in the document

    @property
    def security(self):
        """The schemes that it may need, a tuple of str."""
        return tuple(dict.fromkeys(name for each in self.requirements for name in each))

    @property
    def answers(self):
        """The type of all that it can return, whatever the status; None where that is nothing."""
        kinds = [kind for kind in (self.returns,) + tuple(k for _, k in self.others) if kind]
        return union(kinds) if kinds else None

    @property
    def body(self):
        return next((each for each in self.parameters if each.place == "body"), None)

    def placed(self, place):
        return [each for each in self.parameters if each.place == place]


@dataclass(frozen=True)
class Listing:
    """Where the objects of a model are listed: methods of one `*Api` class."""

    model: str
    api: str
    list: str
    count: Optional[str] = None


@dataclass(frozen=True)
class Interface:
    """The whole of it."""

    title: str
    version: str
    server: str
    schemes: tuple  # of (name, scheme as in the document)
    schemas: tuple
    operations: tuple
    listings: tuple = ()  # of Listing
    security: tuple = ()  # the schemes that most operations need
    secrets: tuple = ()  # the names that secrets end in
    digest: str = ""
    unmatched: tuple = ()  # what overlays and meanings address and the document lacks
    remarks: tuple = ()  # what is odd in the document: a text each, which begins with its place
