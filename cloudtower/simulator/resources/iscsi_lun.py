"""LUNs of iSCSI targets."""

from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import picked
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import block_storage


@refines("/create-iscsi-lun")
def create_iscsi_lun(step):
    """Makes a LUN in a target; thick ones take their space at once."""
    block_storage.create_unit(step)


@refines("/clone-iscsi-lun-from-snapshot")
def clone_iscsi_lun(step):
    """Makes a LUN with the content of a snapshot, in any target of the cluster."""
    block_storage.clone_from_snapshot(step)


@refines("/copy-iscsi-lun")
def copy_iscsi_lun(step):
    """Copies a LUN with its content, into its target or another one."""
    source = find(step.world, "IscsiLun", step.params["src_lun_id"])
    step.call.tower.tasks.require_free([source])
    group = step.world.one(source, "iscsi_target")
    if step.params.get("dest_iscsi_target_id"):
        group = find(step.world, "IscsiTarget", step.params["dest_iscsi_target_id"])
    step.values["name"] = step.params.get("name") or "%s-clone" % source["name"]
    block_storage.plan_unit(step, group, source, source["assigned_size"])
    step.values.update(picked(source, ("allowed_initiators", "unique_logical_size")))


@refines("/rollback-iscsi-lun-from-snapshot")
def roll_back_iscsi_lun(step):
    """Puts the content of one of its snapshots back into a LUN."""
    block_storage.rollback(step)


@refines("/update-iscsi-lun")
def update_iscsi_lun(step):
    """Changes name, access or size of a LUN, which can only grow."""
    block_storage.update_unit(step)


@refines("/delete-iscsi-lun")
def delete_iscsi_lun(step):
    """Deletes a LUN, and its snapshots where the body says so."""
    block_storage.delete_unit(step)
