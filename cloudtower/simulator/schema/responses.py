"""The form of the response of an operation, read off the interface."""

from collections import namedtuple
from functools import lru_cache

from cloudtower.simulator.schema import operations

#: The form of an operation's response. `listed`: whether it is a list; `wrapped`: whether each
#: element is a `WithTask...`; `array`: whether `data` of that is a list; `name`: the class of the
#: objects in it; `kind`: that name where it is a kind, else None.
Form = namedtuple("Form", "listed wrapped array name kind")


@lru_cache(maxsize=None)
def form_of(operation):
    """The Form of an operation's response."""
    whole = operation.result
    kind = whole.leaf
    members = kind.target.__schema__.by_json if kind.is_model else {}
    wrapped = "task_id" in members and "data" in members
    kind = members["data"].type if wrapped else kind
    name = kind.leaf.name
    known = name if name in operations.kind_names() else None
    return Form(whole.item is not None, wrapped, kind.item is not None, name, known)
