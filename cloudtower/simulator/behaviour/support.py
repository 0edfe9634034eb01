"""What several behaviours share: references, units, the rules that guard a VM."""

from cloudtower.simulator.errors import Refusal, refused

_BYTES = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40, "PB": 2**50}
_RATES = {"Bps": 1, "KBps": 2**10, "MBps": 2**20, "GBps": 2**30, "TBps": 2**40}
#: What an amount with a unit is multiplied by, to be bytes or bytes per second.
UNITS = dict(_BYTES, **_RATES)
_BITS = {"b": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15}

#: kind -> code for a reference that leads nowhere
_NOT_FOUND = {
    "ContentLibraryImage": "IMAGE_NOT_FOUND",
    "ContentLibraryVmTemplate": "VM_TEMPLATE_NOT_FOUND",
    "ElfImage": "IMAGE_NOT_FOUND",
}


def find(world, kind_name, record_id):
    """The record that a body refers to by id.

    Raises Refusal with status 400 and a code such as CLUSTER_NOT_FOUND.
    """
    record = world.find(kind_name, record_id)
    if record is None:
        code = _NOT_FOUND.get(kind_name) or "%s_NOT_FOUND" % _snake(kind_name)
        raise refused(code, "there is no %s with id %r" % (kind_name, record_id))
    return record


def find_in(world, kind_name, record_id, cluster):
    """As `find`, for an object that must belong to a cluster."""
    record = find(world, kind_name, record_id)
    if record["cluster"] != cluster.id:
        code = _NOT_FOUND.get(kind_name) or "%s_NOT_FOUND" % _snake(kind_name)
        message = "%s %r belongs to another cluster than %s"
        raise refused(code, message % (kind_name, record["name"], cluster["name"]))
    return record


def _snake(name):
    return "".join("_" + each if each.isupper() else each for each in name).upper().lstrip("_")


def size_of(amount, unit=None):
    """A size in bytes; the unit is bytes where none is given."""
    return amount * _BYTES[unit or "B"]


def rate_of(amount, unit=None):
    """A bandwidth in bytes per second, None where none is given."""
    return None if amount is None else amount * _RATES[unit or "Bps"]


def bits_of(amount, unit=None):
    """An amount of bits (per second), None where none is given; thousands, not 1024s."""
    return None if amount is None else float(amount * _BITS[(unit or "b")[0]])


def limits_of(params):
    """The I/O limits in a part of a body, as the fields of a VM or a disk."""
    return {
        "max_bandwidth": rate_of(params.get("max_bandwidth"), params.get("max_bandwidth_unit")),
        "max_bandwidth_policy": params.get("max_bandwidth_policy"),
        "max_iops": params.get("max_iops"),
        "max_iops_policy": params.get("max_iops_policy"),
    }


def usable_vms(call, states=None, vms=None):
    """The VMs that a call may work on: free, not in the recycle bin, in an allowed state.

    Parameters:
        call: a Call.
        states: the states allowed; by default all.
        vms: the records; by default those that `where` matches.

    Raises Refusal: ResourceLocked or PRECHECK_VMS_STATE_UNMATCH.
    """
    vms = call.select("Vm") if vms is None else vms
    call.tower.tasks.require_free(vms)
    for vm in vms:
        if vm["in_recycle_bin"]:
            raise refused("PRECHECK_VMS_STATE_UNMATCH", "VM %s is in the recycle bin" % vm["name"])
        require_state(vm, states, call.path)
    return vms


def require_state(vm, states, path):
    """Refuse a VM that is in no allowed state; None allows all."""
    if states is not None and vm["status"] not in states:
        message = "VM %s is %s; %s takes VMs that are %s"
        allowed = " or ".join(states)
        raise refused(
            "PRECHECK_VMS_STATE_UNMATCH", message % (vm["name"], vm["status"], path, allowed)
        )


def require(condition, code, message):
    """Refuse unless a condition holds."""
    if not condition:
        raise refused(code, message)


def require_name(name):
    """Refuse a name that no VM may have."""
    if not 1 <= len(name) <= 255 or any(each in ';\\"' for each in name):
        message = 'name must have 1 to 255 characters without ; \\ and ": %r' % name
        raise Refusal(400, message, props={"path": "name"})
