"""Mends a document with the `document` member of overlays, before anything is checked.

    {"reason": "...",
     "document": [{"op": "replace", "path": "/paths/~1x/post/operationId", "value": "GetX"},
                  {"op": "remove", "path": "/components/schemas/A/required"}]}

The steps are those of JSON Patch (RFC 6902): add, replace and remove. A path is what an error
names, with or without its `#`. Steps may be carried out twice, on the vendor's document and on
what was made of it: what they add to a list is added once, and what is gone stays away.
"""

import copy

from codegen.node import steps

_OPERATIONS = {"add": ("op", "path", "value"), "replace": ("op", "path", "value")}
_OPERATIONS["remove"] = ("op", "path")


def mended(document, overlays):
    """(the document with all changes, the steps that found nothing to change).

    Parameters:
        document: as read; it is not changed.
        overlays: [(file name, content)].

    Raises ValueError for a step that is none.
    """
    unmatched = []
    changes = [
        (file_name, each) for file_name, content in overlays for each in _steps(file_name, content)
    ]
    if changes:
        document = copy.deepcopy(document)
    for file_name, each in changes:
        if not _apply(document, steps(each["path"]), each):
            unmatched.append("%s: document %s" % (file_name, each["path"]))
    return document, tuple(unmatched)


def _steps(file_name, content):
    found = content.get("document", [])
    for each in found if isinstance(found, list) else [found]:
        known = _OPERATIONS.get(each.get("op")) if isinstance(each, dict) else None
        if known is None or sorted(each) != sorted(known) or not _is_pointer(each["path"]):
            raise ValueError("%s: no step of a JSON Patch: %r" % (file_name, each))
        yield each


def _is_pointer(path):
    return isinstance(path, str) and steps(path) is not None


def _apply(document, path, change):
    """Carry a step out; whether the document has its place."""
    owner = document
    for key in path[:-1]:
        owner = _member(owner, key)
    key, adds = path[-1], change["op"] == "add"
    if isinstance(owner, list):
        if adds and (key == "-" or key == str(len(owner))):
            if change["value"] not in owner:
                owner.append(copy.deepcopy(change["value"]))
            return True
        if not key.isdigit() or int(key) >= len(owner):
            return False
        key = int(key)
        if adds:
            if change["value"] not in owner:
                owner.insert(key, copy.deepcopy(change["value"]))
            return True
    elif not isinstance(owner, dict) or (key not in owner and not adds):
        return False
    if change["op"] == "remove":
        del owner[key]
    else:
        owner[key] = copy.deepcopy(change["value"])
    return True


def _member(owner, key):
    if isinstance(owner, list):
        return owner[int(key)] if key.isdigit() and int(key) < len(owner) else None
    return owner.get(key) if isinstance(owner, dict) else None
