from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from cloudtower.models.task import Task
from cloudtower.utils.changing import Change

_T = TypeVar("_T")

class Failure(NamedTuple):
    body: Any
    error: Exception

class Lost(NamedTuple):
    error: Exception

class NoMatch(list[Any]): ...

class Unknown(Generic[_T]):
    body: Any
    error: BaseException | None
    def __init__(
        self, change: Change, body: Any, checked: Any, error: BaseException | None, since: float
    ) -> None: ...
    def candidates(self) -> list[_T]: ...
    def tasks(self) -> list[Task]: ...

class BulkResult(Generic[_T]):
    operation: str
    def __init__(
        self,
        change: Change,
        bodies: list[Any],
        checked: list[Any],
        run: Callable[[BulkResult[_T]], object],
    ) -> None: ...
    @property
    def succeeded(self) -> list[_T]: ...
    @property
    def failed(self) -> list[Failure]: ...
    @property
    def unknown(self) -> list[Unknown[_T]]: ...
    @property
    def remaining(self) -> list[Any]: ...
    def resume(self) -> BulkResult[_T]: ...
    def begin(self, numbers: list[int]) -> None: ...
    def end(self, numbers: list[int], outcomes: Sequence[list[_T] | Exception | Lost]) -> None: ...
    def unsent(self) -> list[int]: ...
    def given(self, numbers: list[int]) -> list[Any]: ...
