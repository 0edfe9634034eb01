from collections.abc import Callable, Iterator
from typing import Any, TypeVar

_T = TypeVar("_T")

def iterate(
    method: Callable[..., list[_T]], body: Any = None, where: Any = None, page_size: int = 500
) -> Iterator[_T]: ...
