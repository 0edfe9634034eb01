"""Hosts as machines: power, the light of a disk, adding one."""

from cloudtower.simulator.errors import refused, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.host.maintenance import require_in_maintenance, running_vms
from cloudtower.simulator.resources.vm.power import enter


@refines("/operate-host-power")
def operate_host_power(step):
    """Powers off or reboots a host; its VMs stop."""
    world, host = step.world, step.record
    if not step.params["force"]:
        require_in_maintenance(host)
    step.seconds = 20

    @step.later
    def switch():
        for vm in running_vms(world, host):
            enter(step.call.tower, vm, "STOPPED")
        if step.params["action"] == "poweroff":
            states = {"connect_status": "DISCONNECTED", "merged_status": "DISCONNECTED"}
            world.update(host, status="CONNECTED_ERROR", **states)


@handles("/create-host")
def create_host(call):
    """Adds hosts that were discovered to a cluster; here none are ever discovered."""
    for described in call.body:
        find(call.world, "Cluster", described["cluster_id"])
    raise refused("HOST_NOT_FOUND", "no host was discovered: the simulator has no idle hosts")


@refines("/trigger-disk-blink")
def trigger_disk_blink(step):
    """Has the light of a host's disk blink, so that people find it, or stop."""
    names = [disk["name"] for disk in step.world.many(step.record, "disks")]
    known = step.params["disk_name"] in names + [""]
    require(known, "DISK_NOT_FOUND", "host %s has no disk of that name" % step.record["name"])
