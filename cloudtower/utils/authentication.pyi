from typing import overload

from cloudtower.api_client import ApiClient

# User name and password belong together; without them `Configuration.credentials` has them.
@overload
def login(
    api_client: ApiClient,
    username: None = None,
    password: None = None,
    source: str | None = "LOCAL",
    relogin: bool = True,
) -> None: ...
@overload
def login(
    api_client: ApiClient,
    username: str,
    password: str,
    source: str | None = "LOCAL",
    relogin: bool = True,
) -> None: ...
