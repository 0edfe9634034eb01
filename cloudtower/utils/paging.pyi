from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from cloudtower.utils.methods import Method

_T = TypeVar("_T")

PAGE_SIZE: int

def iterate(
    method: Callable[..., list[_T]], body: Any = None, where: Any = None, page_size: int = 500
) -> Iterator[_T]: ...

class Walk:
    method: Method
    body: dict[str, Any] | None
    def __init__(
        self,
        verb: str,
        method: Callable[..., Any],
        body: Any = None,
        where: Any = None,
        page_size: int = 500,
    ) -> None: ...
    def step(self, page: list[Any]) -> None: ...
