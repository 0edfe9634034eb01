"""VM volumes and their snapshots."""

from cloudtower.simulator.behaviour import disks, frozen
from cloudtower.simulator.behaviour.generic import refines
from cloudtower.simulator.behaviour.support import find, picked, require

#: What a snapshot keeps of its volume.
_POLICY = ("", "_ec_k", "_ec_m", "_replica_num", "_stripe_num", "_thin_provision")
_KEPT = tuple("elf_storage_policy" + each for each in _POLICY) + ("resident_in_cache",)


def _build(step, cluster, fields):
    """Have the step make a volume, with the LUN it is kept in."""
    step.values.update(fields)
    step.make = lambda: disks.add_volume(step.call.tower, cluster, **fields)


@refines("/create-vm-volume", "/import-vm-volume")
def create(step):
    cluster, params = find(step.world, "Cluster", step.params["cluster_id"]), dict(step.params)
    if step.call.path == "/import-vm-volume":
        upload = find(step.world, "UploadTask", params["upload_task_id"])
        params.update(size=upload["size"] or 2**30)
        params.pop("size_unit", None)
    fields = disks.new_volume(params)
    _build(step, cluster, dict(fields, sharing=params.get("sharing") or False))


@refines("/clone-vm-volume")
def clone(step):
    source = step.source
    step.call.tower.tasks.require_free([source])
    fields = picked(source, ("elf_storage_policy", "size"))
    fields.update(used_size=source["used_size"] or 0, name=step.params["name"])
    fields["description"] = step.params.get("description")
    _build(step, step.world.one(source, "cluster"), fields)


@refines("/rebuild-vm-volume")
def rebuild(step):
    snapshot = find(step.world, "VmVolumeSnapshot", step.params["volume_snapshot_id"])
    fields = picked(step.params, ("name", "description"))
    fields.update(size=int(snapshot["volume_size"] or 0), sharing=bool(snapshot["volume_sharing"]))
    fields["elf_storage_policy"] = snapshot["elf_storage_policy"]
    _build(step, step.world.one(snapshot, "cluster"), fields)


@refines("/rollback-vm-volume")
def rollback(step):
    snapshot = find(step.world, "VmVolumeSnapshot", step.params["volume_snapshot_id"])
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
    require(not volume["vm_disks"], "VM_VOLUME_MOUNTED", "volume %s is mounted" % volume["name"])

    @step.later
    def remove():
        if (step.params.get("effect") or {}).get("include_snapshots"):
            snapshots = world.all("VmVolumeSnapshot")
            for snapshot in [each for each in snapshots if each["vm_volume"] == volume.id]:
                _remove_snapshot(world, snapshot)
        disks.remove_volume(world, volume)


@refines("/create-vm-volume-snapshot")
def create_snapshot(step):
    world, volume = step.world, find(step.world, "VmVolume", step.params["volume_id"])
    step.call.tower.tasks.require_free([volume])
    taken = world.first("VmVolumeSnapshot", vm_volume=volume.id, name=step.params["name"])
    require(taken is None, "VM_VOLUME_SNAPSHOT_DUPLICATE_NAME", "the name is taken")
    step.values.update(picked(volume, _KEPT), cluster=volume["cluster"], vm_volume=volume)
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
