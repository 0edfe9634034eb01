from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar, overload

from cloudtower.models.cloud_tower_application import (
    CloudTowerApplication,
    DeleteCloudTowerApplicationPackage,
)
from cloudtower.exceptions import TaskException
from cloudtower.models.host import EnterMaintenanceModeCheckResult
from cloudtower.models.isolation_policy import DeleteIsolationPolicy, IsolationPolicy
from cloudtower.models.task import Task
from cloudtower.utils.listing import Listing
from cloudtower.utils.methods import Method
from cloudtower.utils.results import Results

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)
_Progress = Callable[[int, int, list[Task]], object] | None

# A response that wraps an object: `WithTaskVm` leads to `Vm`.
class _Wrapped(Protocol[_T_co]):
    @property
    def data(self) -> _T_co: ...

# What the few operations return whose responses wrap nothing. `Any` in its place would match
# the others, too, and make their results `Any`.
_Bare = TypeVar(
    "_Bare",
    CloudTowerApplication,
    DeleteCloudTowerApplicationPackage,
    DeleteIsolationPolicy,
    EnterMaintenanceModeCheckResult,
    IsolationPolicy,
    Task,
)

@overload
def call_and_wait(
    method: Callable[..., Sequence[_Wrapped[_T]]],
    body: Any = None,
    timeout: float | None = 300,
    on_progress: _Progress = None,
    progress: bool = False,
    **options: Any,
) -> list[_T]: ...
@overload
def call_and_wait(
    method: Callable[..., _Wrapped[_T]],
    body: Any = None,
    timeout: float | None = 300,
    on_progress: _Progress = None,
    progress: bool = False,
    **options: Any,
) -> _T: ...
@overload
def call_and_wait(
    method: Callable[..., Sequence[_Bare]],
    body: Any = None,
    timeout: float | None = 300,
    on_progress: _Progress = None,
    progress: bool = False,
    **options: Any,
) -> list[_Bare]: ...
@overload
def call_and_wait(
    method: Callable[..., _Bare],
    body: Any = None,
    timeout: float | None = 300,
    on_progress: _Progress = None,
    progress: bool = False,
    **options: Any,
) -> _Bare: ...

class Change:
    method: Method
    results: Results
    def __init__(self, verb: str, method: Callable[..., Any]) -> None: ...
    def options(
        self, timeout: float | None, given: dict[str, Any], own: Sequence[str] = ()
    ) -> dict[str, Any]: ...
    def wait(
        self,
        response: Any,
        timeout: float | None,
        on_progress: _Progress = None,
        draws: bool = False,
    ) -> None: ...
    def listing(self) -> Listing | None: ...
    def unchanged(self, body: Any) -> list[Any]: ...
    def succeeded(self, response: Any, lost: Iterable[str]) -> list[Any]: ...
    def succeeded_beside(self, error: TaskException, response: Any) -> list[Any]: ...
    def fresh(self, response: Any) -> list[Any]: ...
    def as_declared(self, objects: list[Any]) -> Any: ...

@overload
def get_or_create(
    method: Callable[..., Sequence[_Wrapped[_T]]], body: Any, match: tuple[str, ...], **options: Any
) -> tuple[_T, bool]: ...
@overload
def get_or_create(
    method: Callable[..., Sequence[_Bare]], body: Any, match: tuple[str, ...], **options: Any
) -> tuple[_Bare, bool]: ...
@overload
def get_or_create(
    method: Callable[..., _Wrapped[_T]], body: Any, match: tuple[str, ...], **options: Any
) -> tuple[_T, bool]: ...
@overload
def get_or_create(
    method: Callable[..., _Bare], body: Any, match: tuple[str, ...], **options: Any
) -> tuple[_Bare, bool]: ...
