"""What is wrong in a body, and where."""

from collections import namedtuple

from cloudtower._runtime.text import TEXT, native, nearest

#: `path` is a tuple of keys and indexes; `kind` one of "unknown" "missing" "null"
#: "kind" "enum" "limit", and for filters "everything" "relation" "depth".
Fault = namedtuple("Fault", "path kind message")


def unknown(path, name, known):
    """The fault of a name that an object of the interface does not have.

    Parameters:
        path: where the object stands, a tuple.
        name: the name.
        known: the names that the object may have.
    """
    like = nearest(name, known) if isinstance(name, (str, TEXT)) else None
    message = "is unknown" + ("; did you mean %r?" % native(like) if like else "")
    return Fault(path + (name,), "unknown", message)
