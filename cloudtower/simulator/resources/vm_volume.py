"""VM volumes."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import picked
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.shared.export import write_files


@refines("/create-vm-volume", "/import-vm-volume")
def create_vm_volume(step):
    """Makes an empty volume on a cluster, or one of an uploaded disk, that VMs can mount."""
    params, cluster = step.params, step.named("cluster")
    if step.call.path == "/import-vm-volume":
        upload = find(step.world, "UploadTask", params["upload_task_id"])
        params = dict(params, size=upload["size"] or 2**30)
    _build(step, cluster=cluster, **volumes.new_volume(step.world, cluster, params))


@refines("/clone-vm-volume")
def clone_vm_volume(step):
    """Copies a volume with its content."""
    source = step.source
    step.call.tower.tasks.require_free([source])
    kept = picked(source, ("elf_storage_policy", "size"))
    cluster = step.world.one(source, "cluster")
    _build(step, cluster=cluster, used_size=source["used_size"] or 0, **kept)


@refines("/rebuild-vm-volume")
def rebuild_vm_volume(step):
    """Makes a new volume with the content of a snapshot."""
    snapshot = _snapshot(step)
    size, sharing = int(snapshot["volume_size"] or 0), bool(snapshot["volume_sharing"])
    kept = {"cluster": step.world.one(snapshot, "cluster"), "size": size, "sharing": sharing}
    kept["used_size"] = int(snapshot["size"] or 0)
    _build(step, elf_storage_policy=snapshot["elf_storage_policy"], **kept)


@refines("/rollback-vm-volume")
def rollback_vm_volume(step):
    """Puts a snapshot's content back into its volume, whose VMs must be stopped."""
    snapshot = _snapshot(step)
    for disk in step.world.many(step.record, "vm_disks"):
        vm = step.world.one(disk, "vm")
        stopped = vm["status"] == "STOPPED"
        require(stopped, "VM_NOT_STOPPED", "VM %s has the volume and is not stopped" % vm["name"])
    _resize(step, int(snapshot["volume_size"] or step.record["size"]), int(snapshot["size"] or 0))


@refines("/update-vm-volume")
def update_vm_volume(step):
    """Renames a volume, or makes it larger."""
    volume, size = step.record, step.values.get("size")
    if size is not None:
        message = "volume %s can only grow" % volume["name"]
        require(size >= volume["size"], "VM_VOLUME_CANNOT_SHRINK", message)
        volumes.require_size(size)
        _resize(step, size)


@refines("/delete-vm-volume")
def delete_vm_volume(step):
    """Deletes a volume that no VM has mounted, with its snapshots if the body says so."""
    world, volume = step.world, step.record
    with_snapshots = (step.params.get("effect") or {}).get("include_snapshots")

    @step.later
    def remove():
        if with_snapshots:
            for snapshot in world.matching("VmVolumeSnapshot", vm_volume=volume.id):
                volumes.remove_volume_snapshot(world, snapshot)
        volumes.remove_volume(world, volume)


@refines("/export-vm-volume")
def export_vm_volume(step):
    """Writes a volume into a file that can be downloaded."""
    step.call.tower.tasks.require_free([step.source])
    write_files(step, [step.source["size"]])


def _build(step, **fields):
    """Have the step make a volume, with the LUN it is kept in."""
    tower, written = step.call.tower, fields.pop("used_size", 0)
    step.values.update(fields)
    step.make = lambda: volumes.add_placeholder(tower, **step.values)
    step.later(lambda: volumes.allocate(tower, step.record, written))


def _snapshot(step):
    """The snapshot that the body names."""
    return find(step.world, "VmVolumeSnapshot", step.params["volume_snapshot_id"])


def _resize(step, size, written=None):
    """Have the volume get a size at the end of the task; as `volumes.resize`."""
    step.values["size"] = size
    step.later(lambda: volumes.resize(step.world, step.record, size, written))
