"""Datacenters."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import refines


@refines("/create-datacenter", "/update-datacenter")
def write_datacenter(step):
    """Makes or renames a datacenter, a group of clusters in an organization."""
    name = step.values.get("name")
    valid = name is None or (name and not set(name) & set("%&*$#@!\\/:?\"<>|;'"))
    require(valid, "DATACENTER_NAME_INVALID", "the name %r has forbidden characters" % name)


@refines("/add-clusters-to-datacenter", "/remove-clusters-from-datacenter")
def change_clusters(step):
    """Puts clusters into a datacenter, or takes them out of it."""
    world, named = step.world, step.values.pop("clusters", [])
    kept = [cluster for cluster in world.many(step.record, "clusters") if cluster not in named]
    step.values["clusters"] = kept + named if step.call.path.startswith("/add") else kept
