"""Placement groups: which VMs share a host, and which do not."""

from cloudtower.simulator.engine.where import select
from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import refines


@refines("/create-vm-placement-group", "/update-vm-placement-group")
def write_vm_placement_group(step):
    """Makes or changes a group of VMs that shall be on certain hosts, together or apart."""
    values, world, cluster = step.values, step.world, step.get("cluster")
    for way in ("must", "prefer"):
        hosts = step.params.get(way + "_hosts")
        if hosts is not None:
            values["vm_host_%s_host_uuids" % way] = select(world, "Host", hosts, (way + "_hosts",))
        held = step.get("vm_host_%s_host_uuids" % way)
        needed = step.get("vm_host_%s_enabled" % way)
        require(held or not needed, "EC_PLACEMENT_GROUP_NO_HOST", "%s_hosts is empty" % way)
    for vm in values.get("vms", []):
        message = "VM %s is of another cluster" % vm["name"]
        require(vm["cluster"] == cluster.id, "VM_NOT_FOUND", message)
    values["local_updated_at"] = step.now
