"""Waits for tasks."""

from itertools import repeat

from cloudtower import utils
from cloudtower._runtime.text import TEXT, is_number, ordered
from cloudtower.exceptions import ApiException, ApiTypeError, ApiValueError
from cloudtower.utils import deadlines, task_failure

_TRANSIENT = (0, 429, 502, 503, 504)


def wait_task(id, api_client, interval=5, timeout=300, tolerate_errors=False):
    """Wait until a task has succeeded.

    A task that the server does not know is waited for as well: it may show up
    only some time after the call that started it.

    Parameters:
        id: of the task, str; None, which stands for work that was done at once:
            nothing is waited for.
        api_client: ApiClient.
        interval: seconds between two looks, number.
        timeout: seconds to wait in all, number; None: no limit.
        tolerate_errors: whether to keep waiting while the server cannot be
            reached or is overloaded (429, 502, 503, 504), bool.

    Raises TaskFailed, with status 500, when the task has failed; TaskTimeout, with 408, when
    the time is up, at once for a negative `timeout` (both are a TaskException); any
    ApiException raised while polling; ApiTypeError for an id that is not text, or what is not
    a client; ApiTypeError or ApiValueError for an interval or timeout that is not a number of
    seconds.
    """

    def find(remaining):
        tasks = _get_tasks(api_client, utils.TaskWhereInput(id=remaining[0]))
        return dict(zip(remaining, tasks))

    ids = _ids([id])
    _check(ids, interval, timeout)
    for id, task in finished(ids, find, repeat(interval), timeout, tolerate_errors):
        if task.status == "FAILED":
            raise task_failure.of_task(id, task)


def wait_tasks(
    ids, api_client, interval=5, timeout=300, exit_on_error=False, tolerate_errors=False
):
    """Wait until tasks have succeeded.

    Parameters:
        ids: of the tasks, any iterable of str and None, which stands for work that
            was done at once. It is not changed.
        api_client, interval, timeout, tolerate_errors: as for `wait_task`.
        exit_on_error: whether the first failure ends the wait, bool; otherwise
            all tasks are waited for, and the error lists all failures.

    Raises as `wait_task` does; ApiTypeError also for a single str instead of ids.
    """

    ids = _ids(ids)
    _check(ids, interval, timeout)
    failed = []
    pauses = repeat(interval)
    for id, task in finished(ids, finder(api_client), pauses, timeout, tolerate_errors):
        if task.status == "FAILED":
            if exit_on_error:
                raise task_failure.of_task(id, task)
            failed.append((id, task))
    if failed:
        raise task_failure.of_tasks(failed)


def _check(ids, interval, timeout):
    """Refuse what is no time to wait, before anything is sent.

    Scripts work out what is left of their own time: less than nothing is a timeout, as in 2.x.
    """
    if ids:
        # `time.sleep` takes more kinds of numbers, numpy's for one. Text has no __float__.
        other = not is_number(interval) and hasattr(interval, "__float__")
        deadlines.check(float(interval) if other else interval, name="interval", none=False)
    try:
        deadlines.check(timeout)
    except ApiValueError as error:
        problem = str(error)
    else:
        return
    if ids:
        raise task_failure.of_time(ordered((id, None) for id in ids), problem)


def finder(api_client):
    """A function of ids that returns {id: Task} of those tasks, in one request."""

    def find(ids):
        tasks = _get_tasks(api_client, utils.TaskWhereInput(id_in=ids))
        return dict((task.id, task) for task in tasks)

    return find


def _ids(given):
    """The ids as a list of their own, each once, without None."""
    if not hasattr(given, "__iter__") or isinstance(given, (bytes, TEXT)):
        raise ApiTypeError("wait_tasks takes a list of task ids; for a single one use wait_task")
    ids, known = [], set()
    for id in given:
        if not isinstance(id, (str, TEXT, type(None))):
            hint = "; pass its task_id" if hasattr(id, "task_id") else ""
            raise ApiTypeError("a task id is text, not %s%s" % (type(id).__name__, hint))
        if id is not None and id not in known:
            ids.append(id)
            known.add(id)
    return ids


def finished(ids, find, pauses, timeout, tolerate_errors=False):
    """Yield (id, Task) of each task as it finishes.

    Parameters:
        find: callable(ids) that returns {id: Task}.
        pauses: seconds between two looks, iterator of numbers.
        timeout, tolerate_errors: as for `wait_task`.

    Raises TaskTimeout when the time is up.
    """
    deadline = deadlines.Deadline(timeout)
    remaining, seen = ids, {}  # seen: {id: Task}
    while remaining:
        trouble = None
        try:
            with deadline.look():
                seen.update(find(remaining))
        except ApiException as error:
            is_late = deadline.explains(error)
            if not is_late and not (tolerate_errors and error.status in _TRANSIENT):
                raise
            trouble = error
            trouble._is_one_of_several()
        for id in remaining:
            if _is_done(seen.get(id)):
                yield id, seen[id]
        remaining = [id for id in remaining if not _is_done(seen.get(id))]
        if remaining and not deadline.rest(next(pauses)):
            tasks = dict((id, seen.get(id)) for id in remaining)
            error = task_failure.of_time(tasks)
            error.__cause__ = trouble
            raise error


def _is_done(task):
    # PAUSED does not end a task, nor does a status that only newer servers know.
    return task is not None and task.status in ("SUCCESSED", "FAILED")


def _get_tasks(api_client, where):
    body = utils.GetTasksRequestBody(where=where)
    tasks = utils.TaskApi(api_client).get_tasks(body) or []
    return [task for task in tasks if task is not None]
