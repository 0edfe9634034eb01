"""VM volumes and their snapshots."""

from cloudtower.simulator.behaviour import disks, frozen
from cloudtower.simulator.behaviour.generic import finds, refines
from cloudtower.simulator.behaviour.support import find, require

#: What a snapshot keeps of its volume.
_KEPT = (
    "elf_storage_policy",
    "elf_storage_policy_ec_k",
    "elf_storage_policy_ec_m",
    "elf_storage_policy_replica_num",
    "elf_storage_policy_stripe_num",
    "elf_storage_policy_thin_provision",
    "resident_in_cache",
)


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
    fields = dict((name, source[name]) for name in ("elf_storage_policy", "size", "used_size"))
    fields["used_size"] = fields["used_size"] or 0
    fields.update(name=step.params["name"], description=step.params.get("description"))
    _build(step, step.world.one(source, "cluster"), fields)


@refines("/rebuild-vm-volume")
def rebuild(step):
    snapshot = find(step.world, "VmVolumeSnapshot", step.params["volume_snapshot_id"])
    fields = {
        "name": step.params["name"],
        "description": step.params["description"],
        "elf_storage_policy": snapshot["elf_storage_policy"],
        "size": int(snapshot["volume_size"] or 0),
        "sharing": bool(snapshot["volume_sharing"]),
    }
    _build(step, step.world.one(snapshot, "cluster"), fields)


@finds("/rollback-vm-volume")
def volume_of_snapshot(call, params):
    snapshot = find(call.world, "VmVolumeSnapshot", params["volume_snapshot_id"])
    return call.world.one(snapshot, "vm_volume") or find(call.world, "VmVolume", None)


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
    volume = step.record
    if "size" in step.values:
        size = step.values["size"]
        message = "volume %s can only grow" % volume["name"]
        require(size >= volume["size"], "VM_VOLUME_CANNOT_SHRINK", message)
        require(size <= 64 * 2**40, "STORAGE_POLICY_INVALID_LUN_SIZE", "size must be up to 64 TiB")
        _resize(step, size)


def _resize(step, size):
    world, volume = step.world, step.record
    step.values["size"] = size

    def measure():
        lun = world.one(volume, "lun")
        if lun is not None:
            world.update(lun, assigned_size=size)
        for disk in world.many(volume, "vm_disks"):
            disks.measure(world, world.one(disk, "vm"))

    step.later(measure)


@refines("/delete-vm-volume")
def delete(step):
    world, volume = step.world, step.record
    message = "volume %s is mounted" % volume["name"]
    require(not volume["vm_disks"], "VM_VOLUME_MOUNTED", message)

    def remove():
        if (step.params.get("effect") or {}).get("include_snapshots"):
            for snapshot in list(world.all("VmVolumeSnapshot")):
                if snapshot["vm_volume"] == volume.id:
                    _remove_snapshot(world, snapshot)
        if volume in world:
            disks.remove_volume(world, volume)

    step.later(remove)


@refines("/create-vm-volume-snapshot")
def create_snapshot(step):
    world, volume = step.world, find(step.world, "VmVolume", step.params["volume_id"])
    step.call.tower.tasks.require_free([volume])
    for other in world.all("VmVolumeSnapshot"):
        taken = other["vm_volume"] == volume.id and other["name"] == step.params["name"]
        require(not taken, "VM_VOLUME_SNAPSHOT_DUPLICATE_NAME", "the name is taken")
    step.values.update((name, volume[name]) for name in _KEPT)
    step.values.update(
        cluster=volume["cluster"],
        size=float(volume["used_size"] or 0),
        type="KVM_VOLUME_SNAPSHOT",
        unique_size=float(volume["unique_size"] or 0),
        vm_volume=volume,
        volume_sharing=volume["sharing"],
        volume_size=float(volume["size"]),
    )

    def freeze():
        if volume in world:
            name = frozen.snapshot_lun(step.call.tower, volume)
            world.update(step.record, zbs_snapshot_uuid=name)

    step.later(freeze)


@refines("/delete-vm-volume-snapshot")
def delete_snapshot(step):
    step.later(lambda: _remove_snapshot(step.world, step.record))


def _remove_snapshot(world, snapshot):
    lun_snapshot = world.first("IscsiLunSnapshot", name=snapshot["zbs_snapshot_uuid"])
    for each in (lun_snapshot, snapshot):
        if each in world:
            world.remove(each)
