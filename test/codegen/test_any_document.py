"""Documents of any shape: understood and the client right, or refused with the place."""

import json

import pytest
import verify
from tiny import document, json_of, listed, operation, ref

TEXT = {"type": "string"}
COUNT = {"type": "integer", "format": "int32"}
FLAG = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
FILE = {"type": "string", "format": "binary"}


def thing(*required, **properties):
    made = {"type": "object", "properties": properties}
    return dict(made, required=list(required)) if required else made


def query(name, schema=TEXT, **more):
    return dict({"name": name, "in": "query", "schema": schema}, **more)


def header(name, schema=TEXT, **more):
    return dict(query(name, schema, **more), **{"in": "header"})


def posts(**nodes):
    """Paths, a POST each: {operationId: operation}."""
    return {"/%s" % name: {"post": node} for name, node in nodes.items()}


def call(name="DoIt", **more):
    return document(paths=posts(**{name: operation(name, **more)}))


def echo(schema, **schemas):
    """A document whose operations send and return a schema, by itself and within others."""
    holder = thing(a=schema, b=listed(schema))
    paths = posts(
        Plain=operation("Plain", body=schema, returns=schema),
        Within=operation("Within", body=ref("Holder"), returns=ref("Holder")),
        Listed=operation("Listed", body=listed(schema), returns=listed(schema)),
    )
    return document(dict(schemas, Holder=holder), paths)


def component(schema, **schemas):
    return echo(ref("Subject"), Subject=schema, **schemas)


def answers(responses):
    return call(responses=responses)


def form(schema, **schemas):
    content = {"multipart/form-data": {"schema": schema}}
    node = operation("Upload", requestBody={"content": content})
    return document(schemas, posts(Upload=node))


def with_tags(*tags):
    """One operation a tag, of one id."""
    return document(
        paths={"/do/%d" % i: {"post": operation("DoIt", tag)} for i, tag in enumerate(tags)}
    )


def untagged():
    node = operation("DoIt")
    del node["tags"]
    return document(paths=posts(DoIt=node, Other=dict(node, operationId="Other", tags=[])))


def variant(version, schema):
    return dict(echo(schema), openapi=version)


HOST = thing("flag", flag=FLAG, part=thing(x=TEXT), parts=listed(thing(y=TEXT)))
CAT, DOG = thing("meow", meow=TEXT), thing("bark", bark=COUNT)
KINDS = {"oneOf": [ref("Cat"), ref("Dog"), TEXT, listed(COUNT)]}
FIRST, SECOND = thing("name", name=TEXT), thing("size", size=COUNT)
ITEM = {"parameters": [query("limit", COUNT), query("kept")]}
PDF = {"content": {"application/pdf": {"schema": FILE}}}

#: name -> document: the client must be right.
RIGHT = {
    # operations
    "untagged": untagged(),
    "one id under two tags": with_tags("Vm", "Host"),
    "one id with inline bodies under two tags": document(
        paths=posts(
            a=operation("DoIt", "Vm", body=thing(a=TEXT), returns=thing(r=TEXT)),
            b=operation("DoIt", "Host", body=thing(b=TEXT), returns=thing(s=TEXT)),
        )
    ),
    "a tag of Chinese letters": with_tags("虚拟机"),
    "two tags with one class": document(
        paths=posts(A=operation("A", "Vm Disk"), B=operation("B", "VmDisk"))
    ),
    "two tags": call(tags=["Vm", "Host"]),
    "a path item by reference": dict(
        document(paths={"/a": {"$ref": "#/x-items/a"}}),
        **{"x-items": {"a": {"get": operation("A")}}}
    ),
    "methods": document(
        paths={
            "/a": {
                method: operation(method + "It", **more)
                for method, more in {
                    "get": {},
                    "put": {"body": FIRST},
                    "delete": {"body": FIRST},
                    "options": {},
                    "head": {"responses": {"200": {"description": ""}}},
                    "patch": {"body": FIRST},
                }.items()
            }
        }
    ),
    "extensions": dict(
        document(paths={"x-more": 5, "/a": {"x-b": 1, "get": operation("A", **{"x-c": []})}}),
        **{"x-d": None}
    ),
    "no components": {k: v for k, v in call().items() if k != "components"},
    "a server": document(servers=[{"url": "https://a.example/x/v2/"}]),
    "a server with a variable": document(
        servers=[{"url": "https://a.example/{v}/api", "variables": {"v": {"default": "v3"}}}]
    ),
    # parameters
    "a parameter instead of its path's": document(
        paths={
            "/a": dict(ITEM, get=operation("A", parameters=[query("limit", TEXT, required=True)])),
        }
    ),
    "queries": call(
        parameters=[
            query("flag", FLAG),
            query("count", COUNT),
            query("when", MOMENT),
            query("day", DAY),
            query("weight", {"type": "number"}),
            query("kind", {"type": "string", "enum": ["a", "b"]}),
            query("mixed", {"oneOf": [COUNT, TEXT]}),
        ]
    ),
    "lists in a query": call(
        parameters=[
            query("multi", listed(TEXT)),
            query("flags", listed(FLAG)),
            query("csv", listed(COUNT), explode=False),
            query("ssv", listed(COUNT), style="spaceDelimited", explode=False),
            query("pipes", listed(COUNT), style="pipeDelimited", explode=False),
            header("x-list", listed(COUNT)),
            header("x-flag", FLAG),
        ]
    ),
    "names that Python has": call(
        parameters=[
            query(name, COUNT)
            for name in (
                "self class def None kwargs invoke async_req print exec async _headers body "
                "cls args values client operation _request_timeout"
            ).split()
        ]
    ),
    "names that Python has, required": call(
        parameters=[query(n, COUNT, required=True) for n in ("self", "invoke", "kwargs", "class")]
    ),
    "a header spelt in two ways": document(
        paths=posts(
            A=operation("A", parameters=[header("x-trace-id")]),
            B=operation("B", parameters=[header("X_Trace_Id")]),
            C=operation("C", parameters=[header("x_trace_id", COUNT, required=True)]),
            D=operation("D", parameters=[header("X-Trace-Id")]),
        )
    ),
    "a header of two types": document(
        {"Language": dict(TEXT, enum=["en-US", "zh-CN"])},
        posts(
            A=operation("A", parameters=[header("content-language", ref("Language"))]),
            B=operation("B", parameters=[header("content-language", required=True)]),
            C=operation("C", parameters=[header("content-language", COUNT)]),
            D=operation("D"),
        ),
    ),
    # bodies
    "JSON with a charset": call(
        requestBody={"content": {"application/json; charset=utf-8": {"schema": FIRST}}},
        responses={"200": {"content": {"application/json;charset=UTF-8": {"schema": FIRST}}}},
    ),
    "JSON of another name": call(
        requestBody={"content": {"application/merge-patch+json": {"schema": FIRST}}},
        responses={"200": {"content": {"application/hal+json": {"schema": FIRST}}}},
    ),
    "any media type": call(
        requestBody={"content": {"*/*": {"schema": FIRST}}},
        responses={"200": {"content": {"*/*": {"schema": listed(FIRST)}}}},
    ),
    "a body by reference": dict(
        call(requestBody={"$ref": "#/components/requestBodies/B"}),
        components={"schemas": {}, "requestBodies": {"B": json_of(FIRST)}},
    ),
    "a form": form(thing("file", file=FILE, name=TEXT, count=COUNT, flag=FLAG, tags=listed(TEXT))),
    "a form by reference": form(ref("Form"), Form=thing("file", file=FILE, name=TEXT)),
    "a form by allOf": form(
        {"allOf": [ref("Form"), thing("more", more=COUNT)]},
        Form=thing("file", file=FILE, name=TEXT),
    ),
    "several files": form(thing(files=listed(FILE), name=TEXT)),
    # responses
    "2XX": answers({"2XX": json_of(FIRST)}),
    "2xx": answers({"2xx": json_of(FIRST), "4XX": {"description": ""}}),
    "203": answers({"203": json_of(FIRST)}),
    "206": answers({"206": json_of(FIRST), "default": json_of(TEXT)}),
    "default": answers({"default": json_of(FIRST)}),
    "default beside 200": answers({"200": json_of(FIRST), "default": json_of(SECOND)}),
    "default beside 204": answers({"204": {"description": ""}, "default": json_of(SECOND)}),
    "two types": answers({"200": json_of(FIRST), "202": json_of(SECOND), "204": {}}),
    "200 beside 2XX": answers({"200": json_of(FIRST), "2XX": json_of(listed(SECOND))}),
    "text": answers({"200": {"content": {"text/csv": {"schema": TEXT}}}}),
    "a file": answers({"200": PDF}),
    "text or JSON": answers(
        {"200": {"content": {"application/json": {"schema": FIRST}, "text/csv": {"schema": TEXT}}}}
    ),
    "a response by reference": dict(
        answers({"200": {"$ref": "#/components/responses/R"}}),
        components={"schemas": {}, "responses": {"R": json_of(FIRST)}},
    ),
    "without a schema": answers({"200": {"content": {"application/json": {"schema": {}}}}}),
    # schemas
    "a list of inline objects": component(listed(thing(a=TEXT))),
    "a list of lists of inline objects": component(listed(listed(thing(a=TEXT)))),
    "a nullable list of inline objects": component(dict(listed(thing(a=TEXT)), nullable=True)),
    "a reference to a property": echo(ref("Host/properties/flag"), Host=HOST),
    "a reference to an inline object": echo(ref("Host/properties/part"), Host=HOST),
    "a reference to items": echo(ref("Host/properties/parts/items"), Host=HOST),
    "a reference to what comes later": echo(ref("Zoo/properties/part"), Zoo=HOST),
    "a reference with escapes": dict(
        echo({"$ref": "#/x-schemas/a~1b%20c~0"}), **{"x-schemas": {"a/b c~": FIRST}}
    ),
    "oneOf": component(KINDS, Cat=CAT, Dog=DOG),
    "anyOf": component(
        {"anyOf": [ref("Cat"), {"type": "object", "additionalProperties": COUNT}]}, Cat=CAT
    ),
    "oneOf with inline objects": component({"oneOf": [CAT, DOG, {"type": "boolean"}]}),
    "oneOf of enumerations": component({"oneOf": [dict(TEXT, enum=["a"]), COUNT]}),
    "oneOf of moments": component({"oneOf": [MOMENT, COUNT]}),
    "oneOf that only restricts": component(
        dict(thing(a=TEXT, b=TEXT), anyOf=[{"required": ["a"]}, {"required": ["b"]}])
    ),
    "a map": component({"type": "object", "additionalProperties": ref("Cat")}, Cat=CAT),
    "a map of anything": component({"type": "object", "additionalProperties": {}}),
    "a map of lists": component({"additionalProperties": listed(ref("Cat"))}, Cat=CAT),
    "a map of unions": component({"additionalProperties": KINDS}, Cat=CAT, Dog=DOG),
    "a map of maps": component({"additionalProperties": {"additionalProperties": MOMENT}}),
    "an object with more": component(dict(thing("a", a=TEXT), additionalProperties=True)),
    "an object with more of a type": component(
        dict(thing("a", a=TEXT), additionalProperties=ref("Cat")), Cat=CAT
    ),
    "a free object": component({"type": "object"}),
    "an empty object": component({"type": "object", "properties": {}}),
    "anything": component({}),
    "allOf": component({"allOf": [ref("First"), SECOND]}, First=FIRST),
    "allOf of one": component({"allOf": [ref("First")]}, First=FIRST),
    "allOf of a scalar": component({"allOf": [ref("Text")], "nullable": True}, Text=TEXT),
    "allOf of a list": component({"allOf": [listed(ref("First"))]}, First=FIRST),
    "allOf of an enumeration": component(
        {"allOf": [ref("Kind")]}, Kind=dict(TEXT, enum=["a", "b"])
    ),
    "allOf of a scalar and a limit": component({"allOf": [TEXT, {"minLength": 0}]}),
    "allOf of a map": component({"allOf": [ref("Map")]}, Map={"additionalProperties": COUNT}),
    "allOf of a union": component({"allOf": [ref("Either")]}, Either={"oneOf": [COUNT, TEXT]}),
    "allOf by way of an alias": component(
        {"allOf": [ref("Alias"), SECOND]}, Alias=ref("First"), First=FIRST
    ),
    "allOf that requires what another part has": component(
        {"allOf": [ref("First"), {"required": ["size"]}, thing(size=COUNT)]}, First=FIRST
    ),
    "required of a part": component(
        {"allOf": [ref("Base")], "required": ["id"], "properties": {"x": TEXT}}, Base=thing(id=TEXT)
    ),
    "required beside one part": component(
        {"allOf": [ref("Base")], "required": ["id"]}, Base=thing(id=TEXT)
    ),
    "moments": component(thing(a=MOMENT, b=DAY, c=listed(MOMENT), d=listed(DAY))),
    "an alias of an alias": component(ref("B"), B=ref("C"), C=thing(a=TEXT)),
    "a tree": component(thing("n", n=TEXT, children=listed(ref("Subject")))),
    "a union that leads back": component({"oneOf": [COUNT, listed(ref("Subject"))]}),
    # enumerations
    "null in an enumeration": component({"type": "string", "enum": ["a", None], "nullable": True}),
    "null in an inline enumeration": echo(
        {"type": "string", "enum": ["a", None], "nullable": True}
    ),
    "numbers": component({"type": "integer", "enum": [1, 2, -1, 10]}),
    "numbers without a type": component({"enum": [1, 2.5]}),
    "inline numbers": echo({"type": "integer", "enum": [1, 2]}),
    "an empty value": component({"type": "string", "enum": ["", "a"]}),
    "two symbols": component({"type": "string", "enum": ["<", ">"]}),
    "many symbols": component({"type": "string", "enum": ["<", "<=", "", "*", "==", "中", "%$ "]}),
    "a value that others begin with": component({"type": "string", "enum": ["a-", "a-b"]}),
    "true and false": component({"type": "boolean", "enum": [True]}),
    "names of Python": component({"type": "string", "enum": ["None", "class", "1a", "a b"]}),
    # OpenAPI 3.1
    "a type or null": variant("3.1.0", {"type": ["string", "null"]}),
    "an object or null": variant("3.1.0", {"type": ["object", "null"], "properties": {"a": TEXT}}),
    "two types and null": variant("3.1.0", {"type": ["string", "integer", "null"]}),
    "a list or an object": variant(
        "3.1.0", {"type": ["array", "object"], "items": TEXT, "properties": {"a": COUNT}}
    ),
    "a reference or null": dict(
        echo({"anyOf": [ref("Cat"), {"type": "null"}]}, Cat=CAT), openapi="3.1.0"
    ),
    "a constant": variant("3.1.0", {"const": "x"}),
    "a list of anything": variant("3.1.0", {"type": "array"}),
    "anything by true": variant("3.1.0", {"type": "array", "items": True}),
    # names of schemas
    "a schema named like the file of another": document(
        {"Thing": FIRST, "Vm": SECOND},
        posts(
            X=operation("X", "Host", returns=ref("Vm")),
            Y=operation("Y", "Vm", returns=ref("Thing")),
        ),
    ),
    "a parameter named like the body": document(
        {"Thing": FIRST},
        posts(
            X=operation("X", body=ref("Thing"), parameters=[query("thing", COUNT)]),
            Y=operation("Y", body=listed(TEXT), parameters=[query("body", required=True)]),
        ),
    ),
    "classes that modules import": document(
        {
            name: thing(a=TEXT)
            for name in "Model Where OrderBy Enum Any Literal Mapping Sequence".split()
        },
        posts(
            **{
                name: operation(name, body=ref(name), returns=ref(name))
                for name in "Model Where OrderBy Enum Any Literal Mapping Sequence".split()
            }
        ),
    ),
    "fields that Python has": component(
        thing(**{name: TEXT for name in "self class None print async await def".split()})
    ),
    "fields of other letters": component(thing(**{"名": TEXT, "é": COUNT})),
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_client_is_right(tmp_path, capsys, name):
    assert verify.outcome(tmp_path, RIGHT[name], capsys, seed=len(name))[0] == "right"


def nested(depth):
    return '{"openapi": "3.0.0", "paths": {"/x": %s%s}}' % ("[" * depth, "]" * depth)


def changed(content, *path):
    """A document with the last of a path in the place of what the other steps lead to."""
    *keys, last, value = path
    content = json.loads(json.dumps(content))
    node = content
    for key in keys:
        node = node[key]
    node[last] = value
    return content


OPERATION = ("paths", "/DoIt", "post")

#: name -> (document, the place that is refused)
REFUSED = {
    "required: true": (
        component(dict(FIRST, required=True)),
        "#/components/schemas/Subject/required",
    ),
    "a response that is null": (
        changed(call(), *OPERATION, "responses", "200", None),
        "#/paths/~1DoIt/post/responses/200",
    ),
    "an operationId that is a number": (
        changed(call(), *OPERATION, "operationId", 5),
        "#/paths/~1DoIt/post/operationId",
    ),
    "a loop through an inline part": (
        component({"allOf": [{"allOf": [ref("Subject")]}]}),
        "#/components/schemas/Subject",
    ),
    "a loop of references": (component(ref("B"), B=ref("Subject")), "#/components/schemas/"),
    "a list of itself": (component(listed(ref("Subject"))), "#/components/schemas/Subject"),
    "5,000 arrays": (nested(5000), "#/paths/~1x/0/0/0"),
    "300 arrays": (nested(300), "#/paths/~1x/0/0/0"),
    "a name twice": (
        '{"openapi": "3.0.0", "paths": {}, "paths": {}}',
        "#/paths: stands there twice",
    ),
    "not a number": ('{"openapi": "3.0.0", "paths": NaN}', "#/paths: is NaN"),
    "a trace": (document(paths={"/x": {"trace": operation("X")}}), "#/paths/~1x/trace"),
    "a trace by reference": (
        dict(document(paths={"/x": {"$ref": "#/x-i"}}), **{"x-i": {"trace": operation("X")}}),
        "#/x-i/trace",
    ),
    "a method in capitals": (document(paths={"/x": {"GET": operation("X")}}), "#/paths/~1x/GET"),
    "tags that differ only in case": (with_tags("VM", "Vm"), "#/paths/~1do~11/post/tags"),
    "schemas that differ only in case": (
        echo(ref("VmStatus"), VMStatus=thing(a=TEXT), VmStatus=thing(b=TEXT)),
        "#/components/schemas/VmStatus",
    ),
    "a schema ApiClient": (
        component(TEXT, ApiClient=thing(a=TEXT)),
        "#/components/schemas/ApiClient",
    ),
    "a schema NULL": (component(TEXT, NULL=thing(a=TEXT)), "#/components/schemas/NULL"),
    "an enumeration NULL": (
        component(TEXT, NULL=dict(TEXT, enum=["a"])),
        "#/components/schemas/NULL",
    ),
    "a schema like an API": (
        document({"VmApi": FIRST}, posts(A=operation("A", "Vm", body=ref("VmApi")))),
        "#/paths/~1A/post/tags",
    ),
    "an unknown kind": (component({"type": "text"}), "#/components/schemas/Subject/type"),
    "an unknown kind of many": (
        component({"type": ["string", "text"]}),
        "#/components/schemas/Subject/type",
    ),
    "an unknown kind in a query": (
        call(parameters=[query("a", {"type": "any"})]),
        "#/paths/~1DoIt/post/parameters/0/schema/type",
    ),
    "an object in a query": (
        call(parameters=[query("a", thing(a=TEXT))]),
        "#/paths/~1DoIt/post/parameters/0",
    ),
    "a style": (
        call(parameters=[query("a", listed(TEXT), style="deepObject")]),
        "#/paths/~1DoIt/post/parameters/0/style",
    ),
    "a parameter twice": (
        call(parameters=[query("a"), query("a", COUNT)]),
        "#/paths/~1DoIt/post/parameters/1",
    ),
    "two headers of one keyword": (
        call(parameters=[header("x-a"), header("X_A")]),
        "#/paths/~1DoIt/post/parameters/1",
    ),
    "a query of other letters": (
        call(parameters=[query("名")]),
        "#/paths/~1DoIt/post/parameters/0",
    ),
    "a parameter with content": (
        call(parameters=[{"name": "a", "in": "query", "content": {}}]),
        "#/paths/~1DoIt/post/parameters/0",
    ),
    "an object in a form": (
        form(thing(a=thing(b=TEXT))),
        "#/paths/~1Upload/post/requestBody/content/multipart~1form-data/schema/properties/a",
    ),
    "a form that is a map": (
        form({"additionalProperties": TEXT}),
        "#/paths/~1Upload/post/requestBody/content/multipart~1form-data/schema",
    ),
    "the body of a GET": (
        document(paths={"/x": {"get": operation("X", body=FIRST)}}),
        "#/paths/~1x/get/requestBody",
    ),
    "XML": (
        answers({"200": {"content": {"text/xml": {"schema": FIRST}}}}),
        "#/paths/~1DoIt/post/responses/200/content/text~1xml",
    ),
    "a status": (answers({"20": json_of(FIRST)}), "#/paths/~1DoIt/post/responses/20"),
    "servers of an operation": (call(servers=[{"url": "/other"}]), "#/paths/~1DoIt/post/servers"),
    "both oneOf and anyOf": (
        component({"oneOf": [TEXT, COUNT], "anyOf": [TEXT, FLAG]}),
        "#/components/schemas/Subject",
    ),
    "oneOf beside properties": (
        component(dict(FIRST, oneOf=[ref("Cat"), ref("Dog")]), Cat=CAT, Dog=DOG),
        "#/components/schemas/Subject",
    ),
    "properties of a text": (
        component(dict(FIRST, type="string")),
        "#/components/schemas/Subject",
    ),
    "allOf of different kinds": (
        component({"allOf": [TEXT, FIRST]}),
        "#/components/schemas/Subject",
    ),
    "allOf of a union": (
        component({"allOf": [FIRST, {"oneOf": [CAT, DOG]}]}),
        "#/components/schemas/Subject",
    ),
    "properties beside a reference": (
        component(dict(ref("First"), properties={"a": TEXT}), First=FIRST),
        "#/components/schemas/Subject/properties",
    ),
    "patterns of names": (
        component({"patternProperties": {"a": TEXT}}),
        "#/components/schemas/Subject/patternProperties",
    ),
    "an enumeration of nothing": (component({"enum": []}), "#/components/schemas/Subject/enum"),
    "an enumeration of null": (component({"enum": [None]}), "#/components/schemas/Subject/enum"),
    "an enumeration of objects": (component({"enum": [{}]}), "#/components/schemas/Subject/enum/0"),
    "a number that is no text": (
        component({"type": "string", "enum": ["a", 1]}),
        "#/components/schemas/Subject/enum",
    ),
    "fields of every model": (
        component(thing(openapi_types=TEXT)),
        "#/components/schemas/Subject/properties/openapi_types",
    ),
    "an operation api_client": (call("api_client"), "#/paths/~1api_client/post"),
    "a tag that is a keyword": (with_tags("Class"), "#/paths/~1do~10/post/tags"),
    "a tag that is a number": (with_tags("1a"), "#/paths/~1do~10/post/tags"),
    "an unknown scheme": (
        dict(
            call(security=[{"O": []}]),
            components={"schemas": {}, "securitySchemes": {"O": {"type": "oauth2", "flows": {}}}},
        ),
        "#/components/securitySchemes/O",
    ),
    "an enumeration named like a filter": (
        component(TEXT, VmWhereInput=dict(TEXT, enum=["a"])),
        "#/components/schemas/VmWhereInput",
    ),
    "a path without a slash": (document(paths={"x": {"get": operation("X")}}), "#/paths/x"),
    "a path with a query": (document(paths={"/x?a=1": {"get": operation("X")}}), "#/paths/~1x?a=1"),
    "a reference to nothing": (
        echo(ref("Host/properties/nope"), Host=HOST),
        "#/paths/~1Plain/post/requestBody/content/application~1json/schema: $ref leads nowhere",
    ),
    "a reference to a file": (
        echo({"$ref": "other.json"}),
        "#/paths/~1Plain/post/requestBody/content/application~1json/schema: $ref leads out of the document",
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_an_intake_writes_of_it_says_the_same(name):
    verify.check_written(RIGHT[name])


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_its_place(tmp_path, capsys, name):
    verify.check_refused(tmp_path, *REFUSED[name], capsys)


def test_a_byte_order_mark(tmp_path, capsys):
    from codegen.__main__ import main

    path = tmp_path / "document.json"
    path.write_text(json.dumps(call()), encoding="utf-8-sig")
    assert main(["--spec", str(path), "--out", str(tmp_path / "out")]) == 0
