"""What a request can be refused with, as the interface's ErrorBody, and how a task fails."""

_LOCK_TYPES = {"Vm": "VM", "VmVolume": "VM_VOLUME"}


class Refusal(Exception):
    """An answer that is an error.

    Parameters:
        status: the HTTP status, int.
        message: what is wrong, str; codes of CloudTower's catalogue stand in it.
        code: the member `code`, of which the interface has one: "ResourceLocked".
        props: details, a dict.
        headers: more headers of the answer, a dict.
    """

    def __init__(self, status, message, code=None, props=None, headers=None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.props = props
        self.headers = headers or {}

    def body(self, path):
        """The ErrorBody for a route such as "/start-vm", with its keys in alphabetical order."""
        body = {"code": self.code} if self.code else {}
        return dict(body, message=self.message, path=path, props=self.props, status=self.status)


class TaskFailure(Exception):
    """Ends a task with FAILED.

    Parameters:
        code: code of the layer below that refused, such as "VM_DUPLICATED_NAME".
        message: one sentence, str.
        error_code: the task's code; by default `code`.
    """

    def __init__(self, code, message, error_code=None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.error_code = error_code or code


def refused(code, message, status=400):
    """A Refusal whose message begins with a code of the catalogue."""
    return Refusal(status, "%s: %s" % (code, message), props={"code": code})


def locked(records):
    """The Refusal for records on which a task is running."""
    resources = [
        {"id": record.id, "type": _LOCK_TYPES.get(record.kind.name, record.kind.name)}
        for record in records
    ]
    named = ", ".join("%(type)s-%(id)s" % resource for resource in resources)
    message = "Resource [%s] locked" % named
    return Refusal(400, message, code="ResourceLocked", props={"locked_resources": resources})


def require(condition, code, message):
    """Refuse unless a condition holds."""
    if not condition:
        raise refused(code, message)


def invalid(path, message):
    """The Refusal of a member of the body that has a wrong value."""
    return Refusal(400, message, props={"path": path})
