from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

def check(on_progress: object, draws: bool) -> None: ...
def reporting(
    total: int, on_progress: Callable[[int, int, list[Any]], object] | None, draws: bool
) -> AbstractContextManager[Callable[[list[Any]], None]]: ...
