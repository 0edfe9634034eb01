from collections.abc import Callable
from os import PathLike
from typing import Any, overload

from typing_extensions import TypeAlias

from cloudtower.models.ovf import ExportFileDownloadLinks

_Progress: TypeAlias = Callable[[int, int | None], object] | None

@overload
def download(
    method: Callable[..., list[ExportFileDownloadLinks]],
    body: Any,
    path: str | PathLike[str],
    on_progress: _Progress = None,
    timeout: float | None = None,
    **options: Any,
) -> list[str]: ...
@overload
def download(
    method: Callable[..., str],
    body: Any,
    path: str | PathLike[str],
    on_progress: _Progress = None,
    timeout: float | None = None,
    **options: Any,
) -> str: ...
