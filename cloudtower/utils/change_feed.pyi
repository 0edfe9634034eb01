from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, NamedTuple

from typing_extensions import Self

from cloudtower.api_client import ApiClient
from cloudtower.exceptions import ChangesLost
from cloudtower.utils.deadlines import Deadline

def watch(
    client: ApiClient,
    types: Iterable[str] | None = None,
    since: str | int | None = None,
    on_compacted: Callable[[ChangesLost], object] | None = None,
    timeout: float | None = None,
    auth: tuple[str, str] | None = None,
    interval: float = 1,
    patience: float = 600,
) -> Watch: ...

class ResourceChange(NamedTuple):
    revision: str
    action: Literal["INSERT", "UPDATE", "DELETE"]
    type: str
    id: str | None
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    time: datetime | None
    @property
    def changed(self) -> list[str]: ...

class Watch:
    @property
    def revision(self) -> str: ...
    def __init__(
        self,
        feed: Any,
        since: int | None,
        on_compacted: Callable[[ChangesLost], object] | None,
        deadline: Deadline,
        interval: float,
        patience: float,
    ) -> None: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> ResourceChange: ...
    def next(self) -> ResourceChange: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, *failure: type[BaseException] | BaseException | TracebackType | None
    ) -> None: ...
    def close(self) -> None: ...
