"""`/get-*` and `/get-*-connection` of every kind: what matches, in order, and a page of it."""

from itertools import islice

from cloudtower.simulator.engine import index, language, where
from cloudtower.simulator.engine.selection import Selection
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.schema import operations

#: The members of a body that ask for a page.
_PAGING = ("first", "last", "skip", "after", "before")
#: Where no more than one of so many objects match, these are sorted rather than looked for among
#: all, which an Index has in order.
_SPARSE = 20


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
    ids = _page(call.sight, kind_name, _matching(call), dict(call.body, first=None))
    found = (call.world.find(kind_name, record_id) for record_id in ids)
    there = (record for record in found if record is not None)
    return map(shown, islice(there, call.body.get("first")))


def count_records(call):
    """How many match; paging counts, as in the engine behind CloudTower."""
    kind_name = operations.listed_kind(call.operation)
    return {"aggregate": {"count": counted(call.sight, kind_name, _matching(call), call.body)}}


def counted(sight, kind_name, matching, body):
    """How many records `paged` would give."""
    _require_amounts(body)
    if all(body.get(name) is None for name in _PAGING):
        return matching.count(len(sight.world.by_id(kind_name)))
    return sum(1 for _ in _page(sight, kind_name, matching, body))


def _matching(call):
    """The Selection of what a list or a count is about."""
    kind_name = operations.listed_kind(call.operation)
    return where.matching(call.world, kind_name, call.body.get("where"))


def paged(sight, kind_name, matching, body):
    """Those records of a Selection of a kind that the body of a request asks for, in the order in
    which a Sight has them.

    They are in forward order also for `last`.
    Raises Refusal with status 400 for numbers that the server does not take.
    """
    _require_amounts(body)
    records = sight.world.by_id(kind_name)
    return [records[record_id] for record_id in _page(sight, kind_name, matching, body)]


def _page(sight, kind_name, matching, body):
    """As `paged`, an iterator of ids."""
    first, last, skip = body.get("first"), body.get("last"), body.get("skip") or 0
    after, before = body.get("after"), body.get("before")
    cursors = [cursor for cursor in (after, before) if cursor is not None]
    if any(sight.world.get(kind_name, cursor) is None for cursor in cursors):
        return iter(())
    # a cursor has a place also where it does not match
    ids = _ordered(sight, kind_name, matching | Selection(cursors), body.get("orderBy"))
    if cursors:
        start = 0 if after is None else ids.index(after) + 1
        ids = ids[start : None if before is None else ids.index(before)]
    if last is not None:
        return reversed(list(islice(matching.of(reversed(ids)), skip, skip + last)))
    return islice(matching.of(ids), skip, None if first is None else skip + first)


def _require_amounts(body):
    """Refuse numbers of a page that the server does not take."""
    first, last, skip = body.get("first"), body.get("last"), body.get("skip")
    for name, value, code in (("first", first, 3026), ("last", last, 3027), ("skip", skip, 3028)):
        if value is not None and value < 0:
            message = "%s must not be negative, it is %d (%d)" % (name, value, code)
            raise Refusal(400, message, props={"path": [name]})
    if first is not None and last is not None:
        raise Refusal(400, "first and last cannot be given together (3014)")


def _ordered(sight, kind_name, matching, order_by):
    """Ids of a kind in an order, a list with those of a Selection and maybe others; equal ones are
    by ascending id. Missing values come last, with `_DESC` first.
    """
    field, _, direction = (order_by or "id_ASC").rpartition("_")
    records, is_descending = sight.world.by_id(kind_name), direction == "DESC"
    count, is_whole = matching.count(len(records)), sight.is_whole(kind_name)
    if is_whole and count > where.FEW and count > len(records) // _SPARSE:
        return sight.world.indexes.of(kind_name, field).listed(is_descending)
    ids = sorted(matching.of(records) if matching.is_rest else matching.ids)
    seen = records if is_whole else {one: sight.seen(records[one]) for one in ids}
    values = {record_id: index.rank(seen[record_id], field) for record_id in ids}
    return sorted(
        ids,
        key=lambda record_id: (values[record_id] is None, values[record_id]),
        reverse=is_descending,
    )


def page_of_kind(call, kind_name):
    """The records of a kind that a body with an optional `where` asks for."""
    body = call.body or {}
    matching = where.matching(call.world, kind_name, body.get("where"))
    return paged(call.sight, kind_name, matching, body)
