"""Hosts that wait to be added to a cluster."""

from cloudtower.simulator.engine import where
from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.registry import handles


@handles("/get-discover-hosts")
def discover_hosts(call):
    matched = where.select(call.world, "Cluster", known(call.body["cluster"]))
    require(matched, "CLUSTER_NOT_FOUND", "there is no such cluster")
    return []
