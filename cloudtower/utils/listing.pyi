from collections.abc import Callable
from typing import Any

from cloudtower.api_client import ApiClient
from cloudtower.utils.methods import Method

class Listing:
    model: str
    list: Callable[..., Any]
    count: Callable[..., Any] | None
    name: str
    def __init__(self, model: str, client: ApiClient) -> None: ...
    def find(self, where: Any, **body: Any) -> Any: ...
    def total(self, where: Any) -> int | None: ...

def of_method(method: Method) -> Listing | None: ...
def of_model(model: str, client: ApiClient) -> Listing | None: ...
