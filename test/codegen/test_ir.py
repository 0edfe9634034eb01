"""What the intermediate form knows of a type, from tiny documents."""

import json

import pytest
from tiny import document, fields, generated, listed, operation, passed, ref

from codegen import diff
from codegen.ir import ANY, TEXT, List, Map, Nullable, Reference, Scalar, Union, nullable, union

STRING = {"type": "string"}
NUMBER = {"type": "integer", "format": "int32"}
COUNT = Scalar("int32")
NULL = {"nullable": True}


def thing(**properties):
    return {"type": "object", "properties": properties}


SCHEMAS = {
    "with_Thing": thing(id=STRING),
    "Other": thing(id=STRING),
    "Kind": {"type": "string", "enum": ["A", "B"]},
    "ThingOrderByInput": {"type": "string", "enum": ["id_ASC", "id_DESC"]},
    "ThingWhereInput": thing(name=STRING),
    "ThingWhereUniqueInput": thing(id=STRING),
    "Labels": {"type": "object", "additionalProperties": STRING},
    "Either": {"oneOf": [ref("with_Thing"), ref("Other")]},
    "Json": {"anyOf": [STRING, NUMBER, listed(ref("Json"))]},
    "Tree": {"type": "object", "additionalProperties": ref("Tree")},
    "Named": {"type": "object", "additionalProperties": thing(next=ref("Named"))},
    "Nodes": listed(thing(children=ref("Nodes"))),
}
THING, OTHER = Reference("WithThing"), Reference("Other")
KIND = Reference("Kind", "enum")

#: (node, its type, what the tables have, what changes are shown with)
TYPES = [
    (STRING, TEXT, "str", "str"),
    (dict(NUMBER, **NULL), Nullable(COUNT), "int32", "int32 | null"),
    ({"type": "object"}, ANY, "object", "object"),
    (ref("with_Thing"), THING, "WithThing", "WithThing"),
    ({"allOf": [ref("with_Thing")], "nullable": True}, Nullable(THING), "WithThing", None),
    (ref("Kind"), KIND, "Kind", "Kind"),
    (listed(ref("Kind")), List(KIND), "list[Kind]", "list[Kind]"),
    (ref("ThingOrderByInput"), Reference("ThingOrderByInput", "order_by"), None, None),
    (ref("ThingWhereInput"), Reference("ThingWhereInput", "where"), None, None),
    (ref("ThingWhereUniqueInput"), Reference("ThingWhereUniqueInput", "model"), None, None),
    (listed(listed(NUMBER)), List(List(COUNT)), "list[list[int32]]", "list[list[int32]]"),
    (
        dict(listed(dict(STRING, **NULL)), **NULL),
        Nullable(List(Nullable(TEXT))),
        "list[str]",
        "list[str | null] | null",
    ),
    # maps
    ({"additionalProperties": NUMBER}, Map(COUNT), "map[int32]", None),
    ({"type": "object", "additionalProperties": True}, Map(ANY), "map[object]", None),
    ({"type": "object", "additionalProperties": False}, ANY, "object", "object"),
    (ref("Labels"), Map(TEXT), "map[str]", None),
    (listed(ref("Labels")), List(Map(TEXT)), "list[map[str]]", None),
    ({"additionalProperties": listed(ref("Kind"))}, Map(List(KIND)), "map[list[Kind]]", None),
    # unions
    ({"oneOf": [STRING, NUMBER]}, Union((TEXT, COUNT)), "str | int32", None),
    ({"anyOf": [NUMBER, STRING, NUMBER]}, Union((COUNT, TEXT)), "int32 | str", None),
    ({"oneOf": [ref("with_Thing")], "nullable": True}, Nullable(THING), "WithThing", None),
    ({"oneOf": [STRING, {}]}, ANY, "object", "object"),
    (
        {"oneOf": [dict(STRING, **NULL), ref("Either")]},
        Nullable(Union((TEXT, THING, OTHER))),
        "str | WithThing | Other",
        "str | WithThing | Other | null",
    ),
    (listed(ref("Either")), List(Union((THING, OTHER))), "list[WithThing | Other]", None),
    # what leads back to itself
    (ref("Json"), Union((TEXT, COUNT, List(ANY))), "str | int32 | list[object]", None),
    (ref("Tree"), Map(ANY), "map[object]", None),
    (ref("Named"), Map(Reference("NamedInner")), "map[NamedInner]", None),
    (ref("Nodes"), List(Reference("NodesInner")), "list[NodesInner]", None),
]


@pytest.mark.parametrize("node, expected, text, notation", TYPES)
def test_what_a_type_is(node, expected, text, notation):
    found = fields(passed(dict(SCHEMAS, Holder=thing(a=node))), "Holder")["a"]
    assert found.type == expected and found.nullable is found.type.nullable
    assert text is None or str(found.type) == text
    assert notation is None or found.type.notation == notation


def test_what_only_stands_for_something_has_no_class():
    names = {each.name for each in passed(SCHEMAS).schemas}
    assert names.isdisjoint({"Labels", "Either", "Json", "Tree", "Nodes"})
    assert names >= {"WithThing", "Other", "Kind", "ThingWhereInput"}


def test_schemas_are_what_references_say():
    kinds = {each.name: each.kind for each in passed(SCHEMAS).schemas}
    assert kinds["WithThing"] == kinds["ThingWhereUniqueInput"] == "model"
    assert kinds["Kind"] == "enum" and kinds["ThingOrderByInput"] == "order_by"
    assert kinds["ThingWhereInput"] == "where"


def test_nullability_of_bodies_parameters_and_responses():
    made = passed(
        SCHEMAS,
        {
            "/x": {
                "post": operation(
                    "DoX",
                    body=dict(listed(ref("with_Thing")), **NULL),
                    returns=dict(STRING, **NULL),
                )
            }
        },
    ).operations[0]
    assert made.body.type == Nullable(List(THING)) and made.body.name == "with_thing"
    assert made.returns == Nullable(TEXT) and str(made.returns) == "str"
    assert made.doc == "Do x: one for each element of the body."


# ---- inline objects ------------------------------------------------------------


def test_inline_objects_in_unions_and_maps_become_schemas():
    made = passed(
        {
            "Holder": thing(
                either={"oneOf": [thing(a=STRING), STRING, listed(thing(b=STRING))]},
                named={"additionalProperties": thing(c=STRING)},
                alone={"oneOf": [thing(d=STRING)]},
            )
        }
    )
    found = {json: each.type for json, each in fields(made, "Holder").items()}
    first, second = Reference("HolderEitherOneOf"), Reference("HolderEitherOneOf1")
    assert found["either"] == Union((first, TEXT, List(second)))
    assert found["named"] == Map(Reference("HolderNamed"))
    assert found["alone"] == Reference("HolderAlone")
    assert set(fields(made, "HolderEitherOneOf1")) == {"b"}


# ---- questions -----------------------------------------------------------------


def test_questions():
    kind = Nullable(List(Nullable(Union((THING, Map(KIND), TEXT)))))
    assert kind.bare.item == kind.bare.parts[0] and kind.item is None
    assert list(kind.leaves()) == [THING, KIND, TEXT]
    assert kind.references() == [THING, KIND]
    assert kind.leaf == Union((THING, Map(KIND), TEXT))
    assert Nullable(List(List(THING))).leaf == THING.leaf == THING
    assert [each.kind for each in (kind, kind.bare, kind.leaf, Map(TEXT), TEXT, THING, KIND)] == (
        ["nullable", "list", "union", "map", "scalar", "model", "enum"]
    )
    assert TEXT.is_scalar and not THING.is_scalar and not THING.is_filter
    assert Reference("XWhereInput", "where").is_filter
    assert List(TEXT) == List(TEXT) and len({List(TEXT), List(TEXT), List(COUNT)}) == 2


def test_a_change_reaches_all_references():
    kind = Nullable(List(Union((THING, Map(KIND), TEXT))))
    renamed = kind.mapped(lambda each: Reference(each.name + "X", each.kind))
    assert renamed.notation == "list[WithThingX | map[KindX] | str] | null"
    # which may become one, or nullable
    assert Union((THING, OTHER)).mapped(lambda each: THING) == THING
    assert nullable(THING).mapped(nullable) == Nullable(THING) == nullable(Nullable(THING))


def test_a_union_is_as_simple_as_can_be():
    assert union([TEXT]) == union([TEXT, TEXT]) == TEXT
    assert union([TEXT, Nullable(TEXT)]) == Nullable(TEXT)
    assert union([Nullable(TEXT), Union((COUNT, TEXT))]) == Nullable(Union((TEXT, COUNT)))
    assert union([TEXT, ANY]) == ANY and union([Nullable(ANY), COUNT]) == Nullable(ANY)


def test_a_list_has_an_item():
    with pytest.raises(TypeError):
        List()


# ---- who asks ------------------------------------------------------------------

POSTS = {
    "/get-thing": {"post": operation("GetThing", returns=ref("Thing"))},
    "/get-other": {"post": operation("GetOther", tag="Other")},
}


@pytest.mark.parametrize(
    "node",
    [
        {"oneOf": [STRING, ref("Part")]},
        {"additionalProperties": ref("Part")},
        dict(listed({"anyOf": [NUMBER, {"additionalProperties": ref("Part")}]}), **NULL),
    ],
    ids=["union", "map", "deeper"],
)
def test_schemas_in_unions_and_maps_are_reached(node, tmp_path):
    schemas = {"Thing": thing(a=node), "Part": thing(id=STRING), "Lost": thing(id=STRING)}
    homes = {each.name: each.module for each in passed(schemas, POSTS).schemas}
    assert homes == {"Thing": "thing", "Part": "thing", "Lost": "common"}
    # sent or received: a field that becomes nullable may break who reads it
    strict = passed(schemas, POSTS)
    lenient = passed(dict(schemas, Part=thing(id=dict(STRING, **NULL))), POSTS)
    assert [each.breaking for each in diff.compare(strict, lenient)] == [True]
    # and the reference links it
    status, out = generated(tmp_path, document(schemas, POSTS))
    assert status == 0 and '("a", "' in (out / "cloudtower/models/thing.py").read_text("utf-8")


@pytest.mark.parametrize(
    "before, after, detail",
    [
        (
            {"oneOf": [STRING, NUMBER]},
            {"oneOf": [STRING]},
            "text instead of text or 32-bit integer",
        ),
        (
            {"type": "object"},
            {"additionalProperties": NUMBER},
            "map of 32-bit integer instead of any value",
        ),
        (
            listed(STRING),
            listed(dict(STRING, **NULL)),
            "list of text or null instead of list of text",
        ),
    ],
)
def test_changes_that_the_tables_do_not_show(before, after, detail):
    old, new = (passed({"Thing": thing(a=node)}) for node in (before, after))
    assert [each.text for each in diff.compare(old, new)] == ["is " + detail]


def test_a_response_that_becomes_nullable():
    old, new = (
        passed(paths={"/x": {"post": operation("GetX", returns=node)}})
        for node in (STRING, dict(STRING, **NULL))
    )
    assert [each.text for each in diff.compare(old, new)] == [
        "returns text or null instead of text"
    ]


@pytest.mark.parametrize(
    "node",
    [
        STRING,
        dict(STRING, **NULL),
        listed(STRING),
        {"additionalProperties": STRING},
        {"oneOf": [NUMBER, STRING]},
    ],
)
def test_secrets_in_whatever_holds_text(node):
    made = fields(passed({"Thing": thing(password=node, token=NUMBER)}), "Thing")
    assert made["password"].secret and not made["token"].secret


def test_a_filter_with_a_type_of_no_family():
    node = dict(type="object", additionalProperties=STRING, **NULL)
    logic = {name: dict(listed(ref("ThingWhereInput")), **NULL) for name in ("AND", "OR", "NOT")}
    moment = {"type": "string", "format": "date-time", "nullable": True}
    made = passed({"ThingWhereInput": thing(labels=node, free=dict(NULL), at=moment, **logic)})
    (schema,) = made.schemas
    assert schema.form == "where" and schema.rows == ()
    assert [each.json for each in schema.plain] == ["at", "free", "labels"]


def test_the_reference_says_what_unions_and_maps_hold():
    from codegen import reference

    made = passed(SCHEMAS)
    link = reference.text_filters(made)["type_link"]
    assert link(Nullable(List(List(THING)))).startswith("list of list of [WithThing](")
    assert link(Map(KIND)).startswith("map of [Kind](")
    assert " or [Other](" in link(Union((THING, OTHER)))
    assert link(Union((TEXT, COUNT))) == "`str \\| int32`" and link(Nullable(TEXT)) == "`str`"


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf", "additionalProperties"])
def test_what_they_hold_is_checked(keyword, tmp_path):
    wrong = {"type": "array"}
    node = {keyword: wrong if keyword == "additionalProperties" else [wrong]}
    status, out = generated(tmp_path, json.dumps(document({"Thing": thing(a=node)})))
    assert status != 0 and not out.exists()
