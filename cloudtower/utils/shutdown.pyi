from typing import Any

from cloudtower.api_client import ApiClient
from cloudtower.models.vm import Vm

def shut_down(
    client: ApiClient,
    where: Any,
    grace: float | None = 300,
    force: bool = False,
    timeout: float | None = 300,
) -> list[Vm]: ...
