"""What of a document nobody looks at is said, with its place."""

import json

import pytest
from test_any_document import (
    COUNT,
    FIRST,
    FLAG,
    MOMENT,
    SECOND,
    TEXT,
    answers,
    call,
    component,
    header,
    query,
    thing,
    with_tags,
)
from test_odd_documents import RIGHT, newer, with_encoding
from tiny import NO_SOURCES, document, json_of, listed, operation, ref, saved

from codegen.__main__ import main, passed

UNCHECKED = "says which values are valid, which the client does not check"
UNREAD = "is not understood, and left out"
UNMADE = "has requests that the server sends, for which nothing is made"
LOOSE = "says which members must be there, which the client checks of properties alone"
SUBJECT = "#/components/schemas/Subject"
CALL = "#/paths/~1DoIt/post"
BODY = CALL + "/requestBody/content/"
TWO = {"content": {"application/json": {"schema": FIRST}, "text/csv": {"schema": TEXT}}}


def limited(keyword, value):
    """A document with one more keyword in a schema."""
    return component(thing(a={keyword: value}))


LIMITED = dict(TEXT, enum=["a", "b"], minLength=1)
WITHIN = "says which values are valid (%s), which the client checks of a property alone"

#: name -> (document, its remarks)
ODD = {
    keyword: (limited(keyword, value), ["%s/properties/a/%s: %s" % (SUBJECT, keyword, UNCHECKED)])
    for keyword, value in {
        "pattern": "^a",
        "maxLength": 5,
        "maxItems": 5,
        "uniqueItems": True,
        "exclusiveMaximum": 5,
        "multipleOf": 2,
        "minProperties": 1,
        "not": TEXT,
        "propertyNames": TEXT,
        "contains": TEXT,
        "dependentRequired": {"a": ["b"]},
        "if": FIRST,
    }.items()
}
ODD.update(
    {
        "one keyword at several places": (
            component(thing(a=dict(TEXT, pattern="a"), b=dict(TEXT, pattern="b"))),
            ["%s/properties/a/pattern: %s (and one more place like it)" % (SUBJECT, UNCHECKED)],
        ),
        "a keyword that is misspelled": (
            component(thing(a=dict(TEXT, nulable=True))),
            ["%s/properties/a/nulable: %s" % (SUBJECT, UNREAD)],
        ),
        "a body that is misspelled": (
            call(requestbody=json_of(FIRST)),
            ["%s/requestbody: %s" % (CALL, UNREAD)],
        ),
        "callbacks": (call(callbacks={}), ["%s/callbacks: %s" % (CALL, UNMADE)]),
        "webhooks": (newer(dict(call(), webhooks={})), ["#/webhooks: " + UNMADE]),
        "members beside a reference": (
            dict(
                call(parameters=[{"$ref": "#/x-p", "required": True}]), **{"x-p": query("a", COUNT)}
            ),
            ["%s/parameters/0/required: stands beside a $ref, and is left out" % CALL],
        ),
        "another body": (
            call(requestBody=TWO),
            [BODY + "text~1csv: is left out: the client has application/json in its place"],
        ),
        "another response": (
            answers({"200": TWO}),
            [
                "%s/responses/200/content/text~1csv: is left out: the client has application/json"
                " in its place" % CALL
            ],
        ),
        "a form beside JSON": (
            call(
                requestBody={
                    "content": {
                        "application/json": {"schema": SECOND},
                        "multipart/form-data": {"schema": FIRST},
                    }
                }
            ),
            [
                BODY + "application~1json: is left out: the client has multipart/form-data in its"
                " place"
            ],
        ),
        "headers of the client": (
            call(parameters=[header("Accept"), header("content-length", COUNT)]),
            [
                "%s/parameters/0: is left out: the client sets the header Accept itself" % CALL,
                "%s/parameters/1: is left out: the client sets the header content-length itself"
                % CALL,
            ],
        ),
        "the type of a file": (
            with_encoding(f={"contentType": "image/png"}),
            [
                BODY + "multipart~1form-data/encoding/f: is left out: the name of a file says"
                " what is in it"
            ],
        ),
        "a discriminator of what is not a class": (
            component(
                {
                    "oneOf": [ref("Cat"), COUNT],
                    "discriminator": {"propertyName": "kind"},
                },
                Cat=thing(meow=TEXT),
            ),
            [
                SUBJECT + "/discriminator: says nothing of the type int32",
                SUBJECT + "/discriminator: names 'kind', which is not a property of Cat",
            ],
        ),
        "limits of the elements of a list": (
            component(thing(a={"type": "array", "minItems": 1, "items": dict(COUNT, minimum=1)})),
            [SUBJECT + "/properties/a/items: " + WITHIN % "minimum"],
        ),
        "limits of the members of a map": (
            component({"type": "object", "additionalProperties": LIMITED}),
            [SUBJECT + "/additionalProperties: " + WITHIN % "minLength, enum"],
        ),
        "limits of one of several types": (
            component(thing(a={"oneOf": [dict(COUNT, maximum=5), LIMITED]})),
            [
                SUBJECT + "/properties/a/oneOf/0: " + WITHIN % "maximum",
                SUBJECT + "/properties/a/oneOf/1: " + WITHIN % "minLength",
                SUBJECT + "/properties/a/oneOf/1: " + WITHIN % "enum",
            ],
        ),
        "another server": (
            document(servers=[{"url": "/a"}, {"url": "https://x/a/"}, {"url": "/b"}]),
            ["#/servers/2: is left out: requests go below the path of the first server"],
        ),
        "a minimum above the maximum": (
            component(thing(a=dict(COUNT, minimum=5, maximum=2))),
            [SUBJECT + "/properties/a/minimum: is greater than maximum, so that no value is valid"],
        ),
        "a default outside of a limit": (
            component(
                thing(
                    a=dict(COUNT, minimum=5, default=2),
                    b=dict(COUNT, maximum=5, default=9),
                    c=dict(TEXT, minLength=2, default="x"),
                    d=dict(listed(TEXT), minItems=1, default=[]),
                    e=dict(COUNT, minimum=5, maximum=9, default=5),
                )
            ),
            [
                SUBJECT + "/properties/a/default: 2 is outside of minimum 5",
                SUBJECT + "/properties/b/default: 9 is outside of maximum 5",
                SUBJECT + '/properties/c/default: "x" is outside of minLength 2',
                SUBJECT + "/properties/d/default: [] is outside of minItems 1",
            ],
        ),
        "a required property that is only read": (
            component(dict(thing(a=dict(TEXT, readOnly=True), b=TEXT), required=["a", "b"])),
            [
                SUBJECT + "/properties/a/readOnly: is of a required property, which the client"
                " demands of requests too"
            ],
        ),
        "a required property that is only written": (
            component(dict(thing(a=dict(TEXT, writeOnly=True), b=TEXT), required=["a", "b"])),
            [
                SUBJECT + "/properties/a/writeOnly: is of a required property, which the client"
                " expects of responses too"
            ],
        ),
        "members of what has no properties": (
            component(
                thing(
                    a={"type": "object", "required": ["x"]},
                    b={"oneOf": [ref("Thing"), COUNT], "required": ["x"]},
                    c={"additionalProperties": TEXT, "required": ["x"]},
                ),
                Thing=FIRST,
            ),
            [SUBJECT + "/properties/%s/required: %s" % (each, LOOSE) for each in "abc"],
        ),
        "limits of another type": (
            component(
                thing(
                    a=dict(TEXT, minimum=1),
                    b=dict(TEXT, minItems=1),
                    c=dict(COUNT, minLength=1),
                    d=dict(ref("Thing"), minLength=1),
                    e=dict(FLAG, maximum=1),
                ),
                Thing=FIRST,
            ),
            [
                "%s/properties/%s: says nothing of the type %s" % (SUBJECT, place, kind)
                for place, kind in (
                    ("a/minimum", "str"),
                    ("b/minItems", "str"),
                    ("c/minLength", "int32"),
                    ("d/minLength", "Thing"),
                    ("e/maximum", "bool"),
                )
            ],
        ),
        "limits of several types": (
            newer(
                component(thing(a={"type": ["string", "integer"], "minimum": 5, "minLength": 2}))
            ),
            [],
        ),
        "a filter with members of any name": (
            component(
                thing(where=ref("VmWhereInput"), more=ref("HostWhereInput")),
                VmWhereInput=dict(thing(a=TEXT), additionalProperties=True),
                HostWhereInput=dict(thing(a=TEXT), additionalProperties=TEXT),
            ),
            [
                "#/components/schemas/VmWhereInput: is a filter with members that have no name,"
                " which the client refuses (and one more place like it)"
            ],
        ),
        "media types that say more": (
            call(
                requestBody={"content": {"application/vnd.x+json;v=1": {"schema": FIRST}}},
                responses={
                    "200": {"content": {"application/json; charset=UTF-8": {"schema": FIRST}}},
                    "201": {"content": {"text/csv; charset=utf-16": {"schema": TEXT}}},
                },
            ),
            [
                BODY + "application~1vnd.x+json;v=1: has parameters, which are left out: the client"
                " says application/vnd.x+json",
                CALL + "/responses/201/content/text~1csv;%20charset=utf-16: has parameters,"
                " which are left out: the client says text/csv",
            ],
        ),
        "members that must be given together": (
            component(
                dict(thing(a=TEXT, b=TEXT), anyOf=[{"required": ["a"]}, {"required": ["b"]}])
            ),
            [
                SUBJECT + "/anyOf: says which members must be given together, which the client"
                " does not check"
            ],
        ),
        "a union without members": (
            component(thing(a={"oneOf": []})),
            [SUBJECT + "/properties/a/oneOf: has no members, and is left out"],
        ),
        "what changes nothing": (
            newer(
                dict(
                    component(
                        thing(
                            a=dict(TEXT, description="", example=5, xml={}, readOnly=True),
                            b=dict(ref("Kind"), summary="", description=""),
                            c={"type": "string", "contentEncoding": "base64"},
                        ),
                        Kind=dict(TEXT, enum=["a"], title="", **{"x-enum-varnames": ["A"]}),
                    ),
                    tags=[{"name": "Thing"}],
                    externalDocs={"url": ""},
                    **{"x-more": 1}
                )
            ),
            [],
        ),
    }
)


@pytest.mark.parametrize("name", ODD)
def test_what_nobody_looks_at_is_said(name):
    content, remarks = ODD[name]
    assert list(passed(content, NO_SOURCES).remarks) == remarks


# ---- what is not lost


def subject(schema, **schemas):
    made = passed(component(schema, **schemas), NO_SOURCES)
    fields = next(each for each in made.schemas if each.name == "Subject").fields
    return {each.json: each for each in fields}


def test_deprecation_of_what_has_no_class():
    found = subject(
        thing(
            a=ref("Old"),
            b={"allOf": [dict(TEXT, deprecated=True)]},
            c={"allOf": [ref("Older")]},
            d=ref("Class"),
        ),
        Old=dict(TEXT, deprecated=True),
        Older=ref("Old"),
        Class=dict(FIRST, deprecated=True),
    )
    assert {name: each.deprecated for name, each in found.items()} == {
        "a": True,
        "b": True,
        "c": True,
        "d": False,
    }


def test_a_deprecated_part_of_a_property():
    old = dict(TEXT, deprecated=True)
    assert subject({"allOf": [thing(a=TEXT), thing(a=old)]})["a"].deprecated


def test_defaults_of_classes():
    found = subject(
        thing(a=ref("Kind"), b=ref("First"), c=dict(ref("Kind"), default="b")),
        Kind=dict(TEXT, enum=["a", "b"], default="a"),
        First=dict(FIRST, default={"name": "x"}),
    )
    assert {name: dict(each.limits)["default"] for name, each in found.items()} == {
        "a": "a",
        "b": {"name": "x"},
        "c": "b",
    }


def test_limits_of_parts_hold_together():
    found = subject(
        {
            "allOf": [
                thing(a=dict(COUNT, minimum=1, maximum=9), b=dict(TEXT, enum=["x", "y"])),
                thing(a=dict(COUNT, minimum=3, maximum=20), b=dict(TEXT, enum=["y", "z"])),
            ]
        }
    )
    assert dict(found["a"].limits) == {"minimum": 3, "maximum": 9}
    assert dict(found["b"].limits) == {"enum": ("y",)}


@pytest.mark.parametrize(
    "first, second, expected",
    [
        (TEXT, MOMENT, "datetime"),
        ({"type": "number"}, {"type": "integer"}, "int64"),
        (COUNT, {"type": "number"}, "int32"),
        (dict(TEXT, nullable=True), TEXT, "str"),
        (dict(TEXT, nullable=True), dict(TEXT, nullable=True), "str | null"),
        ({"oneOf": [TEXT, COUNT]}, TEXT, "str"),
        ({"oneOf": [FLAG, COUNT]}, {"type": "number"}, "int32"),
        (listed({"type": "integer"}), listed(COUNT), "list[int32]"),
        ({"additionalProperties": True}, {"additionalProperties": TEXT}, "map[str]"),
        ({}, dict(TEXT, nullable=True), "str | null"),
        (TEXT, ref("Kind"), "Kind"),
        ({"type": "object", "additionalProperties": True}, ref("First"), "SubjectA"),
    ],
)
def test_a_property_of_two_parts_is_of_both_types(first, second, expected):
    for parts in ([first, second], [second, first]):
        found = subject(
            {"allOf": [thing(a=each) for each in parts]}, Kind=dict(TEXT, enum=["a"]), First=FIRST
        )
        assert found["a"].type.notation == expected


def test_values_of_one_of_several_constants():
    made = subject(thing(a={"oneOf": [dict(TEXT, enum=["a"]), dict(TEXT, enum=["b", "a"])]}))
    assert dict(made["a"].limits) == {"enum": ("a", "b")}


@pytest.mark.parametrize("url, path", [("v2/api", "/v2/api"), ("./api/", "/api"), ("", "")])
def test_the_path_of_a_server(url, path):
    assert passed(document(servers=[{"url": url}]), NO_SOURCES).server == path


@pytest.mark.parametrize("required, expected", [(True, True), (False, False), (None, False)])
def test_a_body_is_required_where_the_document_says_so(required, expected):
    body = dict(json_of(FIRST), **({} if required is None else {"required": required}))
    made = passed(document(paths={"/x": {"post": operation("X", requestBody=body)}}), NO_SOURCES)
    assert made.operations[0].body.required == expected


# ---- discriminators


def told(content):
    """{class: the values of its property kind}, and the types of all operations."""
    made = passed(content, NO_SOURCES)
    values = {
        schema.name: dict(each.limits).get("enum")
        for schema in made.schemas
        for each in schema.fields
        if each.json == "kind"
    }
    return values, {str(each.returns) for each in made.operations}


def test_a_discriminator_says_the_values_of_its_property():
    mapping = {"c": "#/components/schemas/Cat", "d": "Dog", "e": "Dog"}
    content = component(
        {
            "oneOf": [ref("Cat"), ref("Dog")],
            "discriminator": {"propertyName": "kind", "mapping": mapping},
        },
        Cat=thing("kind", kind=TEXT),
        Dog=thing("kind", kind=TEXT),
    )
    assert told(content)[0] == {"Cat": ("c",), "Dog": ("d", "e")}


def test_an_object_is_one_of_those_that_inherit():
    content = component(
        {"allOf": [ref("Pet"), thing(meow=TEXT)]},
        Pet=dict(thing("kind", kind=TEXT), discriminator={"propertyName": "kind"}),
        Kitten={"allOf": [ref("Subject"), thing(age=COUNT)]},
    )
    content["paths"]["/Plain"]["post"]["responses"]["200"] = json_of(ref("Pet"))
    values, returned = told(content)
    assert values == {"Pet": None, "Subject": ("Subject",), "Kitten": ("Kitten",)}
    assert "Subject | Kitten | Pet" in returned


# ---- tags and defaults ------------------------------------------------------


def odd(content):
    return passed(content, NO_SOURCES).remarks


def test_a_tag_that_gives_no_class_is_said(tmp_path, capsys):
    assert odd(RIGHT["tags that give no class"]) == tuple(
        "#/paths/~1%s/post/tags: the tag '%s' gives no name of a class, so the operation is in"
        " DefaultApi; rename.tags of an overlay gives it another name" % pair
        for pair in (("A", "虚拟机"), ("B", "主机"))
    )
    path = saved(tmp_path, with_tags("虚拟机"))
    assert main(["--spec", str(path), "--out", str(tmp_path / "out")]) == 0
    said = "codegen: not an error, but odd: #/paths/~1do~10/post/tags: the tag '虚拟机'"
    assert said in capsys.readouterr().err
    assert main(["diff", str(path), str(path)]) == 0
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "schema, value",
    [
        (COUNT, "x"),
        (TEXT, 5),
        (FLAG, "true"),
        (dict(TEXT, enum=["a"]), "z"),
        (listed(TEXT), "x"),
        (ref("Kind"), "z"),
        (thing(a=TEXT), []),
        ({"oneOf": [COUNT, TEXT]}, True),
    ],
)
def test_a_default_of_another_type_is_left_out(schema, value):
    content = component(thing(a=dict(schema, default=value)), Kind=dict(TEXT, enum=["a"]))
    made = passed(content, NO_SOURCES)
    place = "#/components/schemas/Subject/properties/a/default: "
    assert [each[: len(place)] for each in made.remarks] == [place]
    assert json.dumps(value) in made.remarks[0] and "left out" in made.remarks[0]
    subject = next(each for each in made.schemas if each.name == "Subject")
    assert "default" not in dict(subject.fields[0].limits)
