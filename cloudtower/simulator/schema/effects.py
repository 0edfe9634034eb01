"""What an operation does that has no handler of its own, read off the interface."""

from collections import namedtuple
from functools import lru_cache

from cloudtower.simulator.schema import operations
from cloudtower.simulator.schema.responses import form_of

#: `mode`: one of
#:   "create": a new object for each element of the body, as /create-label;
#:   "make": something new for each match of `where`, as /export-vm;
#:   "update", "delete": of each match of `where`, or of the one that the body names;
#:   "shape": nothing, since the interface does not say what;
#: `subject`: the kind that `where` selects; `made`: the kind of the response; either may be None.
Effect = namedtuple("Effect", "mode subject made")

#: First words of the paths of operations that bring something new into being.
_MAKING = (
    "backup batch clone connect convert copy create execute export generate import rebuild".split()
)
#: What the members `where` select that are objects of their own: {class: kind}.
_SELECTING = {"VmStartParamsData": "Host"}


@lru_cache(maxsize=None)
def effect_of(operation):
    """The Effect of an operation."""
    if operation.read or operation.body is None:
        return Effect("shape", None, None)
    answer, body = form_of(operation), operation.body.kind
    brings_forth = operations.words(operation.path)[0] in _MAKING
    members = body.leaf.target.__schema__.by_json
    subject = _selected(members["where"].type) if "where" in members else None
    if subject is None and answer.kind is None:
        return Effect("shape", None, None)
    if subject is None:
        return Effect("create" if brings_forth else "update", None, answer.kind)
    if answer.name.startswith("Delete") or operations.words(operation.path)[0] == "delete":
        return Effect("delete", subject, None)
    if answer.kind not in (None, subject):
        return Effect("make", subject, answer.kind)
    # a list of elements with a `where` each: a copy of what each selects
    is_list = body.item is not None
    return Effect("create" if is_list and brings_forth else "update", subject, answer.kind)


def _selected(kind):
    """The kind that a filter selects, or None."""
    name = kind.selects or _SELECTING.get(kind.name)
    return name if name in operations.kind_names() else None
