"""NVMe subsystems."""

from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import block_storage


@refines("/create-nvmf-subsystem")
def create_nvmf_subsystem(step):
    """Makes a subsystem on a cluster, which hosts reach by its NQN; it holds no namespace yet."""
    block_storage.create_group(step)
