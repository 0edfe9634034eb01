"""What this SDK raises.

This module loads nothing but the standard library's basics, so that a script
may import it for its `except` clauses at no cost. Failures of the network have
their own classes in `cloudtower.network_errors`; each of them is an
ApiException too.
"""

import re
from collections import namedtuple

from cloudtower._runtime import json_text, late, mask
from cloudtower._runtime.header_names import REQUEST_ID, find
from cloudtower._runtime.text import TEXT, printable, render_path

NOT_SENT = "not_sent"
REFUSED = "refused"
UNKNOWN = "unknown"


class OpenApiException(Exception):
    """The base of every exception of this SDK."""


class _ItemError(OpenApiException):
    """What the errors about one item of a value share: the item's path in their text."""

    def __init__(self, msg, path_to_item=None):
        self.path_to_item = path_to_item
        msg = _native(msg)
        if path_to_item:
            msg = "%s at %s" % (msg, render_path(path_to_item))
        super(_ItemError, self).__init__(msg)

    def __unicode__(self):  # which 2.7 asks for, where `str` is UTF-8
        return TEXT(str(self), "utf-8", "replace")


class ApiTypeError(_ItemError, TypeError):
    """A value has a type that cannot be used.

    Parameters:
        msg: what is wrong, str.
        path_to_item: the keys and indices that lead to the value, list, or None.
        valid_classes: the types that could be used, tuple, or None.
        key_type: whether the value is a key of a dict, bool, or None.
    """

    def __init__(self, msg, path_to_item=None, valid_classes=None, key_type=None):
        self.valid_classes = valid_classes
        self.key_type = key_type
        super(ApiTypeError, self).__init__(msg, path_to_item)


class ApiValueError(_ItemError, ValueError):
    """A value cannot be used. Parameters: as for ApiTypeError, less the types."""


class ApiAttributeError(_ItemError, AttributeError):
    """An attribute does not exist. Parameters: as for ApiValueError."""


class ApiKeyError(_ItemError, KeyError):
    """A key does not exist. Parameters: as for ApiValueError."""


class NoResultFound(OpenApiException, LookupError):
    """There is no such object."""


class MultipleResultsFound(OpenApiException, LookupError):
    """There are several such objects where one is wanted.

    Parameters:
        message: str.
        candidates: the objects, list of models.
    """

    def __init__(self, message="", candidates=()):
        super(MultipleResultsFound, self).__init__(message)
        self.candidates = list(candidates)

    def __reduce__(self):
        return type(self), (self.args[0], self.candidates)


class WaitTimeout(OpenApiException):
    """Objects did not become what a helper waited for in time.

    Parameters:
        message: which objects, and what they did not become, str.
        pending: these objects as last seen, list of models.
    """

    def __init__(self, message="", pending=()):
        super(WaitTimeout, self).__init__(message)
        self.pending = list(pending)

    def __reduce__(self):
        return type(self), (self.args[0], self.pending)


class UploadFailed(OpenApiException):
    """The server has given up an upload, or it was cancelled there: it has to begin again.

    Parameters:
        message: str.
        task: its UploadTask as last seen, or None.
    """

    def __init__(self, message="", task=None):
        super(UploadFailed, self).__init__(message)
        self.task = task

    def __reduce__(self):
        return type(self), (self.args[0], self.task)


class ChangesLost(OpenApiException):
    """The server no longer has all changes that a `watch` has not seen yet: list the objects.

    Parameters:
        message: str.
        since: the last revision that was seen, str.
        current: the revision to continue after, once the objects have been listed, str.
    """

    def __init__(self, message="", since=None, current=None):
        super(ChangesLost, self).__init__(message)
        self.since = since
        self.current = current

    def __reduce__(self):
        return type(self), (self.args[0], self.since, self.current)


class FleetError(OpenApiException):
    """Something failed on some towers of a fleet; on the others it was done.

    Parameters:
        errors: {name of the tower: exception}.
        total: how many towers there are, int, or None.
    """

    def __init__(self, errors=(), total=None):
        self.errors = dict(errors)
        self.total = total
        from cloudtower._runtime import tower_failures

        super(FleetError, self).__init__(tower_failures.text(self.errors, total))

    def __reduce__(self):
        return type(self), (self.errors, self.total)


class UnexpectedMatches(ApiValueError):
    """A write was not sent, because its filter hits other objects than it should.

    Attributes:
        operation: such as "VmApi.delete_vm", str.
        matches: the objects that the filter hits, list of models.

    Parameters besides these:
        name: the member of the body that holds the filter, str.
        wanted: what was expected, str.
    """

    def __init__(self, operation="", name="where", matches=(), wanted=""):
        self.operation = operation
        self.matches = list(matches)
        count = len(self.matches)
        text = "%s was not sent: `%s` matches %d %s, %s" % (
            operation,
            name,
            count,
            "object" if count == 1 else "objects",
            wanted,
        )
        shown = [_native("%s" % _label(each)) for each in self.matches[:_SHOWN_MATCHES]]
        more = ", ..." if count > len(shown) else ""
        super(UnexpectedMatches, self).__init__(
            text + (": %s%s" % (", ".join(shown), more) if shown else "")
        )
        self._given = operation, name, self.matches, wanted

    def __reduce__(self):
        return type(self), self._given


_SHOWN_MATCHES = 5


def _label(model):
    """The name of an object, or its id."""
    return getattr(model, "name", None) or getattr(model, "id", None) or model


class UnknownFieldWarning(UserWarning):
    """A name in a body that the interface does not know; see `Configuration.field_validation`."""


class NewerServerWarning(UserWarning):
    """A call needs a newer CloudTower than the server is; see `Configuration.warn_newer`."""


class MissingDataWarning(UserWarning):
    """A response with metrics lacks some of what was asked for; see `utils.metric_rows`."""


class ApiArgumentError(ApiTypeError, ApiAttributeError):
    """An object of another class is needed, such as an ApiClient instead of an address.

    It is an AttributeError too, which is what releases up to 2.23 raise here.
    """


class ReadOnlyError(OpenApiException):
    """A write of a client whose `Configuration.read_only` is set: nothing was sent.

    Attributes:
        operation: what was called, such as "VmApi.start_vm", str, or None.
        method: HTTP method, str.
        url: address or path of a request that is no operation, str, or None.
        outcome: always "not_sent".
    """

    operation = None
    method = None
    url = None
    outcome = NOT_SENT


class _read_only(object):
    """A property that instances may have an attribute in place of: scripts set some of these."""

    def __init__(self, read):
        self._read = read
        self.__doc__ = read.__doc__

    def __get__(self, instance, owner=None):
        return self if instance is None else self._read(instance)


class ApiException(OpenApiException):
    """A request that failed, or a response that cannot be used.

    Parameters:
        status: HTTP status, int; 0 where there was no response.
        reason: one line of text, str.
        http_resp: the response, a `rest.RESTResponse`; status, reason, body and
            headers are then taken from it.

    Attributes besides these:
        body: body of the response, str, or None.
        headers: headers of the response, a mapping, or None.
        operation: which operation failed, such as "VmApi.start_vm", or None.
        method: HTTP method of the request that failed, str, or None.
        url: its address without user, password and query, str, or None.
        outcome: what is known about the request. "not_sent": no server has seen
            it; "refused": the server declined it or had nothing to change (3xx,
            4xx); "unknown": it may have taken effect, partly or completely.
        attempts: what was tried, list of (seconds since the call began, what happened).
        advice: what to check where the response shows a likely cause, or where a redirect
            points that was not followed, str, or None.
        upload_task_id: of an upload that broke off, to resume it (see `utils.upload`), str,
            or None.
    """

    # for instances whose __init__ never ran, such as old pickles
    operation = None
    method = None
    url = None
    outcome = UNKNOWN
    advice = None
    attempts = ()
    upload_task_id = None

    #: How often a call that fails like this is tried at least, whatever its RetryPolicy.
    _attempts_due = 0
    #: Whether it ends a call, whatever its RetryPolicy: a login was repeated by its own.
    _is_final = False
    #: Why the call was not retried, if `attempts` does not show it, str.
    _gave_up = ""
    _parsed = None, None  # a body, and the Failure in it

    def __init__(self, status=None, reason=None, http_resp=None):
        if http_resp is None:
            self.status = status
            self.reason = reason
            self.body = None
            self.headers = None
        else:
            self.status = http_resp.status
            self.reason = http_resp.reason
            self.body = _native(http_resp.data)
            self.headers = http_resp.getheaders()
        self.operation = None
        self.outcome = REFUSED if _is_refusal(self.status) else UNKNOWN
        self.advice = None

    def _is_one_of_several(self):
        """Its text says nothing of the requests before it."""

    def _set_request(self, method, url):
        """Note which request failed, unless it is known already."""
        if self.method is None:
            self.method, self.url = method, mask.url(_ADDRESS.match(url).group())

    @_read_only
    def error(self):
        """The server's `ErrorBody`, or None where the body is not one."""
        if not self.body:
            return None
        try:
            value = json_text.loads(self.body)
        except ValueError:
            return None
        if not isinstance(value, dict):
            return None
        return late.module("models").ErrorBody.from_json(value)

    @_read_only
    def retryable(self):
        """Whether the same call may succeed later, bool: the server is busy, or a task locks."""
        return self.status in _TEMPORARY or self._failure().lock is not None

    @_read_only
    def code(self):
        """The server's error code, such as "VM_NOT_FOUND", str, or None.

        The member `code` of the body, otherwise `props.code`, otherwise the code that
        its message begins with.
        """
        return self._failure().code

    @_read_only
    def message(self):
        """The server's sentence, str, or None: the message of the body, without what it nests.

        Of a body that is not JSON, such as a proxy's page, the title or the first words.
        """
        return self._failure().message

    @_read_only
    def request_id(self):
        """What the server calls this request in its logs, str, or None."""
        return find(self.headers, REQUEST_ID)

    def _failure(self):
        """The `failure.Failure` in the body, which is parsed once."""
        body, found = self._parsed
        if found is None or body is not self.body:
            from cloudtower._runtime import failure  # only errors that are read need it

            found = failure.of_body(self.body)
            self._parsed = self.body, found
        return found

    def __str__(self):
        lines = ["(%s)" % self.status, "Reason: %s" % _masked(self.reason)]
        lines.extend(self._details())
        if self.headers:
            lines.append("HTTP response headers: %s" % mask.headers(self.headers))
        if self.body:
            lines.append("HTTP response body: %s" % mask.text(self.body))
        if self.request_id:
            lines.append("Request id: %s" % self.request_id)
        return "\n".join(_native(line) for line in lines) + "\n"

    def _details(self):
        """More lines of the text."""
        return [line for line in (self._summary(), self._tried(), self.advice) if line]

    def _tried(self):
        """How often the call was tried, and why not again, in one line; "" where it was once."""
        if len(self.attempts) < 2:
            return self._gave_up
        shown = ["%s (after %.1f s)" % (what, when) for when, what in self.attempts]
        if len(shown) > _SHOWN:
            shown[2:-2] = ["..."]
        tried = "Tried %d times: %s. " % (len(self.attempts), ", ".join(shown))
        return (tried + self._gave_up).rstrip()

    def _summary(self):
        """Operation, method, address, the server's sentence and its code, in one line.

        "" where the request is not known, such as for an exception that a script made.
        """
        if self.method is None:
            return ""
        from cloudtower._runtime import failure

        request = "%s %s" % (self.method, self.url)
        parts = [self.operation, request, failure.in_one_line(self._failure())]
        return ": ".join(_native(part) for part in parts if part)


class NotModifiedException(ApiException):
    """Status 304: the request was in order, and nothing changed."""

    def __init__(self, status=304, reason="Not Modified", http_resp=None):
        super(NotModifiedException, self).__init__(status, reason, http_resp)
        self.reason = "%s: nothing changed" % (self.reason or "Not Modified")


class NotFoundException(ApiException):
    """Status 404."""


class UnauthorizedException(ApiException):
    """Status 401."""


class ForbiddenException(ApiException):
    """Status 403."""


class ServiceException(ApiException):
    """Status 500 to 599."""


# ---- cases that scripts handle on their own ------------------------------------


class RateLimited(ApiException):
    """Status 429: too many requests in a short time. Nothing was done."""

    @_read_only
    def retry_after(self):
        """Seconds that the server asks to wait, float, or None where it does not say."""
        from cloudtower._http import retry_after

        return retry_after.seconds(self.headers)


class ResourceLocked(ApiException):
    """An object that the call would change is locked by a task. Nothing was done.

    `_lock_timeout=SECONDS` on a call that addresses one object by its id waits for it.
    With a status from 500 to 599 it is a ServiceException too.
    """

    @_read_only
    def resources(self):
        """What is locked: (type, id) of each, such as ("VM", "cl2k..."), list."""
        lock = self._failure().lock
        return [] if lock is None else lock.objects

    @_read_only
    def resource_ids(self):
        """The ids of what is locked, list of str; empty where the server does not say."""
        return [id for _, id in self.resources]

    @_read_only
    def task_ids(self):
        """The tasks that hold the lock, list of str; empty where the server does not say."""
        lock = self._failure().lock
        return [] if lock is None else lock.tasks


class LoginRefused(ApiException):
    """The server refused a login: wrong user name or password, locked account, ...

    To log in again with the same credentials does not help, and may lock the account.
    Depending on the status it is an UnauthorizedException (401), ForbiddenException (403)
    or ServiceException (500 to 599) too.

    Attributes besides those of ApiException:
        username: who could not log in, str, or None where it is not known.
    """

    username = None
    retryable = False

    def _details(self):
        lines = super(LoginRefused, self)._details()
        return lines + ["User: %s" % printable(self.username)] if self.username else lines


class TaskException(ApiException):
    """Tasks failed (TaskFailed), or did not finish in time (TaskTimeout).

    Parameters:
        status: 500 or 408, int; no server has sent it.
        reason: one line of text, or a line for each task, str.
        tasks: {id: Task} of these tasks, as last seen; None for a task that the
            server has not shown yet.

    Attributes besides those of ApiException:
        tasks: as the parameter.

    `code`, `elf_code` and `message` are those of the first task that failed: its
    `error_code`, the code of the layer below (ELF, ZBS) where it is nested, and its
    `error_message` without the layers it is nested in.
    """

    __module__ = "cloudtower.utils"  # where scripts and pickles know it

    def __init__(self, status=None, reason=None, tasks=None):
        super(TaskException, self).__init__(status, reason)
        self.tasks = tasks or {}
        self.outcome = UNKNOWN  # the server has declined nothing, whatever the number says

    @_read_only
    def elf_code(self):
        """The code of the layer that the task failed in, str, or None where it is the same."""
        return self._failure().inner_code

    @_read_only
    def causes(self):
        """Why each task failed, list of TaskCause; empty where none of them has."""
        return [
            TaskCause(id, found.code, found.inner_code, found.message)
            for id, _, found in self._failures()
        ]

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
        return self._unfinished() if self.status == 408 else self._explained()

    def _unfinished(self):
        from cloudtower._runtime import failure

        states = [failure.unfinished(id, task) for id, task in sorted(self.tasks.items())]
        lines = ["Not finished: %s" % ", ".join(states)]
        trouble = getattr(self, "__cause__", None)
        if isinstance(trouble, ApiException):
            lines.append("The last poll failed: %s" % trouble.reason)
        return lines

    def _explained(self):
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


#: Why a task failed: its id, `error_code`, the code of the layer below and the sentence.
#: Each is str; the last three may be None.
TaskCause = namedtuple("TaskCause", "task_id code elf_code message")


class TaskFailed(TaskException):
    """Tasks failed; `causes` says why. What they did before they failed may remain."""


class TaskTimeout(TaskException):
    """Tasks did not finish in time. They continue to run, and can be waited for again."""


_SHOWN = 6  # attempts that the text of an error lists
_ADDRESS = re.compile(r"[^?#]*")

# What these say comes after the request was handled (303), or from a gateway that
# gave up on it while the server may still have been at work.
_UNDECIDED = (303, 408, 444, 460, 499)


# What later attempts can help with.
_TEMPORARY = (408, 425, 429, 502, 503, 504)


def _is_refusal(status):
    return isinstance(status, int) and 300 <= status < 500 and status not in _UNDECIDED


def _masked(reason):
    return mask.text(reason) if isinstance(reason, (str, TEXT)) else reason


def _native(text):
    """The text or bytes as str: Python 2.7 prints no other text than that."""
    if text is None or isinstance(text, str):
        return text
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text.encode("utf-8")
