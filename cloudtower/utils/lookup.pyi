from collections.abc import Callable
from typing import Any, Literal, TypeVar, overload

from typing_extensions import Never

_T = TypeVar("_T")
_D = TypeVar("_D")

@overload
def get_one(
    method: Callable[..., list[_T]], body: Any = None, default: Never = ..., where: Any = None
) -> _T: ...
@overload
def get_one(
    method: Callable[..., list[_T]], body: Any = None, default: _D = ..., where: Any = None
) -> _T | _D: ...
def count(method: Callable[..., Any], body: Any = None, where: Any = None) -> int: ...
@overload
def find(
    method: Callable[..., list[_T]],
    text: str,
    where: Any = None,
    ignore_missing: Literal[False] = False,
) -> _T: ...
@overload
def find(
    method: Callable[..., list[_T]], text: str, where: Any = None, ignore_missing: bool = False
) -> _T | None: ...
