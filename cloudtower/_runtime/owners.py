"""Where an attribute is that a model lacks: in the full model of a stub, or one level below.

Objects inside of others are stubs, such as NestedVmDisk with its id alone; the result of
a write is wrapped, such as WithTaskVm with the VM as its `data`.
"""

from cloudtower._runtime import datatypes, late

_NESTED = "Nested"
_WRAPPED = ("data", "aggregate")


def find(model, name):
    """Who has the attribute, in words: "VmDisk has it: VmDiskApi.get_vm_disks".

    Parameters:
        model: the class that lacks it.
        name: of the attribute, str.

    Returns "" where no model is known to have it.
    """
    for member in _WRAPPED:
        field = model.__schema__.by_name.get(member)
        inner = field.type.target if field and field.type.is_model else None
        if inner is not None and name in inner.__schema__.by_name:
            return "%s has it: .%s.%s" % (inner.__name__, member, name)
    full = model.__name__
    full = _model(full[len(_NESTED) :]) if full.startswith(_NESTED) else None
    if full is None or name not in full.__schema__.by_name:
        return ""
    operation = _lists(full.__name__)
    return "%s has it%s" % (full.__name__, ": " + operation if operation else "")


def _model(name):
    """The model of that name, or None for what is not a model."""
    models = late.module("models")
    return models.catalog.load(name) if name in models.catalog.homes else None


def _lists(name):
    """The operation that lists a resource, such as "VmDiskApi.get_vm_disks", or None."""
    api = late.module("api")
    if name + "Api" not in api.catalog.homes:
        return None
    owner = api.catalog.load(name + "Api")
    wanted = datatypes.parse("list[%s]" % name)
    found = [row.name for row in owner.__operations__.values() if row.read and row.result is wanted]
    return "%s.%s" % (owner.__name__, min(found, key=_preference)) if found else None


def _preference(name):
    return len(name), name
