"""Helpers around the API: log in, wait for tasks, read the version of an SVT image."""

import time
from importlib import import_module

from cloudtower._http import address
from cloudtower._runtime import lazy, mask
from cloudtower._runtime.text import TEXT
from cloudtower.configuration import DEFAULT_API_PATH, DEFAULT_TIMEOUT
from cloudtower.exceptions import UNKNOWN, ApiException, ApiTypeError, ApiValueError

# A poll gets at least this many seconds, however little is left until the deadline.
_SHORTEST_POLL = 1
# urllib3 tries as often to connect before it gives up.
_CONNECT_ATTEMPTS = 4
_TRANSIENT = (0, 429, 502, 503, 504)

_GRAPHQL_PATH = "/api"
_GRAPHQL_TIMEOUT = 30
_STRATEGIES = {"query": "{authnStrategies{id type}}", "variables": {}}

# An SVT image (the VMTools ISO) carries its version as the volume set identifier of
# ISO 9660: the primary volume descriptor is sector 16, of 2,048 bytes each, and the
# identifier its bytes 190 to 317 (ECMA-119, 8.4.19).
_VERSION_OFFSET = 32 * 1024 + 190
_VERSION_LENGTH = 128

_now = getattr(time, "monotonic", time.time)  # Python 2.7 has no clock that is never set


class TaskException(ApiException):
    """Tasks failed (status 500), or did not finish in time (status 408).

    Attributes besides those of ApiException:
        tasks: {id: Task} of these tasks, as last seen; None for a task that the
            server has not shown yet.
    """

    def __init__(self, status=None, reason=None, tasks=None):
        super(TaskException, self).__init__(status, reason)
        self.tasks = tasks or {}
        self.outcome = UNKNOWN  # the server has declined nothing, whatever the number says

    def _details(self):
        if self.status != 408:
            return []  # the reason tells it all
        states = [
            "%s (%s)" % (_line(id), "not seen" if task is None else _line(task.status))
            for id, task in sorted(self.tasks.items())
        ]
        lines = ["Not finished: %s" % ", ".join(states)]
        trouble = getattr(self, "__cause__", None)
        if isinstance(trouble, ApiException):
            lines.append("The last look failed: %s" % trouble.reason)
        return lines


def wait_task(id, api_client, interval=5, timeout=300, tolerate_errors=False):
    """Wait until a task has succeeded.

    A task that the server does not know is waited for as well: it may show up
    only some time after the call that started it.

    Parameters:
        id: of the task, str; None, which stands for work that was done at once:
            nothing is waited for.
        api_client: ApiClient.
        interval: seconds between two looks, number.
        timeout: seconds to wait in all, number; None: for ever.
        tolerate_errors: whether to go on waiting while the server cannot be
            reached or is overloaded (429, 502, 503, 504), bool.

    Raises ApiException (a TaskException) with status 500 when the task has failed,
    and 408 when the time is up; any ApiException of a look at the task;
    ApiTypeError for an id that is not text.
    """

    def find(remaining, **options):
        tasks = _get_tasks(api_client, {"id": remaining[0]}, options)
        return dict(zip(remaining, tasks))

    ids = _ids([id])
    for id, task in _finished(ids, find, api_client, interval, timeout, tolerate_errors):
        if task.status == "FAILED":
            raise _failed(id, task)


def wait_tasks(
    ids, api_client, interval=5, timeout=300, exit_on_error=False, tolerate_errors=False
):
    """Wait until tasks have succeeded.

    Parameters:
        ids: of the tasks, any iterable of str and None, which stands for work that
            was done at once. It is not changed.
        api_client, interval, timeout, tolerate_errors: as for `wait_task`.
        exit_on_error: whether the first failure ends the wait, bool; otherwise
            all tasks are waited for, and all failures told.

    Raises as `wait_task` does; ApiTypeError also for a single str in place of ids.
    """

    def find(remaining, **options):
        tasks = _get_tasks(api_client, {"id_in": remaining}, options)
        return dict((task.id, task) for task in tasks)

    ids = _ids(ids)
    failed = []
    for id, task in _finished(ids, find, api_client, interval, timeout, tolerate_errors):
        if task.status == "FAILED":
            if exit_on_error:
                raise _failed(id, task)
            failed.append((id, task))
    if failed:
        lines = ["%s: %s" % (_line(id), _message(task)) for id, task in failed]
        raise TaskException(500, "\n\t".join(["Tasks failed:"] + lines), dict(failed))


def login(api_client, username=None, password=None, source="LOCAL"):
    """Log in, and use the token from now on.

    The token becomes `api_key["Authorization"]` of the client's configuration, of
    every node's where the client is an ActivePassiveApiClient.

    Parameters:
        api_client: ApiClient or ActivePassiveApiClient.
        username, password: str. Without both, those of the configuration's
            `credentials` are used, which `Configuration.from_env` reads from the
            environment.
        source: where the user is kept, a constant of UserSource, str; None: LOCAL.
            For LDAP the server is asked for its directory first, because servers
            since 3.0 know such a user as AUTHN; where it does not tell, it is LDAP.

    Raises ApiValueError where user name or password is missing; ApiException as
    the server answers, or where its answer has no token.
    """
    username, password, source = _credentials(api_client, username, password, source)
    body = {"username": username, "password": password, "source": source}
    directory = _ldap_directory(api_client) if source == "LDAP" else None
    if directory is not None:
        body.update(source="AUTHN", auth_config_id=directory)
    token = _token(api_client, body)
    for configuration in getattr(api_client, "configurations", [api_client.configuration]):
        configuration.api_key["Authorization"] = token


def get_svt_image_version(path):
    """The version of an SVT image (a VMTools ISO), as `upload_svt_image` takes it.

    Parameters:
        path: of the file, str.

    Returns text; "" for a file that is too short.
    Raises UnicodeDecodeError for a file that is no such image.
    """
    with open(path, "rb") as image:
        image.seek(_VERSION_OFFSET)
        version = image.read(_VERSION_LENGTH).decode("utf-8")
    return version.strip().strip(u"\0").strip()


# ---- tasks -----------------------------------------------------------------


def _ids(given):
    """The ids as a list of their own, each once, without None."""
    if isinstance(given, (bytes, TEXT)):
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


def _finished(ids, find, api_client, interval, timeout, tolerate_errors):
    """Yield (id, Task) of each task as it finishes.

    Parameters:
        find: callable(ids, **options of the request) that returns {id: Task}.

    Raises TaskException with status 408 when the time is up.
    """
    deadline = _now() + (float("inf") if timeout is None else timeout)
    remaining, seen = ids, {}  # seen: {id: Task}
    while remaining:
        limit = _bounded(api_client.configuration.timeout, deadline - _now())
        trouble = None
        try:
            seen.update(find(remaining, _request_timeout=limit))
        except ApiException as error:
            late = _now() >= deadline and _is_timeout(error)
            if not late and not (tolerate_errors and error.status in _TRANSIENT):
                raise
            trouble = error
        for id in remaining:
            if _is_done(seen.get(id)):
                yield id, seen[id]
        remaining = [id for id in remaining if not _is_done(seen.get(id))]
        left = deadline - _now()
        if remaining and left <= 0:
            tasks = dict((id, seen.get(id)) for id in remaining)
            error = TaskException(408, "Timeout while waiting for task finished", tasks)
            error.__cause__ = trouble
            raise error
        if remaining:
            time.sleep(min(interval, left))


def _is_done(task):
    # PAUSED is no end, nor is a status that only later servers know.
    return task is not None and task.status in ("SUCCESSED", "FAILED")


def _get_tasks(api_client, where, options):
    from cloudtower.api import TaskApi

    tasks = TaskApi(api_client).get_tasks({"where": where}, **options) or []
    return [task for task in tasks if task is not None]


def _bounded(configured, left):
    """The timeout of a request: as configured, but no longer than what is left."""
    left = max(left, _SHORTEST_POLL)
    if configured is None:
        if left == float("inf"):
            return None
        configured = left
    pair = configured if isinstance(configured, tuple) else (configured, configured)
    connect, read = [known if part is None else part for part, known in zip(pair, DEFAULT_TIMEOUT)]
    return min(connect, left / float(_CONNECT_ATTEMPTS)), min(read, left)


def _is_timeout(error):
    from cloudtower._http.network_errors import ApiTimeoutError

    return isinstance(error, ApiTimeoutError)


def _failed(id, task):
    return TaskException(500, "Task %s failed: %s" % (_line(id), _message(task)), {id: task})


def _message(task):
    return _line(task.error_message or task.error_code)


def _line(value):
    """What a `str` on this Python can hold: Python 2.7 prints no other text than ASCII."""
    return value.encode("utf-8") if str is bytes and isinstance(value, TEXT) else str(value)


# ---- login -----------------------------------------------------------------


def _credentials(api_client, username, password, source):
    known = api_client.configuration.credentials
    if username is None and password is None and known is not None:
        username, password = known.username, known.password
        if source in (None, "LOCAL"):
            source = known.source
    for name, value in (("user name", username), ("password", password)):
        if value is None:
            raise ApiValueError(
                "login has no %s: pass it, or set CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD"
                " and start from Configuration.from_env()" % name
            )
    return username, password, source or "LOCAL"


def _ldap_directory(api_client):
    """The id of the server's LDAP directory, or None where it does not tell."""
    # Only the active node of several answers this.
    find = getattr(api_client, "active_client", None)
    client = api_client if find is None else find()
    timeout = _bounded(client.configuration.timeout, _GRAPHQL_TIMEOUT)
    try:
        url = _graphql_url(client.configuration)
        answer = client.request("POST", url, body=_STRATEGIES, _request_timeout=timeout)
        strategies = _parse(answer.data)["data"]["authnStrategies"]
        return next(each["id"] for each in strategies if each["type"] == "LDAP")
    except Exception as error:
        # Servers before 3.0 do not know the question. What else there may be, the login tells.
        from logging import getLogger

        getLogger(__name__).info("no LDAP directory found, logging in with LDAP: %r", error)
        return None


def _graphql_url(configuration):
    """Where the GraphQL API is: beside `/v2/api`, whatever stands before that."""
    host = address.with_scheme(configuration.host, "http")
    if host.endswith(DEFAULT_API_PATH):
        return host[: -len(DEFAULT_API_PATH)] + _GRAPHQL_PATH
    return address.join(address.with_scheme(configuration.root_url, "http"), _GRAPHQL_PATH)


def _parse(data):
    import json

    return json.loads(data.decode("utf-8"))


def _token(api_client, body):
    from cloudtower.api import UserApi

    try:
        result, status, _ = UserApi(api_client).login_with_http_info(body)
    except ApiException as error:
        # Some servers and proxies answer with what they were sent.
        error.body = _without(_line(body["password"]), error.body)
        raise
    token = result.data.token if result is not None and result.data is not None else None
    if not token:
        raise ApiException(
            status,
            "the server accepted the login but gave no token; a user with"
            " two-factor authentication needs an API token instead",
        )
    return token


def _without(secret, text):
    """The text with the secret hidden, as it is and as a JSON string, in JSON text too."""
    import json

    for _ in range(3):
        if secret and text:
            text = text.replace(secret, mask.HIDDEN)
        secret = json.dumps(secret)[1:-1]
    return text


# ---- what scripts import from here, loaded when first read -------------------

_ELSEWHERE = {
    "TaskApi": "cloudtower.api",
    "UserApi": "cloudtower.api",
    "GetTasksRequestBody": "cloudtower.models",
    "TaskStatus": "cloudtower.models",
    "TaskWhereInput": "cloudtower.models",
    "UserSource": "cloudtower.models",
}
_HERE = (
    "ApiException",
    "TaskException",
    "get_svt_image_version",
    "login",
    "wait_task",
    "wait_tasks",
)


def _resolve(name):
    if name in _ELSEWHERE:
        return getattr(import_module(_ELSEWHERE[name]), name)
    raise AttributeError("module %r has no attribute %r" % (__name__, name))


lazy.install(__name__, _resolve, lambda: list(_HERE) + list(_ELSEWHERE))
