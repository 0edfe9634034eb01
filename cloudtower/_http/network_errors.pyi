from collections.abc import Callable, Iterable

# The ignored errors: urllib3 gives some attributes of its exceptions other types.
from urllib3 import exceptions

from cloudtower._http.limits import Limits
from cloudtower.exceptions import ApiException, _Outcome

class _NetworkError(ApiException):
    pool: None
    cause: str | None
    def __init__(
        self,
        status: int | None = 0,
        reason: str | None = None,
        outcome: _Outcome = "unknown",
        url: str | None = None,
    ) -> None: ...

class ApiConnectionError(  # type: ignore[misc]
    _NetworkError, exceptions.MaxRetryError, exceptions.NewConnectionError
): ...
class ApiTimeoutError(  # type: ignore[misc]
    _NetworkError,
    exceptions.MaxRetryError,
    exceptions.ReadTimeoutError,
    exceptions.ConnectTimeoutError,
): ...

class ApiTLSError(  # type: ignore[misc]
    _NetworkError, exceptions.MaxRetryError, exceptions.SSLError
):
    fingerprint: str | None

class ApiProxyError(  # type: ignore[misc]
    _NetworkError, exceptions.MaxRetryError, exceptions.ProxyError
): ...
class ApiProtocolError(  # type: ignore[misc]
    _NetworkError, exceptions.MaxRetryError, exceptions.ProtocolError
): ...

def translate(
    error: BaseException,
    method: str,
    url: str,
    resendable: bool = False,
    limits: Limits | None = None,
    look: Callable[[], str | None] | None = None,
    files: Iterable[tuple[str, str]] = (),
) -> _NetworkError: ...
