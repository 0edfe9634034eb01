# What editors and type checkers may assume of generated operations, which become functions
# when they are first touched.
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from os import PathLike
from typing import IO, Any, ClassVar

from typing_extensions import TypeAlias

from cloudtower._http.retry_policy import RetryPolicy
from cloudtower._runtime.signature import _Configured
from cloudtower.api_client import ApiClient, _Header
from cloudtower.configuration import _Timeout as _Timeout

# What signatures mention.
_Auth: TypeAlias = Mapping[str, str] | None
_Headers: TypeAlias = Mapping[str, _Header] | None
_ResponseHeaders: TypeAlias = Mapping[str, str]
# True, or the paths of the filters that may match everything.
_AllowAll: TypeAlias = bool | list[str] | tuple[str, ...] | Set[str]
# A number of objects, or that of a filter by its name.
_Matches: TypeAlias = int | Mapping[str, int] | None
# None: nothing is repeated. Where it is not given, what the Configuration says.
_Retry: TypeAlias = RetryPolicy | _Configured | None
# A path, the content, or an object with `read`.
_File: TypeAlias = str | PathLike[str] | bytes | bytearray | IO[bytes]
_Row: TypeAlias = tuple[Any, ...]

class Parameter:
    name: str
    type: str
    place: str
    wire: str
    required: bool
    deprecated: bool
    limits: dict[str, Any]
    collection: str
    def __init__(
        self,
        name: str,
        type_name: str,
        place: str,
        wire: str | None = None,
        flags: Iterable[str] = (),
        limits: dict[str, Any] | None = None,
    ) -> None: ...
    @property
    def kind(self) -> Any: ...

class Operation:
    path: str
    returns: str | None
    doc: str
    since: str
    body: Parameter | None
    form: list[Parameter]
    query: list[Parameter]
    in_path: list[Parameter]
    method: str
    read: bool
    headers: list[Parameter]
    auth: list[str]
    statuses: tuple[int, ...]
    allow_all: dict[str, Any]
    verbs: str
    others: dict[int, str | None]
    deprecated: bool
    name: str
    owner: type[Api]
    # once it has been called
    required: list[Parameter]
    optional: list[Parameter]
    responses: dict[int, str | None]
    label: str
    functions: tuple[Callable[..., Any], Callable[..., Any]]
    def headers_of(self, values: dict[str, Any]) -> dict[str, Any]: ...
    @property
    def keywords(self) -> frozenset[str]: ...
    def __init__(
        self,
        path: str,
        returns: str | None,
        doc: str = "",
        since: str = "",
        body: tuple[str, ...] | None = None,
        form: Iterable[_Row] = (),
        query: Iterable[_Row] = (),
        in_path: Iterable[_Row] = (),
        method: str = ...,
        read: bool = False,
        headers: Iterable[Any] = ...,
        auth: Sequence[str] = ...,
        statuses: tuple[int, ...] = ...,
        allow_all: dict[str, Any] | None = None,
        verbs: str = "",
        others: dict[int, str | None] | None = None,
        accept: str | None = None,
        content_type: str | None = None,
        deprecated: bool = False,
    ) -> None: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Callable[..., Any]: ...
    def address(self, values: dict[str, Any]) -> str: ...
    @property
    def result(self) -> Any: ...
    def define(self) -> tuple[Callable[..., Any], Callable[..., Any]]: ...
    def invoke(self, client: ApiClient, required: Sequence[Any], values: dict[str, Any]) -> Any: ...

class Alias:
    target: str
    def __init__(self, target: str) -> None: ...

namespace_of: Any

class ApiType(type):
    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> ApiType: ...

class Api(metaclass=ApiType):
    __operations__: ClassVar[dict[str, Operation]]
    api_client: ApiClient
    def __init__(self, api_client: ApiClient | None = None) -> None: ...
