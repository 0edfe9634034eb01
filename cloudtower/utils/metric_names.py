"""The metrics that CloudTower is known to have.

The interface takes any name and answers an unknown one with nothing, so the names are data:
here is what public clients ask for. A server may have more.
"""

from collections import namedtuple

#: A metric: its name; the method of MetricsApi that gives it; the unit of its values; what it
#: means. Each is str.
MetricName = namedtuple("MetricName", "name method unit meaning")

#: What a name ends with -> unit. The first that fits counts.
_UNITS = (
    ("_percent", "percent"),
    ("_use_rate", "percent"),
    ("_speed_bps", "bytes/s"),
    ("_speed_bitps", "bits/s"),
    ("_bytes", "bytes"),
    ("_ns", "ns"),
    ("_seconds", "seconds"),
    ("_hz", "Hz"),
    ("_celsius", "celsius"),
    ("_avg_load", "load"),
    ("_ratio", "ratio"),
    ("", "count"),
)

# {io} stands for read, write and readwrite; {way} for receive and transmit.
_IO = (("read", "reads"), ("write", "writes"), ("readwrite", "reads and writes"))
_WAYS = (("receive", "received"), ("transmit", "sent"))

#: method -> (name, meaning), one a line
_TABLE = {
    "get_vm_metrics": """
        elf_vm_cpu_overall_usage_percent        how busy its vCPUs are
        elf_vm_cpu_overall_used_hz              processor frequency in use
        elf_vm_cpu_overall_steal_time_percent   time that its vCPUs wait for a processor
        elf_vm_memory_usage_percent             memory in use inside the guest
        elf_vm_memory_used_bytes                memory in use inside the guest
        elf_vm_consumed_host_memory_bytes       memory that it takes of its host
        elf_vm_disk_overall_{io}_iops           {io} per second, all disks
        elf_vm_disk_overall_{io}_speed_bps      throughput of {io}, all disks
        elf_vm_disk_overall_avg_{io}_latency_ns  average latency of {io}, all disks
        elf_vm_disk_overall_avg_{io}_size_bytes  average size of {io}, all disks
        elf_vm_disk_overall_logical_size_bytes  logical size of all disks
        elf_vm_logical_disk_used_bytes          logical space in use on its disks
        elf_vm_physical_disk_used_bytes         physical space in use, replicas included
    """,
    "get_vm_volume_metrics": """
        elf_vm_disk_{io}_iops                   {io} per second of a volume
        elf_vm_disk_{io}_speed_bps              throughput of {io} of a volume
        elf_vm_disk_avg_{io}_latency_ns         average latency of {io} of a volume
        elf_vm_disk_avg_{io}_size_bytes         average size of {io} of a volume
        elf_vm_disk_logical_size_bytes          logical size of a volume
    """,
    "get_vm_net_work_metrics": """
        elf_vm_network_{way}_bytes              bytes {way} by a network card of a VM
        elf_vm_network_{way}_packets            packets {way} by a network card of a VM
        elf_vm_network_{way}_drop               packets dropped of those {way}
        elf_vm_network_{way}_errors             errors of packets {way}
        elf_vm_network_{way}_speed_bps          bytes {way} per second
        elf_vm_network_{way}_speed_bitps        bits {way} per second
    """,
    "get_host_metrics": """
        host_cpu_overall_usage_percent          how busy its processors are
        host_cpu_overall_used_hz                processor frequency in use
        host_cpu_overall_1m_avg_load            load average of one minute
        host_cpu_overall_5m_avg_load            load average of five minutes
        host_cpu_overall_15m_avg_load           load average of 15 minutes
        host_cpu_temperature_celsius            temperature of the processors
        host_memory_usage_percent               memory in use
        host_memory_used_bytes                  memory in use
        host_memory_swap_usage_percent          swap space in use
        host_memory_swap_used_bytes             swap space in use
        host_memory_swap_size_bytes             size of the swap space
        host_memory_swap_in_speed_bps           what is read from the swap space per second
        host_memory_swap_out_speed_bps          what is written to the swap space per second
        host_sys_partition_usage_percent        space in use on the system partition
        host_uptime_seconds                     time since the host started
        host_power_is_on                        1 while it is switched on
        host_network_ping_time_ns               round-trip time of a ping
        elf_host_memory_provisioned_bytes       memory assigned to its VMs
        elf_host_memory_provisioned_running_bytes  memory assigned to its running VMs
        elf_host_vcpus_provisioned              vCPUs assigned to its VMs
        elf_host_vcpus_provisioned_running      vCPUs assigned to its running VMs
        elf_host_vcpu_and_cpu_ratio             vCPUs assigned for each processor
    """,
    "get_host_servicek_metrics": """
        host_service_cpu_usage_percent          how much processor time a service takes
        host_service_resident_memory_bytes      memory of a service
        host_service_is_running                 1 while a service runs
        host_service_health                     health of a service
    """,
    "get_disk_metrics": """
        host_disk_{io}_iops                     {io} per second of a physical disk
        host_disk_{io}_speed_bps                throughput of {io} of a physical disk
        host_disk_avg_{io}_latency_ns           average latency of {io} of a physical disk
        host_disk_avg_{io}_size_bytes           average size of {io} of a physical disk
        host_disk_avg_readwrite_queue_length    average length of its queue
        host_disk_utilization_percent           time during which it is busy
        host_disk_temperature_celsius           temperature of a physical disk
        host_disk_remaining_life_percent        remaining life of a physical disk
    """,
    "get_host_network_metrics": """
        host_network_{way}_bytes                bytes {way} by a network card of a host
        host_network_{way}_packets              packets {way} by a network card of a host
        host_network_{way}_dropped_packets      packets dropped of those {way}
        host_network_{way}_errors               errors of packets {way}
        host_network_{way}_speed_bps            bytes {way} per second
        host_network_{way}_speed_bitps          bits {way} per second
        host_network_nic_bandwidth_usage_percent  bandwidth in use
    """,
    "get_cluster_metrics": """
        cluster_cpu_usage_percent               how busy the processors of all hosts are
        cluster_cpu_used_hz                     processor frequency in use
        cluster_cpu_total_hz                    processor frequency of all hosts
        cluster_memory_usage_percent            memory in use
        cluster_memory_used_bytes               memory in use
        cluster_memory_total_bytes              memory of all hosts
        cluster_ssd_overall_size_bytes          size of all SSDs
        cluster_hdd_overall_size_bytes          size of all HDDs
        elf_cluster_memory_provisioned_bytes    memory assigned to VMs
        elf_cluster_memory_provisioned_running_bytes  memory assigned to running VMs
        elf_cluster_vcpus_provisioned           vCPUs assigned to VMs
        elf_cluster_vcpus_provisioned_running   vCPUs assigned to running VMs
        zbs_cluster_{io}_iops                   {io} per second of the storage
        zbs_cluster_{io}_speed_bps              throughput of {io} of the storage
        zbs_cluster_{io}_cache_hit_ratio        {io} that the cache serves
        zbs_cluster_avg_{io}_latency_ns         average latency of {io} of the storage
        zbs_cluster_avg_{io}_size_bytes         average size of {io} of the storage
        zbs_cluster_data_capacity_bytes         physical capacity
        zbs_cluster_used_data_space_bytes       physical space in use
        zbs_cluster_valid_data_space_bytes      physical space that can be used
        zbs_cluster_failure_data_space_bytes    physical space that has failed
        zbs_cluster_provisioned_data_space_bytes  space promised to volumes
        zbs_cluster_allocated_data_space_bytes  space allocated to volumes
        zbs_cluster_logical_size_bytes          logical size of all volumes
        zbs_cluster_logical_used_size_bytes     logical space in use
        zbs_cluster_cache_capacity_bytes        size of the cache
        zbs_cluster_used_cache_space_bytes      cache in use
        zbs_cluster_dirty_cache_space_bytes     cache that is not written back yet
        zbs_cluster_data_space_use_rate         physical space in use
        zbs_cluster_migrate_speed_bps           throughput of data migration
        zbs_cluster_recover_speed_bps           throughput of data recovery
        zbs_cluster_recover_migrate_speed_bps   throughput of data recovery and migration
        zbs_cluster_pending_migrate_bytes       data that waits for migration
        zbs_cluster_pending_recover_bytes       data that waits for recovery
        zbs_cluster_temporary_replica_num       number of temporary replicas
        zbs_cluster_temporary_replica_space_bytes  space of temporary replicas
    """,
    "get_lun_metrics": """
        zbs_volume_{io}_iops                    {io} per second of a LUN
        zbs_volume_{io}_speed_bps               throughput of {io} of a LUN
        zbs_volume_{io}_latency_ns              latency of {io} of a LUN
        zbs_volume_{io}_size_bytes              size of {io} of a LUN
        zbs_volume_logical_size_bytes           logical size of a LUN
        zbs_volume_logical_used_size_bytes      logical space in use on a LUN
        zbs_volume_avg_iodepth                  average depth of its queue
        zbs_volume_readwrite_iop30s             I/O operations within 30 seconds
    """,
}


def _unit(name):
    return next(unit for end, unit in _UNITS if name.endswith(end))


def _variants(name, meaning):
    """(name, meaning) of each metric that a line stands for."""
    for mark, variants in (("{io}", _IO), ("{way}", _WAYS)):
        if mark in name:
            return [
                (name.replace(mark, part), meaning.replace(mark, text)) for part, text in variants
            ]
    return [(name, meaning)]


def _read(table):
    found = {}
    for method in sorted(table):
        for line in table[method].strip().splitlines():
            for name, meaning in _variants(*line.strip().split(None, 1)):
                found[name] = MetricName(name, method, _unit(name), meaning)
    return found


#: {name: MetricName}
METRICS = _read(_TABLE)
