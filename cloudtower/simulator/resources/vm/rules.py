"""The rules that guard a VM: it is free, in an allowed state, not in the recycle bin."""

from cloudtower.simulator.errors import refused, require
from cloudtower.simulator.operations import names


def usable_vms(call, states=None, vms=None):
    """The VMs that a call may work on: free, not in the recycle bin, in an allowed state.

    Parameters:
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
        given = (vm["name"], vm["status"], path, " or ".join(states))
        message = "VM %s is %s; %s takes VMs that are %s" % given
        raise refused("PRECHECK_VMS_STATE_UNMATCH", message)


def require_name(name):
    """Refuse a name that no VM may have."""
    names.require("Vm", name)


def require_tools(vms):
    """Refuse VMs in which VMTools do not run."""
    for vm in vms:
        runs = vm["vm_tools_status"] == "RUNNING"
        require(runs, "EC_SVT_DISABLED", "VMTools do not run in VM %s" % vm["name"])


def by_vm(call, parts):
    """{vm: those of some disks or cards that it has}; each VM must be usable."""
    found = {}
    for part in parts:
        found.setdefault(call.world.one(part, "vm"), []).append(part)
    usable_vms(call, vms=list(found))
    return found
