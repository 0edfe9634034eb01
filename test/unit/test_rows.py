# coding: utf-8
"""to_rows: objects as rows of a table."""

import io
from collections import namedtuple

import pytest

from cloudtower import ApiTypeError, ApiValueError, NestedCluster, Vm, WithTaskVm
from cloudtower.utils import to_rows

WEB = Vm.from_json(
    {
        "id": "v1",
        "name": "web",
        "cluster": {"id": "c1", "name": "prod"},
        "host": None,
        "entityAsyncStatus": "UPDATING",
        "vm_disks": [{"id": "d1"}, {"id": None}],
        "labels": None,
    }
)
BARE = Vm.from_json({"id": "v2", "name": "db", "cluster": None, "vm_disks": []})


def test_one_tuple_an_object():
    assert to_rows([WEB, BARE], ["name", "id"]) == [("web", "v1"), ("db", "v2")]
    assert to_rows([], ["name"]) == []


def test_a_null_relation_gives_none():
    paths = ["name", "cluster.name", "host.name", "host.cluster.name"]
    with pytest.raises(ApiValueError, match="NestedHost has no field 'cluster'"):
        to_rows([WEB], paths)
    assert to_rows([WEB, BARE], paths[:3]) == [("web", "prod", None), ("db", None, None)]


def test_a_list_stands_in_its_cell():
    paths = ["vm_disks[].id", "labels[].id"]
    assert to_rows([WEB, BARE], paths) == [(["d1", None], []), ([], [])]
    ((disks,),) = to_rows([WEB], ["vm_disks[]"])
    assert [each.id for each in disks] == ["d1", None]
    ((same,),) = to_rows([WEB], ["vm_disks"])
    assert same == disks


def test_lists_within_lists():
    vms = [{"disks": [{"snapshots": [{"id": 1}, {"id": 2}]}, {"snapshots": None}, None]}]
    assert to_rows(vms, ["disks[].snapshots[].id"]) == [([[1, 2], [], []],)]
    assert to_rows([{"host": None}], ["host.disks[].id"]) == [([],)]


def test_names_of_python_and_of_json():
    paths = ["entity_async_status", "entityAsyncStatus"]
    assert to_rows([WEB], paths) == [("UPDATING", "UPDATING")]
    assert to_rows([{"entityAsyncStatus": "UPDATING"}], paths) == [("UPDATING", "UPDATING")]
    assert to_rows([WEB.to_dict()], paths) == [("UPDATING", "UPDATING")]


def test_a_member_that_only_newer_servers_have():
    newer = Vm.from_json({"name": "web", "colour": "red"})
    assert to_rows([newer, WEB], ["colour"]) == [("red",), (None,)]


@pytest.mark.parametrize(
    "path, message",
    [
        ("naem", "Vm has no field 'naem'; did you mean 'name'"),
        ("cluster.nmae", "NestedCluster has no field 'nmae'; did you mean 'name'"),
        (
            "vm_disks[].boot",
            "NestedVmDisk has no field 'boot'; VmDisk has it: VmDiskApi.get_vm_disks",
        ),
        ("vm_disks[].colour", "NestedVmDisk has no field 'colour'; it has id"),
        ("vm_disks.id", r"Vm.vm_disks is a list: write vm_disks\[\]"),
        ("cluster[].id", r"Vm.cluster is not a list: leave out \[\]"),
        ("name.length", "Vm.name has no members"),
        ("status.value", "Vm.status has no members"),
        ("", "cannot read the path ''"),
        ("cluster..name", "cannot read"),
        ("vm_disks[0].id", "cannot read"),
        (" name", "cannot read"),
    ],
)
def test_a_wrong_path_is_an_error_before_the_first_row(path, message):
    for objects in ([BARE], iter([BARE])):
        with pytest.raises(ApiValueError, match=message):
            to_rows(objects, ["id", path])


def test_each_class_of_objects_is_checked():
    rows = to_rows(iter([WEB, NestedCluster(id="c1", name="prod")]), ["status"])
    assert next(rows) == (None,)
    with pytest.raises(ApiValueError, match="NestedCluster has no field 'status'"):
        next(rows)


def test_an_iterator_is_read_one_by_one():
    taken = []

    def objects():
        for each in (WEB, BARE, WEB):
            taken.append(each)
            yield each

    rows = to_rows(objects(), ["name"])
    assert len(taken) == 1  # the first, whose class is checked
    assert next(rows) == ("web",) and next(rows) == ("db",) and len(taken) == 2
    assert list(rows) == [("web",)]
    assert list(to_rows(iter([]), ["name"])) == []
    for objects in ((WEB,), {"v1": WEB}.values(), [WEB]):
        assert to_rows(objects, ("name",)) == [("web",)]
    assert list(to_rows([WEB], (path for path in ["name"]))) == [("web",)]


def test_dicts_and_named_tuples():
    vms = [{"name": "web", "cluster": {"name": "prod"}}, {"name": "db"}]
    assert to_rows(vms, ["name", "cluster.name"]) == [("web", "prod"), ("db", None)]
    Item = namedtuple("Item", "tower object")
    items = [Item("lab", WEB), Item("prod", BARE)]
    paths = ["tower", "object.name", "object.cluster.name", "object.vm_disks[].id"]
    assert to_rows(items, paths) == [
        ("lab", "web", "prod", ["d1", None]),
        ("prod", "db", None, []),
    ]
    for path, message in (
        ("towr", "Item has no field 'towr'; did you mean 'tower'"),
        ("object.naem", "did you mean 'name'"),
    ):
        with pytest.raises(ApiValueError, match=message):
            to_rows(items, [path])
    with pytest.raises(ApiValueError, match="did you mean 'name'"):
        to_rows([{"vm": WEB}], ["vm.naem"])
    with pytest.raises(ApiValueError, match="did you mean 'name'"):
        to_rows([{"vms": [WEB]}], ["vms[].naem"])


def test_what_wraps_an_object():
    response = [WithTaskVm.from_json({"task_id": "t1", "data": {"name": "web"}})]
    assert to_rows(response, ["task_id", "data.name"]) == [("t1", "web")]


def test_an_object_that_is_missing():
    assert to_rows([None, WEB], ["name", "vm_disks[].id"]) == [
        (None, []),
        ("web", ["d1", None]),
    ]


@pytest.mark.parametrize(
    "objects, paths, message",
    [
        (WEB, ["name"], "one Vm: put it into a list"),
        ({"name": "web"}, ["name"], "one dict: put it into a list"),
        (None, ["name"], "not None"),
        ("web", ["name"], "one str"),
        ([1], ["name"], "not int"),
        (["web"], ["name"], "not str"),
        ([WEB], "name", r"takes a list of paths: \['name'\]"),
        ([WEB], None, "takes a list of paths"),
        ([WEB], [1], "a path is a str"),
    ],
)
def test_wrong_arguments(objects, paths, message):
    with pytest.raises(ApiTypeError, match=message):
        to_rows(objects, paths)


def test_no_path():
    with pytest.raises(ApiValueError, match="at least one path"):
        to_rows([WEB], [])


def test_a_table_of_csv():
    import csv

    stream = io.BytesIO() if str is bytes else io.StringIO()
    csv.writer(stream).writerows(to_rows(iter([WEB, BARE]), ["name", "cluster.name"]))
    assert stream.getvalue() == "web,prod\r\ndb,\r\n"
