"""The error of tasks that failed, or did not finish in time."""

from cloudtower._runtime.text import printable
from cloudtower.exceptions import UNKNOWN, ApiException


class TaskException(ApiException):
    """Tasks failed (status 500), or did not finish in time (status 408).

    Attributes besides those of ApiException:
        tasks: {id: Task} of these tasks, as last seen; None for a task that the
            server has not shown yet.
    """

    __module__ = "cloudtower.utils"  # where scripts and pickles know it

    def __init__(self, status=None, reason=None, tasks=None):
        super(TaskException, self).__init__(status, reason)
        self.tasks = tasks or {}
        self.outcome = UNKNOWN  # the server has declined nothing, whatever the number says

    def _details(self):
        if self.status != 408:
            return []  # the reason says it all
        states = [
            "%s (%s)" % (printable(id), "not seen" if task is None else printable(task.status))
            for id, task in sorted(self.tasks.items())
        ]
        lines = ["Not finished: %s" % ", ".join(states)]
        trouble = getattr(self, "__cause__", None)
        if isinstance(trouble, ApiException):
            lines.append("The last look failed: %s" % trouble.reason)
        return lines


def of_task(id, task):
    """The TaskException of one task that has failed."""
    reason = "Task %s failed: %s" % (printable(id), _message(task))
    return TaskException(500, reason, {id: task})


def of_tasks(failed):
    """The TaskException of tasks that have failed, a list of (id, Task)."""
    lines = ["%s: %s" % (printable(id), _message(task)) for id, task in failed]
    return TaskException(500, "\n\t".join(["Tasks failed:"] + lines), dict(failed))


def _message(task):
    return printable(task.error_message or task.error_code)
