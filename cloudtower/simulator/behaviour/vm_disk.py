"""Disks and CD-ROMs of existing VMs."""

from cloudtower.simulator.behaviour import disks, support
from cloudtower.simulator.behaviour.support import find, known, require, usable_vms
from cloudtower.simulator.behaviour.vm_edit import edit
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused


@handles("/add-vm-disk")
def add_disk(call):
    data = call.body["data"]

    def read(vm, cluster):
        new = disks.read(call, cluster, data["vm_disks"])
        idle = vm["status"] != "RUNNING" or all(each["bus"] != "IDE" for each in new)
        require(idle, "JOB_CANNOT_ATTACH_IDE_DISK", "VM %s runs: no IDE disk now" % vm["name"])
        return new

    changes = known(support.limits_of(data))
    if data.get("io_policy"):
        changes["io_policy"] = data["io_policy"]
    return _mount(call, read, **changes)


@handles("/add-vm-cd-rom")
def add_cd_rom(call):
    def read(vm, cluster):
        _require_cd_roms_can_change(vm)
        return [disks.cd_rom(call, cluster, each) for each in call.body["data"]["vm_cd_roms"]]

    return _mount(call, read)


def _mount(call, read, **changes):
    """Give each VM the disks that `read(vm, cluster)` finds in the body."""
    world, vms, wanted = call.world, usable_vms(call), {}
    for vm in vms:
        wanted[vm] = read(vm, world.one(vm, "cluster"))
        present = world.many(vm, "vm_disks") + wanted[vm]
        disks.require_limits(each["bus"] for each in present)
    for vm in vms:
        # at once, for clients go on with the ids that the answer has
        disks.mount(call.tower, vm, wanted[vm])
    return edit(call, vms, what=" disk", **changes)


def _require_cd_roms_can_change(vm):
    message = "VM %s runs: CD-ROMs cannot be added or removed" % vm["name"]
    require(vm["status"] != "RUNNING", "JOB_CANNOT_ATTACH_DETACH_RUNNING_CDROM", message)


@handles("/remove-vm-disk", "/remove-vm-cd-rom")
def remove(call):
    data, vms = call.body["data"], usable_vms(call)
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

    return edit(call, vms, take_off, " disk")


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
    world, data, vms = call.world, call.body["data"], usable_vms(call)
    found = _disks_of(world, vms, [data["vm_disk_id"]])
    changes = dict((vm, _disk_changes(call, vm, data)) for vm in vms)

    def change(vm):
        for disk in found[vm]:
            before = world.one(disk, "vm_volume")
            world.update(disk, **changes[vm])
            # like any edit on a cluster it gives the disk a new id
            world.rename(disk)
            for volume in (before, world.one(disk, "vm_volume")):
                if volume is not None:
                    world.update(volume, mounting=bool(volume["vm_disks"]))
        disks.measure(world, vm)

    return edit(call, vms, change, " disk")


def _disk_changes(call, vm, data):
    cluster, changes = call.world.one(vm, "cluster"), {}
    if data.get("bus"):
        changes["bus"] = data["bus"]
    if "elf_image_id" in data or "content_library_image_id" in data:
        changes["elf_image"] = disks.image(call, cluster, data)
    if data.get("vm_volume_id"):
        changes["vm_volume"] = find(call.world, "VmVolume", data["vm_volume_id"], cluster)
    return changes


@handles("/expand-vm-disk")
def expand(call):
    world, size = call.world, support.size_of(call.body["size"], call.body.get("size_unit"))
    found = call.select("VmDisk")
    usable_vms(call, vms=[world.one(disk, "vm") for disk in found])
    for disk in found:
        volume = world.one(disk, "vm_volume")
        require(volume is not None, "VM_VOLUME_NOT_FOUND", "disk %s has no volume" % disk.id)
        grows = size > volume["size"]
        require(grows, "VM_VOLUME_CANNOT_SHRINK", "volume %s can only grow" % volume["name"])

    def grow(disk):
        disks.resize(world, world.one(disk, "vm_volume"), size)

    return _edit_each_disk(call, found, grow)


@handles("/eject-iso-from-vm-cd-rom", "/toggle-vm-cd-rom-disable")
def change_cd_rom(call):
    world = call.world
    found = [disk for disk in call.select("VmDisk") if disk["type"] == "CD_ROM"]
    usable_vms(call, vms=[world.one(disk, "vm") for disk in found])
    if call.path == "/toggle-vm-cd-rom-disable":
        changes = {"disabled": call.body["disabled"]}
    else:
        changes = {"elf_image": None, "svt_image": None}
    return _edit_each_disk(call, found, lambda disk: world.update(disk, **changes))


def _edit_each_disk(call, found, change):
    """An edit for each disk, though several may be of one VM."""
    answers = []
    for disk in found:
        vm = call.world.one(disk, "vm")
        answers += edit(call, [vm], lambda vm, disk=disk: change(disk), " disk")
    return answers
