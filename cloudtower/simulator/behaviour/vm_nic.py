"""Network cards of existing VMs, by position and by filter."""

from cloudtower.simulator.behaviour import nics
from cloudtower.simulator.behaviour.support import require, usable_vms
from cloudtower.simulator.behaviour.vm_edit import begin_edit
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused


@handles("/add-vm-nic")
def add(call):
    vms = usable_vms(call)
    wanted = [
        [
            nics.read(call, call.world.one(vm, "cluster"), each)
            for each in call.body["data"]["vm_nics"]
        ]
        for vm in vms
    ]
    answers = []
    for vm, new in zip(vms, wanted):
        nics.add(call.world, vm, new)
        answers.append(begin_edit(call, vm, {}))
    return answers


@handles("/update-vm-nic")
def update_by_index(call):
    data = call.body["data"]
    vms = usable_vms(call)
    found = [_at(call.world, vm, data["nic_index"]) for vm in vms]
    return _change(call, found, data)


@handles("/update-vm-nic-basic-info", "/update-vm-nic-advance-info", "/update-vm-nic-qos-option")
def update_by_where(call):
    found = call.select("VmNic")
    vms = dict.fromkeys(call.world.one(nic, "vm") for nic in found)
    usable_vms(call, vms=list(vms))
    return _change(call, found, call.body["data"])


def _at(world, vm, index):
    cards = world.many(vm, "vm_nics")
    if not 0 <= index < len(cards):
        raise refused("VM_NIC_NOT_FOUND", "VM %s has no NIC %d" % (vm["name"], index))
    return cards[index]


def _change(call, found, data):
    """Change cards; the VM answers, and each changed card gets a new id."""
    world = call.world
    changes = {}
    for nic in found:
        vm = world.one(nic, "vm")
        changes[nic] = nics.read(call, world.one(vm, "cluster"), data)
        require(
            vm["status"] == "STOPPED"
            or changes[nic].get("mac_address") in (None, nic["mac_address"]),
            "EC_VM_MAC_ADDRESS_ERROR",
            "VM %s must be stopped for another MAC address" % vm["name"],
        )
    by_vm = {}
    for nic in found:
        by_vm.setdefault(world.one(nic, "vm"), []).append(nic)

    def change(cards):
        for nic in cards:
            world.update(nic, **changes[nic])
            world.rename(nic)

    return [
        begin_edit(call, vm, {}, lambda cards=cards: change(cards)) for vm, cards in by_vm.items()
    ]


@handles("/remove-vm-nic")
def remove_by_index(call):
    vms = usable_vms(call)
    indexes = set(call.body["data"]["nic_index"])
    doomed = [(vm, [_at(call.world, vm, index) for index in indexes]) for vm in vms]
    return [_remove(call, vm, cards) for vm, cards in doomed]


@handles("/remove-vm-nic-by-where")
def remove_by_where(call):
    world = call.world
    only = (call.body.get("effect") or {}).get("vm_ids")
    require(
        bool(call.body["where"]) or bool(only),
        "INVALID_QUERY_PARAMS",
        "where matches every NIC: name the VMs in effect.vm_ids",
    )
    by_vm = {}
    for nic in call.select("VmNic"):
        if not only or nic["vm"] in only:
            by_vm.setdefault(world.one(nic, "vm"), []).append(nic)
    usable_vms(call, vms=list(by_vm))
    return [_remove(call, vm, cards) for vm, cards in by_vm.items()]


def _remove(call, vm, cards):
    def take_out():
        for nic in cards:
            call.world.remove(nic)
        nics.renumber(call.world, vm)

    return begin_edit(call, vm, {}, take_out)
