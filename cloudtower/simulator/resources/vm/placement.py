"""Which host a VM goes to."""

from cloudtower.simulator.errors import TaskFailure
from cloudtower.simulator.operations.lookup import find

_NO_CHOICE = (None, "", "AUTO_SCHEDULE")


def named(world, host_id, cluster):
    """The host that a `host_id` names; None where it leaves the choice to the scheduler."""
    return None if host_id in _NO_CHOICE else find(world, "Host", host_id, cluster)


def in_maintenance(host):
    """Whether a host is in maintenance mode, or on its way there."""
    return bool(host["host_state"]) and host["host_state"]["state"] != "IN_USE"


def can_run(host, memory=0):
    """Whether a host is up and has that much memory left."""
    is_up = host["status"] in ("CONNECTED_HEALTHY", "CONNECTED_WARNING")
    is_up = is_up and host["state"] == "IN_USE" and not in_maintenance(host)
    return is_up and host["allocatable_memory_bytes"] >= memory


def choose(world, cluster, memory=0, host=None, other_than=None):
    """The host for a VM: the one asked for, or that of a cluster with most memory left.

    Raises TaskFailure where there is not enough.
    """
    hosts = [candidate for candidate in world.many(cluster, "hosts") if candidate is not other_than]
    hosts = [candidate for candidate in ([host] if host else hosts) if can_run(candidate, memory)]
    if not hosts and host is not None:
        message = "host %s did not pass HostAvailableMemoryFilter" % host["name"]
        raise TaskFailure("JOB_NODE_OUT_OF_MEMORY", message)
    if not hosts:
        message = "no host passed HostAvailableMemoryFilter: %d bytes are needed" % memory
        raise TaskFailure("JOB_NO_AVAILABLE_NODE_FOR_SCHEDULING", message)
    return max(hosts, key=lambda host: host["allocatable_memory_bytes"])


def on(host):
    """The fields of a VM that is on a host."""
    return {"host": host, "node_ip": host["data_ip"] or host["management_ip"]}
