"""`python -m codegen diff`: what scripts notice of another document."""

import json

import pytest
from tiny import document, json_of, listed, operation, passed, ref

from codegen import diff
from codegen.__main__ import main

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "format": "int32"}


def thing(required=(), **properties):
    made = {"type": "object", "properties": properties}
    return dict(made, required=list(required)) if required else made


def lines(old, new):
    """What the command prints but for its last line, for two (schemas, paths)."""
    changes = diff.compare(passed(*old), passed(*new))
    return diff.text(changes).splitlines()[:-1]


def of_paths(old, new):
    schemas = {"Thing": thing(id=TEXT), "Other": thing(id=TEXT)}
    return lines((schemas, old), (schemas, new))


def of_thing(old, new, sent=True, received=False):
    """The same for a schema that is sent, or received, or both, or neither."""
    node = operation(
        "DoThing", body=ref("Thing") if sent else None, returns=ref("Thing") if received else None
    )
    paths = {"/do-thing": {"post": node}}
    return lines(({"Thing": old}, paths), ({"Thing": new}, paths))


def of_field(old, new, **uses):
    """The same for a property `x`."""
    return of_thing(thing(x=old), thing(x=new), **uses)


# ---- operations ------------------------------------------------------------


def test_the_same():
    assert of_paths({"/x": {"post": operation("DoX")}}, {"/x": {"post": operation("DoX")}}) == []


def test_an_operation_more_or_less():
    one = {"/x": {"post": operation("DoX")}}
    two = dict(one, **{"/y": {"get": operation("GetY", "Other")}})
    assert of_paths(one, two) == ["  added   GET /y: OtherApi.get_y"]
    assert of_paths(two, one) == ["! removed GET /y: OtherApi.get_y"]


def test_the_order_is_no_change():
    one = {"/x": {"post": operation("DoX")}, "/y": {"post": operation("DoY")}}
    two = dict(reversed(one.items()))
    assert of_paths(one, two) == []
    one, two = thing(a=TEXT, b=NUMBER), thing(b=NUMBER, a=TEXT)
    assert of_thing(one, two, received=True) == []


@pytest.mark.parametrize(
    "old, new, expected",
    [
        (operation("DoX"), operation("MakeX"), "! method: ThingApi.do_x -> ThingApi.make_x"),
        (operation("DoX"), operation("DoX", returns=NUMBER), "! answer: str -> int32"),
        (
            operation("DoX", returns=ref("Thing")),
            operation("DoX", returns=listed(ref("Thing"))),
            "! answer: Thing -> list[Thing]",
        ),
        (
            operation("DoX"),
            operation("DoX", responses={"200": json_of(TEXT), "404": {}}),
            "  statuses: (200,) -> (200, 404)",
        ),
        (
            operation("DoX", body=ref("Thing")),
            operation("DoX", body=listed(ref("Thing"))),
            "! parameter body: Thing -> list[Thing]",
        ),
    ],
    ids=["its name", "its answer", "the lists of it", "statuses", "its body"],
)
def test_an_operation_that_changes(old, new, expected):
    mark, detail = expected[:2], expected[2:]
    assert of_paths({"/x": {"post": old}}, {"/x": {"post": new}}) == [
        "%schanged POST /x: %s" % (mark, detail)
    ]


def test_authentication():
    schemes = {"Key": {"type": "apiKey", "in": "header", "name": "Key"}}
    made = []
    for security in ([{"Key": []}], []):
        paths = {"/x": {"post": operation("DoX", security=security)}}
        made.append(passed(paths=paths, components={"schemas": {}, "securitySchemes": schemes}))
    (change,) = diff.compare(*made)
    assert change.detail == "authentication: ('Key',) -> ()" and change.breaking


def query(name, **more):
    return dict({"name": name, "in": "query", "schema": NUMBER}, **more)


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ([], [query("limit")], "  added   POST /x: parameter limit"),
        ([], [query("limit", required=True)], "! added   POST /x: parameter limit"),
        ([query("limit")], [], "! removed POST /x: parameter limit"),
        (
            [query("limit")],
            [query("limit", required=True)],
            "! changed POST /x: parameter limit: optional -> required",
        ),
        (
            [query("limit", required=True)],
            [query("limit")],
            "  changed POST /x: parameter limit: required -> optional",
        ),
        (
            [query("limit")],
            [query("limit", schema=TEXT)],
            "! changed POST /x: parameter limit: int32 -> str",
        ),
    ],
)
def test_parameters(old, new, expected):
    old, new = operation("DoX", parameters=old), operation("DoX", parameters=new)
    assert of_paths({"/x": {"post": old}}, {"/x": {"post": new}}) == [expected]


def test_a_body_that_was_not_there():
    paths = {"/x": {"post": operation("DoX")}}, {"/x": {"post": operation("DoX", body=TEXT)}}
    assert of_paths(*paths) == ["! added   POST /x: parameter body"]
    assert of_paths(*reversed(paths)) == ["! removed POST /x: parameter body"]


def test_a_tag_more_or_less():
    one = {"/x": {"post": operation("DoX")}}
    two = {"/x": {"post": operation("DoX", tags=["Thing", "Other", "Thing"])}}
    assert of_paths(one, two) == [
        "  added   POST /x: OtherApi.do_x",
        "  added   POST /x: ThingApi.do_x_0",
    ]
    assert of_paths(two, one) == [
        "! removed POST /x: OtherApi.do_x",
        "! removed POST /x: ThingApi.do_x_0",
    ]


# ---- schemas ---------------------------------------------------------------


def test_a_schema_more_or_less():
    one, two = {"Thing": thing(id=TEXT)}, {"Thing": thing(id=TEXT), "Kind": {"enum": ["A"]}}
    assert lines((one,), (two,)) == ["  added   Kind: schema"]
    assert lines((two,), (one,)) == ["! removed Kind: schema"]


def test_a_field_more_or_less():
    one, two = thing(id=TEXT), thing(id=TEXT, createdAt=TEXT)
    assert of_thing(one, two) == ["  added   Thing: field createdAt"]
    assert of_thing(two, one) == ["! removed Thing: field createdAt"]


@pytest.mark.parametrize("sent", [True, False])
def test_a_field_that_must_be_sent(sent):
    one, two = thing(id=TEXT), thing(id=TEXT, name=TEXT, required=["name"])
    mark = "!" if sent else " "
    assert of_thing(one, two, sent, not sent) == [mark + " added   Thing: field name"]
    changed = thing(id=TEXT, required=["id"])
    assert of_thing(one, changed, sent, not sent) == [
        mark + " changed Thing: field id: optional -> required"
    ]


@pytest.mark.parametrize("received", [True, False])
def test_a_field_that_need_not_be_answered(received):
    one, two = thing(id=TEXT, required=["id"]), thing(id=TEXT)
    mark = "!" if received else " "
    assert of_thing(one, two, not received, received) == [
        mark + " changed Thing: field id: required -> optional"
    ]


def test_null():
    never, nullable = TEXT, dict(TEXT, nullable=True)
    allowed = " changed Thing: field x: never null -> nullable"
    forbidden = " changed Thing: field x: nullable -> never null"
    assert of_field(never, nullable, sent=True) == [" " + allowed]
    assert of_field(nullable, never, sent=True) == ["!" + forbidden]
    assert of_field(never, nullable, sent=False, received=True) == ["!" + allowed]
    assert of_field(nullable, never, sent=False, received=True) == [" " + forbidden]


def test_what_is_sent_inside_of_something_else():
    schemas = {"Thing": thing(id=TEXT), "Params": thing(list=listed(ref("Thing")))}
    paths = {"/x": {"post": operation("DoX", body=ref("Params"))}}
    changed = dict(schemas, Thing=thing(id=TEXT, required=["id"]))
    assert lines((schemas, paths), (changed, paths)) == [
        "! changed Thing: field id: optional -> required"
    ]


@pytest.mark.parametrize(
    "old, new, expected",
    [
        (TEXT, NUMBER, "str -> int32"),
        (NUMBER, {"type": "integer", "format": "int64"}, "int32 -> int64"),
        (TEXT, listed(TEXT), "str -> list[str]"),
        (TEXT, dict(TEXT, format="date-time"), "str -> datetime"),
        (ref("Thing"), {"type": "object"}, "Thing -> object"),
    ],
)
def test_another_type(old, new, expected):
    assert of_field(old, new) == ["! changed Thing: field x: " + expected]


@pytest.mark.parametrize(
    "old, new, breaking",
    [
        ({}, {"maximum": 9}, True),
        ({"maximum": 9}, {}, False),
        ({"maximum": 9}, {"maximum": 8}, True),
        ({"maximum": 9}, {"maximum": 10}, False),
        ({"minimum": 1}, {"minimum": 2}, True),
        ({"minimum": 1}, {"minimum": 0}, False),
        ({"maximum": 9, "minimum": 1}, {"maximum": 10, "minimum": 2}, True),
    ],
)
def test_limits(old, new, breaking):
    found = of_field(dict(NUMBER, **old), dict(NUMBER, **new))
    assert [line[0] for line in found] == ["!" if breaking else " "]
    # Nobody must keep to the limits of an answer.
    found = of_field(dict(NUMBER, **old), dict(NUMBER, **new), sent=False, received=True)
    assert [line[0] for line in found] == [" "]


def test_limits_are_told():
    assert of_field(dict(NUMBER, maximum=9), NUMBER) == [
        "  changed Thing: field x: maximum 9 -> no limit"
    ]


def test_values_of_a_property():
    two, three = dict(TEXT, enum=["a", "b"]), dict(TEXT, enum=["a", "b", "c"])
    assert of_field(two, three)[0][0] == " " and of_field(three, two)[0][0] == "!"


def test_values():
    one, two = {"Kind": {"enum": ["A", "B"]}}, {"Kind": {"enum": ["A", "B", "C"]}}
    assert lines((one,), (two,)) == ["  added   Kind: value C"]
    assert lines((two,), (one,)) == ["! removed Kind: value C"]


def test_constants_that_change_with_another_value():
    one, two = {"Kind": {"enum": ["KIND_A", "KIND_B"]}}, {"Kind": {"enum": ["KIND_A", "B"]}}
    assert lines((one,), (two,)) == [
        "! removed Kind: value A",
        "! changed Kind: value of B: KIND_B -> B",
        "  added   Kind: value KIND_A",
    ]


# ---- notations of the same -------------------------------------------------

INNER = thing(open={"type": "boolean"})


@pytest.mark.parametrize(
    "one, two",
    [
        (
            {"Thing": thing(data=INNER)},
            {"Thing": thing(data=ref("ThingData")), "ThingData": INNER},
        ),
        (
            {"Thing": thing(data=listed(INNER))},
            {"Thing": thing(data=listed(ref("Thing_data"))), "Thing_data": INNER},
        ),
        (
            {"Thing": thing(a=TEXT, b=TEXT), "Base": thing(a=TEXT)},
            {"Thing": dict(thing(b=TEXT), allOf=[ref("Base")]), "Base": thing(a=TEXT)},
        ),
        (
            {"Thing": thing(a=dict(TEXT, nullable=True))},
            {"Thing": thing(a={"allOf": [ref("Text")], "nullable": True}), "Text": TEXT},
        ),
        (
            {"Thing": thing(a=listed(TEXT))},
            {"Thing": thing(a=ref("Texts")), "Texts": listed(TEXT)},
        ),
        (
            {"Thing": thing(a=TEXT)},
            {"Thing": thing(a=dict(TEXT, description="The name.", example="web"))},
        ),
    ],
    ids=["inline", "inline in a list", "parts", "alias", "alias of a list", "texts"],
)
def test_another_notation_is_no_change(one, two):
    paths = {"/x": {"post": operation("DoX", body=ref("Thing"), returns=ref("Thing"))}}
    assert lines((one, paths), (two, paths)) == []
    assert lines((two, paths), (one, paths)) == []


# ---- the command -----------------------------------------------------------

OLD = document(
    {"Thing": thing(id=TEXT, old=TEXT), "Kind": {"enum": ["A", "B"]}},
    {"/do-thing": {"post": operation("DoThing", body=ref("Thing"))}},
)
NEW = document(
    {"Thing": thing(id=NUMBER, name=dict(TEXT, nullable=True)), "Kind": {"enum": ["A", "B", "C"]}},
    {
        "/do-thing": {"post": operation("DoThing", body=ref("Thing"), responses={"201": {}})},
        "/get-thing": {"post": operation("GetThing")},
    },
)


@pytest.fixture
def command(tmp_path, capsys):
    """callable(old, new, *options) -> (status, what is printed, what is said of errors)"""

    def run(old, new, *options):
        paths = []
        for name, content in (("old.json", old), ("new.json", new)):
            path = tmp_path / name
            path.write_text(json.dumps(content), encoding="utf-8")
            paths.append(str(path))
        status = main(["diff", *paths, *options])
        return (status, *capsys.readouterr())

    return run


def test_as_text(command):
    status, printed, _ = command(OLD, NEW)
    assert status == 0
    assert printed.splitlines() == [
        "! changed POST /do-thing: answer: str -> None",
        "  changed POST /do-thing: statuses: (200,) -> (201,)",
        "  added   POST /get-thing: ThingApi.get_thing",
        "  added   Kind: value C",
        "! changed Thing: field id: str -> int32",
        "  added   Thing: field name",
        "! removed Thing: field old",
        "3 added, 1 removed, 3 changed; 3 breaking (marked !)",
    ]


def test_as_an_entry_of_the_changelog(command):
    status, printed, _ = command(OLD, NEW, "--changelog", "4.10.0")
    assert status == 0
    assert printed.splitlines() == [
        "### Interface of CloudTower 4.10.0",
        "",
        "Breaking:",
        "",
        "- `POST /do-thing`: answer: str -> None",
        "- `Thing`: field id: str -> int32",
        "- `Thing`: field old removed",
        "",
        "Added:",
        "",
        "- `POST /get-thing`: ThingApi.get_thing added",
        "- `Kind`: value C added",
        "- `Thing`: field name added",
        "",
        "Changed:",
        "",
        "- `POST /do-thing`: statuses: (200,) -> (201,)",
    ]


def test_nothing_changed(command):
    assert command(OLD, OLD)[1] == "0 added, 0 removed, 0 changed; 0 breaking (marked !)\n"
    entry = command(OLD, OLD, "--changelog", "4.10.0")[1]
    assert entry == "### Interface of CloudTower 4.10.0\n"


def test_a_bad_document(command):
    status, printed, said = command(OLD, {"openapi": "2.0"})
    assert status == 2 and printed == "" and "openapi" in said
