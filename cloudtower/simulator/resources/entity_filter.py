"""Filters that look for idle or overloaded VMs."""

from cloudtower.simulator.engine.where import select
from cloudtower.simulator.operations.registry import refines


@refines("/create-entity-filter", "/update-entity-filter")
def write_entity_filter(step):
    """Describes which VMs to look for, and looks for them at once."""
    values = step.values
    if step.params.get("exclude_vms") is not None:
        excluded = select(step.world, "Vm", step.params["exclude_vms"], ("exclude_vms",))
        values["exclude_ids"] = [vm.id for vm in excluded]
    if step.get("apply_to_all_clusters"):
        values["clusters"] = []
    values.update(entity_type="VM", filter_status="SUCCESSED", last_executed_at=step.now)

    @step.later
    def execute():
        # there is no load to measure: the filter finds all VMs in its reach
        world, record = step.world, step.record
        reach, vms = record["clusters"], world.all("Vm")
        found = [vm for vm in vms if vm["cluster"] in reach or not reach]
        found = [vm for vm in found if vm.id not in record["exclude_ids"]]
        for old in world.matching("VmEntityFilterResult", entityFilter=record.id):
            world.remove(old)
        for vm in found:
            world.add("VmEntityFilterResult", entityFilter=record, vm=vm, result=[0.0])
        world.update(record, ids=[vm.id for vm in found])
