"""Orders: one row a field where that gives every constant."""

import pytest
from tiny import passed


def schema(values, key="VmOrderByInput"):
    return passed({key: {"type": "string", "enum": values}}).schemas[0]


def test_two_directions_of_each_field_are_one_row():
    made = schema(["createdAt_ASC", "createdAt_DESC", "id_ASC", "id_DESC"])
    assert made.form == "order_by" and made.rows == ("createdAt", "id")
    assert made.constants[0] == ("CREATEDAT_ASC", "createdAt_ASC")
    assert made.values == ("createdAt_ASC", "createdAt_DESC", "id_ASC", "id_DESC")


@pytest.mark.parametrize(
    "values",
    [
        ["id_ASC", "id_DESC"],  # the rule calls them ASC and DESC
        ["name_ASC", "id_ASC", "id_DESC"],
        ["id_DESC", "id_ASC", "name_ASC", "name_DESC"],
        ["id_ASC", "name_ASC", "id_DESC", "name_DESC"],
        ["id_ASC", "id_DESC", "name"],
        ["vm_id_ASC", "vm_id_DESC", "vm_name_ASC", "vm_name_DESC"],  # a prefix is left out
        ["a-b_ASC", "a-b_DESC", "c_ASC", "c_DESC"],
    ],
)
def test_anything_else_stays_an_enumeration(values):
    made = schema(values)
    assert made.form == "enum" and made.rows == ()
    assert [value for _, value in made.constants] == values


def test_only_orders_are_compressed():
    assert schema(["id_ASC", "id_DESC", "name_ASC", "name_DESC"], "VmOrder").form == "enum"
    made = passed({"VmOrderByInput": {"type": "object", "properties": {"a": {"type": "string"}}}})
    assert made.schemas[0].form == "model"
