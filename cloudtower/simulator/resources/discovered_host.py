"""Hosts that wait to be added to a cluster."""

from cloudtower.simulator.engine import where
from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.registry import handles


@handles("/get-discover-hosts")
def get_discover_hosts(call):
    """Looks in a cluster's network for hosts that could join it; here there are never any."""
    matched = where.select(call.world, "Cluster", known(call.body["cluster"]))
    require(matched, "CLUSTER_NOT_FOUND", "there is no such cluster")
    return []
