from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, overload

from cloudtower.utils.changing import _Bare, _Wrapped
from cloudtower.utils.outcomes import BulkResult

_T = TypeVar("_T")

@overload
def bulk(
    method: Callable[..., Sequence[_Wrapped[_T]]],
    bodies: Iterable[Any],
    batch_size: int = 1,
    max_workers: int = 4,
    stop_after: int | None = None,
    timeout: float | None = 300,
    on_progress: Callable[[int, int, list[Any]], object] | None = None,
    progress: bool = False,
    **options: Any,
) -> BulkResult[_T]: ...
@overload
def bulk(
    method: Callable[..., _Wrapped[_T]],
    bodies: Iterable[Any],
    batch_size: int = 1,
    max_workers: int = 4,
    stop_after: int | None = None,
    timeout: float | None = 300,
    on_progress: Callable[[int, int, list[Any]], object] | None = None,
    progress: bool = False,
    **options: Any,
) -> BulkResult[_T]: ...
@overload
def bulk(
    method: Callable[..., Sequence[_Bare]],
    bodies: Iterable[Any],
    batch_size: int = 1,
    max_workers: int = 4,
    stop_after: int | None = None,
    timeout: float | None = 300,
    on_progress: Callable[[int, int, list[Any]], object] | None = None,
    progress: bool = False,
    **options: Any,
) -> BulkResult[_Bare]: ...
@overload
def bulk(
    method: Callable[..., _Bare],
    bodies: Iterable[Any],
    batch_size: int = 1,
    max_workers: int = 4,
    stop_after: int | None = None,
    timeout: float | None = 300,
    on_progress: Callable[[int, int, list[Any]], object] | None = None,
    progress: bool = False,
    **options: Any,
) -> BulkResult[_Bare]: ...
