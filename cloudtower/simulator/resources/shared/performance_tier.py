"""The share of a cluster's fast disks that is reserved for volumes that are pinned there."""

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.lookup import unique
from cloudtower.simulator.resources.shared.block_storage import FLAVOURS


def plan_of(world, cluster, data):
    """What a body reserves on a cluster: (its percentage, {host: percentage}, {pool: ...}).

    Raises Refusal for a host or a pool that is not the cluster's, or no percentage.
    """
    default, hosts, pools = data["cluster_default_prio_percentage"], {}, {}
    _require_percentage(default)
    for given in data["hosts"]:
        host = unique(world, "Host", given["where"])
        message = "host %s is of another cluster" % host["name"]
        require(host["cluster"] == cluster.id, "HOST_NOT_FOUND", message)
        _require_percentage(given["percentage"])
        hosts[host] = given["percentage"]
        for of_pool in given.get("disk_pools") or ():
            pool = unique(world, "DiskPool", of_pool["where"])
            message = "the disk pool is of another host than %s" % host["name"]
            require(pool["host"] == host.id, "DISK_POOL_NOT_FOUND", message)
            _require_percentage(of_pool["percentage"])
            pools[pool] = of_pool["percentage"]
    return default, hosts, pools


def _require_percentage(number):
    """Refuse what is no percentage."""
    if not 0 <= number <= 100:
        raise invalid("percentage", "a percentage is 0 to 100, not %s" % number)


def reserve(world, cluster, plan):
    """Reserve space on a cluster's hosts as planned; others get the cluster's percentage."""
    default, of_hosts, of_pools = plan
    total = 0
    for host in world.many(cluster, "hosts"):
        percentage = of_hosts.get(host, default)
        total += _set(world, host, percentage)
        for pool in world.matching("DiskPool", host=host.id):
            _set(world, pool, of_pools.get(pool, percentage))
    reserved = {"planned_prioritized_space": total, "prio_space_percentage": default}
    world.update(cluster, pin_in_performance_enabled=True, **reserved)


def _set(world, record, percentage):
    """Set what is reserved on a host or a pool; returns the bytes."""
    space = int((record["total_cache_capacity"] or 0) * percentage / 100)
    world.update(record, planned_prioritized_space=space, prio_space_percentage=percentage)
    return space


def release(world, cluster):
    """Reserve nothing on a cluster any more; what was pinned there is not."""
    nothing = {"planned_prioritized_space": 0, "prio_space_percentage": 0.0}
    hosts = world.many(cluster, "hosts")
    pools = [pool for host in hosts for pool in world.matching("DiskPool", host=host.id)]
    for record in hosts + pools + [cluster]:
        world.update(record, **nothing)
    world.update(cluster, pin_in_performance_enabled=False)
    for unit in _pinned(world, cluster):
        world.update(unit, prioritized=False)


def _pinned(world, cluster):
    """The LUNs and namespaces of a cluster that are pinned."""
    return [
        unit
        for flavour in FLAVOURS
        for unit in world.all(flavour.unit)
        if unit["prioritized"] and world.one(unit, flavour.parent)["cluster"] == cluster.id
    ]


def info(tower, cluster):
    """What is shown of a cluster's reserved space and of what is pinned there."""
    shown = tower.renderer.view(cluster, "ClusterPinInPerformanceInfo")
    size = sum(unit["assigned_size"] or 0 for unit in _pinned(tower.world, cluster))
    planned = cluster["planned_prioritized_space"] or 0
    shown["total_prio_volume_size"] = size
    shown["total_prio_volume_size_usage"] = size / planned if planned else 0.0
    return shown
