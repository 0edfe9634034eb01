"""NICs of VMs: reading them from a body, adding, changing and removing them."""

import ipaddress
import re

from cloudtower.simulator.errors import TaskFailure, refused, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.shared import private_cloud
from cloudtower.simulator.resources.vm.editing import begin_edit
from cloudtower.simulator.resources.vm.rules import by_vm, require_tools, usable_vms
from cloudtower.simulator.schema import units

_PLAIN = ("enabled", "gateway", "ip_address", "mac_address", "mirror", "model", "subnet_mask")
#: The address of one card: what has an odd first byte is a group of cards, or all of them.
_MAC = re.compile(r"(?!00(:00){5})[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}\Z")
#: What is set within the guest.
_ADDRESS = ("gateway", "ip_address", "subnet_mask")
_EDIT = ("Edit network port of VM {name}", "编辑虚拟机 {name} 的网口")
_DEFAULTS = dict.fromkeys(_ADDRESS, "")
_DEFAULTS.update(enabled=True, mirror=False, model="VIRTIO", type="VLAN")


def read(call, cluster, params, card=None):
    """The fields of a VmNic that one `VmNicParams` asks for, its references looked up.

    Members that it does not have are absent from the result; `vpc` is what
    `private_cloud.connect` takes.

    Parameters:
        card: the record of the NIC that is to be changed.

    Raises Refusal for a reference that leads nowhere.
    """
    world, fields = call.world, known(params, _PLAIN)
    if fields.get("mac_address") == "":
        del fields["mac_address"]  # clients without a wish send this
    _require_addresses(fields)
    if params.get("connect_vlan_id") is not None:
        fields["vlan"] = vlan = find(world, "Vlan", params["connect_vlan_id"])
        there = vlan["type"] == "VM" and world.one(vlan, "vds")["cluster"] == cluster.id
        message = "network %s is not a VM network of cluster %s" % (vlan["name"], cluster["name"])
        require(there, "VLAN_NOT_FOUND", message)
    if params.get("vpc_nic"):
        before = card["vpc_nic"] if card is not None else None
        fields["vpc"] = private_cloud.read_card(world, params["vpc_nic"], before)
    message = "a NIC of the type VPC needs a vpc_nic"
    require(params.get("type") != "VPC" or "vpc" in fields, "EC_VM_NIC_ERROR", message)
    if params.get("nic_id"):
        fields["nic"] = find(world, "Nic", params["nic_id"])
    has_nic = "nic" in fields or card is not None and card["nic"] is not None
    message = "a NIC of the model SRIOV needs the nic_id of a NIC of a host"
    require(fields.get("model") != "SRIOV" or has_nic, "EC_VM_NIC_ERROR", message)
    paired = bool(params.get("ip_address")) == bool(params.get("subnet_mask"))
    require(paired, "EC_VM_NIC_IP_ADDRESS_ERROR", "ip_address and subnet_mask go together")
    for way, given in known(params.get("qos") or {}, ("egress", "ingress")).items():
        rate = units.bits_of(given.get("rate_limit"), given.get("rate_limit_unit"))
        burst = units.bits_of(given.get("burst"), given.get("burst_unit"))
        limit = {"enabled": given["enabled"], "max_rate_in_bitps": rate, "burst_in_bit": burst}
        fields.update(("%s_rate_limit_%s" % (way, name), value) for name, value in limit.items())
    return fields


def _require_guest(vm, card, fields):
    """Refuse another IP address, mask or gateway of a NIC where VMTools do not run, which set it."""
    keeps = all(fields.get(name) in (None, card[name] or "") for name in _ADDRESS)
    if not keeps:
        require_tools([vm])


def _require_addresses(fields):
    """Refuse what is no address of a NIC; "" means that there is none."""
    mac = fields.get("mac_address")
    valid = mac is None or _MAC.match(mac)
    require(valid, "EC_VM_MAC_ADDRESS_ERROR", "mac_address is not a MAC address: %r" % mac)
    for name in ("ip_address", "gateway"):
        require_ip(name, fields.get(name))
    require_mask("subnet_mask", fields.get("subnet_mask"))


def require_mask(name, text):
    """Refuse an invalid subnet mask, such as 255.0.255.0; None and "" are allowed."""
    require_ip(name, text)
    try:
        ipaddress.ip_network("0.0.0.0/%s" % (text or "255.255.255.0"))
    except ValueError:
        raise refused("EC_VM_NIC_IP_ADDRESS_ERROR", "%s is not a subnet mask: %r" % (name, text))


def require_ip(name, text):
    """Refuse what is no IP address; nothing and "" are allowed."""
    try:
        ipaddress.ip_address(text or "::")
    except ValueError:
        message = "%s is not an IP address: %r" % (name, text)
        raise refused("EC_VM_NIC_IP_ADDRESS_ERROR", message)


def add(world, vm, nics):
    """Give a VM network cards, as `read` returns them."""
    for fields in nics:
        values, order = dict(_DEFAULTS, **fields), len(vm["vm_nics"])
        values.setdefault("mac_address", world.ids.mac())
        values.update(local_id="%s_%d" % (vm["local_id"], order), interface_id=world.ids.uuid())
        vpc = values.pop("vpc", None)
        card = world.add("VmNic", vm=vm, order=order, **values)
        if card["model"] == "SRIOV":  # the VM stays where the NIC is
            world.update(vm, ha=False)
        if vpc is not None:
            private_cloud.connect(world, card, **vpc)


def remove(world, card):
    """Take a NIC out of its VM, where the others move up; its addresses are free again."""
    subnet, vm = private_cloud.subnet_of(world, card), world.one(card, "vm")
    world.remove(card)
    for order, other in enumerate(world.many(vm, "vm_nics")):
        world.update(other, order=order)
    private_cloud.measure(world, subnet)


@handles("/add-vm-nic")
def add_vm_nic(call):
    """Adds NICs to VMs, also while they run."""
    wanted = {}
    for vm in usable_vms(call):
        cluster = call.world.one(vm, "cluster")
        wanted[vm] = [read(call, cluster, params) for params in call.body["data"]["vm_nics"]]
    try:
        with call.world.atomic():
            for vm, new in wanted.items():
                add(call.world, vm, new)
    except TaskFailure as failure:
        raise refused(failure.code, failure.message)
    return begin_edit(call, wanted)


def _by_position(call):
    """{vm: its cards at the positions that the body names}."""
    wanted, found = call.body["data"].get("nic_index") or 0, {}  # clients leave it out
    wanted = set(wanted) if isinstance(wanted, list) else {wanted}
    for vm in usable_vms(call):
        cards = call.world.many(vm, "vm_nics")
        for position in wanted:
            message = "VM %s has no NIC %d" % (vm["name"], position)
            require(0 <= position < len(cards), "VM_NIC_NOT_FOUND", message)
        found[vm] = [cards[position] for position in wanted]
    return found


@handles(
    "/update-vm-nic",
    "/update-vm-nic-advance-info",
    "/update-vm-nic-basic-info",
    "/update-vm-nic-qos-option",
)
def update_vm_nic(call):
    """Changes network, address or limits of NICs, which a body names by position or by a filter."""
    numbered, world, changes = call.path == "/update-vm-nic", call.world, {}
    found = _by_position(call) if numbered else by_vm(call, call.select("VmNic"))
    for vm, cards in found.items():
        card = next(iter(cards), None)
        changes[vm] = read(call, world.one(vm, "cluster"), call.body["data"], card)
        address = changes[vm].get("mac_address")
        keeps = all(address in (None, nic["mac_address"]) for nic in cards)
        message = "VM %s must be stopped for another MAC address" % vm["name"]
        require(vm["status"] == "STOPPED" or keeps, "EC_VM_MAC_ADDRESS_ERROR", message)
        for nic in cards:
            _require_guest(vm, nic, changes[vm])

    def change(vm):
        for nic in found[vm]:
            vpc = changes[vm].get("vpc")
            fields = {name: value for name, value in changes[vm].items() if name != "vpc"}
            world.update(nic, **fields)
            if vpc is not None:
                private_cloud.connect(world, nic, **vpc)
            # like any edit on a cluster it gives the card a new id
            world.rename(nic)

    return begin_edit(call, found, change, texts=_EDIT)


@handles("/remove-vm-nic", "/remove-vm-nic-by-where")
def remove_vm_nic(call):
    """Takes NICs out of VMs; the others move up."""
    if call.path == "/remove-vm-nic":
        doomed = _by_position(call)
    else:
        only = (call.body.get("effect") or {}).get("vm_ids")
        message = "where matches every NIC: name the VMs in effect.vm_ids"
        require(call.body["where"] or only, "INVALID_QUERY_PARAMS", message)
        found = call.select("VmNic")
        doomed = by_vm(call, [nic for nic in found if not only or nic["vm"] in only])

    def take_out(vm):
        for nic in doomed[vm]:
            remove(call.world, nic)

    return begin_edit(call, doomed, take_out)


@handles("/update-vm-vpc-nic")
def update_vm_vpc_nic(call):
    """Changes the subnet and the address of NICs in a virtual private cloud."""
    world, params, found = call.world, call.body["data"]["vpc_nic"], call.select("VmNic")
    wanted = {}
    for nic in found:
        message = "NIC %s is in no private cloud" % nic.id
        require(nic["vpc_nic"], "VM_NIC_NOT_FOUND", message)
        wanted[nic] = private_cloud.read_card(world, params, nic["vpc_nic"])
    cards = by_vm(call, found)

    def change(vm):
        for nic in cards[vm]:
            private_cloud.connect(world, nic, **wanted[nic])

    return begin_edit(call, cards, change, texts=_EDIT)
