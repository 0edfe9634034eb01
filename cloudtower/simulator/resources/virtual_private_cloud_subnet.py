"""Subnets of virtual private clouds."""

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import private_cloud


@refines("/create-virtual-private-cloud-subnet", "/update-virtual-private-cloud-subnet")
def write_subnet(step):
    """Makes or changes a subnet, whose addresses NICs of VMs get."""
    world, values = step.world, step.values
    within = private_cloud.network("cidr", step.get("cidr"))
    private_cloud.address("gateway", step.get("gateway"), within)
    table, vpc = step.named("route_table"), step.named("vpc")
    message = "route table %s is of another private cloud" % table["name"]
    own = table["vpc"] == vpc.id
    require(own, "VIRTUAL_PRIVATE_CLOUD_ROUTE_TABLE_NOT_FOUND", message)
    for other in world.many(vpc, "subnets"):
        apart = other is step.record or not _overlaps(within, other["cidr"])
        message = "%s overlaps with subnet %s" % (within, other["name"])
        require(apart, "VPC_SUBNET_CIDR_OVERLAPPED", message)
    pools = [
        [int(private_cloud.address("ip_pools", pool[end], within)) for end in ("start", "end")]
        for pool in step.get("ip_pools") or ()
    ]
    if any(start > end for start, end in pools):
        raise invalid("ip_pools", "a pool starts before it ends")
    hosts = max(within.num_addresses - 2, 1)
    values["total_ip_count"] = sum(end - start + 1 for start, end in pools) or hosts - 1
    if step.record is None:
        values["unused_ip_count"] = values["total_ip_count"]
    step.later(lambda: private_cloud.measure(world, step.record))


def _overlaps(within, cidr):
    """Whether a network has addresses of another one."""
    other = private_cloud.network("cidr", cidr)
    return other.version == within.version and within.overlaps(other)


@refines("/delete-virtual-private-cloud-subnet")
def delete_subnet(step):
    """Deletes a subnet in which no VM has a NIC."""
    private_cloud.require_unused(step.world, step.record)
