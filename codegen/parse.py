"""From the notation of the document to the intermediate form.

What a document may write in several ways is one way here: an inline object
becomes a schema (named by the rule of the published SDK), a schema that only
stands for a scalar, a list, a map, a union or another schema disappears into its
uses, and `allOf` is merged.
"""

import json
from urllib.parse import urlsplit

from codegen.ir import (
    ANY,
    TEXT,
    Field,
    Interface,
    List,
    Map,
    Operation,
    Parameter,
    Reference,
    Scalar,
    Schema,
    nullable,
    union,
)
from codegen.load import METHODS, DocumentError, at
from codegen.passes.naming import class_name

_FORMATS = {
    ("integer", "int32"): Scalar("int32"),
    ("string", "date-time"): Scalar("datetime"),
    ("string", "date"): Scalar("date"),
    ("string", "binary"): Scalar("file"),
}
_TYPES = {
    "string": TEXT,
    "integer": Scalar("int64"),
    "number": Scalar("double"),
    "boolean": Scalar("bool"),
}
_UNIONS = ("oneOf", "anyOf")
_LIMITS = ("maximum", "minimum", "minLength", "minItems")


def interface(document):
    """The Interface of a checked document."""
    return _Parser(document).interface()


def inline_objects(document):
    """(node, key) of each inline object of a checked document: the schema that it becomes."""
    parser = _Parser(document)
    parser.interface()
    return parser.inline_nodes


def _is_map(node):
    """Whether a node is an object whose names are data."""
    return bool(node.get("additionalProperties")) and not node.get("properties")


def _is_deprecated(node):
    return node.get("deprecated") is True


class _Parser:
    def __init__(self, document):
        self.document = document
        self.components = document["components"]["schemas"]
        self.schemas = {}
        self.inline = {}  # JSON of an inline object -> key of the schema it became
        self.inline_nodes = []  # (inline object, that key)
        self.open = []  # keys of the aliases that are being looked into

    def interface(self):
        for key, node in self.components.items():
            if not self._is_alias(node):
                self._add_schema(key, node)
        operations = []
        for path, item in self.document["paths"].items():
            shared = item.get("parameters", [])  # of all operations of the path
            for method in METHODS:
                if method in item:
                    node = dict(item[method])
                    node["parameters"] = shared + node.get("parameters", [])
                    operations.extend(self._operations(path, method, node))
        info = self.document.get("info", {})
        servers = self.document.get("servers") or [{"url": ""}]
        schemes = self.document["components"].get("securitySchemes", {})
        return Interface(
            title=info.get("title", ""),
            version=info.get("version", ""),
            server=urlsplit(servers[0]["url"]).path.rstrip("/"),
            schemes=tuple(schemes.items()),
            schemas=tuple(self.schemas.values()),
            operations=tuple(operations),
        )

    # schemas

    def _is_alias(self, node):
        """Whether a schema only stands for something without a class of its own."""
        if "$ref" in node or "items" in node or node.get("type") == "array":
            return True
        if "enum" in node or node.get("properties") or "allOf" in node:
            return False
        return node.get("type") in _TYPES or _is_map(node) or any(map(node.get, _UNIONS))

    def _add_schema(self, key, node):
        self.schemas[key] = None  # keeps its place before its inline objects
        if "enum" in node:
            values, deprecated = tuple(node["enum"]), _is_deprecated(node)
            self.schemas[key] = Schema(key, values=values, kind="enum", deprecated=deprecated)
            return
        for part, (owner, _) in zip(node.get("allOf", ()), self._parts(key, node)):
            if part.get("properties"):  # a class of its own, though nothing refers to it
                self._inline(part, (owner,))
        properties, required = self._members(key, node)
        fields = []
        outer, self.open = self.open, []  # an object has a name, which ends every circle
        for name, (owner, inner) in properties.items():
            kind, limits = self._type(inner, (class_name(owner), name))
            deprecated = _is_deprecated(inner)
            fields.append(Field(name, kind, name in required, limits, deprecated=deprecated))
        self.open = outer
        self.schemas[key] = Schema(key, tuple(fields), deprecated=_is_deprecated(node))

    def _parts(self, key, node):
        """(key, node) of each part of `allOf`: what it refers to, or an inline object."""
        inline = 0
        for part in node.get("allOf", ()):
            if "$ref" in part:
                yield part["$ref"].rsplit("/", 1)[-1], self._target(part["$ref"])
            else:
                yield "%sAllOf%s" % (key, inline or ""), part
                inline += 1

    def _members(self, key, node):
        """({name: (owner, node)}, names of the required ones) of an object, with `allOf` merged.

        `owner` is the schema that a property comes from.
        """
        properties = {name: (key, inner) for name, inner in node.get("properties", {}).items()}
        required = list(node.get("required", ()))
        for owner, part in self._parts(key, node):
            more, needs = self._members(owner, part)
            for name, inner in more.items():
                properties.setdefault(name, inner)
            required.extend(needs)
        return properties, required

    def _resolved(self, node):
        """A node, or what it refers to."""
        if isinstance(node, dict) and "$ref" in node:
            return at(self.document, tuple(node["$ref"][2:].split("/")))
        return node

    def _target(self, reference):
        return self.components[reference.rsplit("/", 1)[-1]]

    # types

    def _type(self, node, place):
        """(Type, limits) of a node.

        `place` is (class, property) for the name of an inline object.
        """
        kind, inner = self._bare(node, place)
        limits = tuple((limit, node[limit]) for limit in _LIMITS if limit in node)
        return nullable(kind) if node.get("nullable") else kind, limits + inner

    def _bare(self, node, place):
        """(Type, limits) of a node, but for what it says of null and limits itself."""
        if "$ref" in node:
            return self._referred(node["$ref"].rsplit("/", 1)[-1])
        if "allOf" in node:
            if len(node["allOf"]) == 1 and "properties" not in node:
                return self._type(node["allOf"][0], place)
            return self._inline(node, place), ()
        if "items" in node:
            item, limits = self._type(node["items"], place)
            return List(item), tuple(pair for pair in limits if pair[0] == "enum")
        if node.get("properties"):
            return self._inline(node, place), ()
        for keyword in _UNIONS:
            if node.get(keyword):
                return self._union(node[keyword], place + (keyword,))
        if _is_map(node):
            more = node["additionalProperties"]
            return Map(ANY if more is True else self._type(more, place)[0]), ()
        kind = node.get("type", "object")
        found = _FORMATS.get((kind, node.get("format"))) or _TYPES.get(kind, ANY)
        return found, (("enum", tuple(node["enum"])),) if "enum" in node else ()

    def _referred(self, key):
        target = self.components[key]
        if not self._is_alias(target):
            return Reference(key, "enum" if "enum" in target else "model"), ()
        if key in self.open:  # a union or a map that leads back to itself
            return ANY, ()
        self.open.append(key)
        found = self._type(target, (class_name(key), ""))
        self.open.remove(key)
        return found

    def _union(self, nodes, place):
        """(Type, limits) of one of several nodes; limits hold where there is but one."""
        if len(nodes) == 1:
            return self._type(nodes[0], place[:-1])
        found, inline = [], 0
        for node in nodes:
            known = len(self.schemas)
            found.append(self._type(node, place[:-1] + ("%s%s" % (place[-1], inline or ""),))[0])
            inline += len(self.schemas) > known
        return union(found), ()

    def _inline(self, node, place):
        """The schema that an inline object becomes; an equal one is shared."""
        bare = {k: v for k, v in node.items() if k in ("type", "properties", "required", "allOf")}
        text = json.dumps(bare, sort_keys=True)
        if text not in self.inline:
            # What stands in a list or a map without a class of its own: `inner`.
            key = class_name("_".join(place) if place[-1] else place[0] + "_inner")
            if key in self.schemas or key in map(class_name, self.components):
                raise DocumentError("components/schemas/" + key, "clashes with an inline object")
            self.inline[text] = key
            self._add_schema(key, node)
        self.inline_nodes.append((node, self.inline[text]))
        return Reference(self.inline[text])

    # operations

    def _operations(self, path, method, node):
        place = "paths/%s/%s" % (path, method)
        parameters = []
        for parameter in map(self._resolved, node["parameters"]):
            kind, limits = self._type(parameter.get("schema", {}), ("", parameter["name"]))
            parameters.append(
                Parameter(
                    parameter["name"],
                    kind,
                    parameter["in"],
                    bool(parameter.get("required")),
                    limits,
                    deprecated=_is_deprecated(parameter),
                )
            )
        parameters.extend(self._body(node, place))
        security = node.get("security", self.document.get("security", ()))
        seen = {}
        for tag in node["tags"]:
            repeat = seen[tag] = seen.get(tag, -1) + 1
            yield Operation(
                id=node["operationId"],
                tag=tag,
                method=method.upper(),
                path=path,
                parameters=tuple(parameters),
                returns=self._returns(node, place),
                statuses=tuple(sorted(int(s) for s in node["responses"] if s.isdigit())),
                security=tuple(name for each in security for name in each),
                repeat=repeat,
                deprecated=_is_deprecated(node),
            )

    def _body(self, node, place):
        body = self._resolved(node.get("requestBody"))
        if body is None:
            return
        content = body.get("content", {})
        if "multipart/form-data" in content:
            properties, required = self._members("", content["multipart/form-data"]["schema"])
            for name, (_, inner) in properties.items():
                kind, limits = self._type(inner, ("", name))
                yield Parameter(
                    name,
                    kind,
                    "form",
                    name in required,
                    limits,
                    deprecated=_is_deprecated(inner),
                )
        elif "application/json" in content:
            schema = content["application/json"]["schema"]
            kind, limits = self._type(schema, (node["operationId"], "body"))
            # The published SDK calls the body after its schema, but not where
            # that schema only stands for another one.
            name = ""
            if "$ref" in schema and "$ref" in self._target(schema["$ref"]):
                name = "body"
            yield Parameter("", kind, "body", True, limits, name)
        else:
            raise DocumentError(place, "has a body that is neither JSON nor a form")

    def _returns(self, node, place):
        for status in ("200", "201", "202", "default"):
            content = self._resolved(node["responses"].get(status, {})).get("content")
            if content:
                schema = next(iter(content.values())).get("schema", {})
                return self._type(schema, (node["operationId"], "response"))[0]
        return None
