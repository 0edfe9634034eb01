"""Faults of the filters in a body, with their paths."""

import json
import subprocess
import sys

import pytest

import cloudtower
from cloudtower import VmRemoveNicByWhereParams, VmStartParams, VmStartParamsData, VmWhereInput
from cloudtower._runtime import codec, datatypes, guard


def filter_faults(body, type_name):
    found = guard.faults(json.loads(codec.dumps(body)), datatypes.parse(type_name))
    return [(".".join(map(str, each.path)), each.kind) for each in found]


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"where": {"id": "a"}}, []),
        ({"where": {"id_in": []}}, []),
        ({"where": {"OR": []}}, []),
        ({"where": {"id": 5}, "daat": 1, "data": "x"}, [("daat", "unknown")]),
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
        (5, [("where", "missing")]),
        (None, [("where", "missing")]),
        ("text", [("where", "missing")]),
        ([], [("where", "missing")]),
        ([None], [("0.where", "missing")]),
        ([[]], [("0.where", "missing")]),
        ([{"where": {"id": "a"}}], []),
        ([{"where": {}}], [("0.where", "everything")]),
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
def test_where_no_filter_can_stand_only_names_are_looked_at(type_name):
    assert not guard.leads_to_filter(datatypes.parse(type_name))
    found = filter_faults({"where": {}}, type_name)
    assert found == ([("where", "unknown")] if type_name == "LoginInput" else [])


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
        name for name in homes if guard.leads_to_filter(datatypes.parse(name)) is not leads(name)
    ]
    assert wrong == []


def test_threads_that_ask_at_once_which_types_lead_to_a_filter():
    """A wrong answer here lets a mutation through unchecked."""
    code = """
import sys, threading
if hasattr(sys, "setswitchinterval"):
    sys.setswitchinterval(1e-6)
else:
    sys.setcheckinterval(1)
import cloudtower
from cloudtower._runtime import datatypes, guard
kinds = [datatypes.parse(name) for name in cloudtower.models.catalog.homes]
for kind in kinds:
    kind.target.__schema__
wrong = []
def ask(start, found):
    start.wait()
    found.append([guard.leads_to_filter(kind) for kind in kinds])
for _ in range(20):
    guard._leads.clear()
    start, found = threading.Event(), []
    threads = [threading.Thread(target=ask, args=(start, found)) for _ in range(6)]
    for each in threads: each.start()
    start.set()
    for each in threads: each.join()
    right = [guard.leads_to_filter(kind) for kind in kinds]
    wrong += [answers for answers in found if answers != right]
print(len(wrong))
"""
    assert subprocess.check_output([sys.executable, "-c", code]).decode().strip() == "0"
