"""Snapshots of VM volumes."""

from cloudtower.simulator.operations.members import picked
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared.volumes import remove_volume_snapshot
from cloudtower.simulator.resources.vm import capture

#: What a snapshot keeps of its volume.
_POLICY = ("", "_ec_k", "_ec_m", "_replica_num", "_stripe_num", "_thin_provision")
_KEPT = tuple("elf_storage_policy" + ending for ending in _POLICY) + ("resident_in_cache",)


@refines("/create-vm-volume-snapshot")
def create_vm_volume_snapshot(step):
    """Keeps the content of a volume as it is now."""
    world, volume = step.world, step.named("vm_volume")
    step.call.tower.tasks.require_free([volume])
    step.values.update(picked(volume, _KEPT), cluster=volume["cluster"])
    step.values.update(type="KVM_VOLUME_SNAPSHOT", volume_sharing=volume["sharing"])
    sizes = {"size": "used_size", "unique_size": "unique_size", "volume_size": "size"}
    step.values.update((name, float(volume[of] or 0)) for name, of in sizes.items())

    @step.later
    def freeze():
        if volume in world:
            name = capture.snapshot_lun(step.call.tower, volume)
            world.update(step.record, zbs_snapshot_uuid=name)


@refines("/delete-vm-volume-snapshot")
def delete_vm_volume_snapshot(step):
    """Deletes a snapshot of a volume."""
    step.later(lambda: remove_volume_snapshot(step.world, step.record))
