import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar, overload

from typing_extensions import TypeAlias

from cloudtower._http.events import Call
from cloudtower._http.limits import Limits
from cloudtower._http.retry_policy import RetryPolicy
from cloudtower.configuration import _Timeout

METHODS: tuple[str, ...]
BODILESS: tuple[str, ...]

_T = TypeVar("_T")
_Pairs: TypeAlias = Iterable[tuple[str, Any]]
# names of security schemes, and {in, key, value} in place of the configuration's secrets
_Auth: TypeAlias = tuple[Iterable[str] | None, Mapping[str, str] | None]

# What a transport of a script's own may return: a `Response`, one of urllib3, or one like it.
class _Answer(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def data(self) -> bytes: ...
    @property
    def headers(self) -> Mapping[str, str]: ...

# What sends requests: `Transport`, or an object of a script's own.
class _Sender(Protocol):
    def send(self, request: Request) -> RESTResponse | _Answer: ...

class _Fields(NamedTuple):
    method: str
    url: str
    query: Sequence[tuple[str, Any]]
    headers: Mapping[str, str]
    body: Any
    form: Sequence[tuple[str, Any]] | None
    timeout: _Timeout
    preload: bool
    redirect: bool | None
    operation: str | None
    read: bool
    auth: _Auth | None
    limits: Limits | None
    retry: RetryPolicy | None
    call: Call | None
    lock_timeout: float | None
    graphql: bool

class Request(_Fields):
    def __new__(
        cls,
        method: str,
        url: str,
        query: Sequence[tuple[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        form: Sequence[tuple[str, Any]] | None = None,
        timeout: _Timeout = None,
        preload: bool = True,
        redirect: bool | None = None,
        operation: str | None = None,
        read: bool = False,
        auth: _Auth | None = ((), None),
        limits: Limits | None = None,
        retry: RetryPolicy | None = None,
        call: Call | None = None,
        lock_timeout: float | None = None,
        graphql: bool = False,
    ) -> Request: ...
    @property
    def is_safe(self) -> bool: ...
    @property
    def is_repeatable(self) -> bool: ...
    def replace(
        self,
        *,
        method: str = ...,
        url: str = ...,
        query: Sequence[tuple[str, Any]] = ...,
        headers: Mapping[str, str] = ...,
        body: Any = ...,
        form: Sequence[tuple[str, Any]] | None = ...,
        timeout: _Timeout = ...,
        preload: bool = ...,
        redirect: bool | None = ...,
        operation: str | None = ...,
        read: bool = ...,
        auth: _Auth | None = ...,
        limits: Limits | None = ...,
        retry: RetryPolicy | None = ...,
        call: Call | None = ...,
        lock_timeout: float | None = ...,
    ) -> Request: ...

class Response:
    status: int
    data: bytes
    headers: dict[str, str]
    reason: str
    def __init__(
        self,
        status: int = 200,
        data: Any = b"",
        headers: Mapping[str, str] | None = None,
        reason: str = "",
    ) -> None: ...

class RESTResponse(io.IOBase):
    urllib3_response: Any
    status: int
    reason: str | None
    def __init__(self, resp: _Answer) -> None: ...
    @property
    def data(self) -> bytes | str: ...
    def as_text(self) -> None: ...
    def getheaders(self) -> Mapping[str, str]: ...
    @overload
    def getheader(self, name: str) -> str | None: ...
    @overload
    def getheader(self, name: str, default: _T) -> str | _T: ...

def headers_of(response: Any) -> Mapping[str, str]: ...
def published(request: Request) -> dict[str, Any]: ...
