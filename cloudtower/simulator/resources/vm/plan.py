"""How a VM comes into being, wherever its description comes from.

A description is read completely before anything is created, so that a body
with one bad reference creates nothing. What only the cluster can know (a name
that is taken, memory, space) fails the task.
"""

from functools import partial

from cloudtower.simulator.engine.where import select
from cloudtower.simulator.errors import TaskFailure, invalid, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.resources.vm import capture, cloud_init, disks, io_limits, nics, placement
from cloudtower.simulator.resources.vm.guest import tools_at_rest
from cloudtower.simulator.resources.vm.power import enter
from cloudtower.simulator.resources.vm.rules import require_name
from cloudtower.simulator.schema import units

_MEMORY_STEP = 512 * 2**20
_PLAIN = ("description", "firmware", "guest_os_type", "ha", "ha_priority", "io_policy")
_SECONDS = 4
#: With this begins the id that a VM has on its cluster until it is there.
_PLACEHOLDER = "placeholder-"
#: What a new VM has where nobody says otherwise.
DEFAULTS = {"clock_offset": "UTC", "cpu_model": "cluster_default", "video_type": "VGA"}
DEFAULTS["guest_os_type"] = "UNKNOWN"


class Plan(object):
    """A VM that is to be.

    Attributes:
        cluster: record.
        source: the record that it is made of, or None.
        fields: the values of the Vm, a dict; at first the settings of the source.
        host: record, or None where the scheduler chooses.
        owner: the record of the user that it belongs to; None: who asks for it.
        runs: whether it is started.
        disks, nics: as `disks.read` and `nics.read` return them.
        last: callable() for when it is built.
    """

    def __init__(self, cluster, source=None):
        self.cluster = cluster
        self.source = source
        # what the source does not say is for the cluster to choose
        self.fields = known(capture.settings_of(source or {}))
        self.host = self.owner = None
        self.runs = False
        self.disks = []
        self.nics = []
        self.last = lambda: None


def build_vms(call, descriptions, plan_of, mutation, texts, error_code):
    """Plan the VMs that a body describes, and begin the tasks that build them.

    Parameters:
        descriptions: the part of the body about each VM, a list of dicts.
        plan_of: function(call, description) that gives the Plan; what else the description
            says is laid over it.
        mutation: its name, such as "createVm".
        texts: what the task says in English and Chinese; {name} is the VM's, {0} its source.
        error_code: the task's, where the name of the VM is taken.

    Returns the response for each, an iterator.
    """
    plans = [planned(call, plan_of, params) for params in descriptions]
    return begin_all(call, plans, mutation, texts, error_code)


def begin_all(call, plans, mutation, texts, error_code):
    """Make the placeholders of planned VMs, and begin the tasks that build them; as `build_vms`."""
    plan_by_vm = {add_placeholder(call, plan): plan for plan in plans}

    def begin(vm):
        return _begin(call, vm, plan_by_vm[vm], mutation, texts, error_code)

    return call.in_turn(plan_by_vm, begin)


def planned(call, plan_of, params):
    """The Plan of one VM, with what its description says laid over that of its source."""
    plan = plan_of(call, params)
    _apply(call, plan, params)
    if params.get("vm_nics"):
        plan.nics = [nics.read(call, plan.cluster, nic) for nic in params["vm_nics"]]
    if params.get("vm_disks"):
        plan.disks = disks.read(call, plan.cluster, params["vm_disks"])
    disks.require_limits(disk["bus"] for disk in plan.disks)
    cloud_init.apply(plan, params.get("cloud_init") or {})
    return plan


def _apply(call, plan, params):
    """Lay what a body says over a plan; what it leaves out stays as it is."""
    world, fields = call.world, plan.fields
    require_name(params["name"])
    fields["name"] = params["name"]
    fields.update(known(params, _PLAIN))
    fields.update(known(io_limits.limits_of(params)))
    if not fields.get("ha"):
        fields["ha_priority"] = None  # it is an order among those that HA starts again
    fields.update(processor(fields.get("cpu") or {"cores": 1, "sockets": 1}, params))
    fields["memory"] = memory_of(params, fields.get("memory"))
    plan.host = placement.named(world, params.get("host_id"), plan.cluster)
    if params.get("folder_id"):
        fields["folder"] = find(world, "VmFolder", params["folder_id"], plan.cluster)
    name = "vm_placement_group"
    if params.get(name):
        fields[name] = select(world, "VmPlacementGroup", params[name], (name,))
    if params.get("owner"):
        plan.owner = owner_of(world, params["owner"])
    for gpu in params.get("gpu_devices") or []:
        find(world, "GpuDevice", gpu["gpu_id"])
    if params.get("status") not in (None, "RUNNING", "STOPPED"):
        raise invalid("status", "status must be RUNNING or STOPPED")
    plan.runs = params.get("status") == "RUNNING"


def processor(before, params):
    """The fields `cpu` and `vcpu` as a body changes them; Refusal for what no VM can have."""
    vcpu, cores, sockets = (params.get(name) for name in ("vcpu", "cpu_cores", "cpu_sockets"))
    cores = before["cores"] if cores is None else cores
    if sockets is None:
        sockets = vcpu // cores if vcpu is not None and cores > 0 else before["sockets"]
    total = cores * sockets
    message = "vcpu %s is not cpu_cores %d x cpu_sockets %d" % (vcpu, cores, sockets)
    valid = cores > 0 and sockets > 0 and vcpu in (None, total)
    require(valid, "JOB_VM_CONGIG_CPU_VCPU_TOPO_MISMATCH", message)
    if total > 240:
        raise invalid("vcpu", "vcpu must be 1 to 240, it is %d" % total)
    return {"cpu": {"cores": cores, "sockets": sockets}, "vcpu": total}


def memory_of(params, memory=None):
    """The memory in bytes that a body asks for; Refusal for what no VM can have."""
    if params.get("memory") is not None:
        memory = units.size_of(params["memory"], params.get("memory_unit"))
    if memory < _MEMORY_STEP or memory % _MEMORY_STEP:
        message = "memory must be a multiple of 512 MiB, it is %d bytes" % memory
        raise invalid("memory", message)
    return memory


def owner_of(world, owner):
    """The record of the user that a `VmOwnerParams` names."""
    name = "id" if owner.get("search_for") == "id" else "username"
    user, given = world.first("User", **{name: owner["value"]}), (name, owner["value"])
    require(user is not None, "USER_NOT_FOUND", "there is no user with %s %r" % given)
    return user


def _begin(call, vm, plan, mutation, texts, error_code):
    """Begin the task that builds a planned VM of its placeholder."""
    names = (plan.source["name"] if plan.source is not None else None,)
    options = {"seconds": _SECONDS, "undo": partial(call.world.remove, vm), "status": "CREATING"}
    build = partial(build_vm, call.tower, plan, error_code=error_code)
    (answer,) = call.begin_each([vm], mutation, texts, build, names, **options)
    return answer


def add_placeholder(call, plan):
    """Add a planned VM as it is seen before its task has built it. Returns its record."""
    values = dict(DEFAULTS, cluster=plan.cluster, status="STOPPED")
    values["local_id"] = _PLACEHOLDER + call.world.ids.uuid()
    values.update(plan.fields, local_created_at=call.tower.tasks.now())
    vm = call.world.add("Vm", **values)
    call.tower.permissions.give(vm, plan.owner or call.user)
    try:
        call.world.update(vm, **placement.on(_host(call.world, vm, plan)))
    except TaskFailure:
        pass  # so will the task, unless there is room by then
    return vm


def build_vm(tower, plan, vm, error_code):
    """Make a VM of its placeholder, as planned; a TaskFailure says what the cluster lacks."""
    world, cluster = tower.world, plan.cluster
    require_free_name(world, cluster, vm["name"], error_code, vm)
    disks.require_still_free(plan.disks)
    local_id = vm["local_id"][len(_PLACEHOLDER) :]
    world.update(vm, local_id=local_id, **placement.on(_host(world, vm, plan)))
    world.update(vm, vm_tools_status=tools_at_rest(vm))
    disks.mount(tower, vm, plan.disks)
    nics.add(world, vm, plan.nics)
    if plan.runs:
        enter(tower, vm, "RUNNING")
    plan.last()


def _host(world, vm, plan):
    """The host on which a planned VM is built, and started if it shall run."""
    memory = vm["memory"] if plan.runs else 0
    return placement.choose(world, vm, memory=memory, host=plan.host, must=plan.runs)


def require_free_name(world, cluster, name, error_code, own):
    """Fail the task where another VM of a cluster than one's own has a name."""
    if any(vm is not own and vm["name"] == name for vm in world.many(cluster, "vms")):
        message = "there is a VM with the name %s" % name
        raise TaskFailure("VM_DUPLICATED_NAME", message, error_code)
