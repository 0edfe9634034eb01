"""`python -m codegen diff`: what scripts notice of another document."""

import json

import pytest
from tiny import json_of, listed, operation, passed, ref

from codegen import diff

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "format": "int32"}
WIDE = {"type": "integer", "format": "int64"}


def thing(required=(), **properties):
    made = {"type": "object", "properties": properties}
    return dict(made, required=list(required)) if required else made


def lines(old, new):
    """The differences of two (schemas, paths), a line each; "!" marks what breaks scripts."""
    found = []
    for each in diff.compare(passed(*old), passed(*new)):
        mark = "! " if each.breaking else ""
        text = ": " + each.text if each.text else ""
        found.append("%s%s %s%s" % (mark, each.kind, each.subject, text))
    return found


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


# ---- what all operations share ---------------------------------------------


def of_document(old, new):
    """The differences of two documents that differ in `servers`, or in security schemes."""
    made = []
    for more in (old, new):
        schemes = more.get("schemes", {})
        more = {name: more[name] for name in more if name != "schemes"}
        made.append(passed(components={"schemas": {}, "securitySchemes": schemes}, **more))
    return [
        "%s%s %s: %s" % ("! " * each.breaking, each.kind, each.subject, each.text)
        for each in diff.compare(*made)
    ]


def test_the_path_of_the_server():
    two, three, root = ({"servers": [{"url": url}]} for url in ("/v2/api", "/v3/api", "/"))
    expected = ['! changed servers: has the path "/v3/api" instead of "/v2/api"']
    assert of_document(two, three) == expected
    assert of_document(two, two) == of_document(two, root) == of_document(root, two) == []


KEY = {"type": "apiKey", "in": "header", "name": "Authorization"}
KEY_TEXT = "apiKey, in header, name Authorization"


@pytest.mark.parametrize(
    "old, new, expected",
    [
        (KEY, KEY, []),
        (KEY, dict(KEY, description="x"), []),
        (KEY, dict(KEY, name="X-Token"), ["is apiKey, in header, name X-Token instead of "]),
        (
            KEY,
            dict(KEY, **{"in": "query"}),
            ["is apiKey, in query, name Authorization instead of "],
        ),
        (KEY, {"type": "http", "scheme": "bearer"}, ["is http, scheme bearer instead of "]),
    ],
)
def test_a_security_scheme(old, new, expected):
    found = of_document({"schemes": {"Key": old}}, {"schemes": {"Key": new}})
    assert found == ["! changed securitySchemes.Key: " + each + KEY_TEXT for each in expected]


def test_a_security_scheme_more_or_less():
    one, two = {"schemes": {}}, {"schemes": {"Key": KEY}}
    assert of_document(one, two) == ["! added securitySchemes.Key: " + KEY_TEXT]
    assert of_document(two, one) == ["! removed securitySchemes.Key: " + KEY_TEXT]


# ---- operations ------------------------------------------------------------


def test_the_same():
    assert of_paths({"/x": {"post": operation("DoX")}}, {"/x": {"post": operation("DoX")}}) == []


def test_an_operation_more_or_less():
    one = {"/x": {"post": operation("DoX")}}
    two = dict(one, **{"/y": {"get": operation("GetY", "Other")}})
    assert of_paths(one, two) == ["added OtherApi.get_y: GET /y"]
    assert of_paths(two, one) == ["! removed OtherApi.get_y: GET /y"]


def test_the_order_is_no_change():
    one = {"/x": {"post": operation("DoX")}, "/y": {"post": operation("DoY")}}
    two = dict(reversed(one.items()))
    assert of_paths(one, two) == []
    one, two = thing(a=TEXT, b=NUMBER), thing(b=NUMBER, a=TEXT)
    assert of_thing(one, two, received=True) == []


@pytest.mark.parametrize(
    "old, new, expected",
    [
        (
            operation("DoX"),
            operation("MakeX"),
            "! renamed ThingApi.do_x: is now ThingApi.make_x",
        ),
        (
            operation("DoX"),
            operation("DoX", returns=NUMBER),
            "! changed ThingApi.do_x: returns 32-bit integer instead of text",
        ),
        (
            operation("DoX", returns=ref("Thing")),
            operation("DoX", returns=listed(ref("Thing"))),
            "! changed ThingApi.do_x: returns list of Thing instead of Thing",
        ),
        (
            operation("DoX"),
            operation("DoX", responses={"204": {}}),
            "! changed ThingApi.do_x: returns nothing instead of text",
        ),
        (
            operation("DoX"),
            operation("DoX", responses={"200": json_of(TEXT), "404": {}, "304": {}}),
            "changed ThingApi.do_x: declares status 304, 404",
        ),
        (
            operation("DoX", responses={"200": json_of(TEXT), "404": {}}),
            operation("DoX"),
            "changed ThingApi.do_x: no longer declares status 404",
        ),
        (
            operation("DoX", body=ref("Thing")),
            operation("DoX", body=listed(ref("Thing"))),
            "! changed ThingApi.do_x: body is list of Thing instead of Thing",
        ),
        (operation("DoX"), operation("DoX", deprecated=True), "deprecated ThingApi.do_x"),
        (
            operation("DoX", deprecated=True),
            operation("DoX"),
            "changed ThingApi.do_x: is no longer deprecated",
        ),
    ],
)
def test_an_operation_that_changes(old, new, expected):
    assert expected in of_paths({"/x": {"post": old}}, {"/x": {"post": new}})


def test_authentication():
    schemes = {"Key": {"type": "apiKey", "in": "header", "name": "Key"}}
    made = []
    for security in ([{"Key": []}], []):
        paths = {"/x": {"post": operation("DoX", security=security)}}
        made.append(passed(paths=paths, components={"schemas": {}, "securitySchemes": schemes}))
    (change,) = diff.compare(*made)
    assert change.text == "authenticates with nothing instead of Key" and change.breaking


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("A+B", "A B", "changed ThingApi.do_x: authenticates with A or B instead of A and B"),
        ("A B", "A+B", "authenticates with A and B instead of A or B"),
        ("A", "A B", "changed ThingApi.do_x: authenticates with A or B instead of A"),
        ("A", "A+B C", "authenticates with A and B, or C instead of A"),
        ("A", " A", "changed ThingApi.do_x: authenticates with nothing or A instead of A"),
        ("", "A", "! changed ThingApi.do_x: authenticates with A instead of nothing"),
        ("A+B C", "C B+A", None),
    ],
)
def test_schemes_of_which_some_or_all_are_needed(old, new, expected):
    schemes = {each: {"type": "apiKey", "in": "header", "name": each} for each in "ABC"}
    parts = {"schemas": {}, "securitySchemes": schemes}
    made = []
    for needed in (old, new):
        needed = [{name: [] for name in each.split("+") if name} for each in needed.split(" ")]
        paths = {"/x": {"post": operation("DoX", security=needed)}}
        made.append(passed(paths=paths, components=parts))
    found = [
        "%s%s %s: %s" % ("! " * each.breaking, each.kind, each.subject, each.text)
        for each in diff.compare(*made)
    ]
    assert len(found) == (expected is not None) and all(expected in each for each in found)


def query(name, **more):
    return dict({"name": name, "in": "query", "schema": NUMBER}, **more)


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ([], [query("limit")], "changed {}: has a new parameter `limit`, optional"),
        (
            [],
            [query("limit", required=True)],
            "! changed {}: has a new parameter `limit`, required",
        ),
        ([query("limit")], [], "! changed {}: no longer has the parameter `limit`"),
        (
            [query("limit")],
            [query("limit", required=True)],
            "! changed {}: parameter `limit` is required now",
        ),
        (
            [query("limit", required=True)],
            [query("limit")],
            "changed {}: parameter `limit` is optional now",
        ),
        (
            [query("limit")],
            [query("limit", schema=TEXT)],
            "! changed {}: parameter `limit` is text instead of 32-bit integer",
        ),
        ([query("limit")], [query("limit", deprecated=True)], "deprecated {}: parameter `limit`"),
    ],
)
def test_parameters(old, new, expected):
    old, new = operation("DoX", parameters=old), operation("DoX", parameters=new)
    found = of_paths({"/x": {"post": old}}, {"/x": {"post": new}})
    assert found == [expected.format("ThingApi.do_x")]


def test_a_body_that_was_not_there():
    paths = {"/x": {"post": operation("DoX")}}, {"/x": {"post": operation("DoX", body=TEXT)}}
    assert of_paths(*paths) == ["! changed ThingApi.do_x: has a new body, required"]
    assert of_paths(*reversed(paths)) == ["! changed ThingApi.do_x: no longer has the body"]


def test_a_tag_more_or_less():
    one = {"/x": {"post": operation("DoX")}}
    two = {"/x": {"post": operation("DoX", tags=["Thing", "Other", "Thing"])}}
    assert of_paths(one, two) == [
        "added OtherApi.do_x: POST /x",
        "added ThingApi.do_x_0: POST /x",
    ]
    assert of_paths(two, one) == [
        "! removed OtherApi.do_x: POST /x",
        "! removed ThingApi.do_x_0: POST /x",
    ]


def test_another_tag():
    one = {"/x": {"post": operation("DoX", tags=["Thing", "Kept"])}}
    two = {"/x": {"post": operation("DoX", tags=["Kept", "Other"])}}
    assert of_paths(one, two) == ["! renamed ThingApi.do_x: is now OtherApi.do_x"]
    two["/x"]["post"]["operationId"] = "MakeX"
    assert "! renamed ThingApi.do_x: is now OtherApi.make_x" in of_paths(one, two)
    one = {"/x": {"post": operation("DoX")}}
    two = {"/x": {"post": dict(operation("DoX"), tags=[])}}
    assert of_paths(one, two) == ["! renamed ThingApi.do_x: is now DefaultApi.do_x"]


@pytest.mark.parametrize("count", [3, 4])
@pytest.mark.parametrize("tags", [["Thing"], ["Thing", "Other"]])
def test_what_many_operations_share_is_one_line(count, tags):
    header = {"name": "x-trace", "in": "header", "schema": TEXT}

    def paths(parameters):
        return {
            "/do-%d"
            % each: {
                "post": operation("Do%d" % each, tags[each % len(tags)], parameters=parameters)
            }
            for each in range(count)
        }

    schemas = {"Thing": thing(id=TEXT)}
    changes = diff.compare(passed(schemas, paths([])), passed(schemas, paths([header])))
    assert {each.text for each in changes} == {"has a new header `x-trace`, optional"}
    if count == 3:
        assert len(changes) == 3
        return
    (change,) = changes
    assert change.subject == "4 operations" and len(change.names) == 4
    assert "ThingApi.do0" in change.names
    assert change.resource == ("Thing" if len(tags) == 1 else diff.SHARED)


# ---- schemas ---------------------------------------------------------------


def test_a_schema_more_or_less():
    one, two = {"Thing": thing(id=TEXT)}, {"Thing": thing(id=TEXT), "Kind": {"enum": ["A"]}}
    assert lines((one,), (two,)) == ["added Kind: enumeration"]
    assert lines((two,), (one,)) == ["! removed Kind: enumeration"]


def test_a_field_more_or_less():
    one, two = thing(id=TEXT), thing(id=TEXT, createdAt=TEXT)
    assert of_thing(one, two) == ["added Thing.created_at: text"]
    assert of_thing(two, one) == ["! removed Thing.created_at"]


@pytest.mark.parametrize("sent", [True, False])
def test_a_field_that_must_be_sent(sent):
    one, two = thing(id=TEXT), thing(id=TEXT, name=TEXT, required=["name"])
    mark = "! " if sent else ""
    assert of_thing(one, two, sent, not sent) == [mark + "added Thing.name: text, required"]
    changed = thing(id=TEXT, required=["id"])
    assert of_thing(one, changed, sent, not sent) == [mark + "changed Thing.id: is required now"]


@pytest.mark.parametrize("received", [True, False])
def test_a_field_that_may_be_missing_in_a_response(received):
    one, two = thing(id=TEXT, required=["id"]), thing(id=TEXT)
    mark = "! " if received else ""
    assert of_thing(one, two, not received, received) == [
        mark + "changed Thing.id: is optional now"
    ]


def test_null():
    never, nullable = TEXT, dict(TEXT, nullable=True)
    allowed, forbidden = "changed Thing.x: may be null now", "changed Thing.x: is never null now"
    assert of_field(never, nullable, sent=True) == [allowed]
    assert of_field(nullable, never, sent=True) == ["! " + forbidden]
    assert of_field(never, nullable, sent=False, received=True) == ["! " + allowed]
    assert of_field(nullable, never, sent=False, received=True) == [forbidden]


def test_what_is_sent_inside_of_something_else():
    schemas = {"Thing": thing(id=TEXT), "Params": thing(list=listed(ref("Thing")))}
    paths = {"/x": {"post": operation("DoX", body=ref("Params"))}}
    changed = dict(schemas, Thing=thing(id=TEXT, required=["id"]))
    assert lines((schemas, paths), (changed, paths)) == ["! changed Thing.id: is required now"]


@pytest.mark.parametrize(
    "old, new, expected",
    [
        (TEXT, NUMBER, "32-bit integer instead of text"),
        (TEXT, listed(TEXT), "list of text instead of text"),
        (TEXT, dict(TEXT, format="date-time"), "time instead of text"),
        (NUMBER, {"type": "number"}, "number instead of 32-bit integer"),
        (ref("Thing"), {"type": "object"}, "any value instead of Thing"),
        (
            {"type": "object", "additionalProperties": TEXT},
            {"type": "object", "additionalProperties": {"type": "boolean"}},
            "map of boolean instead of map of text",
        ),
    ],
)
def test_another_type(old, new, expected):
    assert of_field(old, new) == ["! changed Thing.x: is " + expected]


@pytest.mark.parametrize("wrap", [lambda node: node, listed, lambda node: listed(listed(node))])
@pytest.mark.parametrize("one, other", [(NUMBER, WIDE), (WIDE, NUMBER)])
def test_integers_of_another_width_are_the_same_in_python(one, other, wrap):
    (found,) = of_field(wrap(one), wrap(other), sent=True, received=True)
    assert found.startswith("changed Thing.x: is ") and "instead of" in found
    paths = [{"/x": {"post": operation("DoX", returns=wrap(each))}} for each in (one, other)]
    (found,) = of_paths(*paths)
    assert found.startswith("changed ThingApi.do_x: returns ")


@pytest.mark.parametrize(
    "old, new, breaking",
    [
        ({}, {"maximum": 9}, True),
        ({"maximum": 9}, {}, False),
        ({"maximum": 9}, {"maximum": 8}, True),
        ({"maximum": 9}, {"maximum": 10}, False),
        ({"minimum": 1}, {"minimum": 2}, True),
        ({"minimum": 1}, {"minimum": 0}, False),
    ],
)
def test_limits(old, new, breaking):
    (found,) = of_field(dict(NUMBER, **old), dict(NUMBER, **new))
    assert found.startswith("!") == breaking
    # Nobody must keep to the limits of a response.
    (found,) = of_field(dict(NUMBER, **old), dict(NUMBER, **new), sent=False, received=True)
    assert not found.startswith("!")


@pytest.mark.parametrize(
    "old, new, text",
    [
        ({"maximum": 9}, {}, "need no longer be at most 9"),
        ({}, {"minimum": 1}, "must be at least 1"),
        ({"maximum": 9}, {"maximum": 8}, "must be at most 8, no longer at most 9"),
    ],
)
def test_limits_in_words(old, new, text):
    (found,) = of_field(dict(NUMBER, **old), dict(NUMBER, **new))
    assert found.endswith("changed Thing.x: " + text)


def test_a_default():
    none, five, text = NUMBER, dict(NUMBER, default=5), dict(NUMBER, default=6)
    assert of_field(none, five) == ["changed Thing.x: has the default 5 now"]
    assert of_field(five, none) == ["changed Thing.x: no longer has the default 5"]
    assert of_field(five, text) == ["changed Thing.x: has the default 6 instead of 5"]


def test_members_without_a_name():
    one = dict(thing(id=TEXT), additionalProperties=TEXT)
    two = dict(thing(id=TEXT), additionalProperties=NUMBER)
    assert of_thing(one, two) == [
        "! changed Thing: other members are 32-bit integer instead of text"
    ]


def test_values_of_a_property():
    two, three = dict(TEXT, enum=["a", "b"]), dict(TEXT, enum=["a", "b", "c"])
    assert of_field(two, three) == ["changed Thing.x: also takes c"]
    assert of_field(three, two) == ["! changed Thing.x: no longer takes c"]


def test_values():
    one, two = {"Kind": {"enum": ["A", "B"]}}, {"Kind": {"enum": ["A", "B", "C"]}}
    assert lines((one,), (two,)) == ["added Kind.C"]
    assert lines((two,), (one,)) == ["! removed Kind.C"]


def test_constants_that_change_with_another_value():
    one, two = {"Kind": {"enum": ["KIND_A", "KIND_B"]}}, {"Kind": {"enum": ["KIND_A", "B"]}}
    assert lines((one,), (two,)) == [
        "! renamed Kind.A: is now KIND_A",
        '! changed Kind.B: is "B" instead of "KIND_B"',
    ]


def test_both_directions_of_an_order_are_one_change():
    def schemas(*values):
        return {"ThingOrderByInput": {"enum": list(values)}}

    known = ("id_ASC", "id_DESC", "rows_ASC", "rows_DESC")
    one, two = schemas(*known), schemas(*known, "name_ASC", "name_DESC")
    assert lines((one,), (two,)) == ["added ThingOrderByInput.NAME: order"]


def test_what_is_deprecated():
    assert of_field(TEXT, dict(TEXT, deprecated=True)) == ["deprecated Thing.x"]
    assert of_field(dict(TEXT, deprecated=True), TEXT) == [
        "changed Thing.x: is no longer deprecated"
    ]
    one = thing(x=TEXT)
    assert of_thing(one, dict(one, deprecated=True)) == ["deprecated Thing"]
    new = thing(x=TEXT, y=dict(TEXT, deprecated=True))
    assert of_thing(one, new) == ["added Thing.y: text", "deprecated Thing.y"]


# ---- filters ---------------------------------------------------------------

OPERATORS = ("", "_gt", "_gte", "_in", "_lt", "_lte", "_not", "_not_in")


def maybe(node):
    return dict(node, nullable=True)


def filter_on(*names, **changed):
    properties = {each: maybe(listed(ref("ThingWhereInput"))) for each in ("AND", "NOT", "OR")}
    for name in names:
        for operator in OPERATORS:
            node = listed(NUMBER) if operator.endswith("in") else NUMBER
            properties[name + operator] = maybe(node)
    properties.update(changed)
    return {"ThingWhereInput": thing(**properties)}


def test_the_operators_of_a_filter_are_one_change():
    one, two = filter_on("size"), filter_on("size", "cpu_count")
    assert lines((one,), (two,)) == ["added ThingWhereInput.cpu_count: filter"]
    assert lines((two,), (one,)) == ["! removed ThingWhereInput.cpu_count"]


def test_some_operators_of_a_filter():
    one, two = filter_on("size"), filter_on("size")
    del two["ThingWhereInput"]["properties"]["size_gt"]
    del two["ThingWhereInput"]["properties"]["size_gte"]
    assert lines((one,), (two,)) == ["! removed ThingWhereInput.size: operators gt, gte"]
    assert lines((two,), (one,)) == ["added ThingWhereInput.size: operators gt, gte"]


def test_a_filter_of_another_type():
    one = filter_on("size")
    two = json.loads(json.dumps(one).replace("int32", "int64"))
    assert lines((one,), (two,)) == [
        "changed ThingWhereInput.size: is 64-bit integer instead of 32-bit integer"
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
