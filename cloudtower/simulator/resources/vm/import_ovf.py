"""Import of a VM from a parsed OVF."""

from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import picked
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import disks
from cloudtower.simulator.resources.vm.plan import Plan, build_vms, owner_of


@handles("/import-vm")
def import_vm(call):
    """Creates VMs of parsed OVFs, with the disks that were uploaded before."""
    texts = ("Import VM {name}", "导入虚拟机")
    return build_vms(call, call.body, plan_import, "importVm", texts, "IMPORT_VM_FAILED")


def plan_import(call, params):
    """The Plan of a VM as a parsed OVF describes it."""
    world, ovf = call.world, params["parsed_ovf"]
    for task_id in params["upload_tasks"]:
        find(world, "UploadTask", task_id)
    plan = Plan(find(world, "Cluster", params["cluster_id"]))
    plan.fields.update(picked(ovf, ("cpu", "memory", "firmware")))
    plan.fields["description"] = ovf.get("description") or ""
    if params.get("owner_id"):
        plan.owner = owner_of(world, {"search_for": "id", "value": params["owner_id"]})
    operate = params.get("disk_operate") or {}
    plan.disks = _ovf_disks(world, plan.cluster, ovf, operate.get("modify_vmdk_disks") or [])
    plan.disks += disks.read(call, plan.cluster, operate.get("new_disks") or {})
    return plan


def _ovf_disks(world, cluster, ovf, changes):
    """The disks of an OVF, changed as the body says, as `disks.read` returns them."""
    changes = {change["vmdk_name"]: change for change in changes}
    found = []
    for index, disk in enumerate(ovf["disks"]):
        change = changes.get(disk["name"], {})
        bus, boot = change.get("bus") or disk["bus"], change.get("boot")
        wanted = {"type": disk["type"], "bus": bus, "boot": index + 1 if boot is None else boot}
        if disk["type"] == "DISK":
            name = change.get("volume_name") or disk["name"] or "volume"
            described = dict(change, name=name, size=disk["size"])
            wanted["new"] = volumes.new_volume(world, cluster, described)
        found.append(wanted)
    return found
