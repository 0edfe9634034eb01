"""Hosts as machines: power, the light of a disk, adding one."""

from cloudtower.simulator.engine.scheduler import job
from cloudtower.simulator.errors import TaskFailure, refused, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.host.maintenance import require_in_maintenance, running_vms
from cloudtower.simulator.resources.vm import guest, placement
from cloudtower.simulator.resources.vm.power import enter

#: The job that brings back the VMs of a host that has lost power, and when it begins, in seconds
#: on a real cluster.
_HA, _HA_AFTER = "restart-vms-of-lost-host", 40


@refines("/operate-host-power")
def operate_host_power(step):
    """Powers off or reboots a host; its VMs are lost, and those with HA start on another one."""
    world, host = step.world, step.record
    if not step.params["force"]:
        require_in_maintenance(host)
    step.seconds, is_off = 20, step.params["action"] == "poweroff"

    @step.later
    def switch():
        lose_vms(step.call.tower, host)
        if is_off:
            states = {"connect_status": "DISCONNECTED", "merged_status": "DISCONNECTED"}
            world.update(host, status="CONNECTED_ERROR", **states)


def lose_vms(tower, host):
    """The VMs of a host have lost their power, which the cluster notices after a while."""
    for vm in running_vms(tower.world, host):
        tower.world.update(vm, status="UNKNOWN")
        guest.halt(tower.world, vm, tower.tasks.now())
    tower.scheduler.plan(_HA, host.id, tower.timer() + tower.tasks.lasting(_HA_AFTER))


@job(_HA)
def restart_lost_vms(tower, host_id):
    """Start VMs with HA on hosts with room for them, the most important first; others stop."""
    world, host = tower.world, tower.world.get("Host", host_id)
    lost = [vm for vm in world.many(host, "vms") if vm["status"] == "UNKNOWN"] if host else []
    for vm in sorted(lost, key=lambda vm: vm["ha_priority"] or "", reverse=True):
        world.update(vm, usb_devices=[])
        target = _ha_target(world, vm)
        if target is not None:
            world.update(vm, **placement.on(target))
        enter(tower, vm, "STOPPED" if target is None else "RUNNING")


def _ha_target(world, vm):
    """The host on which HA starts a VM again; None without HA, or where no host can have it."""
    if placement.ties_of(world, vm) or not vm["ha"]:
        return None
    try:
        return placement.choose(world, vm)
    except TaskFailure:
        return None


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
