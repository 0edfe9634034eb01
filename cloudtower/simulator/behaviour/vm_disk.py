"""Disks and CD-ROMs of existing VMs."""

from cloudtower.simulator.behaviour import disks
from cloudtower.simulator.behaviour.support import find_in, limits_of, require, size_of, usable_vms
from cloudtower.simulator.behaviour.vm_edit import begin_edit
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused


@handles("/add-vm-disk")
def add_disk(call):
    data = call.body["data"]
    vms = usable_vms(call)
    wanted = [disks.read(call, call.world.one(vm, "cluster"), data["vm_disks"]) for vm in vms]
    for vm, new in zip(vms, wanted):
        _require_limits(call.world, vm, new)
        idle = vm["status"] != "RUNNING" or all(each["bus"] != "IDE" for each in new)
        require(idle, "JOB_CANNOT_ATTACH_IDE_DISK", "VM %s runs: no IDE disk now" % vm["name"])
    changes = dict((name, each) for name, each in limits_of(data).items() if each is not None)
    if data.get("io_policy"):
        changes["io_policy"] = data["io_policy"]
    answers = []
    for vm, new in zip(vms, wanted):
        # at once, for clients go on with the ids that the answer has
        disks.mount(call.tower, vm, new)
        answers.append(begin_edit(call, vm, changes, what=" disk"))
    return answers


@handles("/add-vm-cd-rom")
def add_cd_rom(call):
    given = call.body["data"]["vm_cd_roms"]
    vms = usable_vms(call)
    wanted = []
    for vm in vms:
        _require_cd_roms_can_change(vm)
        cluster = call.world.one(vm, "cluster")
        wanted.append([disks.cd_rom(call, cluster, each) for each in given])
        _require_limits(call.world, vm, wanted[-1])
    answers = []
    for vm, new in zip(vms, wanted):
        disks.mount(call.tower, vm, new)
        answers.append(begin_edit(call, vm, {}, what=" disk"))
    return answers


def _require_limits(world, vm, new):
    present = [each["bus"] for each in world.many(vm, "vm_disks")]
    disks.require_limits(present + [each["bus"] for each in new])


def _require_cd_roms_can_change(vm):
    require(
        vm["status"] != "RUNNING",
        "JOB_CANNOT_ATTACH_DETACH_RUNNING_CDROM",
        "VM %s runs: CD-ROMs cannot be added or removed" % vm["name"],
    )


@handles("/remove-vm-disk", "/remove-vm-cd-rom")
def remove(call):
    data = call.body["data"]
    vms = usable_vms(call)
    doomed = _disks_of(call.world, vms, data.get("disk_ids") or data.get("cd_rom_ids") or [])
    for vm in vms:
        for disk in doomed[vm]:
            if disk["type"] == "CD_ROM":
                _require_cd_roms_can_change(vm)
            elif disk["bus"] == "IDE":
                idle = vm["status"] != "RUNNING"
                require(idle, "JOB_CANNOT_DETACH_IDE_DISK", "VM %s runs" % vm["name"])

    def take_off(vm):
        for disk in doomed[vm]:
            disks.unmount(call.tower, disk)

    return [begin_edit(call, vm, {}, lambda vm=vm: take_off(vm), " disk") for vm in vms]


def _disks_of(world, vms, ids):
    """{vm: its disks among these ids}; each id must be one of these VMs'."""
    found = dict((vm, []) for vm in vms)
    for each in ids if vms else ():
        disk = world.find("VmDisk", each)
        vm = world.one(disk, "vm") if disk is not None else None
        if vm not in found:
            raise refused("VM_DISK_NOT_FOUND", "the VM has no disk with id %r" % each)
        if disk not in found[vm]:  # it may be named twice
            found[vm].append(disk)
    return found


@handles("/update-vm-disk")
def update_disk(call):
    data = call.body["data"]
    vms = usable_vms(call)
    found = _disks_of(call.world, vms, [data["vm_disk_id"]])
    changes = dict((vm, _disk_changes(call, vm, data)) for vm in vms)

    def change(vm):
        for disk in found[vm]:
            _replace(call, disk, changes[vm])

    return [begin_edit(call, vm, {}, lambda vm=vm: change(vm), " disk") for vm in vms]


def _disk_changes(call, vm, data):
    cluster, changes = call.world.one(vm, "cluster"), {}
    if data.get("bus"):
        changes["bus"] = data["bus"]
    if "elf_image_id" in data or "content_library_image_id" in data:
        changes["elf_image"] = disks.image(call, cluster, data)
    if data.get("vm_volume_id"):
        changes["vm_volume"] = find_in(call.world, "VmVolume", data["vm_volume_id"], cluster)
    return changes


def _replace(call, disk, changes):
    """Change a disk; like any edit on a cluster it gives the disk a new id."""
    world = call.world
    before = world.one(disk, "vm_volume")
    world.update(disk, **changes)
    world.rename(disk)
    for volume in (before, world.one(disk, "vm_volume")):
        if volume is not None:
            world.update(volume, mounting=bool(volume["vm_disks"]))
    disks.measure(world, world.one(disk, "vm"))


@handles("/expand-vm-disk")
def expand(call):
    world = call.world
    size = size_of(call.body["size"], call.body.get("size_unit"))
    found = call.select("VmDisk")
    usable_vms(call, vms=[world.one(disk, "vm") for disk in found])
    for disk in found:
        volume = world.one(disk, "vm_volume")
        require(volume is not None, "VM_VOLUME_NOT_FOUND", "disk %s has no volume" % disk.id)
        grows = size > volume["size"]
        require(grows, "VM_VOLUME_CANNOT_SHRINK", "volume %s can only grow" % volume["name"])
    return [_expand(call, disk, size) for disk in found]


def _expand(call, disk, size):
    world = call.world
    vm, volume = world.one(disk, "vm"), world.one(disk, "vm_volume")

    def grow():
        world.update(volume, size=size)
        if world.one(volume, "lun") is not None:
            world.update(world.one(volume, "lun"), assigned_size=size)
        disks.measure(world, vm)

    return begin_edit(call, vm, {}, grow, " disk")


@handles("/eject-iso-from-vm-cd-rom", "/toggle-vm-cd-rom-disable")
def change_cd_rom(call):
    world = call.world
    found = [disk for disk in call.select("VmDisk") if disk["type"] == "CD_ROM"]
    usable_vms(call, vms=[world.one(disk, "vm") for disk in found])
    if call.path == "/toggle-vm-cd-rom-disable":
        changes = {"disabled": call.body["disabled"]}
    else:
        changes = {"elf_image": None, "svt_image": None}
    return [
        begin_edit(
            call,
            world.one(disk, "vm"),
            {},
            lambda disk=disk: world.update(disk, **changes),
            " disk",
        )
        for disk in found
    ]
