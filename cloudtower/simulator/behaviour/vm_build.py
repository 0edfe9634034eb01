"""How a VM comes into being, wherever its description comes from.

A description is read completely before anything is created, so that a body
with one bad reference creates nothing. What only the cluster can know (a name
that is taken, memory, space) fails the task.
"""

from cloudtower.simulator.behaviour import disks, nics, placement
from cloudtower.simulator.behaviour.support import (
    find,
    find_in,
    limits_of,
    require,
    require_name,
    size_of,
)
from cloudtower.simulator.behaviour.vm_power import enter
from cloudtower.simulator.errors import Refusal, TaskFailure
from cloudtower.simulator.where import select

_MEMORY_STEP = 512 * 2**20
_PLAIN = ("description", "firmware", "guest_os_type", "ha", "ha_priority", "io_policy")
_SECONDS = 4


class Plan(object):
    """A VM that is to be.

    Attributes:
        fields: the values of the Vm, a dict.
        cluster: record.
        host: record, or None where the scheduler chooses.
        runs: whether it is started.
        disks, nics: as `disks.read` and `nics.read` return them.
        last: callable() for when it is built, or None.
    """

    def __init__(self, cluster, fields=None):
        self.cluster = cluster
        self.fields = dict(fields or {})
        self.host = None
        self.runs = False
        self.disks = []
        self.nics = []
        self.last = None


def apply(call, plan, params):
    """Lay what a body says over a plan; what it leaves out stays as it is.

    Parameters:
        call: a Call.
        plan: a Plan.
        params: an element of the body of a create, clone or rebuild.

    Raises Refusal for what cannot be.
    """
    world, fields = call.world, plan.fields
    require_name(params["name"])
    fields["name"] = params["name"]
    fields.update((name, params[name]) for name in _PLAIN if params.get(name) is not None)
    fields.update((name, each) for name, each in limits_of(params).items() if each is not None)
    _apply_cpu(fields, params)
    if params.get("memory") is not None:
        fields["memory"] = size_of(params["memory"], params.get("memory_unit"))
    require_memory(fields["memory"])
    if placement.wanted(params.get("host_id")):
        plan.host = find_in(world, "Host", params["host_id"], plan.cluster)
    if params.get("folder_id"):
        fields["folder"] = find_in(world, "VmFolder", params["folder_id"], plan.cluster)
    if params.get("vm_placement_group"):
        path = ("vm_placement_group",)
        groups = select(world, "VmPlacementGroup", params["vm_placement_group"], path)
        fields["vm_placement_group"] = groups
    if params.get("owner"):
        require_owner(world, params["owner"])
    if params.get("gpu_devices"):
        for each in params["gpu_devices"]:
            find(world, "GpuDevice", each["gpu_id"])
    status = params.get("status")
    if status is not None:
        if status not in ("RUNNING", "STOPPED"):
            raise Refusal(400, "status must be RUNNING or STOPPED", props={"path": "status"})
        plan.runs = status == "RUNNING"


def _apply_cpu(fields, params):
    cpu, vcpu = dict(fields.get("cpu") or {"cores": 1, "sockets": 1}), params.get("vcpu")
    for name in ("cores", "sockets"):
        if params.get("cpu_" + name) is not None:
            cpu[name] = params["cpu_" + name]
        elif name == "sockets" and vcpu is not None and cpu["cores"] > 0:
            cpu[name] = vcpu // cpu["cores"]
    require_cpu(cpu, vcpu)
    fields["cpu"] = cpu
    fields["vcpu"] = cpu["cores"] * cpu["sockets"]


def require_cpu(cpu, vcpu=None):
    """Refuse a processor topology that no VM can have."""
    total = cpu["cores"] * cpu["sockets"]
    require(
        cpu["cores"] > 0 and cpu["sockets"] > 0 and (vcpu is None or vcpu == total),
        "JOB_VM_CONGIG_CPU_VCPU_TOPO_MISMATCH",
        "vcpu %s is not cpu_cores %d x cpu_sockets %d" % (vcpu, cpu["cores"], cpu["sockets"]),
    )
    if total > 240:
        raise Refusal(400, "vcpu must be 1 to 240, it is %d" % total, props={"path": "vcpu"})


def require_memory(memory):
    """Refuse an amount of memory that no VM can have."""
    if memory < _MEMORY_STEP or memory % _MEMORY_STEP:
        message = "memory must be a multiple of 512 MiB, it is %d bytes" % memory
        raise Refusal(400, message, props={"path": "memory"})


def require_owner(world, owner):
    """The record of the user that a `VmOwnerParams` names."""
    name = "id" if owner.get("search_for") == "id" else "username"
    user = world.first("User", **{name: owner["value"]})
    require(
        user is not None, "USER_NOT_FOUND", "there is no user with %s %r" % (name, owner["value"])
    )
    return user


def begin(call, plan, mutation, description, error_code="CREATE_VM_FAILED"):
    """Make the placeholder of a planned VM and begin the task that builds it.

    Returns the answer for it.
    """
    tower, world, cluster = call.tower, call.world, plan.cluster
    local_id = world.ids.uuid()
    values = dict(defaults(cluster), **plan.fields)
    vm = world.add(
        "Vm",
        cluster=cluster,
        local_created_at=tower.tasks.now(),
        local_id="placeholder-" + local_id,
        status="STOPPED",
        **values,
    )

    def finish():
        require_free_name(world, vm, vm["name"], error_code)
        _require_space(cluster, plan)
        disks.require_still_free(plan.disks)
        host = plan.host
        if host is None:
            host = placement.choose(world, cluster, vm["memory"] if plan.runs else 0)
        elif plan.runs:
            placement.require_room(host, vm["memory"])
        world.update(vm, local_id=local_id, host=host, node_ip=host["data_ip"] or "")
        disks.mount(tower, vm, plan.disks)
        nics.add(world, vm, plan.nics)
        if plan.runs:
            enter(tower, vm, "RUNNING")
        if plan.last is not None:
            plan.last()

    task = call.begin(
        description,
        mutation,
        vm,
        seconds=_SECONDS,
        finish=finish,
        undo=lambda: world.remove(vm),
        status="CREATING",
    )
    return call.answer(vm, task)


def defaults(cluster):
    """What a new VM has where nobody says otherwise."""
    return {
        "bios_uuid": None,
        "clock_offset": "UTC",
        "cpu_model": "cluster_default",
        "guest_os_type": "UNKNOWN",
        "in_recycle_bin": False,
        "io_policy": None,
        "node_ip": "",
        "video_type": "VGA",
        "vm_tools_status": "NOT_INSTALLED",
    }


def require_free_name(world, vm, name, error_code):
    """Fail where another VM of the cluster has a name.

    Raises TaskFailure.
    """
    for other in world.many(world.one(vm, "cluster"), "vms"):
        if other is not vm and other["name"] == name:
            raise TaskFailure(
                "VM_DUPLICATED_NAME", "there is a VM with the name %s" % name, error_code
            )


def _require_space(cluster, plan):
    """Thick volumes take their space at once."""
    needed = 0
    for disk in plan.disks:
        new = disk.get("new")
        if new is not None:
            replicas, thin = disks.policy_of(new["elf_storage_policy"])
            needed += 0 if thin else new["size"] * (replicas or 1)
    if needed > (cluster["valid_data_space"] or 0):
        raise TaskFailure("EAllocSpace", "cluster %s has no space left" % cluster["name"])
