"""Virtual disks, CD-ROMs and volumes: reading them from a body, mounting, copying."""

from cloudtower.simulator.behaviour.support import find, limits_of, require, size_of
from cloudtower.simulator.errors import TaskFailure, refused

_PER_BUS = {"IDE": 4, "SCSI": 32, "VIRTIO": 32}
_MAX_VOLUME = 64 * 2**40


def read(call, cluster, params):
    """The disks that a `VmDiskParams` asks for, its references looked up.

    Returns a list of dicts: the fields of a VmDisk, plus for a new volume
    `new`, a dict of its fields.
    Raises Refusal for a reference that leads nowhere.
    """
    disks = [cd_rom(call, cluster, each) for each in params.get("mount_cd_roms") or []]
    for each in params.get("mount_disks") or []:
        volume = find(call.world, "VmVolume", each["vm_volume_id"], cluster)
        twice = any(other.get("vm_volume") is volume for other in disks)
        free = volume["sharing"] or not (volume["vm_disks"] or twice)
        require(free, "VM_VOLUME_MOUNTED", "volume %s is mounted already" % volume["name"])
        disks.append(dict(_disk(each), vm_volume=volume))
    for each in params.get("mount_new_create_disks") or []:
        disks.append(dict(_disk(each), new=new_volume(each["vm_volume"])))
    return disks


def cd_rom(call, cluster, params):
    """One CD-ROM of a body."""
    return {
        "type": "CD_ROM",
        "bus": "IDE",
        "boot": params["boot"],
        "key": params.get("key"),
        "disabled": False,
        "elf_image": image(call, cluster, params),
    }


def image(call, cluster, params):
    """The ELF image that a part of a body names by either kind of id, or None."""
    if params.get("elf_image_id"):
        return find(call.world, "ElfImage", params["elf_image_id"], cluster)
    if not params.get("content_library_image_id"):
        return None
    library = find(call.world, "ContentLibraryImage", params["content_library_image_id"])
    for each in call.world.many(library, "elf_images"):
        if each["cluster"] == cluster.id:
            return each
    message = "image %s is not distributed to cluster %s" % (library["name"], cluster["name"])
    raise refused("IMAGE_NOT_FOUND", message)


def _disk(params):
    disk = {"type": "DISK", "bus": params["bus"], "boot": params["boot"], "key": params.get("key")}
    return dict(disk, **limits_of(params))


def new_volume(params):
    """The fields of the volume that a part of a body describes."""
    size = size_of(params["size"], params.get("size_unit"))
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


def require_limits(buses):
    """Refuse more devices on a bus than a VM can have; `buses` has that of each disk."""
    buses = list(buses)
    for bus, most in _PER_BUS.items():
        message = "a VM can have %d devices on bus %s" % (most, bus)
        require(buses.count(bus) <= most, "JOB_TOO_MANY_%s_DEVICES" % bus, message)


def require_still_free(disks):
    """Fail the task where another one has mounted a volume in the meantime."""
    for disk in disks:
        volume = disk.get("vm_volume")
        if volume is not None and volume["vm_disks"] and not volume["sharing"]:
            message = "volume %s is mounted already" % volume["name"]
            raise TaskFailure("VM_VOLUME_MOUNTED", message)


def mount(tower, vm, disks):
    """Give a VM disks, as `read` returns them; new volumes come into being.

    Returns the records of the VmDisks.
    """
    mounted = []
    for disk in disks:
        fields = dict(disk)
        new = fields.pop("new", None)
        if new is not None:
            fields["vm_volume"] = add_volume(tower, tower.world.one(vm, "cluster"), **new)
        if fields.get("key") is None:
            keys = [each["key"] or 0 for each in tower.world.many(vm, "vm_disks")]
            fields["key"] = 1 + max(keys, default=0)
        if fields.get("vm_volume") is not None:
            fields["serial"] = fields["vm_volume"]["local_id"]
            tower.world.update(fields["vm_volume"], mounting=True)
        mounted.append(tower.world.add("VmDisk", vm=vm, **fields))
    measure(tower.world, vm)
    return mounted


def unmount(tower, disk):
    """Take a disk off its VM; its volume stays."""
    world = tower.world
    vm, volume = world.one(disk, "vm"), world.one(disk, "vm_volume")
    world.remove(disk)
    if volume is not None:
        world.update(volume, mounting=bool(volume["vm_disks"]))
    measure(world, vm)


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
        lun = world.add(
            "IscsiLun",
            allowed_initiators="*/*",
            assigned_size=size,
            iscsi_target=target,
            local_created_at=now,
            local_id=world.ids.uuid(),
            lun_id=number,
            name=local_id,
            replica_num=replicas or 0,
            thin_provision=thin,
            unique_size=used,
            zbs_volume_id=world.ids.uuid(),
        )
    policy = {"replica_num": replicas, "stripe_num": 8, "thin_provision": thin}
    fields.update(("elf_storage_policy_" + each, value) for each, value in policy.items())
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
    digits = [each for each in name if each.isdigit()]
    return (int(digits[0]) if digits else None), "THICK" not in name


def volumes_of(world, vm):
    """The volumes that a VM has mounted."""
    volumes = [world.one(each, "vm_volume") for each in world.many(vm, "vm_disks")]
    return [each for each in volumes if each is not None]


def measure(world, vm):
    """Set what a VM's disks add up to."""
    volumes = volumes_of(world, vm)
    used = sum(each["unique_size"] or 0 for each in volumes)
    size = sum(each["size"] for each in volumes)
    sums = dict.fromkeys(("logical_size_bytes", "size", "unique_size", "used_size"), used)
    sums.update(unique_logical_size=float(used), used_size_usage=used / size if size else 0.0)
    world.update(vm, provisioned_size=size, **sums)
