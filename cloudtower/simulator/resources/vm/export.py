"""Export of VMs."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.shared.export import write_files
from cloudtower.simulator.resources.vm.rules import usable_vms


@refines("/export-vm")
def export_vm(step):
    """Writes a stopped VM into an OVF and a file for each volume, to be downloaded."""
    usable_vms(step.call, ("STOPPED",), [step.source])
    sizes = [volume["size"] for volume in volumes.volumes_of(step.world, step.source)]
    require(sizes, "VM_HAS_NO_VOLUME", "VM %s has no volume" % step.source["name"])
    write_files(step, sizes)
