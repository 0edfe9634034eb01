"""A list that a server sent is converted once, and belongs to the script from then on."""

import copy
import json
import pickle
import sys

import pytest

from cloudtower import NestedHost
from cloudtower._runtime import codec
from cloudtower._runtime.model import Model
from cloudtower._runtime.null import NULL


class Box(Model):
    __fields__ = (
        ("name", "str"),
        ("names", "list[str]", "nullable"),
        ("sizes", "list[int32]"),
        ("states", "list[VmStatus]"),
        ("hosts", "list[NestedHost]"),
        ("grid", "list[list[NestedHost]]"),
        ("texts", "list[list[str]]"),
        ("free", "list[object]"),
    )


class Wide(Box):
    """With a row of its own beside those of the class that it extends."""

    __fields__ = (("notes", "list[NestedHost]"),)


def box(**values):
    return codec.decode(json.loads(json.dumps(values)), Box)


LISTS = [
    ("names", ["a", "b"]),
    ("names", [1, "b"]),
    ("names", []),
    ("names", [None, None]),
    ("names", ["a", {"b": 1}]),
    ("sizes", [1, 2]),
    ("sizes", ["1", 2.5]),
    ("sizes", ["many", 1]),
    ("states", ["RUNNING", "NEWER"]),
    ("states", [None]),
    ("hosts", [{"id": "a"}, {"id": "b"}]),
    ("hosts", [None, {"id": "b"}]),
    ("hosts", ["a", {"id": "b"}]),
    ("hosts", [{"id": "b"}, []]),
    ("hosts", []),
    ("grid", [[{"id": "a"}], [], None]),
    ("grid", [[{"id": "a"}, 5], "x"]),
    ("texts", [["a", 1], ["b"]]),
    ("free", [1, {"a": [1]}]),
]


@pytest.mark.parametrize("name, sent", LISTS)
def test_every_read_gives_the_same_list(name, sent):
    made = box(**{name: sent})
    first = getattr(made, name)
    elements = list(first)
    assert type(first) is list and len(first) == len(sent)
    repr(made), made.to_dict(), dict(made.additional_properties), made == made
    made.name = "changed"
    assert getattr(made, name) is first
    assert all(one is other for one, other in zip(elements, getattr(made, name)))


@pytest.mark.parametrize("name, sent", LISTS)
@pytest.mark.parametrize("is_changed", [False, True])
def test_what_a_script_does_to_the_list_is_read_and_sent(name, sent, is_changed):
    made = box(**{name: sent})
    if is_changed:
        made.name = "changed"
    kept = getattr(made, name)
    given = {"id": "given"}
    del kept[:]
    assert getattr(made, name) is kept == []
    kept.extend([5, "x", given, None])
    kept[0] = 6
    kept.insert(0, given)
    assert getattr(made, name) is kept and kept == [given, 6, "x", given, None]
    assert kept[0] is given
    assert codec.sanitize(made)[name] == kept


class Watched(str):
    """Text that counts how often somebody looks at its class."""

    looks = 0

    @property
    def __class__(self):
        Watched.looks += 1
        return str


@pytest.mark.parametrize("name", ["names", "states", "free"])
@pytest.mark.parametrize("first", [[], [None], [{}]])
def test_a_loop_over_the_indexes_looks_at_each_element_once(name, first):
    count = 300
    made = Box.from_json({name: first + [Watched(index) for index in range(count)]})
    Watched.looks = 0
    for index in range(count):
        getattr(made, name)[index]
    assert Watched.looks <= 6 * count  # each conversion looks a few times
    Watched.looks = 0
    dict(made.additional_properties)
    assert Watched.looks == 0


class Number(int):
    """A number that counts how often it becomes text."""

    conversions = 0

    def __str__(self):
        Number.conversions += 1
        return "number"


@pytest.mark.parametrize("wrong", [[], [{}]])
def test_each_element_is_converted_once(wrong):
    made = Box.from_json({"names": wrong + [Number(1), Number(2)]})
    Number.conversions = 0
    for _ in range(5):
        assert made.names[-2:] == ["number", "number"]
        assert len(made.additional_properties) == len(wrong)
        made.to_dict()
    assert Number.conversions == 2


@pytest.mark.parametrize("name, sent", [("names", ["a", {"b": 1}, 5]), ("hosts", [{"id": "h"}, 5])])
def test_a_list_with_wrong_elements_keeps_what_was_sent(name, sent):
    made = box(**{name: sent})
    assert dict(made.additional_properties) == {name: sent}
    kept = getattr(made, name)
    kept.append(None)
    assert getattr(made, name) is kept and len(kept) == len(sent) + 1
    assert dict(made.additional_properties) == {name: sent}
    for duplicate in (
        copy.copy(made),
        copy.deepcopy(made),
        pickle.loads(pickle.dumps(made, 2)),
        copy.copy(copy.copy(made)),
    ):
        assert duplicate == made and len(getattr(duplicate, name)) == len(sent) + 1
        assert dict(duplicate.additional_properties) == {name: sent}
        assert getattr(duplicate, name) is getattr(duplicate, name)
    setattr(made, name, ["mine"])
    assert getattr(made, name) == ["mine"] and not made.additional_properties


@pytest.mark.parametrize("is_read", [False, True])
def test_what_a_script_sets_takes_the_place_of_the_list(is_read):
    made = box(names=[1, 2])
    if is_read:
        assert made.names == ["1", "2"]
    for given in ([3], (4, 5), "text", {6}, []):
        made.names = given
        assert made.names is given and made.names is given
    for nothing in (NULL, None):
        made.names = nothing
        assert made.names is None
    made.names = [7]
    assert made.names == [7]


def test_rows_beside_those_of_a_base_class():
    made = Wide.from_json({"notes": [{"id": "n"}], "hosts": [{"id": "h"}], "names": [1]})
    assert made.notes[0].id == "n" and made.names == ["1"] and made.hosts[0].id == "h"
    assert isinstance(made.hosts[0], NestedHost)


def calls_in(function):
    """How many functions a function calls."""
    counted = []

    def count(frame, event, argument):
        if event in ("call", "c_call"):
            counted.append(None)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
    return len(counted)


@pytest.mark.parametrize(
    "use",
    [
        repr,
        lambda made: made.to_dict(True, False, True),
        lambda made: made == copy.copy(made),
        lambda made: [made.hosts[index].id for index in range(len(made.hosts))],
        lambda made: [made.names[index] for index in range(len(made.names))],
        lambda made: dict(made.additional_properties),
    ],
)
@pytest.mark.parametrize("wrong", [[], [{"a": 1}], [None] * 9])
def test_the_work_grows_as_the_result_does(use, wrong):
    def work(count):
        hosts = [{"id": "h%d" % index, "newer": [index]} for index in range(count)]
        return calls_in(lambda: use(box(hosts=hosts, names=wrong + [1] * count, free=hosts)))

    work(1)  # the first touch builds classes
    assert work(400) < 3 * work(200)
