"""VMTools: installing them, and what needs them."""

from cloudtower.simulator.errors import TaskFailure
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm import guest
from cloudtower.simulator.resources.vm.editing import begin_edit
from cloudtower.simulator.resources.vm.rules import require_tools, usable_vms


@handles("/install-vmtools")
def install_vmtools(call):
    """Installs VMTools in running VMs, from an image that is put into a CD-ROM drive."""
    world, data = call.world, call.body.get("data") or {}
    vms = usable_vms(call, ("RUNNING",))
    image = find(world, "SvtImage", data["svt_image_id"]) if data else None
    drive = find(world, "VmDisk", data["cd_rom_id"]) if data else None

    def install(vm):
        if drive in world:
            world.update(drive, svt_image=image)
        if not guest.has_system(vm):
            raise TaskFailure("SVT_INSTALL_FAILED", "VM %s has no system" % vm["name"])
        world.update(vm, vm_tools_version=vm["vm_tools_version"] or "3.2.0")
        guest.boot(world, vm)

    return begin_edit(call, vms, install)


@handles("/reset-vm-guest-os-password")
def reset_vm_guest_os_password(call):
    """Sets a user's password within running VMs, which their VMTools do."""
    vms = usable_vms(call, ("RUNNING",))
    require_tools(vms)
    return begin_edit(call, vms)
