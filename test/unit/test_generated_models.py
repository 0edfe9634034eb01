"""Filters, and models as they are generated: their fields, and who has what another one lacks."""

import subprocess
import sys

import interface_changes
import pytest

import cloudtower
from cloudtower import Host, VmRemoveNicByWhereParams, VmWhereInput
from cloudtower._runtime.model import Where


class ThingWhereInput(Where):
    __fields__ = (("createdAt", "time"), ("on", "bool"), ("size", "int64"), ("status", "VmStatus"))
    __plain_fields__ = (("odd_gt", "odd_gt", "str"),)


def test_a_filter_has_the_properties_of_its_families():
    compared = ["", "_gt", "_gte", "_in", "_lt", "_lte", "_not", "_not_in"]
    expected = {"_and": "list[ThingWhereInput]", "_or": "list[ThingWhereInput]"}
    expected["_not"] = "list[ThingWhereInput]"
    for suffix in compared:
        listed = "list[%s]" if suffix in ("_in", "_not_in") else "%s"
        expected["createdAt" + suffix] = listed % "str"
        expected["size" + suffix] = listed % "int"
    expected.update({"on": "bool", "on_not": "bool", "odd_gt": "str"})
    expected.update({"status": "VmStatus", "status_not": "VmStatus"})
    expected.update({"status_in": "list[VmStatus]", "status_not_in": "list[VmStatus]"})
    assert ThingWhereInput.openapi_types == expected
    assert ThingWhereInput.attribute_map["_and"] == "AND"
    assert list(ThingWhereInput.attribute_map.values()) == sorted(
        ThingWhereInput.attribute_map.values()
    )


def test_every_member_of_a_filter_may_be_null():
    assert all(each.nullable for each in ThingWhereInput.__schema__.fields)


@pytest.mark.parametrize(
    "field, operators",
    [
        ("name", 14),
        ("vcpu", 8),
        ("local_created_at", 8),
        ("status", 4),
        ("in_recycle_bin", 2),
    ],
)
def test_families_of_a_generated_filter(field, operators):
    found = [
        each
        for each in VmWhereInput.__schema__.fields
        if each.operand is not None and each.operand.base == field
    ]
    assert len(found) == operators


def test_relations_of_a_generated_filter():
    types = VmWhereInput.openapi_types
    assert types["host"] == "HostWhereInput" and "host_not" not in types
    for operator in ("every", "some", "none"):
        assert types["vm_disks_" + operator] == "VmDiskWhereInput"
    assert "vm_disks" not in types


def test_every_generated_class_builds_and_can_be_made():
    for name in cloudtower.models.catalog.homes:
        cls = getattr(cloudtower, name)
        made = cls()
        assert set(made.to_dict()) == set(cls.openapi_types) == set(cls.attribute_map), name
        assert set(made.to_dict(True)) == set(cls.attribute_map.values()), name


def test_other_models_of_a_resource():
    assert Host.openapi_types["vms"] == "list[NestedVm]"
    assert VmRemoveNicByWhereParams.openapi_types["where"] == "VmNicWhereInput"


@pytest.mark.parametrize(
    "model, name, hint",
    [
        ("NestedVmDisk", "bus", "; VmDisk has it: VmDiskApi.get_vm_disks"),
        ("NestedVm", "vcpu", "; Vm has it: VmApi.get_vms"),
        ("NestedCluster", "hosts", "; Cluster has it: ClusterApi.get_clusters"),
        ("NestedUsbDevice", "size", "; UsbDevice has it: UsbDeviceApi.get_usb_devices"),
        (
            "NestedBackupPlan",
            "backup_service",
            "; BackupPlan has it: BackupPlanApi.get_backup_plans",
        ),
        ("NestedVm", "naem", "; did you mean 'name'?"),
        ("NestedVm", "nothing_like_it", ""),
        ("NestedAggregateVm", "vcpu", ""),
        ("WithTaskVm", "name", "; Vm has it: .data.name"),
        ("WithTaskVm", "task_idd", "; did you mean 'task_id'?"),
        ("VmConnection", "count", "; NestedAggregateVm has it: .aggregate.count"),
        ("Vm", "naem", "; did you mean 'name'?"),
        ("VmDisk", "nothing_like_it", ""),
    ],
)
def test_an_attribute_that_another_model_has(model, name, hint):
    instance = getattr(cloudtower, model)()
    with pytest.raises(AttributeError) as caught:
        getattr(instance, name)
    assert str(caught.value) == "%r object has no attribute %r%s" % (model, name, hint)


def test_every_stub_of_a_resource_leads_to_an_operation():
    from cloudtower import api, models
    from cloudtower._lists import LISTS
    from cloudtower._runtime import owners

    stubs = [name for name in models.catalog.homes if name.startswith("Nested")]
    found = wanted = 0
    for stub in stubs:
        full = stub[len("Nested") :]
        if full not in models.catalog.homes or full not in LISTS:
            continue
        wanted += 1
        known = set(getattr(models, full).attribute_map)
        for name in sorted(known - set(getattr(models, stub).attribute_map))[:1]:
            hint = owners.find(getattr(models, stub), name)
            operation = hint.split("%s has it: %sApi." % (full, full))[1]
            assert hasattr(getattr(api, full + "Api"), operation)
            found += 1
    gone = [kinds for kinds in interface_changes.NAMES.values() if "removed" in kinds]
    assert found == wanted > 90 - len(gone)


def test_who_has_an_attribute_is_not_looked_for_before_it_is_asked():
    code = (
        "import sys; from cloudtower import NestedVmDisk\n"
        "try: NestedVmDisk().bus\n"
        "except AttributeError as error: pass\n"
        "assert not hasattr(NestedVmDisk(), 'bus')\n"
        "print([name for name in sys.modules if name in"
        " ('cloudtower.api.vm_disk_api', 'cloudtower.models.vm_disk', 'difflib')])"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"[]"
