from collections.abc import Callable
from os import PathLike
from typing import Any, Protocol, overload

from typing_extensions import TypeAlias

from cloudtower.models.common import ParsedOVF
from cloudtower.models.upload_task import UploadTask

class _Readable(Protocol):
    def read(self, __size: int) -> bytes: ...

_File: TypeAlias = str | PathLike[str] | _Readable
_Progress: TypeAlias = Callable[[int, int], object] | None

# Most operations return their task, whatever the upload creates.
@overload
def upload(
    method: Callable[..., list[UploadTask]],
    path_or_file: _File,
    on_progress: _Progress = None,
    resume: str | UploadTask | None = None,
    timeout: float | None = 300,
    **fields: Any,
) -> Any: ...
@overload
def upload(
    method: Callable[..., UploadTask],
    path_or_file: _File,
    on_progress: _Progress = None,
    resume: str | UploadTask | None = None,
    timeout: float | None = 300,
    **fields: Any,
) -> UploadTask: ...
@overload
def upload(
    method: Callable[..., ParsedOVF],
    path_or_file: _File,
    on_progress: _Progress = None,
    resume: None = None,
    timeout: float | None = 300,
    **fields: Any,
) -> ParsedOVF: ...
