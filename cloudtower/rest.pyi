import logging
from collections.abc import Iterator, Mapping
from typing import Any, Literal, overload

import urllib3

from cloudtower._http.message import Request, _Pairs, _Sender
from cloudtower._http.message import RESTResponse as RESTResponse
from cloudtower.api_client import _Header
from cloudtower.configuration import Configuration, _Timeout
from cloudtower.exceptions import ApiException as ApiException
from cloudtower.exceptions import ApiValueError as ApiValueError
from cloudtower.exceptions import ForbiddenException as ForbiddenException
from cloudtower.exceptions import NotFoundException as NotFoundException
from cloudtower.exceptions import NotModifiedException as NotModifiedException
from cloudtower.exceptions import ServiceException as ServiceException
from cloudtower.exceptions import UnauthorizedException as UnauthorizedException

logger: logging.Logger

class RESTClientObject:
    transport: _Sender
    pool_manager: urllib3.PoolManager
    def __init__(
        self,
        configuration: Configuration,
        pools_size: int = 4,
        maxsize: int | None = None,
        transport: _Sender | None = None,
    ) -> None: ...
    # urllib3's response, unread, where the request says so
    def send(self, request: Request) -> RESTResponse | urllib3.BaseHTTPResponse: ...
    @overload
    def request(
        self,
        method: str,
        url: str,
        query_params: _Pairs | None = None,
        headers: Mapping[str, _Header] | None = None,
        body: Any = None,
        post_params: _Pairs | None = None,
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
        body: Any = None,
        post_params: _Pairs | None = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    @overload
    def GET(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> RESTResponse: ...
    @overload
    def GET(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    @overload
    def HEAD(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> RESTResponse: ...
    @overload
    def HEAD(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    @overload
    def DELETE(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        body: Any = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> RESTResponse: ...
    @overload
    def DELETE(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        body: Any = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    @overload
    def OPTIONS(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> RESTResponse: ...
    @overload
    def OPTIONS(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    @overload
    def POST(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> RESTResponse: ...
    @overload
    def POST(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    @overload
    def PUT(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> RESTResponse: ...
    @overload
    def PUT(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    @overload
    def PATCH(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        _preload_content: Literal[True] = True,
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> RESTResponse: ...
    @overload
    def PATCH(
        self,
        url: str,
        headers: Mapping[str, _Header] | None = None,
        query_params: _Pairs | None = None,
        post_params: _Pairs | None = None,
        body: Any = None,
        *,
        _preload_content: Literal[False],
        _request_timeout: _Timeout = None,
        redirect: bool | None = None,
    ) -> urllib3.BaseHTTPResponse: ...
    def probe(self, url: str, timeout: _Timeout) -> int: ...
    def stream(self, response: urllib3.BaseHTTPResponse, request: Request) -> Iterator[bytes]: ...
    def close(self) -> None: ...
