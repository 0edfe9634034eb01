"""Which failing tests are skipped after a release: those that speak of what it took away."""

import interface_changes
import pytest

OF = {"kind": "removed", "breaking": True, "text": "", "resource": "Disk"}


def why(monkeypatch, failure, functions=(), **change):
    change = dict(OF, subject=change["names"][0], **change)
    monkeypatch.setattr(interface_changes, "CHANGES", [("5.0.0", change)])
    return interface_changes.why_skipped(functions, None, failure)


@pytest.mark.parametrize(
    "name, speaks, is_silent",
    [
        ("DiskApi.get_disks", "api.post('/get-disks')", "api.post('/get-disks-connection')"),
        ("Disk", "from cloudtower import Disk", "from cloudtower import DiskPool"),
        ("Disk.mounted", "/get-disks where mounted", "/get-users where mounted"),
        ("Disk.mounted", "Disk(mounted=True)", "Disk(size=1)"),
        ("Vm.entity_async_status", "Vm entityAsyncStatus", "Vm status"),
        ("VmStatus._2_UP", "/get-vms LEVEL_2_UP", "/get-vms UP"),
    ],
)
def test_a_name_counts_with_what_it_is_a_part_of(monkeypatch, name, speaks, is_silent):
    assert why(monkeypatch, speaks, names=[name]) == (
        "it speaks of %s, which CloudTower 5.0.0 has removed" % name
    )
    assert why(monkeypatch, is_silent, names=[name]) is None


def test_a_header_counts_by_its_name(monkeypatch):
    change = {"kind": "changed", "names": ["VmApi.get_vms"], "text": "has no header `x-trace`"}
    assert why(monkeypatch, "get_vms(x_trace=1)", **change).endswith(": has no header `x-trace`")
    assert why(monkeypatch, "get_vms()", **change) is None


def test_what_breaks_nothing_is_no_reason(monkeypatch):
    assert why(monkeypatch, "Disk", names=["Disk"], breaking=False) is None


DATA = {"mounted": True}


def _helper():
    return DATA


def _test():
    assert _helper() == "/get-disks"


def test_helpers_and_data_of_a_test_are_read(monkeypatch):
    assert why(monkeypatch, "", [_test], names=["Disk.mounted"]) is not None
    assert why(monkeypatch, "", [_helper], names=["Disk.mounted"]) is None


def test_without_a_release_nothing_is_skipped(monkeypatch):
    monkeypatch.setattr(interface_changes, "CHANGES", [])
    assert interface_changes.why_skipped([_test], None, "Disk mounted") is None
