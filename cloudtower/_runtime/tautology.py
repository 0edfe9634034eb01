"""Whether a filter matches every object there is.

By the truth table of CloudTower's filter language: `{}` matches everything,
so does `NOT: []`, `name_contains: ""` or `vms_every: {}`. Where the answer
depends on the objects, the filter counts as one that selects.
"""

from cloudtower._runtime.datatypes import LISTS
from cloudtower._runtime.model import Model
from cloudtower._runtime.null import NULL

EVERYTHING = "everything"
SOMETHING = "something"
NOTHING = "nothing"


def matches_everything(where, value):
    """Whether a filter of the class `where` matches everything.

    Parameters:
        where: a `*WhereInput` class.
        value: the filter, a dict or a model; None is a filter not given.
    """
    return extent(where, value) is EVERYTHING


def extent(where, value):
    """EVERYTHING, NOTHING or SOMETHING: what a filter can match.

    Members stand side by side as in a conjunction. A member that is unknown,
    or of a kind that no filter has, counts as one that selects: it is another
    check that refuses it.
    """
    if value is None or value is NULL:
        return EVERYTHING
    if isinstance(value, Model):
        items = value._sent().items()
    elif isinstance(value, dict):
        items = value.items()
    else:
        return SOMETHING
    fields = where.__schema__.by_json
    return _conjunction(
        [
            (
                _member(where, fields[name], None if inner is NULL else inner)
                if name in fields
                else SOMETHING
            )
            for name, inner in items
        ]
    )


def _conjunction(extents):
    if NOTHING in extents:
        return NOTHING
    return SOMETHING if SOMETHING in extents else EVERYTHING


def _disjunction(extents):
    if EVERYTHING in extents:
        return EVERYTHING
    return SOMETHING if SOMETHING in extents else NOTHING


_NEGATED = {EVERYTHING: NOTHING, NOTHING: EVERYTHING, SOMETHING: SOMETHING}


def _member(where, field, value):
    if field.operand is None:
        return _logic(where, field.json, value)
    return _judge(field.operand)(where, field, value)


def _logic(where, name, value):
    if name not in ("AND", "OR", "NOT"):
        return SOMETHING
    if value is None:
        return EVERYTHING
    # A single object stands for a list of one, as the server takes it.
    elements = value if isinstance(value, LISTS) else [value]
    extents = [extent(where, element) for element in elements]
    if name == "OR":
        return _disjunction(extents)
    if name == "AND":
        return _conjunction(extents)
    # NOT: [a, b] keeps what matches neither. An empty object in it is neutral
    # on the server, so a filter that matches everything restricts nothing here.
    return _conjunction([EVERYTHING if each is EVERYTHING else _NEGATED[each] for each in extents])


def _never_null(where, field):
    """Whether the resource always has a value in the field the filter looks at."""
    from cloudtower import models

    resource = where.__name__[: -len("WhereInput")]
    if resource not in models.catalog.homes:
        return False
    found = models.catalog.load(resource).__schema__.by_json.get(field.operand.base)
    return found is not None and found.required and not found.nullable


def _not(where, field, value):
    return EVERYTHING if value is None and _never_null(where, field) else SOMETHING


def _not_in(where, field, value):
    if value is None:
        return _not(where, field, value)
    return EVERYTHING if _is_empty(value) else SOMETHING


def _in(where, field, value):
    if value is None:
        return _equal(where, field, value)
    return NOTHING if _is_empty(value) else SOMETHING


def _is_empty(value):
    return isinstance(value, LISTS) and not value


def _has_text(where, field, value):
    return EVERYTHING if value == "" else SOMETHING


def _lacks_text(where, field, value):
    return NOTHING if value == "" else SOMETHING


def _compared(where, field, value):
    return NOTHING if value is None else SOMETHING


def _equal(where, field, value):
    return NOTHING if value is None and _never_null(where, field) else SOMETHING


def _related(field):
    return field.type.target


def _one(where, field, value):
    if value is None:
        return _equal(where, field, value)
    inner = extent(_related(field), value)
    if inner is EVERYTHING and not _never_null(where, field):
        return SOMETHING  # the relation is set
    return inner


def _some(where, field, value):
    return NOTHING if extent(_related(field), value) is NOTHING else SOMETHING


def _every(where, field, value):
    return EVERYTHING if extent(_related(field), value) is EVERYTHING else SOMETHING


def _none(where, field, value):
    return EVERYTHING if extent(_related(field), value) is NOTHING else SOMETHING


_BY_OPERATOR = {
    "": _equal,
    "not": _not,
    "in": _in,
    "not_in": _not_in,
    "lt": _compared,
    "lte": _compared,
    "gt": _compared,
    "gte": _compared,
    "contains": _has_text,
    "starts_with": _has_text,
    "ends_with": _has_text,
    "not_contains": _lacks_text,
    "not_starts_with": _lacks_text,
    "not_ends_with": _lacks_text,
    "some": _some,
    "every": _every,
    "none": _none,
}


def _judge(operand):
    """What decides of a member."""
    return _one if operand.family == "one" else _BY_OPERATOR[operand.operator]
