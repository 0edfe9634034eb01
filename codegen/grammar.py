"""The notation of OpenAPI 3: what has to stand where.

`check` holds a document against it before anything is made of it, so that whoever reads the
document afterwards finds the kinds that he expects. What a document means is in `parse`.
"""

import re

from codegen.node import DocumentError, Node, kind_of, pointer

METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
#: The kinds of a schema.
KINDS = ("string", "integer", "number", "boolean", "object", "array", "null")

#: Objects of the notation and the members that are looked at. "[x]" is a list of x, "{x}" an
#: object whose names are data; the others are objects again, or in `_PLAIN`.
_GRAMMAR = {
    "document": {
        "openapi": "text",
        "info": "info",
        "servers": "[server]",
        "paths": "{path item}",
        "components": "components",
        "security": "[{[text]}]",
    },
    "info": {"title": "text", "version": "text"},
    "server": {"url": "text", "variables": "{variable}"},
    "variable": {"default": "text"},
    "components": {"schemas": "{schema}", "securitySchemes": "{security scheme}"},
    "security scheme": {"type": "text", "in": "text", "name": "text", "scheme": "text"},
    "path item": dict(
        {"parameters": "[parameter]", "servers": "[server]"},
        **{method: "operation" for method in METHODS}
    ),
    "operation": {
        "operationId": "text",
        "tags": "[text]",
        "parameters": "[parameter]",
        "requestBody": "request body",
        "responses": "{response}",
        "security": "[{[text]}]",
        "servers": "[server]",
        "deprecated": "truth",
    },
    "parameter": {
        "name": "text",
        "in": "text",
        "required": "truth",
        "deprecated": "truth",
        "schema": "schema",
        "style": "text",
        "explode": "truth",
        "content": "{media type}",
    },
    "request body": {"content": "{media type}", "required": "truth"},
    "response": {"content": "{media type}"},
    "media type": {"schema": "schema", "encoding": "{encoding}"},
    "encoding": {"contentType": "text"},
    "schema": {
        "type": "type",
        "format": "text",
        "nullable": "truth",
        "deprecated": "truth",
        "required": "[text]",
        "enum": "[scalar]",
        "const": "scalar",
        "properties": "{schema}",
        "items": "schema",
        "allOf": "[schema]",
        "oneOf": "[schema]",
        "anyOf": "[schema]",
        "additionalProperties": "schema or truth",
        "maximum": "number",
        "minimum": "number",
        "minLength": "number",
        "minItems": "number",
        "discriminator": "discriminator",
    },
    "discriminator": {"propertyName": "text"},
}
#: What has to be there.
_NEEDED = {
    "document": ("paths",),
    "server": ("url",),
    "variable": ("default",),
    "operation": ("operationId", "responses"),
    "parameter": ("name", "in"),
    "request body": ("content",),
    "security scheme": ("type",),
}
_REFERABLE = ("path item", "parameter", "request body", "response", "schema", "security scheme")
#: Members of a schema that say what the client would have to know, and does not.
_UNKNOWN = ("patternProperties", "prefixItems", "$dynamicRef", "$recursiveRef")
_UNKNOWN += ("then", "else", "dependentSchemas")
_DEEPEST = 200  # JSON values within each other; a schema within another takes two or three
_SHORTEST = 3  # keys that lead to a schema: `#/components/schemas/Vm`
_STATUS = re.compile(r"[1-5](\d\d|XX)|default|x-.*", re.IGNORECASE)
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/{}-]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{},:]')
_BESIDE_METHODS = ("$ref", "summary", "description", "servers", "parameters")


def check(document):
    """Raise DocumentError where a document is none, or breaks the notation.

    Parameters:
        document: as `json.loads` makes it.
    """
    version = document.get("openapi") if isinstance(document, dict) else None
    if not isinstance(version, str) or not version.startswith("3."):
        raise DocumentError("#/openapi", "must be a version 3.x")
    _Check(Node(document), version).run()


class _Check:
    def __init__(self, root, version):
        self.root = root
        self.version = version
        self.seen = set()  # (pointer, rule) of what references lead to

    def run(self):
        self.check(self.root, "document")

    def check(self, node, rule):
        value = node.value
        if rule in _GRAMMAR:
            self._object(node, rule)
        elif rule[0] == "[":
            self._expect(node, list, "a list")
            for index in range(len(value)):
                self.check(node.at(index), rule[1:-1])
        elif rule[0] == "{":
            self._expect(node, dict, "an object")
            for name in value:
                self._check_name(node.at(name), rule)
        elif not _PLAIN[rule][1](value):
            raise node.error("must be %s, not %s" % (_PLAIN[rule][0], kind_of(value)))
        elif rule == "schema or truth" and not isinstance(value, bool):
            self.check(node, "schema")

    def _check_name(self, node, rule):
        name = node.place[-1]
        inner = rule[1:-1]
        if inner in ("path item", "response") and name.startswith("x-"):
            return
        if inner == "path item" and not _PATH.fullmatch(name):
            raise node.error("is no path that a client could ask for")
        if inner == "response" and not _STATUS.fullmatch(name):
            raise node.error("is no status")
        self.check(node, inner)

    def _expect(self, node, kind, words):
        if not isinstance(node.value, kind):
            raise node.error("must be %s, not %s" % (words, kind_of(node.value)))

    def _object(self, node, rule):
        if rule == "schema" and node.value is True and self.version.startswith("3.1"):
            return
        self._expect(node, dict, "an object")
        if "$ref" in node.value and rule in _REFERABLE:
            found = node.target()
            is_ours = found.place[0] in _GRAMMAR["document"]
            if rule == "schema" and is_ours and len(found.place) < _SHORTEST:
                raise node.error("$ref leads to no schema: %s" % found.pointer)
            if (found.pointer, rule) not in self.seen:
                self.seen.add((found.pointer, rule))
                self.check(found, rule)
            node.resolved()
            if rule != "schema":
                return
        else:
            for key in _NEEDED.get(rule, ()):
                if key not in node.value:
                    raise node.error("has no %s" % key)
        for key, inner in _GRAMMAR[rule].items():
            if key in node.value:
                self.check(node.at(key), inner)
        own = getattr(self, "_" + rule.replace(" ", "_"), None)
        if own is not None:
            own(node)

    # what the table does not say

    def _path_item(self, node):
        for key in node.value:
            if key not in METHODS and key not in _BESIDE_METHODS and not key.startswith("x-"):
                raise node.at(key).error("is no method that a client sends")

    def _operation(self, node):
        for key in ("operationId", "responses"):
            if not node.get(key):
                raise node.error("has no %s" % key)

        for each in node.elements("security"):
            self._check_schemes(each)

    def _document(self, node):
        for each in node.elements("security"):
            self._check_schemes(each)

    def _check_schemes(self, requirement):
        known = self.root.at("components", "securitySchemes").value or {}
        for name in requirement.value:
            if name not in known:
                raise requirement.error("names an unknown scheme, %r" % name)

    def _schema(self, node):
        for key in _UNKNOWN:
            if key in node.value:
                raise node.at(key).error("is not understood")
        kinds = node.get("type", ())
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            if kind not in KINDS:
                raise node.at("type").error("is of an unknown kind, %r" % kind)
        if "array" in kinds and "items" not in node.value and self.version.startswith("3.0"):
            raise node.error("is an array without items")
        values = node.get("enum")
        if values is not None:
            if not values:
                raise node.at("enum").error("has no values")
            if len({(type(each), each) for each in values}) != len(values):
                raise node.at("enum").error("has a value twice")


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_type(value):
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, str) for each in value)
    return isinstance(value, str)


#: rule: (in words, whether a value is that)
_PLAIN = {
    "text": ("a text", lambda value: isinstance(value, str)),
    "truth": ("true or false", lambda value: isinstance(value, bool)),
    "number": ("a number", _is_number),
    "scalar": ("a text, a number or null", lambda value: not isinstance(value, (dict, list))),
    "type": ("a text, or a list of texts", _is_type),
    "schema or truth": ("a schema", lambda value: isinstance(value, (dict, bool))),
}


# ---- depth ---------------------------------------------------------------------------


def check_tree(document):
    """Raise DocumentError where a document is deeper than what reads it can walk, or has a text
    that no file can have.
    """
    waiting = [(document, ())]
    while waiting:
        value, place = waiting.pop()
        if len(place) > _DEEPEST:
            raise _too_deep(place)
        for text in (value, *place[-1:]):
            if isinstance(text, str) and _SURROGATE.search(text):
                raise DocumentError(pointer(place), "has half of a character")
        if isinstance(value, dict):
            waiting.extend((inner, place + (key,)) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend((inner, place + (index,)) for index, inner in enumerate(value))


def _too_deep(place):
    shown = pointer(place[:20])
    return DocumentError(shown + "/...", "is more than %d levels deep" % _DEEPEST)


def deep(text):
    """The DocumentError of JSON text that Python cannot parse for its depth."""
    place = []
    waits_for_name = last = None
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in "{[":
            place.append(0 if token == "[" else "")
            waits_for_name = token == "{"
            if len(place) > _DEEPEST:
                return _too_deep(tuple(place))
        elif token in "}]":
            place.pop()
        elif token == ",":
            if place and isinstance(place[-1], int):
                place[-1] += 1
            else:
                waits_for_name = True
        elif token == ":":
            place[-1] = last
        elif waits_for_name:
            last, waits_for_name = token[1:-1], False
    return DocumentError("#", "is nested too deeply")
