"""Namespaces of NVMe subsystems."""

from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import block_storage


@refines("/create-nvmf-namespace")
def create_nvmf_namespace(step):
    """Makes a namespace in a subsystem; thick ones take their space at once."""
    block_storage.create_unit(step)


@refines("/clone-nvmf-namespace-from-snapshot")
def clone_nvmf_namespace(step):
    """Makes a namespace with the content of a snapshot, in any subsystem of the cluster."""
    block_storage.clone_from_snapshot(step)


@refines("/rollback-nvmf-namespace-from-snapshot")
def roll_back_nvmf_namespace(step):
    """Puts the content of one of its snapshots back into a namespace."""
    block_storage.rollback(step)


@refines("/update-nvmf-namespace")
def update_nvmf_namespace(step):
    """Changes name, access or size of a namespace, which can only grow."""
    block_storage.update_unit(step)


@refines("/delete-nvmf-namespace")
def delete_nvmf_namespace(step):
    """Deletes a namespace, and its snapshots where the body says so."""
    block_storage.delete_unit(step)
