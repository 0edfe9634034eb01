from collections.abc import Callable
from typing import Any

from cloudtower._http.message import Request
from cloudtower.utils.methods import Method

def dry_run(
    method: Callable[..., Any], body: Any, filter: str | None = None, **options: Any
) -> Plan: ...

class Plan:
    operation: str
    matches: list[Any] | None
    faults: list[str]
    request: Request
    def __init__(
        self, method: Method, body: Any, filter: str | None, options: dict[str, Any]
    ) -> None: ...
    def execute(self) -> Any: ...
    @property
    def curl(self) -> str: ...
