"""Clusters with their hosts, disks, networks and storage."""

from cloudtower.simulator.worlds.facts import BORN, FOREVER, GIB, NEVER, TIB

_HOSTS_A_CLUSTER = 3
_CORES, _SOCKETS, _HZ = 24, 2, 2_500_000_000
_MEMORY, _OS_MEMORY = 256 * GIB, 32 * GIB
_STRIPES = {"stripe_num": 8, "stripe_size": 262144}

#: device, type, size, usage: the disks of a host
_DISKS = (
    ("sda", "SATA_OR_SAS_SSD", 480 * GIB, "CACHE_AND_META"),
    ("sdb", "SATA_OR_SAS_SSD", 1920 * GIB, "CACHE"),
    ("sdc", "HDD", 4 * TIB, "DATA"),
    ("sdd", "HDD", 4 * TIB, "DATA"),
)

#: VDS, its type, its bridge, its networks: (name, VLAN id)
_NETWORKS = (
    ("vds-vm", "VM", "ovsbr-vm", (("default", 0), ("vlan-100", 100), ("vlan-200", 200))),
    ("vds-management", "MANAGEMENT", "ovsbr-mgt", (("mgt-network", 0),)),
    ("vds-storage", "STORAGE", "ovsbr-storage", (("storage-network", 0),)),
)


def add_cluster(world, datacenters, name, subnet):
    """A cluster in a list of datacenters, with all that belongs to it. Returns its record.

    The subnet is the last part of its address; those of its hosts follow.
    """
    ip = "192.0.2.%d" % subnet
    cluster = world.add(
        "Cluster", name=name, type="SMTX_OS", hypervisor="ELF", architecture="X86_64",
        connect_state="CONNECTED", current_cpu_model="host_passthrough",
        datacenters=datacenters, dns=["192.0.2.1"], failure_data_space=0, has_metrox=False,
        ip=ip, is_all_flash=False, license_expire_date=FOREVER,
        license_serial=world.ids.uuid(), license_sign_date=BORN, license_type="PERPETUAL",
        local_id=world.ids.uuid(), maintenance_end_date=NEVER, maintenance_start_date=NEVER,
        management_vip=ip, max_chunk_num=255, mgt_gateway="192.0.2.254",
        mgt_netmask="255.255.255.0", ntp_mode="EXTERNAL", ntp_servers=["ntp.example.com"],
        nvmf_enabled=False, pmem_enabled=False, rdma_enabled=False,
        recommended_cpu_models=["EPYC"], recover_data_size=0, recover_speed=0,
        reserved_cpu_cores_for_system_service=6 * _HOSTS_A_CLUSTER,
        software_edition="ENTERPRISE", stretch=False,
        total_cache_capacity=_HOSTS_A_CLUSTER * 1920 * GIB,
        total_cpu_cores=_HOSTS_A_CLUSTER * _CORES, total_cpu_hz=_HOSTS_A_CLUSTER * _CORES * _HZ,
        total_cpu_models=["host_passthrough", "EPYC"],
        total_cpu_sockets=_HOSTS_A_CLUSTER * _SOCKETS,
        total_data_capacity=_HOSTS_A_CLUSTER * 8 * TIB,
        total_memory_bytes=_HOSTS_A_CLUSTER * _MEMORY,
        used_cpu_hz=float(_HOSTS_A_CLUSTER * 6 * _HZ), used_data_space=0,
        used_memory_bytes=float(_HOSTS_A_CLUSTER * _OS_MEMORY),
        valid_data_space=_HOSTS_A_CLUSTER * 8 * TIB, version="6.2.0", vhost_enabled=True,
    )  # fmt: skip
    world.add(
        "ClusterSettings", cluster=cluster, default_ha=True, enabled_iscsi=True,
        default_storage_policy="REPLICA_2_THIN_PROVISION", default_storage_policy_replica_num=2,
        default_storage_policy_stripe_num=8, default_storage_policy_thin_provision=True,
    )  # fmt: skip
    for number in range(1, _HOSTS_A_CLUSTER + 1):
        _host(world, cluster, number, subnet)
    for row in _NETWORKS:
        _network(world, cluster, *row)
    _storage(world, cluster)
    world.add("VmFolder", cluster=cluster, local_id=world.ids.uuid(), name="folder-01")
    return cluster


def _host(world, cluster, number, subnet):
    """Add a host with its disks."""
    address = "192.0.2.%d" % (subnet + number)
    host = world.add(
        "Host", cluster=cluster, name="%s-node-%02d" % (cluster["name"], number),
        access_ip=address, allocatable_memory_bytes=_MEMORY - _OS_MEMORY, chunk_id=str(number),
        compatible_cpu_models=["host_passthrough", "EPYC"], connect_status="CONNECTED",
        cpu_brand="EPYC 7402", cpu_hz_per_core=_HZ, cpu_model="EPYC",
        cpu_temperature_celsius=[45, 47], cpu_vendor="AuthenticAMD",
        data_ip="198.51.100.%d" % (subnet + number), hdd_data_capacity=8 * TIB, hdd_disk_count=2,
        hypervisor_ip=address, iommu="ENABLE", is_os_in_raid1=True, local_id=world.ids.uuid(),
        lsm_cap_disk_safe_umount=True, management_ip=address, merged_status="HEALTHY",
        model="Simulated server", nic_count=4, os_memory_bytes=_OS_MEMORY, os_version="6.2.0",
        serial="SIM%06d" % (subnet * 100 + number), ssd_disk_count=2, state="IN_USE",
        status="CONNECTED_HEALTHY", total_cache_capacity=1920 * GIB, total_cpu_cores=_CORES,
        total_cpu_hz=_CORES * _HZ, total_cpu_sockets=_SOCKETS, total_data_capacity=8 * TIB,
        total_logical_cpu_cores=2 * _CORES, total_memory_bytes=_MEMORY,
        used_cpu_hz=float(6 * _HZ), used_memory_bytes=float(_OS_MEMORY),
        with_faster_ssd_as_cache=True,
    )  # fmt: skip
    for position, (device, kind, size, usage) in enumerate(_DISKS):
        world.add(
            "Disk", host=host, name=device, path="/dev/" + device, type=kind, size=size,
            usage=usage, recommended_usage=usage, firmware="SIM1",
            function="CACHE" if usage.startswith("CACHE") else "DATA", health_status="HEALTHY",
            healthy=True, local_id=world.ids.uuid(), model="SIM-%s" % kind, mounted=True,
            physical_slot_on_brick=position,
            remaining_life_percent=None if kind == "HDD" else 98,
            serial="DSK%04d%s" % (subnet * 100 + number, device), usage_status="MOUNTED",
        )  # fmt: skip


def _network(world, cluster, name, kind, bridge, networks):
    """Add a switch with its networks and the hosts' NICs for it."""

    def local_id():
        return "%s_%s" % (cluster["local_id"], world.ids.uuid())

    vds = world.add(
        "Vds", cluster=cluster, name=name, type=kind, bond_mode="active-backup",
        local_id=local_id(), ovsbr_name=bridge, work_mode="single",
    )  # fmt: skip
    for host in world.many(cluster, "hosts"):
        world.add(
            "Nic", host=host, vds=vds, name="ens%d" % (192 + 32 * len(host["nics"])),
            driver="ixgbe", driver_state="READY", local_id=world.ids.uuid(),
            mac_address=world.ids.mac(), model="82599ES", mtu=1500, nic_uuid=world.ids.uuid(),
            physical=True, running=True, speed=10_000_000_000, type=kind, up=True,
            user_usage="DEFAULT",
        )  # fmt: skip
    for network, vlan_id in networks:
        world.add(
            "Vlan", vds=vds, name=network, type=kind, vlan_id=vlan_id, local_id=local_id(),
            network_ids=[str(vlan_id)], mode_type="VLAN_ACCESS", gateway_ip="",
            gateway_subnetmask="", subnetmask="",
        )  # fmt: skip


def _storage(world, cluster):
    """Add what a cluster stores its volumes in."""
    target = world.add(
        "IscsiTarget", cluster=cluster, name="zbs-iscsi-datastore", internal=True,
        iqn_name="iqn.2016-02.com.smartx:system:zbs-iscsi-datastore", iqn_whitelist="*/*",
        ip_whitelist="*/*", local_id=world.ids.uuid(), replica_num=2,
        resiliency_type="REPLICA", thin_provision=True, **_STRIPES,
    )  # fmt: skip
    world.add(
        "ElfDataStore", cluster=cluster, name="elf-data-store", internal=True, type="ISCSI",
        ip_whitelist="*/*", iscsi_target=target, local_id=world.ids.uuid(), replica_num=2,
        thin_provision=True,
    )  # fmt: skip
    world.add(
        "NfsExport", cluster=cluster, name="nfs-export-01", export_inode_id=world.ids.uuid(),
        ip_whitelist="*/*", local_id=world.ids.uuid(), replica_num=2,
        resiliency_type="REPLICA", thin_provision=True,
    )  # fmt: skip
    for replicas in (2, 3):
        for thin in (True, False):
            name = "REPLICA_%d_%s_PROVISION" % (replicas, "THIN" if thin else "THICK")
            world.add(
                "ElfStoragePolicy", cluster=cluster, name=name, local_id=world.ids.uuid(),
                replica_num=replicas, thin_provision=thin, **_STRIPES,
            )  # fmt: skip
