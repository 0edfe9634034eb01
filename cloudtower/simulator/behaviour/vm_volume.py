"""VM volumes and their snapshots."""

from cloudtower.simulator.behaviour import disks, frozen
from cloudtower.simulator.behaviour.generic import refines
from cloudtower.simulator.behaviour.support import every, find, picked, require

#: What a snapshot keeps of its volume.
_POLICY = ("", "_ec_k", "_ec_m", "_replica_num", "_stripe_num", "_thin_provision")
_KEPT = tuple("elf_storage_policy" + each for each in _POLICY) + ("resident_in_cache",)


def _build(step, **fields):
    """Have the step make a volume, with the LUN it is kept in."""
    step.values.update(fields)
    step.make = lambda: disks.add_volume(step.call.tower, **step.values)


@refines("/create-vm-volume", "/import-vm-volume")
def create(step):
    params = step.params
    if step.call.path == "/import-vm-volume":
        upload = find(step.world, "UploadTask", params["upload_task_id"])
        params = dict(params, size=upload["size"] or 2**30)
    _build(step, cluster=step.named("cluster"), **disks.new_volume(params))


@refines("/clone-vm-volume")
def clone(step):
    source = step.source
    step.call.tower.tasks.require_free([source])
    kept = picked(source, ("elf_storage_policy", "size"))
    cluster = step.world.one(source, "cluster")
    _build(step, cluster=cluster, used_size=source["used_size"] or 0, **kept)


def _snapshot(step):
    return find(step.world, "VmVolumeSnapshot", step.params["volume_snapshot_id"])


@refines("/rebuild-vm-volume")
def rebuild(step):
    snapshot = _snapshot(step)
    size, sharing = int(snapshot["volume_size"] or 0), bool(snapshot["volume_sharing"])
    kept = {"cluster": step.world.one(snapshot, "cluster"), "size": size, "sharing": sharing}
    _build(step, elf_storage_policy=snapshot["elf_storage_policy"], **kept)


@refines("/rollback-vm-volume")
def rollback(step):
    snapshot = _snapshot(step)
    for disk in step.world.many(step.record, "vm_disks"):
        vm = step.world.one(disk, "vm")
        stopped = vm["status"] == "STOPPED"
        require(stopped, "VM_NOT_STOPPED", "VM %s has the volume and is not stopped" % vm["name"])
    _resize(step, int(snapshot["volume_size"] or step.record["size"]))


@refines("/update-vm-volume")
def update(step):
    volume, size = step.record, step.values.get("size")
    if size is not None:
        message = "volume %s can only grow" % volume["name"]
        require(size >= volume["size"], "VM_VOLUME_CANNOT_SHRINK", message)
        disks.require_size(size)
        _resize(step, size)


def _resize(step, size):
    step.values["size"] = size
    step.later(lambda: disks.resize(step.world, step.record, size))


@refines("/delete-vm-volume")
def delete(step):
    world, volume = step.world, step.record

    @step.later
    def remove():
        if (step.params.get("effect") or {}).get("include_snapshots"):
            for snapshot in every(world, "VmVolumeSnapshot", vm_volume=volume.id):
                _remove_snapshot(world, snapshot)
        disks.remove_volume(world, volume)


@refines("/create-vm-volume-snapshot")
def create_snapshot(step):
    world, volume = step.world, step.named("vm_volume")
    step.call.tower.tasks.require_free([volume])
    step.values.update(picked(volume, _KEPT), cluster=volume["cluster"])
    step.values.update(type="KVM_VOLUME_SNAPSHOT", volume_sharing=volume["sharing"])
    sizes = {"size": "used_size", "unique_size": "unique_size", "volume_size": "size"}
    step.values.update((name, float(volume[of] or 0)) for name, of in sizes.items())

    @step.later
    def freeze():
        if volume in world:
            name = frozen.snapshot_lun(step.call.tower, volume)
            world.update(step.record, zbs_snapshot_uuid=name)


@refines("/delete-vm-volume-snapshot")
def delete_snapshot(step):
    step.later(lambda: _remove_snapshot(step.world, step.record))


def _remove_snapshot(world, snapshot):
    lun_snapshot = world.first("IscsiLunSnapshot", name=snapshot["zbs_snapshot_uuid"])
    world.remove(lun_snapshot)
    world.remove(snapshot)
