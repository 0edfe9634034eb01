"""I/O limits of VMs and disks."""

from cloudtower.simulator.schema.units import RATES


def limits_of(params):
    """The I/O limits in a part of a body, as the fields of a VM or a disk."""
    names = ("max_bandwidth", "max_bandwidth_policy", "max_iops", "max_iops_policy")
    limits = {name: params.get(name) for name in names}
    if limits["max_bandwidth"] is not None:
        limits["max_bandwidth"] *= RATES[params.get("max_bandwidth_unit") or "Bps"]
    return limits
