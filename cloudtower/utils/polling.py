"""Reads that are repeated until what they find is as it should be."""

from cloudtower._runtime.text import printable
from cloudtower.exceptions import ApiException, ApiTypeError, WaitTimeout
from cloudtower.utils.deadlines import Deadline, check, pauses
from cloudtower.utils.conditions import has_status
from cloudtower.utils.methods import Method

_SHOWN = 10  # objects that an error names
_STATES = ("status", "entity_async_status")
_TELLING = ("name", "id") + _STATES


def wait_until(method, body=None, predicate=None, timeout=300, where=None):
    """Read until all objects that a list returns meet a condition.

        vms = wait_until(vm_api.get_vms, {"where": {"name": "web-1"}}, has_ip)

    While the list returns nothing, it is waited for as well. To wait until objects are gone,
    wait for their count:
    `wait_until(vm_api.get_vms_connection, body, lambda found: found.aggregate.count == 0)`.

    Parameters:
        method: a read, such as `vm_api.get_vms`.
        body: its body, model or dict.
        predicate: callable(object) that returns whether it is met: `has_ip`, `has_vm_tools`,
            `is_idle`, `has_status("RUNNING")` of this package, or a function of your own.
            Where the method does not return a list, it gets what the method returns.
        timeout: seconds to wait in all, number; None: no limit.
        where: a filter instead of a body.

    Returns what the method returned last. Raises WaitTimeout, whose `pending` are the objects
    that do not meet the condition, and whose `__cause__` is the ApiException of the last poll
    where the server did not respond to it; ApiTypeError for a method that is not a read, or a
    predicate that cannot be called; ApiValueError for an unknown name or a negative timeout;
    ApiException; what the predicate raises.
    """
    found = Method("wait_until", method)
    if not found.row.read:
        raise found.cannot("it is a write, and would be repeated")
    if not callable(predicate):
        raise ApiTypeError("the predicate of wait_until is a function, not %r" % (predicate,))
    if predicate is has_status:
        raise ApiTypeError('has_status needs its statuses: write has_status("RUNNING")')
    check(timeout)
    body = found.checked(found.given(body, where))
    deadline = Deadline(timeout)
    pending, nothing = [], "no response"
    for pause in pauses():
        trouble = None
        try:
            with deadline.look():
                response = found(body)
        except ApiException as error:
            if not deadline.explains(error):
                raise
            trouble = error
        else:
            nothing = "nothing was found"
            seen = response if isinstance(response, list) else [response]
            seen = [each for each in seen if each is not None]
            pending = [each for each in seen if not predicate(each)]
            if seen and not pending:
                return response
        if not deadline.rest(pause):
            break
    what = getattr(predicate, "__name__", type(predicate).__name__)
    what = "%s: %s was not met within %g s" % (found.label, what, timeout)
    raise timed_out(what, pending, trouble, nothing)


def timed_out(what, pending, trouble=None, nothing="nothing was found"):
    """A WaitTimeout that names objects.

    Parameters:
        what: what did not happen, str.
        pending: those that it did not happen to, list of models.
        trouble: why the last poll failed, ApiException, or None.
        nothing: what is said where there are no such objects, str.
    """
    named = [_described(each) for each in pending[:_SHOWN]]
    if len(pending) > _SHOWN:
        named.append("and %d more" % (len(pending) - _SHOWN))
    return unsettled("%s: %s" % (what, ", ".join(named) or nothing), pending, trouble)


def unsettled(text, pending, trouble):
    """A WaitTimeout that says why the last poll failed, if it did.

    Parameters:
        text: what did not happen in time, str.
        pending: objects as last seen, list of models.
        trouble: ApiException, or None.
    """
    if trouble is not None:
        trouble._is_one_of_several()
        text += ". The last poll failed: %s" % trouble.reason
    error = WaitTimeout(text, pending)
    error.__cause__ = trouble
    return error


def _described(model):
    """Such as "web-1 (RUNNING, UPDATING)"."""
    fields = getattr(type(model), "openapi_types", {})
    values = dict((name, getattr(model, name)) for name in _TELLING if name in fields)
    states = [printable(values[name]) for name in _STATES if values.get(name)]
    name = values.get("name") or values.get("id") or type(model).__name__
    return printable(name) + (" (%s)" % ", ".join(states) if states else "")
