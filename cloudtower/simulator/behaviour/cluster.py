"""Clusters: connecting, settings, removal; what is asked about them."""

from cloudtower.simulator import where
from cloudtower.simulator.behaviour import disks
from cloudtower.simulator.behaviour.generic import confirm, refines
from cloudtower.simulator.behaviour.support import find, require
from cloudtower.simulator.calls import handles

#: A cluster whose password is this one refuses the connection.
WRONG_PASSWORD = "wrong"


@refines("/connect-cluster")
def connect(step):
    world, params = step.world, step.params
    for other in world.all("Cluster"):
        taken = params["ip"] in (other["ip"], other["management_vip"])
        require(not taken, "CLUSTER_IP_HAS_BEEN_USED", "%s is connected" % params["ip"])
    denied = params["password"] in ("", WRONG_PASSWORD)
    require(not denied, "LOAD_CLUSTER_UNAUTHORIZED", "the cluster refuses the password")
    step.seconds = 20
    number = len(world.all("Cluster")) + 1
    like = world.first("Cluster")
    if like is not None:
        # as the clusters there are, without what they hold
        names = "architecture hypervisor type version software_edition license_type ntp_mode"
        step.values.update((name, like[name]) for name in names.split())
    step.values.update(
        connect_state="INITIALIZING",
        ip=params["ip"],
        management_vip=params["ip"],
        name="cluster-%02d" % number,
        host_num=0,
        vm_num=0,
    )
    if params.get("datacenter_id"):
        step.values["datacenters"] = [find(world, "Datacenter", params["datacenter_id"])]

    def connected():
        world.add("ClusterSettings", cluster=step.record, default_ha=True)
        world.update(step.record, connect_state="CONNECTED")

    step.later(connected)


@refines("/update-cluster")
def update(step):
    step.values.pop("username", None)
    if step.params.get("datacenter_id"):
        datacenter = find(step.world, "Datacenter", step.params["datacenter_id"])
        step.values["datacenters"] = [datacenter]


@refines("/delete-cluster")
def delete(step):
    world, cluster = step.world, step.record
    step.values["connect_state"] = "REMOVING"

    def remove():
        # what belongs to a cluster goes with it; only this much knows it by itself
        for vm in world.many(cluster, "vms"):
            world.remove(vm)
        for volume in [each for each in world.all("VmVolume") if each["cluster"] == cluster.id]:
            disks.remove_volume(world, volume)
        for kind in ("ElfImage", "VmSnapshot", "Alert", "AlertRule"):
            for each in [each for each in world.all(kind) if each["cluster"] == cluster.id]:
                world.remove(each)

    step.later(remove)


@refines("/update-cluster-ha-setting", "/update-cluster-enable-iscsi-setting")
def update_settings(step):
    if "ha" in step.params:
        step.values["default_ha"] = step.params["ha"]
    if "enable_iscsi" in step.params:
        step.values["enabled_iscsi"] = step.params["enable_iscsi"]


@refines("/update-cluster-license")
def update_license(step):
    step.values["license_serial"] = step.world.ids.uuid()


confirm("/update-cluster-network-setting", "/update-cluster-virtualization-setting")


@handles("/get-cluster-storage-info")
def storage_info(call):
    effect = call.body["effect"]
    replicas = effect.get("replica") or [2, 3]
    return [_storage(call, each, replicas) for each in call.select("Cluster")]


def _storage(call, cluster, replicas):
    shown = call.tower.renderer.view(cluster, "ClusterStorageInfo")
    free = cluster["valid_data_space"] or 0
    known = dict((name, each) for name, each in shown.items() if each is not None)
    known.update(free_data_space=free, stretch=bool(cluster["stretch"]))
    known["allocable_storage_capacity"] = {
        "ec": [],
        "replica": [_capacity(free, each) for each in replicas],
    }
    return dict(sorted(known.items()))


def _capacity(free, replicas):
    return {"capacity": free // max(replicas, 1), "replica_num": replicas}


@handles("/get-meta-leader")
def meta_leader(call):
    found = []
    for cluster in call.select("Cluster"):
        for host in call.world.many(cluster, "hosts")[:1]:
            found.append({"cluster_id": cluster.id, "meta_leader": host["data_ip"] or ""})
    return found


@handles("/get-cluster-pin-in-performance-info")
def pin_info(call):
    view = call.tower.renderer.view
    return [view(each, "ClusterPinInPerformanceInfo") for each in call.select("Cluster")]


@handles("/get-discover-hosts")
def discover_hosts(call):
    matched = where.select(call.world, "Cluster", _by_unique(call.body["cluster"]))
    require(matched, "CLUSTER_NOT_FOUND", "there is no such cluster")
    return []


def _by_unique(given):
    return dict((name, each) for name, each in given.items() if each is not None)
