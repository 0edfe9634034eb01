"""What values a schema allows, by its own members, and what two schemas allow together."""

from codegen.ir import ANY, TEXT, List, Map, Scalar, Union, nullable

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
#: What a scalar is in JSON.
_JSON_OF = {"str": "string", "datetime": "string", "date": "string", "file": "string"}
_JSON_OF.update(int32="integer", int64="integer", double="number", bool="boolean")
#: What a kind of an ir.Type is in JSON.
_JSON_OF_KIND = {"model": "object", "where": "object", "map": "object", "list": "array"}
#: The types that are another one with less in it.
_WITHIN = {"int32": ("int64", "double"), "int64": ("double",), "datetime": ("str",)}
_WITHIN.update(date=("str",), file=("str",))
#: What a limit limits, in JSON.
_LIMITED = dict.fromkeys(("minimum", "maximum"), ("integer", "number"))
_LIMITED.update(minLength=("string",), minItems=("array",))
UNIONS = ("oneOf", "anyOf")


def kinds_of(value):
    """The types of a schema without null, a list."""
    kinds = value.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else list(dict.fromkeys(kinds))
    return [kind for kind in kinds if kind != "null"]


def enumerated(node):
    """The values of an enumeration but for null, a tuple."""
    key = "const" if "const" in node.value else "enum"
    values = [node.get("const")] if key == "const" else node.get("enum")
    kinds = kinds_of(node.value)
    for value in values:
        if value is not None and kinds and not any(is_of(kind, value) for kind in kinds):
            message = "has the value %r, which is no %s" % (value, " or ".join(kinds))
            raise node.at(key).error(message)
    if key == "const" and values[0] not in node.get("enum", values):
        raise node.at(key).error("is not one of the values of enum")
    return tuple(value for value in values if value is not None)


def is_of(kind, value):
    """Whether a JSON value is of a type that has no members."""
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "string":
        return isinstance(value, str)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and (kind == "number" or value == int(value))


def allows(kind, facts, value, values_of):
    """Whether a JSON value may be one of a type, by its kind; what it has in it is not looked at.

    Parameters:
        kind: an ir.Type without null.
        facts: {keyword: value} of it.
        values_of: callable(name) that returns the values of an enumeration.
    """
    if kind.kind == "union":
        return any(allows(each, {}, value, values_of) for each in kind.members)
    values = facts.get("enum")
    if kind.kind == "enum":
        values = values_of(kind.name)
    if values is not None and kind.kind != "list" and value not in values:
        return False
    if kind.is_scalar:
        return is_of_scalar(kind, value)
    return kind.kind == "enum" or isinstance(value, list if kind.kind == "list" else dict)


def check_kind(node, kind, values_of):
    """Raise DocumentError where the `type` of a node is not that of what stands beside it.

    Parameters:
        kind: the ir.Type of that.
        values_of: callable(name) that returns the values of an enumeration.
    """
    kinds, own = json_of(kind, values_of), kinds_of(node.value)
    if "number" in own:
        own = own + ["integer"]
    if own and kinds and not kinds.intersection(own):
        message = "is %s, and what stands beside it is of the type %s"
        raise node.at("type").error(message % (" or ".join(own), kind.notation))


def check_format(node, kind):
    """Raise DocumentError for a format beside a `$ref` that makes another type of it.

    Parameters:
        kind: the ir.Type that the reference leads to.
    """
    for each in ("string", "integer") if "format" in node.value else ():
        if scalar(each, node) not in (_TYPES[each], kind.bare):
            raise node.at("format").error("stands beside a $ref to %s" % kind.notation)


def is_of_scalar(kind, value):
    """Whether a JSON value is of a Scalar."""
    name = _JSON_OF.get(kind.name)
    return name is None or is_of(name, value)


def is_nullable(value):
    """Whether a schema says of itself that null is a value of it."""
    if value is True:
        return False
    kinds = value.get("type", ())
    if value.get("nullable") or "null" in ([kinds] if isinstance(kinds, str) else kinds):
        return True
    if None in value.get("enum", ()) or ("const" in value and value["const"] is None):
        return True
    return any(is_null(each) for keyword in UNIONS for each in value.get(keyword, ()))


def allows_null(node):
    """Whether null is a value of a schema, by itself or by a part of its `allOf`."""
    parts = [each.value for each in node.elements("allOf")]
    return any(map(is_nullable, [node.value] + parts))


def is_null(value):
    """Whether null is all that a schema allows."""
    return value is not True and (
        value.get("type") in ("null", ["null"]) or value.get("enum") == [None]
    )


def scalar(kind, node):
    """The Scalar of a type without members, None for a type with some."""
    return _FORMATS.get((kind, node.get("format"))) or _TYPES.get(kind)


def of_values(values):
    """The type of what is one of some values."""
    if values and all(isinstance(each, str) for each in values):
        return TEXT
    if values and all(isinstance(each, bool) for each in values):
        return _TYPES["boolean"]
    if values and all(type(each) is int for each in values):
        return _TYPES["integer"]
    if values and all(type(each) in (int, float) for each in values):
        return _TYPES["number"]
    return ANY


def goes_with(key, kind):
    """Whether a member of a schema with several types belongs to one of them."""
    owners = dict.fromkeys(("properties", "required", "additionalProperties"), ("object",))
    owners.update(_LIMITED, items=("array",))
    return key not in ("type", "nullable") and kind in owners.get(key, (kind,))


def json_of(kind, values_of):
    """The types of JSON that the values of an ir.Type can have, a set; empty: all.

    Parameters:
        values_of: callable(name) that returns the values of an enumeration.
    """
    kind = kind.bare
    if isinstance(kind, Union):
        found = [json_of(each, values_of) for each in kind.members]
        return set().union(*found) if all(found) else set()
    if kind.kind == "enum":
        kind = of_values(values_of(kind.name))
    name = _JSON_OF.get(kind.name) if kind.is_scalar else _JSON_OF_KIND.get(kind.kind)
    return {name} if name else set()


def both(first, second, values_of):
    """The type of what is of two types at once; None where no value is, or no type says it.

    Parameters:
        values_of: callable(name) that returns the values of an enumeration.
    """
    if ANY in (first, second):
        return second if first == ANY else first
    made = _both(first.bare, second.bare, values_of)
    return nullable(made) if made and first.nullable and second.nullable else made


def _both(first, second, values_of):
    if first == second or first == ANY:
        return second
    if second == ANY:
        return first
    for one, other in ((first, second), (second, first)):
        if isinstance(one, Union):
            found = [both(each, other, values_of) for each in one.members]
            found = [each for each in found if each]
            return found[0] if len(found) == 1 else None
        if one.is_scalar and other.is_scalar and other.name in _WITHIN.get(one.name, ()):
            return one
        if one.kind == "enum" and other.is_scalar:
            return one if all(is_of_scalar(other, each) for each in values_of(one.name)) else None
        if one.kind == "map" and other.kind == "model" and one.value == ANY:
            return other
    if isinstance(first, (List, Map)) and type(first) is type(second):
        inner = both(*first.parts, *second.parts, values_of)
        return inner and type(first)(inner)
    return None


def restrict(facts, more):
    """Add facts of a type to others, so that all of them hold.

    Parameters:
        facts: {keyword: value}, which is changed: limits, the values of an enumeration, the
            default.
        more: as `facts`; its default is the one that holds.
    """
    for name, value in more.items():
        if name in facts and name == "enum":
            value = tuple(each for each in facts[name] if each in value)
        elif name in facts and name != "default":
            value = (min if name == "maximum" else max)(facts[name], value)
        facts[name] = value


def is_limited(limit, kind, values_of):
    """Whether a limit says something of the values of an ir.Type."""
    found = json_of(kind, values_of)
    return not found or bool(found.intersection(_LIMITED[limit]))


def outside(value, facts):
    """The limits, of the facts of a type, that a value of that type breaks, a list of str."""
    broken = []
    for limit in facts:
        if limit in ("minimum", "maximum") and isinstance(value, (int, float)):
            size = value
        elif limit == "minLength" and isinstance(value, str):
            size = len(value)
        elif limit == "minItems" and isinstance(value, list):
            size = len(value)
        else:
            continue
        if size > facts[limit] if limit == "maximum" else size < facts[limit]:
            broken.append(limit)
    return broken
