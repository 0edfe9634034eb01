"""What a dashboard shows of clusters: alerts, disks, processor, memory, storage."""

import json
from typing import Any, Dict, Iterable, List, Optional, Sequence

from common import connect

from cloudtower import (
    AlertApi,
    ApiClient,
    ClusterApi,
    ClusterType,
    DiskApi,
    DiskType,
    HostApi,
    Hypervisor,
)
from cloudtower.types import AlertWhereInputDict, ClusterWhereInputDict, DiskWhereInputDict


def in_units(number: float, units: Sequence[str], step: int) -> str:
    """A number as people read it, such as 1.50TiB."""
    for unit in units[:-1]:
        if abs(number) < step:
            return "%.2f%s" % (number, unit)
        number /= step
    return "%.2f%s" % (number, units[-1])


def in_bytes(number: float) -> str:
    return in_units(number, ("B", "KiB", "MiB", "GiB", "TiB", "PiB"), 1024)


def total(objects: Iterable[object], *names: str) -> int:
    """The sum of fields, which may be empty."""
    return sum(getattr(each, name) or 0 for each in objects for name in names)


def alerts_of(client: ApiClient, ids: List[str]) -> Dict[str, List[str]]:
    where: AlertWhereInputDict = {"ended": False, "cluster": {"id_in": ids}}
    by_severity: Dict[str, List[str]] = {"CRITICAL": [], "NOTICE": [], "INFO": []}
    for alert in AlertApi(client).get_alerts({"where": where}):
        by_severity.setdefault(alert.severity, []).append(alert.message)
    return by_severity


def hard_disks_of(client: ApiClient, ids: List[str]) -> Dict[str, int]:
    where: DiskWhereInputDict = {"type": DiskType.HDD, "host": {"cluster": {"id_in": ids}}}
    counts = {"healthy": 0, "warning": 0, "error": 0}
    for disk in DiskApi(client).get_disks({"where": where}):
        if disk.health_status in ("UNHEALTHY", "SUBHEALTHY", "SMART_FAILED"):
            counts["error"] += 1
        elif disk.usage_status in ("UNMOUNTED", "PARTIAL_MOUNTED"):
            counts["warning"] += 1
        else:
            counts["healthy"] += 1
    return counts


def dashboard(client: ApiClient, where: Optional[ClusterWhereInputDict] = None) -> Dict[str, Any]:
    """What there is to show of the clusters that match."""
    clusters = ClusterApi(client).get_clusters({"where": where})
    ids = [each.id for each in clusters]
    hosts = HostApi(client).get_hosts({"where": {"cluster": {"id_in": ids}}})
    computing = [each for each in clusters if each.type == ClusterType.SMTX_OS]
    elf = [each.id for each in computing if each.hypervisor == Hypervisor.ELF]
    elf_hosts = [host for host in hosts if host.cluster.id in elf]
    others = [each for each in computing if each.id not in elf]
    hz = total(computing, "total_cpu_hz")
    memory = total(elf_hosts, "total_memory_bytes") + total(others, "total_memory_bytes")
    used = total(elf_hosts, "running_pause_vm_memory_bytes", "os_memory_bytes")
    used += total(others, "used_memory_bytes")
    capacity = total(clusters, "total_data_capacity")
    taken = total(clusters, "used_data_space", "failure_data_space")
    return {
        "alerts": alerts_of(client, ids),
        "hard disks": hard_disks_of(client, ids),
        "processor": {
            "cores": total(computing, "total_cpu_cores"),
            "frequency": in_units(hz, ("Hz", "KHz", "MHz", "GHz", "THz"), 1000),
            "usage": "%.1f%%" % (100.0 * total(computing, "used_cpu_hz") / hz) if hz else None,
        },
        "memory": {"total": in_bytes(memory), "used": in_bytes(used)},
        "storage": {"total": in_bytes(capacity), "available": in_bytes(capacity - taken)},
    }


client = connect()
print(json.dumps(dashboard(client), indent=2, ensure_ascii=False))
client.close()
