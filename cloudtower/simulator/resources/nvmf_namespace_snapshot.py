"""Snapshots of namespaces."""

from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import block_storage


@refines("/create-nvmf-namespace-snapshot")
def create_nvmf_namespace_snapshot(step):
    """Keeps the content of a namespace as it is now."""
    block_storage.create_snapshot(step)
