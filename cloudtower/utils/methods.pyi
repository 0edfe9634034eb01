from collections.abc import Callable
from typing import Any

from cloudtower._runtime.operation import Api
from cloudtower.api_client import ApiClient
from cloudtower.exceptions import ApiTypeError

class Method:
    api: Api
    client: ApiClient
    row: Any
    body_type: type[Any] | None
    has_where: bool
    def __init__(self, verb: str, method: Callable[..., Any]) -> None: ...
    @property
    def label(self) -> str: ...
    def __call__(self, body: Any, **options: Any) -> Any: ...
    def listing_body(self, body: Any, where: Any) -> dict[str, Any]: ...
    def checked(self, body: Any) -> Any: ...
    def cannot(self, reason: str) -> ApiTypeError: ...
