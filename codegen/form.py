"""The form of `spec/openapi.json` and `spec/since.json`.

Two documents that say the same are the same text in it: without the vendor's texts, each
inline object a schema of its own, paths and schemas by name, keywords in one order. So a newer
one differs in the lines that changed.
"""

import json

from codegen import parse
from codegen.node import Node, steps

_WIDTH = 160
_TEXTS = ("description", "title", "example", "examples", "summary", "externalDocs")
#: Nothing that codegen reads: headers of responses.
_LEFT_OUT = _TEXTS + ("headers",)
#: Members of the notation whose own members are names.
_NAMED = ("paths", "schemas", "properties", "securitySchemes", "responses", "content")
_NAMED += ("parameters", "requestBodies")
_SORTED = ("paths", "schemas", "securitySchemes", "responses", "parameters", "requestBodies")
#: What stands under these is no notation.
_DATA = ("default", "const", "mapping")
#: What stays where an inline object was, of its keywords.
_OUTER = ("nullable", "default")
_ORDER = (
    *("openapi", "info", "servers", "paths", "components", "securitySchemes", "schemas"),
    *("tags", "operationId", "deprecated", "security", "parameters", "requestBody", "responses"),
    *("$ref", "type", "format", "in", "name", "required", "schema", "description", "content"),
    *("items", "enum", "allOf", "oneOf", "anyOf", "properties", "additionalProperties"),
    *("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "nullable"),
)
_REFERENCE = "#/components/schemas/%s"
_PLACES = {keyword: place for place, keyword in enumerate(_ORDER)}


def written(document):
    """A checked document in that form.

    Parameters:
        document: as `json.loads` made it; it stays as it is.
    """
    made = _node(_Inline(document).named())
    made["components"] = {key: value for key, value in made["components"].items() if value}
    made["components"].setdefault("schemas", {})
    return made


class _Inline:
    """A document whose inline objects become schemas, by the names that `parse` gives them."""

    def __init__(self, document):
        self.document = document
        self.keys = {id(node): key for node, key in parse.inline_objects(document)}
        self.schemas = {}

    def named(self):
        made = self._copy(self.document)
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(self.schemas)
        return made

    def _copy(self, node):
        if isinstance(node, list):
            return [self._copy(each) for each in node]
        if not isinstance(node, dict):
            return node
        made = {key: self._copy(value) for key, value in node.items()}
        if isinstance(node.get("$ref"), str):
            target = Node(self.document).at(*steps(node["$ref"])).value
            if id(target) in self.keys and not set(target) & set(_OUTER):
                made["$ref"] = _REFERENCE % self.keys[id(target)]
        key = self.keys.get(id(node))
        if key is None:
            return made
        outer = {keyword: made.pop(keyword) for keyword in _OUTER if keyword in made}
        if made.get("deprecated"):  # of the field, and of the schema
            outer["deprecated"] = True
        self.schemas.setdefault(key, made)
        reference = {"$ref": _REFERENCE % key}
        return dict(outer, allOf=[reference]) if outer else reference


def _node(node, key=None, named=False):
    """A node in its order, without what is left out.

    Parameters:
        key: what it stands under.
        named: whether its keys are names of the interface, not of the notation.
    """
    if isinstance(node, list):
        made = [_node(each) for each in node]
        return sorted(made) if key == "required" else made
    if not isinstance(node, dict) or key in _DATA or (key or "").startswith("x-"):
        return node
    if named:
        return {each: _node(node[each]) for each in (sorted(node) if key in _SORTED else node)}
    keys = sorted(node, key=lambda each: (_PLACES.get(each, len(_ORDER)), each))
    made = {each: _node(node[each], each, each in _NAMED) for each in keys if _says(node, each)}
    for status, response in made.get("responses", {}).items():
        if "$ref" not in response and not status.startswith("x-"):  # where OpenAPI wants a text
            made["responses"][status] = dict({"description": ""}, **response)
    return made


def _says(node, keyword):
    """Whether a keyword says something of the interface."""
    value = node[keyword]
    is_default = (keyword, value) in (("parameters", []), ("additionalProperties", False))
    return not is_default and keyword not in _LEFT_OUT


def text(content):
    """JSON as the files of `spec/` are written: one line for what fits in one."""
    return _lines(content, "") + "\n"


def _lines(node, indent, key=None):
    line = json.dumps(node, ensure_ascii=False)
    if len(line) <= _WIDTH and key != "parameters" or not isinstance(node, (dict, list)):
        return line
    inner = indent + " "
    if isinstance(node, list):
        return "[\n%s\n%s]" % (",\n".join(inner + _lines(each, inner) for each in node), indent)
    members = (
        "%s%s: %s" % (inner, json.dumps(key, ensure_ascii=False), _lines(value, inner, key))
        for key, value in node.items()
    )
    return "{\n%s\n%s}" % (",\n".join(members), indent)
