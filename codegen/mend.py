"""Mends a document with what overlays say of it, before anything is checked.

    {"reason": "...",
     "document": [{"op": "replace", "path": "/paths/~1x/post/operationId", "value": "GetX"},
                  {"op": "remove", "path": "/components/schemas/A/required"}]}

The steps are those of JSON Patch (RFC 6902): add, replace and remove. A path is what an error
names, with or without its `#`. Steps may be carried out twice, on the vendor's document and on
what was made of it: what they add to a list is added once, and what is gone stays away.

    {"reason": "...",
     "rename": {"schemas": {"VMStatus": "VmCurrentStatus"}, "tags": {"VM": "Vm"}}}

Names of schemas and of tags that Python cannot tell apart, or has no name for. A schema is
renamed with all references to it; a tag may get the name of another one, which it joins.
"""

import copy

from codegen.grammar import METHODS
from codegen.node import pointer, steps

_OPERATIONS = {"add": ("op", "path", "value"), "replace": ("op", "path", "value")}
_OPERATIONS["remove"] = ("op", "path")
_NO_STEP = "a step has op (add, replace or remove), path, and value unless it removes, not"
#: Members of the notation whose own members are names, not keywords.
_NAMED = ("paths", "pathItems", "callbacks", "schemas", "responses", "parameters", "requestBodies")
_NAMED += ("headers", "securitySchemes", "content", "properties", "patternProperties")
_NAMED += ("definitions", "$defs", "dependentSchemas")
#: What stands under these is data: a `$ref` in it refers to nothing.
_DATA = ("default", "const", "enum", "example", "examples")


def mended(document, overlays):
    """(the document with all changes, the steps that found nothing to change).

    Parameters:
        document: as read; it is not changed.
        overlays: [(file name, content)].

    Raises ValueError for an invalid step, and for a new name that another schema has.
    """
    unmatched = []
    changes = [
        (file_name, each) for file_name, content in overlays for each in _steps(file_name, content)
    ]
    renames = [(name, content["rename"]) for name, content in overlays if content.get("rename")]
    if changes or renames:
        document = copy.deepcopy(document)
    for file_name, each in changes:
        if not _apply(document, steps(each["path"]), each):
            unmatched.append("%s: document %s" % (file_name, each["path"]))
    for file_name, tables in renames:
        for table, names in tables.items():
            if table not in _RENAMES:
                raise ValueError("%s: rename has schemas and tags, not %r" % (file_name, table))
            for name, other in names.items():
                try:
                    found = _RENAMES[table](document, name, other)
                except ValueError as error:
                    raise ValueError("%s: %s" % (file_name, error)) from error
                if not found:
                    unmatched.append("%s: rename.%s.%s" % (file_name, table, name))
    return document, tuple(unmatched)


def _rename_tag(document, name, other):
    """Rename a tag of all operations; whether there was one."""
    found = False
    for node in _operations(document):
        tags = node.get("tags")
        if isinstance(tags, list) and name in tags:
            node["tags"] = [other if each == name else each for each in tags]
            found = True
    return found


def _rename_schema(document, name, other):
    """Rename a schema and what refers to it; whether there was one."""
    schemas = _member(_member(document, "components"), "schemas")
    if not isinstance(schemas, dict) or name not in schemas:
        return False
    if other in schemas:
        raise ValueError("a schema cannot be renamed %s: another schema has that name" % other)
    kept = {other if key == name else key: node for key, node in schemas.items()}
    schemas.clear()
    schemas.update(kept)
    for node in _objects(document):
        _rename_reference(node, "$ref", name, other)
        mapping = _member(node.get("discriminator"), "mapping")
        for key in mapping if isinstance(mapping, dict) else ():
            if mapping[key] == name:
                mapping[key] = other
            _rename_reference(mapping, key, name, other)
    return True


def _rename_reference(node, key, name, other):
    """Have a reference that leads to a schema, or into it, lead to its new name."""
    keys = steps(node[key]) if isinstance(node.get(key), str) else None
    if keys and keys[:3] == ("components", "schemas", name):
        node[key] = pointer(keys[:2] + (other,) + keys[3:])


_RENAMES = {"schemas": _rename_schema, "tags": _rename_tag}


def _operations(document):
    """All operations of a document, those of path items that others refer to among them."""
    tables = _member(document, "paths"), _member(_member(document, "components"), "pathItems")
    waiting = [item for table in tables if isinstance(table, dict) for item in table.values()]
    seen = set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict) or id(item) in seen:
            continue
        seen.add(id(item))
        yield from (item[each] for each in METHODS if isinstance(item.get(each), dict))
        keys = steps(item["$ref"]) if isinstance(item.get("$ref"), str) else None
        target = document
        for key in keys or ():
            target = _member(target, key)
        waiting.append(target)


def _objects(document):
    """All objects of a document that are notation, not data."""
    waiting = [(document, False)]
    while waiting:
        node, named = waiting.pop()
        if isinstance(node, list):
            waiting.extend((each, False) for each in node)
        elif isinstance(node, dict):
            if not named:
                yield node
            waiting.extend(
                (value, not named and key in _NAMED)
                for key, value in node.items()
                if named or key not in _DATA
            )


def _steps(file_name, content):
    found = content.get("document", [])
    for each in found if isinstance(found, list) else [found]:
        known = _OPERATIONS.get(each.get("op")) if isinstance(each, dict) else None
        if known is None or sorted(each) != sorted(known) or not _is_pointer(each["path"]):
            raise ValueError("%s: %s: %r" % (file_name, _NO_STEP, each))
        yield each


def _is_pointer(path):
    return isinstance(path, str) and steps(path) is not None


def _apply(document, path, change):
    """Carry a step out; whether the document has its place."""
    owner = document
    for key in path[:-1]:
        owner = _member(owner, key)
    key, adds = path[-1], change["op"] == "add"
    if isinstance(owner, list):
        if adds and (key == "-" or key == str(len(owner))):
            if change["value"] not in owner:
                owner.append(copy.deepcopy(change["value"]))
            return True
        if not key.isdigit() or int(key) >= len(owner):
            return False
        key = int(key)
        if adds:
            if change["value"] not in owner:
                owner.insert(key, copy.deepcopy(change["value"]))
            return True
    elif not isinstance(owner, dict) or (key not in owner and not adds):
        return False
    if change["op"] == "remove":
        del owner[key]
    else:
        owner[key] = copy.deepcopy(change["value"])
    return True


def _member(owner, key):
    if isinstance(owner, list):
        return owner[int(key)] if key.isdigit() and int(key) < len(owner) else None
    return owner.get(key) if isinstance(owner, dict) else None
