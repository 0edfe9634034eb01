"""From the notation of a document to the intermediate form."""

import pytest
from tiny import fields, json_of, listed, operation, parsed, passed, ref, types

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "format": "int32"}
THING = {"type": "object", "properties": {"id": TEXT}}


def thing(**properties):
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    "node, expected",
    [
        ({"type": "string"}, "str"),
        ({"type": "string", "format": "date-time"}, "datetime"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": "string", "format": "binary"}, "file"),
        ({"type": "string", "format": "uuid"}, "str"),
        ({"type": "integer", "format": "int32"}, "int32"),
        ({"type": "integer", "format": "int64"}, "int64"),
        ({"type": "integer"}, "int64"),
        ({"type": "number", "format": "double"}, "double"),
        ({"type": "number", "format": "float"}, "double"),
        ({"type": "number"}, "double"),
        ({"type": "boolean"}, "bool"),
        ({"type": "object"}, "object"),
        ({"type": "object", "properties": {}}, "object"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "map[str]"),
        ({}, "object"),
        ({"oneOf": [TEXT, NUMBER]}, "str | int32"),
        (listed(TEXT), "list[str]"),
        (listed(listed(NUMBER)), "list[list[int32]]"),
        ({"items": TEXT}, "list[str]"),
        (ref("Thing"), "Thing"),
        (listed(ref("Thing")), "list[Thing]"),
        (ref("Kind"), "Kind"),
        (ref("Text"), "str"),
        (ref("Count"), "int32"),
        (ref("Things"), "list[Thing]"),
        (listed(ref("Things")), "list[list[Thing]]"),
        (ref("Alias"), "Thing"),
        (ref("AliasOfAlias"), "Thing"),
        (ref("Same"), "list[Thing]"),
        ({"allOf": [ref("Thing")]}, "Thing"),
        ({"allOf": [ref("Text")]}, "str"),
        ({"type": "string", "enum": ["a", "b"]}, "str"),
        (listed({"type": "string", "enum": ["a", "b"]}), "list[str]"),
    ],
)
def test_type_of_a_property(node, expected):
    schemas = {
        "Thing": THING,
        "Kind": {"type": "string", "enum": ["A", "B"]},
        "Text": TEXT,
        "Count": NUMBER,
        "Things": listed(ref("Thing")),
        "Alias": ref("Thing"),
        "AliasOfAlias": ref("Alias"),
        "Same": ref("Things"),
        "Holder": thing(a=node),
    }
    made = parsed(schemas)
    assert types(made, "Holder") == {"a": expected}
    assert [each.key for each in made.schemas] == ["Thing", "Kind", "Holder"]


def test_required_and_nullable():
    node = thing(
        a=TEXT, b=dict(TEXT, nullable=True), c=ref("Maybe"), d=dict(ref("Thing"), nullable=True)
    )
    node["required"] = ["a", "c"]
    made = parsed({"Thing": THING, "Maybe": dict(TEXT, nullable=True), "Holder": node})
    found = {json: (each.required, each.nullable) for json, each in fields(made, "Holder").items()}
    assert found == {
        "a": (True, False),
        "b": (False, True),
        "c": (True, True),
        "d": (False, True),
    }


def test_a_nullable_reference_is_written_with_all_of():
    node = thing(a={"allOf": [ref("Thing")], "nullable": True})
    made = parsed({"Thing": THING, "Holder": node})
    found = fields(made, "Holder")["a"]
    assert (str(found.type), found.nullable) == ("Thing", True)


def test_limits():
    node = thing(
        a=dict(NUMBER, minimum=0, maximum=9),
        b=dict(TEXT, minLength=1, maxLength=5, pattern="x"),
        c=dict(listed(TEXT), minItems=1),
        d={"type": "string", "enum": ["a", "b"]},
        e=listed({"type": "string", "enum": ["a", "b"]}),
        f=ref("Small"),
    )
    made = parsed({"Thing": THING, "Small": dict(NUMBER, maximum=3), "Holder": node})
    assert {json: dict(each.limits) for json, each in fields(made, "Holder").items()} == {
        "a": {"maximum": 9, "minimum": 0},
        "b": {"minLength": 1},
        "c": {"minItems": 1},
        "d": {"enum": ("a", "b")},
        "e": {"enum": ("a", "b")},
        "f": {"maximum": 3},
    }


# ---- inline objects --------------------------------------------------------


def test_an_inline_object_is_named_by_parent_and_property():
    made = parsed(
        {
            "IscsiLunDeletionParams": thing(data=thing(a=TEXT)),
            "mount_new": thing(vm_volume=thing(inner=thing(b=TEXT))),
        }
    )
    assert [each.key for each in made.schemas] == [
        "IscsiLunDeletionParams",
        "IscsiLunDeletionParamsData",
        "mount_new",
        "MountNewVmVolume",
        "MountNewVmVolumeInner",
    ]
    assert types(made, "mount_new") == {"vm_volume": "MountNewVmVolume"}


def test_an_inline_object_of_a_schema_named_like_a_word_of_the_notation():
    inner = {"$ref": "#/components/schemas/items/properties/items"}
    made = parsed({"items": thing(items=thing(a=TEXT)), "Host": thing(x=inner)})
    assert types(made, "Host")["x"] == types(made, "items")["items"]


def test_an_inline_object_in_a_list():
    made = parsed({"Holder": thing(rows=listed(thing(a=TEXT)))})
    assert types(made, "Holder") == {"rows": "list[HolderRows]"}


def test_an_equal_inline_object_takes_the_first_name():
    inner = thing(host_id=TEXT)
    made = parsed({"VmStart": thing(data=inner), "VmMigrate": thing(data=inner, more=TEXT)})
    assert types(made, "VmMigrate")["data"] == "VmStartData"
    assert [each.key for each in made.schemas] == ["VmStart", "VmStartData", "VmMigrate"]


def test_another_list_of_required_members_makes_another_object():
    inner = thing(host_id=TEXT)
    strict = dict(inner, required=["host_id"])
    made = parsed({"A": thing(data=inner), "B": thing(data=strict), "C": thing(data=strict)})
    assert types(made, "B") == {"data": "BData"} == types(made, "C")


def test_nullable_makes_no_other_object():
    inner = thing(host_id=TEXT)
    made = parsed({"A": thing(data=inner), "B": thing(data=dict(inner, nullable=True))})
    assert types(made, "B") == {"data": "AData"}
    assert fields(made, "B")["data"].nullable and not fields(made, "A")["data"].nullable


def test_schemas_are_walked_in_the_order_of_the_document():
    inner = thing(host_id=TEXT)
    made = parsed({"Z": thing(data=inner), "A": thing(data=inner)})
    assert types(made, "A") == {"data": "ZData"}


# ---- allOf -----------------------------------------------------------------


def test_all_of_is_merged():
    made = parsed(
        {
            "Base": dict(thing(a=TEXT, b=TEXT), required=["a"]),
            "Whole": {
                "allOf": [ref("Base"), dict(thing(c=NUMBER, b=TEXT), required=["c"])],
                "properties": {"d": TEXT},
            },
        }
    )
    found = {json: (str(each.type), each.required) for json, each in fields(made, "Whole").items()}
    assert found == {
        "a": ("str", True),
        "b": ("str", False),
        "c": ("int32", True),
        "d": ("str", False),
    }


def test_an_inline_object_in_a_part_of_all_of():
    made = parsed(
        {"Base": thing(a=TEXT), "Whole": {"allOf": [ref("Base"), thing(data=thing(x=TEXT))]}}
    )
    assert types(made, "Whole") == {"a": "str", "data": "WholeAllOfData"}


def test_all_of_several_parts_in_a_property():
    made = parsed(
        {"Base": thing(a=TEXT), "Holder": thing(part={"allOf": [ref("Base"), thing(b=TEXT)]})}
    )
    assert types(made, "Holder") == {"part": "HolderPart"}
    assert types(made, "HolderPart") == {"a": "str", "b": "str"}


# ---- operations ------------------------------------------------------------


def only(**more):
    return parsed({"Thing": THING}, {"/x": {"post": operation("GetX", **more)}}).operations[0]


def test_an_operation():
    made = only(body=listed(ref("Thing")), returns=listed(ref("Thing")), security=[{"K": []}])
    assert (made.id, made.tag, made.method, made.path) == ("GetX", "Thing", "POST", "/x")
    assert str(made.returns) == str(made.body.type) == "list[Thing]"
    assert made.body.required and made.statuses == (200,) and made.security == ("K",)


def test_statuses_are_sorted_and_the_default_is_none():
    made = only(responses={"500": {}, "200": json_of(TEXT), "default": {}, "304": {}})
    assert made.statuses == (200, 304, 500) and str(made.returns) == "str"


@pytest.mark.parametrize(
    "responses, expected",
    [
        ({"200": json_of(TEXT)}, "str"),
        ({"201": json_of(NUMBER)}, "int32"),
        ({"202": json_of(NUMBER), "200": json_of(TEXT)}, "str"),
        ({"204": {"description": ""}}, "None"),
        ({"200": {"description": ""}, "400": json_of(TEXT)}, "None"),
        ({"200": {"content": {"text/csv": {"schema": TEXT}}}}, "str"),
    ],
)
def test_answer(responses, expected):
    assert str(only(responses=responses).returns) == expected


def test_parameters_of_query_and_header():
    made = only(
        parameters=[
            {"name": "limit", "in": "query", "schema": dict(NUMBER, minimum=1)},
            {"name": "X-Trace", "in": "header", "required": True, "schema": TEXT},
        ]
    )
    limit, trace = made.parameters
    assert (limit.json, limit.place, limit.required) == ("limit", "query", False)
    assert limit.limits == (("minimum", 1),)
    assert (trace.json, trace.place, trace.required) == ("X-Trace", "header", True)


def test_a_form():
    schema = dict(thing(file={"type": "string", "format": "binary"}, name=TEXT), required=["file"])
    made = only(requestBody={"content": {"multipart/form-data": {"schema": schema}}})
    found = [(each.json, str(each.type), each.place, each.required) for each in made.parameters]
    assert found == [("file", "file", "form", True), ("name", "str", "form", False)]
    assert made.body is None


def test_repeated_tags():
    made = parsed({"Thing": THING}, {"/x": {"post": operation("GetX", tags=["A", "A", "B"])}})
    assert [(each.tag, each.repeat) for each in made.operations] == [("A", 0), ("A", 1), ("B", 0)]


def test_several_methods_of_a_path():
    made = parsed(
        {"Thing": THING},
        {"/x": {"post": operation("PostX"), "get": operation("GetX"), "summary": ""}},
    )
    assert {(each.id, each.method) for each in made.operations} == {
        ("PostX", "POST"),
        ("GetX", "GET"),
    }


def test_what_the_document_says_of_itself():
    schemes = {"K": {"type": "apiKey", "in": "header", "name": "X-Key"}}
    made = parsed(components={"schemas": {"Thing": THING}, "securitySchemes": schemes})
    assert (made.title, made.version, made.server) == ("Tiny", "1.2.3", "/api/v1")
    assert made.schemes == tuple(schemes.items())
    bare = parsed(servers=[], info={})
    assert (bare.title, bare.version, bare.server) == ("", "", "")
    assert parsed(servers=[{"url": "/"}]).server == ""


def test_the_server_may_be_a_whole_address():
    assert parsed(servers=[{"url": "https://tower.example/api/"}]).server == "/api"


def test_security_of_the_whole_document():
    made = passed(security=[{"K": []}])
    assert made.operations[0].security == ("K",)


def test_an_answer_by_reference():
    made = parsed(
        paths={
            "/x": {"post": operation("X", responses={"200": {"$ref": "#/components/responses/B"}})}
        },
        components={"schemas": {"Thing": THING}, "responses": {"B": json_of(ref("Thing"))}},
    )
    assert str(made.operations[0].returns) == "Thing"


def test_a_parameter_by_reference():
    parameter = {"name": "limit", "in": "query", "schema": NUMBER}
    made = parsed(
        paths={"/x": {"get": operation("X", parameters=[{"$ref": "#/components/parameters/B"}])}},
        components={"schemas": {"Thing": THING}, "parameters": {"B": parameter}},
    )
    assert made.operations[0].parameters[0].json == "limit"


def test_parameters_of_a_path():
    parameter = {"name": "limit", "in": "query", "schema": NUMBER}
    made = parsed({"Thing": THING}, {"/x": {"parameters": [parameter], "get": operation("X")}})
    assert [each.json for each in made.operations[0].parameters] == ["limit"]
