"""The life of a VM volume: what a body asks for, the LUN it is kept in, its size, its end."""

from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.operations import names
from cloudtower.simulator.operations.members import picked
from cloudtower.simulator.schema import units

_MAX_VOLUME = 64 * 2**40


def new_volume(world, cluster, params):
    """The fields of the volume that a part of a body describes.

    Raises Refusal for a size or a storage policy that the cluster cannot have.
    """
    names.require("VmVolume", params["name"])
    size = units.size_of(params["size"], params.get("size_unit"))
    require_size(size)
    policies = ("elf_storage_policy", "elf_replica_storage_policy", "storage_policy")
    policy = next((params[name] for name in policies if params.get(name)), None)
    erasure = params.get("elf_ec_storage_policy") or {}
    policy = policy or ("EC" if erasure else "REPLICA_2_THIN_PROVISION")
    require_hosts(cluster, policy_of(policy)[0], erasure.get("ec_k"), erasure.get("ec_m"))
    known = [other["name"] for other in world.matching("ElfStoragePolicy", cluster=cluster.id)]
    message = "cluster %s has no storage policy %s" % (cluster["name"], policy)
    require(policy in known or policy == "EC" or not known, "STORAGE_POLICY_NOT_FOUND", message)
    return {
        "name": params["name"],
        "size": size,
        "elf_storage_policy": policy,
        "elf_storage_policy_ec_k": erasure.get("ec_k"),
        "elf_storage_policy_ec_m": erasure.get("ec_m"),
        "resident_in_cache": params.get("resident_in_cache") or False,
    }


def require_size(size):
    """Refuse what no volume and no LUN can hold."""
    fits = 0 < size <= _MAX_VOLUME
    require(fits, "STORAGE_POLICY_INVALID_LUN_SIZE", "size must be up to 64 TiB")


def require_hosts(cluster, replicas=None, ec_k=None, ec_m=None):
    """Refuse more copies, or more parts of an erasure code, than a cluster has hosts."""
    hosts, name = len(cluster["hosts"]), cluster["name"]
    message = "%s replicas need as many hosts, cluster %s has %d" % (replicas, name, hosts)
    fits = not hosts or (replicas or 0) <= hosts
    require(fits, "REPLICA_NUM_GREATER_THAN_HOSTS_COUNT", message)
    parts = (ec_k or 0) + (ec_m or 0)
    message = "EC %s+%s needs as many hosts, cluster %s has %d" % (ec_k, ec_m, name, hosts)
    require(not hosts or parts <= hosts, "EChunksLessThanReplicas", message)


def add_volume(tower, cluster, name, size, elf_storage_policy, used_size=0, **fields):
    """A new volume with so many bytes written, and the LUN it is kept in. Returns its record.

    Raises TaskFailure where the cluster has no space for it.
    """
    volume = add_placeholder(tower, cluster, name, size, elf_storage_policy, **fields)
    allocate(tower, volume, used_size)
    return volume


def add_placeholder(tower, cluster, name, size, elf_storage_policy, **fields):
    """A volume as it is seen before the task that makes it has ended. Returns its record."""
    world = tower.world
    replicas, thin = policy_of(elf_storage_policy)
    policy = {"replica_num": replicas, "stripe_num": 8, "thin_provision": thin}
    fields.update(("elf_storage_policy_" + trait, value) for trait, value in policy.items())
    fields.update(cluster=cluster, name=name, size=size, elf_storage_policy=elf_storage_policy)
    fields.update(local_created_at=tower.tasks.now(), local_id=world.ids.uuid())
    fields.update(unique_logical_size=0.0, unique_size=0, used_size=0, type="KVM_VOLUME")
    return world.add("VmVolume", **fields)


def allocate(tower, volume, written=0):
    """Have the cluster make the LUN that a volume is kept in, with so many bytes written.

    Raises TaskFailure where the cluster has no space for it.
    """
    world, cluster = tower.world, tower.world.one(volume, "cluster")
    target = world.first("IscsiTarget", internal=True, cluster=cluster.id)
    if target is not None:
        # the numbers of a target ascend, so the last one is the highest
        last = next(reversed(target["luns"]), None)
        number = 1 + (world.get("IscsiLun", last)["lun_id"] if last is not None else 0)
        kept = {"name": volume["local_id"], "lun_id": number, "iscsi_target": target}
        kept.update(assigned_size=volume["size"], local_created_at=tower.tasks.now())
        kept.update(local_id=world.ids.uuid(), zbs_volume_id=world.ids.uuid())
        for trait in ("replica_num", "thin_provision", "ec_k", "ec_m"):
            kept[trait] = volume["elf_storage_policy_" + trait]
        kept["replica_num"] = kept["replica_num"] or 0
        lun = world.add("IscsiLun", allowed_initiators="*/*", **kept)
        world.update(volume, lun=lun, path="iscsi://%s/%d" % (target["iqn_name"], number))
    _write(world, volume, written)


def _write(world, volume, written=None):
    """Have a volume take the space for so many bytes, by default for those it holds."""
    lun, cluster = world.one(volume, "lun"), world.one(volume, "cluster")
    written = volume["used_size"] if written is None else written
    if lun is not None:
        world.update(lun, assigned_size=volume["size"])
        take_space(world, cluster, lun, written)
        world.update(volume, **picked(lun, ("unique_size", "unique_logical_size")))
    else:
        take_space(world, cluster, volume, written)
    world.update(volume, used_size=int(volume["unique_logical_size"]))
    for disk in world.many(volume, "vm_disks"):
        measure(world, world.one(disk, "vm"))


def copies_of(record):
    """How many bytes a cluster needs for each one of a volume, a LUN or a namespace."""
    prefix = "elf_storage_policy_" if "elf_storage_policy" in record else ""
    replicas, k, m = (record[prefix + trait] for trait in ("replica_num", "ec_k", "ec_m"))
    return (k + m) / k if k and m else replicas or 1


def take_space(world, cluster, record, written=None):
    """Have a volume, a LUN or a namespace take what it needs of its cluster, with all copies.

    A thick one needs its whole size, a thin one what has been written, by default what it holds.

    Raises TaskFailure where the cluster has not got that.
    """
    prefix = "elf_storage_policy_" if "elf_storage_policy" in record else ""
    logical = record["unique_logical_size"] if written is None else written
    if logical is None:
        logical = (record["unique_size"] or 0) / copies_of(record)
    if not record[prefix + "thin_provision"]:
        logical = record["size" if prefix else "assigned_size"]
    needed = int(logical * copies_of(record))
    more, free = needed - (record["unique_size"] or 0), cluster["valid_data_space"] or 0
    if more > max(free, 0):
        message = "cluster %s has %d bytes left, %d are needed" % (cluster["name"], free, more)
        raise TaskFailure("EAllocSpace", message)
    world.update(record, unique_size=needed, unique_logical_size=float(logical))


def resize(world, volume, size, written=None):
    """Change the size of a volume, with its LUN and what its VMs add up to; `written` is how many
    bytes it holds from now on, by default as many as before.

    Raises TaskFailure where the cluster has no space for it.
    """
    world.update(volume, size=size)
    _write(world, volume, written)


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
    taken = sum(volume["unique_size"] or 0 for volume in volumes)
    used = sum(volume["used_size"] or 0 for volume in volumes)
    size = sum(volume["size"] for volume in volumes)
    sums = {"logical_size_bytes": used, "used_size": used, "size": taken, "unique_size": taken}
    logical = float(sum(volume["unique_logical_size"] or 0 for volume in volumes))
    sums.update(unique_logical_size=logical, used_size_usage=used / size if size else 0.0)
    world.update(vm, provisioned_size=size, **sums)


def remove_volume_snapshot(world, snapshot):
    """Delete a snapshot of a volume with the LUN snapshot that holds its content."""
    lun_snapshot = world.first("IscsiLunSnapshot", name=snapshot["zbs_snapshot_uuid"])
    world.remove(lun_snapshot)
    world.remove(snapshot)
