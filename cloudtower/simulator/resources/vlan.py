"""VM networks."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import refines


@refines("/create-vm-vlan", "/update-vm-vlan")
def write_vm_vlan(step):
    """Makes or changes a network for VMs on a virtual switch."""
    values, vds = step.values, step.named("vds")
    require(vds["type"] == "VM", "VDS_NOT_FOUND", "%s is no switch for VMs" % vds["name"])
    number = values.get("vlan_id")
    require(number is None or 0 <= number <= 4095, "VLAN_ID_INVALID", "vlan_id: 0 to 4095")
    if step.record is None:
        values.setdefault("vlan_id", 0)
        values.setdefault("mode_type", "VLAN_ACCESS")
        values.update(type="VM", gateway_ip="", gateway_subnetmask="", subnetmask="")
        values["local_id"] = local_id_in(step, step.world.one(vds, "cluster"))
    if "vlan_id" in values and not step.params.get("network_ids"):
        values["network_ids"] = [str(values["vlan_id"])]


def local_id_in(step, cluster):
    """A new id of a network or a switch, as its cluster makes them."""
    return "%s_%s" % (cluster["local_id"], step.world.ids.uuid())


@refines("/delete-vm-vlan")
def delete_vm_vlan(step):
    """Deletes a VM network; system networks stay."""
    message = "%s is not a VM network" % step.record["name"]
    require(step.record["type"] == "VM", "SYSTEM_VLAN_CANNOT_DELETE", message)
