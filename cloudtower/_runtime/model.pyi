# What editors and type checkers may assume of generated models, whose accessors are made when
# a class is first touched.
from collections.abc import Mapping, Set
from inspect import Signature
from typing import Any, ClassVar, Generic, TypeVar

from typing_extensions import Self, TypeAlias, dataclass_transform

from cloudtower.configuration import Configuration

_Read = TypeVar("_Read", covariant=True)
_Write = TypeVar("_Write", contravariant=True)

# What stands for a list of text; a single text does not, though it is a Sequence of text.
_Texts: TypeAlias = list[str] | tuple[str, ...] | Set[str]

# An attribute that may be set to more types than it reads.
class _Attribute(Generic[_Read, _Write]):
    def __get__(self, model: object, owner: object = None) -> _Read: ...
    def __set__(self, model: object, value: _Write) -> None: ...

class MissingField(AttributeError):
    name: str
    def __init__(self, owner: type, name: str) -> None: ...
    def subject(self, owner: type) -> str: ...
    def near(self, owner: type) -> Any: ...
    def hint(self, owner: type, name: str) -> str: ...

class Schema:
    type: Any
    owner: Any
    fields: list[Any]
    by_name: dict[str, Any]
    by_json: dict[str, Any]
    position: dict[str, int]
    def __init__(self, owner: Any, fields: list[Any]) -> None: ...

class ModelType(type):
    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> ModelType: ...
    @property
    def __signature__(cls) -> Signature: ...

class Model(metaclass=ModelType):
    __schema__: ClassVar[Schema]
    # the rows of the tables that a class has
    __fields__: ClassVar[Any]
    __json__: ClassVar[dict[str, str]]
    __limits__: ClassVar[dict[str, dict[str, Any]]]
    __plain_fields__: ClassVar[Any]
    __descending__: ClassVar[bool]
    __order__: ClassVar[tuple[str, ...]]
    __since__: ClassVar[str]
    is_enum: ClassVar[bool]
    discriminator: ClassVar[None]
    openapi_types: ClassVar[dict[str, str]]
    attribute_map: ClassVar[dict[str, str]]
    __hash__: ClassVar[None]  # type: ignore[assignment]
    def __init__(self, **keywords: Any) -> None: ...
    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self: ...
    @property
    def additional_properties(self) -> Mapping[str, Any]: ...
    def set_items(self) -> list[tuple[Any, Any]]: ...
    def to_dict(
        self,
        serialize: bool = False,
        exclude_none: bool = False,
        additional_properties: bool = False,
    ) -> dict[str, Any]: ...
    def to_str(self) -> str: ...

# The attributes of what is derived from here are keywords of its constructor.
@dataclass_transform(kw_only_default=True, eq_default=False)
class _Keywords(Model): ...

class _Fields(_Keywords):
    local_vars_configuration: Configuration = ...

# Its constructor takes the keys of its TypedDict.
class Where(Model):
    local_vars_configuration: Configuration

class Enum(Model):
    allowable_values: ClassVar[list[str]]

class OrderBy(Enum): ...
