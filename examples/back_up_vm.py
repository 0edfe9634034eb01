"""A snapshot of a VM, and the LUN snapshots that a backup reads its disks from."""

from typing import List, Tuple

from common import GIB, connect, done, look, new_disk, temporary_vms

from cloudtower import (
    ApiClient,
    ConsistentType,
    IscsiLunSnapshot,
    IscsiLunSnapshotApi,
    VmSnapshot,
    VmSnapshotApi,
    VmToolsStatus,
)
from cloudtower.types import VmSnapshotCreationParamsDict


def back_up(client: ApiClient, vm_id: str, name: str) -> Tuple[VmSnapshot, List[IscsiLunSnapshot]]:
    """Returns (the snapshot, its LUN snapshots)."""
    snapshot_api = VmSnapshotApi(client)
    # The file systems are flushed where VMTools run in the VM.
    runs = look(client, vm_id).vm_tools_status == VmToolsStatus.RUNNING
    wanted = (
        ConsistentType.FILE_SYSTEM_CONSISTENT if runs else ConsistentType.CRASH_CONSISTENT
    )  # fmt: skip
    body: VmSnapshotCreationParamsDict = {
        "data": [{"vm_id": vm_id, "name": name, "consistent_type": wanted}]
    }
    (snapshot_id,) = done(client, snapshot_api.create_vm_snapshot(body))
    snapshot = snapshot_api.get_vm_snapshots({"where": {"id": snapshot_id}})[0]
    # A disk of type DISK names its LUN snapshot; a CD-ROM does not have one.
    disks = [each for each in snapshot.vm_disks or [] if each.type == "DISK"]
    names = [each.snapshot_local_id for each in disks if each.snapshot_local_id]
    luns = IscsiLunSnapshotApi(client).get_iscsi_lun_snapshots({"where": {"name_in": names}})
    return snapshot, luns


client = connect()
disk = {"mount_new_create_disks": [new_disk("example-backup-disk", 10 * GIB)]}
with temporary_vms(client, "example-backup", vm_disks=disk) as (vm_id,):
    snapshot, luns = back_up(client, vm_id, "example-snapshot")
    print("%s is kept in %d LUN snapshot" % (snapshot.name, len(luns)))
    assert len(luns) == 1
    done(client, VmSnapshotApi(client).delete_vm_snapshot({"where": {"id": snapshot.id}}))
client.close()
