"""What is wrong in a body, and where."""

from collections import namedtuple

from cloudtower._runtime.text import nearest

#: `path` is a tuple of keys and indexes; `kind` one of "missing" "null" "kind" "enum"
#: "limit", and for filters "everything" "relation" "depth".
Fault = namedtuple("Fault", "path kind message")

_PARTS = ("data", "where")  # the two halves of most bodies
_SHOWN = 12  # names that a message lists
# What other interfaces call the members of a list's body.
_ELSEWHERE = {
    "limit": "first",
    "count": "first",
    "page_size": "first",
    "pageSize": "first",
    "per_page": "first",
    "size": "first",
    "offset": "skip",
    "start": "skip",
    "order": "orderBy",
    "ordering": "orderBy",
    "sort": "orderBy",
    "sort_by": "orderBy",
    "sortBy": "orderBy",
    "filter": "where",
    "filters": "where",
    "query": "where",
}


# What other query languages write behind a field's name.
_OPERATORS = {
    "begins_with": "starts_with",
    "beginswith": "starts_with",
    "startswith": "starts_with",
    "prefix": "starts_with",
    "endswith": "ends_with",
    "suffix": "ends_with",
    "like": "contains",
    "icontains": "contains",
    "contain": "contains",
    "ne": "not",
    "neq": "not",
    "nin": "not_in",
    "notin": "not_in",
    "ge": "gte",
    "le": "lte",
    "greater_than": "gt",
    "less_than": "lt",
    "eq": "",
    "equals": "",
    "exact": "",
    "is": "",
}


class Unknown(object):
    """The fault of a name that an object of the interface does not have.

    Its message is made when it is wanted: a body may have thousands of such names.

    Attributes:
        path: where the name stands, a tuple that ends in it.
        owner: the model class that has no such name.
    """

    kind = "unknown"

    __slots__ = ("path", "owner")

    def __init__(self, path, owner):
        self.path = path
        self.owner = owner

    @property
    def in_filter(self):
        """Whether the object is a filter, bool."""
        return self.owner.__schema__.type.is_filter

    @property
    def message(self):
        """What is wrong and what may be meant, str."""
        name = self.path[-1]
        schema = self.owner.__schema__
        meant = _meant(name, schema) if hasattr(name, "encode") else None
        if meant:
            return "is unknown; did you mean %s?" % meant
        known = [
            each.json for each in schema.fields if not (each.operand and each.operand.operator)
        ]
        if not known:
            return "is unknown"
        more = ", ..." if len(known) > _SHOWN else ""
        return "is unknown; known names: %s%s" % (", ".join(known[:_SHOWN]), more)


def dotted(path):
    """A path as text: `data.0.name`, str."""
    return ".".join(_printable(step) for step in path)


def _printable(step):
    if hasattr(step, "encode") and not isinstance(step, str):
        return step.encode("utf-8")  # 2.7 joins no other text than that
    return str(step)


def _meant(name, schema):
    """The name that is most likely meant, as it would be written, or None."""
    if name in schema.by_name:
        return "'%s'" % schema.by_name[name].json
    deeper = _deeper(name, schema.fields, _same)
    if deeper:
        return deeper
    if _ELSEWHERE.get(name) in schema.by_json:
        return "'%s'" % _ELSEWHERE[name]
    like = _with_operator(name, schema.by_json) or nearest(name, schema.by_json)
    if like:
        return "'%s'" % like
    return _deeper(name, [each for each in schema.fields if each.json in _PARTS], _like)


def _with_operator(name, known):
    """The name with the operator that another language's stands for, or None.

    The nearest name could be that of an operator which does the opposite.
    """
    for theirs, ours in _OPERATORS.items():
        if name.endswith("_" + theirs):
            base = name[: -len(theirs) - 1]
            meant = base + "_" + ours if ours else base
            if meant in known:
                return meant
    return None


def _deeper(name, fields, find):
    """A name that belongs one level deeper: where one member alone has it, filters last."""
    for is_filter in (False, True):
        found = []
        for each in fields:
            kind = each.type.leaf
            # A filter leads to hundreds of others: in those nobody looks for it.
            if each.operand or kind.is_filter is not is_filter or kind.is_scalar:
                continue
            field = find(name, kind.target.__schema__)
            if field is not None:
                text = '{"%s": ...}' % field.json
                found.append('{"%s": %s}' % (each.json, "[%s]" % text if each.type.item else text))
        if len(found) == 1:
            return found[0]
    return None


def _same(name, schema):
    return schema.by_json.get(name) or schema.by_name.get(name)


def _like(name, schema):
    return schema.by_json.get(nearest(name, schema.by_json, 0.7))  # a filter has hundreds
