"""The keyword `_lock_timeout`: for how long a write waits until its object is not locked."""

from cloudtower._runtime import codec
from cloudtower._runtime.text import TEXT, is_number
from cloudtower.exceptions import ApiTypeError, ApiValueError

_LONGEST = 10**9  # seconds, as for the other timeouts

# What names one object in a filter: `host_id` is in that of maintenance and power of hosts.
_IDS = ("id", "host_id", "id_in")


def check(operation, seconds, body):
    """Refuse a `_lock_timeout` that is invalid, or on a call that cannot wait.

    A call waits where it is a write whose filter is the id of one object: repeated, it can
    only act on that object.

    Parameters:
        operation: the Operation that is called.
        seconds: `_lock_timeout` of the call.
        body: as it is sent: an Encoded, or what the caller gave.

    Raises ApiTypeError or ApiValueError, which names the operation.
    """
    if not is_number(seconds):
        raise _refusal(ApiTypeError, operation, "is a number of seconds, not %r" % (seconds,))
    if not 0 <= seconds <= _LONGEST:
        raise _refusal(ApiValueError, operation, "is at least 0 seconds, not %r" % (seconds,))
    if operation.read:
        raise _refusal(ApiTypeError, operation, "is for writes, and this call changes nothing")
    name = _filter_of(operation)
    if name is None:
        raise _refusal(ApiTypeError, operation, _NO_FILTER % operation.name)
    if not _names_one(_member(body, name)):
        raise _refusal(ApiValueError, operation, _OTHER_FILTER % (name, name))


_NO_FILTER = (
    "is for a write that addresses one object by its id, but the body of %s has no filter to do so"
)
_OTHER_FILTER = (
    'is for a write that addresses one object by its id, with the filter {"%s": {"id": "..."}}, '
    "but `%s` is a different filter; with several objects, a retried call might act on others"
)


def _refusal(make, operation, message):
    return make("%s was not sent: _lock_timeout %s" % (operation.label, message))


def _filter_of(operation):
    """The name of the member that says which objects a body is about, or None."""
    kind = operation.body.kind.leaf if operation.body else None
    if kind is None or not kind.is_model:
        return None
    fields = kind.target.__schema__.by_json
    if "where" in fields:
        return "where"
    required = [each.json for each in fields.values() if each.type.is_filter and each.required]
    return required[0] if len(required) == 1 and operation.body.kind.item is None else None


def _member(body, name):
    """A member of a body, or of the only one in a list of bodies, as `json.loads` makes it."""
    if body is not None:
        body = codec.loads(body.text) if body.__class__ is codec.Encoded else codec.sanitize(body)
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    return body.get(name) if isinstance(body, dict) else None


def _names_one(where):
    """Whether a filter is the id of one object, and nothing else."""
    if not isinstance(where, dict) or len(where) != 1:
        return False
    ((name, value),) = where.items()
    if name == "id_in" and isinstance(value, list) and len(value) == 1:
        value = value[0]
    return name in _IDS and isinstance(value, TEXT) and value != ""
