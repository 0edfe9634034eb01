from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cloudtower.configuration import Configuration

class _Fields(NamedTuple):
    max_attempts: int
    backoff_factor: float
    backoff_max: float
    status_forcelist: frozenset[int]
    give_up_after: float | None

class RetryPolicy(_Fields):
    def __new__(
        cls,
        max_attempts: int = 3,
        backoff_factor: float = 0.5,
        backoff_max: float = 8,
        status_forcelist: Iterable[int] = (429, 502, 503, 504),
        give_up_after: float | None = 60,
    ) -> RetryPolicy: ...
    def pause(self, attempts: int) -> float: ...

def of(configuration: Configuration) -> RetryPolicy | None: ...
def of_call(options: Mapping[str, object], configuration: Configuration) -> RetryPolicy | None: ...
def checked(policy: object, name: str) -> RetryPolicy | None: ...
