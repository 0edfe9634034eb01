"""What a filter can match, and what is wrong in it: one look at each member.

By the truth table of CloudTower's filter language: `{}` matches everything, so
does `NOT: []`, `name_contains: ""` or `vms_every: {}`. Where the result depends
on the objects, the filter counts as one that selects.
"""

from cloudtower._runtime import late
from cloudtower._runtime.fault import Fault, Unknown

# In this order a conjunction is the least of its parts, a disjunction the greatest.
NOTHING = 0
SOMETHING = 1
EVERYTHING = 2

#: How many filters may stand in each other.
DEEPEST = 100

_LOGIC = ("AND", "OR", "NOT")
_ID = "id"  # every object has one, which is not empty


def extent(where, value, path=(), faults=None, depth=0):
    """EVERYTHING, NOTHING or SOMETHING: what a filter can match.

    Parameters:
        where: a `*WhereInput` class.
        value: the filter as `json.loads` makes it; None is a filter not given.
        path: where the filter stands in the body, a tuple.
        faults: a list that gets an Unknown for each unknown name, and a Fault for each
            other value where a filter belongs, for a relation with an empty filter, and
            for filters nested too deeply.
        depth: how many filters this one stands in.

    An unknown name, or another value, counts as a filter that selects: its fault refuses it.
    """
    if faults is None:
        faults = []
    if value is None:
        return EVERYTHING
    if value.__class__ is not dict:
        faults.append(Fault(path, "kind", "must be a filter, an object"))
        return SOMETHING
    if depth > DEEPEST:
        faults.append(Fault(path, "depth", "is more than %d levels deep" % DEEPEST))
        return SOMETHING
    by_json = where.__schema__.by_json
    least = EVERYTHING
    for name, inner in value.items():
        field = by_json.get(name)
        if field is None:
            faults.append(Unknown(path + (name,), where))
            found = SOMETHING
        elif field.operand is None:
            found = _plain(where, field, inner, path + (name,), faults, depth)
        elif field.type.is_filter:
            judge = _one if field.operand.family == "one" else _TO_MANY[field.operand.operator]
            found = judge(where, field, inner, path + (name,), faults, depth)
        else:
            found = _BY_OPERATOR[field.operand.operator](where, field, inner)
        if found < least:
            least = found
    return least


# ---- AND, OR, NOT ------------------------------------------------------------


def _plain(where, field, value, path, faults, depth):
    """A member that no family explains: the logic, and rows of their own."""
    if value is None:
        return EVERYTHING
    kind = field.type.leaf
    if not kind.is_filter:
        return SOMETHING
    if value.__class__ is list:
        extents = [
            extent(kind.target, element, path + (index,), faults, depth + 1)
            for index, element in enumerate(value)
        ]
    else:  # a single object stands for a list of one, as the server takes it
        extents = [extent(kind.target, value, path, faults, depth + 1)]
    if field.json not in _LOGIC:
        return SOMETHING
    if field.json == "OR":
        return max(extents) if extents else NOTHING
    if field.json == "NOT":
        # NOT: [a, b] keeps what matches neither. An empty object in it is neutral
        # on the server, so a filter that matches everything restricts nothing here.
        extents = [SOMETHING if each is SOMETHING else EVERYTHING for each in extents]
    return min(extents) if extents else EVERYTHING


# ---- relations ---------------------------------------------------------------


def _one(where, field, value, path, faults, depth):
    if value is None:
        return _equal(where, field, value)
    found = extent(field.type.target, value, path, faults, depth + 1)
    if found is not EVERYTHING:
        return found
    if _never_null(where, field):
        faults.append(Fault(path, "relation", _SILENT))
        return EVERYTHING
    faults.append(Fault(path, "relation", _SILENT + _ON_PURPOSE % field.json))
    return SOMETHING  # the relation is set


def _some(where, field, value, path, faults, depth):
    if value is None:
        return EVERYTHING  # for these three an error on the server; here it says nothing
    found = extent(field.type.target, value, path, faults, depth + 1)
    if found is not EVERYTHING:
        return found
    faults.append(Fault(path, "relation", _SILENT))
    return SOMETHING  # what has no related object is left out


def _every(where, field, value, path, faults, depth):
    found = extent(field.type.target, value, path, faults, depth + 1)
    return EVERYTHING if found is EVERYTHING else SOMETHING


def _none(where, field, value, path, faults, depth):
    if value is None:
        return EVERYTHING
    found = extent(field.type.target, value, path, faults, depth + 1)
    return EVERYTHING if found is NOTHING else SOMETHING


_SILENT = "matches every related object and so would act on all that have one"
_ON_PURPOSE = '; to select those on purpose, use {"NOT": [{"%s": None}]} in its place'

_TO_MANY = {"some": _some, "every": _every, "none": _none}


# ---- values ------------------------------------------------------------------


def _never_null(where, field):
    """Whether the resource always has a value in the field the filter looks at."""
    catalog = late.module("models").catalog
    resource = where.__schema__.type.selects
    if resource not in catalog.homes:
        return False
    found = catalog.load(resource).__schema__.by_json.get(field.operand.base)
    return found is not None and found.required and not found.nullable


def _equal(where, field, value):
    if value is None:
        return NOTHING if _never_null(where, field) else SOMETHING
    return NOTHING if _is_nobody(field, value) else SOMETHING


def _not(where, field, value):
    return EVERYTHING if _equal(where, field, value) is NOTHING else SOMETHING


def _in(where, field, value):
    if value is None:
        return _equal(where, field, value)
    is_list = value.__class__ is list
    return NOTHING if is_list and all(_is_nobody(field, each) for each in value) else SOMETHING


def _not_in(where, field, value):
    return EVERYTHING if _in(where, field, value) is NOTHING else SOMETHING


def _is_nobody(field, value):
    return value == "" and field.operand.base == _ID


def _compared(where, field, value):
    return NOTHING if value is None else SOMETHING


def _greater(where, field, value):
    # No text is less than the empty one, with which a loop over pages begins.
    return EVERYTHING if _is_nobody(field, value) else _compared(where, field, value)


def _less(where, field, value):
    return NOTHING if value == "" else _compared(where, field, value)


def _not_less(where, field, value):
    if value == "" and _never_null(where, field):
        return EVERYTHING
    return _compared(where, field, value)


def _has_text(where, field, value):
    # What null means here is documented nowhere: it counts as not given.
    return EVERYTHING if value is None or value == "" else SOMETHING


def _lacks_text(where, field, value):
    if value is None:
        return EVERYTHING
    return NOTHING if value == "" else SOMETHING


_BY_OPERATOR = {
    "": _equal,
    "not": _not,
    "in": _in,
    "not_in": _not_in,
    "lt": _less,
    "lte": _compared,
    "gt": _greater,
    "gte": _not_less,
    "contains": _has_text,
    "starts_with": _has_text,
    "ends_with": _has_text,
    "not_contains": _lacks_text,
    "not_starts_with": _lacks_text,
    "not_ends_with": _lacks_text,
}
