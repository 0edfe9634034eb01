import socket
import threading
from contextlib import AbstractContextManager
from typing import NamedTuple

import urllib3
from typing_extensions import TypeGuard

from cloudtower._http.message import Request
from cloudtower.configuration import Configuration, _Timeout

ROUNDING: float

class _Running(threading.local):
    limits: Limits | None
    end: float
    interrupt: Interrupt | None

running: _Running

def now() -> float: ...
def within(seconds: float) -> AbstractContextManager[None]: ...

class Interrupted(BaseException): ...

class Interrupt:
    def __init__(self) -> None: ...
    @property
    def is_set(self) -> bool: ...
    def obeyed(self) -> AbstractContextManager[None]: ...
    def watch(self, sock: socket.socket) -> None: ...
    def leave(self) -> None: ...
    def sleep(self, seconds: float) -> None: ...
    def set(self) -> None: ...

class Limits:
    connect: float | None
    silence: float | None
    whole: float | None
    body: bool
    timeouts: Timeouts | None
    began: float
    end: float | None
    attempts: int
    tried: list[tuple[float, str]]
    latest: Request | None
    sent: bool | None
    def __init__(
        self,
        connect: float | None = None,
        silence: float | None = None,
        whole: float | None = None,
        body: bool = True,
        timeouts: Timeouts | None = None,
    ) -> None: ...
    def left(self) -> float | None: ...
    def patience(self) -> float | None: ...
    def connecting(self) -> float | None: ...
    def after_head(self) -> None: ...
    def failed(self, what: str) -> float: ...
    def expired(self) -> bool: ...

def of_call(request: Request, configuration: Configuration) -> Limits: ...

class Timeouts(NamedTuple):
    connect: float | None
    silence: float | None
    whole: float | None
    own: bool
    foreign: urllib3.Timeout
    limited: urllib3.Timeout

def parse(given: _Timeout, configured: _Timeout, total: float | None) -> Timeouts: ...
def is_seconds(value: object) -> TypeGuard[float]: ...
def smaller(limit: float | None, other: float | None) -> float | None: ...
