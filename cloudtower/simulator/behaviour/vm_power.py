"""Power operations of VMs: one table and one handler."""

from collections import namedtuple

from cloudtower.simulator.behaviour import guest, placement
from cloudtower.simulator.behaviour.support import find_in, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import TaskFailure
from cloudtower.simulator.language import Text

#: `takes`: the states allowed; `by_guest`: whether the guest system must cooperate.
Power = namedtuple("Power", "takes result mutation seconds by_guest english chinese")

_POWER = {
    "/start-vm": Power(("STOPPED",), "RUNNING", "startVm", 3, False, "Start VM %s",
                       "开机虚拟机 %s"),
    "/shutdown-vm": Power(
        ("RUNNING",), "STOPPED", "shutDownVm", 5, True, "Shut Down VM %s", "关机虚拟机 %s"
    ),
    "/poweroff-vm": Power(
        ("RUNNING", "SUSPENDED"), "STOPPED", "forceShutDownVm", 2, False,
        "Power off VM %s", "强制关机虚拟机 %s",
    ),
    "/restart-vm": Power(
        ("RUNNING",), "RUNNING", "restartVm", 5, True, "Reboot VM %s", "重启虚拟机 %s"
    ),
    "/force-restart-vm": Power(
        ("RUNNING",), "RUNNING", "forceRestartVm", 3, False,
        "Force reboot VM %s", "强制重启虚拟机 %s",
    ),
    "/suspend-vm": Power(
        ("RUNNING",), "SUSPENDED", "suspendVm", 3, False, "Suspend VM %s", "暂停虚拟机 %s"
    ),
    "/resume-vm": Power(
        ("SUSPENDED",), "RUNNING", "resumeVm", 3, False, "Resume the VM %s", "恢复虚拟机 %s"
    ),
}  # fmt: skip


@handles(*_POWER)
def power(call):
    rule = _POWER[call.path]
    vms = usable_vms(call, rule.takes)
    host_id = (call.body.get("data") or {}).get("host_id")
    hosts = {}
    if placement.wanted(host_id):
        for vm in vms:
            hosts[vm] = find_in(call.world, "Host", host_id, call.world.one(vm, "cluster"))
    return [_begin(call, rule, vm, hosts.get(vm)) for vm in vms]


def _begin(call, rule, vm, host):
    def finish():
        if rule.by_guest and not guest.has_system(vm):
            raise TaskFailure(
                "JOB_VM_SHUTDOWN_TIMEOUT", "the guest system of VM %s does not answer" % vm["name"]
            )
        if vm["status"] == "STOPPED":
            _place(call.world, vm, host)
        enter(call.tower, vm, rule.result)

    description = Text(rule.english % vm["name"], rule.chinese % vm["name"])
    task = call.begin(description, rule.mutation, vm, seconds=rule.seconds, finish=finish)
    return call.answer(vm, task)


def _place(world, vm, host):
    """A stopped VM stays on its host where that has room, unless told otherwise."""
    if host is not None:
        placement.require_room(host, vm["memory"])
    else:
        host = world.one(vm, "host")
        if host is None or not placement.can_run(host, vm["memory"]):
            host = placement.choose(world, world.one(vm, "cluster"), vm["memory"])
    world.update(vm, host=host, node_ip=host["data_ip"] or host["management_ip"])


def enter(tower, vm, status):
    """Bring a VM into a state, with all that goes with it."""
    resumes = vm["status"] == "SUSPENDED" and status == "RUNNING"
    tower.world.update(vm, status=status)
    if status == "RUNNING" and not resumes:
        guest.boot(tower.world, vm)
    elif status == "STOPPED":
        guest.halt(tower.world, vm, tower.tasks.now())
