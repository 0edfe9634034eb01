"""What an operation does that has no handler of its own, read off the interface."""

import re
from collections import namedtuple
from functools import lru_cache

from cloudtower.simulator.schema import operations
from cloudtower.simulator.schema.responses import form_of

#: `mode`: "create" (one for each element of the body), "make" (one for each
#: match of `where`), "update", "delete" or "shape"; `subject`: the kind that
#: `where` selects; `made`: the kind of the answer; either may be None.
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
    answer, verb = form_of(operation), re.match(r"/([a-z]+)", operation.path).group(1)
    if operation.read or operation.body is None:
        return Effect("shape", None, None)
    body = operation.body.kind
    members = body.leaf.target.__schema__.by_json
    subject = _selected(members["where"].type) if "where" in members else None
    if subject is None:
        if answer.kind is None:
            return Effect("shape", None, None)
        return Effect("create" if verb in _MAKING else "update", None, answer.kind)
    if answer.name.startswith("Delete"):
        return Effect("delete", subject, None)
    if answer.kind not in (None, subject):
        return Effect("make", subject, answer.kind)
    if body.item is not None and verb in _MAKING:
        return Effect("create", subject, answer.kind)
    return Effect("update", subject, answer.kind)


def _selected(kind):
    """The kind that a filter selects, or None."""
    name = kind.selects or _SELECTING.get(kind.name)
    return name if name in operations.kind_names() else None
