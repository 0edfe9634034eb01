"""VM templates of the content library, which spans clusters."""

from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import picked
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import content_library
from cloudtower.simulator.resources.shared.export import write_files
from cloudtower.simulator.schema.units import size_of


@refines("/import-content-library-vm-template")
def import_template(step):
    """Makes a template of the library of a parsed OVF and its uploaded disks."""
    world, given = step.world, step.params
    cluster, ovf = find(world, "Cluster", given["cluster_id"]), given["parsed_ovf"]
    for task_id in given["upload_tasks"]:
        find(world, "UploadTask", task_id)
    cores = given.get("cpu_cores") or ovf["cpu"]["cores"]
    sockets = given.get("cpu_sockets") or ovf["cpu"]["sockets"]
    memory = size_of(given.get("memory") or ovf["memory"], given.get("memory_unit"))
    ovf_disks = []
    for index, disk in enumerate(ovf["disks"]):
        kept = dict(picked(disk, ("bus", "size", "type")), disk_name=disk["name"])
        kept.update(boot=index + 1, index=index, storage_policy="REPLICA_2_THIN_PROVISION")
        ovf_disks.append(kept)
    step.values.update(memory=memory, vcpu=cores * sockets, firmware=ovf["firmware"])
    step.values.update(cpu={"cores": cores, "sockets": sockets}, vm_disks=ovf_disks)
    step.values.update(size=sum(disk["size"] for disk in ovf["disks"]), clock_offset="UTC")
    step.values["vm_nics"] = [{"index": index} for index in range(len(given.get("vm_nics") or []))]
    step.later(lambda: content_library.spread(step.call, step.record, [cluster]))


@refines("/distribute-content-library-vm-template-clusters")
def distribute_template(step):
    """Copies a template of the library to more clusters."""
    content_library.distribute(step)


@refines("/remove-content-library-vm-template-clusters")
def withdraw_template(step):
    """Deletes the copies that clusters have of a template, while one cluster keeps it."""
    content_library.withdraw(step)


@refines("/update-content-library-vm-template")
def update_template(step):
    """Renames a template of the library and its copies, and distributes it as the body says."""
    content_library.change_library(step)


@refines("/delete-content-library-vm-template")
def delete_template(step):
    """Deletes a template of the library with all its copies."""
    content_library.delete_library(step)


@refines("/clone-content-library-vm-template-from-vm")
def clone_template(step):
    """Copies a VM into a template of the library; the VM stays."""
    content_library.template_of_vm(step, converts=False)


@refines("/convert-content-library-vm-template-from-vm")
def convert_template(step):
    """Makes a stopped VM a template of the library; the VM is gone."""
    content_library.template_of_vm(step, converts=True)


@refines("/export-content-library-vm-template")
def export_template(step):
    """Writes a template into files that can be downloaded."""
    disks = [disk for disk in step.source["vm_disks"] if disk["type"] == "DISK"]
    write_files(step, [disk["size"] or 0 for disk in disks])
