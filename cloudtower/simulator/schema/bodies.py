"""Checks a body as the server does: lenient in form, strict in content."""

import re

from cloudtower._runtime import datatypes, validate
from cloudtower.simulator.errors import Refusal

#: How many faults the message names; `props` has them all.
_SHOWN = 20
_OF_TEMPLATE = ("cloud_init.networks.type", "disk_operate.remove_disks.disk_index")
_OF_TEMPLATES = tuple("vms." + path for path in _OF_TEMPLATE)
#: What the interface requires, and real servers do without, or take null for: the type of a body,
#: and paths in it without positions. Official clients and their tests leave these out.
_SPARED = {
    "ConsistencyGroupDeletionParams": ("data",),
    "ConsistencyGroupSnapshotDeletionParams": ("data", "data.remain_volume_snapshot"),
    "IscsiLunDeletionParams": ("data", "data.remove_snapshot"),
    "NvmfNamespaceDeletionParams": ("data", "data.remove_snapshot"),
    "VmCreateVmFromContentLibraryTemplateBatchParams": _OF_TEMPLATES,
    "VmMigrateParams": ("data.host_id",),
    "VmRemoveNicByWhereParams": ("effect",),
    "VmUpdateNicParams": ("data.nic_index",),
    "list[IscsiLunCloneParams]": ("name",),
    "list[VmCreateVmFromContentLibraryTemplateParams]": _OF_TEMPLATE,
    "list[VmCreateVmFromTemplateParams]": _OF_TEMPLATE,
    "list[VmCreationParams]": ("ha", "vm_nics"),
}
_INTEGER = re.compile(r"^[+-]?[0-9]{1,18}$")
#: integer type -> the greatest of its numbers
_MOST = {"int32": 2**31 - 1, "int64": 2**63 - 1}
_DECIMAL = re.compile(r"^[+-]?[0-9]{1,18}\.[0-9]{1,18}$")


def checked(value, type_name):
    """A body, converted and checked.

    A single value stands for a list of one, `1.0` and `"1"` for the integer 1. A member that the
    interface does not know is left out, except in a filter, where it is a fault.

    Returns (the body, paths of the members left out: a list of str).
    Raises Refusal with status 400 that names each fault with its path.
    """
    ignored = []
    value = _converted(value, datatypes.parse(type_name), (), ignored)
    spared = _SPARED.get(type_name, ())
    faults = validate.check(value, type_name)
    faults = [fault for fault in faults if not _is_spared(fault, spared)]
    if faults:
        text = "; ".join("%s %s" % (dotted(fault.path), fault.message) for fault in faults[:_SHOWN])
        named = [{"path": dotted(fault.path), "kind": fault.kind} for fault in faults]
        raise Refusal(400, text, props={"faults": named})
    return value, ignored


def _is_spared(fault, spared):
    """Whether a member is missing, or null, that a server does without."""
    path = ".".join(step for step in fault.path if isinstance(step, str))
    return fault.kind in ("missing", "null") and path in spared


def dotted(path):
    """A path as people write it: `where.AND[0].name`."""
    text = ""
    for step in path:
        text += "[%d]" % step if isinstance(step, int) else ("." if text else "") + str(step)
    return text or "the body"


def _converted(value, kind, path, ignored):
    """A value as its type wants it; what is unknown goes to `ignored`."""
    if value is None:
        return None
    if kind.item is not None:
        elements = value if isinstance(value, list) else [value]
        return [
            _converted(element, kind.item, path + (index,), ignored)
            for index, element in enumerate(elements)
        ]
    if kind.parts:
        if kind.value is None:
            return _converted(value, kind.closest(value), path, ignored)
        if not isinstance(value, dict):
            return value
        return {
            name: _converted(inner, kind.value, path + (name,), ignored)
            for name, inner in value.items()
        }
    if kind.is_scalar:
        return _number(value, kind, path) if kind.plain in (int, float) else value
    if kind.is_enum or not isinstance(value, dict):
        return value
    return _members(value, kind, path, ignored)


def _members(value, kind, path, ignored):
    """The members of an object as its class wants them."""
    schema, members = kind.target.__schema__, {}
    for name, inner in value.items():
        field = schema.by_json.get(name)
        if field is not None:
            members[name] = _converted(inner, field.type, path + (name,), ignored)
        elif schema.rest is not None:
            members[name] = _converted(inner, schema.rest, path + (name,), ignored)
        elif kind.is_filter:
            members[name] = inner
        else:
            ignored.append(dotted(path + (name,)))
    return members


def _number(value, kind, path):
    """A number, be it written as text or as 1.0, as its type wants it; Refusal if too large."""
    if isinstance(value, str):
        if _INTEGER.match(value):
            value = int(value)
        elif _DECIMAL.match(value):
            value = float(value)
    if kind.plain is int and isinstance(value, float) and value.is_integer():
        value = int(value)
    most = _MOST.get(kind.name)
    if most is not None and isinstance(value, int) and not -most - 1 <= value <= most:
        text = "%s must be between %d and %d, it is %d"
        raise Refusal(400, text % (dotted(path), -most - 1, most, value))
    return value
