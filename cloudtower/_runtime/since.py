"""Which CloudTower version a call needs: that of its operation, and of the fields in its body.

The versions of fields are in one compressed file, read when the first one is wanted.
"""

from collections import namedtuple

from cloudtower._runtime import codec, packed
from cloudtower._runtime.fault import dotted

#: What a call needs: the label of its operation or the path of a field, the version that
#: brought it, such as "4.7.0", both str, and whether it is a field, bool.
Need = namedtuple("Need", "name version is_field")

_FILE = "_since.json.gz"

# Whoever comes first reads the file; who comes at the same time reads it too, to no harm.
_tables = []


def of_call(operation, body):
    """What of a call came with which version.

    Parameters:
        operation: an Operation.
        body: as it is sent, an Encoded; anything else is not looked at.

    Returns a list of Need, of which the first is that of the operation. Fields as old as their
    model are left out.
    """
    found = [Need(operation.label, operation.since, False)] if operation.since else []
    if operation.body is not None and body.__class__ is codec.Encoded:
        _visit(codec.loads(body.text), operation.body.kind, (), found, _load())
    return found


def _visit(value, kind, path, found, tables):
    if isinstance(value, list):
        for index, element in enumerate(value):
            _visit(element, kind.item or kind, path + (index,), found, tables)
        return
    kind = kind.leaf
    if kind.parts and kind.value is None:
        kind = kind.closest(value).leaf
    if kind.value is not None and isinstance(value, dict):
        for name in sorted(value):
            _visit(value[name], kind.value, path + (name,), found, tables)
    if not isinstance(value, dict) or not kind.is_model:
        return
    versions = tables.get(kind.name, {})
    fields = kind.target.__schema__.by_json
    for name in sorted(value):
        field = fields.get(name)
        if field is None:
            continue
        version = versions.get(name)
        if version is None and field.operand is not None:
            version = versions.get(field.operand.base)
        if version is not None:
            found.append(Need(dotted(path + (name,)), version, True))
        _visit(value[name], field.type, path + (name,), found, tables)


def _load():
    if not _tables:
        _tables.append(packed.load(_FILE))
    return _tables[0]
