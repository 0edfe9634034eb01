"""Conditions of objects that `wait_until` waits for."""

from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiTypeError

# Addresses that a guest has before it gets one that others reach.
_LOCAL = ("127.", "169.254.", "::1", "fe80:", "0.0.0.0")  # nosec B104


def has_ip(vm):
    """Whether VMTools report an IP address of a VM; one of the link alone does not count.

    Parameters:
        vm: Vm.

    Returns bool. Raises ApiTypeError for an object that has no `ips`.
    """
    addresses = (_value(vm, "ips", "has_ip") or "").replace(" ", "").split(",")
    return any(each and not each.lower().startswith(_LOCAL) for each in addresses)


def has_vm_tools(vm):
    """Whether VMTools run in a VM.

    Parameters:
        vm: Vm.

    Returns bool. Raises ApiTypeError for an object that has no `vm_tools_status`.
    """
    return _value(vm, "vm_tools_status", "has_vm_tools") == "RUNNING"


def is_idle(model):
    """Whether no task locks an object: its `entityAsyncStatus` is null.

    Parameters:
        model: such as a Vm or a VmSnapshot.

    Returns bool. Raises ApiTypeError for an object that has no such field.
    """
    return _value(model, "entity_async_status", "is_idle") is None


def has_status(*statuses):
    """A condition: an object has this status, or one of these.

        wait_until(vm_api.get_vms, body, has_status("RUNNING"))

    Parameters:
        statuses: such as "RUNNING", str.

    Returns a function of a model that returns bool, and raises ApiTypeError for an object
    that has no `status`. Raises ApiTypeError for a status that is not text, or for nothing.
    """
    others = [type(each).__name__ for each in statuses if not isinstance(each, (str, TEXT))]
    if others or not statuses:
        found = ", ".join(others) or "nothing"
        raise ApiTypeError(
            'has_status takes statuses, text, not %s: write has_status("RUNNING")' % found
        )
    name = "has_status(%s)" % ", ".join('"%s"' % each for each in statuses)

    def condition(model):
        return _value(model, "status", name) in statuses

    condition.__name__ = str(name)
    return condition


def _value(model, name, condition):
    if name not in getattr(type(model), "openapi_types", {}):
        raise ApiTypeError(
            "%s does not work with a %s: it has no %s" % (condition, type(model).__name__, name)
        )
    return getattr(model, name)
