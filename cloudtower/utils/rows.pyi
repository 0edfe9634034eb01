from collections.abc import Iterable, Iterator
from typing import Any, overload

# An iterator goes first: it is an iterable, too.
@overload
def to_rows(  # type: ignore[overload-overlap]
    objects: Iterator[Any], paths: Iterable[str]
) -> Iterator[tuple[Any, ...]]: ...
@overload
def to_rows(objects: Iterable[Any], paths: Iterable[str]) -> list[tuple[Any, ...]]: ...
