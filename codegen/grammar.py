"""The notation of OpenAPI 3: what has to stand where.

`check` holds a document against it before anything is made of it, so that whoever reads the
document afterwards finds the kinds that he expects. What a document means is in `parse`.
Members that nobody looks at are remarks, but for those that say nothing of requests and responses.
"""

import re

from codegen.node import DocumentError, Node, kind_of

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
        "contentMediaType": "text",
        "discriminator": "discriminator",
    },
    "discriminator": {"propertyName": "text", "mapping": "{text}"},
}
#: Members that change no request, no response and no type.
_NOTES = {
    "document": ("tags", "externalDocs", "jsonSchemaDialect"),
    "info": ("description", "contact", "license", "termsOfService", "summary"),
    "server": ("description", "name"),
    "variable": ("description", "enum"),
    "components": "responses parameters examples requestBodies headers links pathItems".split(),
    "security scheme": ("description", "bearerFormat", "flows", "openIdConnectUrl"),
    "path item": ("summary", "description"),
    "operation": ("summary", "description", "externalDocs"),
    "parameter": ("description", "example", "examples", "allowEmptyValue", "allowReserved"),
    "request body": ("description",),
    "response": ("description", "summary", "headers", "links"),
    "media type": ("example", "examples"),
    "encoding": ("headers", "style", "explode", "allowReserved"),  # which a form looks at
    "discriminator": (),
    "schema": (
        "title",
        "summary",
        "description",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "default",
    )
    + ("readOnly", "writeOnly", "$comment", "$schema", "$id", "$anchor", "$defs", "definitions")
    + ("contentEncoding", "contentSchema", "unevaluatedProperties"),
}
#: Members that say something else, and what becomes of them.
_UNCHECKED = "says which values are valid, which the client does not check"
_UNMADE = "has requests that the server sends, for which nothing is made"
_ODD = dict.fromkeys(
    ("pattern", "maxLength", "maxItems", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum")
    + ("multipleOf", "minProperties", "maxProperties", "not", "propertyNames", "contains", "if")
    + ("minContains", "maxContains", "dependentRequired", "dependencies", "unevaluatedItems"),
    _UNCHECKED,
)
_ODD.update(callbacks=_UNMADE, webhooks=_UNMADE)
_UNREAD = "is not understood, and left out"
#: What has to be there.
_NEEDED = {
    "document": ("paths",),
    "server": ("url",),
    "variable": ("default",),
    "operation": ("operationId", "responses"),
    "parameter": ("name", "in"),
    "request body": ("content",),
    "security scheme": ("type",),
    "discriminator": ("propertyName",),
}
#: Limits of which the first must not be greater.
_RANGES = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))
#: What to do about a member that is missing.
_REMEDIES = {"operationId": ", after which its method is named; add one by an overlay (`document`)"}
#: Members that say of a property that requests or responses do without it.
_ONE_WAY = {
    "readOnly": "is of a required property, which the client demands of requests too",
    "writeOnly": "is of a required property, which the client expects of responses too",
}
_ONLY_REQUIRED = "says which members must be given together, which the client does not check"
_REFERABLE = ("path item", "parameter", "request body", "response", "schema", "security scheme")
#: What the components under a keyword are.
_COMPONENTS = {
    "schemas": "schema",
    "responses": "response",
    "parameters": "parameter",
    "requestBodies": "request body",
    "headers": "header",
    "securitySchemes": "security scheme",
    "links": "link",
    "callbacks": "callback",
    "pathItems": "path item",
    "examples": "example",
}
#: Members of a schema that say what the client would have to know, and does not.
_UNKNOWN = ("patternProperties", "prefixItems", "$dynamicRef", "$recursiveRef")
_UNKNOWN += ("then", "else", "dependentSchemas")
_SHORTEST = 3  # keys that lead to a schema: `#/components/schemas/Vm`
_STATUS = re.compile(r"[1-5](\d\d|XX)|default|x-.*", re.IGNORECASE)
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/{}-]*")
_BESIDE_METHODS = ("$ref", "summary", "description", "servers", "parameters")


def check(document):
    """Raise DocumentError where a document is none, or breaks the notation.

    Parameters:
        document: as `json.loads` makes it.

    Returns what of it nobody looks at, as the remarks of an Interface: a tuple of str.
    """
    if not isinstance(document, dict):
        told = "must be an OpenAPI document, an object with `openapi` and `paths`, not %s"
        raise DocumentError("#", told % kind_of(document))
    version = document.get("openapi")
    if "swagger" in document and version is None:
        told = "is missing: this is Swagger %s; convert it to OpenAPI 3 first"
        raise DocumentError("#/openapi", told % (document["swagger"],))
    if not isinstance(version, str) or not version.startswith("3."):
        raise DocumentError("#/openapi", "must be a version 3.x")
    return _Check(Node(document), version).run()


class _Check:
    def __init__(self, root, version):
        self.root = root
        self.version = version
        self.seen = set()  # (pointer, rule) of what references lead to
        self.odd = {}  # (rule, member) -> (what is odd about it, {place: None})

    def run(self):
        self.check(self.root, "document")
        return tuple(remark(text, list(places)) for text, places in self.odd.values())

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
        if inner == "path item" and not is_path(name):
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
            if found.place[0] == "components" and len(found.place) == _SHORTEST:
                kind = _COMPONENTS.get(found.place[1], rule)
                if kind != rule:
                    told = "$ref leads to a %s, where a %s belongs: %s"
                    raise node.error(told % (kind, rule, found.pointer))
            if (found.pointer, rule) not in self.seen:
                self.seen.add((found.pointer, rule))
                self.check(found, rule)
            node.resolved()
            if rule != "schema":
                self._check_beside(node, rule)
                return
        else:
            for key in _NEEDED.get(rule, ()):
                if key not in node.value:
                    raise node.error("has no %s%s" % (key, _REMEDIES.get(key, "")))
        for key, inner in _GRAMMAR[rule].items():
            if key in node.value:
                self.check(node.at(key), inner)
        own = getattr(self, "_" + rule.replace(" ", "_"), None)
        if own is not None:
            own(node)
        for key in node.value:
            if key not in _GRAMMAR[rule] and key not in _NOTES[rule] and key != "$ref":
                self._note(node.at(key), rule, _ODD.get(key, _UNREAD))

    def _check_beside(self, node, rule):
        """Note what stands beside a reference and is not just a text; schemas have other rules."""
        for key in node.value:
            if rule == "path item" and key in _GRAMMAR[rule]:
                raise node.at(key).error("stands beside a $ref")
            if key != "$ref" and key not in _NOTES[rule]:
                self._note(node.at(key), "$ref", "stands beside a $ref, and is left out")

    def _note(self, node, rule, text):
        """Note that nobody looks at a node, or at its like elsewhere."""
        key = node.place[-1]
        if not key.startswith("x-"):
            self.odd.setdefault((rule, key), (text, {}))[1][node.pointer] = None

    # what the table does not say

    def _path_item(self, node):
        for key in node.value:
            if key not in METHODS and key not in _BESIDE_METHODS and not key.startswith("x-"):
                raise node.at(key).error("is no method that a client sends")

    def _operation(self, node):
        for key in ("operationId", "responses"):
            if not node.get(key):
                raise node.error("has no %s%s" % (key, _REMEDIES.get(key, "")))
        names = set()
        for name, response in node.members("responses"):
            if name.upper() in names:
                raise response.error("stands there twice, in another case")
            names.add(name.upper())
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
        if node.get("unevaluatedProperties", False) is not False:
            raise node.at("unevaluatedProperties").error("is not understood")
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
        self._schema_oddities(node)

    def _schema_oddities(self, node):
        """Note what a schema says in vain, or against itself."""
        for low, high in _RANGES:
            if low in node.value and high in node.value and node.get(low) > node.get(high):
                text = "is greater than %s, so that no value is valid" % high
                self._note(node.at(low), "range", text)
        for name in node.get("required", ()):
            member = node.get("properties", {}).get(name)
            for key, text in _ONE_WAY.items() if isinstance(member, dict) else ():
                if member.get(key) is True:
                    self._note(node.at("properties", name, key), "required", text)
        for key in ("allOf", "oneOf", "anyOf"):
            members = node.get(key)
            if members == []:
                self._note(node.at(key), "empty", "has no members, and is left out")
            elif members and all(set(each) == {"required"} for each in members if each is not True):
                self._note(node.at(key), "required alone", _ONLY_REQUIRED)


def is_path(text):
    """Whether a client can ask for a path as it stands."""
    return _PATH.fullmatch(text) and not {".", ".."}.intersection(text.split("/"))


def remark(text, places):
    """What is odd at some places, one or more of them, in one line: it names the first."""
    more = len(places) - 1
    like = " (and %d more places like it)" % more if more > 1 else ""
    return "%s: %s%s" % (places[0], text, like or " (and one more place like it)" * more)


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
