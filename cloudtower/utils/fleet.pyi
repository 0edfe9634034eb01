from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from typing_extensions import Self

from cloudtower.api_client import ApiClient

_T = TypeVar("_T")

# What is needed of a `concurrent.futures.Executor`.
class _Executor(Protocol):
    def submit(self, __fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any: ...

class FleetResults(NamedTuple, Generic[_T]):
    results: dict[str, _T]
    errors: dict[str, Exception]

class FleetItem(NamedTuple, Generic[_T]):
    tower: str
    object: _T

class Fleet:
    clients: dict[str, ApiClient]
    def __init__(
        self, clients: Mapping[str, ApiClient], executor: _Executor | None = None
    ) -> None: ...
    @classmethod
    def from_profiles(cls, names: Iterable[str], executor: _Executor | None = None) -> Self: ...
    def map(self, function: Callable[[ApiClient], _T]) -> FleetResults[_T]: ...
    def iterate(
        self,
        method: Callable[..., list[_T]],
        body: Any = None,
        where: Any = None,
        page_size: int = 500,
    ) -> Iterator[FleetItem[_T]]: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *failure: object) -> None: ...
