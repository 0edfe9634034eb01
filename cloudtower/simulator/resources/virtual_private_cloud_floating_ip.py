"""Floating IPs."""

from cloudtower.simulator.operations.fields import add_object, values_of
from cloudtower.simulator.operations.registry import handles


@handles("/batch-create-virtual-private-cloud-floating-ips")
def create_floating_ips(call):
    """Reserves addresses of an external subnet, named ones or the next free ones."""
    given, kind, made = call.body, "VirtualPrivateCloudFloatingIp", []
    wanted = [{"external_ip": address} for address in given.get("ip_addresses") or []]
    wanted += [{"external_ips": address} for address in given.get("ip_addresses_under_group") or []]
    wanted += [{}] * min(int(given.get("auto_allocate_number") or 0), 256)
    for which in wanted:
        made.append(add_object(call, kind, values_of(call, kind, dict(given, **which))))
    mutation, texts = "batchCreate%ss" % kind, ("Create a floating IP", "创建浮动 IP")
    return call.begin_each(made, mutation, texts, lambda record: None, status="CREATING")
