import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, Protocol

from typing_extensions import TypeAlias, TypedDict

from cloudtower._http.message import RESTResponse
from cloudtower.api_client import ApiClient
from cloudtower.configuration import DEFAULT_API_PATH as DEFAULT_API_PATH
from cloudtower.configuration import DEFAULT_PROBE_PATH as DEFAULT_PROBE_PATH
from cloudtower.configuration import Configuration
from cloudtower.exceptions import ApiException, _Response
from cloudtower.rest import RESTClientObject

logger: logging.Logger

DEFAULT_PROBE_TIMEOUT: int
DEFAULT_SCHEME: str
HOST_STATE_ACTIVE: Final = "active"
HOST_STATE_PASSIVE: Final = "passive"
HTTP_STATUS_TEMPORARY_REDIRECT: Final = 307
REQUEST_ATTEMPTS: int

_Strategy: TypeAlias = Literal["auto_failover", "manual_failover", "always_probe"]

# Dicts of an endpoint and of a user: for editors, which offer the keys; any mapping will do.
class _EndpointDict(TypedDict, total=False):
    root_url: str | None
    base_url: str | None
    host: str | None
    scheme: str | None
    api_path: str | None
    probe_path: str | None

_Endpoint: TypeAlias = str | _EndpointDict | Mapping[str, str | None] | Configuration

class _UserDict(TypedDict, total=False):
    name: str
    username: str
    password: str
    source: str

class _User(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def password(self) -> str: ...

class FailoverStrategy:
    AUTO_FAILOVER: Final = "auto_failover"
    MANUAL_FAILOVER: Final = "manual_failover"
    ALWAYS_PROBE: Final = "always_probe"

class ActivePassiveException(ApiException):
    default_reason: str
    host: str | None
    endpoints: Sequence[Any] | None  # root URLs; what was passed, where that is wrong
    active_hosts: Sequence[str] | None
    failures: Sequence[str] | None
    strategy: _Strategy | None
    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        http_resp: _Response | None = None,
        host: str | None = None,
        endpoints: Sequence[Any] | None = None,
        active_hosts: Sequence[str] | None = None,
        failures: Sequence[str] | None = None,
        strategy: _Strategy | None = None,
    ) -> None: ...

class ActivePassiveNoEndpoints(ActivePassiveException): ...
class ActivePassiveDuplicateHost(ActivePassiveException): ...
class ActivePassiveNoActiveHost(ActivePassiveException): ...
class ActivePassiveMultipleActives(ActivePassiveException): ...
class ActivePassiveRetryExhausted(ActivePassiveException): ...
class ActivePassiveFailoverRequired(ActivePassiveException): ...
class ActivePassiveUnknownHost(ActivePassiveException): ...

class ActivePassiveApiClient(ApiClient):
    configurations: list[Configuration]
    failover_strategy: _Strategy
    def __init__(
        self,
        endpoints: _Endpoint | Iterable[_Endpoint] | None = None,
        user_config: _UserDict | Mapping[str, str | None] | _User | None = None,
        probe_timeout: float | None = None,
        failover_strategy: _Strategy | None = None,
        configuration: Configuration | None = None,
        header_name: str | None = None,
        header_value: str | None = None,
        cookie: str | None = None,
        pool_threads: int = 1,
    ) -> None: ...
    # Those of one node, and not to be replaced.
    @property
    def configuration(self) -> Configuration: ...  # type: ignore[override]
    @property
    def rest_client(self) -> RESTClientObject: ...  # type: ignore[override]
    # by root URL, where the base class has a single one
    @property
    def last_response(self) -> dict[str, RESTResponse]: ...  # type: ignore[override]
    @property
    def current_active_base_url(self) -> str | None: ...
    def active_client(self) -> ApiClient: ...
