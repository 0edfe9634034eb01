"""The small world: one datacenter, two clusters with three hosts each, a handful of VMs."""

from cloudtower.simulator.worlds import accounts, alerts, hardware, workload
from cloudtower.simulator.worlds.facts import BORN

#: name, subnet
_CLUSTERS = (("cluster-01", 10), ("cluster-02", 20))

_IMAGES = (
    ("CentOS-7-x86_64-Minimal.iso", 988 * 2**20),
    ("ubuntu-22.04-live-server.iso", 2 * 2**30),
)

#: name, cluster, state, cores, sockets, memory, disks in GiB, system, networks, label
_VMS = (
    ("web-01", 0, "RUNNING", 2, 2, 8, (40, 100), "CentOS 7", ("vlan-100",), "production"),
    ("web-02", 0, "RUNNING", 2, 2, 8, (40,), "CentOS 7", ("vlan-100",), "production"),
    ("db-01", 0, "RUNNING", 4, 2, 32, (40, 500), "Ubuntu 22.04", ("vlan-100", "vlan-200"), None),
    ("build-agent", 0, "STOPPED", 4, 1, 16, (80,), "Ubuntu 22.04", ("default",), "test"),
    ("windows-jump", 1, "SUSPENDED", 2, 1, 8, (60,), "Windows Server 2019", ("default",), None),
    ("monitoring", 1, "RUNNING", 2, 1, 4, (40,), "Ubuntu 22.04", ("default",), "production"),
    ("empty-vm", 1, "STOPPED", 1, 1, 1, (), None, ("default",), "test"),
)

_LABELS = (("environment", "production"), ("environment", "test"), ("owner", "operations"))


def fill(tower):
    """Fill the world of a tower, which is empty."""
    world = tower.world
    accounts.fill(tower)
    organization = next(iter(world.all("Organization")))
    datacenter = world.add("Datacenter", name="datacenter-01", organization=organization)
    labels = [world.add("Label", key=key, value=value, createdAt=BORN) for key, value in _LABELS]
    clusters = [hardware.add_cluster(world, [datacenter], *row) for row in _CLUSTERS]
    for row in _IMAGES:
        workload.add_image(world, clusters, *row)
    for name, number, *row, value in _VMS:
        vm = workload.add_vm(tower, clusters[number], name, *row)
        for label in [label for label in labels if label["value"] == value]:
            world.link(label, "vms", vm)
    workload.add_template(tower, clusters)
    alerts.add(world, clusters[0])
    # one disk is unwell, for whoever looks for such
    host = world.many(clusters[0], "hosts")[-1]
    disk = [disk for disk in world.many(host, "disks") if disk["type"] == "HDD"][-1]
    world.update(disk, health_status="UNHEALTHY", healthy=False)
