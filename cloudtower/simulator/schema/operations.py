"""The operations of the interface, and the kinds that they list.

A *kind* is a resource that can be filtered, such as Vm.
"""

import re
from functools import lru_cache

from cloudtower import api, models


@lru_cache(maxsize=None)
def by_path():
    """{path: Operation}; where a path has two names, either of its rows."""
    found = {}
    for name in api.catalog.homes:
        for row in api.catalog.load(name).__operations__.values():
            found[row.path] = row
    return found


def at(path):
    """The Operation at a path, which may have values in place of names in braces; or None."""
    found = by_path().get(path)
    if found is None:
        found = next((one for pattern, one in _patterns() if pattern.fullmatch(path)), None)
    return found


@lru_cache(maxsize=None)
def _patterns():
    """(what its paths look like, Operation) of those that take values in their path, a list."""
    rows = [row for row in by_path().values() if row.in_path]
    texts = [re.sub(r"\\{[^{}]*\\}", "[^/]+", re.escape(row.path)) for row in rows]
    return [(re.compile(text), row) for text, row in zip(texts, rows)]


@lru_cache(maxsize=None)
def listed_kind(operation):
    """The kind that an operation lists or counts: it takes `where` beside `orderBy`; or None."""
    if operation.body is None or not operation.body.kind.is_model:
        return None
    names = operation.body.kind.target.__schema__.by_json
    if "where" not in names or "orderBy" not in names:
        return None
    name = names["where"].type.selects
    answered = operation.result.item or operation.result
    wanted = name if operation.result.item else name + "Connection"
    return name if answered.name == wanted else None


@lru_cache(maxsize=None)
def kind_names():
    """The names of all kinds, a frozenset."""
    names = models.catalog.homes
    return frozenset(name for name in names if name + "WhereInput" in names)


def words(path):
    """The words of a path: `/create-vm-vlan` to ["create", "vm", "vlan"]."""
    return re.split("[-_]", path[1:])


def mutation_of(path):
    """The name of a path's mutation, such as "createVmVlan"."""
    first, *rest = words(path)
    return first + "".join(word.capitalize() for word in rest)
