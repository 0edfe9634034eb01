from collections.abc import Callable, Sequence
from typing import Any, TypeVar, overload

from cloudtower.exceptions import ApiException, WaitTimeout

_T = TypeVar("_T")
_R = TypeVar("_R")

@overload
def wait_until(
    method: Callable[..., list[_T]],
    body: Any = None,
    predicate: Callable[[_T], object] | None = None,
    timeout: float | None = 300,
    where: Any = None,
) -> list[_T]: ...
@overload
def wait_until(
    method: Callable[..., _R],
    body: Any = None,
    predicate: Callable[[_R], object] | None = None,
    timeout: float | None = 300,
    where: Any = None,
) -> _R: ...
def timed_out(
    what: str,
    pending: Sequence[Any],
    trouble: ApiException | None = None,
    nothing: str = "nothing was found",
) -> WaitTimeout: ...
def unsettled(text: str, pending: Sequence[Any], trouble: ApiException | None) -> WaitTimeout: ...
