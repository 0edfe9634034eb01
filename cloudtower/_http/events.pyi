import logging
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeVar

from cloudtower._http.message import Request, RESTResponse
from cloudtower.configuration import Configuration

_T = TypeVar("_T")

logger: logging.Logger

CALL_BEGINS: str
ATTEMPT_BEGINS: str
ATTEMPT_ENDS: str
CALL_ENDS: str

class _Fields(NamedTuple):
    name: Literal["call_begins", "attempt_begins", "attempt_ends", "call_ends"]
    operation: str | None
    read: bool
    method: str
    url: str
    user: str | None
    attempt: int
    seconds: float
    status: int | None
    outcome: Literal["done", "not_sent", "refused", "unknown"] | None
    request_id: str | None
    error: BaseException | None
    result: Any
    context: dict[Any, Any]

class Event(_Fields): ...

class Call:
    def __init__(self, configuration: Configuration, request: Request, url: str) -> None: ...
    def goes_to(self, url: str) -> None: ...
    def attempt_begins(self) -> None: ...
    def attempt_ends(
        self, response: RESTResponse | None = None, error: BaseException | None = None
    ) -> None: ...
    def run(self, act: Callable[[], _T]) -> _T: ...
