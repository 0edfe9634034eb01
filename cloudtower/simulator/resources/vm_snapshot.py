"""Snapshots of VMs: taking and deleting."""

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import TaskFailure
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import snapshot_runs
from cloudtower.simulator.resources.vm import capture
from cloudtower.simulator.resources.vm.rules import require_tools, usable_vms


@refines("/create-vm-snapshot")
def create_vm_snapshot(step):
    """Keeps settings, disks and NICs of a VM as they are now."""
    world, vm, name = step.world, step.named("vm"), step.values["name"]
    usable_vms(step.call, vms=[vm])
    if step.values.get("consistent_type") == "FILE_SYSTEM_CONSISTENT":
        require_tools([vm])
    step.values.update(capture.settings_of(vm), cluster=vm["cluster"])
    english = "Creates a snapshot %s for VM %s" % (name, vm["name"])
    step.text = Text(english, "创建虚拟机 %s 的快照 %s" % (vm["name"], name))

    @step.later
    def freeze():
        if vm not in world:
            raise TaskFailure("VM_NOT_FOUND", "the VM is gone", "CREATE_VM_SNAPSHOT_FAILED")
        world.update(step.record, **content_of(step.call.tower, vm))


def content_of(tower, vm, with_shared=True):
    """The values of a snapshot of a VM that only the moment of taking it can give."""
    vm_disks = capture.capture_disks(tower, vm, with_shared)
    vm_nics = capture.capture_nics(tower.world, vm)
    guest = capture.capture_guest(tower.world, vm)
    return dict(vm_nics, guest=guest, size=vm["used_size"] or 0, vm_disks=vm_disks)


def take_snapshot(tower, vm, name, **values):
    """Take a snapshot of a VM at once, without the volumes that it shares. Returns its record."""
    values.update(capture.settings_of(vm), **content_of(tower, vm, with_shared=False))
    values.update(local_created_at=tower.tasks.now(), local_id=tower.world.ids.uuid())
    cluster = tower.world.one(vm, "cluster")
    return tower.world.add("VmSnapshot", cluster=cluster, name=name, vm=vm, **values)


@refines("/delete-vm-snapshot")
def delete_vm_snapshot(step):
    """Deletes a snapshot, and with it what only it holds."""
    step.later(lambda: remove_snapshot(step.world, step.record))


def remove_snapshot(world, snapshot):
    """Delete a snapshot with the LUN snapshots that it is made of."""
    names = {disk["snapshot_local_id"] for disk in snapshot["vm_disks"]}
    group = world.one(snapshot, "snapshot_group")
    world.remove(snapshot)
    if group is not None:
        snapshot_runs.measure_group(world, group)
    lun_snapshots = [found for found in world.all("IscsiLunSnapshot") if found["name"] in names]
    for lun_snapshot in lun_snapshots:
        world.remove(lun_snapshot)
