"""VM templates of a cluster."""

from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared.content_library import template_of_vm


@refines("/clone-vm-template-from-vm")
def clone_vm_template(step):
    """Copies a VM into a template of its cluster; the VM stays."""
    template_of_vm(step, converts=False)


@refines("/convert-vm-template-from-vm")
def convert_vm_template(step):
    """Makes a stopped VM a template of its cluster; the VM is gone."""
    template_of_vm(step, converts=True)
