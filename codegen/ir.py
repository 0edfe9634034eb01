"""The intermediate form: what the interface is, without its notation."""

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Type:
    """A scalar (`str`, `int32`, ...) or a schema, in `lists` lists."""

    name: str
    reference: bool = False
    lists: int = 0

    def __str__(self):
        return "list[" * self.lists + self.name + "]" * self.lists

    @property
    def item(self):
        return Type(self.name, self.reference, self.lists - 1)


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
    nullable: bool = False
    limits: tuple = ()  # of (keyword, value)
    name: str = ""
    secret: bool = False
    since: Optional[str] = None  # None: as long as its schema
    meaning: Optional[Meaning] = None


@dataclass(frozen=True)
class Schema:
    """An object or an enumeration. `key` is its name in the document, `name` its class."""

    key: str
    fields: tuple = ()
    values: Optional[tuple] = None  # of an enumeration
    name: str = ""
    form: str = "model"  # or "where" "enum" "order_by"
    constants: tuple = ()  # of (constant, value), for an enumeration
    rows: tuple = ()  # of Field for a filter, of str for an order
    plain: tuple = ()  # fields of a filter that no family explains
    descending: bool = False  # the properties of a filter stand in reverse order
    module: str = ""  # the module of its file
    path: str = ""  # its documented module
    since: Optional[str] = None


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation."""

    json: str
    type: Type
    place: str  # "body" "form" "query" "header"
    required: bool = False
    limits: tuple = ()
    name: str = ""
    meaning: Optional[Meaning] = None


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
    security: tuple
    repeat: int = 0  # how often the tag was listed before on the same operation
    name: str = ""
    api: str = ""  # the class
    module: str = ""
    aliases: tuple = ()
    doc: str = ""
    read: bool = False
    allow_all: object = False
    since: Optional[str] = None
    meaning: Optional[Meaning] = None

    @property
    def body(self):
        return next((each for each in self.parameters if each.place == "body"), None)

    def placed(self, place):
        return [each for each in self.parameters if each.place == place]


@dataclass(frozen=True)
class Interface:
    """The whole of it."""

    title: str
    version: str
    server: str
    schemes: tuple  # of (name, scheme as in the document)
    schemas: tuple
    operations: tuple
    security: tuple = ()  # the schemes that most operations need
    secrets: tuple = ()  # the names that secrets end in
    digest: str = ""
    unmatched: tuple = ()  # what overlays and meanings address and the document lacks
