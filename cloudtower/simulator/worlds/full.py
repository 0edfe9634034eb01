"""The full world: the small one, with the services that plans and policies need.

Backup, Everoute (security policies), virtual private clouds, the drawing of the racks, and block
storage that is for other machines than VMs.
"""

from cloudtower.simulator.worlds import small
from cloudtower.simulator.worlds.facts import BORN, GIB, TIB

_STRIPES = {"stripe_num": 4, "stripe_size": 262144, "replica_num": 2}
_UNIT = {"assigned_size": 100 * GIB, "unique_size": 20 * GIB, "replica_num": 2}
_UNIT["unique_logical_size"] = 10.0 * GIB


def fill(tower):
    """Fill the world of a tower, which is empty."""
    world = tower.world
    small.fill(tower)
    clusters = list(world.all("Cluster"))
    everoute = _add_everoute(world, clusters)
    _add_private_cloud(world, clusters, everoute)
    _add_backup(world, clusters)
    for cluster in clusters:
        _add_topology(world, cluster)
        _add_block_storage(world, cluster)
        _add_disk_pools(world, cluster)


def _add_everoute(world, clusters):
    """Add an Everoute that has all switches of VMs under it. Returns its record."""
    vdses = [vds for vds in world.all("Vds") if vds["type"] == "VM"]
    ids = [vds["local_id"] for vds in vdses]
    status = {"phase": "Running", "version": "3.2.0", "agents": {"manageVDSes": []}}
    service = {"id": world.ids.uuid(), "name": "vpc-service", "internal_cidr": "100.64.0.0/16"}
    everoute = world.add(
        "EverouteCluster", name="everoute-01", agent_elf_clusters=clusters, agent_elf_vdses=vdses,
        controller_instances=[{"ipAddr": "192.0.2.%d" % (201 + n)} for n in range(len(ids))],
        global_default_action="ALLOW", installed=True, phase="Running", status=status,
        version="3.2.0", vpc_service=service,
    )  # fmt: skip
    label = world.first("Label", value="production")
    labels = [{"id": label.id, "key": label["key"], "value": label["value"]}]
    world.add(
        "SecurityGroup", name="production", description="VMs of the production environment",
        everoute_cluster=everoute, label_groups=[{"labels": labels}],
    )  # fmt: skip
    return everoute


def _add_private_cloud(world, clusters, everoute):
    """Add a private cloud with a subnet, and a subnet of the outside for it."""
    known = everoute["vpc_service"]
    service = {"id": known["id"], "internal_cidr": known["internal_cidr"], "tep_ip_pools": []}
    service["everoute_cluster"] = {"id": everoute.id, "name": everoute["name"]}
    vdses = []
    for cluster in clusters:
        vds = next(vds for vds in world.many(cluster, "vdses") if vds["type"] == "VM")
        vdses.append(vds)
        world.add(
            "VirtualPrivateCloudClusterBinding", cluster=cluster, mtu=1500, vds=vds, vlan_id=400,
            vpc_service=service,
        )  # fmt: skip
    gateway = world.add(
        "VirtualPrivateCloudEdgeGateway", name="edge-gateway-01", vdses=vdses, vpc_service=service
    )
    vlan = next(vlan for vlan in world.many(vdses[0], "vlans") if vlan["name"] == "vlan-200")
    world.add(
        "VirtualPrivateCloudExternalSubnet", name="external-01", cidr="203.0.113.0/24",
        edge_gateway=gateway, exclusive=False, floating_ip_cidr="203.0.113.64/26",
        gateway="203.0.113.1", local_id=world.ids.uuid(), nat_gateway_cidr="203.0.113.128/26",
        router_gateway_cidr="203.0.113.192/26", vlan=vlan,
    )  # fmt: skip
    vpc = world.add(
        "VirtualPrivateCloud", name="vpc-01", description="", local_id=world.ids.uuid(), mtu=1500,
        vpc_service=service,
    )  # fmt: skip
    table = world.add(
        "VirtualPrivateCloudRouteTable", name="default", default_for_vpc=True, description="",
        local_id=world.ids.uuid(), vpc=vpc,
    )  # fmt: skip
    world.add(
        "VirtualPrivateCloudSubnet", name="subnet-01", cidr="10.10.0.0/24", description="",
        gateway="10.10.0.1", local_id=world.ids.uuid(), route_table=table, total_ip_count=253,
        unused_ip_count=253, vpc=vpc,
    )  # fmt: skip


def _add_backup(world, clusters):
    """Add a backup service, which runs, and a repository on an NFS server."""
    service = world.add(
        "BackupService", name="backup-01", backup_clusters=clusters, backup_network_type="MANAGEMENT",
        description="", kube_config="", max_parallel_backup_jobs=8, max_parallel_restore_jobs=8,
        status="RUNNING", storage_network_type="MANAGEMENT",
    )  # fmt: skip
    world.add(
        "BackupStoreRepository", name="repository-01", backup_service=service, createdAt=BORN,
        description="", nfs_path="/backups", nfs_server="nfs.example.com", status="CONNECTED",
        total_capacity=20 * TIB, type="NFS3", update_timestamp=BORN, used_data_space=0,
        used_data_space_usage=0.0, valid_data_space=20 * TIB,
    )  # fmt: skip


def _add_topology(world, cluster):
    """Add the drawing of a cluster: one rack, and a brick of one node for each host."""

    def add(kind_name, **values):
        return world.add(kind_name, cluster=cluster, local_id=world.ids.uuid(), **values)

    whole = add("ClusterTopo", name=cluster["name"])
    zone = add("ZoneTopo", cluster_topo=whole)
    rack = add("RackTopo", name="rack-%s" % cluster["name"], height=42, zone_topo=zone)
    for number, host in enumerate(world.many(cluster, "hosts"), 1):
        brick = add(
            "BrickTopo", name="brick-%02d" % number, capacity={"column": 1, "row": 1},
            cluster_topo=whole, height=2, model=host["model"], position=2 * number, rack_topo=rack,
        )  # fmt: skip
        add(
            "NodeTopo", name=host["name"], brick_topo=brick, cluster_topo=whole, host=host,
            position={"column": 1, "row": 1},
        )  # fmt: skip


def _add_block_storage(world, cluster):
    """Add a target with two LUNs and a subsystem with a namespace, for other machines."""
    names = {"name": "applications", "cluster": cluster, "external_use": True}
    names.update(ip_whitelist="*/*", resiliency_type="REPLICA", thin_provision=True, **_STRIPES)
    iqn, nqn = "iqn.2016-02.com.smartx:system:", "nqn.2020-12.com.smartx:system:"
    target = world.add(
        "IscsiTarget", iqn_name=iqn + "applications", iqn_whitelist="*/*",
        local_id=world.ids.uuid(), **names,
    )  # fmt: skip
    for number in (1, 2):
        _add_unit(
            world, "IscsiLun", name="lun-%02d" % number, allowed_initiators="*/*", lun_id=number,
            iscsi_target=target,
        )  # fmt: skip
    subsystem = world.add(
        "NvmfSubsystem", nqn_name=nqn + "applications", nqn_whitelist="*/*", policy="BALANCE",
        local_id=world.ids.uuid(), **names,
    )  # fmt: skip
    _add_unit(
        world, "NvmfNamespace", name="namespace-01", namespace_id=1, nqn_whitelist="*/*",
        nvmf_subsystem=subsystem,
    )  # fmt: skip


def _add_unit(world, kind_name, **values):
    """Add a LUN or a namespace."""
    ids = {"local_id": world.ids.uuid(), "zbs_volume_id": world.ids.uuid()}
    traits = {"local_created_at": BORN, "thin_provision": True, "resiliency_type": "REPLICA"}
    return world.add(kind_name, **dict(values, **_UNIT), **traits, **ids)


def _add_disk_pools(world, cluster):
    """Add a pool of each host's disks."""
    for host in world.many(cluster, "hosts"):
        world.add(
            "DiskPool", host=host, disks=world.many(host, "disks"), hdd_disk_count=2,
            local_id=world.ids.uuid(), sata_or_sas_ssd_disk_count=2,
            total_cache_capacity=host["total_cache_capacity"],
            total_data_capacity=host["total_data_capacity"],
        )  # fmt: skip
