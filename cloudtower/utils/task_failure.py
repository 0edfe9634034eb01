"""Makes the errors of tasks that failed or did not finish in time; notes what was changed."""

from cloudtower._runtime.text import ordered, printable
from cloudtower.exceptions import UNKNOWN, TaskException, TaskFailed, TaskTimeout  # noqa: F401


def of_task(id, task):
    """The TaskFailed of one task that has failed."""
    reason = "Task %s failed: %s" % (printable(id), _message(task))
    return TaskFailed(500, reason, {id: task})


def of_tasks(failed):
    """The TaskFailed of tasks that have failed, a list of (id, Task)."""
    lines = ["%s: %s" % (printable(id), _message(task)) for id, task in failed]
    return TaskFailed(500, "\n\t".join(["Tasks failed:"] + lines), ordered(failed))


def of_time(tasks, why=None):
    """The TaskTimeout of tasks that have not finished.

    Parameters:
        tasks: {id: Task}, None for one not seen.
        why: what else there is to say, str, or None.
    """
    reason = "Timeout while waiting for task finished"
    return TaskTimeout(408, "%s: %s" % (reason, why) if why else reason, tasks)


def note_change(error, text):
    """Have the error of a request say that an earlier one has changed something.

    Its `outcome` is then "unknown", for scripts that repeat what was refused.

    Parameters:
        error: ApiException.
        text: what has been changed, a sentence, str.
    """
    error._is_one_of_several()
    known = error.advice if error.status else None  # the reason of a network failure has it
    error.advice = "%s %s" % (text, known) if known else text
    error.outcome = UNKNOWN


def _message(task):
    return printable(task.error_message or task.error_code)
