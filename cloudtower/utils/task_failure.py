"""The error of tasks that failed, or did not finish in time."""

from cloudtower._runtime.text import ordered, printable
from cloudtower.exceptions import UNKNOWN, ApiException


class TaskException(ApiException):
    """Tasks failed (status 500), or did not finish in time (status 408).

    Attributes besides those of ApiException:
        tasks: {id: Task} of these tasks, as last seen; None for a task that the
            server has not shown yet.

    `code` and `message` are those of the first task that failed: its `error_code`, and
    its `error_message` without the layers it is nested in.
    """

    __module__ = "cloudtower.utils"  # where scripts and pickles know it

    def __init__(self, status=None, reason=None, tasks=None):
        super(TaskException, self).__init__(status, reason)
        self.tasks = tasks or {}
        self.outcome = UNKNOWN  # the server has declined nothing, whatever the number says

    def _failure(self):
        for _, _, found in self._failures():
            return found
        return super(TaskException, self)._failure()

    def _failures(self):
        """(id, Task, `failure.Failure`) of each task that failed, in a list."""
        from cloudtower._runtime import failure

        return [
            (id, task, failure.of_task(task.error_code, task.error_message))
            for id, task in self.tasks.items()
            if getattr(task, "status", None) == "FAILED"
        ]

    def _details(self):
        if self.status != 408:
            return self._causes()
        states = [_state(id, task) for id, task in sorted(self.tasks.items())]
        lines = ["Not finished: %s" % ", ".join(states)]
        trouble = getattr(self, "__cause__", None)
        if isinstance(trouble, ApiException):
            lines.append("The last look failed: %s" % trouble.reason)
        return lines

    def _causes(self):
        """What the reason has only within layers of the server's text, and what to do."""
        from cloudtower._http import advice
        from cloudtower._runtime import failure

        lines = []
        for id, task, found in self._failures():
            if found.message and found.message != printable(task.error_message).strip():
                whose = " of %s" % printable(id) if len(self.tasks) > 1 else ""
                lines.append("Cause%s: %s" % (whose, failure.in_one_line(found)))
            if found.lock is not None:
                lines.append(advice.on_lock(found.lock))
        return lines


def _state(id, task):
    """What is known of a task that has not finished: its status, and its object."""
    if task is None:
        return "%s (not seen)" % printable(id)
    thing = " ".join(printable(each) for each in (task.resource_type, task.resource_id) if each)
    description = " ".join(printable(task.description or "").split())
    known = [part for part in (printable(task.status), thing, description) if part]
    return "%s (%s)" % (printable(id), ", ".join(known))


def of_task(id, task):
    """The TaskException of one task that has failed."""
    reason = "Task %s failed: %s" % (printable(id), _message(task))
    return TaskException(500, reason, {id: task})


def of_tasks(failed):
    """The TaskException of tasks that have failed, a list of (id, Task)."""
    lines = ["%s: %s" % (printable(id), _message(task)) for id, task in failed]
    return TaskException(500, "\n\t".join(["Tasks failed:"] + lines), ordered(failed))


def _message(task):
    return printable(task.error_message or task.error_code)
