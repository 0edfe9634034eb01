"""Floating IPs."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.fields import add_object, values_of
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.shared import private_cloud

_KIND = "VirtualPrivateCloudFloatingIp"


@refines("/create-virtual-private-cloud-floating-ip")
def create_floating_ip(step):
    """Reserves an address of an external subnet for a private cloud: a named one or the next."""
    subnet, wanted = step.named("external_subnet"), step.params.get("external_ip")
    step.values["external_ip"] = _address(step.world, subnet, wanted)


@handles("/batch-create-virtual-private-cloud-floating-ips")
def create_floating_ips(call):
    """Reserves addresses of an external subnet, named ones or the next free ones."""
    given, made, taken = call.body, [], set()
    wanted = [{"external_ip": address} for address in given.get("ip_addresses") or []]
    wanted += [{"external_ips": address} for address in given.get("ip_addresses_under_group") or []]
    wanted += [{}] * min(int(given.get("auto_allocate_number") or 0), 256)
    for which in wanted:
        values = values_of(call, _KIND, dict(given, **which))
        subnet = values.get("external_subnet")
        if subnet is not None and "external_ips" not in which:
            asked = which.get("external_ip")
            values["external_ip"] = _address(call.world, subnet, asked, taken)
            taken.add(values["external_ip"])
        made.append(values)
    made = [add_object(call, _KIND, values) for values in made]
    mutation, texts = "batchCreate%ss" % _KIND, ("Create a floating IP", "创建浮动 IP")
    return call.begin_each(made, mutation, texts, lambda record: None, status="CREATING")


def _address(world, subnet, wanted=None, taken=()):
    """The address that a floating IP gets of an external subnet; Refusal where it has none."""
    taken = set(taken) | {subnet["gateway"]}
    taken |= {other["external_ip"] for other in world.matching(_KIND, external_subnet=subnet.id)}
    within = private_cloud.network("floating_ip_cidr", subnet["floating_ip_cidr"] or subnet["cidr"])
    if wanted:
        private_cloud.address("external_ip", wanted, within)
        require(wanted not in taken, "VPC_FLOATING_IP_IN_USE", "%s is taken" % wanted)
        return wanted
    free = private_cloud.free_address(within, taken)
    require(free is not None, "VPC_FLOATING_IP_EXHAUSTED", "%s has no address left" % within)
    return free
