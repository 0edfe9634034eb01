"""Reads the document and holds it against itself."""

import hashlib
import json
from pathlib import Path

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")


class DocumentError(Exception):
    """The document cannot be used. The text names the place in it."""

    def __init__(self, place, message):
        super().__init__("%s: %s" % (place, message))


def document(path):
    """The parsed document of a file.

    Parameters:
        path: of an OpenAPI 3 document in JSON, str or Path.

    Raises DocumentError, with the place in the document.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(path.name, "cannot be read: %s" % error) from error
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise DocumentError(path.name, "is not JSON: %s" % error) from error
    check(parsed)
    return parsed


def check(parsed):
    """Raise DocumentError where a document is none, or contradicts itself."""
    if not isinstance(parsed, dict) or not str(parsed.get("openapi", "")).startswith("3."):
        raise DocumentError("openapi", "must be a version 3.x")
    for place in (("paths",), ("components", "schemas")):
        if not isinstance(at(parsed, place), dict):
            raise DocumentError("/".join(place), "must be an object")
    _check_references(parsed, parsed, ())
    for key, schema in parsed["components"]["schemas"].items():
        _check_schema(schema, ("components", "schemas", key))
        _check_circle(parsed, key, ())
    for index, server in enumerate(parsed.get("servers") or ()):
        _expect(server, dict, ("servers", index))
        _expect(server.get("url"), str, ("servers", index, "url"))
    seen = {}
    for path, item in parsed["paths"].items():
        _expect(item, dict, ("paths", path))
        for method, operation in item.items():
            if method == "trace":  # what a server returns is the request, which no type describes
                raise DocumentError(
                    _join(("paths", path, method)), "has a method that no client sends"
                )
            if method in METHODS:
                place = ("paths", path, method)
                _check_operation(operation, place, seen)
                _check_parameters(parsed, item.get("parameters", []), place)
                _check_parameters(parsed, operation.get("parameters", []), place)
                _check_security(parsed, operation, place)
                _check_body(parsed, operation, place)
                if "{" in path:
                    raise DocumentError(_join(place), "has parameters in its path")


_KINDS = {dict: "an object", list: "a list", str: "a text"}


def _expect(node, kind, place):
    if not isinstance(node, kind):
        raise DocumentError(_join(place), "must be %s" % _KINDS[kind])


def at(parsed, place):
    """What stands at a place, a tuple of keys; None where there is nothing."""
    for key in place:
        if not isinstance(parsed, dict) or key not in parsed:
            return None
        parsed = parsed[key]
    return parsed


def _join(place):
    return "/".join(str(key) for key in place)


def _check_references(parsed, node, place):
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str):
            if not target.startswith("#/") or at(parsed, target[2:].split("/")) is None:
                raise DocumentError(_join(place), "$ref leads nowhere: %s" % target)
        for key, value in node.items():
            _check_references(parsed, value, place + (key,))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            _check_references(parsed, value, place + (index,))


def _check_schema(schema, place):
    _expect(schema, dict, place)
    properties = schema.get("properties", {})
    _expect(properties, dict, place + ("properties",))
    _expect(schema.get("type", ""), str, place + ("type",))
    if "properties" in schema:
        for name in schema.get("required", ()):
            if name not in properties:
                message = "%r is required and no property" % name
                raise DocumentError(_join(place + ("required",)), message)
    if schema.get("type") == "array" and "items" not in schema:
        raise DocumentError(_join(place), "is an array without items")
    values = schema.get("enum", [])
    _expect(values, list, place + ("enum",))
    for value in values:
        _expect(value, str, place + ("enum",))
    if len(set(values)) != len(values):
        raise DocumentError(_join(place + ("enum",)), "has a value twice")
    for name, inner in properties.items():
        _check_schema(inner, place + ("properties", name))
    if "items" in schema:
        _check_schema(schema["items"], place + ("items",))
    for keyword in ("allOf", "oneOf", "anyOf"):
        _expect(schema.get(keyword, []), list, place + (keyword,))
        for index, part in enumerate(schema.get(keyword, ())):
            _check_schema(part, place + (keyword, index))
    if not isinstance(schema.get("additionalProperties", True), bool):
        _check_schema(schema["additionalProperties"], place + ("additionalProperties",))


def _check_circle(parsed, key, way):
    """A schema must not be, or consist of, itself. A union or a map may lead back to itself."""
    if key in way:
        raise DocumentError(_join(("components", "schemas", key)), "refers to itself in a circle")
    schema = parsed["components"]["schemas"][key]
    for part in [schema, schema.get("items", {})] + schema.get("allOf", []):
        if "$ref" in part:
            _check_circle(parsed, part["$ref"].rsplit("/", 1)[-1], way + (key,))


def _check_operation(operation, place, seen):
    _expect(operation, dict, place)
    _expect(operation.get("tags", []), list, place + ("tags",))
    for key in ("operationId", "tags", "responses"):
        if not operation.get(key):
            raise DocumentError(_join(place), "has no %s" % key)
    name = operation["operationId"]
    if name in seen:
        message = "operationId %r is taken by %s" % (name, seen[name])
        raise DocumentError(_join(place), message)
    seen[name] = _join(place)


def _check_parameters(parsed, parameters, place):
    _expect(parameters, list, place + ("parameters",))
    for index, parameter in enumerate(parameters):
        _expect(parameter, dict, place + ("parameters", index))
        where = _join(place + ("parameters", index))
        if "$ref" in parameter:
            parameter = at(parsed, tuple(parameter["$ref"][2:].split("/")))
        if not parameter.get("name"):
            raise DocumentError(where, "has no name")
        if parameter.get("in") not in ("header", "query"):
            raise DocumentError(where, "must be in header or query, not %r" % parameter.get("in"))


def _check_security(parsed, operation, place):
    known = at(parsed, ("components", "securitySchemes")) or {}
    for each in operation.get("security", parsed.get("security", ())):
        for name in each:
            if name not in known:
                raise DocumentError(_join(place + ("security",)), "unknown scheme %r" % name)


def _check_body(parsed, operation, place):
    body = operation.get("requestBody") or {}
    if "$ref" in body:
        body = at(parsed, tuple(body["$ref"][2:].split("/")))
    for media_type, content in body.get("content", {}).items():
        if "schema" not in content:
            raise DocumentError(_join(place), "has a body of %s without a schema" % media_type)


def since(folder):
    """`since.json` of a folder, or an empty one."""
    path = Path(folder) / "since.json"
    if not path.exists():
        return {"oldest": "", "operations": {}, "schemas": {}, "properties": {}}
    return json.loads(path.read_text(encoding="utf-8"))


def overlays(folder):
    """The overlays of a folder in the order of their names: (file name, content)."""
    return [(path.name, content) for path, content in _files(Path(folder) / "overlay")]


def meanings(folder):
    """The meanings of a folder: (resource, content)."""
    return [(path.stem, content) for path, content in _files(Path(folder) / "meanings")]


def _files(folder):
    """(path, content) of the files of a folder, in the order of their names."""
    loaded = []
    for path in sorted(folder.glob("*.json")):
        try:
            loaded.append((path, json.loads(path.read_text(encoding="utf-8"))))
        except ValueError as error:
            raise DocumentError(path.name, "is not JSON: %s" % error) from error
    return loaded


def digest(parsed, more=()):
    """A short hash of the input, whatever its white space."""
    text = json.dumps([parsed, list(more)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
