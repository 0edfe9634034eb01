from collections.abc import Iterable, Mapping

from cloudtower.exceptions import ApiException
from cloudtower.models.task import Task

class TaskException(ApiException):
    tasks: Mapping[str, Task | None]
    def __init__(
        self,
        status: int | None = None,
        reason: str | None = None,
        tasks: Mapping[str, Task | None] | None = None,
    ) -> None: ...

def of_task(id: str, task: Task) -> TaskException: ...
def of_tasks(failed: Iterable[tuple[str, Task]]) -> TaskException: ...
