"""What scripts put in bodies, as JSON, and JSON that is read."""

import collections
import copy
import datetime
import decimal
import json
import pickle
import re
import uuid

import pytest

from cloudtower import (
    ApiClient,
    ApiTypeError,
    ApiValueError,
    NULL,
    Vm,
    VmStartParams,
    VmWhereInput,
)
from cloudtower._runtime import codec

try:
    import enum
    import pathlib
except ImportError:  # Python 2.7
    enum = pathlib = None

ID = uuid.UUID("12345678-1234-5678-1234-567812345678")
UTC = type("Utc", (datetime.tzinfo,), {"utcoffset": lambda self, moment: datetime.timedelta(0)})()


def both(value):
    """The plain structure of a value; the two ways to it must agree."""
    text = codec.dumps(value)
    assert json.loads(text) == json.loads(json.dumps(codec.sanitize(value)))
    return json.loads(text)


# (value, what it is on the wire)
VALUES = [
    (None, None),
    ("x", "x"),
    (True, True),
    (5, 5),
    (2**70, 2**70),
    (0.1, 0.1),
    ([], []),
    ({}, {}),
    ({"a": None, "b": [None]}, {"a": None, "b": [None]}),
    ((1, (2,)), [1, [2]]),
    (set([1]), [1]),
    (frozenset(["x"]), ["x"]),
    (range(3), [0, 1, 2]),
    (collections.OrderedDict([("b", 1), ("a", 2)]), {"b": 1, "a": 2}),
    (datetime.datetime(2024, 5, 1, 10, 20), "2024-05-01T10:20:00"),
    (datetime.datetime(2024, 5, 1, 10, 20, tzinfo=UTC), "2024-05-01T10:20:00+00:00"),
    (datetime.date(2024, 5, 1), "2024-05-01"),
    (ID, str(ID)),
    (decimal.Decimal("5"), 5),
    (decimal.Decimal("-5.25"), -5.25),
    (decimal.Decimal("0.1"), 0.1),
    (decimal.Decimal("12345678901234567890"), 12345678901234567890),
    (decimal.Decimal("5.00"), 5),
    (VmWhereInput(), {}),
    (VmWhereInput(name="x", host=None, description=NULL), {"name": "x", "description": None}),
    (VmWhereInput(_and=[VmWhereInput(OR=[{"id": "1"}])]), {"AND": [{"OR": [{"id": "1"}]}]}),
    ({"where": VmWhereInput(id="1")}, {"where": {"id": "1"}}),
    ([VmStartParams(where={"id": ID})], [{"where": {"id": str(ID)}}]),
    ({"order_by": "x", "wher": {}}, {"order_by": "x", "wher": {}}),
    (VmWhereInput(id_in=set(["a"])), {"id_in": ["a"]}),
]


@pytest.mark.parametrize("value, expected", VALUES)
def test_value(value, expected):
    assert both(value) == expected


@pytest.mark.parametrize(
    "make",
    [
        lambda: (each for each in [1, {"a": ID}]),
        lambda: iter([1, {"a": ID}]),
        lambda: map(lambda each: each, [1, {"a": ID}]),
    ],
    ids=["generator", "iterator", "map"],
)
def test_what_can_be_read_once(make):
    assert json.loads(codec.dumps({"ids": make()})) == {"ids": [1, {"a": str(ID)}]}
    assert codec.sanitize({"ids": make()}) == {"ids": [1, {"a": str(ID)}]}


@pytest.mark.skipif(enum is None, reason="no enum module")
def test_enums_are_their_values():
    plain = enum.Enum("Plain", {"A": "a", "B": {"x": 1}})
    number = enum.IntEnum("Number", {"ONE": 1})
    text = enum.Enum("Text", {"A": "a"}, type=str)
    value = [plain.A, plain.B, number.ONE, text.A]
    assert json.loads(codec.dumps(value)) == ["a", {"x": 1}, 1, "a"]
    assert codec.sanitize(value) == ["a", {"x": 1}, 1, "a"]


@pytest.mark.skipif(pathlib is None, reason="no pathlib module")
def test_paths_are_text():
    assert both({"path": pathlib.PurePosixPath("/a/b")}) == {"path": "/a/b"}


def test_text_is_that_of_the_published_sdk():
    chinese = b"\xe4\xb8\xad".decode("utf-8")
    body = collections.OrderedDict([("b", [1, 2]), ("a", chinese)])
    assert codec.dumps(body) == '{"b": [1, 2], "a": "\\u4e2d"}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("wrap", [lambda v: v, decimal.Decimal], ids=["float", "decimal"])
def test_no_number_is_refused_with_its_path(value, wrap):
    body = {"a": [1, {"b": wrap(value)}]}
    for use in (codec.dumps, codec.sanitize):
        with pytest.raises(ApiValueError) as caught:
            use(body)
        assert caught.value.path_to_item == ["a", 1, "b"]
        assert "['a'][1]['b']" in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        complex(1, 2),
        datetime.timedelta(1),
        re.compile("x"),
        decimal.Decimal("0.12345678901234567890123"),
        len,
        pytest.param(b"\xff\xfe", marks=pytest.mark.skipif(bytes is str, reason="text on 2.7")),
        pytest.param(bytearray(b"x"), marks=pytest.mark.skipif(bytes is str, reason="no bytes")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_json_form_is_refused_with_its_path(value):
    for body, path in (
        ({"a": [1, {"b": value}]}, ["a", 1, "b"]),
        ((1, value), [1]),
        ({"where": VmWhereInput(AND=[VmWhereInput(id=value)])}, ["where", "AND", 0, "id"]),
    ):
        for use in (codec.dumps, codec.sanitize):
            with pytest.raises(ApiTypeError) as caught:
                use(body)
            assert caught.value.path_to_item == path
            assert type(value).__name__ in str(caught.value)


def test_text_that_is_no_utf8_on_2_7_is_refused():
    if bytes is not str:
        pytest.skip("bytes are another type")
    with pytest.raises(ApiTypeError):
        codec.dumps({"a": b"\xff"})


@pytest.mark.parametrize("key", [(1, 2), ID, datetime.date(2024, 5, 1)])
def test_a_key_that_is_no_text_is_refused(key):
    with pytest.raises(ApiTypeError):
        codec.dumps({"a": {key: 1}})


def test_a_key_that_is_no_text_is_refused_with_its_path():
    with pytest.raises(ApiTypeError) as caught:
        codec.dumps({"a": {(1, 2): 1}})
    assert caught.value.path_to_item[:1] == ["a"]


@pytest.mark.parametrize("use", [codec.dumps, codec.sanitize])
def test_a_body_that_contains_itself_is_refused(use):
    body = {"a": []}
    body["a"].append(body)
    with pytest.raises((ApiTypeError, ApiValueError)):
        use(body)


def test_null_in_a_dict_is_null():
    assert both({"where": {"description": NULL}}) == {"where": {"description": None}}


def test_the_body_is_not_changed():
    inner = VmWhereInput(id_in=("a", "b"))
    body = {"a": [1, (2, set([3]))], "b": inner, "c": {"d": ID}}
    kept = {"a": [1, (2, set([3]))], "b": inner, "c": {"d": ID}}
    made = codec.sanitize(body)
    codec.dumps(body)
    assert body == kept and body["b"] is inner and inner.id_in == ("a", "b")
    made["a"].append(4)
    made["c"]["e"] = 5
    assert body == kept


def test_a_model_sends_what_was_given_under_its_json_names():
    made = VmWhereInput(vcpu=1, name=None, id="1", _and=[])
    made.name_not = "x"
    made.name_not = None
    assert sorted(both(made).items()) == [("AND", []), ("id", "1"), ("vcpu", 1)]


def test_what_was_read_can_be_sent():
    sent = {
        "id": "x",
        "vcpu": 2,
        "host": {"id": "h"},
        "vm_disks": [{"id": "d"}],
        "cpu": {"cores": 1},
    }
    assert both(codec.decode(json.loads(json.dumps(sent)), "Vm")) == sent
    assert isinstance(codec.decode(sent, "Vm"), Vm)


def test_a_body_that_is_encoded():
    value = {"where": VmWhereInput(id_in=iter(["a"]))}
    encoded = codec.encode(value)
    assert encoded.text == '{"where": {"id_in": ["a"]}}' and encoded.value is value
    assert codec.encode(encoded) is encoded and codec.dumps(encoded) is encoded.text
    assert codec.sanitize(encoded) == {"where": {"id_in": ["a"]}}
    assert ApiClient().sanitize_for_serialization(encoded) == {"where": {"id_in": ["a"]}}


# ---- reading JSON ----------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[" * 2000 + "]" * 2000,
        "[" * 100000 + "]" * 100000,
        '{"a":' * 2000 + "1" + "}" * 2000,
        "[" * 101 + "]" * 101,
        '{"a":' * 101 + "1" + "}" * 101,
        '[{"a": [], "b":' * 51 + "1" + "}]" * 51,
        '["%s", ' % ("x" * 65480) + "[" * 101 + "]" * 101 + "]",
        '["%s", ' % (b"\xe4\xb8\xad".decode("utf-8") * 131010)
        + '{"a":' * 101
        + "1"
        + "}" * 101
        + "]",
    ],
)
def test_json_that_nests_too_deep(text):
    with pytest.raises(ValueError) as caught:
        codec.loads(text)
    assert isinstance(caught.value, codec.NestedTooDeep) and "100 levels" in str(caught.value)


@pytest.mark.parametrize("text", ["[" * 2000, "[" * 100000, '{"a":' * 100000, "[,", '{"a"}', "x"])
def test_text_that_is_not_json(text):
    with pytest.raises(ValueError):
        codec.loads(text)


@pytest.mark.parametrize("opening, closing, levels", [("[", "]", 100), ('[{"a":', "}]", 50)])
def test_json_as_deep_as_allowed(opening, closing, levels):
    text = opening * levels + '"' + "[{" * 300 + '"' + closing * levels
    value = codec.loads(text)
    assert copy.deepcopy(value) == value == pickle.loads(pickle.dumps(value))


def test_brackets_in_strings_are_no_levels():
    assert codec.loads('{"a": "%s"}' % ("[" * 1000)) == {"a": "[" * 1000}


def test_a_number_of_many_digits_is_a_value():
    (read,) = codec.loads("[%s]" % ("9" * 5000))
    assert str(read) == "9" * 5000 if isinstance(read, str) else read == 10**5000 - 1
    with pytest.raises(ValueError):
        codec.loads("[%s" % ("9" * 5000))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_skipped(mark):
    assert codec.loads(mark + b'{"a": 1}') == {"a": 1}
    assert codec.loads((mark + b'{"a": 1}').decode("utf-8")) == {"a": 1}
