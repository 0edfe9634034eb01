"""The guest system of a VM: how it is installed, what it shows of itself while it runs."""

from cloudtower.simulator.engine.scheduler import job

#: The job that ends the installation of a system, and how long it takes on a real cluster here.
_INSTALL, _INSTALL_SECONDS = "install-system", 30


def has_system(vm):
    """Whether a system is installed, so that it hears ACPI events."""
    return vm["os"] is not None


def begin_installation(tower, vm):
    """A VM that boots without a system installs the one of the ISO image in its CD-ROM drive."""
    if _installed_image(tower.world, vm) is not None:
        moment = tower.timer() + tower.tasks.lasting(_INSTALL_SECONDS)
        tower.scheduler.plan(_INSTALL, vm.id, moment)


@job(_INSTALL)
def end_installation(tower, vm_id):
    """The VM has a system from now on, if it has run all the time with the image in its drive."""
    vm = tower.world.get("Vm", vm_id)
    if vm is not None and vm["status"] == "SUSPENDED":
        begin_installation(tower, vm)  # it goes on some time
    elif vm is not None and vm["status"] == "RUNNING":
        image = _installed_image(tower.world, vm)
        if image is not None:
            tower.world.update(vm, os=image["name"].rpartition(".")[0] or image["name"])


def _installed_image(world, vm):
    """The ISO image whose system a VM installs; None where it has one, or no disk for it."""
    devices = world.many(vm, "vm_disks")
    has_disk = any(device["vm_volume"] is not None for device in devices)
    if has_system(vm) or not has_disk:
        return None
    drives = [device for device in devices if device["type"] == "CD_ROM" and not device["disabled"]]
    images = [world.one(drive, "elf_image") for drive in drives]
    return next(filter(None, images), None)


def boot(world, vm):
    """The VM runs now: VMTools report where they are installed."""
    if not has_system(vm) or not vm["vm_tools_version"]:
        return
    addresses = []
    for nic in world.many(vm, "vm_nics"):
        address = nic["ip_address"]
        if not address:
            # what DHCP gives, always the same for a MAC
            third, last = (int(octet, 16) for octet in nic["mac_address"].split(":")[-2:])
            address = "10.20.%d.%d" % (third, 1 + last % 254)
        addresses.append(address)
        world.update(nic, guest_info_ip_addresses=[address])
    name, ips = vm["hostname"] or vm["name"], ",".join(addresses)
    world.update(vm, hostname=name, ips=ips, vm_tools_status="RUNNING")


def halt(world, vm, moment):
    """The VM does not run any more."""
    for nic in world.many(vm, "vm_nics"):
        world.update(nic, guest_info_ip_addresses=[])
    world.update(vm, ips="", last_shutdown_time=moment, vm_tools_status=tools_at_rest(vm))


def tools_at_rest(vm):
    """The state of the VMTools of a VM that does not run."""
    return "NOT_RUNNING" if vm["vm_tools_version"] else "NOT_INSTALLED"
