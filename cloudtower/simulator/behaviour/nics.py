"""Virtual NICs: reading them from a body, adding them to a VM."""

from cloudtower.simulator.behaviour.support import bits_of, find, require

_PLAIN = ("enabled", "gateway", "ip_address", "mac_address", "mirror", "model", "subnet_mask")


def read(call, cluster, params):
    """The fields of a VmNic that one `VmNicParams` asks for, its references looked up.

    Members that it does not have are absent from the result.

    Raises Refusal for a reference that leads nowhere.
    """
    fields = dict((name, params[name]) for name in _PLAIN if params.get(name) is not None)
    if params.get("connect_vlan_id"):
        fields["vlan"] = network(call.world, cluster, params["connect_vlan_id"])
    if params.get("nic_id"):
        fields["nic"] = find(call.world, "Nic", params["nic_id"])
    require(
        bool(params.get("ip_address")) == bool(params.get("subnet_mask")),
        "EC_VM_NIC_IP_ADDRESS_ERROR",
        "ip_address and subnet_mask go together",
    )
    fields.update(limits(params.get("qos")))
    return fields


def network(world, cluster, vlan_id):
    """The VM network of an id; it must be one of the cluster's."""
    vlan = find(world, "Vlan", vlan_id)
    owner = world.one(world.one(vlan, "vds"), "cluster")
    require(
        owner is cluster and vlan["type"] == "VM",
        "VLAN_NOT_FOUND",
        "network %s is no VM network of cluster %s" % (vlan["name"], cluster["name"]),
    )
    return vlan


def limits(qos):
    """The rate limits in a `VmNicQosOption`, as fields of a VmNic."""
    fields = {}
    for way in ("egress", "ingress"):
        given = (qos or {}).get(way)
        if given is not None:
            prefix = way + "_rate_limit_"
            fields[prefix + "enabled"] = given["enabled"]
            fields[prefix + "max_rate_in_bitps"] = bits_of(
                given.get("rate_limit"), given.get("rate_limit_unit")
            )
            fields[prefix + "burst_in_bit"] = bits_of(given.get("burst"), given.get("burst_unit"))
    return fields


def add(world, vm, nics):
    """Give a VM network cards, as `read` returns them. Returns their records."""
    added = []
    for fields in nics:
        values = {
            "enabled": True,
            "gateway": "",
            "ip_address": "",
            "mirror": False,
            "model": "VIRTIO",
            "subnet_mask": "",
            "type": "VLAN",
        }
        values.update(fields)
        values.setdefault("mac_address", world.ids.mac())
        nic = world.add(
            "VmNic",
            vm=vm,
            local_id="%s_%d" % (vm["local_id"], len(vm["vm_nics"])),
            interface_id=world.ids.uuid(),
            order=len(vm["vm_nics"]),
            **values,
        )
        added.append(nic)
    return added


def renumber(world, vm):
    """Close the gaps that removed cards leave in the order."""
    for order, nic in enumerate(world.many(vm, "vm_nics")):
        world.update(nic, order=order)
