"""Filter classes: one row a field where the families explain it, plain rows elsewhere."""

import pytest
from tiny import listed, operation, passed, ref

from cloudtower._runtime import datatypes, filters
from codegen.node import DocumentError

TEXT = {"type": "string", "nullable": True}
INT32 = {"type": "integer", "format": "int32", "nullable": True}
INT64 = {"type": "integer", "format": "int64", "nullable": True}
DOUBLE = {"type": "number", "format": "double", "nullable": True}
FLAG = {"type": "boolean", "nullable": True}
KIND = {"allOf": [ref("Kind")], "nullable": True}
ONE = {"allOf": [ref("HostWhereInput")], "nullable": True}

COMPARED = ("", "_gt", "_gte", "_in", "_lt", "_lte", "_not", "_not_in")
TEXTUAL = COMPARED + (
    "_contains",
    "_ends_with",
    "_not_contains",
    "_not_ends_with",
    "_not_starts_with",
    "_starts_with",
)


def maybe(node):
    return dict(node, nullable=True)


def family(name, node, suffixes):
    """The properties of one field."""
    return {
        name
        + suffix: (
            maybe(listed({k: v for k, v in node.items() if k != "nullable"}))
            if suffix in ("_in", "_not_in")
            else node
        )
        for suffix in suffixes
    }


def many(name):
    return {name + suffix: ONE for suffix in ("_every", "_none", "_some")}


LOGIC = {name: maybe(listed(ref("VmWhereInput"))) for name in ("AND", "NOT", "OR")}


def compressed(*parts, **more):
    """The schema VmWhereInput with these properties beside AND, OR and NOT."""
    properties = dict(LOGIC)
    for part in parts:
        properties.update(part)
    node = {"type": "object", "properties": dict(sorted(properties.items()))}
    node.update(more)
    interface = passed(
        {
            "VmWhereInput": node,
            "HostWhereInput": {"type": "object", "properties": {"id": TEXT}},
            "Kind": {"type": "string", "enum": ["A", "B"]},
        },
        {"/get-vms": {"post": operation("GetVms", tag="Vm", body=ref("VmWhereInput"))}},
    )
    return next(each for each in interface.schemas if each.name == "VmWhereInput")


def rows(schema):
    return [(each.name, str(each.type)) for each in schema.rows]


@pytest.mark.parametrize(
    "properties, row",
    [
        (family("name", TEXT, TEXTUAL), ("name", "str")),
        (family("createdAt", TEXT, COMPARED), ("created_at", "time")),
        (family("vcpu", INT32, COMPARED), ("vcpu", "int32")),
        (family("memory", INT64, COMPARED), ("memory", "int64")),
        (family("usage", DOUBLE, COMPARED), ("usage", "double")),
        (family("kind", KIND, ("", "_in", "_not", "_not_in")), ("kind", "Kind")),
        (family("on", FLAG, ("", "_not")), ("on", "bool")),
        ({"host": ONE}, ("host", "HostWhereInput")),
        (many("hosts"), ("hosts", "list[HostWhereInput]")),
        # names that end as operators do
        (family("name_in", TEXT, TEXTUAL), ("name_in", "str")),
        (many("handsome"), ("handsome", "list[HostWhereInput]")),
    ],
)
def test_a_family_is_one_row(properties, row):
    schema = compressed(properties)
    assert schema.form == "where"
    assert rows(schema) == [row] and schema.plain == ()


def test_families_side_by_side():
    schema = compressed(
        family("name", TEXT, TEXTUAL),
        family("name_at", TEXT, COMPARED),
        family("vcpu", INT32, COMPARED),
        many("hosts"),
        {"host": ONE},
    )
    assert sorted(rows(schema)) == [
        ("host", "HostWhereInput"),
        ("hosts", "list[HostWhereInput]"),
        ("name", "str"),
        ("name_at", "time"),
        ("vcpu", "int32"),
    ]
    assert schema.plain == ()


def test_what_no_family_explains_is_a_plain_row():
    lone = family("version_semantic", TEXT, ("_gt", "_gte", "_lt", "_lte"))
    schema = compressed(family("name", TEXT, TEXTUAL), lone)
    assert rows(schema) == [("name", "str")]
    assert [each.json for each in schema.plain] == sorted(lone)


@pytest.mark.parametrize(
    "properties",
    [
        family("name", TEXT, TEXTUAL[:-1]),
        family("vcpu", INT32, COMPARED[:-1]),
        dict(family("vcpu", INT32, COMPARED), vcpu_gt=INT64),
        {key: node for key, node in many("hosts").items() if not key.endswith("_none")},
        dict(family("name", TEXT, TEXTUAL), name_in=TEXT),
    ],
    ids=["no _starts_with", "no _not_in", "another type", "no _none", "_in is no list"],
)
def test_a_family_with_a_gap_loses_nothing(properties):
    schema = compressed(properties, family("zone", TEXT, TEXTUAL))
    assert schema.form == "where" and ("zone", "str") in rows(schema)
    declared = {each.json: str(each.type) for each in schema.fields}
    assert set(properties) | set(LOGIC) < set(declared)
    names = {row.name: row.json for row in schema.rows if row.name != row.json}
    expanded = filters.expand(schema.name, [(r.name, str(r.type)) for r in schema.rows], names)
    found = {row[1]: row[2].replace("time", "str") for row in expanded}
    found.update({each.json: str(each.type) for each in schema.plain})
    assert found == declared


@pytest.mark.parametrize(
    "parts, more",
    [
        ([family("name", dict(TEXT, nullable=False), TEXTUAL)], {}),
        ([family("name", TEXT, TEXTUAL)], {"required": ["name"]}),
        ([family("name", dict(TEXT, minLength=1), TEXTUAL)], {}),
    ],
    ids=["not nullable", "required", "limits"],
)
def test_flags_that_no_filter_has_make_it_a_plain_model(parts, more):
    schema = compressed(*parts, **more)
    assert schema.form == "model" and schema.rows == ()
    assert len(schema.fields) == 17


def ordered(key):
    """The schema with the properties of one family in an order of their own."""
    properties = dict(LOGIC, **family("name", TEXT, TEXTUAL))
    node = {"type": "object", "properties": dict(sorted(properties.items(), **key))}
    interface = passed({"VmWhereInput": node}, {"/x": {"post": operation("X", tag="Vm")}})
    return interface.schemas[0]


def test_the_reverse_order_is_known():
    schema = ordered({"reverse": True})
    assert schema.form == "where" and rows(schema) == [("name", "str")]
    assert [each.json for each in schema.fields][:2] == ["name_starts_with", "name_not_starts_with"]


def test_any_other_order_becomes_that_of_the_names():
    """What a filter means does not hang on it, and the guard must know its families."""
    schema = ordered({"key": lambda pair: pair[0][::-1]})
    assert (schema.form, schema.descending) == ("where", False)
    assert rows(schema) == [("name", "str")]


def test_without_logic_it_is_a_plain_model():
    interface = passed(
        {"VmWhereInput": {"type": "object", "properties": family("name", TEXT, TEXTUAL)}}
    )
    assert interface.schemas[0].form == "model"


def test_only_filters_are_compressed():
    node = {"type": "object", "properties": dict(sorted(family("name", TEXT, TEXTUAL).items()))}
    assert passed({"VmWhereInputs": node}).schemas[0].form == "model"
    with pytest.raises(DocumentError, match="#/components/schemas/VmWhereInput: "):
        passed({"VmWhereInput": {"type": "string", "enum": ["A", "B"]}})


@pytest.mark.parametrize(
    "type_name, expected",
    [
        ("str", "text"),
        ("time", "time"),
        ("int32", "number"),
        ("int64", "number"),
        ("double", "number"),
        ("bool", "bool"),
        ("object", None),
        ("datetime", None),
        ("VmStatus", "enum"),
        ("HostWhereInput", "one"),
        ("list[HostWhereInput]", "many"),
    ],
)
def test_family_of_a_type(type_name, expected):
    assert filters.family_of(datatypes.parse(type_name)) == expected


def test_operands_tell_field_operator_and_family():
    rows = filters.expand("XWhereInput", [("created_at", "time")], {"created_at": "createdAt"})
    found = {row[1]: row[-1] for row in rows}
    assert found["AND"] is None
    assert found["createdAt_not_in"] == ("createdAt", "not_in", "time")
    assert found["createdAt"] == ("createdAt", "", "time")
