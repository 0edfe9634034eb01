"""From the notation of the document to the intermediate form.

What a document may write in several ways is one way here: an inline object
becomes a schema (named by the rule of the published SDK), a schema that only
stands for a scalar, a list or another schema disappears into its uses, and
`allOf` is merged.
"""

import json
from urllib.parse import urlsplit

from codegen.ir import Field, Interface, Operation, Parameter, Schema, Type
from codegen.load import METHODS, DocumentError, at
from codegen.passes.naming import class_name

_FORMATS = {
    ("integer", "int32"): "int32",
    ("integer", "int64"): "int64",
    ("number", "double"): "double",
    ("number", "float"): "double",
    ("string", "date-time"): "datetime",
    ("string", "date"): "date",
    ("string", "binary"): "file",
}
_TYPES = {"string": "str", "integer": "int64", "number": "double", "boolean": "bool"}
_LIMITS = ("maximum", "minimum", "minLength", "minItems")


def interface(document):
    """The Interface of a checked document."""
    return _Parser(document).interface()


class _Parser:
    def __init__(self, document):
        self.document = document
        self.components = document["components"]["schemas"]
        self.schemas = {}
        self.inline = {}  # JSON of an inline object -> key of the schema it became

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
        """Whether a schema only stands for a scalar, a list or another schema."""
        if "$ref" in node or "items" in node or node.get("type") == "array":
            return True
        return "enum" not in node and node.get("type") in _TYPES

    def _add_schema(self, key, node):
        self.schemas[key] = None  # keeps its place before its inline objects
        if "enum" in node:
            self.schemas[key] = Schema(key, values=tuple(node["enum"]))
            return
        for part, (owner, _) in zip(node.get("allOf", ()), self._parts(key, node)):
            if part.get("properties"):  # a class of its own, though nothing refers to it
                self._inline(part, (owner,))
        properties, required = self._members(key, node)
        fields = []
        for name, (owner, inner) in properties.items():
            field_type, nullable, limits = self._type(inner, (class_name(owner), name))
            fields.append(Field(name, field_type, name in required, nullable, limits))
        self.schemas[key] = Schema(key, tuple(fields))

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
        """(Type, nullable, limits) of a node.

        `place` is (class, property) for the name of an inline object.
        """
        nullable = bool(node.get("nullable"))
        limits = tuple((limit, node[limit]) for limit in _LIMITS if limit in node)
        if "$ref" in node:
            key = node["$ref"].rsplit("/", 1)[-1]
            target = self._target(node["$ref"])
            if self._is_alias(target):
                found, inner_nullable, inner_limits = self._type(target, (class_name(key), ""))
                return found, nullable or inner_nullable, limits + inner_limits
            return Type(key, reference=True), nullable, limits
        if "allOf" in node:
            if len(node["allOf"]) == 1 and "properties" not in node:
                found, inner_nullable, inner_limits = self._type(node["allOf"][0], place)
                return found, nullable or inner_nullable, limits + inner_limits
            return self._inline(node, place), nullable, limits
        if "items" in node:
            item, _, inner_limits = self._type(node["items"], place)
            limits += tuple(pair for pair in inner_limits if pair[0] == "enum")
            return Type(item.name, item.reference, item.lists + 1), nullable, limits
        if node.get("properties"):
            return self._inline(node, place), nullable, limits
        if "enum" in node:
            limits += (("enum", tuple(node["enum"])),)
        kind = node.get("type", "object")
        name = _FORMATS.get((kind, node.get("format"))) or _TYPES.get(kind, "object")
        return Type(name), nullable, limits

    def _inline(self, node, place):
        """The schema that an inline object becomes; an equal one is shared."""
        bare = {k: v for k, v in node.items() if k in ("type", "properties", "required", "allOf")}
        text = json.dumps(bare, sort_keys=True)
        if text not in self.inline:
            key = class_name("_".join(place))
            if key in self.schemas or key in map(class_name, self.components):
                raise DocumentError("components/schemas/" + key, "clashes with an inline object")
            self.inline[text] = key
            self._add_schema(key, node)
        return Type(self.inline[text], reference=True)

    # operations

    def _operations(self, path, method, node):
        place = "paths/%s/%s" % (path, method)
        parameters = []
        for parameter in map(self._resolved, node["parameters"]):
            kind, _, limits = self._type(parameter.get("schema", {}), ("", parameter["name"]))
            parameters.append(
                Parameter(
                    parameter["name"],
                    kind,
                    parameter["in"],
                    bool(parameter.get("required")),
                    limits,
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
            )

    def _body(self, node, place):
        body = self._resolved(node.get("requestBody"))
        if body is None:
            return
        content = body.get("content", {})
        if "multipart/form-data" in content:
            properties, required = self._members("", content["multipart/form-data"]["schema"])
            for name, (_, inner) in properties.items():
                kind, _, limits = self._type(inner, ("", name))
                yield Parameter(name, kind, "form", name in required, limits)
        elif "application/json" in content:
            schema = content["application/json"]["schema"]
            kind, _, limits = self._type(schema, (node["operationId"], "body"))
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
