"""The guard: what a change acts on must have been said, and names must be known.

Of a write in which filters can stand it looks at the JSON text that goes out, parsed
again, so that what was checked is what is sent. Elsewhere only the names are looked
at, in what the caller gave.
"""

import json

from cloudtower._runtime import expected, field_validation, late
from cloudtower._runtime.extent import EVERYTHING, extent
from cloudtower._runtime.fault import Fault, Unknown, dotted
from cloudtower._runtime.field import Given
from cloudtower._runtime.model import Model
from cloudtower._runtime.null import NULL
from cloudtower._runtime.text import INTEGERS, TEXT, is_recursion, native
from cloudtower.exceptions import ApiTypeError, ApiValueError

#: Faults that `_allow_all` lets pass.
_OPENED = ("everything", "missing", "relation")
_TOO_DEEP = "its body is nested too deeply"
#: Steps that a message shows of the path of a filter too deep.
_SHOWN = 20


def check(operation, encoded, mode, allow_all=None):
    """Refuse a write with a filter that nobody can have meant, and report unknown names.

    Parameters:
        operation: the Operation whose body it is.
        encoded: the body, an Encoded; None: nothing is sent.
        mode: `field_validation.mode_of` the client.
        allow_all: `_allow_all` as `allowed` returns it.

    Raises ApiValueError that names the operation and the filter or the name.
    """
    kind = operation.body.kind
    judges = not operation.read and leads_to_filter(kind)
    unknown = []
    if judges and not _members(kind)[1] and encoded is not None:
        # No filter is required, and most bodies of this kind have none: `create_vm`.
        unknown, judges = _names(encoded, kind, _SEARCH)
    elif not judges and encoded is not None and mode != field_validation.IGNORE:
        unknown, _ = _names(encoded, kind, _NAMES)
    if judges:
        unknown = _judged(operation, encoded, kind, mode, allow_all)
    if unknown and mode != field_validation.IGNORE:
        field_validation.report(operation, unknown, mode)


def _judged(operation, encoded, kind, mode, allow_all):
    """The unknown names outside of filters, once nothing in the body is to be refused."""
    body = None if encoded is None else _parsed(encoded.text, operation)
    unknown = []
    try:
        found = faults(body, kind)
    except RuntimeError as error:
        if not is_recursion(error):
            raise
        raise ApiValueError("%s was not sent: %s" % (operation.label, _TOO_DEEP))
    for fault in found:
        if fault.kind == "unknown" and not fault.in_filter:
            unknown.append(fault)
        elif not _passes(fault, operation, body, mode, allow_all):
            raise ApiValueError(_refusal(operation, fault, unknown))
    return unknown


def problems(operation, encoded, allow_all=None):
    """Why a body is not to be sent: all that `check` finds, unknown names included.

    Parameters:
        operation, encoded, allow_all: as for `check`.

    Returns [(path, kind of the Fault, message)], each str.
    """
    kind = operation.body.kind
    body = _parsed(encoded.text, operation)
    return [
        (dotted(fault.path), fault.kind, fault.message)
        for fault in faults(body, kind)
        if not _passes(fault, operation, body, field_validation.STRICT, allow_all)
    ]


def _passes(fault, operation, body, mode, allow_all):
    if fault.kind == "unknown":
        steps = range(len(fault.path))
        return mode == field_validation.IGNORE and any(
            _is_given(fault.path[:count], allow_all) for count in steps
        )
    return fault.kind in _OPENED and _is_allowed(fault.path, allow_all, operation, body)


def check_type(operation, content_type, allow_all=None):
    """Refuse a body that is not sent as JSON, so that its filters cannot be checked.

    Parameters:
        operation, allow_all: as for `check`.
        content_type: as what the body would be sent, str.
    """
    if allow_all is not True and leads_to_filter(operation.body.kind):
        raise ApiValueError(
            "%s was not sent: the filters in a body of type %s cannot be checked "
            "(pass _allow_all=True to send it anyway)" % (operation.label, content_type)
        )


def most_matches(client):
    """`Configuration.max_matches` of a client, int or None: any number.

    Of several nodes the smallest holds: after a failover any of them may be the active one.
    What only looks like a client, such as a mock, has no limit. What is not a number is
    returned as it is; `matches` refuses it.
    """
    found = [_most_of(each) for each in expected.configurations(client)]
    known = [most for most in found if most is not None]
    wrong = [most for most in known if not isinstance(most, INTEGERS)]
    return wrong[0] if wrong else min(known) if known else None


def _most_of(configuration):
    most = getattr(configuration, "max_matches", None)
    if most is None or isinstance(most, INTEGERS):
        return most
    # An attribute of a mock is another mock.
    return most if isinstance(configuration, late.module("configuration").Configuration) else None


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
    if operation.body is None:
        return False
    return _leads_along(operation.body.kind, path)


def _leads_along(kind, path):
    """Whether the members of a path lead from a type to a filter."""
    kind = kind.leaf
    if kind.value is not None:
        return bool(path) and _leads_along(kind.value, path[1:])
    if kind.parts:
        return any(_leads_along(each, path) for each in kind.parts)
    if not path:
        return kind.is_filter
    if path[0].isdigit():
        return _leads_along(kind, path[1:])
    if kind.is_scalar:
        return False
    field = kind.target.__schema__.by_json.get(path[0])
    return field is not None and _leads_along(field.type, path[1:])


def _is_allowed(path, allow_all, operation, body):
    """Whether the call, or the row of its operation, lets the filter at a path pass."""
    return _is_given(path, allow_all) or _is_open(path, operation, body)


def _is_given(path, allow_all):
    """Whether the call lets the filter at a path pass."""
    return allow_all is True or any(_is_same(path, each) for each in allow_all or ())


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
    """The faults of the filters in a write's body, and its unknown names: a list of both.

    Parameters:
        body: as `json.loads` makes it.
        kind: the type it should have, of `datatypes`.
    """
    found = []
    _visit(body, kind, (), found, _JUDGE)
    return found


def _names(encoded, kind, purpose):
    """The names in a body that the interface does not know, filters included.

    Parameters:
        encoded: the body, an Encoded.
        kind: the type it should have, of `datatypes`.
        purpose: _NAMES, or _SEARCH to give up at the first filter.

    Returns (a list of Unknown, whether there is a filter to judge).
    """
    for read in (lambda: encoded.value, lambda: _scan(encoded.text, 0)[0]):
        found = []
        try:
            _visit(read(), kind, (), found, purpose)
            return found, False
        except _FilterFound:
            return [], True
        except _Unreadable:
            pass
        except RuntimeError:  # another thread changes a dict, or it is nested too deeply
            if purpose is _SEARCH:
                return [], True
    return found, False


# What `_visit` is for. _NAMES and _SEARCH look at what the caller gave.
_JUDGE = "judge the filters, and find unknown names elsewhere"
_NAMES = "find unknown names"
_SEARCH = "the same, but stop where there is a filter"


class _FilterFound(Exception):
    """A write's body has a filter, so its text must be judged."""


def _visit(value, kind, path, found, purpose):
    """Look at a value and all that is in it.

    Parameters:
        value: as `json.loads` makes it, or as the caller gave it.
        kind, path: the type it should have, and where it stands.
        found: the list that gets the faults.
        purpose: _JUDGE, _NAMES or _SEARCH.
    """
    judges = purpose is _JUDGE
    members, required = _known.get(kind.name) or _members(kind)
    if members is None:
        if kind.leaf.parts:
            _visit_parts(value, kind, path, found, purpose)
        return
    own = value.__class__
    if own is list or own is tuple:
        if kind.item or (value and not (judges and kind.is_filter)):
            # Also where no list belongs: what is in one is checked too.
            for index, element in enumerate(value):
                _visit(element, kind.item or kind, path + (index,), found, purpose)
            return
    if kind.item is not None:
        kind = kind.leaf  # a single object where a list is declared, which the server accepts
    if kind.is_filter and purpose is not _NAMES:
        if purpose is _SEARCH:
            raise _FilterFound()
        if extent(kind.target, value, path, found) is EVERYTHING:
            message = "matches every object and so would act on all of them"
            found.append(Fault(path, "everything", message))
        return
    given = value if own is dict else _object(value)
    for name, inner in given.items():
        field = members.get(name, _MISSING)
        if field is None:
            continue
        if field is _MISSING:
            if not hasattr(name, "encode"):
                raise _Unreadable()
            rest = kind.target.__schema__.rest
            if rest is None:
                found.append(Unknown(path + (name,), kind.target))
            else:
                _visit(inner, rest, path + (name,), found, purpose)
        elif judges:
            if inner is not None or field.type.is_filter:
                # a list or an object that is null is not given
                _visit(inner, field.type, path + (name,), found, purpose)
        elif inner.__class__ not in _SCALARS:
            _visit(inner, field.type, path + (name,), found, purpose)
        elif purpose is _SEARCH and field.type.is_filter:
            raise _FilterFound()
    if judges:
        for field in required:
            is_null = field.type.is_filter and field.json in given
            if given.get(field.json) is None and not is_null:
                _miss(field, path, found)


def _visit_parts(value, kind, path, found, purpose):
    """As `_visit`, of a map or a union, or of a list of them."""
    if kind.item is not None and value.__class__ in (list, tuple):
        for index, element in enumerate(value):
            _visit(element, kind.item, path + (index,), found, purpose)
        return
    kind = kind.leaf
    if kind.value is None:
        _visit(value, _meant(kind, value), path, found, purpose)
    elif value.__class__ is dict:
        for name, inner in value.items():
            _visit(inner, kind.value, path + (name,), found, purpose)
    else:
        _object(value)


def _meant(kind, value):
    """The member of a union that a value belongs to."""
    if isinstance(value, Model):
        for each in kind.parts:
            if each.is_model and isinstance(value, each.target):
                return each
    if value.__class__ in _READABLE:
        return kind.closest(value)
    raise _Unreadable()


class _Unreadable(Exception):
    """What stands in a body is known only from its JSON text: what it yielded is gone."""


_MISSING = object()
_SCALARS = frozenset((str, TEXT, bool, float, type(None), type(NULL)) + INTEGERS)
_READABLE = _SCALARS.union((dict, list))


def _object(value):
    """The members of what stands where an object belongs, a dict."""
    if value.__class__ in _SCALARS or value.__class__ in (list, tuple):
        return {}
    if isinstance(value, Model) and value._values.__class__ is Given:
        return value._values
    raise _Unreadable()


def _miss(field, path, found):
    """The filters that are missing because a member is."""
    path += (field.json,)
    if field.type.is_filter:
        message = "is required and missing, so it would act on every object"
        found.append(Fault(path, "missing", message))
    elif field.type.item is None:
        for each in _members(field.type)[1]:
            _miss(each, path, found)


_leads = {}  # name of a type -> whether it leads to a filter; final answers only
_known = {}  # name of a type -> what `_members` returns


def leads_to_filter(kind):
    """Whether a value of the type can have a filter in it, at any depth."""
    if kind.name not in _leads:
        _leads[kind.name] = _reaches_filter(kind, set())
    return _leads[kind.name]


def _reaches_filter(kind, seen):
    kind = kind.leaf
    if kind.is_filter:
        return True
    if kind.parts:
        return any(_reaches_filter(each, seen) for each in kind.parts)
    if kind.is_scalar or kind.name in seen or kind.is_enum:
        return False
    seen.add(kind.name)
    schema = kind.target.__schema__
    if schema.rest is not None and _reaches_filter(schema.rest, seen):
        return True
    return any(_reaches_filter(each.type, seen) for each in schema.fields)


def _members(kind):
    """What an object of the type, or in a list of it, may have.

    The classes of its members are not loaded: most bodies have few of them.

    Returns ({JSON name: its Field; None where no value has names in it}, the fields
    that are required and lead to filters), or (None, ()) for what is not an object.
    """
    known = _known.get(kind.name)
    if known is None:
        known = None, ()
        if kind.leaf.is_model:
            fields = kind.leaf.target.__schema__.fields
            known = (
                dict((each.json, None if _is_plain(each.type.leaf) else each) for each in fields),
                [each for each in fields if each.required and leads_to_filter(each.type)],
            )
        _known[kind.name] = known
    return known


def _is_plain(kind):
    """Whether no value of a type has names in it."""
    return kind.is_scalar and not kind.parts


# ---- the text ----------------------------------------------------------------


def _parsed(text, operation):
    try:
        return _decoder.raw_decode(text)[0]
    except _Repeated as error:
        problem = "an object in its body has the name `%s` twice" % native(error.args[0])
    except RuntimeError as error:
        if not is_recursion(error):
            raise
        problem = _TOO_DEEP
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
_scan = json.JSONDecoder().raw_decode


def _refusal(operation, fault, unknown):
    path = dotted(fault.path)
    if fault.kind == "depth":
        path = dotted(fault.path[:_SHOWN]) + "..."
    noun = "" if fault.kind == "unknown" else "its filter "
    message = "%s was not sent: %s`%s` %s" % (operation.label, noun, path, fault.message)
    if fault.kind == "missing" and unknown:  # which is often the filter under a wrong name
        message += "; `%s` %s" % (dotted(unknown[0].path), unknown[0].message)
    if fault.kind == "relation":
        message += ' (pass _allow_all=["%s"] to send it anyway)' % path
    elif fault.kind in _OPENED:
        message += " (pass _allow_all=True to send it anyway)"
    return message
