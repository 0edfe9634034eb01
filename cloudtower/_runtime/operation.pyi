# What editors and type checkers may assume of generated operations, which become functions
# when they are first touched.
from typing import Any

from cloudtower.api_client import ApiClient

class Operation:
    def __init__(self, path: str, returns: str | None, **more: Any) -> None: ...
    def __call__(self, *arguments: Any, **keywords: Any) -> Any: ...

class Alias(Operation):
    def __init__(self, target: str) -> None: ...

class Api:
    api_client: ApiClient
    def __init__(self, api_client: ApiClient | None = None) -> None: ...
    # `<operation>_with_http_info`
    def __getattr__(self, name: str) -> Any: ...

def __getattr__(name: str) -> Any: ...
