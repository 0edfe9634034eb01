"""The guest system of a VM: what it shows of itself while it runs."""


def has_system(vm):
    """Whether a system is installed, so that it hears ACPI events."""
    return vm["os"] is not None


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
    tools = "NOT_RUNNING" if vm["vm_tools_version"] else "NOT_INSTALLED"
    world.update(vm, ips="", last_shutdown_time=moment, vm_tools_status=tools)
