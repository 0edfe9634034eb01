"""The filter language of CloudTower: families of operators on a base field.

A `*WhereInput` class has up to fourteen properties for each field of its
resource. Its table has one row for the field; the family of the row's type
gives the rest, and says what each of them means.
"""

from collections import namedtuple

from cloudtower._runtime.datatypes import parse

#: One property of a filter: the field it looks at, the operator it applies
#: ("" is equality) and the family that operator belongs to.
Operand = namedtuple("Operand", "base operator family")

_COMPARED = ("", "gt", "gte", "in", "lt", "lte", "not", "not_in")
_TEXT = ("contains", "ends_with", "not_contains", "not_ends_with")
_TEXT += ("not_starts_with", "starts_with")

#: family -> its operators
FAMILIES = {
    "text": _COMPARED + _TEXT,
    "number": _COMPARED,
    "time": _COMPARED,
    "bool": ("", "not"),
    "enum": ("", "in", "not", "not_in"),
    "one": ("",),
    "many": ("every", "none", "some"),
}

#: The members that combine filters of the same class.
LOGIC = (("_and", "AND"), ("_not", "NOT"), ("_or", "OR"))

_SCALAR_FAMILIES = {
    "str": "text",
    "time": "time",
    "int32": "number",
    "int64": "number",
    "double": "number",
    "bool": "bool",
}


def family_of(kind):
    """The family of a row's type, such as "many" for `list[VmWhereInput]`.

    Parameters:
        kind: a type of `datatypes`, or what codegen has for it.

    Returns its name, str; None for a scalar that no family has.
    """
    if kind.is_scalar:
        return _SCALAR_FAMILIES.get(kind.name)
    if kind.item is not None:
        return "many"
    return "one" if kind.is_filter else "enum"


def expand(class_name, rows, json_names):
    """All properties of a `*WhereInput` class.

    Parameters:
        class_name: name of the class, str.
        rows: (name, type name[, flags]) of each field, as in the class's table.
        json_names: {name: JSON name} of the fields where the two differ.

    Returns a list of (name, JSON name, type name, flags, Operand or None), in no
    order.
    """
    properties = [(name, json, "list[%s]" % class_name, "", None) for name, json in LOGIC]
    for row in rows:
        name, kind = row[0], parse(row[1])
        json = json_names.get(name, name)
        family = family_of(kind)
        value = (kind.item or kind).name
        for operator in FAMILIES[family]:
            suffix = "_" + operator if operator else ""
            listed = operator in ("in", "not_in")
            properties.append(
                (
                    name + suffix,
                    json + suffix,
                    "list[%s]" % value if listed else value,
                    row[2] if len(row) > 2 else "",
                    Operand(json, operator, family),
                )
            )
    return properties
