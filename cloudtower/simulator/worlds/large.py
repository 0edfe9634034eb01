"""As many VMs as one likes."""

from cloudtower.simulator.worlds import hardware, workload
from cloudtower.simulator.worlds.facts import BORN

#: So many VMs of 1 GiB, half of them running, leave each host room to start more.
_A_CLUSTER = 500
_SYSTEMS = ("CentOS 7", "Ubuntu 22.04", None)


def add_vms(tower, number):
    """Add a number of VMs, in clusters of their own with 500 each."""
    world = tower.world
    values = {"name": "datacenter-large", "organization": world.first("Organization")}
    datacenter = world.first("Datacenter") or world.add("Datacenter", **values)
    label = world.add("Label", key="size", value="large", createdAt=BORN)
    cluster = None
    for index in range(number):
        if index % _A_CLUSTER == 0:
            name = "large-%03d" % (1 + index // _A_CLUSTER)
            cluster = hardware.add_cluster(world, [datacenter], name, 100)
        system, status = _SYSTEMS[index % len(_SYSTEMS)], "RUNNING" if index % 2 else "STOPPED"
        row = ("vm-%05d" % (index + 1), status, 1, 1, 1, (10,), system, ("default",))
        vm = workload.add_vm(tower, cluster, *row)
        if index % 10 == 0:
            world.link(label, "vms", vm)
