"""VM networks."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations import generic
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.mutations import task_of
from cloudtower.simulator.operations.registry import mutates, refines
from cloudtower.simulator.operations.step import Step


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


@mutates("createVlan", "Vlan", None, "/create-vm-vlan", data="VlanInput")
def create_vlan(call, _):
    """Makes a network for VMs on a virtual switch. Returns the record of its task."""
    require("name" in call.body["data"], "GRAPHQL_VALIDATION_FAILED", "data.name is missing")
    return task_of(Step(call, "Vlan", _params(call.body["data"])), "createVlan")


@mutates("updateVlan", "Vlan", "VLAN_NOT_FOUND", "/update-vm-vlan", data="VlanInput")
def update_vlan(call, vlan):
    """Changes a network for VMs. Returns the record of its task."""
    call.tower.tasks.require_free([vlan])
    return task_of(Step(call, "Vlan", _params(call.body["data"]), vlan), "updateVlan")


@mutates("deleteVlan", "Vlan", "VLAN_NOT_FOUND", "/delete-vm-vlan")
def delete_vlan(call, vlan):
    """Deletes a VM network. Returns the record of its task."""
    return task_of(Step(call, "Vlan", {}, vlan), "deleteVlan", generic.remove)


def _params(data):
    """What the data of a mutation says, as a REST body has it."""
    require(data.get("type") in (None, "VM"), "VLAN_TYPE_INVALID", "only networks for VMs are made")
    params = known(data, ("mode_type", "name", "vlan_id"))
    params.update(known({"network_ids": (data.get("network_ids") or {}).get("set")}))
    params.update(known({"vds_id": ((data.get("vds") or {}).get("connect") or {}).get("id")}))
    return params
