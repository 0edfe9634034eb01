"""The lists that the interface has, and the versions that brought them."""

from collections import namedtuple

from cloudtower import api

#: A list: its class and operation, its path, the version that brought it, all str.
Row = namedtuple("Row", "api name path since")


def lists():
    """All lists that need no arguments, each path once, list of Row."""
    found = {}
    for name in sorted(set(api.catalog.homes)):
        if not name.endswith("Api"):
            continue
        for operation in getattr(api, name).__operations__.values():
            if _is_list(operation):
                row = Row(name, operation.name, operation.path, operation.since)
                found.setdefault(operation.path, row)
    return sorted(found.values())


def _is_list(operation):
    if not (operation.read and operation.name.startswith("get_") and operation.body):
        return False
    if operation.result is None or operation.result.item is None or operation.query:
        return False
    if not operation.result.leaf.is_model:
        return False
    fields = operation.body.kind.target.__schema__.by_json
    return "first" in fields and not any(each.required for each in fields.values())


def version(text):
    """A version as numbers: (4, 7, 1) of "4.7.1"."""
    numbers = [int(each) for each in (text or "0").split(".")[:3]]
    return tuple(numbers + [0] * (3 - len(numbers)))
