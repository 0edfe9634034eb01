"""The GraphQL mutations `createVm` and `deleteVm`."""

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.registry import mutates
from cloudtower.simulator.resources.vm import create, disks, edit_in_place, plan, recycle_bin
from cloudtower.simulator.schema import operations

_PLAIN = ("description", "firmware", "ha", "memory", "name", "status", "vcpu")
_SETTINGS = ("clock_offset", "cpu_model", "nested_virtualization", "win_opt")
_CREATE = ("Create a VM {name}", "创建虚拟机 {name}")


@mutates("createVm", "Vm", None, "/create-vm", data="VmCreateInput", effect="CreateVmEffect")
def create_vm(call, _):
    """Creates a VM: blank, or of the VM or the template that `effect` names. Returns its task.

    Of what the type requires, the cluster alone knows some: its address, its id, its state.
    """
    data, effect = call.body["data"], call.body["effect"]
    plan_of, texts, error_code, source = _way(call, effect)
    made = plan.planned(call, plan_of, dict(_params(data), **source))
    made.fields.update(known(data, _SETTINGS))
    parts = edit_in_place.disks_of(
        call, made.cluster, (data.get("vm_disks") or {}).get("create", [])
    )
    if parts:
        disks.require_limits(disk["bus"] for disk in parts)
        made.disks = [{name: part[name] for name in part if name != "size"} for part in parts]
    elif not made.disks:
        raise invalid("data.vm_disks", "data.vm_disks must hold a disk or a CD-ROM")
    cards = (data.get("vm_nics") or {}).get("create", [])
    if cards:
        made.nics = edit_in_place.cards_of(call, made.cluster, cards)
    (answer,) = plan.begin_all(call, [made], "createVm", texts, error_code)
    return call.world.get("Task", answer["task_id"])


def _params(data):
    """What the data says, as a REST body has it."""
    params = known(data, _PLAIN)
    require("name" in params, "GRAPHQL_VALIDATION_FAILED", "data.name is missing")
    for name, member in (("cpu_cores", "cores"), ("cpu_sockets", "sockets")):
        params.update(known({name: (data.get("cpu") or {}).get(member)}))
    for name in ("cluster", "host"):
        params.update(known({name + "_id": edit_in_place.connected(data, name)}))
    return params


def _way(call, effect):
    """How the VM is made: (function that plans it, texts, code of a failure, what it is made of)."""
    if effect.get("clone_id"):
        call.tower.permissions.require(call.user, operations.by_path()["/clone-vm"])
        source = {"src_vm_id": effect["clone_id"]}
        return create.plan_clone, create.CLONE, "CLONE_VM_FAILED", source
    template = effect.get("created_from_template_id")
    if template:
        of_cluster = call.world.find("VmTemplate", template) is not None
        way = create.plan_from_template if of_cluster else create.plan_from_library_template
        code = "CREATE_VM_FORM_TEMPLATE_FAILED"
        return way, create.FROM_TEMPLATE, code, {"template_id": template}
    return _plan_blank, _CREATE, "CREATE_VM_FAILED", {}


def _plan_blank(call, params):
    """The Plan of a VM that has nothing yet."""
    for name in ("cpu_cores", "cpu_sockets", "memory"):
        require(name in params, "GRAPHQL_VALIDATION_FAILED", "data has no %s" % name)
    return plan.Plan(find(call.world, "Cluster", params.get("cluster_id")))


@mutates("deleteVm", "Vm", "VM_NOT_FOUND", "/delete-vm", effect="DeleteVmEffect")
def delete_vm(call, vm):
    """Deletes a VM for good. Returns the record of its task."""
    (answer,) = recycle_bin.delete(call, [vm], call.body["effect"].get("include_snapshots"))
    return call.world.get("Task", answer["task_id"])
