"""Addresses within virtual private clouds: which are free, who has them."""

import ipaddress

from cloudtower.simulator.errors import TaskFailure, invalid, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import picked

#: No more addresses of a network are looked through for a free one.
_MOST = 4096


def network(name, cidr):
    """The network that a CIDR means; Refusal for what is none."""
    try:
        return ipaddress.ip_network(cidr)
    except ValueError:
        raise invalid(name, "%s must be a network such as 10.0.0.0/24, it is %r" % (name, cidr))


def address(name, text, within):
    """The address that a text means, in a network; Refusal for any other."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        found = None
    if found is None or found not in within:
        raise invalid(name, "%s must be an address in %s, it is %r" % (name, within, text))
    return found


def free_address(within, taken):
    """The first address of a network that is not taken, str; None: there is none."""
    for number, host in enumerate(within.hosts()):
        if number >= _MOST:
            return None
        if str(host) not in taken:
            return str(host)
    return None


def taken_in(world, subnet, own=None):
    """The addresses that NICs have in a subnet, but for one's own card, and its gateway; a set."""
    taken = {subnet["gateway"]}
    for card in world.all("VmNic"):
        held = card["vpc_nic"]
        if held and card is not own and held["vpc_subnet"]["id"] == subnet.id:
            taken.update(held["ip_addresses"])
    return taken


def measure(world, subnet):
    """Set how many addresses of a subnet are left."""
    if subnet is not None and subnet["total_ip_count"] is not None:
        used = len(taken_in(world, subnet)) - 1
        world.update(subnet, unused_ip_count=max(subnet["total_ip_count"] - used, 0))


def subnet_of(world, card):
    """The subnet of a NIC in a private cloud, or None."""
    held = card["vpc_nic"]
    return world.get("VirtualPrivateCloudSubnet", held["vpc_subnet"]["id"]) if held else None


def kept_of(card):
    """What a snapshot keeps of a NIC's place in a private cloud, None outside of any."""
    held = card["vpc_nic"]
    if not held:
        return None
    floating = (held["floating_ip"] or {}).get("id")
    kept = {"subnet": held["vpc_subnet"]["id"], "floating_ip": floating}
    return dict(kept, ip_addresses=list(held["ip_addresses"]))


def restored(world, kept, with_address):
    """What `connect` takes, of what `kept_of` gave; None where the subnet is gone.

    Addresses only the same VM may keep.
    """
    subnet = world.get("VirtualPrivateCloudSubnet", kept["subnet"])
    if subnet is None or not with_address:
        return subnet and {"subnet": subnet, "ip_addresses": [], "floating_ip": None}
    floating_ip = world.get("VirtualPrivateCloudFloatingIp", kept["floating_ip"])
    return {"subnet": subnet, "ip_addresses": kept["ip_addresses"], "floating_ip": floating_ip}


def read_card(world, params, before=None):
    """What a `VpcNicParams` asks for: {"subnet", "ip_addresses", "floating_ip"}.

    Parameters:
        before: what the card has, where it is changed.

    Raises Refusal for a reference that leads nowhere, and for an address that cannot be had.
    """
    wanted = params.get("vpc_subnet_id") or (before or {}).get("vpc_subnet", {}).get("id")
    subnet = find(world, "VirtualPrivateCloudSubnet", wanted)
    vpc = params.get("vpc_id")
    message = "subnet %s is not of the private cloud %s" % (subnet["name"], vpc)
    require(vpc in (None, subnet["vpc"]), "VIRTUAL_PRIVATE_CLOUD_SUBNET_NOT_FOUND", message)
    within, given = network("cidr", subnet["cidr"]), params.get("ip_addresses")
    for text in given or ():
        address("ip_addresses", text, within)
    if given is None and before and before["vpc_subnet"]["id"] == subnet.id:
        given = before["ip_addresses"]
    floating = params.get("floating_ip_id")
    if floating:
        floating = find(world, "VirtualPrivateCloudFloatingIp", floating)
        fits = floating["vpc"] == subnet["vpc"]
        message = "floating IP %s is of another private cloud" % floating["external_ip"]
        require(fits, "VIRTUAL_PRIVATE_CLOUD_FLOATING_IP_NOT_FOUND", message)
    elif floating is None and before and before["floating_ip"]:
        floating = world.get("VirtualPrivateCloudFloatingIp", before["floating_ip"]["id"])
    return {"subnet": subnet, "ip_addresses": list(given or ()), "floating_ip": floating or None}


def connect(world, card, subnet, ip_addresses, floating_ip):
    """Put a NIC into a subnet, with the addresses asked for or the next free one.

    Raises TaskFailure where another NIC has one of them, or the floating IP.
    """
    before, former = card["vpc_nic"], subnet_of(world, card)
    taken, addresses = taken_in(world, subnet, own=card), ip_addresses
    if not addresses:
        free = free_address(network("cidr", subnet["cidr"]), taken)
        addresses = [free] if free is not None else []
    if not addresses or not taken.isdisjoint(addresses):
        wanted = ", ".join(addresses) or "an address"
        message = "subnet %s cannot give %s" % (subnet["name"], wanted)
        raise TaskFailure("VPC_IP_ADDRESS_IN_USE", message)
    if floating_ip is not None:
        for other in world.all("VmNic"):
            held = (other["vpc_nic"] or {}).get("floating_ip")
            if held and other is not card and held["id"] == floating_ip.id:
                message = "floating IP %s is in use" % floating_ip["external_ip"]
                raise TaskFailure("VPC_FLOATING_IP_IN_USE", message)
        floating_ip = picked(floating_ip, ("external_ip", "external_ips", "id"))
    names = ("id", "name")
    held = {"ip_addresses": addresses, "floating_ip": floating_ip}
    held["id"] = before["id"] if before else world.ids.cuid()
    held["local_id"] = before["local_id"] if before else world.ids.uuid()
    held["vpc"] = picked(world.one(subnet, "vpc"), names)
    held["vpc_subnet"] = picked(subnet, names)
    world.update(card, vpc_nic=held, type="VPC", vlan=None)
    for changed in filter(None, {former, subnet}):
        measure(world, changed)


def require_unused(world, subnet):
    """Refuse to delete a subnet in which there are NICs."""
    used = len(taken_in(world, subnet)) > 1
    require(not used, "VPC_SUBNET_IN_USE", "VMs have NICs in subnet %s" % subnet["name"])
