"""The truth table of filters: what matches everything, nothing, or some."""

import pytest

import cloudtower
from cloudtower import ClusterImageWhereInput, NULL, VmWhereInput
from cloudtower._runtime.tautology import (
    EVERYTHING,
    NOTHING,
    SOMETHING,
    extent,
    matches_everything,
)

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
    ({"id_in": ()}, NOTHING),
    ({"id_in": ["a"]}, SOMETHING),
    ({"memory_usage_in": []}, NOTHING),
    ({"local_created_at_in": None}, SOMETHING),
    ({"id_in": None}, NOTHING),
    ({"NOT": [{"id_in": None}]}, EVERYTHING),
    # f_not_in
    ({"id_not_in": []}, EVERYTHING),
    ({"id_not_in": ()}, EVERYTHING),
    ({"id_not_in": set()}, EVERYTHING),
    ({"local_created_at_not_in": []}, EVERYTHING),
    ({"status_not_in": []}, EVERYTHING),
    ({"id_not_in": ["a"]}, SOMETHING),
    ({"id_not_in": None}, EVERYTHING),
    ({"local_created_at_not_in": None}, SOMETHING),
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
    # comparisons
    ({"vcpu_gt": 0}, SOMETHING),
    ({"vcpu_gte": 0}, SOMETHING),
    ({"name_gte": ""}, SOMETHING),
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
    assert matches_everything(VmWhereInput, where) is (expected is EVERYTHING)


@pytest.mark.parametrize(
    "where",
    [
        {"id_not_in": set()},
        {"id_not_in": frozenset()},
        {"AND": set()},
        {"NOT": frozenset()},
        {"AND": {}, "NOT": ()},
    ],
)
def test_everything_that_is_sent_as_an_empty_list(where):
    assert extent(VmWhereInput, where) is EVERYTHING


@pytest.mark.skipif(isinstance(range(0), list), reason="a list on 2.7")
@pytest.mark.parametrize("name", ["AND", "NOT", "id_not_in"])
def test_an_empty_range_is_sent_as_an_empty_list(name):
    assert extent(VmWhereInput, {name: range(0)}) is EVERYTHING


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
    assert extent(VmWhereInput, where) is expected


def test_a_field_that_no_family_explains_selects():
    for where in ({"version_semantic_gt": "1"}, {"version_semantic_gt": None}):
        assert extent(ClusterImageWhereInput, where) is SOMETHING


@pytest.mark.parametrize("depth", [1, 5, 50])
def test_depth(depth):
    where = {}
    for _ in range(depth):
        where = {"AND": [{"NOT": [where]}]}
    assert matches_everything(VmWhereInput, where)
    where = {"name": "x"}
    for _ in range(depth):
        where = {"AND": [{"NOT": [where]}]}
    assert not matches_everything(VmWhereInput, where)


def test_every_filter_is_judged():
    """Also one whose class is written in another form."""
    wrong = []
    for name in cloudtower.models.catalog.homes:
        if name.endswith("WhereInput"):
            where = getattr(cloudtower, name)
            for json in where.attribute_map.values():
                if json.endswith("_not_in") and not matches_everything(where, {json: []}):
                    wrong.append((name, json))
    assert wrong == []
