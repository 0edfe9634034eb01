"""Virtual distributed switches."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.fields import add_object
from cloudtower.simulator.operations.members import picked
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.vlan import local_id_in

_GATEWAY = ("gateway_ip", "gateway_subnetmask")
#: path -> the type of the network that comes with the switch
_VLANS = {"/create-vds-with-access-vlan": "ACCESS", "/create-vds-with-migrate-vlan": "MIGRATION"}


@refines("/create-vds", *_VLANS)
def create_vds(step):
    """Makes a virtual switch of NICs of hosts, and the system network that the path may name."""
    cluster, values = step.named("cluster"), step.values
    for nic in values["nics"]:
        there = step.world.one(nic, "host")["cluster"] == cluster.id
        require(there, "NIC_NOT_FOUND", "NIC %s is of another cluster" % nic["name"])
    kind, bridge = _VLANS.get(step.call.path), step.world.ids.uuid()[:9].replace("-", "")
    work_mode = values.get("work_mode") or "single"
    values.update(type=kind or "VM", ovsbr_name="ovsbr-" + bridge, work_mode=work_mode)
    values["local_id"] = local_id_in(step, cluster)
    values.setdefault("bond_mode", "active-backup")
    if kind is not None:
        given = step.params["vlan"]
        number = given["vlan_id"]
        require(0 <= number <= 4095, "VLAN_ID_INVALID", "vlan_id: 0 to 4095")
        vlan = picked(given, ("vlan_id", "subnetmask"))
        vlan.update((name, given.get(name) or "") for name in _GATEWAY)
        vlan.update(network_ids=[str(number)], name="%s-network" % kind.lower(), type=kind)

        @step.later
        def add_vlan():
            own = {"local_id": local_id_in(step, cluster), "vds": step.record}
            add_object(step.call, "Vlan", dict(vlan, **own))


@refines("/delete-vds")
def delete_vds(step):
    """Deletes a virtual switch with its networks, while no VM uses them."""
    for network in step.world.many(step.record, "vlans"):
        require(not network["vm_nics"], "VDS_IN_USE", "network %s has VMs" % network["name"])
