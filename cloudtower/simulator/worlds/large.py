"""As many VMs as one likes."""

import gc

from cloudtower.simulator.worlds import hardware, workload
from cloudtower.simulator.worlds.facts import BORN

#: So many VMs of 1 GiB, half of them running, leave each host room to start more.
_A_CLUSTER = 500
_SYSTEMS = ("CentOS 7", "Ubuntu 22.04", None)


def add_vms(tower, number):
    """Add a number of VMs, in clusters of their own with 500 each."""
    # nothing of this becomes garbage, and to look for some takes half of the time
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        world = tower.world
        values = {"name": "datacenter-large", "organization": world.first("Organization")}
        datacenter = world.first("Datacenter") or world.add("Datacenter", **values)
        label = world.add("Label", key="size", value="large", createdAt=BORN)
        for first in range(0, number, _A_CLUSTER):
            with tower.counters.at_the_end():
                last = min(first + _A_CLUSTER, number)
                _add_cluster(tower, datacenter, label, range(first, last))
            gc.collect(0)
        world.indexes.of("Vm", "name")  # which nobody shall wait for who looks for the first VM
    finally:
        if was_enabled:
            gc.enable()


def _add_cluster(tower, datacenter, label, indexes):
    """Add a cluster with the VMs of these indexes; each tenth has a label."""
    name = "large-%03d" % (1 + indexes[0] // _A_CLUSTER)
    cluster = hardware.add_cluster(tower.world, [datacenter], name, 100)
    for index in indexes:
        system, status = _SYSTEMS[index % len(_SYSTEMS)], "RUNNING" if index % 2 else "STOPPED"
        row = ("vm-%05d" % (index + 1), status, 1, 1, 1, (10,), system, ("default",))
        vm = workload.add_vm(tower, cluster, *row)
        if index % 10 == 0:
            tower.world.link(label, "vms", vm)
