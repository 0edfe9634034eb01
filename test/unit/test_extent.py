"""The truth table of filters: what matches everything, nothing, or some."""

import json

import pytest

import cloudtower
from cloudtower import ClusterImageWhereInput, NULL, VmWhereInput
from cloudtower._runtime import codec
from cloudtower._runtime.extent import EVERYTHING, NOTHING, SOMETHING, extent

# Of a VM: `id`, `name`, `vcpu`, `status`, `protected` and `vm_disks` are always there;
# `local_created_at`, `memory_usage`, `host` and `entityAsyncStatus` may be null.
ALL = {}
NONE = {"id_in": []}
SOME = {"name": "x"}

TABLE = [
    # nothing given
    (None, EVERYTHING),
    ({}, EVERYTHING),
    # f: v
    ({"name": "x"}, SOMETHING),
    ({"name": ""}, SOMETHING),
    ({"vcpu": 0}, SOMETHING),
    ({"protected": False}, SOMETHING),
    # f: null is IS NULL
    ({"name": None}, NOTHING),
    ({"vcpu": None}, NOTHING),
    ({"status": None}, NOTHING),
    ({"local_created_at": None}, SOMETHING),
    ({"memory_usage": None}, SOMETHING),
    ({"entityAsyncStatus": None}, SOMETHING),
    # f_not: null is IS NOT NULL
    ({"name_not": None}, EVERYTHING),
    ({"vcpu_not": None}, EVERYTHING),
    ({"status_not": None}, EVERYTHING),
    ({"protected_not": None}, EVERYTHING),
    ({"local_created_at_not": None}, SOMETHING),
    ({"entityAsyncStatus_not": None}, SOMETHING),
    # f_not: v leaves out null rows
    ({"name_not": "x"}, SOMETHING),
    ({"name_not": ""}, SOMETHING),
    # f_in
    ({"id_in": []}, NOTHING),
    ({"id_in": ["a"]}, SOMETHING),
    ({"memory_usage_in": []}, NOTHING),
    ({"local_created_at_in": None}, SOMETHING),
    ({"id_in": None}, NOTHING),
    ({"NOT": [{"id_in": None}]}, EVERYTHING),
    # f_not_in
    ({"id_not_in": []}, EVERYTHING),
    ({"local_created_at_not_in": []}, EVERYTHING),
    ({"status_not_in": []}, EVERYTHING),
    ({"id_not_in": ["a"]}, SOMETHING),
    ({"id_not_in": None}, EVERYTHING),
    ({"local_created_at_not_in": None}, SOMETHING),
    # no object has an empty id: a look-up found nothing, or a loop over pages begins
    ({"id": ""}, NOTHING),
    ({"id_in": [""]}, NOTHING),
    ({"id_in": ["", "a"]}, SOMETHING),
    ({"id_not": ""}, EVERYTHING),
    ({"id_not_in": [""]}, EVERYTHING),
    ({"id_not_in": ["", "a"]}, SOMETHING),
    ({"id_gt": ""}, EVERYTHING),
    ({"id_gte": ""}, EVERYTHING),
    ({"id_lt": ""}, NOTHING),
    ({"id_gt": "a"}, SOMETHING),
    ({"NOT": [{"id": ""}]}, EVERYTHING),
    ({"NOT": [{"id_in": [""]}]}, EVERYTHING),
    ({"NOT": [{"id_lt": ""}]}, EVERYTHING),
    ({"name": ""}, SOMETHING),
    ({"name_gte": ""}, EVERYTHING),
    ({"name_gt": ""}, SOMETHING),
    ({"description_gt": ""}, SOMETHING),
    ({"name_lt": ""}, NOTHING),
    # parts of texts
    ({"name_contains": ""}, EVERYTHING),
    ({"name_starts_with": ""}, EVERYTHING),
    ({"name_ends_with": ""}, EVERYTHING),
    ({"name_contains": "x"}, SOMETHING),
    ({"name_starts_with": "%"}, SOMETHING),
    ({"name_not_contains": ""}, NOTHING),
    ({"name_not_starts_with": ""}, NOTHING),
    ({"name_not_ends_with": ""}, NOTHING),
    ({"name_not_contains": "x"}, SOMETHING),
    # a part that is null says nothing
    ({"name_contains": None}, EVERYTHING),
    ({"name_ends_with": None}, EVERYTHING),
    ({"name_not_contains": None}, EVERYTHING),
    ({"NOT": [{"name_not_starts_with": None}]}, EVERYTHING),
    # comparisons
    ({"vcpu_gt": 0}, SOMETHING),
    ({"vcpu_gte": 0}, SOMETHING),
    ({"vcpu_lt": None}, NOTHING),
    ({"vcpu_lte": None}, NOTHING),
    ({"vcpu_gt": None}, NOTHING),
    ({"local_created_at_gte": None}, NOTHING),
    # logic: empty, and of what matches everything
    ({"AND": []}, EVERYTHING),
    ({"NOT": []}, EVERYTHING),
    ({"OR": []}, NOTHING),
    ({"AND": None}, EVERYTHING),
    ({"OR": None}, EVERYTHING),
    ({"NOT": None}, EVERYTHING),
    ({"AND": [ALL]}, EVERYTHING),
    ({"NOT": [ALL]}, EVERYTHING),
    ({"NOT": [ALL, ALL]}, EVERYTHING),
    ({"AND": [{"AND": [{"AND": []}]}]}, EVERYTHING),
    ({"AND": [{"NOT": [{}]}, {"name_contains": ""}]}, EVERYTHING),
    ({"OR": [{"AND": []}]}, EVERYTHING),
    # conjunction
    ({"AND": [SOME]}, SOMETHING),
    ({"AND": [ALL, SOME]}, SOMETHING),
    ({"AND": [SOME, NONE]}, NOTHING),
    ({"AND": [ALL, NONE]}, NOTHING),
    ({"name_contains": "", "vcpu_not": None}, EVERYTHING),
    ({"name_contains": "", "vcpu": 1}, SOMETHING),
    ({"id_not_in": [], "id_in": []}, NOTHING),
    # disjunction
    ({"OR": [SOME]}, SOMETHING),
    ({"OR": [SOME, ALL]}, EVERYTHING),
    ({"OR": [SOME, NONE]}, SOMETHING),
    ({"OR": [NONE, NONE]}, NOTHING),
    ({"OR": [SOME, {"name_contains": ""}]}, EVERYTHING),
    ({"OR": [SOME, {"NOT": []}]}, EVERYTHING),
    # negation: neither
    ({"NOT": [SOME]}, SOMETHING),
    ({"NOT": [NONE]}, EVERYTHING),
    ({"NOT": [NONE, NONE]}, EVERYTHING),
    ({"NOT": [NONE, SOME]}, SOMETHING),
    ({"NOT": [ALL, SOME]}, SOMETHING),
    ({"NOT": [{"OR": []}]}, EVERYTHING),
    ({"NOT": [{"name": None}]}, EVERYTHING),
    ({"NOT": [{"name_not_contains": ""}]}, EVERYTHING),
    ({"NOT": [{"local_created_at": None}]}, SOMETHING),
    ({"NOT": [{"NOT": [SOME]}]}, SOMETHING),
    ({"NOT": [{"NOT": [{"id_in": []}]}]}, EVERYTHING),
    ({"OR": [{"NOT": [{"OR": []}]}, SOME]}, EVERYTHING),
    ({"AND": [{"NOT": [{"AND": [SOME, NONE]}]}]}, EVERYTHING),
    # a single object stands for a list of one
    ({"AND": {}}, EVERYTHING),
    ({"NOT": {}}, EVERYTHING),
    ({"OR": {}}, EVERYTHING),
    ({"NOT": SOME}, SOMETHING),
    ({"NOT": NONE}, EVERYTHING),
    # a relation to one
    ({"host": SOME}, SOMETHING),
    ({"host": {}}, SOMETHING),
    ({"host": None}, SOMETHING),
    ({"host": NONE}, NOTHING),
    ({"host": {"name_contains": ""}}, SOMETHING),
    ({"cluster": {}}, SOMETHING),
    ({"NOT": [{"host": None}]}, SOMETHING),
    ({"NOT": [{"host": NONE}]}, EVERYTHING),
    ({"host": {"vms_some": SOME}}, SOMETHING),
    # a relation to many
    ({"vm_disks_some": {}}, SOMETHING),
    ({"vm_disks_some": {"id": "a"}}, SOMETHING),
    ({"vm_disks_some": NONE}, NOTHING),
    ({"vm_disks_none": {}}, SOMETHING),
    ({"vm_disks_none": {"id": "a"}}, SOMETHING),
    ({"vm_disks_none": NONE}, EVERYTHING),
    ({"vm_disks_none": {"OR": []}}, EVERYTHING),
    ({"vm_disks_none": {"id_in": None}}, EVERYTHING),
    ({"vm_disks_every": {}}, EVERYTHING),
    ({"vm_disks_every": {"id_not_in": []}}, EVERYTHING),
    ({"vm_disks_every": {"vm_volume": {}}}, SOMETHING),
    ({"vm_disks_every": {"id": "a"}}, SOMETHING),
    ({"vm_disks_every": NONE}, SOMETHING),
    ({"NOT": [{"vm_disks_some": NONE}]}, EVERYTHING),
    ({"vm_disks_every": {"NOT": [{"id_in": []}]}}, EVERYTHING),
    ({"vm_disks_none": {"vm_volume": {"vm_disks_some": NONE}}}, EVERYTHING),
    # null in the place of many is an error on the server, and says nothing here
    ({"vm_disks_some": None}, EVERYTHING),
    ({"vm_disks_every": None}, EVERYTHING),
    ({"vm_disks_none": None}, EVERYTHING),
    ({"vm_disks_none": None, "id": "x"}, SOMETHING),
    # what no filter has selects: it is refused elsewhere
    ({"naem": "x"}, SOMETHING),
    ({"naem": None}, SOMETHING),
    ("x", SOMETHING),
    ([], SOMETHING),
    ({"AND": "x"}, SOMETHING),
]


@pytest.mark.parametrize("where, expected", TABLE)
def test_truth_table(where, expected):
    assert extent(VmWhereInput, where) is expected


@pytest.mark.parametrize(
    "where, expected",
    [
        (VmWhereInput(), EVERYTHING),
        (VmWhereInput(id=None), EVERYTHING),
        (VmWhereInput(id=None, name=None, host=None), EVERYTHING),
        (VmWhereInput(host=NULL), SOMETHING),
        (VmWhereInput(name=NULL), NOTHING),
        (VmWhereInput(name_not=NULL), EVERYTHING),
        (VmWhereInput(local_created_at_not=NULL), SOMETHING),
        (VmWhereInput(_and=NULL), EVERYTHING),
        (VmWhereInput(_and=[VmWhereInput(id=None)]), EVERYTHING),
        (VmWhereInput(_not=[VmWhereInput(id=None)]), EVERYTHING),
        (VmWhereInput(_or=[]), NOTHING),
        (VmWhereInput(_or=[VmWhereInput(id="a"), VmWhereInput(id=None)]), EVERYTHING),
        (VmWhereInput(_or=[VmWhereInput(id="a"), {"name": "x"}]), SOMETHING),
        (VmWhereInput(id="a"), SOMETHING),
        (VmWhereInput(id_not_in=[]), EVERYTHING),
        ({"AND": [VmWhereInput(), {}]}, EVERYTHING),
        ({"AND": (VmWhereInput(), {})}, EVERYTHING),
        ({"AND": NULL}, EVERYTHING),
        ({"AND": [NULL], "id_not": NULL}, EVERYTHING),
    ],
)
def test_models_do_not_send_none(where, expected):
    assert extent(VmWhereInput, json.loads(codec.dumps(where))) is expected


def test_a_field_that_no_family_explains_selects():
    assert extent(ClusterImageWhereInput, {"version_semantic_gt": "1"}) is SOMETHING
    assert extent(ClusterImageWhereInput, {"version_semantic_gt": None}) is EVERYTHING


@pytest.mark.parametrize("depth", [1, 5, 50])
def test_depth(depth):
    where = {}
    for _ in range(depth):
        where = {"AND": [{"NOT": [where]}]}
    assert extent(VmWhereInput, where) is EVERYTHING
    where = {"name": "x"}
    for _ in range(depth):
        where = {"AND": [{"NOT": [where]}]}
    assert extent(VmWhereInput, where) is SOMETHING


def test_every_filter_is_judged():
    """Also one whose class is written in another form."""
    wrong = []
    for name in cloudtower.models.catalog.homes:
        if name.endswith("WhereInput"):
            where = getattr(cloudtower, name)
            for name_in_json in where.attribute_map.values():
                if (
                    name_in_json.endswith("_not_in")
                    and extent(where, {name_in_json: []}) is not EVERYTHING
                ):
                    wrong.append((name, name_in_json))
    assert wrong == []


# ---- relations that say nothing of the other end --------------------------------

SILENT = [
    {},
    {"name_contains": ""},
    {"AND": []},
    {"NOT": [{}]},
    {"id_not": None},
    {"id_not_in": []},
]


def places(where):
    found = []
    extent(VmWhereInput, where, ("where",), found)
    return [(".".join(map(str, each.path[1:])), each.kind) for each in found]


@pytest.mark.parametrize("inner", SILENT)
@pytest.mark.parametrize("name", ["cluster", "snapshots_some"])
def test_a_relation_that_says_nothing(name, inner):
    assert places({name: inner}) == [(name, "relation")]
    assert places({name: inner, "id": "x"}) == [(name, "relation")]
    for logic in ("AND", "OR", "NOT"):
        assert places({logic: [{"id": "x"}, {name: inner}]}) == [
            ("%s.1.%s" % (logic, name), "relation")
        ]
        assert places({logic: {name: inner}}) == [("%s.%s" % (logic, name), "relation")]
    for outer in ("host", "host.vms_some", "host.vms_none", "host.vms_every"):
        where = {name: inner}
        for step in reversed(outer.split(".")):
            if step == "host" and outer == "host":
                where = {"vms_some": where}
            where = {step: where}
        (place,) = places(where)
        assert place[1] == "relation" and place[0].endswith(name)


@pytest.mark.parametrize("inner", SILENT)
def test_has_none_is_a_filter_and_every_is_not(inner):
    assert places({"snapshots_none": inner}) == []
    assert places({"snapshots_every": inner, "id": "x"}) == []
    assert extent(VmWhereInput, {"snapshots_every": inner}) is EVERYTHING


@pytest.mark.parametrize(
    "where",
    [
        {"cluster": None},
        {"NOT": [{"cluster": None}]},
        {"cluster": {"id": "x"}},
        {"cluster": {"OR": []}},
        {"vm_disks_some": {"id_in": []}},
        {"cluster": {"vms_none": {}}},
        {"cluster": {"NOT": [{"datacenters_some": {"id": "x"}}]}},
    ],
)
def test_a_relation_that_says_something(where):
    assert places(where) == [] and extent(VmWhereInput, where) is not EVERYTHING


def test_the_innermost_relation_is_named():
    assert places({"cluster": {"vms_some": {"host": {}}}}) == [
        ("cluster.vms_some.host", "relation")
    ]


def test_what_always_has_one_is_not_told_to_say_so():
    found = []
    assert extent(cloudtower.VmNicWhereInput, {"vm": {}}, ("where",), found) is EVERYTHING
    assert [each.kind for each in found] == ["relation"] and "NOT" not in found[0].message
    assert extent(cloudtower.VmNicWhereInput, {"NOT": [{"vm": None}]}) is EVERYTHING


@pytest.mark.parametrize("value", ["x", 5, [], [{}], True])
def test_what_is_no_filter_where_one_belongs(value):
    assert places({"cluster": value}) == [("cluster", "kind")]
    assert places({"vm_disks_none": value}) == [("vm_disks_none", "kind")]
    if not isinstance(value, list):
        assert places({"AND": value}) == [("AND", "kind")]
    assert places({"OR": [{"id": "x"}, value]}) == [("OR.1", "kind")]


@pytest.mark.parametrize("step", ["AND", "NOT", "OR", "host"])
def test_how_deep_filters_may_stand_in_each_other(step):
    def nested(depth):
        where = {"id": "x"}
        for index in range(depth):
            if step == "host":
                where = {"host" if (depth - index) % 2 else "vms_some": where}
            else:
                where = {step: [where]}
        return where

    assert places(nested(100)) == []
    assert [kind for _, kind in places(nested(101))] == ["depth"]
    assert [kind for _, kind in places(nested(300))] == ["depth"]
