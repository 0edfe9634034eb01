from collections.abc import Iterator

import urllib3

from cloudtower._http.message import Request, RESTResponse
from cloudtower.configuration import Configuration

class Transport:
    pool_manager: urllib3.PoolManager
    def __init__(
        self, configuration: Configuration, pools_size: int = 4, maxsize: int | None = None
    ) -> None: ...
    def send(self, request: Request) -> RESTResponse: ...
    def stream(self, response: urllib3.BaseHTTPResponse, request: Request) -> Iterator[bytes]: ...
    def close(self) -> None: ...
