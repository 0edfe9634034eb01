"""More documents of any shape: constructs that the vendor has not used so far."""

import pytest
import verify
from test_any_document import (
    CAT,
    COUNT,
    DAY,
    DOG,
    FILE,
    FIRST,
    FLAG,
    MOMENT,
    SECOND,
    TEXT,
    answers,
    call,
    component,
    echo,
    header,
    posts,
    query,
    thing,
    with_tags,
)
from tiny import document, json_of, listed, operation, ref

#: The keywords of every function of an operation, and what functions and callers use.
KEYWORDS = "async_req _preload_content _return_http_data_only _request_timeout _headers".split()
KEYWORDS += "_allow_all _content_type _request_auth _retry _expect_matches max_matches".split()
ITEM = {"post": operation("P")}
_TAKEN = ("self", "class", "print", "exec", "import", "kwargs", "invoke", "async_req", "body")
URLENCODED = "application/x-www-form-urlencoded"


def newer(made):
    return dict(made, openapi="3.1.0")


def in_path(name, schema=TEXT, **more):
    return dict(query(name, schema, required=True), **dict({"in": "path"}, **more))


def below(path, *parameters, **more):
    """A document with operations of a path, which all have those parameters."""
    calls = {"get": operation("Get"), "put": operation("Put", body=FIRST)}
    return document(paths={path: dict(calls, parameters=list(parameters), **more)})


def sends(media_type, schema, **more):
    return call(requestBody=dict({"content": {media_type: {"schema": schema}}}, **more))


def with_encoding(**encoding):
    media = {"schema": thing(a=TEXT, f=FILE), "encoding": encoding}
    return call(requestBody={"content": {"multipart/form-data": media}})


def with_scheme(**more):
    scheme = dict({"type": "apiKey", "in": "header", "name": "Key"}, **more)
    parts = {"schemas": {}, "securitySchemes": {"Key": scheme}}
    return dict(call(security=[{"Key": []}]), components=parts)


def with_response(node, key):
    """A document with a reference to a response instead of something else."""
    parts = {"schemas": {}, "responses": {"R": json_of(FIRST)}}
    return dict(call(**{key: node}), components=parts)


RESPONSE = {"$ref": "#/components/responses/R"}


def without_id():
    made = call()
    del made["paths"]["/DoIt"]["post"]["operationId"]
    return made


#: name -> document: the client must be right.
RIGHT = {
    # schemas
    "a discriminator": component(
        {
            "oneOf": [ref("Cat"), ref("Dog")],
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"c": "#/components/schemas/Cat"},
            },
        },
        Cat=thing("kind", kind=TEXT, meow=TEXT),
        Dog=thing("kind", kind=TEXT, bark=COUNT),
    ),
    "a discriminator of equal objects": component(
        {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": {"propertyName": "kind"}},
        Cat=thing("kind", kind=TEXT, name=TEXT),
        Dog=thing("kind", kind=TEXT, name=TEXT),
    ),
    "a discriminator of what inherits": component(
        {"allOf": [ref("Pet"), thing(meow=TEXT, friend=ref("Pet"))]},
        Pet=dict(thing("kind", kind=TEXT), discriminator={"propertyName": "kind"}),
    ),
    "read and write only": component(thing(a=dict(TEXT, readOnly=True), b=dict(TEXT, writeOnly=1))),
    "null beside a reference": component(thing(a=dict(ref("Cat"), nullable=True)), Cat=CAT),
    "a type beside a reference": newer(
        component(thing(a=dict(ref("Cat"), type=["object", "null"])), Cat=CAT)
    ),
    "a deprecated reference": newer(component(thing(a=dict(ref("Cat"), deprecated=True)), Cat=CAT)),
    "constants": newer(component(thing(a={"const": 5}, b={"const": "x"}, d={"const": True}))),
    "null alone": newer(component(thing(a={"type": "null"}, b={"oneOf": [{"type": "null"}]}))),
    "allOf in allOf that requires": component(
        {"allOf": [{"allOf": [ref("Cat"), {"required": ["meow"]}]}, {"required": ["meow"]}]},
        Cat=thing(meow=TEXT),
    ),
    "a property of two parts": component(
        {
            "allOf": [
                ref("Base"),
                thing(
                    "a", a=dict(TEXT, enum=["x"]), b=COUNT, c=DAY, d=ref("Kind"), e=listed(COUNT)
                ),
            ]
        },
        Base=thing(
            a=TEXT,
            b={"type": "integer"},
            c=TEXT,
            d=TEXT,
            e=listed({}),
        ),
        Kind=dict(TEXT, enum=["a", "b"]),
    ),
    "an object of two parts": component(
        {"allOf": [thing("a", a=thing(x=TEXT)), thing(a=thing(y=ref("Subject")))]}
    ),
    "an object of two references": component(
        {"allOf": [thing(a=ref("Cat")), thing(a=dict(ref("Dog"), nullable=True))]},
        Cat=CAT,
        Dog=DOG,
    ),
    "allOf of an enumeration and its text": component(
        {"allOf": [TEXT, dict(TEXT, enum=["a", "b"]), dict(TEXT, enum=["b", "c"])]}
    ),
    "allOf with more": component(
        {"allOf": [ref("Cat"), {"type": "object", "additionalProperties": True}]}, Cat=CAT
    ),
    "allOf of one ancestor": component(
        {"allOf": [ref("B"), ref("C")]},
        A=thing(a=TEXT),
        B={"allOf": [ref("A")]},
        C={"allOf": [ref("A"), thing(c=TEXT)]},
    ),
    "mixed values": component({"enum": ["a", 1, True, None, 2.5]}),
    "1 and true": component({"enum": [1, True]}),
    "anything by true, everywhere": newer(
        call(
            requestBody=json_of(True),
            responses={"200": json_of(True)},
        )
    ),
    "one of some constants": newer(component({"oneOf": [{"const": "a"}, {"const": "b"}]})),
    "a reference to true": newer(component(True)),
    "values of two types": newer(component({"type": ["string", "integer"], "enum": ["a", 1]})),
    "inline values of two types": newer(echo({"type": ["string", "integer"], "enum": ["a", 1]})),
    "values with line breaks": component({"type": "string", "enum": ["a\nb", 'c"d', "e\\f"]}),
    "a list, a map or null": newer(
        component({"type": ["object", "array", "null"], "properties": {"z": TEXT}, "items": COUNT})
    ),
    "formats": component(
        thing(**{each: dict(TEXT, format=each) for each in ("byte", "uuid", "ipv4", "other")})
    ),
    "huge integers": component(
        thing(a={"type": "integer", "maximum": 10**40, "minimum": -(10**40), "default": 10**30})
    ),
    "lists of lists of itself": component(thing(c=listed(listed(ref("Subject"))))),
    "an object in nothing but a map of itself": component(
        thing(more={"type": "object", "additionalProperties": ref("Subject")})
    ),
    "an object in nothing but a union of itself": component(
        thing(more={"oneOf": [ref("Subject"), COUNT]})
    ),
    "a map of itself": component({"additionalProperties": ref("Subject")}),
    "a moment or a day": component(listed({"oneOf": [MOMENT, DAY]})),
    "one of several formats": component({"oneOf": [DAY, MOMENT, TEXT]}),
    "definitions within": newer(
        component(
            dict(thing(a={"$ref": "#/components/schemas/Subject/$defs/X"}), **{"$defs": {"X": DOG}})
        )
    ),
    # names
    "fields of Python": component(
        thing(**{each: TEXT for each in "__class__ __init__ __dict__ __fields__ _data".split()})
    ),
    "fields like methods of dict": component(thing(get=TEXT, keys=TEXT, items=TEXT, pop=COUNT)),
    "fields of the notation": component(
        thing(type=TEXT, properties=TEXT, items=TEXT, enum=COUNT, required=FLAG, allOf=TEXT)
    ),
    "fields with signs": component(
        thing(
            **{"a.b": TEXT, "c-d": COUNT, "1st": FLAG, "中文": TEXT, "@type": TEXT, "$ref": COUNT}
        )
    ),
    "a field with a space": component(thing("a b", **{"a b": TEXT})),
    "parameters with signs": call(parameters=[query("a.b"), query("c[d]", COUNT), query("2nd")]),
    "keywords of calls": call(parameters=[query(each, COUNT) for each in KEYWORDS]),
    "required keywords of calls": call(
        body=FIRST, parameters=[query(each, COUNT, required=True) for each in KEYWORDS]
    ),
    "operationIds with signs": document(
        paths={
            "/%d" % number: {"post": operation(each)}
            for number, each in enumerate(
                ["Do It", "vm.start.now", "a/b", "1st", "import", "x-y", "print", "exec"]
            )
        }
    ),
    "schemas with signs": document(
        {"com.smartx.Vm": FIRST, "Page«Vm»": SECOND},
        posts(A=operation("A", body=ref("com.smartx.Vm"), returns=ref("Page«Vm»"))),
    ),
    "schemas like types": document(
        {each: thing(a=TEXT) for each in "str int32 object file List Dict Datetime".split()},
        posts(
            **{
                each: operation(each, body=ref(each), returns=listed(ref(each)))
                for each in "str int32 object file List Dict Datetime".split()
            }
        ),
    ),
    "schemas that give the body a name of Python's": document(
        {each: thing(a=TEXT) for each in _TAKEN},
        posts(
            **{each: operation(each, body=ref(each), parameters=[query("a")]) for each in _TAKEN}
        ),
    ),
    "an inline object equal to the schema of its name": document(
        {"Pet": thing(tag=DOG, tags=listed(DOG)), "PetTag": DOG},
        posts(A=operation("A", body=ref("Pet"), returns=ref("PetTag"))),
    ),
    "null in a part": component(
        thing(a={"allOf": [ref("Cat"), {"nullable": True}]}, b=ref("Kitten")),
        Cat=CAT,
        Kitten={"allOf": [ref("Cat"), {"nullable": True}]},
    ),
    # operations
    "notes among responses": answers({"200": json_of(FIRST), "x-note": "n", "x-more": {"a": []}}),
    "two media types": call(
        requestBody={
            "content": {"application/xml": {"schema": FIRST}, "application/json": {"schema": FIRST}}
        }
    ),
    "an optional body": call(requestBody=dict(json_of(FIRST), required=False)),
    "text without a schema": answers({"200": {"content": {"text/plain": {}}}}),
    "an error alone": answers({"400": json_of(FIRST)}),
    "headers of a response": answers({"200": dict(json_of(FIRST), headers={"x": {"schema": {}}})}),
    "a body without a schema": call(requestBody={"content": {"application/json": {}}}),
    "a form with a boundary": call(
        requestBody={"content": {"multipart/form-data; boundary=x": {"schema": thing(a=TEXT)}}}
    ),
    "a form as of a page": sends(
        URLENCODED, thing("a", a=TEXT, b=COUNT, c=FLAG, d=listed(TEXT), e=MOMENT)
    ),
    "a text": sends("text/plain; charset=utf-8", TEXT, required=True),
    "a text that may be left out": sends("text/csv", TEXT),
    "a text without a schema": call(requestBody={"content": {"text/plain": {}}}),
    "a name in the path": below("/x/{id}", in_path("id")),
    "names of all types in the path": below(
        "/{a}/x-{b}.json/{c}/{d}/{e}/{f}",
        in_path("a", COUNT),
        in_path("b", FLAG),
        in_path("c", MOMENT),
        in_path("d", dict(TEXT, enum=["a", "b/c"])),
        in_path("e", {"oneOf": [TEXT, COUNT]}),
        in_path("f", dict(TEXT, nullable=True)),
    ),
    "names that Python has in the path": below(
        "/{self}/{class}/{body}", *(in_path(each) for each in ("self", "class", "body"))
    ),
    "a number as text": answers({"200": {"content": {"text/plain": {"schema": COUNT}}}}),
    "text or JSON, by status": answers(
        {"200": {"content": {"text/plain": {"schema": TEXT}}}, "201": json_of(FIRST)}
    ),
    "two kinds of text": answers(
        {"200": {"content": {"text/csv": {}}}, "201": {"content": {"text/plain": {}}}}
    ),
    "octets as a text": answers(
        {"200": {"content": {"application/octet-stream": {"schema": TEXT}}}}
    ),
    "callbacks and webhooks": dict(newer(call(callbacks={})), webhooks={"n": ITEM}),
    "tags of one class": call(tags=["Vm Disk", "VmDisk"]),
    "tags that give no class": document(
        paths=posts(
            A=operation("A", "虚拟机"), B=operation("B", "主机"), C=operation("C", "Default")
        )
    ),
    "no security": call(security=[{}]),
    "shared path items": newer(
        dict(
            document(paths={"/a": {"$ref": "#/components/pathItems/A"}}),
            components={"pathItems": {"A": ITEM}},
        )
    ),
    "defaults": call(
        parameters=[query("a", dict(COUNT, default=5)), query("b", dict(FLAG, default=False))],
        body=thing(
            a=dict(listed(TEXT), default=[]),
            b=dict(thing(z=TEXT), default={"z": "q"}),
            c=dict(TEXT, default=None, nullable=True),
            d=dict(TEXT, enum=["a"], default="a"),
            e=dict({"oneOf": [COUNT, TEXT]}, default="x"),
        ),
    ),
}

#: name -> (document, the place that is refused)
REFUSED = {
    "an operation __init__": (call("__init__"), "#/paths/~1__init__/post"),
    "no operationId": (without_id(), "#/paths/~1DoIt/post: has no operationId"),
    "an operationId twice": (
        document(paths={"/x": {"post": operation("Q")}, "/y": {"post": operation("Q")}}),
        "#/paths/~1y/post (Q)",
    ),
    "an item twice": (
        document(paths={"/a/b": ITEM, "/c": {"$ref": "#/paths/~1a~1b"}}),
        "#/paths/~1a~1b/post (P of /c): the method 'p' is also that of #/paths/~1a~1b/post (P)",
    ),
    "a name in the path without a parameter": (
        document(paths={"/x/{id}": {"get": operation("Q", parameters=[query("id")])}}),
        "#/paths/~1x~1{id}/get: has no parameter for {id}",
    ),
    "a parameter of the path that is not there": (
        below("/x", in_path("id")),
        "#/paths/~1x/parameters/0: is in the path /x, which has no {id}",
    ),
    "a name twice in the path": (below("/{id}/{id}", in_path("id")), "#/paths/~1{id}~1{id}/get"),
    "a brace alone": (below("/{id", in_path("id")), "#/paths/~1{id/get: has a path"),
    "a name in the path that may be left out": (
        below("/{id}", in_path("id", required=False)),
        "#/paths/~1{id}/parameters/0: is in the path and not required",
    ),
    "a list in the path": (
        below("/{id}", in_path("id", listed(TEXT))),
        "#/paths/~1{id}/parameters/0: is of the type list[str]",
    ),
    "a style of the path": (
        below("/{id}", in_path("id", style="matrix")),
        "#/paths/~1{id}/parameters/0/style",
    ),
    "a mapping to nothing": (
        component(
            {
                "oneOf": [ref("Cat"), ref("Dog")],
                "discriminator": {"propertyName": "kind", "mapping": {"a": "Cow"}},
            },
            Cat=thing(kind=TEXT),
            Dog=thing("kind", kind=TEXT),
        ),
        "#/components/schemas/Subject/discriminator/mapping/a: leads to none of Cat, Dog",
    ),
    "a discriminator without a property": (
        component(dict(CAT, discriminator={})),
        "#/components/schemas/Subject/discriminator: has no propertyName",
    ),
    "a file in a form as of a page": (
        sends(URLENCODED, thing(a=FILE)),
        "#/paths/~1DoIt/post/requestBody/content/application~1x-www-form-urlencoded/schema"
        "/properties/a: is a file",
    ),
    "a number as text, sent": (
        sends("text/plain", COUNT),
        "#/paths/~1DoIt/post/requestBody/content/text~1plain: is text",
    ),
    "a cookie": (
        call(parameters=[dict(query("a"), **{"in": "cookie"})]),
        "#/paths/~1DoIt/post/parameters/0/in",
    ),
    "no name of a header": (
        call(parameters=[header("x y")]),
        "#/paths/~1DoIt/post/parameters/0",
    ),
    "a body of octets": (
        sends("application/octet-stream", FILE),
        "#/paths/~1DoIt/post/requestBody/content: is neither JSON nor text nor a form",
    ),
    "members beside a reference": (
        newer(component(thing(a=dict(ref("Cat"), additionalProperties=TEXT)), Cat=CAT)),
        "#/components/schemas/Subject/properties/a/additionalProperties",
    ),
    "properties if": (
        newer(component(dict(FIRST, **{"if": FIRST, "then": SECOND}))),
        "#/components/schemas/Subject/then",
    ),
    "a schema of another type": (
        newer(component(dict(FIRST, type=["object", "string"], enum=["a"]))),
        "#/components/schemas/Subject",
    ),
    "fields with one name": (
        component(thing(fooBar=TEXT, foo_bar=TEXT)),
        "#/components/schemas/Subject/properties/foo_bar",
    ),
    "a field like a method": (
        component(thing(to_dict=TEXT)),
        "#/components/schemas/Subject/properties/to_dict",
    ),
    "a list of lists of itself": (
        component(listed(ref("A2")), A2=listed(ref("Subject"))),
        "#/components/schemas/A2",
    ),
    "a constant object": (
        newer(component({"const": {"a": 1}})),
        "#/components/schemas/Subject/const",
    ),
    "a constant outside of its enum": (
        newer(component({"const": "a", "enum": ["b"]})),
        "#/components/schemas/Subject/const",
    ),
    "a property of two types": (
        component({"allOf": [thing(a=TEXT), thing(a=COUNT)]}),
        "#/components/schemas/Subject/allOf/1/properties/a: is of the type int32, and another part",
    ),
    "a property of two types, its own first": (
        component(dict({"allOf": [ref("Base")]}, **thing(a=COUNT)), Base=thing(a=listed(TEXT))),
        "#/components/schemas/Base/properties/a: is of the type list[str]",
    ),
    "two enumerations with no value in common": (
        component(thing(a={"allOf": [dict(TEXT, enum=["a"]), dict(TEXT, enum=["b"])]})),
        "#/components/schemas/Subject/properties/a/allOf/1: has no value",
    ),
    "more of two types": (
        component({"allOf": [{"additionalProperties": TEXT}, {"additionalProperties": COUNT}]}),
        "#/components/schemas/Subject/allOf/1: is of the type int32",
    ),
    "a type beside a reference to another": (
        newer(component(thing(a=dict(ref("Text"), type="integer")), Text=TEXT)),
        "#/components/schemas/Subject/properties/a/type",
    ),
    "a type beside a reference to an object": (
        newer(component(thing(a=dict(ref("Cat"), type="string")), Cat=CAT)),
        "#/components/schemas/Subject/properties/a/type",
    ),
    "a format beside a reference": (
        newer(component(thing(a=dict(ref("Text"), format="date-time")), Text=TEXT)),
        "#/components/schemas/Subject/properties/a/format",
    ),
    "a type beside a union of others": (
        component({"type": "string", "oneOf": [ref("Cat"), COUNT]}, Cat=CAT),
        "#/components/schemas/Subject/type",
    ),
    "members that another part may evaluate": (
        newer(component(dict(FIRST, unevaluatedProperties=TEXT))),
        "#/components/schemas/Subject/unevaluatedProperties",
    ),
    "an operation beside a reference": (
        dict(document(paths={"/a": {"$ref": "#/x-i", "get": operation("B")}}), **{"x-i": ITEM}),
        "#/paths/~1a/get: stands beside a $ref",
    ),
    "a status in two cases": (
        answers({"2xx": json_of(FIRST), "2XX": json_of(SECOND)}),
        "#/paths/~1DoIt/post/responses/2XX",
    ),
    "a path with dots": (document(paths={"/a/../b": ITEM}), "#/paths/~1a~1..~1b"),
    "a server with a query": (document(servers=[{"url": "/a?b=1"}]), "#/servers/0/url"),
    "a server with a space": (document(servers=[{"url": "/a b"}]), "#/servers/0/url"),
    "lines of JSON": (
        call(requestBody={"content": {"application/jsonlines": {"schema": FIRST}}}),
        "#/paths/~1DoIt/post/requestBody/content: is neither JSON nor text nor a form",
    ),
    "a style of a text": (
        call(parameters=[query("a", style="deepObject")]),
        "#/paths/~1DoIt/post/parameters/0/style",
    ),
    "a parameter with content and a schema": (
        call(parameters=[query("a", content={"application/json": {"schema": FIRST}})]),
        "#/paths/~1DoIt/post/parameters/0/content",
    ),
    "JSON in a form": (
        with_encoding(a={"contentType": "application/json"}),
        "#/paths/~1DoIt/post/requestBody/content/multipart~1form-data/encoding/a",
    ),
    "an encoding of no field": (
        with_encoding(z={"contentType": "text/plain"}),
        "#/paths/~1DoIt/post/requestBody/content/multipart~1form-data/encoding/z",
    ),
    "an anchor": (
        newer(component(thing(a={"$ref": "#foo"}))),
        "#/components/schemas/Subject/properties/a: $ref leads nowhere",
    ),
    **{
        "an index %s"
        % index: (
            echo(
                {"$ref": "#/components/schemas/X/allOf/%s" % index},
                X={"allOf": [FIRST, SECOND]},
            ),
            "#/paths/~1Plain/post/requestBody/content/application~1json/schema: $ref leads nowhere",
        )
        for index in ("-1", "+1", "01", "0_0", "\u0661")
    },
    **{
        "a reference that is %s"
        % words: (
            echo({"$ref": value}),
            "#/paths/~1Plain/post/requestBody/content/application~1json/schema: $ref must be a"
            " text, not " + words,
        )
        for value, words in ((None, "null"), (5, "a number"), ({"type": "string"}, "an object"))
    },
    "a response for a schema": (
        with_response(RESPONSE, "body"),
        "#/paths/~1DoIt/post/requestBody/content/application~1json/schema: $ref leads to a"
        " response, where a schema belongs",
    ),
    "a response for a body": (
        with_response(RESPONSE, "requestBody"),
        "#/paths/~1DoIt/post/requestBody: $ref leads to a response, where a request body belongs",
    ),
    "a response for a parameter": (
        with_response([RESPONSE], "parameters"),
        "#/paths/~1DoIt/post/parameters/0: $ref leads to a response, where a parameter belongs",
    ),
    "a schema for a response": (
        answers({"200": ref("Thing")}),
        "#/paths/~1DoIt/post/responses/200: $ref leads to a schema, where a response belongs",
    ),
    "a key in a header of no name": (
        with_scheme(name="x y"),
        "#/components/securitySchemes/Key/name: has the name 'x y', which no header can have",
    ),
    "a key in a cookie of no name": (
        with_scheme(name="a;b", **{"in": "cookie"}),
        "#/components/securitySchemes/Key/name: has the name 'a;b', which no cookie can have",
    ),
    "a schema that hides the list of classes": (
        component(TEXT, Catalog=FIRST),
        "#/components/schemas/Catalog: the module 'catalog' of the class would hide",
    ),
    "a tag that hides the list of classes": (
        with_tags("Catalog"),
        "#/paths/~1do~10/post/tags: the module 'catalog' of the tag's classes would hide",
    ),
    "a name twice in an object": (
        '{"openapi": "3.0.0", "paths": {"/a": [{"x": 1}, {"y": 1, "z": {}, "\\u0079": 2}]}}',
        "#/paths/~1a/1/y: stands there twice",
    ),
    "not a number": (
        '{"openapi": "3.0.0", "x-a": ["NaN", {"b\\"}": -Infinity}, 1e999, NaN]}',
        '#/x-a/1/b"}: is -Infinity, which is not a number',
    ),
    "a number that is too great": (
        '{"openapi": "3.0.0", "x-a": [1, 1e999]}',
        "#/x-a/1: is 1e999, which is not a number",
    ),
    "a number that is too long": (
        '{"openapi": "3.0.0", "x-a": %s}' % ("9" * 5000),
        "#/x-a: is a number of 5000 digits",
    ),
    "Swagger 2.0": ({"swagger": "2.0", "paths": {}}, "#/openapi"),
    "only webhooks": ({"openapi": "3.1.0", "webhooks": {}}, "#: has no paths"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_client_is_right(tmp_path, capsys, name):
    assert verify.outcome(tmp_path, RIGHT[name], capsys, seed=len(name))[0] == "right"


@pytest.mark.parametrize("name", RIGHT)
def test_what_an_intake_writes_of_it_says_the_same(name):
    verify.check_written(RIGHT[name])


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_place(tmp_path, capsys, name):
    verify.check_refused(tmp_path, *REFUSED[name], capsys)
