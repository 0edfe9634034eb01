"""Which host a VM goes to."""

from cloudtower.simulator.behaviour.support import find
from cloudtower.simulator.errors import TaskFailure

_NO_CHOICE = (None, "", "AUTO_SCHEDULE")


def named(world, host_id, cluster):
    """The host that a `host_id` names; None where it leaves the choice to the scheduler."""
    return None if host_id in _NO_CHOICE else find(world, "Host", host_id, cluster)


def can_run(host, memory):
    """Whether a host is up and has that much memory left."""
    if host["host_state"] and host["host_state"]["state"] != "IN_USE":
        return False
    is_up = host["status"] in ("CONNECTED_HEALTHY", "CONNECTED_WARNING")
    return is_up and host["state"] == "IN_USE" and host["allocatable_memory_bytes"] >= memory


def choose(world, cluster, memory=0, other_than=None):
    """The host of a cluster with most memory left; TaskFailure where none has enough."""
    hosts = [each for each in world.many(cluster, "hosts") if each is not other_than]
    hosts = [each for each in hosts if can_run(each, memory)]
    if not hosts:
        message = "no host passed HostAvailableMemoryFilter: %d bytes are needed" % memory
        raise TaskFailure("JOB_NO_AVAILABLE_NODE_FOR_SCHEDULING", message)
    return max(hosts, key=lambda host: host["allocatable_memory_bytes"])


def require_room(host, memory):
    """Fail the task where a host has no memory for a VM."""
    if not can_run(host, memory):
        message = "host %s did not pass HostAvailableMemoryFilter" % host["name"]
        raise TaskFailure("JOB_NODE_OUT_OF_MEMORY", message)
