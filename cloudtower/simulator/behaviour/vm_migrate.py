"""Moving VMs to another host of their cluster."""

from cloudtower.simulator.behaviour import placement
from cloudtower.simulator.behaviour.support import find_in, require, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.language import Text


@handles("/migrate-vm")
def migrate(call):
    vms = usable_vms(call, ("RUNNING", "STOPPED"))
    host_id = (call.body.get("data") or {}).get("host_id")
    targets = {}
    for vm in vms:
        require(not vm["usb_devices"], "VM_HAS_USB_DEVICE", "VM %s has a USB device" % vm["name"])
        if placement.wanted(host_id):
            host = find_in(call.world, "Host", host_id, call.world.one(vm, "cluster"))
            elsewhere = host is not call.world.one(vm, "host")
            message = "VM %s is on host %s already" % (vm["name"], host["name"])
            require(elsewhere, "JOB_SPECIFIED_NODE_SCHEDULE_FAILED", message)
            targets[vm] = host
    return [_migrate(call, vm, targets.get(vm)) for vm in vms]


def _migrate(call, vm, host):
    world = call.world
    memory = vm["memory"] if vm["status"] == "RUNNING" else 0

    def move():
        target = host
        if target is None:
            here = world.one(vm, "host")
            target = placement.choose(world, world.one(vm, "cluster"), memory, other_than=here)
        else:
            placement.require_room(target, memory)
        world.update(vm, host=target, node_ip=target["data_ip"] or "")

    where = host["name"] if host is not None else "another host"
    description = Text(
        "Migrate VM %s to %s" % (vm["name"], where), "迁移虚拟机 %s 至 %s" % (vm["name"], where)
    )
    task = call.begin(description, "migrateVm", vm, seconds=8, finish=move)
    return call.answer(vm, task)
