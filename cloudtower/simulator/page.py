"""Puts records in order and cuts the page out that was asked for."""

from operator import itemgetter

from cloudtower.simulator.errors import Refusal


def paged(world, kind_name, records, body):
    """The page of a list.

    Parameters:
        world: a World.
        kind_name: the kind that is listed.
        records: the records that match, in any order.
        body: the request: orderBy, first, last, skip, after, before.

    Returns a list of records, in forward order also for `last`.
    Raises Refusal with status 400 for numbers that the server does not take.
    """
    first, last, skip = body.get("first"), body.get("last"), body.get("skip")
    for name, value, code in (("first", first, 3026), ("last", last, 3027), ("skip", skip, 3028)):
        if value is not None and value < 0:
            message = "%s must not be negative, it is %d (%d)" % (name, value, code)
            raise Refusal(400, message, props={"path": [name]})
    if first is not None and last is not None:
        raise Refusal(400, "first and last cannot be given together (3014)")
    order = _Order(body.get("orderBy"))
    records = order.sorted(records)
    for name, is_inside in (("after", order.is_after), ("before", order.is_before)):
        if body.get(name) is not None:
            cursor = world.get(kind_name, body[name])
            if cursor is None:
                return []
            records = [each for each in records if is_inside(each, cursor)]
    skip = skip or 0
    if last is not None:
        end = max(len(records) - skip, 0)
        return records[max(end - last, 0) : end]
    return records[skip:] if first is None else records[skip : skip + first]


class _Order(object):
    """One `orderBy`; equal values are ordered by ascending id in either direction.

    A missing value comes after all others, so that `_DESC` begins with it.
    """

    def __init__(self, order_by):
        name, _, direction = (order_by or "id_ASC").rpartition("_")
        self._name = name
        self._descends = direction == "DESC"

    def sorted(self, records):
        records = sorted(records, key=itemgetter("id"))
        if self._name == "id" and not self._descends:
            return records
        return sorted(records, key=self._rank, reverse=self._descends)

    def is_after(self, record, cursor):
        rank, other = self._rank(record), self._rank(cursor)
        if rank == other:
            return record["id"] > cursor["id"]
        return (rank < other) if self._descends else (rank > other)

    def is_before(self, record, cursor):
        return record is not cursor and not self.is_after(record, cursor)

    def _rank(self, record):
        value = record.get(self._name)
        if isinstance(value, (dict, list)):  # the interface lists such fields too
            value = str(value)
        return (value is None, value)
