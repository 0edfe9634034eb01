"""`/get-*` and `/get-*-connection` of every kind: what matches, in order, and a page of it."""

from itertools import islice
from operator import itemgetter

from cloudtower.simulator.engine import language, where
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.schema import operations


def handler_of(operation):
    """What answers a list or a count; None for any other operation."""
    if operations.listed_kind(operation) is None:
        return None
    return list_records if operation.result.item else count_records


def list_records(call):
    """The objects that match, as a bare array; each is rendered as it is when its turn comes."""
    render, kind_name = call.tower.renderer.render, operations.listed_kind(call.operation)

    def shown(record):
        whole = render(record)
        language.localize(kind_name, [whole], call.language)
        return whole

    _require_amounts(call.body)
    # one that is gone by then is left out, and the next takes its place: a page that is not full
    # is the last one to clients
    found = _page(call, dict(call.body, first=None))
    return islice(
        (shown(record) for record in found if record in call.world), call.body.get("first")
    )


def count_records(call):
    """How many match; paging counts, as in the engine behind CloudTower."""
    return {"aggregate": {"count": len(_page(call))}}


def _page(call, body=None):
    """What a list or a count is about: what matches and is visible, and of that a page.

    `body` is by default that of the call.
    """
    kind_name = operations.listed_kind(call.operation)
    matching = where.select(call.world, kind_name, call.body.get("where"))
    return paged(call.world, kind_name, matching, call.body if body is None else body)


def paged(world, kind_name, records, body):
    """Those of a kind's matching records that the body of a request asks for, in its order.

    They are in forward order also for `last`.
    Raises Refusal with status 400 for numbers that the server does not take.
    """
    _require_amounts(body)
    first, last, skip = body.get("first"), body.get("last"), body.get("skip")
    records = _ordered(records, body.get("orderBy"))
    for name in ("after", "before"):
        if body.get(name) is not None:
            cursor = world.get(kind_name, body[name])
            if cursor is None:
                return []
            # it has a place also where it is none of the records
            others = [record for record in records if record is not cursor]
            records = _ordered(others + [cursor], body.get("orderBy"))
            place = records.index(cursor)
            records = records[place + 1 :] if name == "after" else records[:place]
    skip = skip or 0
    if last is not None:
        end = max(len(records) - skip, 0)
        return records[max(end - last, 0) : end]
    return records[skip:] if first is None else records[skip : skip + first]


def _require_amounts(body):
    """Refuse numbers of a page that the server does not take."""
    first, last, skip = body.get("first"), body.get("last"), body.get("skip")
    for name, value, code in (("first", first, 3026), ("last", last, 3027), ("skip", skip, 3028)):
        if value is not None and value < 0:
            message = "%s must not be negative, it is %d (%d)" % (name, value, code)
            raise Refusal(400, message, props={"path": [name]})
    if first is not None and last is not None:
        raise Refusal(400, "first and last cannot be given together (3014)")


def _ordered(records, order_by):
    """Records in an order, then by ascending id; missing values come last, with `_DESC` first."""
    field, _, direction = (order_by or "id_ASC").rpartition("_")
    records = sorted(records, key=itemgetter("id"))
    if (field, direction) == ("id", "ASC"):
        return records

    def rank(record):
        value = record.get(field)
        if isinstance(value, (dict, list)):  # the interface lists such fields too
            value = str(value)
        return (value is None, value)

    return sorted(records, key=rank, reverse=direction == "DESC")


def page_of_kind(call, kind_name):
    """The records of a kind that a body with an optional `where` asks for."""
    body = call.body or {}
    found = call.select(kind_name) if body.get("where") else call.world.all(kind_name)
    return paged(call.world, kind_name, found, body)
