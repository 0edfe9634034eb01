"""Metrics: series that look like those of a machine at work.

The interface does not list the names of metrics. Those that public clients use are
known, and any of a family that they do not use. Others give an empty response, as on a
CloudTower, so that a mistyped name shows.
"""

import math
import re
import zlib

from cloudtower.simulator.engine import where
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.schema import models
from cloudtower.utils.metric_names import METRICS

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
#: Longer ranges in hours come back empty; clients write them in days.
_MOST_HOURS = 24
_POINTS = 60
_SHORTEST_STEP = 30

#: path -> (kind, member of the body, label, beginnings of known names)
_SUBJECTS = {
    "/get-cluster-metrics": ("Cluster", "clusters", "_cluster", ("cluster_", "zbs_cluster_", "elf_cluster_")),
    "/get-disk-metrics": ("Disk", "disks", "_device", ("disk_", "host_disk_")),
    "/get-host-metrics": ("Host", "hosts", "_host", ("host_", "zbs_chunk_", "elf_host_")),
    "/get-host-network-metrics": ("Host", "hosts", "_host", ("host_network_", "host_nic_")),
    "/get-host-service-metrics": ("Host", "hosts", "_host", ("host_service_", "service_")),
    "/get-lun-metrics": ("IscsiLun", "luns", "_volume", ("lun_", "zbs_volume_")),
    "/get-nvmf-namespace-metrics": ("NvmfNamespace", "nvmfNamespaces", "_volume", ("zbs_volume_",)),
    "/get-scvm-disk-metrics": ("Disk", "disks", "_device", ("scvm_disk_",)),
    "/get-scvm-metrics": ("Host", "hosts", "_scvm", ("scvm_",)),
    "/get-scvm-network-metrics": ("Host", "hosts", "_scvm", ("scvm_network_",)),
    "/get-scvm-service-metrics": ("Host", "hosts", "_scvm", ("scvm_service_",)),
    "/get-vm-metrics": ("Vm", "vms", "_vm", ("vm_", "elf_vm_")),
    "/get-vm-network-metrics": ("Vm", "vms", "_vm", ("vm_network_", "elf_vm_network_", "elf_vm_nic_")),
    "/get-vm-volume-metrics": ("VmVolume", "vmVolumes", "_volume", ("vm_volume_", "volume_", "zbs_volume_", "elf_vm_disk_")),
    "/get-witness-metrics": ("Cluster", "clusters", "_witness", ("witness_",)),
    "/get-zone-metrics": ("Cluster", "clusters", "_zone", ("zone_", "zbs_zone_")),
}  # fmt: skip

#: (what a name contains, unit, middle, swing); the first that fits holds
_UNITS = (
    ("percent|usage|use_rate", "PERCENT", 35.0, 20.0),
    ("_is_", "COUNT", 1.0, 0.0),
    ("ratio", "RATIO", 0.4, 0.2),
    ("latency|_ns$", "TIME", 800_000.0, 300_000.0),
    ("bitps", "DATA_RATE_BIT", 80e6, 50e6),
    ("bps|speed", "DATA_RATE_BYTE", 12e6, 8e6),
    ("bandwidth", "STORAGE_BAND_WIDTH", 30e6, 20e6),
    ("bytes|size", "DATA_SIZE", 6e9, 1e9),
    ("temperature", "TEMPERATURE", 45.0, 5.0),
    ("hz", "FREQUENCY", 2e9, 5e8),
    ("load", "LOAD", 1.5, 1.0),
    ("", "COUNT", 100.0, 60.0),
)


@handles(*_SUBJECTS)
def series(call):
    """The values of metrics over a while, for each object that matches."""
    kind_name, member, label, known = _SUBJECTS[call.path]
    found = where.select(call.world, kind_name, call.body[member], (member,))
    if call.path == "/get-vm-network-metrics":  # a VM has a series for each of its NICs
        found = [card for vm in found for card in call.world.many(vm, "vm_nics")]
    step, moments = _moments(call, call.body["range"])
    answers = []
    for name in call.body["metrics"]:
        streams = []
        for record in found if _is_known(name, known) and moments else ():
            points = [{"t": t * 1000, "v": _value(name, record.id, t)} for t in moments]
            streams.append({"labels": _labels(call.world, record, label, name), "points": points})
        answers.append(_metric(name, step, sample_streams=streams))
    return answers


@handles("/get-top-n-metrics-in-clusters")
def get_top_n_metrics(call):
    """The objects with the highest or lowest values of metrics in some clusters."""
    world, (_, moments) = call.world, _moments(call, call.body["range"])
    clusters = {cluster.id for cluster in call.select("Cluster", "clusters")}
    answers = []
    for name in call.body["metrics"]:
        kind_name, label = _subject_of(name)
        samples = []
        for record in world.all(kind_name) if kind_name and moments else ():
            if record.id in clusters or record.get("cluster") in clusters:
                point = {"t": moments[-1] * 1000, "v": _value(name, record.id, moments[-1])}
                samples.append({"labels": _labels(world, record, label, name), "point": point})
        highest = call.body["type"] != "bottom"
        samples.sort(key=lambda sample: sample["point"]["v"], reverse=highest)
        answers.append(_metric(name, 0, samples=samples[: max(call.body["n"], 0)]))
    return answers


def _subject_of(name):
    """The (kind, label) whose metrics begin like a name."""
    for subject in ("vm-volume", "vm", "host", "cluster"):
        kind_name, _, label, known = _SUBJECTS["/get-%s-metrics" % subject]
        if _is_known(name, known):
            return kind_name, label
    return None, None


def _is_known(name, beginnings):
    """Whether there is a metric of that name in the families with such beginnings."""
    families = [beginning for beginning in beginnings if name.startswith(beginning)]
    if not families or name in METRICS:
        return bool(families)
    return not any(known.startswith(tuple(families)) for known in METRICS)


def _metric(name, step, **found):
    """The response about one metric."""
    data = {"dropped": False, "sample_streams": None, "samples": None, "step": step}
    return {"data": dict(data, unit=_shape(name)[0], **found), "task_id": None}


def _labels(world, record, label, name):
    """Labels carry the ids that the cluster uses."""
    if record.kind.name == "VmNic":
        labels = _labels(world, world.one(record, "vm"), label, name)
        return dict(sorted(dict(labels, _mac=record["mac_address"]).items()))
    local_id = record.get("local_id") or record.id
    labels = {label: local_id, "metric_name": name}
    cluster = record.get("cluster")
    if cluster is not None:
        labels["_cluster"] = world.get("Cluster", cluster)["local_id"]
    if record.get("name"):
        labels["name"] = record["name"]
    there = models.members_of("MetricLabel")
    return {name: labels[name] for name in sorted(labels) if name in there}


def _moments(call, text):
    """(step in seconds, moments) of a range such as 5m, 24h, 7d; none for one that is no such."""
    matched = re.match(r"^(\d{1,6})([smhd])$", text)
    if not matched:
        return 0, []
    number, unit = int(matched.group(1)), matched.group(2)
    if unit == "h" and number > _MOST_HOURS:
        return 0, []
    length = number * _SECONDS[unit]
    step = max(length // _POINTS, _SHORTEST_STEP)
    end = int(call.tower.timer()) // step * step
    return step, list(range(end - length + step, end + 1, step))


def _shape(name):
    """The (unit, middle, swing) of a metric."""
    return next(shape for parts, *shape in _UNITS if re.search(parts, name))


def _value(name, record_id, moment):
    """A day's rhythm with some noise, the same whenever it is asked for."""
    _, middle, swing = _shape(name)
    seed = zlib.crc32(("%s %s" % (name, record_id)).encode())
    noise = zlib.crc32(("%d %d" % (seed, moment)).encode()) / 2**32 - 0.5
    phase = 2 * math.pi * ((moment + seed % 86400) % 86400) / 86400
    return round(max(middle + swing * (0.7 * math.sin(phase) + 0.6 * noise), 0.0), 3)
