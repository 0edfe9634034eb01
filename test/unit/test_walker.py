"""Faults of bodies and of the filters in them, with their paths."""

import subprocess
import sys

import pytest

import cloudtower
from cloudtower import (
    NULL,
    VmCreationParams,
    VmRemoveNicByWhereParams,
    VmStartParams,
    VmStartParamsData,
    VmWhereInput,
)
from cloudtower._runtime import datatypes, walker


def faults(body, type_name):
    return [(".".join(map(str, each.path)), each.kind) for each in walker.check(body, type_name)]


def filter_faults(body, type_name):
    found = walker.check_filters(body, type_name)
    return [(".".join(map(str, each.path)), each.kind) for each in found]


# ---- whole bodies --------------------------------------------------------


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
    (found,) = walker.check({"where": {"naem": "x"}}, "VmStartParams")
    assert "did you mean 'name'" in found.message and found.path == ("where", "naem")
    (found,) = walker.check({"where": {"status": "X"}}, "VmStartParams")
    assert "RUNNING" in found.message
    (found,) = walker.check({"where": {"zzzzzzzzz": 1}}, "VmStartParams")
    assert found.message == "is unknown"


def test_paths_may_start_inside_of_something():
    (found,) = walker.check({"naem": 1}, "VmWhereInput", ("body", 0))
    assert found.path == ("body", 0, "naem")


def test_every_sample_of_required_fields_is_missed():
    given = VmCreationParams(name="x")
    missing = [path for path, kind in faults(given, "VmCreationParams") if kind == "missing"]
    required = [each.json for each in VmCreationParams.__schema__.fields if each.required]
    assert missing == [name for name in required if name != "name"] and len(missing) > 5


# ---- filters only --------------------------------------------------------


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"where": {"id": "a"}}, []),
        ({"where": {"id_in": []}}, []),
        ({"where": {"OR": []}}, []),
        ({"where": {"id": 5}, "daat": 1, "data": "x"}, []),
        ({}, [("where", "missing")]),
        ({"where": {}}, [("where", "everything")]),
        ({"where": None}, [("where", "everything")]),
        ({"where": {"naem": "x"}}, [("where.naem", "unknown")]),
        ({"where": {"name": "x", "AND": [{"naem": "x"}]}}, [("where.AND.0.naem", "unknown")]),
        ({"where": {"NOT": {"naem": "x"}}}, [("where.NOT.naem", "unknown")]),
        ({"where": {"host": {"naem": "x"}}}, [("where.host.naem", "unknown")]),
        ({"where": {"vm_disks_some": {"i": "x"}}}, [("where.vm_disks_some.i", "unknown")]),
        (
            {"where": {"host": {"AND": [{"vms_none": {"OR": [{"x": 1}]}}]}}},
            [("where.host.AND.0.vms_none.OR.0.x", "unknown")],
        ),
        (
            {"where": {"order_by": "x", "nam": 1}},
            [("where.nam", "unknown"), ("where.order_by", "unknown")],
        ),
        ({"where": "x"}, [("where", "kind")]),
        ({"where": ["x"]}, [("where", "kind")]),
        (VmStartParams(), [("where", "missing")]),
        (VmStartParams(where=VmWhereInput(id=None)), [("where", "everything")]),
        (VmStartParams(where=VmWhereInput(id="a")), []),
        (VmStartParams(where={"naem": 1}), [("where.naem", "unknown")]),
        ({"where": VmWhereInput(id=None), "data": VmStartParamsData()}, [("where", "everything")]),
        (5, []),
    ],
)
def test_filters(body, expected):
    assert sorted(filter_faults(body, "VmStartParams")) == sorted(expected)


def test_a_unique_filter_is_no_filter_of_many():
    assert filter_faults({"vm": {}}, "GetVmVncInfoParams") == []
    assert not datatypes.parse("VmWhereUniqueInput").is_filter
    assert not datatypes.parse("list[VmWhereInput]").is_filter
    assert datatypes.parse("VmWhereInput").is_filter


@pytest.mark.parametrize(
    "body, expected",
    [
        ([{"clusters": {"id": "c"}}], []),
        ([{}], []),
        ([{"clusters": {"id": "c"}}, {"clusters": {}}], [("1.clusters", "everything")]),
        ([{"clusters": {"idd": "c"}}], [("0.clusters.idd", "unknown")]),
        ({"clusters": {}}, [("clusters", "everything")]),
        (({"clusters": {}},), [("0.clusters", "everything")]),
        ([None], []),
    ],
)
def test_filters_in_lists(body, expected):
    assert [each for each in filter_faults(body, "list[DatacenterCreationParams]")] == expected


def test_filters_deep_in_a_body():
    body = {"where": {"id": "a"}, "effect": {"vm_ids": ["v"]}}
    assert filter_faults(body, "VmRemoveNicByWhereParams") == []
    made = VmRemoveNicByWhereParams(where={"naem": 1})
    assert filter_faults(made, "VmRemoveNicByWhereParams") == [("where.naem", "unknown")]


@pytest.mark.parametrize("type_name", ["str", "list[str]", "VmStatus", "LoginInput", "object"])
def test_where_no_filter_can_stand_nothing_is_looked_at(type_name):
    assert not walker.leads_to_filter(datatypes.parse(type_name))
    assert filter_faults({"where": {}}, type_name) == []


def test_which_types_lead_to_a_filter():
    """The answer of every type, against the plain search for one."""
    homes = cloudtower.models.catalog.homes

    def item(kind):
        while kind.item is not None:
            kind = kind.item
        return kind.name

    edges = {}
    for name in homes:
        fields = getattr(cloudtower, name).__schema__.fields
        edges[name] = set(item(each.type) for each in fields).intersection(homes)

    def leads(name):
        waiting, seen = [name], set()
        while waiting:
            each = waiting.pop()
            if each.endswith("WhereInput"):
                return True
            if each not in seen:
                seen.add(each)
                waiting.extend(edges[each])
        return False

    wrong = [
        name for name in homes if walker.leads_to_filter(datatypes.parse(name)) is not leads(name)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "body",
    [
        lambda once: once([{"clusters": {"id": "c"}}]),
        lambda once: [{"clusters": {"AND": once([])}}],
        lambda once: [{"clusters": {"AND": [{"id_not_in": once([])}]}}],
        lambda once: [{"clusters": {"hosts_some": {"name_in": once("x")}}}],
    ],
)
@pytest.mark.parametrize(
    "once", [iter, lambda values: (each for each in values)], ids=["iterator", "generator"]
)
def test_what_can_be_read_once_is_not_judged(body, once):
    with pytest.raises(walker.Unsettled):
        filter_faults(body(once), "list[DatacenterCreationParams]")


def test_threads_that_ask_at_once_which_types_lead_to_a_filter():
    """A wrong answer here lets a mutation through unchecked."""
    code = """
import sys, threading
if hasattr(sys, "setswitchinterval"):
    sys.setswitchinterval(1e-6)
else:
    sys.setcheckinterval(1)
import cloudtower
from cloudtower._runtime import datatypes, walker
kinds = [datatypes.parse(name) for name in cloudtower.models.catalog.homes]
for kind in kinds:
    kind.target.__schema__
wrong = []
def ask(start, found):
    start.wait()
    found.append([walker.leads_to_filter(kind) for kind in kinds])
for _ in range(20):
    walker._leads.clear()
    start, found = threading.Event(), []
    threads = [threading.Thread(target=ask, args=(start, found)) for _ in range(6)]
    for each in threads: each.start()
    start.set()
    for each in threads: each.join()
    right = [walker.leads_to_filter(kind) for kind in kinds]
    wrong += [answers for answers in found if answers != right]
print(len(wrong))
"""
    assert subprocess.check_output([sys.executable, "-c", code]).decode().strip() == "0"
