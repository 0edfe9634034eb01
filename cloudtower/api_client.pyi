from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from multiprocessing.pool import ApplyResult, ThreadPool
from os import PathLike
from typing import IO, Any, Literal, TypeVar, overload

import urllib3
from typing_extensions import TypeAlias

from cloudtower._http.message import RESTResponse, _Answer, _Pairs, _Sender
from cloudtower._runtime.operation import Operation
from cloudtower._runtime.version import ServerVersion
from cloudtower.configuration import Configuration as Configuration
from cloudtower.configuration import _Timeout
from cloudtower.exceptions import ApiException as ApiException
from cloudtower.rest import RESTClientObject

_T = TypeVar("_T")
_C = TypeVar("_C", bound=ApiClient)
_Params: TypeAlias = Mapping[str, Any] | _Pairs
_Header: TypeAlias = str | bytes | float | None
# A path, the content, or an object with `read`; the name of a class, or the class.
_File: TypeAlias = str | PathLike[str] | bytes | bytearray | IO[bytes]
_Files: TypeAlias = _File | list[_File] | None
_Type: TypeAlias = str | type | None

class ApiClient:
    PRIMITIVE_TYPES: tuple[type, ...]
    NATIVE_TYPES_MAPPING: dict[str, type]
    configuration: Configuration
    client_side_validation: bool
    pool_threads: int
    cookie: str | None
    default_headers: dict[str, _Header]
    last_response: RESTResponse  # unset until there is one
    rest_client: RESTClientObject
    user_agent: str
    def __init__(
        self,
        configuration: Configuration | None = None,
        header_name: str | None = None,
        header_value: str | None = None,
        cookie: str | None = None,
        pool_threads: int = 1,
        transport: _Sender | None = None,
    ) -> None: ...
    def __enter__(self: _C) -> _C: ...
    def __exit__(self, exc_type: object, exc_value: object, traceback: object) -> None: ...
    def close(self) -> None: ...
    @property
    def pool(self) -> ThreadPool: ...
    def set_default_header(self, header_name: str, header_value: _Header) -> None: ...
    @overload
    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: _Params | None = None,
        query_params: _Params | None = None,
        header_params: Mapping[str, _Header] | None = None,
        body: Any = None,
        post_params: _Params | None = None,
        files: Mapping[str, _Files] | None = None,
        response_types_map: Mapping[int, _Type] | None = None,
        auth_settings: Iterable[str] | None = None,
        async_req: Literal[False] | None = None,
        _return_http_data_only: Literal[False] | None = None,
        collection_formats: Mapping[str, str] | None = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        _host: str | None = None,
        _request_auth: Mapping[str, str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]: ...
    @overload
    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: _Params | None = None,
        query_params: _Params | None = None,
        header_params: Mapping[str, _Header] | None = None,
        body: Any = None,
        post_params: _Params | None = None,
        files: Mapping[str, _Files] | None = None,
        response_types_map: Mapping[int, _Type] | None = None,
        auth_settings: Iterable[str] | None = None,
        async_req: Literal[False] | None = None,
        *,
        _return_http_data_only: Literal[True],
        collection_formats: Mapping[str, str] | None = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        _host: str | None = None,
        _request_auth: Mapping[str, str] | None = None,
    ) -> Any: ...
    @overload
    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: _Params | None = None,
        query_params: _Params | None = None,
        header_params: Mapping[str, _Header] | None = None,
        body: Any = None,
        post_params: _Params | None = None,
        files: Mapping[str, _Files] | None = None,
        response_types_map: Mapping[int, _Type] | None = None,
        auth_settings: Iterable[str] | None = None,
        async_req: Literal[False] | None = None,
        _return_http_data_only: bool | None = None,
        collection_formats: Mapping[str, str] | None = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        _host: str | None = None,
        _request_auth: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    @overload
    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: _Params | None = None,
        query_params: _Params | None = None,
        header_params: Mapping[str, _Header] | None = None,
        body: Any = None,
        post_params: _Params | None = None,
        files: Mapping[str, _Files] | None = None,
        response_types_map: Mapping[int, _Type] | None = None,
        auth_settings: Iterable[str] | None = None,
        *,
        async_req: Literal[True],
        _return_http_data_only: bool | None = None,
        collection_formats: Mapping[str, str] | None = None,
        _preload_content: bool = True,
        _request_timeout: _Timeout = None,
        _host: str | None = None,
        _request_auth: Mapping[str, str] | None = None,
    ) -> ApplyResult[Any]: ...
    @overload
    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: _Params | None = None,
        query_params: _Params | None = None,
        header_params: Mapping[str, _Header] | None = None,
        body: Any = None,
        post_params: _Params | None = None,
        files: Mapping[str, _Files] | None = None,
        response_types_map: Mapping[int, _Type] | None = None,
        auth_settings: Iterable[str] | None = None,
        async_req: bool | None = None,
        _return_http_data_only: bool | None = None,
        collection_formats: Mapping[str, str] | None = None,
        _preload_content: bool = True,
        _request_timeout: _Timeout = None,
        _host: str | None = None,
        _request_auth: Mapping[str, str] | None = None,
    ) -> Any: ...
    def call_operation(
        self,
        operation: Operation,
        query: Sequence[tuple[str, Any]],
        headers: Mapping[str, _Header] | None,
        body: Any,
        form: _Pairs | None,
        files: Mapping[str, _Files] | None,
        options: Mapping[str, Any],
    ) -> Any: ...
    @overload
    def request(
        self,
        method: str,
        url: str,
        query_params: _Pairs | None = None,
        headers: Mapping[str, _Header] | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> RESTResponse: ...
    @overload
    def request(
        self,
        method: str,
        url: str,
        query_params: _Pairs | None = None,
        headers: Mapping[str, _Header] | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    def server_version(self, _request_timeout: _Timeout = None) -> ServerVersion: ...
    def post(self, path: str, body: Any = None, _request_timeout: _Timeout = None) -> Any: ...
    def graphql(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        _request_timeout: _Timeout = None,
    ) -> Any: ...
    def do_probe(self, url: str, timeout: float | None = None) -> bool: ...
    def sanitize_for_serialization(self, obj: Any) -> Any: ...
    def parameters_to_tuples(
        self, params: _Params, collection_formats: Mapping[str, str] | None
    ) -> list[tuple[str, Any]]: ...
    def files_parameters(
        self, files: Mapping[str, _Files] | None = None
    ) -> list[tuple[str, tuple[str, bytes, str]]]: ...
    def select_header_accept(self, accepts: Sequence[str] | None) -> str | None: ...
    def select_header_content_type(
        self, content_types: Sequence[str] | None, method: str | None = None, body: Any = None
    ) -> str: ...
    def update_params_for_auth(
        self,
        headers: MutableMapping[str, str],
        queries: list[tuple[str, Any]],
        auth_settings: Iterable[str] | None,
        request_auth: Mapping[str, str] | None = None,
    ) -> None: ...
    # None: the body is empty.
    @overload
    def deserialize(
        self, response: RESTResponse | _Answer, response_type: type[_T]
    ) -> _T | None: ...
    @overload
    def deserialize(
        self, response: RESTResponse | _Answer, response_type: Literal["file"]
    ) -> str: ...
    @overload
    def deserialize(self, response: RESTResponse | _Answer, response_type: str) -> Any: ...
