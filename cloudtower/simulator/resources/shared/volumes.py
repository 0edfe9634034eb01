"""The life of a VM volume: what a body asks for, the LUN it is kept in, its size, its end."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.schema import units

_MAX_VOLUME = 64 * 2**40


def new_volume(params):
    """The fields of the volume that a part of a body describes."""
    size = units.size_of(params["size"], params.get("size_unit"))
    require_size(size)
    names = ("elf_storage_policy", "elf_replica_storage_policy", "storage_policy")
    policy = next((params[name] for name in names if params.get(name)), None)
    erasure = params.get("elf_ec_storage_policy") or {}
    return {
        "name": params["name"],
        "size": size,
        "elf_storage_policy": policy or ("EC" if erasure else "REPLICA_2_THIN_PROVISION"),
        "elf_storage_policy_ec_k": erasure.get("ec_k"),
        "elf_storage_policy_ec_m": erasure.get("ec_m"),
        "resident_in_cache": params.get("resident_in_cache") or False,
    }


def require_size(size):
    """Refuse what no volume and no LUN can hold."""
    fits = 0 < size <= _MAX_VOLUME
    require(fits, "STORAGE_POLICY_INVALID_LUN_SIZE", "size must be up to 64 TiB")


def add_volume(tower, cluster, name, size, elf_storage_policy, **fields):
    """A new volume and the LUN it is kept in. Returns its record."""
    world, now = tower.world, tower.tasks.now()
    replicas, thin = policy_of(elf_storage_policy)
    used = fields.pop("used_size", 0 if thin else size)
    local_id = world.ids.uuid()
    target = world.first("IscsiTarget", internal=True, cluster=cluster.id)
    lun, path = None, ""
    if target is not None:
        # the numbers of a target ascend, so the last one is the highest
        last = next(reversed(target["luns"]), None)
        number = 1 + (world.get("IscsiLun", last)["lun_id"] if last is not None else 0)
        path = "iscsi://%s/%d" % (target["iqn_name"], number)
        kept = {"name": local_id, "lun_id": number, "iscsi_target": target, "assigned_size": size}
        kept.update(replica_num=replicas or 0, thin_provision=thin, unique_size=used)
        kept.update(local_created_at=now, local_id=world.ids.uuid(), zbs_volume_id=world.ids.uuid())
        lun = world.add("IscsiLun", allowed_initiators="*/*", **kept)
    policy = {"replica_num": replicas, "stripe_num": 8, "thin_provision": thin}
    fields.update(("elf_storage_policy_" + trait, value) for trait, value in policy.items())
    fields.update(unique_logical_size=float(used), unique_size=used, used_size=used)
    fields.update(cluster=cluster, name=name, size=size, elf_storage_policy=elf_storage_policy)
    fields.update(local_created_at=now, local_id=local_id, lun=lun, path=path, type="KVM_VOLUME")
    return world.add("VmVolume", **fields)


def resize(world, volume, size):
    """Change the size of a volume, and with it that of its LUN and what its VMs add up to."""
    world.update(volume, size=size)
    lun = world.one(volume, "lun")
    if lun is not None:
        world.update(lun, assigned_size=size)
    for disk in world.many(volume, "vm_disks"):
        measure(world, world.one(disk, "vm"))


def remove_volume(world, volume):
    """Delete a volume and its LUN."""
    lun = world.one(volume, "lun")
    world.remove(volume)
    world.remove(lun)


def policy_of(name):
    """(number of replicas or None, whether it is thin) of a storage policy's name."""
    digits = [character for character in name if character.isdigit()]
    return (int(digits[0]) if digits else None), "THICK" not in name


def volumes_of(world, vm):
    """The volumes that a VM has mounted."""
    return list(filter(None, [world.one(disk, "vm_volume") for disk in world.many(vm, "vm_disks")]))


def measure(world, vm):
    """Set what a VM's disks add up to."""
    volumes = volumes_of(world, vm)
    used = sum(volume["unique_size"] or 0 for volume in volumes)
    size = sum(volume["size"] for volume in volumes)
    sums = dict.fromkeys(("logical_size_bytes", "size", "unique_size", "used_size"), used)
    sums.update(unique_logical_size=float(used), used_size_usage=used / size if size else 0.0)
    world.update(vm, provisioned_size=size, **sums)


def remove_volume_snapshot(world, snapshot):
    """Delete a snapshot of a volume with the LUN snapshot that holds its content."""
    lun_snapshot = world.first("IscsiLunSnapshot", name=snapshot["zbs_snapshot_uuid"])
    world.remove(lun_snapshot)
    world.remove(snapshot)
