"""The ids of a kind by what its records have in a field: to find a value, and to list in order.

An Index is made when it is first needed, and kept in step with the World from then on.
"""

from bisect import bisect_left, bisect_right
from itertools import groupby
from operator import itemgetter

from cloudtower.simulator.engine.haystack import Haystack

#: So many are kept; the one that was not used for longest goes first.
_MOST = 16


class Index(object):
    """One field of the records of a kind; `records` are those there are now.

    Attributes:
        values: what they have there, sorted, but for those that have nothing; not to be changed.
        ids: of the same records, those with equal values sorted; not to be changed.
    """

    def __init__(self, field, records):
        self._field = field
        entries = [(rank(record, field), record["id"]) for record in records]
        self._missing = {record_id for value, record_id in entries if value is None}
        entries = [entry for entry in entries if entry[0] is not None]
        # twice by text is faster than once by pairs
        entries.sort(key=itemgetter(1))
        entries.sort(key=itemgetter(0))
        self.values = [value for value, _ in entries]
        self.ids = [record_id for _, record_id in entries]
        self._listed = {}
        self._haystack = None
        #: whether somebody has the set of those that have nothing there
        self._is_lent = False

    @property
    def missing(self):
        """The ids of those that have nothing there, a set that stays as it is."""
        self._is_lent = True
        return self._missing

    def entry(self, record):
        """(value, id) of a record, for `move`."""
        return rank(record, self._field), record["id"]

    def move(self, before, after):
        """Put a record in another place; None is where it is not there."""
        if before == after:
            return
        self._listed.clear()
        self._haystack = None
        if self._is_lent:
            self._missing, self._is_lent = set(self._missing), False
        if before is not None:
            place = self._place(*before)
            if place is None:
                self._missing.discard(before[1])
            else:
                del self.values[place], self.ids[place]
        if after is not None:
            place = self._place(*after)
            if place is None:
                self._missing.add(after[1])
            else:
                self.values.insert(place, after[0])
                self.ids.insert(place, after[1])

    def _place(self, value, record_id):
        """Where an entry stands, or would; None for one without a value."""
        return None if value is None else bisect_left(self.ids, record_id, *self._stretch(value))

    def _stretch(self, value):
        """(first place, place after the last) of those with a value."""
        first = bisect_left(self.values, value)
        return first, bisect_right(self.values, value, first)

    def equal(self, value):
        """The ids of the records with a value, a list."""
        first, end = self._stretch(value)
        return self.ids[first:end]

    def with_part(self, operator, part):
        """The ids of the records whose text contains a part or ends with it, a list; as
        `Haystack.places`, None where it is better to look at each.
        """
        if self._haystack is None:
            self._haystack = Haystack(self.values)
        places = self._haystack.places(operator, part)
        return None if places is None else [self.ids[place] for place in places]

    def listed(self, is_descending):
        """All ids in order, a list not to be changed: those without a value last, or first in
        descending order; equal ones by ascending id.
        """
        if is_descending not in self._listed:
            missing, ids, end = sorted(self._missing), [], len(self.ids)
            for _, equal in groupby(reversed(self.values)) if is_descending else ():
                start = end - sum(1 for _ in equal)
                ids += self.ids[start:end]
                end = start
            self._listed[is_descending] = missing + ids if is_descending else self.ids + missing
        return self._listed[is_descending]


def rank(record, field):
    """What a record is sorted by in the order of a field; None for nothing."""
    value = record.get(field)
    if not isinstance(value, (dict, list)):
        return value
    if field in record.kind.many:
        return len(value) or None
    return str(value)  # the interface lists fields with objects and lists too


class Indexes(object):
    """The Indexes of a World, which says what changes.

    Attributes:
        by_kind: {kind: {field: Index}}.
        changing: {record: {Index: its entry before it was changed, None where it was not there}}.
    """

    def __init__(self, world):
        self._world = world
        self.by_kind = {}
        self.changing = {}
        #: the (kind, field) of all, the one used last at the end
        self._used = {}

    def of(self, kind_name, field):
        """The Index of a field of a kind."""
        self.settle()
        fields = self.by_kind.setdefault(kind_name, {})
        if field not in fields:
            fields[field] = Index(field, self._world.all(kind_name))
        self._used.pop((kind_name, field), None)
        self._used[kind_name, field] = None
        if len(self._used) > _MOST:
            longest = next(iter(self._used))
            del self._used[longest], self.by_kind[longest[0]][longest[1]]
        return fields[field]

    def note(self, record):
        """A record is about to be changed, added or removed."""
        fields = self.by_kind.get(record.kind.name)
        if fields and record not in self.changing:
            entries, is_there = fields.values(), record in self._world
            before = {index: index.entry(record) if is_there else None for index in entries}
            self.changing[record] = before

    def settle(self):
        """Take over what has changed."""
        while self.changing:
            record, entries = self.changing.popitem()
            is_there = record in self._world
            for index, before in entries.items():
                index.move(before, index.entry(record) if is_there else None)

    def clear(self):
        """Forget all: the world is another one."""
        for held in (self.by_kind, self._used, self.changing):
            held.clear()
