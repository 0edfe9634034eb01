from typing import Literal

from cloudtower.api_client import ApiClient
from cloudtower.models.vm import Vm
from cloudtower.models.vm_snapshot import VmSnapshot

def rotate_snapshots(
    client: ApiClient,
    vm: Vm | str,
    prefix: str,
    keep: int,
    consistent_type: Literal["CRASH_CONSISTENT", "FILE_SYSTEM_CONSISTENT"] | None = None,
    timeout: float | None = 300,
) -> tuple[VmSnapshot, list[VmSnapshot]]: ...
