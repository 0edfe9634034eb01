"""A CloudTower release that does not exist, made of the document that does.

It has something of all that a release brings: a new resource with a tag of its own, a new
operation and new fields of a known one, a field that is gone, one with another name, a
deprecated operation and a deprecated field, a new value of an enumeration, a header that many
operations have more, an integer of another width. And it is written as the vendor writes:
in another order, with texts, with inline objects.
"""

import copy
import json
import random
from pathlib import Path

SINCE = Path(__file__).resolve().parents[2] / "spec" / "since.json"
#: The newest version that is there; the one of this release, and one after it.
NEWEST = json.loads(SINCE.read_text(encoding="utf-8"))["versions"][-1]
VERSION, LATER = ("%d.%d.0" % (int(NEWEST.partition(".")[0]) + 1, minor) for minor in (0, 1))
TEXT = {"type": "string"}
NUMBER = {"type": "integer", "format": "int64"}
TRACE = {"in": "header", "name": "x-trace-parent", "required": False, "schema": TEXT}
OPERATORS = ("", "gt", "gte", "in", "lt", "lte", "not", "not_in")


def ref(key):
    return {"$ref": "#/components/schemas/" + key}


def maybe(node):
    return dict({"allOf": [node]} if "$ref" in node else node, nullable=True)


def number_filter(name):
    """The properties of a filter on a number."""
    made = {}
    for operator in OPERATORS:
        node = {"type": "array", "items": NUMBER} if operator.endswith("in") else NUMBER
        made["_".join(filter(None, (name, operator)))] = maybe(node)
    return made


def operation(like, name, tag, body, returns):
    """An operation as another one is written."""
    made = copy.deepcopy(like)
    made.update(tags=[tag], operationId=name, description="What %s does." % name)
    made["requestBody"]["content"]["application/json"]["schema"] = body
    made["responses"]["200"]["content"]["application/json"]["schema"] = returns
    return made


def release(document):
    """The document of that release.

    Parameters:
        document: that of `spec/`; it stays as it is.
    """
    made = copy.deepcopy(document)
    paths, schemas = made["paths"], made["components"]["schemas"]
    like = paths["/start-vm"]["post"]
    _new_resource(like, paths, schemas)
    _changes_of_vms(like, paths, schemas)
    for path in sorted(paths)[:41]:
        next(iter(paths[path].values())).setdefault("parameters", []).append(TRACE)
    return _as_the_vendor_writes(made)


def _new_resource(like, paths, schemas):
    logic = {"type": "array", "items": ref("PuddleWhereInput"), "nullable": True}
    schemas["Puddle"] = {
        "type": "object",
        "required": ["id", "depth"],
        "properties": {
            "id": TEXT,
            "depth": NUMBER,
            "vms": maybe({"type": "array", "items": ref("NestedVm")}),
            "shore": {"type": "object", "properties": {"length": NUMBER, "title": TEXT}},
        },
    }
    schemas["PuddleWhereInput"] = {
        "type": "object",
        "properties": dict(dict.fromkeys(("AND", "NOT", "OR"), logic), **number_filter("depth")),
    }
    schemas["PuddleOrderByInput"] = dict(TEXT, enum=["depth_ASC", "depth_DESC"])
    page = dict.fromkeys(("after", "before"), maybe(TEXT))
    page.update(dict.fromkeys(("first", "last", "skip"), maybe(dict(NUMBER, format="int32"))))
    page.update(where=maybe(ref("PuddleWhereInput")), orderBy=maybe(ref("PuddleOrderByInput")))
    schemas["GetPuddlesRequestBody"] = {"type": "object", "properties": page}
    schemas["PuddleCreationParams"] = {
        "type": "object",
        "required": ["depth"],
        "properties": {"depth": NUMBER},
    }
    schemas["WithTask_Puddle_"] = {
        "type": "object",
        "required": ["data"],
        "properties": {"task_id": maybe(TEXT), "data": ref("Puddle")},
    }
    listed = {"type": "array", "items": ref("Puddle")}
    paths["/get-puddles"] = {
        "post": operation(like, "GetPuddles", "Puddle", ref("GetPuddlesRequestBody"), listed)
    }
    body = {"type": "array", "items": ref("PuddleCreationParams")}
    created = {"type": "array", "items": ref("WithTask_Puddle_")}
    gone = {"type": "object", "required": ["id"], "properties": {"id": TEXT}}
    schemas["WithTask_DeletePuddle_"] = {
        "type": "object",
        "required": ["data"],
        "properties": {"task_id": maybe(TEXT), "data": gone},
    }
    removal = {
        "type": "object",
        "required": ["where"],
        "properties": {"where": ref("PuddleWhereInput")},
    }
    deleted = {"type": "array", "items": ref("WithTask_DeletePuddle_")}
    paths["/delete-puddle"] = {"post": operation(like, "DeletePuddle", "Puddle", removal, deleted)}
    paths["/create-puddle"] = {"post": operation(like, "CreatePuddle", "Puddle", body, created)}


def _changes_of_vms(like, paths, schemas):
    body = {
        "type": "object",
        "required": ["where"],
        "properties": {
            "where": ref("VmWhereInput"),
            "data": {"type": "object", "properties": {"depth": NUMBER}},
        },
    }
    returns = {"type": "array", "items": ref("WithTask_Vm_")}
    paths["/sink-vm"] = {"post": operation(like, "SinkVm", "Vm", body, returns)}
    vm, filters = schemas["Vm"], schemas["VmWhereInput"]["properties"]
    vm["properties"]["buoyancy"] = dict(maybe(NUMBER), description="How well it floats.")
    filters.update(number_filter("buoyancy"))
    schemas["VmOrderByInput"]["enum"] += ["buoyancy_ASC", "buoyancy_DESC"]
    remove(vm, "guest_cpu_model")
    for name in [each for each in filters if each.startswith("guest_cpu_model")]:
        del filters[name]
    rename(vm, "guest_used_size", "guest_used_bytes")
    vm["properties"]["description"]["deprecated"] = True
    vm["properties"]["vcpu"]["format"] = "int64"
    paths["/stop-vm-in-cutover-migration"]["post"]["deprecated"] = True
    schemas["VmStatus"]["enum"].append("AFLOAT")


def remove(schema, name):
    del schema["properties"][name]
    schema["required"] = [each for each in schema.get("required", ()) if each != name]


def rename(schema, name, other):
    properties = schema["properties"]
    schema["properties"] = {other if key == name else key: properties[key] for key in properties}
    names = schema.get("required", ())
    schema["required"] = [other if each == name else each for each in names]


def _with(node, one, other):
    """A node with `other` wherever `one` stands."""
    if node == one:
        return other
    if isinstance(node, dict):
        return {key: _with(value, one, other) for key, value in node.items()}
    return [_with(each, one, other) for each in node] if isinstance(node, list) else node


def _as_the_vendor_writes(document):
    """The same in another order, as an older notation has it."""
    shuffled = random.Random(5)
    schemas = document["components"]["schemas"]
    for table in (document["paths"], schemas):
        keys = sorted(table)
        shuffled.shuffle(keys)
        for key in keys:
            table[key] = table.pop(key)
    schemas["VmStartParams"] = schemas.pop("VmStartParams")
    for key in [key for key in schemas if key != "VmStartParams"]:
        schemas[key] = schemas.pop(key)  # behind the one that names its inline object
    # inline objects again, in the place of the schema that they had become
    inline = schemas.pop("VmStartParamsData")
    document = _with(document, ref("VmStartParamsData"), inline)
    document["info"] = {"title": "CloudTower APIs", "version": VERSION, "description": "All."}
    document["servers"] = [{"url": "/"}]
    return dict(reversed(document.items()))
