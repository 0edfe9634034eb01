"""What to write into an overlay where names are refused: the end of a message."""

import json

from codegen.node import pointer, steps

_LONGEST = 150  # characters of what a message repeats


def rename(table, name, what="it"):
    """What an overlay renames a schema or a tag with.

    Parameters:
        table: "schemas" or "tags".
        name: that it has in the document.
        what: what the message calls it, str.
    """
    overlay = _written({"rename": {table: {name: "..."}}})
    shown = overlay if len(overlay) < _LONGEST else '{"rename": ...}'
    return "; an overlay can rename %s: %s" % (what, shown)


def other_name(overlay):
    """What gives a field, a value or a parameter another name in Python, which is `overlay`."""
    return "; an overlay can give it another name in Python: %s" % _written(overlay)


def other_id(operation):
    """What an overlay gives an operation another id with."""
    path = pointer(steps(operation.place) + ("operationId",))
    step = _written({"op": "replace", "path": path, "value": "..."})
    return '; an overlay can give it another operationId: {"document": [%s]}' % step


def _written(overlay):
    return json.dumps(overlay, ensure_ascii=False)
