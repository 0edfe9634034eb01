"""Clusters: connecting, settings, removal; what is asked about them."""

from functools import partial

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.members import known, picked
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.license import write_license
from cloudtower.simulator.resources.shared import performance_tier, volumes

#: A cluster whose password is this one refuses the connection.
WRONG_PASSWORD = "wrong"


@refines("/connect-cluster")
def connect_cluster(step):
    """Takes a cluster into the tower's care by its address and password; its data comes after."""
    world, values, ip = step.world, step.values, step.params["ip"]
    for other in world.all("Cluster"):
        taken = ip in (other["ip"], other["management_vip"])
        require(not taken, "CLUSTER_IP_HAS_BEEN_USED", "%s is connected" % ip)
    denied = step.params["password"] in ("", WRONG_PASSWORD)
    require(not denied, "LOAD_CLUSTER_UNAUTHORIZED", "the cluster refuses the password")
    step.seconds = 20
    like = world.first("Cluster")
    if like is not None:
        # as the clusters there are, without what they hold
        names = "architecture hypervisor type version software_edition license_type ntp_mode"
        values.update(picked(like, names.split()))
    values.update(connect_state="INITIALIZING", ip=ip, management_vip=ip)
    values["name"] = "cluster-%02d" % (len(world.all("Cluster")) + 1)

    @step.later
    def connected():
        world.add("ClusterSettings", cluster=step.record, default_ha=True)
        world.update(step.record, connect_state="CONNECTED")


@refines("/update-cluster")
def update_cluster(step):
    """Renames a cluster, or has it in other datacenters or with other labels."""
    step.values.pop("username", None)


@refines("/delete-cluster")
def delete_cluster(step):
    """Lets go of a cluster: the tower forgets all that belongs to it, on the cluster it stays."""
    world, cluster = step.world, step.record

    @step.later
    def remove():
        # what belongs to a cluster goes with it; only this much knows it by itself
        for kind_name in ("Vm", "ElfImage", "VmSnapshot", "Alert", "AlertRule"):
            for record in world.matching(kind_name, cluster=cluster.id):
                world.remove(record)
        for volume in world.matching("VmVolume", cluster=cluster.id):
            volumes.remove_volume(world, volume)


@handles("/get-cluster-storage-info")
def get_cluster_storage_info(call):
    """The space that is left on clusters, and what it can hold with so many replicas."""
    answers, replicas = [], call.body["effect"].get("replica") or [2, 3]
    for index, number in enumerate(replicas):
        if not 2 <= number <= 3:
            path = "effect.replica[%d]" % index
            raise invalid(path, "%s must be 2 or 3, it is %d" % (path, number))
    for cluster in call.select("Cluster"):
        free = cluster["valid_data_space"] or 0
        shares = [{"capacity": free // number, "replica_num": number} for number in replicas]
        shown = known(call.tower.renderer.view(cluster, "ClusterStorageInfo"))
        shown.update(free_data_space=free, stretch=bool(cluster["stretch"]))
        shown["allocable_storage_capacity"] = {"ec": [], "replica": shares}
        answers.append(dict(sorted(shown.items())))
    return answers


@handles("/get-meta-leader")
def get_meta_leader(call):
    """The hosts that lead the metadata of their clusters' storage."""
    found = []
    for cluster in call.select("Cluster"):
        for host in call.world.many(cluster, "hosts")[:1]:
            found.append({"cluster_id": cluster.id, "meta_leader": host["data_ip"] or ""})
    return found


@handles("/get-cluster-pin-in-performance-info")
def get_pin_info(call):
    """How much of the fast disks of clusters is kept for volumes that are pinned there."""
    return [performance_tier.info(call.tower, cluster) for cluster in call.select("Cluster")]


@handles("/enable-cluster-pin-in-performance")
def enable_pin_in_performance(call):
    """Reserves a share of the fast disks of clusters for volumes that are pinned there."""
    clusters, world = call.select("Cluster"), call.world
    call.tower.tasks.require_free(clusters)
    plans = {}
    for cluster in clusters:
        plans[cluster] = performance_tier.plan_of(world, cluster, call.body["data"])

    def finish(cluster):
        performance_tier.reserve(world, cluster, plans[cluster])

    texts = ("Enable volume pinning of cluster {name}", "启用集群 {name} 的常驻缓存")
    return call.begin_each(clusters, "enableClusterPinInPerformance", texts, finish)


@handles("/disable-cluster-pin-in-performance")
def disable_pin_in_performance(call):
    """Reserves nothing for pinned volumes any more, and pins none."""
    clusters = call.select("Cluster")
    call.tower.tasks.require_free(clusters)
    texts = ("Disable volume pinning of cluster {name}", "关闭集群 {name} 的常驻缓存")
    finish = partial(performance_tier.release, call.world)
    return call.begin_each(clusters, "disableClusterPinInPerformance", texts, finish)


@refines("/update-cluster-license")
def update_cluster_license(step):
    """Gives one cluster another licence, by its text; the serial changes with it."""
    write_license(step)
