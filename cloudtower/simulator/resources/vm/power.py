"""Power operations of VMs: one table and one handler."""

from collections import namedtuple

from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm import guest, placement
from cloudtower.simulator.resources.vm.rules import usable_vms

#: `takes`: the states allowed; `english`, `chinese`: what the task is called.
Power = namedtuple("Power", "takes result mutation seconds english chinese")

_STOPPED, _RUNNING, _SUSPENDED = ("STOPPED",), ("RUNNING",), ("SUSPENDED",)
_ALIVE = _RUNNING + _SUSPENDED

POWER = {
    "/start-vm": Power(_STOPPED, "RUNNING", "startVm", 3, "Start VM", "开机"),
    "/shutdown-vm": Power(_RUNNING, "STOPPED", "shutDownVm", 5, "Shut Down VM", "关机"),
    "/poweroff-vm": Power(_ALIVE, "STOPPED", "forceShutDownVm", 2, "Power off VM", "强制关机"),
    "/restart-vm": Power(_RUNNING, "RUNNING", "restartVm", 5, "Reboot VM", "重启"),
    "/force-restart-vm": Power(_RUNNING, "RUNNING", "forceRestartVm", 3, "Force reboot VM", "强制重启"),
    "/suspend-vm": Power(_RUNNING, "SUSPENDED", "suspendVm", 3, "Suspend VM", "暂停"),
    "/resume-vm": Power(_SUSPENDED, "RUNNING", "resumeVm", 3, "Resume the VM", "恢复"),
}  # fmt: skip
#: Those in which the guest system must cooperate.
_BY_GUEST = ("/shutdown-vm", "/restart-vm")


@handles(*POWER)
def change_power(call):
    """Starts, stops, restarts, suspends or resumes VMs, by force or through the guest system."""
    world, rule = call.world, POWER[call.path]
    vms = usable_vms(call, rule.takes)
    host_id = (call.body.get("data") or {}).get("host_id")
    hosts = {vm: placement.named(world, host_id, world.one(vm, "cluster")) for vm in vms}
    for vm in vms:
        if call.path == "/suspend-vm":
            placement.require_untied(world, vm, but=("NESTED_VIRTUALIZATION", "USB_DEVICE"))
        elif placement.ties_of(world, vm):
            own, message = world.one(vm, "host"), "VM %s is tied to its host" % vm["name"]
            require(hosts[vm] in (None, own), "JOB_SPECIFIED_NODE_SCHEDULE_FAILED", message)
            hosts[vm] = own

    def finish(vm):
        if vm["status"] not in rule.takes:  # its host has gone down in the meantime
            message = "VM %s is %s by now" % (vm["name"], vm["status"])
            raise TaskFailure("JOB_VM_STATE_MACHINE_ERROR", message)
        if call.path in _BY_GUEST and not guest.has_system(vm):
            message = "the guest system of VM %s does not answer" % vm["name"]
            raise TaskFailure("JOB_VM_SHUTDOWN_TIMEOUT", message)
        if vm["status"] == "STOPPED":
            world.update(vm, **placement.on(placement.choose(world, vm, host=hosts[vm])))
        elif rule.result == "RUNNING" and not placement.can_run(world.one(vm, "host")):
            message = "the host of VM %s is down" % vm["name"]
            raise TaskFailure("JOB_SPECIFIED_NODE_SCHEDULE_FAILED", message)
        enter(call.tower, vm, rule.result)

    texts = (rule.english + " {name}", rule.chinese + "虚拟机 {name}")
    return call.begin_each(vms, rule.mutation, texts, finish, seconds=rule.seconds)


def enter(tower, vm, status):
    """Bring a VM into a state, with all that goes with it."""
    resumes = vm["status"] == "SUSPENDED" and status == "RUNNING"
    tower.world.update(vm, status=status)
    if status == "RUNNING" and not resumes:
        guest.boot(tower.world, vm)
        guest.begin_installation(tower, vm)
    elif status == "STOPPED":
        guest.halt(tower.world, vm, tower.tasks.now())
