"""Snapshots of LUNs."""

from cloudtower.simulator.operations.registry import confirm, refines
from cloudtower.simulator.resources.shared import block_storage

confirm("/delete-iscsi-lun-snapshot")


@refines("/create-iscsi-lun-snapshot")
def create_iscsi_lun_snapshot(step):
    """Keeps the content of a LUN as it is now."""
    block_storage.create_snapshot(step)
