from collections.abc import Mapping
from typing import Any, Literal, overload

KINDS: dict[str, dict[str, Any]]

class Fault:
    id: int
    kind: str
    options: dict[str, Any]
    struck: int
    def __init__(self, number: int, kind: str, given: Mapping[str, Any]) -> None: ...
    def strikes(self, route: str) -> bool: ...
    def shown(self) -> dict[str, Any]: ...

# What may be said of every fault: the path of the operations it strikes, with * for any text,
# how often, and how likely.
class Faults:
    @overload
    def add(
        self,
        kind: Literal["latency"],
        *,
        seconds: float = 0.1,
        operation: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> int: ...
    @overload
    def add(
        self,
        kind: Literal["error"],
        *,
        status: int = 503,
        retry_after: float | None = None,
        message: str = ...,
        operation: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> int: ...
    @overload
    def add(
        self,
        kind: Literal["reset"],
        *,
        when: Literal["before", "after"] = "before",
        operation: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> int: ...
    @overload
    def add(
        self,
        kind: Literal["truncated", "not_json", "expired_token", "task_hangs"],
        *,
        operation: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> int: ...
    @overload
    def add(
        self,
        kind: Literal["null"],
        *,
        field: str | None = None,
        operation: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> int: ...
    @overload
    def add(
        self,
        kind: Literal["unknown_enum"],
        *,
        field: str | None = None,
        value: str = ...,
        operation: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> int: ...
    @overload
    def add(
        self,
        kind: Literal["task_fails"],
        *,
        code: str = ...,
        message: str = ...,
        operation: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> int: ...
    @overload
    def add(
        self,
        kind: Literal["task_pauses", "lagging_status"],
        *,
        seconds: float = ...,
        operation: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        seed: int = 0,
    ) -> int: ...
    def remove(self, fault_id: int) -> bool: ...
    def clear(self) -> None: ...
    def shown(self) -> list[dict[str, Any]]: ...
    def of(self, route: str) -> dict[str, dict[str, Any]]: ...

def refuse(striking: Mapping[str, Mapping[str, Any]]) -> None: ...
def spoil(striking: Mapping[str, Mapping[str, Any]], operation: Any, content: Any) -> Any: ...
