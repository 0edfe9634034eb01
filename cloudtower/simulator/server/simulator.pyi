from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import Any, TypeVar

from cloudtower.api_client import ApiClient
from cloudtower.simulator.faults import Faults

_S = TypeVar("_S", bound=Simulator)

class Simulator:
    username: str
    password: str
    basic: tuple[str, str]
    endpoints: list[str]
    faults: Faults
    certificate: str | None
    snapshots: dict[str, Any]  # by name, of the admin interface
    tower: Any  # of an inner module
    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        state: str | PathLike[str] | None = None,
        pair: bool = False,
        tls: bool = False,
        allow_hosts: Iterable[str] = (),
        allow_origins: Iterable[str] = (),
        *,
        # a name, the path of a file, or what such a file says
        world: str | PathLike[str] | Mapping[str, Any] | None = "small",
        vms: int = 0,
        speed: float = 100,
        seed: int = 0,
        ldap: bool = False,
        timer: Callable[[], float] = ...,
        open: bool = False,
        strict: bool = False,
        secret: bytes | None = None,
        lenient: bool = False,
    ) -> None: ...
    access: Any  # of an inner module
    @property
    def admin_token(self) -> str: ...
    @property
    def endpoint(self) -> str | None: ...
    def reset(self) -> None: ...
    def snapshot(self) -> object: ...
    def restore(self, snapshot: object) -> None: ...
    def failover(self) -> str: ...
    def expire_sessions(self) -> None: ...
    def commit(self) -> None: ...
    def active_port(self, port: int) -> int | None: ...
    def start(self: _S) -> _S: ...
    def stop(self) -> None: ...
    def client(self, username: str | None = None, password: str | None = None) -> ApiClient: ...
    def __enter__(self: _S) -> _S: ...
    def __exit__(self, *failure: object) -> None: ...
