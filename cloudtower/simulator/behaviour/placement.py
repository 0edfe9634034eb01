"""Which host a VM goes to."""

from cloudtower.simulator.errors import TaskFailure

_NO_CHOICE = (None, "", "AUTO_SCHEDULE")


def wanted(host_id):
    """Whether a `host_id` names a host rather than leaving the choice to the scheduler."""
    return host_id not in _NO_CHOICE


def can_run(host, memory):
    """Whether a host is up and has that much memory left."""
    if host["host_state"] and host["host_state"]["state"] != "IN_USE":
        return False
    is_up = host["status"] in ("CONNECTED_HEALTHY", "CONNECTED_WARNING")
    return is_up and host["state"] == "IN_USE" and host["allocatable_memory_bytes"] >= memory


def choose(world, cluster, memory=0, other_than=None):
    """The host of a cluster with most memory left.

    Raises TaskFailure where none has enough.
    """
    hosts = [
        host
        for host in world.many(cluster, "hosts")
        if host is not other_than and can_run(host, memory)
    ]
    if not hosts:
        raise TaskFailure(
            "JOB_NO_AVAILABLE_NODE_FOR_SCHEDULING",
            "no host passed HostAvailableMemoryFilter: %d bytes are needed" % memory,
        )
    return max(hosts, key=lambda host: host["allocatable_memory_bytes"])


def require_room(host, memory):
    """Refuse to run a VM on a host that has no memory for it.

    Raises TaskFailure.
    """
    if not can_run(host, memory):
        raise TaskFailure(
            "JOB_NODE_OUT_OF_MEMORY",
            "host %s did not pass HostAvailableMemoryFilter" % host["name"],
        )
