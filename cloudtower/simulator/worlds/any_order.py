"""Brings objects into a state in which an operation may have them.

For the world of the user guide, whose examples work on the same few objects
in any order. In all other worlds an operation takes its objects as they are.
"""

from cloudtower.simulator.engine import where
from cloudtower.simulator.resources.vm import disks, nics, power
from cloudtower.simulator.worlds import docs

_STOPPED, _ANY = ("STOPPED",), ()
#: path -> the states in which it takes a VM; one in any other state is brought into the first
_STATES = {
    "/add-vm-cd-rom": _STOPPED,
    "/add-vm-disk": _ANY,
    "/add-vm-nic": _ANY,
    "/delete-vm": _STOPPED,
    "/migrate-vm": ("RUNNING", "STOPPED"),
    "/move-vm-to-recycle": _STOPPED,
    "/recover-vm-from-recycle": _ANY,
    "/remove-vm-cd-rom": _STOPPED,
    "/remove-vm-disk": _STOPPED,
    "/remove-vm-nic": _ANY,
    "/update-vm-basic-info": _STOPPED,
    "/update-vm-nic": _ANY,
    **{path: rule.takes for path, rule in power.POWER.items()},
}
#: These take a VM that is in the recycle bin.
_FROM_BIN = ("/recover-vm-from-recycle", "/delete-vm")


def prepare(tower, path, body):
    """Make way for the operation of a path and its checked body."""
    world = tower.world
    tower.tasks.finish()
    for element in body if isinstance(body, list) else [body]:
        if isinstance(element, dict):
            _free_name(tower, element.get("name"), element.get("cluster_id"))
            for volume_id in _values_of("vm_volume_id", element):
                for disk in where.select(world, "VmDisk", {"vm_volume": {"id": volume_id}}):
                    disks.unmount(tower, disk)
    if path not in _STATES or not isinstance(body, dict):
        return
    condition = body.get("where") or {}
    for vm_id in [condition.get("id"), *(condition.get("id_in") or ())]:
        if world.get("Vm", vm_id) is None:
            docs.revive(tower, vm_id)
    data = body.get("data") or {}
    for vm in where.select(world, "Vm", condition):
        _ready(tower, path, vm)
        _complete(tower, vm, data)
        if path == "/migrate-vm" and vm["host"] == data.get("host_id"):
            hosts = world.many(world.one(vm, "cluster"), "hosts")
            others = [host for host in hosts if host.id != vm["host"]]
            world.update(vm, host=next(iter(others), vm["host"]))
        if path == "/update-vm-basic-info":
            _free_name(tower, data.get("name"), vm["cluster"], vm)


def _values_of(name, value):
    """The values of all members of a name in a body, at any depth."""
    if isinstance(value, list):
        for element in value:
            yield from _values_of(name, element)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == name:
                yield inner
            else:
                yield from _values_of(name, inner)


def _ready(tower, path, vm):
    """Bring a VM into the recycle bin or out of it, and into a power state that is allowed."""
    if path == "/recover-vm-from-recycle" and not vm["in_recycle_bin"]:
        tower.world.update(vm, in_recycle_bin=True, original_name=vm["name"])
    elif path not in _FROM_BIN and vm["in_recycle_bin"]:
        name = vm["original_name"]
        tower.world.update(vm, in_recycle_bin=False, name=name, original_name=None)
    takes = _STATES[path]
    if takes and vm["status"] not in takes:
        power.enter(tower, vm, takes[0])


def _complete(tower, vm, data):
    """Give a VM back the disks and NICs that an earlier example took out."""
    world = tower.world
    for disk_id in (data.get("disk_ids") or []) + (data.get("cd_rom_ids") or []):
        if world.find("VmDisk", disk_id) is None:
            docs.add_disk(tower, vm, disk_id)
    indexes = data.get("nic_index")
    indexes = indexes if isinstance(indexes, list) else [] if indexes is None else [indexes]
    while indexes and len(vm["vm_nics"]) <= max(indexes) < 16:
        nics.add(world, vm, [{"vlan": world.get("Vlan", "vlan_id")}])


def _free_name(tower, name, cluster_id, owner=None):
    """Give another name to the VM that has one, unless it is the owner."""
    for vm in where.select(tower.world, "Vm", {"name": name, "cluster": {"id": cluster_id}}):
        if vm is not owner:
            tower.world.update(vm, name="%s-%s" % (name, vm.id[-8:]))
