"""Faults of whole bodies, with their paths."""

import pytest

from cloudtower import NULL, VmCreationParams, VmStartParams, VmWhereInput
from cloudtower._runtime import validate


def faults(body, type_name):
    return [(".".join(map(str, each.path)), each.kind) for each in validate.check(body, type_name)]


@pytest.mark.parametrize(
    "body",
    [
        {"where": {"id": "a"}},
        {"where": {"id": "a"}, "data": {"host_id": "h"}},
        {"where": {"id_in": ["a"], "AND": [{"host": {"name_contains": "x"}}], "vcpu": 1}},
        {"where": {"host": None, "OR": None, "name": None}},
        VmStartParams(where=VmWhereInput(id="a", host=NULL, name=None)),
        {"where": VmWhereInput(_and=(VmWhereInput(id="a"),))},
    ],
)
def test_body_without_fault(body):
    assert faults(body, "VmStartParams") == []


@pytest.mark.parametrize(
    "body, expected",
    [
        ({}, [("where", "missing")]),
        (VmStartParams(), [("where", "missing")]),
        ({"where": None}, [("where", "null")]),
        ({"where": {}, "data": None}, [("data", "null")]),
        ({"where": {}, "daat": 1}, [("daat", "unknown")]),
        ({"where": {}, "data": {}}, [("data.host_id", "missing")]),
        ({"where": {"naem": "x"}}, [("where.naem", "unknown")]),
        ({"where": {"AND": [{}, {"naem": "x"}]}}, [("where.AND.1.naem", "unknown")]),
        ({"where": {"vcpu": "2"}}, [("where.vcpu", "kind")]),
        ({"where": {"vcpu": True}}, [("where.vcpu", "kind")]),
        ({"where": {"name": 5}}, [("where.name", "kind")]),
        ({"where": {"protected": "false"}}, [("where.protected", "kind")]),
        ({"where": {"status": "RUNING"}}, [("where.status", "enum")]),
        ({"where": {"status_in": ["RUNNING", "X"]}}, [("where.status_in.1", "enum")]),
        ({"where": {"AND": {}}}, [("where.AND", "kind")]),
        ({"where": {"host": "h"}}, [("where.host", "kind")]),
        ({"where": []}, [("where", "kind")]),
        ([], [("", "kind")]),
        ("x", [("", "kind")]),
    ],
)
def test_fault_of_a_body(body, expected):
    assert faults(body, "VmStartParams") == expected


def test_faults_of_lists_have_the_index():
    body = [{"where": {}}, {}, None]
    assert faults(body, "list[VmStartParams]") == [("1.where", "missing"), ("2", "kind")]
    assert faults({}, "list[VmStartParams]") == [("", "kind")]


def test_limits_are_held_against_values_of_the_right_kind():
    assert faults({"name": ""}, "RoleUpdationParamsData") == [("name", "limit")]
    assert faults({"name": "x"}, "RoleUpdationParamsData") == []
    data = {"vlan_id": 4096}
    assert ("vlan_id", "limit") in faults(data, "ManagementVlanUpdationParamsData")
    assert ("vlan_id", "kind") in faults({"vlan_id": "1"}, "ManagementVlanUpdationParamsData")
    assert ("type", "limit") in faults({"type": "middle"}, "GetTopNMetricInput")


def test_messages_help():
    (found,) = validate.check({"where": {"naem": "x"}}, "VmStartParams")
    assert "did you mean 'name'" in found.message and found.path == ("where", "naem")
    (found,) = validate.check({"where": {"status": "X"}}, "VmStartParams")
    assert "RUNNING" in found.message
    (found,) = validate.check({"where": {"zzzzzzzzz": 1}}, "VmStartParams")
    assert found.message.startswith("is unknown; known names: AND, NOT, OR, ")


def test_paths_may_start_inside_of_something():
    (found,) = validate.check({"naem": 1}, "VmWhereInput", ("body", 0))
    assert found.path == ("body", 0, "naem")


def test_every_sample_of_required_fields_is_missed():
    given = VmCreationParams(name="x")
    missing = [path for path, kind in faults(given, "VmCreationParams") if kind == "missing"]
    required = [each.json for each in VmCreationParams.__schema__.fields if each.required]
    assert missing == [name for name in required if name != "name"] and len(missing) > 5
