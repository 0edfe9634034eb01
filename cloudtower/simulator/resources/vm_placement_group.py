"""Placement groups: which VMs share a host, and which do not."""

from cloudtower.simulator.engine.where import select
from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.operations.registry import refines


@refines("/create-vm-placement-group", "/update-vm-placement-group")
def write_vm_placement_group(step):
    """Makes or changes a group of VMs that shall be on certain hosts, together or apart."""
    values, world, cluster = step.values, step.world, step.get("cluster")
    if step.record is None:
        _complete(step)
    for way in ("must", "prefer"):
        hosts = step.params.get(way + "_hosts")
        if hosts is not None:
            values["vm_host_%s_host_uuids" % way] = select(world, "Host", hosts, (way + "_hosts",))
        held = step.get("vm_host_%s_host_uuids" % way)
        needed = step.get("vm_host_%s_enabled" % way)
        require(held or not needed, "EMPTY_HOSTS_LIST_OF_POLICY", "%s_hosts is empty" % way)
    for vm in values.get("vms", []):
        message = "VM %s is of another cluster" % vm["name"]
        require(vm["cluster"] == cluster.id, "VM_NOT_FOUND", message)
    values["local_updated_at"] = step.now
    name = step.params.get("name")

    @step.later
    def require_free_name():
        # it is the cluster that knows its groups, so the task fails
        groups = world.matching("VmPlacementGroup", cluster=step.record["cluster"])
        if any(group["name"] == name for group in groups if group is not step.record):
            code, message = "EC_PLACEMENT_GROUP_DUPLICATE_NAME", "there is a group %s" % name
            raise TaskFailure(code, message)


def _complete(step):
    """Give a new group what its body leaves out: a policy that is given is on, hosts are wanted."""
    values = step.values
    values.setdefault("vm_vm_policy_enabled", bool(step.params.get("vm_vm_policy")))
    for way in ("must", "prefer"):
        values.setdefault("vm_host_%s_enabled" % way, bool(step.params.get(way + "_hosts")))
        values.setdefault("vm_host_%s_policy" % way, True)
