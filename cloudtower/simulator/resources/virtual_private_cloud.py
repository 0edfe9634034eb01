"""Virtual private clouds."""

from cloudtower.simulator.operations.fields import add_object
from cloudtower.simulator.operations.registry import refines


@refines("/create-virtual-private-cloud")
def create_virtual_private_cloud(step):
    """Makes a private cloud of a VPC service, to which clusters are bound, with a route table."""
    world, wanted = step.world, step.params["vpc_service_id"]
    for binding in world.all("VirtualPrivateCloudClusterBinding"):
        if (binding["vpc_service"] or {}).get("id") == wanted:
            step.values["vpc_service"] = dict(binding["vpc_service"])
            step.values.setdefault("mtu", binding["mtu"])

    @step.later
    def add_table():
        default = {"name": "default", "default_for_vpc": True, "vpc": step.record}
        add_object(step.call, "VirtualPrivateCloudRouteTable", default)
