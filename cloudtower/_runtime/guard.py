"""The guard of writes: what a change acts on must have been said.

It looks at the JSON text that goes out, parsed again, so that what was checked is
what is sent. Where no filter can stand it does not look.
"""

import json

from cloudtower._runtime import datatypes
from cloudtower._runtime.extent import EVERYTHING, extent
from cloudtower._runtime.fault import Fault
from cloudtower._runtime.text import TEXT, is_recursion, native
from cloudtower.exceptions import ApiTypeError, ApiValueError

#: Faults that `_allow_all` lets pass; an unknown name never passes.
_OPENED = ("everything", "missing", "relation")
#: Steps that a message shows of the path of a filter too deep.
_SHOWN = 20


def check(operation, text, allow_all=None):
    """Refuse a body with a filter that nobody can have meant.

    Parameters:
        operation: the Operation whose body it is.
        text: the JSON text that is going to be sent, str; None: nothing is.
        allow_all: `_allow_all` as `allowed` returns it.

    Raises ApiValueError that names the operation and the filter.
    """
    kind = datatypes.parse(operation.body.type)
    if not leads_to_filter(kind):  # then the text need not be parsed
        return
    body = None if text is None else _parsed(text, operation)
    for fault in faults(body, kind):
        if fault.kind not in _OPENED or not _is_allowed(fault.path, allow_all, operation, body):
            raise ApiValueError(_refusal(operation, fault))


def check_type(operation, content_type, allow_all=None):
    """Refuse a body that is not sent as JSON, so that its filters cannot be checked.

    Parameters:
        operation, allow_all: as for `check`.
        content_type: as what the body would be sent, str.
    """
    if allow_all is not True and leads_to_filter(datatypes.parse(operation.body.type)):
        raise ApiValueError(
            "%s was not sent: the filters in a body of type %s cannot be checked "
            "(pass _allow_all=True to send it anyway)" % (operation.label, content_type)
        )


# ---- _allow_all --------------------------------------------------------------


def allowed(value, operation):
    """What `_allow_all` allows: True, False, or a list of paths, each a list of steps.

    Parameters:
        value: True, False, or a list of paths of filters in the body, such as
            "where.labels_some". The indexes of lists may be left out.
        operation: the Operation that is called.

    Raises ApiTypeError for anything else, ApiValueError for a path at which the
    body has no filter.
    """
    if value is True or value is False:
        return value
    if not isinstance(value, (list, tuple, set, frozenset)) or not all(
        isinstance(each, (str, TEXT)) for each in value
    ):
        raise ApiTypeError(
            "_allow_all is True, False or a list of the filters to let pass, "
            'such as ["where.labels_some"], not %r' % (value,)
        )
    paths = [each.split(".") for each in value]
    for path in paths:
        if not _is_filter(path, operation):
            raise ApiValueError(
                "_allow_all names %r, but the body of %s has no such filter"
                % (native(".".join(path)), operation.label)
            )
    return paths


def _is_filter(path, operation):
    """Whether the body can have a filter at a path."""
    kind = datatypes.parse(operation.body.type) if operation.body else datatypes.SCALARS["object"]
    for step in path:
        kind = _item(kind)
        if step.isdigit():
            continue
        if not isinstance(kind, datatypes.Reference):
            return False
        field = kind.target.__schema__.by_json.get(step)
        if field is None:
            return False
        kind = field.type
    return _item(kind).is_filter


def _is_allowed(path, allow_all, operation, body):
    """Whether the call, or the row of its operation, lets the filter at a path pass."""
    if allow_all is True or any(_is_same(path, each) for each in allow_all or ()):
        return True
    return _is_open(path, operation, body)


def _is_same(path, given):
    """Whether a path is the one given, in which indexes may be missing."""
    rest = list(given)
    for step in path:
        if rest and rest[0] == str(step):
            del rest[0]
        elif not isinstance(step, int):
            return False
    return not rest


def _is_open(path, operation, body):
    """Whether the filter at a path is one that the row allows to match everything."""
    steps = [step for step in path if not isinstance(step, int)]
    condition = operation.allow_all.get(".".join(steps))
    if condition is None or condition is True:
        return bool(condition)
    for name in condition.split("."):
        body = body.get(name) if isinstance(body, dict) else None
    return bool(body)


# ---- the body ----------------------------------------------------------------


def faults(body, kind):
    """The faults of the filters in a body: a list of Fault.

    Parameters:
        body: as `json.loads` makes it.
        kind: the type it should have, of `datatypes`.
    """
    found = []
    if leads_to_filter(kind):
        _visit(body, kind, (), found)
    return found


def _visit(value, kind, path, found):
    if value.__class__ is list and (kind.item or (value and not kind.is_filter)):
        # Also where no list belongs: the filters in one are checked too.
        for index, element in enumerate(value):
            _visit(element, kind.item or kind, path + (index,), found)
        return
    kind = _item(kind)  # one object in the place of a list, which the server takes too
    if kind.is_filter:
        if extent(kind.target, value, path, found) is EVERYTHING:
            message = "matches every object and so would act on all of them"
            found.append(Fault(path, "everything", message))
        return
    branches, required = _branches(kind)
    given = value if value.__class__ is dict else {}
    for name, inner in given.items():
        field = branches.get(name)
        # a list or an object that is null is not given
        if field is not None and (inner is not None or field.type.is_filter):
            _visit(inner, field.type, path + (name,), found)
    for field in required:
        if given.get(field.json) is None and not (field.type.is_filter and field.json in given):
            _miss(field, path, found)


def _miss(field, path, found):
    """The filters that are missing because a member is."""
    path += (field.json,)
    if field.type.is_filter:
        message = "is required and missing, so it would act on every object"
        found.append(Fault(path, "missing", message))
    elif field.type.item is None:
        for each in _branches(field.type)[1]:
            _miss(each, path, found)


def _item(kind):
    while kind.item is not None:
        kind = kind.item
    return kind


_leads = {}  # name of a type -> whether it leads to a filter; final answers only
_fields = {}  # name of a class -> its fields that lead to filters, see `_branches`


def leads_to_filter(kind):
    """Whether a value of the type can have a filter in it, at any depth."""
    if kind.name not in _leads:
        _leads[kind.name] = _reaches_filter(kind, set())
    return _leads[kind.name]


def _reaches_filter(kind, seen):
    kind = _item(kind)
    if kind.is_filter:
        return True
    if not isinstance(kind, datatypes.Reference) or kind.name in seen or kind.target.is_enum:
        return False
    seen.add(kind.name)
    return any(_reaches_filter(each.type, seen) for each in kind.target.__schema__.fields)


def _branches(kind):
    """({JSON name: Field} of what leads to filters, those of them that are required)."""
    known = _fields.get(kind.name)
    if known is None:
        fields = [each for each in kind.target.__schema__.fields if leads_to_filter(each.type)]
        known = dict((each.json, each) for each in fields), [
            each for each in fields if each.required
        ]
        _fields[kind.name] = known
    return known


# ---- the text ----------------------------------------------------------------


def _parsed(text, operation):
    try:
        return _decoder.raw_decode(text)[0]
    except _Repeated as error:
        problem = "an object in its body has the name `%s` twice" % native(error.args[0])
    except RuntimeError as error:
        if not is_recursion(error):
            raise
        problem = "its body is nested too deeply"
    raise ApiValueError("%s was not sent: %s" % (operation.label, problem))


class _Repeated(Exception):
    """An object has a name twice: {1: ..., "1": ...} becomes one in JSON."""


def _once(pairs):
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Repeated(next(name for name in names if names.count(name) > 1))
    return made


_decoder = json.JSONDecoder(object_pairs_hook=_once)


def _refusal(operation, fault):
    steps = [native(step) if hasattr(step, "encode") else str(step) for step in fault.path]
    path = ".".join(steps)
    if fault.kind == "depth":
        path = ".".join(steps[:_SHOWN]) + "..."
    noun = "" if fault.kind == "unknown" else "its filter "
    message = "%s was not sent: %s`%s` %s" % (operation.label, noun, path, fault.message)
    if fault.kind == "relation":
        message += ' (pass _allow_all=["%s"] to send it anyway)' % path
    elif fault.kind in _OPENED:
        message += " (pass _allow_all=True to send it anyway)"
    return message
