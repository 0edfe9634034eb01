"""Reads the document and holds it against itself."""

import hashlib
import json
from pathlib import Path

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


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
        raise DocumentError(path.name, "is no JSON: %s" % error) from error
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
    seen = {}
    for path, item in parsed["paths"].items():
        for method, operation in item.items():
            if method in _METHODS:
                _check_operation(operation, ("paths", path, method), seen)


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
    if not isinstance(schema, dict):
        raise DocumentError(_join(place), "must be an object")
    properties = schema.get("properties", {})
    if not isinstance(properties, dict):
        raise DocumentError(_join(place + ("properties",)), "must be an object")
    if "properties" in schema:
        for name in schema.get("required", ()):
            if name not in properties:
                message = "%r is required and no property" % name
                raise DocumentError(_join(place + ("required",)), message)
    if schema.get("type") == "array" and "items" not in schema:
        raise DocumentError(_join(place), "is an array without items")
    values = schema.get("enum", ())
    if len(set(map(str, values))) != len(values):
        raise DocumentError(_join(place + ("enum",)), "has a value twice")
    for name, inner in properties.items():
        _check_schema(inner, place + ("properties", name))
    if "items" in schema:
        _check_schema(schema["items"], place + ("items",))
    for index, part in enumerate(schema.get("allOf", ())):
        _check_schema(part, place + ("allOf", index))


def _check_operation(operation, place, seen):
    for key in ("operationId", "tags", "responses"):
        if not operation.get(key):
            raise DocumentError(_join(place), "has no %s" % key)
    name = operation["operationId"]
    if name in seen:
        message = "operationId %r is taken by %s" % (name, seen[name])
        raise DocumentError(_join(place), message)
    seen[name] = _join(place)


def since(folder):
    """`since.json` of a folder, or an empty one."""
    path = Path(folder) / "since.json"
    if not path.exists():
        return {"oldest": "", "operations": {}, "schemas": {}, "properties": {}}
    return json.loads(path.read_text(encoding="utf-8"))


def overlays(folder):
    """The overlays of a folder in the order of their names: (file name, content)."""
    files = sorted((Path(folder) / "overlay").glob("*.json"))
    loaded = []
    for path in files:
        try:
            loaded.append((path.name, json.loads(path.read_text(encoding="utf-8"))))
        except ValueError as error:
            raise DocumentError(path.name, "is no JSON: %s" % error) from error
    return loaded


def digest(parsed, more=()):
    """A short hash of the input, whatever its white space."""
    text = json.dumps([parsed, list(more)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
