"""How JSON values read: nothing is refused and nothing is lost."""

import copy
import json

import pytest

from cloudtower import NestedHost, VmStatus
from cloudtower._runtime import codec
from cloudtower._runtime.datatypes import WRONG, parse
from cloudtower._runtime.model import Model

CHINESE = b"\xe4\xb8\xad".decode("utf-8")


class Sample(Model):
    __fields__ = (
        ("text", "str", "required"),
        ("time", "time"),
        ("whole", "int32", "required"),
        ("long", "int64"),
        ("number", "double"),
        ("flag", "bool", "required"),
        ("moment", "datetime"),
        ("any", "object"),
        ("status", "VmStatus", "required"),
        ("host", "NestedHost", "required"),
        ("texts", "list[str]", "required"),
        ("flags", "list[bool]"),
        ("wholes", "list[int32]"),
        ("statuses", "list[VmStatus]"),
        ("hosts", "list[NestedHost]"),
        ("grid", "list[list[NestedHost]]"),
        ("kind", "str"),
    )
    __limits__ = {"kind": {"enum": ("a", "b")}, "whole": {"maximum": 10}}


def read(**values):
    return codec.decode(json.loads(json.dumps(values)), Sample)


# (field, JSON value, what the attribute reads)
AS_SENT = [
    ("text", "x", "x"),
    ("text", "", ""),
    ("text", CHINESE, CHINESE),
    ("time", "not a time", "not a time"),
    ("whole", 5, 5),
    ("whole", 5.7, 5.7),
    ("whole", 37145039556.9504, 37145039556.9504),
    ("whole", 5.0, 5.0),
    ("whole", 99, 99),
    ("long", 2**63, 2**63),
    ("long", -(2**80), -(2**80)),
    ("number", 0.1, 0.1),
    ("flag", True, True),
    ("flag", False, False),
    ("any", {"a": [1, None]}, {"a": [1, None]}),
    ("any", "x", "x"),
    ("any", 5, 5),
    ("any", [], []),
    ("status", "RUNNING", "RUNNING"),
    ("status", "BRAND_NEW", "BRAND_NEW"),
    ("kind", "c", "c"),
    ("texts", ["a", "b"], ["a", "b"]),
    ("texts", [], []),
    ("texts", ["a", None], ["a", None]),
    ("statuses", ["RUNNING", "NEW", None], ["RUNNING", "NEW", None]),
]
CONVERTED = [
    ("text", 5, "5"),
    ("text", 5.5, "5.5"),
    ("text", 2**70, str(2**70)),
    ("whole", "5", 5),
    ("whole", "-12", -12),
    ("whole", "5.5", 5.5),
    ("number", "2.5", 2.5),
    ("number", 5, 5.0),
    ("flag", "false", False),
    ("flag", "true", True),
    ("flag", "False", False),
    ("flag", 0, False),
    ("flag", 1, True),
    ("texts", [5, "a"], ["5", "a"]),
    ("flags", ["false", 1], [False, True]),
    ("wholes", ["5", 6.5], [5, 6.5]),
    ("whole", "9" * 400, int("9" * 400)),
    ("number", "-" + "9" * 400, -int("9" * 400)),
]


@pytest.mark.parametrize("name, value, expected", AS_SENT + CONVERTED)
def test_value(name, value, expected):
    made = read(**{name: value})
    first = getattr(made, name)
    assert first == expected
    assert type(first) is type(expected) or isinstance(expected, str)
    assert getattr(made, name) == expected
    assert dict(made.additional_properties) == {}


@pytest.mark.parametrize("name, value, expected", AS_SENT)
def test_value_that_passes_is_the_one_that_was_sent(name, value, expected):
    made = read(**{name: value})
    assert made.to_dict(True, True, True) == {name: value}
    assert json.loads(codec.dumps(made)) == {name: value}


WRONG_KINDS = [
    ("text", {"a": 1}),
    ("text", ["a"]),
    ("whole", "many"),
    ("whole", ""),
    ("whole", "nan"),
    ("whole", "inf"),
    ("whole", {"a": 1}),
    ("whole", [1]),
    ("number", "much"),
    ("flag", "maybe"),
    ("flag", ""),
    ("flag", {}),
    ("flag", []),
    ("moment", "no time"),
    ("moment", 5),
    ("moment", "9" * 5000),
    ("moment", "99999-01-01T00:00:00Z"),
    ("moment", "0000-00-00T00:00:00Z"),
    ("moment", "2024-01-01T00:00:00+99:99"),
    ("whole", "9" * 5000),
    ("whole", "1e400"),
    ("host", "h"),
    ("host", 5),
    ("host", [{"id": "h"}]),
    ("host", True),
    ("texts", "abc"),
    ("texts", {"a": 1}),
    ("texts", 5),
    ("hosts", {"id": "h"}),
    ("hosts", "h"),
    ("grid", {"id": "h"}),
]


@pytest.mark.parametrize("name, value", WRONG_KINDS)
def test_wrong_kind_reads_none_and_stays_reachable(name, value):
    made = read(**{name: value})
    assert getattr(made, name) is None
    assert dict(made.additional_properties) == {name: value}
    assert made.to_dict()[name] is None
    assert made.to_dict(True, True, True) == {name: value}
    assert codec.sanitize(made) == {}


PARTLY_WRONG = [
    ("texts", ["a", {"b": 1}], ["a", None]),
    ("wholes", [1, "x"], [1, None]),
    ("hosts", [{"id": "h"}, "x"], [NestedHost(id="h"), None]),
    ("grid", [[{"id": "h"}], 5], [[NestedHost(id="h")], None]),
]


@pytest.mark.parametrize("name, value, expected", PARTLY_WRONG)
def test_wrong_element_reads_none(name, value, expected):
    made = read(**{name: value})
    assert getattr(made, name) == expected
    assert getattr(made, name) == expected


@pytest.mark.parametrize("name, value, expected", PARTLY_WRONG)
def test_list_with_a_wrong_element_is_reachable_at_first(name, value, expected):
    found = read(**{name: value}).additional_properties
    assert list(found) == [name] and found[name][1] == value[1]


@pytest.mark.parametrize("name, value, expected", PARTLY_WRONG)
def test_list_with_a_wrong_element_is_reachable_after_it_was_read(name, value, expected):
    made = read(**{name: value})
    getattr(made, name)
    assert made.additional_properties[name][1] == value[1]


@pytest.mark.parametrize("name, value, expected", PARTLY_WRONG)
def test_list_with_a_wrong_element_is_in_the_dict_as_it_was_sent(name, value, expected):
    assert read(**{name: value}).to_dict(True, True, True) == {name: value}


@pytest.mark.parametrize("name, value, expected", PARTLY_WRONG)
def test_looking_for_what_is_wrong_changes_no_attribute(name, value, expected):
    made = read(**{name: value})
    made.additional_properties
    assert getattr(made, name) == expected


@pytest.mark.parametrize("name", [each.name for each in Sample.__schema__.fields])
def test_null_reads_none_even_where_it_is_required(name):
    made = read(**{name: None})
    assert getattr(made, name) is None
    assert dict(made.additional_properties) == {}
    assert made.to_dict()[name] is None
    assert codec.sanitize(made) == {}


@pytest.mark.parametrize("name", [each.name for each in Sample.__schema__.fields])
def test_what_is_missing_reads_none(name):
    assert getattr(read(), name) is None


def test_moment_is_parsed():
    made = read(moment="2024-05-01T10:20:30.456Z")
    assert made.moment.isoformat() == "2024-05-01T10:20:30.456000+00:00"
    assert codec.sanitize(made) == {"moment": "2024-05-01T10:20:30.456000+00:00"}


def test_nested_models_and_lists_of_them():
    made = read(host={"id": "h"}, hosts=[{"id": "a"}, None, {"id": "b"}], grid=[[{"id": "c"}], []])
    assert isinstance(made.host, NestedHost) and made.host.id == "h"
    assert [each and each.id for each in made.hosts] == ["a", None, "b"]
    assert made.grid[0][0].id == "c" and made.grid[1] == []


def test_reading_twice_gives_the_same_object():
    made = read(host={"id": "h"}, hosts=[{"id": "a"}], texts=[1, 2], any={"a": 1})
    for name in ("host", "hosts", "any"):
        assert getattr(made, name) is getattr(made, name)
    made.hosts.append(NestedHost(id="b"))
    made.texts.append("3")
    assert [each.id for each in made.hosts] == ["a", "b"] and made.texts == ["1", "2", "3"]


@pytest.mark.parametrize("touch", [False, True])
def test_unknown_members_are_those_that_were_sent(touch):
    sent = {"brand_new": [{"a": None}], "text": "x", "another": False, "texts": ["a"]}
    made = read(**copy.deepcopy(sent))
    if touch:
        made.to_dict()
    assert dict(made.additional_properties) == {"brand_new": [{"a": None}], "another": False}


def test_an_empty_object_is_a_model_without_values():
    made = read()
    assert isinstance(made, Sample) and made == Sample()


@pytest.mark.parametrize(
    "declared, value, expected",
    [
        ("str", "x", "x"),
        ("list[str]", ["a", 5], ["a", "5"]),
        ("int", 5, 5),
        (int, "7", 7),
        (str, 5, "5"),
        ("VmStatus", "RUNNING", "RUNNING"),
        (VmStatus, "RUNNING", "RUNNING"),
        ("NestedHost", {"id": "h"}, NestedHost(id="h")),
        (NestedHost, {"id": "h"}, NestedHost(id="h")),
        ("list[NestedHost]", [{"id": "h"}], [NestedHost(id="h")]),
        ("list[list[NestedHost]]", [[{"id": "h"}]], [[NestedHost(id="h")]]),
        ("list[NestedHost]", {"id": "h"}, [NestedHost(id="h")]),
        ("list[NestedHost]", None, None),
        ("NestedHost", None, None),
        ("object", {"a": 1}, {"a": 1}),
    ],
)
def test_decoding_as_a_type_or_a_class(declared, value, expected):
    assert codec.decode(value, declared) == expected


@pytest.mark.parametrize(
    "declared, value",
    [
        ("list[NestedHost]", {}),
        ("list[str]", {"id": "h"}),
        ("list[VmStatus]", {"id": "h"}),
        ("list[list[NestedHost]]", {"id": "h"}),
        ("list[NestedHost]", "h"),
        ("NestedHost", []),
        ("NestedHost", "h"),
        (NestedHost, 5),
        ("int", {}),
        ("bool", "x"),
    ],
)
def test_a_wrong_outer_kind_is_told(declared, value):
    assert codec.decode(value, declared) is WRONG


def test_types_are_known_by_name():
    assert parse("list[Vm]") is parse("list[Vm]")
    assert repr(parse("list[list[Vm]]")) == "list[list[Vm]]"
    assert parse("list[int32]").public == "list[int]" and parse("time").public == "str"
    with pytest.raises(KeyError):
        parse("NoSuchModel").target


@pytest.mark.parametrize("value", ["1_000", "0_1"])
def test_an_underscore_is_no_part_of_a_number(value):
    """Python 3.6 and later would take it for one, 2.7 does not."""
    assert read(whole=value).whole is None


@pytest.mark.parametrize("value", [2, -1, 0.5])
def test_a_number_that_is_no_truth_value_is_not_lost(value):
    made = read(flag=value)
    assert made.to_dict(True, True, True)["flag"] == value
