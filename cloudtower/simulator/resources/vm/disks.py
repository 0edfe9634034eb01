"""Disks and CD-ROMs of VMs: reading them from a body, mounting, changing."""

from cloudtower.simulator.errors import TaskFailure, refused, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.shared.volumes import measure, resize
from cloudtower.simulator.resources.vm import io_limits
from cloudtower.simulator.resources.vm.editing import begin_edit
from cloudtower.simulator.resources.vm.guest import has_system
from cloudtower.simulator.resources.vm.rules import by_vm, usable_vms
from cloudtower.simulator.schema import units

_PER_BUS = {"IDE": 4, "SCSI": 32, "VIRTIO": 32}


def read(call, cluster, params):
    """The disks that a `VmDiskParams` asks for, its references looked up.

    Returns a list of dicts: the fields of a VmDisk, plus for a new volume
    `new`, a dict of its fields.
    Raises Refusal for a reference that leads nowhere.
    """
    disks = []
    for cd_rom in params.get("mount_cd_roms") or []:
        found = image(call, cluster, cd_rom)
        disks.append(dict(_device(cd_rom, "CD_ROM"), disabled=False, elf_image=found))
    for mounted in params.get("mount_disks") or []:
        volume = find(call.world, "VmVolume", mounted["vm_volume_id"], cluster)
        require_mountable(call, volume, disks)
        disks.append(dict(_device(mounted, "DISK"), vm_volume=volume))
    for created in params.get("mount_new_create_disks") or []:
        new = volumes.new_volume(call.world, cluster, created["vm_volume"])
        disks.append(dict(_device(created, "DISK"), new=new))
    return disks


def _device(params, kind):
    """The fields that each device on a bus has."""
    place = {"bus": params.get("bus", "IDE"), "boot": params["boot"], "key": params.get("key")}
    return dict(place, type=kind, **io_limits.limits_of(params))


def image(call, cluster, params):
    """The ELF image that a part of a body names by either kind of id, or None."""
    if params.get("elf_image_id"):
        return find(call.world, "ElfImage", params["elf_image_id"], cluster)
    if not params.get("content_library_image_id"):
        return None
    library = find(call.world, "ContentLibraryImage", params["content_library_image_id"])
    for elf_image in call.world.many(library, "elf_images"):
        if elf_image["cluster"] == cluster.id:
            return elf_image
    message = "image %s is not distributed to cluster %s" % (library["name"], cluster["name"])
    raise refused("IMAGE_NOT_FOUND", message)


def require_limits(buses):
    """Refuse more devices on a bus than a VM can have; `buses` has that of each disk."""
    buses = list(buses)
    for bus, most in _PER_BUS.items():
        message = "a VM can have %d devices on bus %s" % (most, bus)
        require(buses.count(bus) <= most, "JOB_TOO_MANY_%s_DEVICES" % bus, message)


def require_mountable(call, volume, others=(), own=None):
    """Refuse to mount a volume that another disk has, or a task works on.

    Parameters:
        others: more disks of the same request, dicts as `read` returns them.
        own: the record of the disk that is to have it, and may have it already.
    """
    call.tower.tasks.require_free([volume])
    twice = any(other.get("vm_volume") is volume for other in others)
    free = not twice and _is_free(volume, own)
    message = "volume %s is mounted already" % volume["name"]
    require(free or volume["sharing"], "VM_VOLUME_MOUNTED", message)


def _is_free(volume, own=None):
    """Whether no disk has a volume but one's own."""
    return all(own is not None and disk_id == own.id for disk_id in volume["vm_disks"])


def require_still_free(disks, own=None):
    """Fail the task where another one has mounted a volume in the meantime."""
    for volume in filter(None, [disk.get("vm_volume") for disk in disks]):
        if not volume["sharing"] and not _is_free(volume, own):
            message = "volume %s is mounted already" % volume["name"]
            raise TaskFailure("VM_VOLUME_MOUNTED", message)


def mount(tower, vm, disks, add_volume=volumes.add_volume):
    """Give a VM disks, as `read` returns them; new volumes are made by `add_volume`.

    A disk may have the `size` to which its volume is to grow.

    Returns the records of the VmDisks.
    Raises TaskFailure where the cluster has no space for them.
    """
    mounted = []
    for disk in disks:
        fields = dict(disk)
        new, size = fields.pop("new", None), fields.pop("size", None)
        if new is not None:
            fields["vm_volume"] = add_volume(tower, tower.world.one(vm, "cluster"), **new)
        if fields.get("key") is None:
            keys = [other["key"] or 0 for other in tower.world.many(vm, "vm_disks")]
            fields["key"] = 1 + max(keys, default=0)
        if fields.get("vm_volume") is not None:
            fields["serial"] = fields["vm_volume"]["local_id"]
            tower.world.update(fields["vm_volume"], mounting=True)
        if size is not None:
            resize(tower.world, fields["vm_volume"], size)
        mounted.append(tower.world.add("VmDisk", vm=vm, **fields))
    measure(tower.world, vm)
    return mounted


def update(world, disk, fields):
    """Change fields of a disk; the volumes it had and has show whether they are mounted."""
    before = world.one(disk, "vm_volume")
    world.update(disk, **fields)
    for volume in filter(None, (before, world.one(disk, "vm_volume"))):
        world.update(volume, mounting=bool(volume["vm_disks"]))


def unmount(tower, disk):
    """Take a disk off its VM; its volume stays."""
    world = tower.world
    vm, volume = world.one(disk, "vm"), world.one(disk, "vm_volume")
    world.remove(disk)
    if volume is not None:
        world.update(volume, mounting=bool(volume["vm_disks"]))
    measure(world, vm)


@handles("/add-vm-disk", "/add-vm-cd-rom")
def add_vm_disk(call):
    """Mounts disks, new or existing volumes, or adds CD-ROM drives to VMs."""
    world, data, vms, new = call.world, call.body["data"], usable_vms(call), {}
    params = data["vm_disks"] if "vm_disks" in data else {"mount_cd_roms": data["vm_cd_roms"]}
    for vm in vms:
        new[vm] = read(call, world.one(vm, "cluster"), params)
        require_can_change(vm, new[vm], "ATTACH")
        require_limits(disk["bus"] for disk in world.many(vm, "vm_disks") + new[vm])
    changes = known(dict(io_limits.limits_of(data), io_policy=data.get("io_policy")))
    return call.in_turn(vms, lambda vm: _add(call, vm, new[vm], changes))


def _add(call, vm, wanted, changes):
    """Begin the task that gives a VM more disks."""
    tower, made = call.tower, []

    def add_placeholder(*args, **fields):
        made.append(volumes.add_placeholder(*args, **fields))
        return made[-1]

    # at once, for clients go on with the ids that the answer has
    mounted = mount(tower, vm, wanted, add_placeholder)

    def allocate(vm):
        for volume in made:
            volumes.allocate(tower, volume)

    def take_back():
        for disk in mounted:
            unmount(tower, disk)
        for volume in made:
            call.world.remove(volume)

    (answer,) = begin_edit(call, [vm], allocate, " disk", take_back, **changes)
    return answer


def require_can_change(vm, disks, way):
    """Refuse to attach or detach what a running VM keeps."""
    message = "VM %s runs: its CD-ROMs and IDE disks are fixed" % vm["name"]
    for disk in disks if vm["status"] == "RUNNING" else ():
        is_cd_rom = disk["type"] == "CD_ROM"
        require(not is_cd_rom, "JOB_CANNOT_ATTACH_DETACH_RUNNING_CDROM", message)
        require(disk["bus"] != "IDE", "JOB_CANNOT_%s_IDE_DISK" % way, message)


@handles("/remove-vm-disk", "/remove-vm-cd-rom")
def remove_vm_disk(call):
    """Takes disks or CD-ROM drives out of VMs; the volumes stay."""
    data, vms = call.body["data"], usable_vms(call)
    doomed = _disks_of(call.world, vms, data.get("disk_ids") or data.get("cd_rom_ids") or [])
    for vm in vms:
        require_can_change(vm, doomed[vm], "DETACH")
        require_some_left(call.world, vm, doomed[vm])

    def take_off(vm):
        for disk in doomed[vm]:
            unmount(call.tower, disk)

    return begin_edit(call, vms, take_off, " disk")


def require_some_left(world, vm, doomed, more=()):
    """Refuse to take the last disk of a VM; a CD-ROM drive will do where no system is installed.

    Parameters:
        doomed: the records of the disks that go.
        more: disks that come, dicts or records.
    """
    left = [disk for disk in world.many(vm, "vm_disks") if disk not in doomed] + list(more)
    if has_system(vm):
        left = [disk for disk in left if disk["type"] == "DISK"]
    message = "VM %s must keep a disk" % vm["name"]
    require(left or not doomed, "JOB_CANNOT_DETACH_ALL_DISKS", message)


def _disks_of(world, vms, ids):
    """{vm: its disks among these ids}; each id must be one of these VMs'."""
    found = {vm: [] for vm in vms}
    for disk_id in ids if vms else ():
        disk = world.find("VmDisk", disk_id)
        vm = world.one(disk, "vm") if disk is not None else None
        if vm not in found:
            raise refused("VM_DISK_NOT_FOUND", "the VM has no disk with id %r" % disk_id)
        if disk not in found[vm]:  # it may be named twice
            found[vm].append(disk)
    return found


@handles("/update-vm-disk")
def update_vm_disk(call):
    """Changes a disk's bus, the volume behind it, or the image in a CD-ROM drive."""
    world, data, vms = call.world, call.body["data"], usable_vms(call)
    found = _disks_of(world, vms, [data["vm_disk_id"]])
    changes = {vm: _disk_changes(call, vm, data) for vm in vms}
    for vm in vms:
        if changes[vm].get("vm_volume") is not None:
            require_mountable(call, changes[vm]["vm_volume"], own=found[vm][0])

    def change(vm):
        for disk in found[vm]:
            require_still_free([changes[vm]], disk)
            update(world, disk, changes[vm])
            # like any edit on a cluster it gives the disk a new id
            world.rename(disk)
        measure(world, vm)

    return begin_edit(call, vms, change, " disk")


def _disk_changes(call, vm, data):
    """The fields of the disk that the body changes."""
    cluster, changes = call.world.one(vm, "cluster"), known(data, ("bus",))
    if "elf_image_id" in data or "content_library_image_id" in data:
        changes["elf_image"] = image(call, cluster, data)
    if data.get("vm_volume_id"):
        changes["vm_volume"] = find(call.world, "VmVolume", data["vm_volume_id"], cluster)
    return changes


@handles("/expand-vm-disk")
def expand_vm_disk(call):
    """Makes the volumes behind disks larger."""
    world, size = call.world, units.size_of(call.body["size"], call.body.get("size_unit"))
    volumes.require_size(size)
    found = call.select("VmDisk")
    by_vm(call, found)
    for disk in found:
        volume = world.one(disk, "vm_volume")
        require(volume is not None, "VM_VOLUME_NOT_FOUND", "disk %s has no volume" % disk.id)
        grows = size > volume["size"]
        require(grows, "VM_VOLUME_CANNOT_SHRINK", "volume %s can only grow" % volume["name"])
    return _edit_each(call, found, lambda disk: resize(world, world.one(disk, "vm_volume"), size))


def _edit_each(call, found, change):
    """An edit for each disk, though several may be of one VM."""
    vms = [call.world.one(disk, "vm") for disk in found]

    def begin(pair):
        vm, disk = pair
        (answer,) = begin_edit(call, [vm], lambda vm: change(disk), " disk")
        return answer

    return call.in_turn(zip(vms, found), begin, vms)


@handles("/set-vm-disk-resident-in-cache")
def set_vm_disk_resident_in_cache(call):
    """Keeps the volumes behind disks in the cache of fast disks, or not."""
    world, found = call.world, by_vm(call, call.select("VmDisk"))
    resident = call.body["resident_in_cache"]

    def change(vm):
        for volume in filter(None, [world.one(disk, "vm_volume") for disk in found[vm]]):
            world.update(volume, resident_in_cache=resident)

    return begin_edit(call, found, change, " disk")


@handles("/eject-iso-from-vm-cd-rom")
def eject_iso(call):
    """Takes the ISO image, of VMTools too, out of CD-ROM drives."""
    return _change_cd_roms(call, elf_image=None, svt_image=None)


@handles("/toggle-vm-cd-rom-disable")
def disable_cd_rom(call):
    """Switches CD-ROM drives off or on."""
    return _change_cd_roms(call, disabled=call.body["disabled"])


def _change_cd_roms(call, **changes):
    """Edit the CD-ROM drives among the disks that match."""
    found = [disk for disk in call.select("VmDisk") if disk["type"] == "CD_ROM"]
    by_vm(call, found)
    return _edit_each(call, found, lambda disk: call.world.update(disk, **changes))
