"""Filter classes as one row a field, where the families explain every property.

The pass proves itself: it expands the rows it found as the runtime will and
compares name, JSON name and type of every property. What no family explains
stays a plain row. The order is that of the JSON names, up or down.
"""

from collections import namedtuple
from dataclasses import replace

from cloudtower._runtime import filters
from codegen.grammar import remark
from codegen.ir import TEXT, Field, List, Reference, Scalar
from codegen.passes.naming import property_name

_OPEN = "is a filter with members that have no name, which the client refuses"
_Property = namedtuple("_Property", "name json type")
#: Text that is compared as a time: a type of rows alone.
TIME = Scalar("time")
_DECLARED = {
    str(kind): str(declared) for kind, declared in ((TIME, TEXT), (List(TIME), List(TEXT)))
}


def run(interface, sources):
    open_ones = [each.place for each in interface.schemas if each.kind == "where" and each.rest]
    return replace(
        interface,
        schemas=tuple(_compress(schema) for schema in interface.schemas),
        remarks=interface.remarks + ((remark(_OPEN, open_ones),) if open_ones else ()),
    )


def _compress(schema):
    if schema.kind != "where":
        return schema
    schema = replace(schema, rest=None)
    if not all(each.nullable and not each.required and not each.limits for each in schema.fields):
        return schema
    properties = {each.json: each for each in schema.fields}
    if not all(json in properties for _, json in filters.LOGIC):
        return schema
    left = {json for json in properties if json not in dict(map(reversed, filters.LOGIC))}
    rows = []
    for each in schema.fields:
        for row in _candidates(each):
            needed = set(jsons(row))
            if needed <= left and _explains(schema, row, properties):
                rows.append(row)
                left -= needed
                break
    plain = tuple(properties[json] for json in sorted(left))
    declared = list(map(_property, schema.fields))
    ascending = sorted(declared, key=lambda each: each.json)
    in_order = declared in (ascending, ascending[::-1])
    compressed = replace(
        schema,
        form="where",
        rows=tuple(rows),
        plain=plain,
        descending=declared == ascending[::-1],
        order=() if in_order else tuple(each.json for each in schema.fields),
    )
    return compressed if _expanded(compressed) == ascending else schema


def _candidates(each):
    """Rows that may have a property among theirs, the widest family first."""
    kind = each.type.bare
    if kind.leaf.is_filter:
        for operator in filters.FAMILIES["many"]:
            if each.json.endswith("_" + operator):
                yield _row(each.json[: -len(operator) - 1], List(kind.leaf))
    if isinstance(kind, (Scalar, Reference)) and filters.family_of(kind):
        yield _row(each.json, kind)
        if kind == TEXT:
            yield _row(each.json, TIME)


def _row(json, kind):
    return Field(json, kind, name=property_name(json))


def jsons(row):
    """The JSON names of the properties that a row stands for."""
    family = filters.family_of(row.type)
    return [row.json + ("_" + op if op else "") for op in filters.FAMILIES[family]]


def _expand(schema, rows):
    names = {row.name: row.json for row in rows if row.name != row.json}
    expanded = filters.expand(schema.name, [(row.name, str(row.type)) for row in rows], names)
    return [_Property(name, json, _DECLARED.get(kind, kind)) for name, json, kind, _, _ in expanded]


def _explains(schema, row, properties):
    for found in _expand(schema, [row]):
        declared = properties[found.json]
        if found != _Property(declared.name, declared.json, str(declared.type)):
            return False
    return True


def _expanded(schema):
    properties = _expand(schema, schema.rows) + list(map(_property, schema.plain))
    return sorted(properties, key=lambda each: each.json)


def _property(each):
    return _Property(each.name, each.json, str(each.type))
