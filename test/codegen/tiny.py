"""Small OpenAPI documents, and what codegen makes of them."""

import json

from codegen import parse, passes
from codegen.__main__ import Sources, main

NO_SOURCES = Sources({"oldest": "1.0.0", "operations": {}, "schemas": {}, "properties": {}}, [])


def ref(key):
    return {"$ref": "#/components/schemas/%s" % key}


def listed(node):
    return {"type": "array", "items": node}


def json_of(schema):
    return {"content": {"application/json": {"schema": schema}}}


def operation(name, tag="Thing", body=None, returns=None, parameters=(), **more):
    """An operation; `body` and `returns` are schemas."""
    answer = json_of(returns or {"type": "string"})
    made = {"operationId": name, "tags": [tag], "responses": {"200": answer}}
    if body is not None:
        made["requestBody"] = dict(json_of(body), required=True)
    if parameters:
        made["parameters"] = list(parameters)
    return dict(made, **more)


def document(schemas=None, paths=None, **more):
    """A document with one operation and one schema, unless others are given."""
    if schemas is None:
        schemas = {"Thing": {"type": "object", "properties": {"id": {"type": "string"}}}}
    if paths is None:
        paths = {"/get-thing": {"post": operation("GetThing")}}
    return dict(
        {
            "openapi": "3.0.0",
            "info": {"title": "Tiny", "version": "1.2.3"},
            "servers": [{"url": "/api/v1"}],
            "paths": paths,
            "components": {"schemas": schemas},
        },
        **more
    )


def parsed(schemas=None, paths=None, **more):
    """The Interface of a document before any pass."""
    return parse.interface(document(schemas, paths, **more))


def passed(schemas=None, paths=None, sources=NO_SOURCES, **more):
    """The Interface of a document after all passes."""
    made = parsed(schemas, paths, **more)
    for run in passes.ALL:
        made = run(made, sources)
    return made


def fields(interface, name):
    """{JSON name: Field} of a schema, by its name in Python or in the document."""
    for schema in interface.schemas:
        if name in (schema.name, schema.key):
            return {each.json: each for each in schema.fields}
    raise KeyError(name)


def types(interface, name):
    return {json: str(each.type) for json, each in fields(interface, name).items()}


def saved(folder, content):
    """The path of a file with the document, or with a text."""
    path = folder / "document.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def generated(folder, content, *options):
    """(exit status, the folder written to)."""
    out = folder / "out"
    return main(["--spec", str(saved(folder, content)), "--out", str(out)] + list(options)), out
