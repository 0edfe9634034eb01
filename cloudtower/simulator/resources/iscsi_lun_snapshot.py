"""Snapshots of LUNs."""

from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import block_storage


@refines("/create-iscsi-lun-snapshot")
def create_iscsi_lun_snapshot(step):
    """Keeps the content of a LUN as it is now."""
    block_storage.create_snapshot(step)
