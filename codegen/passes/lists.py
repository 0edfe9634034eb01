"""Which operation lists the objects of a model, and which counts them.

A list is a read that pages, filters with the model's own filter and returns a list of the
model. Where several do, the one with a count beside it, or the shortest name.
"""

from collections import defaultdict
from dataclasses import replace

from cloudtower._runtime import datatypes
from codegen.ir import Listing


def run(interface, sources):
    schemas = {schema.name: schema for schema in interface.schemas}
    lists, counts = defaultdict(list), {}
    for operation in interface.operations:
        kind = _filtered(operation, schemas)
        if kind is None:
            continue
        if operation.name.endswith("_connection"):
            counts[operation.api, operation.name[: -len("_connection")]] = operation.name
        elif _lists(operation, kind, schemas):
            lists[kind].append(operation)
    listings = []
    for model, found in sorted(lists.items()):
        count = {each.name: counts.get((each.api, each.name)) for each in found}
        best = min(found, key=lambda each: (count[each.name] is None, len(each.name), each.name))
        listings.append(Listing(model, best.api, best.name, count[best.name]))
    return replace(interface, listings=tuple(listings))


def _filtered(operation, schemas):
    """The model whose filter the body of a read has as `where`, or None."""
    body = operation.body
    if not operation.read or body is None or body.type.kind != "model":
        return None
    fields = {field.json: field for field in schemas[body.type.name].fields}
    where = fields.get("where")
    if where is None or not where.type.leaf.is_filter:
        return None
    return datatypes.parse(where.type.leaf.name).selects


def _lists(operation, model, schemas):
    fields = {field.json for field in schemas[operation.body.type.name].fields}
    returns = operation.returns
    return (
        returns is not None
        and returns.kind == "list"
        and returns.leaf.kind == "model"
        and returns.leaf.name == model
        and {"first", "skip"} <= fields
    )
