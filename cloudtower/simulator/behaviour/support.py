"""What several behaviours share: references, units, the rules that guard a VM, tasks."""

import re
from functools import partial

from cloudtower.simulator.errors import Refusal, refused
from cloudtower.simulator.language import Text

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


def find(world, kind_name, record_id, cluster=None):
    """The record that a body refers to by id, in a cluster or anywhere.

    Raises Refusal with status 400 and a code such as CLUSTER_NOT_FOUND.
    """
    record = world.find(kind_name, record_id)
    if record is not None and (cluster is None or record["cluster"] == cluster.id):
        return record
    code = re.sub("(?<!^)([A-Z])", r"_\1", kind_name).upper() + "_NOT_FOUND"
    code = _NOT_FOUND.get(kind_name, code)
    if record is None:
        raise refused(code, "there is no %s with id %r" % (kind_name, record_id))
    message = "%s %r belongs to another cluster than %s"
    raise refused(code, message % (kind_name, record["name"], cluster["name"]))


def every(world, kind_name, **values):
    """The records of a kind whose fields have these values, a list."""
    records = world.all(kind_name)
    return [each for each in records if all(each[name] == values[name] for name in values)]


def known(values, names=None):
    """Those members of a dict or a record that are not None, a dict; of these names or all."""
    names = values if names is None else names
    return dict((name, values[name]) for name in names if values.get(name) is not None)


def picked(values, names):
    """The members of these names of a dict or a record, a dict."""
    return dict((name, values[name]) for name in names)


def size_of(amount, unit=None):
    """A size in bytes; the unit is bytes where none is given."""
    return amount * _BYTES[unit or "B"]


def bits_of(amount, unit=None):
    """An amount of bits (per second), None where none is given; thousands, not 1024s."""
    return None if amount is None else float(amount * _BITS[(unit or "b")[0]])


def limits_of(params):
    """The I/O limits in a part of a body, as the fields of a VM or a disk."""
    names = ("max_bandwidth", "max_bandwidth_policy", "max_iops", "max_iops_policy")
    limits = dict((name, params.get(name)) for name in names)
    if limits["max_bandwidth"] is not None:
        limits["max_bandwidth"] *= _RATES[params.get("max_bandwidth_unit") or "Bps"]
    return limits


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


def require(condition, code, message):
    """Refuse unless a condition holds."""
    if not condition:
        raise refused(code, message)


def invalid(path, message):
    """The Refusal of a member of the body that has a wrong value."""
    return Refusal(400, message, props={"path": path})


def require_name(name):
    """Refuse a name that no VM may have."""
    if not 1 <= len(name) <= 255 or any(each in ';\\"' for each in name):
        message = 'name must have 1 to 255 characters without ; \\ and ": %r' % name
        raise invalid("name", message)


def require_tools(vms):
    """Refuse VMs in which VMTools do not run."""
    for vm in vms:
        runs = vm["vm_tools_status"] == "RUNNING"
        require(runs, "EC_SVT_DISABLED", "VMTools do not run in VM %s" % vm["name"])


def begin_each(call, records, mutation, texts, finish, more=(), **options):
    """Begin the same task on each of some records.

    Parameters:
        mutation: its name, such as "startVm".
        texts: its description in English and in Chinese; {name} is that field of the record.
        finish: callable(record) that does the work at the end; it may raise TaskFailure.
        more: what {0} and so on are, a tuple.
        options: as for `Tasks.begin`.

    Returns the answers.
    """
    answers = []
    for record in records:
        text = Text(*(each.format(*more, **record) for each in texts))
        task = call.begin(text, mutation, record, finish=partial(finish, record), **options)
        answers.append(call.answer(record, task))
    return answers


def edit(call, vms, finish=lambda vm: None, what="", **changes):
    """Begin the task of an edit of each VM.

    Parameters:
        finish: callable(vm) for what is more than fields.
        what: the part of the VM that the description names, such as " disk".
        changes: {field: value} at the end of the task.

    Returns the answers.
    """

    def apply(vm):
        call.world.update(vm, **changes)
        finish(vm)

    texts = ("Edit VM {name}" + what, "编辑虚拟机 {name}" + what)
    return begin_each(call, vms, "updateVm", texts, apply)


def by_vm(call, parts):
    """{vm: those of some disks or cards that it has}; each VM must be usable."""
    found = {}
    for part in parts:
        found.setdefault(call.world.one(part, "vm"), []).append(part)
    usable_vms(call, vms=list(found))
    return found
