"""Virtual NICs: reading them from a body, adding them to a VM."""

from cloudtower.simulator.behaviour.support import bits_of, find, known, require

_PLAIN = ("enabled", "gateway", "ip_address", "mac_address", "mirror", "model", "subnet_mask")
_DEFAULTS = dict.fromkeys(("gateway", "ip_address", "subnet_mask"), "")
_DEFAULTS.update(enabled=True, mirror=False, model="VIRTIO", type="VLAN")


def read(call, cluster, params):
    """The fields of a VmNic that one `VmNicParams` asks for, its references looked up.

    Members that it does not have are absent from the result.

    Raises Refusal for a reference that leads nowhere.
    """
    fields = known(params, _PLAIN)
    if params.get("connect_vlan_id"):
        fields["vlan"] = network(call.world, cluster, params["connect_vlan_id"])
    if params.get("nic_id"):
        fields["nic"] = find(call.world, "Nic", params["nic_id"])
    paired = bool(params.get("ip_address")) == bool(params.get("subnet_mask"))
    require(paired, "EC_VM_NIC_IP_ADDRESS_ERROR", "ip_address and subnet_mask go together")
    fields.update(limits(params.get("qos")))
    return fields


def network(world, cluster, vlan_id):
    """The VM network of an id; it must be one of the cluster's."""
    vlan = find(world, "Vlan", vlan_id)
    there = vlan["type"] == "VM" and world.one(vlan, "vds")["cluster"] == cluster.id
    message = "network %s is no VM network of cluster %s" % (vlan["name"], cluster["name"])
    require(there, "VLAN_NOT_FOUND", message)
    return vlan


def limits(qos):
    """The rate limits in a `VmNicQosOption`, as fields of a VmNic."""
    fields = {}
    for way, given in known(qos or {}, ("egress", "ingress")).items():
        rate = bits_of(given.get("rate_limit"), given.get("rate_limit_unit"))
        burst = bits_of(given.get("burst"), given.get("burst_unit"))
        limit = {"enabled": given["enabled"], "max_rate_in_bitps": rate, "burst_in_bit": burst}
        fields.update(("%s_rate_limit_%s" % (way, name), each) for name, each in limit.items())
    return fields


def add(world, vm, nics):
    """Give a VM network cards, as `read` returns them."""
    for fields in nics:
        values, order = dict(_DEFAULTS, **fields), len(vm["vm_nics"])
        values.setdefault("mac_address", world.ids.mac())
        values.update(local_id="%s_%d" % (vm["local_id"], order), interface_id=world.ids.uuid())
        world.add("VmNic", vm=vm, order=order, **values)


def renumber(world, vm):
    """Close the gaps that removed cards leave in the order."""
    for order, nic in enumerate(world.many(vm, "vm_nics")):
        world.update(nic, order=order)
