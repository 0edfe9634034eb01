"""Orders as the fields they order by, where that gives every constant.

Like the filters, the pass proves itself and leaves what it cannot explain.
"""

from dataclasses import replace


def run(interface, sources):
    return replace(interface, schemas=tuple(_compress(schema) for schema in interface.schemas))


def _compress(schema):
    if schema.kind != "order_by":
        return schema
    rows = tuple(value[: -len("_ASC")] for value in schema.values if value.endswith("_ASC"))
    values = [row + order for row in rows for order in ("_ASC", "_DESC")]
    if tuple((value.upper(), value) for value in values) != schema.constants:
        return schema
    return replace(schema, form="order_by", rows=rows)
