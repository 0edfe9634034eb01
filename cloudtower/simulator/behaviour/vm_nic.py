"""Network cards of existing VMs, by position and by filter."""

from cloudtower.simulator.behaviour import nics
from cloudtower.simulator.behaviour.support import require, usable_vms
from cloudtower.simulator.behaviour.vm_edit import by_vm, edit
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused


@handles("/add-vm-nic")
def add(call):
    vms, given = usable_vms(call), call.body["data"]["vm_nics"]
    clusters = [call.world.one(vm, "cluster") for vm in vms]
    wanted = [[nics.read(call, cluster, each) for each in given] for cluster in clusters]
    for vm, new in zip(vms, wanted):
        nics.add(call.world, vm, new)
    return edit(call, vms)


@handles("/update-vm-nic")
def update_by_index(call):
    index = call.body["data"]["nic_index"]
    return _change(call, dict((vm, [_at(call.world, vm, index)]) for vm in usable_vms(call)))


@handles("/update-vm-nic-basic-info", "/update-vm-nic-advance-info", "/update-vm-nic-qos-option")
def update_by_where(call):
    return _change(call, by_vm(call, call.select("VmNic")))


def _at(world, vm, index):
    cards = world.many(vm, "vm_nics")
    if not 0 <= index < len(cards):
        raise refused("VM_NIC_NOT_FOUND", "VM %s has no NIC %d" % (vm["name"], index))
    return cards[index]


def _change(call, found):
    """Change the cards in {vm: cards}; the VM answers, and each card gets a new id."""
    world, changes = call.world, {}
    for vm, cards in found.items():
        changes[vm] = nics.read(call, world.one(vm, "cluster"), call.body["data"])
        address = changes[vm].get("mac_address")
        keeps = all(address in (None, nic["mac_address"]) for nic in cards)
        message = "VM %s must be stopped for another MAC address" % vm["name"]
        require(vm["status"] == "STOPPED" or keeps, "EC_VM_MAC_ADDRESS_ERROR", message)

    def change(vm):
        for nic in found[vm]:
            world.update(nic, **changes[vm])
            world.rename(nic)

    return edit(call, found, change)


@handles("/remove-vm-nic")
def remove_by_index(call):
    indexes = set(call.body["data"]["nic_index"])
    doomed = {}
    for vm in usable_vms(call):
        doomed[vm] = [_at(call.world, vm, index) for index in indexes]
    return _remove(call, doomed)


@handles("/remove-vm-nic-by-where")
def remove_by_where(call):
    only = (call.body.get("effect") or {}).get("vm_ids")
    message = "where matches every NIC: name the VMs in effect.vm_ids"
    require(call.body["where"] or only, "INVALID_QUERY_PARAMS", message)
    found = call.select("VmNic")
    return _remove(call, by_vm(call, [nic for nic in found if not only or nic["vm"] in only]))


def _remove(call, doomed):
    def take_out(vm):
        for nic in doomed[vm]:
            call.world.remove(nic)
        nics.renumber(call.world, vm)

    return edit(call, doomed, take_out)
