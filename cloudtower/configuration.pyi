# What editors and type checkers may assume: scripts assign settings of several types.
from typing import Any, Callable

DEFAULT_API_PATH: str
DEFAULT_PROBE_PATH: str
DEFAULT_TIMEOUT: tuple[float, float]
JSON_SCHEMA_VALIDATION_KEYWORDS: set[str]

class Credentials:
    username: str
    password: str | None
    source: str
    def __init__(self, username: str, password: str | None, source: str = "LOCAL") -> None: ...

class Configuration:
    host: str
    root_url: str | None
    base_url: str | None
    api_path: str | None
    probe_path: str | None
    probe_url: str | None
    scheme: str | None
    api_key: dict[str, Any]
    api_key_prefix: dict[str, Any]
    refresh_api_key_hook: Callable[[Configuration], Any] | None
    username: str | None
    password: str | None
    credentials: Credentials | None
    verify_ssl: bool
    ssl_ca_cert: Any
    cert_file: str | None
    key_file: str | None
    assert_hostname: Any
    proxy: str | None
    proxy_headers: Any
    timeout: Any
    total_timeout: float | None
    max_response_size: int | None
    retries: Any
    connection_pool_maxsize: int
    socket_options: Any
    safe_chars_for_path_param: str
    strict_models: bool
    field_validation: str
    client_side_validation: bool
    discard_unknown_keys: bool
    disabled_client_side_validations: str
    temp_folder_path: str | None
    debug: bool
    logger: dict[str, Any]
    logger_file: str | None
    logger_file_handler: Any
    logger_stream_handler: Any
    logger_format: str
    logger_formatter: Any
    def __init__(
        self,
        host: str | None = None,
        api_key: dict[str, Any] | None = None,
        api_key_prefix: dict[str, Any] | None = None,
        username: str | None = None,
        password: str | None = None,
        discard_unknown_keys: bool = False,
        disabled_client_side_validations: str = "",
        ssl_ca_cert: Any = None,
        base_url: str | None = None,
        root_url: str | None = None,
        api_path: str | None = None,
        probe_path: str | None = None,
        scheme: str | None = None,
    ) -> None: ...
    @classmethod
    def from_env(cls) -> Configuration: ...
    @classmethod
    def set_default(cls, default: Configuration | None) -> None: ...
    @classmethod
    def get_default_copy(cls) -> Configuration: ...
    def get_api_key_with_prefix(self, identifier: str, alias: str | None = None) -> str | None: ...
    def get_basic_auth_token(self) -> str: ...
    def auth_settings(self) -> dict[str, dict[str, Any]]: ...
    def to_debug_report(self) -> str: ...
