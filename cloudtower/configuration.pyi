import logging
from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypeVar

import urllib3
from typing_extensions import TypeAlias

from cloudtower._http.events import Event
from cloudtower._http.credentials import Credentials as Credentials
from cloudtower._http.retry_policy import RetryPolicy

DEFAULT_API_PATH: str
DEFAULT_PROBE_PATH: str
DEFAULT_TIMEOUT: tuple[int, int]
DEFAULT_TOTAL_TIMEOUT: int
DEFAULT_MAX_RESPONSE_SIZE: int
JSON_SCHEMA_VALIDATION_KEYWORDS: set[str]

# Seconds for a call as a whole, or a pair of them for (connect, silence).
_Timeout: TypeAlias = float | tuple[float | None, float | None] | None
_C = TypeVar("_C", bound=Configuration)

# What a callable may return.
_Credentials: TypeAlias = Credentials | tuple[str, str] | tuple[str, str, str] | None

class Configuration:
    # the address
    host: str
    root_url: str | None
    base_url: str | None
    api_path: str | None
    probe_path: str | None
    probe_url: str | None
    scheme: str | None
    # who calls
    api_key: dict[str, str]
    api_key_prefix: dict[str, str]
    refresh_api_key_hook: Callable[[Configuration], object] | None
    username: str | None
    password: str | None
    credentials: Credentials | Callable[[], _Credentials] | None
    profile: str | None
    # connections
    verify_ssl: bool
    ssl_ca_cert: str | bytes | PathLike[str] | None
    ssl_fingerprint: str | None
    cert_file: str | None
    key_file: str | None
    assert_hostname: str | Literal[False] | None
    proxy: str | None
    proxy_headers: Mapping[str, str] | None
    retry_policy: RetryPolicy | None
    retries: int | urllib3.Retry | None
    connection_pool_maxsize: int
    socket_options: Sequence[tuple[int, int, int | bytes]] | None
    # limits; timeouts are seconds, the size is bytes
    timeout: _Timeout
    total_timeout: float | None
    max_response_size: int | None
    read_only: bool
    # bodies and responses
    safe_chars_for_path_param: str
    strict_models: bool
    field_validation: Literal["warn", "strict", "ignore"]
    warn_newer: bool
    client_side_validation: bool
    disabled_client_side_validations: str
    discard_unknown_keys: bool
    temp_folder_path: str | None
    max_matches: int | None
    on_event: Callable[[Event], object] | None
    # logs
    debug: bool
    logger: dict[str, logging.Logger]
    logger_file: str | None
    logger_file_handler: logging.FileHandler | None
    logger_stream_handler: logging.Handler | None
    logger_format: str
    logger_formatter: logging.Formatter
    def __init__(
        self,
        host: str | None = None,
        api_key: dict[str, str] | None = None,
        api_key_prefix: dict[str, str] | None = None,
        username: str | None = None,
        password: str | None = None,
        discard_unknown_keys: bool = False,
        disabled_client_side_validations: str = "",
        ssl_ca_cert: str | bytes | PathLike[str] | None = None,
        base_url: str | None = None,
        root_url: str | None = None,
        api_path: str | None = None,
        probe_path: str | None = None,
        scheme: str | None = None,
    ) -> None: ...
    def __deepcopy__(self: _C, memo: dict[int, Any]) -> _C: ...
    @classmethod
    def from_env(cls: type[_C]) -> _C: ...
    @classmethod
    def from_profile(cls: type[_C], name: str) -> _C: ...
    @classmethod
    def set_default(cls, default: Configuration | None) -> None: ...
    @classmethod
    def get_default_copy(cls) -> Configuration: ...
    def get_api_key_with_prefix(self, identifier: str, alias: str | None = None) -> str | None: ...
    def get_basic_auth_token(self) -> str: ...
    def auth_settings(self) -> dict[str, dict[str, str | None]]: ...
    def to_debug_report(self) -> str: ...
