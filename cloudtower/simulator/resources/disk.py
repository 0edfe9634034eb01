"""Disks of hosts."""

from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.vm.placement import in_maintenance


@refines("/mount-disk", "/unmount-disk")
def mount_disk(step):
    """Has a host use one of its disks for storage, or stop to use it once its data is elsewhere."""
    mounted = step.call.path == "/mount-disk"
    message = "disk %s is %smounted" % (step.record["name"], "" if mounted else "not ")
    require(step.record["mounted"] != mounted, "DISK_STATE_UNMATCH", message)

    @step.later
    def finish():
        host = step.world.one(step.record, "host")
        if not mounted and in_maintenance(host):
            raise TaskFailure("HOST_IN_MAINTENANCE_MODE", "%s is in it" % host["name"])

    step.values.update(mounted=mounted, usage_status="MOUNTED" if mounted else "UNMOUNTED")
    if not mounted:
        step.values["function"] = "UNMOUNT"
