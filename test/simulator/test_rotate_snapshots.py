"""rotate_snapshots."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from cloudtower import ApiException, ApiTypeError, TaskException, VmApi, VmSnapshot, VmSnapshotApi
from cloudtower.utils import call_and_wait, rotate_snapshots


@pytest.fixture
def two(client):
    """Two VMs of one cluster."""
    found = VmApi(client).get_vms({"where": {"status": "RUNNING", "in_recycle_bin": False}})
    return [vm for vm in found if vm.cluster.id == found[0].cluster.id][:2]


def take(client, vm, name):
    body = {"data": [{"vm_id": vm.id, "name": name}]}
    (taken,) = call_and_wait(VmSnapshotApi(client).create_vm_snapshot, body)
    return taken


def names(client, vm):
    found = VmSnapshotApi(client).get_vm_snapshots({"where": {"vm": {"id": vm.id}}})
    return sorted(each.name for each in found)


def test_the_last_few_remain(client, two):
    vm, other = two
    before = set(names(client, vm) + names(client, other))
    for day in range(1, 5):
        take(client, vm, "nightly-2024010%dT000000Z" % day)
    kept = ["nightly-db-20240101T000000Z", "Nightly-20240101T000000Z", "nightly-20240101"]
    kept += ["my-nightly-20240101T000000Z", "nightly-20240101T000000Z-2", "nightly"]
    for name in kept:
        take(client, vm, name)
    take(client, other, "nightly-20230101T000000Z")
    taken, deleted = rotate_snapshots(client, vm, "nightly", keep=3)
    assert isinstance(taken, VmSnapshot) and re.match(r"nightly-\d{8}T\d{6}Z$", taken.name)
    assert taken.vm.id == vm.id and taken.entity_async_status is None
    assert sorted(each.name for each in deleted) == [
        "nightly-20240101T000000Z",
        "nightly-20240102T000000Z",
    ]
    left = set(names(client, vm)) - before
    assert left == set(kept) | {
        taken.name,
        "nightly-20240103T000000Z",
        "nightly-20240104T000000Z",
    }
    assert "nightly-20230101T000000Z" in names(client, other)


def test_by_id_and_one_alone(client, two):
    first, _ = rotate_snapshots(client, two[0].id, "hourly", keep=1)
    second, deleted = rotate_snapshots(client, two[0].id, "hourly", keep=1)
    assert [each.id for each in deleted] == [first.id] and second.name != first.name
    assert [name for name in names(client, two[0]) if "hourly" in name] == [second.name]


def test_two_vms_in_one_second(client, two):
    """A name is unique within a cluster."""
    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(lambda vm: rotate_snapshots(client, vm, "daily", 2), two))
    assert [taken.vm.id for taken, _ in results] == [vm.id for vm in two]


def test_a_clock_that_went_back(client, two):
    """What has just been taken remains, whatever its name says."""
    take(client, two[0], "odd-20990101T000000Z")
    taken, deleted = rotate_snapshots(client, two[0], "odd", keep=1)
    assert [each.name for each in deleted] == ["odd-20990101T000000Z"]
    assert taken.name in names(client, two[0])


@pytest.mark.parametrize(
    "kind, options",
    [
        ("reset", {"when": "after"}),
        ("reset", {"when": "before"}),
        ("truncated", {}),
        ("error", {"status": 500}),
        ("error", {"status": 403}),
        ("task_fails", {}),
    ],
)
def test_nothing_is_deleted_without_a_new_one(client, two, simulator, kind, options):
    take(client, two[0], "safe-20240101T000000Z")
    simulator.faults.add(kind, operation="create-vm-snapshot", **options)
    with pytest.raises(ApiException):
        rotate_snapshots(client, two[0], "safe", keep=1)
    simulator.faults.clear()
    found = [name for name in names(client, two[0]) if name.startswith("safe-")]
    assert "safe-20240101T000000Z" in found and len(found) <= 2


def test_the_deletion_fails(client, two, simulator):
    take(client, two[0], "kept-20240101T000000Z")
    simulator.faults.add("task_fails", operation="delete-vm-snapshot")
    with pytest.raises(TaskException):
        rotate_snapshots(client, two[0], "kept", keep=1)
    simulator.faults.clear()
    _, deleted = rotate_snapshots(client, two[0], "kept", keep=1)
    assert len(deleted) == 2


def test_consistent_with_file_systems(client, two):
    (vm,) = VmApi(client).get_vms({"where": {"vm_tools_status": "RUNNING"}, "first": 1})
    taken, _ = rotate_snapshots(client, vm, "fs", 1, consistent_type="FILE_SYSTEM_CONSISTENT")
    assert taken.consistent_type == "FILE_SYSTEM_CONSISTENT"


def test_mistakes(client, two):
    for arguments in (
        (two[0], "a", 0),
        (two[0], "a", True),
        (two[0], "a", "3"),
        (two[0], "", 3),
        (two[0], None, 3),
        (None, "a", 3),
        ("", "a", 3),
        ({"id": "a"}, "a", 3),
    ):
        with pytest.raises(ApiTypeError):
            rotate_snapshots(client, *arguments)
    assert names(client, two[0]) == names(client, two[0])
