from collections.abc import Callable, Iterator
from typing import Protocol

from cloudtower.api_client import ApiClient
from cloudtower.models.task import Task

# Several ids in a list, tuple, set or view. A single str is iterable too, but not meant: its
# `__contains__` takes no other objects than str, by which checkers tell it apart.
class _Ids(Protocol):
    def __iter__(self) -> Iterator[str | None]: ...
    def __contains__(self, __id: object) -> bool: ...

def wait_task(
    id: str | None,
    api_client: ApiClient,
    interval: float = 5,
    timeout: float | None = 300,
    tolerate_errors: bool = False,
) -> None: ...
def wait_tasks(
    ids: _Ids | Iterator[str | None],
    api_client: ApiClient,
    interval: float = 5,
    timeout: float | None = 300,
    exit_on_error: bool = False,
    tolerate_errors: bool = False,
) -> None: ...
def finder(api_client: ApiClient) -> Callable[[list[str]], dict[str, Task]]: ...
def finished(
    ids: list[str],
    find: Callable[[list[str]], dict[str, Task]],
    pauses: Iterator[float],
    timeout: float | None,
    tolerate_errors: bool = False,
) -> Iterator[tuple[str, Task]]: ...
