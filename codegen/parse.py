"""From the notation of the document to the intermediate form.

What a document may write in several ways is one way here: an inline object
becomes a schema (named by the rule of the published SDK), a schema that only
stands for a scalar, a list, a map, a union or another schema disappears into its
uses, and `allOf` is merged. What has no such form is refused with its place.
"""

import json

from codegen import advice as advices
from codegen import operations, servers
from codegen.discriminators import Discriminators
from codegen.ir import (
    ANY,
    Field,
    Interface,
    List,
    Map,
    Reference,
    Schema,
    nullable,
    union,
)
from codegen.kinds import (
    UNIONS,
    allows,
    allows_null,
    both,
    check_format,
    check_kind,
    enumerated,
    goes_with,
    is_limited,
    is_null,
    is_nullable,
    kinds_of,
    of_values,
    outside,
    restrict,
    scalar,
)
from codegen.node import Node
from codegen.passes.naming import class_name

_LIMITS = ("maximum", "minimum", "minLength", "minItems")
_UNCHECKED = "says which values are valid (%s), which the client checks of a property alone"
_LOOSE = "says which members must be there, which the client checks of properties alone"
#: Steps of a pointer that are no names.
_NOTATION = ("components", "schemas", "properties", "items", "additionalProperties")
_NOT_BESIDE_REF = ("properties", "additionalProperties", "items", "enum", "const", "required")
_NOT_BESIDE_REF += ("allOf",) + UNIONS
_MOST_ALIASES = 100  # that lead from one to the next
#: What gives a schema its kind, and which types it goes with.
_STRUCTURE = {
    "enumeration": ("string", "integer", "number", "boolean"),
    "merged": ("object", "string", "integer", "number", "boolean", "array"),
    "object": ("object",),
    "list": ("array",),
    "union": ("object", "string", "integer", "number", "boolean", "array"),
    "map": ("object",),
}


def interface(document):
    """The Interface of a checked document. Raises DocumentError."""
    return _Parser(document).interface()


def inline_objects(document):
    """(node, key) of each inline object of a checked document: the schema that it becomes."""
    parser = _Parser(document)
    parser.interface()
    return parser.types.inline_nodes


class Types:
    """Makes types and schemas of the document's schemas.

    Attributes:
        schemas: {key: ir.Schema}, what has become a class so far.
        any: the type of anything.
    """

    any = ANY

    def __init__(self, document):
        self.document = Node(document)
        components = self.document.at("components")
        self.components = dict(components.members("schemas") if components.value else ())
        self.classes = {class_name(key) for key in self.components}
        self.schemas = {}
        self.inline = {}  # JSON of an inline object -> key of the schema it became
        self.inline_nodes = []  # (inline object, that key)
        self.shapes = {}  # pointer -> whole_shape
        self.open = []  # pointers of the aliases that are being looked into; None for a way out
        self.discriminators = Discriminators(self.components, self.remark)
        self.remarks = {}  # as an ordered set: see `remark`

    def add_components(self):
        for key, node in self.components.items():
            if self._is_class(node):
                self._add_schema(key, node)
            else:
                self.type(node, (class_name(key), ""))  # refused here, though nothing uses it

    def remark(self, node, text):
        """Note what is odd at a place, but no reason to refuse the document."""
        self.remarks["%s: %s" % (node.pointer, text)] = None

    def values_of(self, key):
        """The values of the enumeration with a key."""
        return enumerated(self.components[key])

    # ---- what a schema is

    def shape(self, node):
        """What a schema is by its own members, a word."""
        if node.value is True:
            return "anything"
        value = node.value
        if "$ref" in value:
            self._check_siblings(node)
            return "reference"
        found = [shape for shape in _STRUCTURE if getattr(self, "_is_" + shape)(node)]
        if "object" in found and "map" in found:
            found.remove("map")
        if "merged" in found:
            found = [each for each in found if each not in ("object", "map")]
        kinds = kinds_of(value)
        if len(kinds) > 1 and "enumeration" not in found:
            return "several"
        if len(found) > 1:
            raise node.error("is both %s and %s" % (_WORDS[found[0]], _WORDS[found[1]]))
        if not found:
            return "scalar" if kinds and scalar(kinds[0], node) else "anything"
        if any(kind not in _STRUCTURE[found[0]] for kind in kinds):
            raise node.error("is %s and of the type %s" % (_WORDS[found[0]], " or ".join(kinds)))
        return found[0]

    def _check_siblings(self, node):
        for key in _NOT_BESIDE_REF:
            if key in node.value:
                raise node.at(key).error("stands beside a $ref")

    @staticmethod
    def _is_enumeration(node):
        return "enum" in node.value or "const" in node.value

    @staticmethod
    def _is_merged(node):
        return bool(node.get("allOf"))

    @staticmethod
    def _is_object(node):
        return bool(node.get("properties"))

    @staticmethod
    def _is_list(node):
        return "items" in node.value or kinds_of(node.value) == ["array"]

    def _is_union(self, node):
        return any(self._members_of_union(node, keyword) for keyword in UNIONS)

    def _members_of_union(self, node, keyword):
        """The Nodes of a union; nothing where all of them only restrict what stands beside it."""
        nodes = node.elements(keyword)
        has_kind = any(self.shape(each) != "anything" for each in nodes)
        return nodes if has_kind else []

    @staticmethod
    def _is_map(node):
        """Whether a node is an object whose names are data."""
        return node.get("additionalProperties", False) is not False and not node.get("properties")

    # ---- types

    def type(self, node, named):
        """(Type, facts) of a node. `facts` are limits and the default, (keyword, value) each.

        `named` is (class, property) for the name of an inline object.
        """
        if node.value is True:
            return ANY, ()
        kind, inner = self._bare(node, named)
        has_rows = kind.bare.kind not in ("map", "union") and kind != ANY
        if node.get("required") and not has_rows and self.shape(node) != "several":
            self.remark(node.at("required"), _LOOSE)
        facts = {limit: node.get(limit) for limit in _LIMITS if limit in node.value}
        for limit in [each for each in facts if not is_limited(each, kind, self.values_of)]:
            del facts[limit]
            self.remark(node.at(limit), "says nothing of the type %s" % kind.bare.notation)
        for name, value in inner:
            facts.setdefault(name, value)
        if "default" in node.value:
            self._add_default(node, kind, facts)
        return nullable(kind) if is_nullable(node.value) else kind, tuple(facts.items())

    def _add_default(self, node, kind, facts):
        """Add the default of a node to its facts; a value of another type is left out."""
        value = node.get("default")
        if value is None or allows(kind.bare, facts, value, self.values_of):
            facts["default"] = value
            for limit in outside(value, facts):
                text = "%s is outside of %s %s" % (json.dumps(value)[:50], limit, facts[limit])
                self.remark(node.at("default"), text)
        else:
            text = "%s is not a value of the type %s; it is left out"
            self.remark(node.at("default"), text % (json.dumps(value)[:50], kind.bare.notation))

    def _bare(self, node, named):
        """(Type, facts) of a node, but for what it says of null and limits itself."""
        return getattr(self, "_as_" + self.shape(node))(node, named)

    def _as_reference(self, node, named):
        target = node.target()
        keys, pointer = target.place, target.pointer
        if keys[:2] == ("components", "schemas") and len(keys) == 3:
            named = class_name(keys[2]), ""
            if self._is_class(target):
                kind = "enum" if self.shape(target) == "enumeration" else "model"
                made, facts = Reference(keys[2], kind), {}
                check_kind(node, made, self.values_of)
                if "default" in target.value:
                    self._add_default(target, made, facts)
                if "discriminator" in target.value:
                    made = self._with_heirs(target, made)
                made = nullable(made) if allows_null(target) else made
                return made, tuple(facts.items())
        else:
            named = _named_by(keys)
        if pointer in self.open:
            if None in self.open[self.open.index(pointer) :]:
                return ANY, ()  # a union or a map that leads back to itself
            raise target.error("refers to itself in a circle")
        if len(self.open) > _MOST_ALIASES:
            raise target.error("stands at the end of more than %d references" % _MOST_ALIASES)
        self.open.append(pointer)
        found = self.type(target, named)
        self.open.pop()
        check_kind(node, found[0], self.values_of)
        check_format(node, found[0])
        return found

    def _with_heirs(self, node, kind):
        """The type of an object whose discriminator says whether it is one with more members."""
        keys = self.discriminators.heirs(kind.name)
        made = [Reference(key) for key in keys if self._is_class(self.components[key])]
        if not made:
            return kind
        self.discriminators.add(node, made + [kind], kind.name)
        return union(made + [kind])

    def _is_class(self, node):
        """Whether a component is a class, rather than another name for something."""
        shape = self.shape(node)
        return shape in ("object", "enumeration") or (
            shape == "merged" and self.whole_shape(node) == "object"
        )

    def _as_enumeration(self, node, named):
        kinds = kinds_of(node.value)
        values = enumerated(node)
        kind = scalar(kinds[0], node) if len(kinds) == 1 else of_values(values)
        return kind, (("enum", values),) if values else ()

    def _as_object(self, node, named):
        return self._inline(node, named), ()

    def _as_list(self, node, named):
        if "items" not in node.value:
            return List(ANY), ()
        item, facts = self._within(node.at("items"), named, kept=("enum",))
        return List(item), facts

    def _within(self, node, named, kept=()):
        """(Type, facts) of a node within a value; limits that are not kept are a remark."""
        kind, facts = self.type(node, named)
        lost = [name for name, _ in facts if name in _LIMITS + ("enum",) and name not in kept]
        if lost:
            self.remark(node, _UNCHECKED % ", ".join(lost))
        return kind, tuple(pair for pair in facts if pair[0] in kept)

    def _as_union(self, node, named):
        keywords = [each for each in UNIONS if self._members_of_union(node, each)]
        if len(keywords) > 1:
            raise node.error("has both oneOf and anyOf")
        keyword = keywords[0]
        nodes = [each for each in node.elements(keyword) if not is_null(each.value)]
        if len(nodes) == 1:
            return self.type(nodes[0], named)
        found, values, inline = [], [], 0
        self.open.append(None)
        for each in nodes:
            known = len(self.schemas)
            inner = named[0], "%s%s%s" % (named[1] and named[1] + "_", keyword, inline or "")
            kind, facts = self._within(each, inner, kept=("enum",))
            check_kind(node, kind, self.values_of)
            found.append(kind)
            values.append(dict(facts).get("enum"))
            inline += len(self.schemas) > known
        self.open.pop()
        if "discriminator" in node.value:
            self.discriminators.add(node, [each.bare for each in found])
        made = union(found)
        if made.bare.is_scalar and all(values):
            return made, (("enum", tuple(dict.fromkeys(sum(values, ())))),)
        for each, only in zip(nodes, values):
            if only:
                self.remark(each, _UNCHECKED % "enum")
        return made, ()

    def _as_several(self, node, named):
        """A list of types (OpenAPI 3.1): one of several, each with the members that are its own."""
        found, facts = [], ()
        for kind in kinds_of(node.value):
            only = {key: inner for key, inner in node.value.items() if goes_with(key, kind)}
            made, more = self.type(node.with_value(dict(only, type=kind)), named)
            found.append(made)
            facts = facts or more
        return union(found), facts

    def _as_map(self, node, named):
        self.open.append(None)
        value = self._values_of(node, named)
        self.open.pop()
        return Map(value), ()

    def _values_of(self, node, named):
        """The type of the members that have no name; None where there are none."""
        more = node.get("additionalProperties", False)
        if more is False:
            return None
        return ANY if more is True else self._within(node.at("additionalProperties"), named)[0]

    def _as_scalar(self, node, named):
        return scalar(kinds_of(node.value)[0], node), ()

    def _as_anything(self, node, named):
        return ANY, ()

    # ---- allOf

    def _as_merged(self, node, named):
        shape = self.whole_shape(node)
        if shape == "anything":
            return ANY, ()
        telling = self._telling(node)
        has_null = allows_null(node)
        if shape in ("object", "map"):
            alone = len(node.get("allOf")) == 1 and not node.get("properties")
            if alone and not node.get("required") and not self._is_map(node):
                return self.type(telling[0], named)
            made = self._inline(node, named)
            return nullable(made) if has_null else made, ()
        kind, facts = ANY, {}
        for part in node.elements("allOf"):
            found, more = self.type(part, named)
            kind = self._both(part, kind, found.bare)
            has_null = has_null or found.nullable
            self._restrict(part, facts, more)
        return nullable(kind) if has_null else kind, tuple(facts.items())

    def _both(self, node, kind, other):
        """The type of what is of two types at once, of which a node has the second.

        Raises DocumentError where that is nothing, or nothing that the tables can say.
        """
        made = both(kind, other, self.values_of)
        if made is None:
            message = "is of the type %s, and another part of the same allOf of %s"
            raise node.error(message % (other.notation, kind.notation))
        return made

    @staticmethod
    def _restrict(node, facts, more):
        """Add the facts that a node says of a value to those of others."""
        restrict(facts, dict(more))
        if facts.get("enum") == ():
            raise node.error("has no value of enum that another part of the same allOf has")

    def _telling(self, node):
        """The parts of `allOf` that say of what kind it is, and not only restrict it."""
        return [part for part in node.elements("allOf") if self.whole_shape(part) != "anything"]

    def whole_shape(self, node, way=()):
        """As `shape`, with references followed and `allOf` merged."""
        shape = self.shape(node)
        if shape not in ("reference", "merged"):
            return shape
        pointer = node.pointer
        if pointer in way:
            raise node.error("refers to itself in a circle")
        if len(way) > _MOST_ALIASES:
            raise node.error("stands at the end of more than %d references" % _MOST_ALIASES)
        if pointer not in self.shapes:
            way += (pointer,)
            if shape == "reference":
                self.shapes[pointer] = self.whole_shape(node.target(), way)
            else:
                self.shapes[pointer] = self._merged_shape(node, way)
        return self.shapes[pointer]

    def _merged_shape(self, node, way):
        shapes = {self.whole_shape(part, way) for part in node.elements("allOf")}
        if node.get("properties"):
            shapes.add("object")
        if self._is_map(node):
            shapes.add("map")
        shapes.discard("anything")
        if shapes and shapes <= {"object", "map"}:
            return "object" if "object" in shapes or len(node.get("allOf")) > 1 else "map"
        if "enumeration" in shapes:
            shapes.discard("scalar")
        if len(shapes) > 1 or "several" in shapes:
            words = sorted(_WORDS[each] for each in shapes)
            raise node.at("allOf").error("has parts of several kinds: %s" % ", ".join(words))
        return shapes.pop() if shapes else "anything"

    # ---- schemas

    def _add_schema(self, key, node):
        self.schemas[key] = None  # keeps its place before its inline objects
        deprecated = node.get("deprecated", False)
        if self.shape(node) == "enumeration":
            values = enumerated(node)
            if not values:
                raise node.at("enum").error("has no value but null")
            self.schemas[key] = Schema(
                key, values=values, kind="enum", deprecated=deprecated, place=node.pointer
            )
            return
        for part, (owner, _) in zip(node.elements("allOf"), self._parts(key, node)):
            if "$ref" not in part.value and part.get("properties"):
                self._inline(part, (owner,))  # a class of its own, though nothing refers to it
        properties, required, more = self.members(key, node)
        outer, self.open = self.open, []  # an object has a name, which ends every circle
        fields = []
        for name, nodes in properties.items():
            kind, facts = self.member(key, name, nodes)
            fields.append(
                Field(
                    name,
                    kind,
                    name in required,
                    facts,
                    deprecated=any(self.is_deprecated(inner) for _, inner in nodes),
                    place=nodes[0][1].pointer,
                )
            )
        rest = None
        for each in more:
            values = self._values_of(each, (class_name(key), "additional"))
            rest = self._both(each, rest or ANY, values)
        self.open = outer
        self.schemas[key] = Schema(
            key, tuple(fields), rest=rest, deprecated=deprecated, place=node.pointer
        )

    def _parts(self, key, node):
        """(key, node) of each part of `allOf`: what it refers to, or an inline object."""
        inline = 0
        for part in node.elements("allOf"):
            if "$ref" in part.value:
                target = part.resolved()
                keys = target.place
                is_component = keys[:2] == ("components", "schemas") and len(keys) == 3
                yield keys[2] if is_component else "".join(_named_by(keys)), target
            else:
                yield "%sAllOf%s" % (key, inline or ""), part
                inline += 1

    def member(self, key, name, nodes):
        """(Type, facts) of a property of an object.

        Parameters:
            key: of the object, str.
            nodes: [(owner, node)], all that say something of it, as `members` has them.
        """
        found = [self.type(node, (class_name(owner), name)) for owner, node in nodes]
        parts = [node for _, node in nodes]
        shapes = {self.whole_shape(each) for each in parts}
        if len(parts) > 1 and "object" in shapes and shapes <= {"object", "map"}:
            made = self._inline(parts[0].joined(parts), (class_name(key), name))
            return nullable(made) if all(kind.nullable for kind, _ in found) else made, ()
        (made, facts), *others = found
        facts = dict(facts)
        for node, (kind, more) in zip(parts[1:], others):
            made = self._both(node, made, kind)
            self._restrict(node, facts, more)
        return made, tuple(facts.items())

    def is_deprecated(self, node):
        """Whether a property or a parameter is, by its schema; a class that is has a sign itself."""
        if node.value is True:
            return False
        if node.get("deprecated"):
            return True
        if "$ref" in node.value:
            target = node.target()
            return not self._is_class(target) and self.is_deprecated(target)
        return any(map(self.is_deprecated, node.elements("allOf")))

    def members(self, key, node, of_part=False):
        """({name: [(owner, node)]}, names of the required ones, nodes of the rest) of an object.

        `allOf` is merged: several parts may have a property. `owner` is the schema that it
        comes from.
        """
        properties = {name: [(key, inner)] for name, inner in node.members("properties")}
        required = list(node.get("required", ()))
        more = [node] if node.get("additionalProperties", False) is not False else []
        for owner, part in self._parts(key, node):
            if part.value is True:
                continue
            inner, needs, rest = self.members(owner, part, of_part=True)
            for name, nodes in inner.items():
                known = properties.setdefault(name, [])
                said = [each.value for _, each in known]
                known.extend(pair for pair in nodes if pair[1].value not in said)
            required.extend(needs)
            more.extend(rest)
        for name in () if of_part else required:
            if name not in properties and not more:
                raise node.at("required").error("%r is required and no property" % name)
        return properties, required, more

    def _inline(self, node, named):
        """The schema that an inline object becomes; an equal one is shared."""
        kept = ("type", "properties", "required", "allOf")
        if node.get("additionalProperties", False) is not False:
            kept += ("additionalProperties",)
        text = json.dumps({k: v for k, v in node.value.items() if k in kept}, sort_keys=True)
        if text not in self.inline:
            # What stands in a list or a map without a class of its own: `inner`.
            key = class_name("_".join(named) if named[-1] else named[0] + "_inner")
            equal = [it for it, given in self.components.items() if given.value == node.value]
            equal = [each for each in equal if class_name(each) == key]
            if not equal and (key in self.schemas or key in self.classes):
                message = "would be a class %s, as another schema is%s"
                raise node.error(message % (key, self._advice(key)))
            self.inline[text] = equal[0] if equal else key
            if not equal:
                self._add_schema(key, node)
        self.inline_nodes.append((node.value, self.inline[text]))
        return Reference(self.inline[text])

    def _advice(self, name):
        """What an overlay renames the schema of the document with whose class has a name."""
        named = self.document.at("components").members("schemas")
        for key in [key for key, _ in named if class_name(key) == name]:
            return advices.rename("schemas", key, "that one")
        return ""


class _Parser:
    def __init__(self, document):
        self.document = Node(document)
        self.types = Types(document)

    def interface(self):
        self.types.add_components()
        found = operations.of(self.document, self.types)
        for each in servers.others(self.document):
            self.types.remark(each, "is left out: requests go below the path of the first server")
        info = self.document.get("info", {})
        schemes = self.document.at("components")
        schemes = schemes.members("securitySchemes") if schemes.value else []
        return Interface(
            title=info.get("title", ""),
            version=info.get("version", ""),
            server=servers.path(self.document),
            schemes=tuple((name, node.resolved().value) for name, node in schemes),
            schemas=tuple(map(self.types.discriminators.told, self.types.schemas.values())),
            operations=tuple(found),
            remarks=tuple(self.types.remarks),
        )


# ---- what a node says ------------------------------------------------------------------


_WORDS = {
    "enumeration": "an enumeration",
    "merged": "an allOf",
    "object": "an object",
    "list": "an array",
    "union": "a union",
    "map": "a map",
    "scalar": "a plain value",
    "several": "one of several types",
}


def _named_by(keys):
    """(class, property) for the name of an inline object at a place."""
    # A schema may be called `items`, and have a property of that name.
    said = [key for key in keys if key not in _NOTATION] or keys[-1:]
    names = [class_name(str(key)) if index == 0 else str(key) for index, key in enumerate(said)]
    return (class_name("_".join(names[:-1])), names[-1]) if len(names) > 1 else (names[0], "")
