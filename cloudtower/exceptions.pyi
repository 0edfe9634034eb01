from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, Protocol

from typing_extensions import TypeAlias

from cloudtower.models.common import ErrorBody
from cloudtower.models.task import Task
from cloudtower.models.upload_task import UploadTask

NOT_SENT: Final = "not_sent"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"

_Outcome: TypeAlias = Literal["not_sent", "refused", "unknown"]
_Path: TypeAlias = Sequence[str | int]

# A `rest.RESTResponse`, or what looks like one.
class _Response(Protocol):
    @property
    def status(self) -> int | None: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def data(self) -> bytes | str | None: ...
    def getheaders(self) -> Mapping[str, str] | None: ...

class OpenApiException(Exception): ...

class _ItemError(OpenApiException):
    path_to_item: _Path | None
    def __init__(self, msg: str, path_to_item: _Path | None = None) -> None: ...

class ApiTypeError(_ItemError, TypeError):
    valid_classes: tuple[type, ...] | None
    key_type: bool | None
    def __init__(
        self,
        msg: str,
        path_to_item: _Path | None = None,
        valid_classes: tuple[type, ...] | None = None,
        key_type: bool | None = None,
    ) -> None: ...

class ApiValueError(_ItemError, ValueError): ...
class ApiAttributeError(_ItemError, AttributeError): ...
class ApiKeyError(_ItemError, KeyError): ...
class NoResultFound(OpenApiException, LookupError): ...

class MultipleResultsFound(OpenApiException, LookupError):
    candidates: list[Any]
    def __init__(self, message: str = "", candidates: Iterable[Any] = ()) -> None: ...

class WaitTimeout(OpenApiException):
    pending: list[Any]
    def __init__(self, message: str = "", pending: Iterable[Any] = ()) -> None: ...

class UploadFailed(OpenApiException):
    task: UploadTask | None
    def __init__(self, message: str = "", task: UploadTask | None = None) -> None: ...

class ChangesLost(OpenApiException):
    since: str | None
    current: str | None
    def __init__(
        self, message: str = "", since: str | None = None, current: str | None = None
    ) -> None: ...

class FleetError(OpenApiException):
    errors: dict[str, Exception]
    total: int | None
    def __init__(
        self,
        errors: Mapping[str, Exception] | Iterable[tuple[str, Exception]] = (),
        total: int | None = None,
    ) -> None: ...

class UnexpectedMatches(ApiValueError):
    operation: str
    matches: list[Any]
    def __init__(
        self,
        operation: str = "",
        name: str = "where",
        matches: Iterable[Any] = (),
        wanted: str = "",
    ) -> None: ...

class UnknownFieldWarning(UserWarning): ...
class NewerServerWarning(UserWarning): ...
class MissingDataWarning(UserWarning): ...
class ApiArgumentError(ApiTypeError, ApiAttributeError): ...

class ReadOnlyError(OpenApiException):
    operation: str | None
    method: str | None
    url: str | None
    outcome: Literal["not_sent"]

class ApiException(OpenApiException):
    # None alone where a script made the exception without them
    status: int
    reason: str
    body: str | None
    headers: Mapping[str, str] | None
    operation: str | None
    method: str | None
    url: str | None
    outcome: _Outcome
    advice: str | None
    attempts: Sequence[tuple[float, str]]
    upload_task_id: str | None
    # read from body and headers, unless a script has set them
    error: ErrorBody | None
    retryable: bool
    code: str | None
    message: str | None
    request_id: str | None
    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        http_resp: _Response | None = None,
    ) -> None: ...

class NotModifiedException(ApiException):
    def __init__(
        self,
        status: int | None = 304,
        reason: str | None = "Not Modified",
        http_resp: _Response | None = None,
    ) -> None: ...

class NotFoundException(ApiException): ...
class UnauthorizedException(ApiException): ...
class ForbiddenException(ApiException): ...
class ServiceException(ApiException): ...

class RateLimited(ApiException):
    retry_after: float | None

class ResourceLocked(ApiException):
    resources: Sequence[tuple[str, str]]
    resource_ids: Sequence[str]
    task_ids: Sequence[str]

class LoginRefused(ApiException):
    username: str | None

class TaskException(ApiException):
    tasks: Mapping[str, Task | None]
    elf_code: str | None
    causes: Sequence[TaskCause]
    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        tasks: Mapping[str, Task | None] | None = None,
    ) -> None: ...

class TaskCause(NamedTuple):
    task_id: str
    code: str | None
    elf_code: str | None
    message: str | None

class TaskFailed(TaskException): ...
class TaskTimeout(TaskException): ...

def render_path(path_to_item: Iterable[str | int]) -> str: ...
