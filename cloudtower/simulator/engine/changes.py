"""The feed of `/resource-changes`: each change of a row, numbered.

It begins with the first look at it, because a client that gives no revision
asks for what comes from now on; before that it costs nothing.
"""

import itertools
import json
from collections import deque

from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.schema import operations

#: So many changes are kept; older ones are compacted away.
_KEPT = 10000
_FIRST = 1_000_000
_DEFAULT_LIMIT = 100
#: The row and the joins of what is not there.
_NOTHING = (None, {})
_ACTIONS = ("INSERT", "UPDATE", "DELETE")


class Changes(object):
    """The changes of one world; `now` is a function that gives the moment as text.

    `current` is the number of the last change; those up to `compacted` are gone.
    """

    def __init__(self, world, now):
        self._world = world
        self._now = now
        self._rows = None
        self._events = deque()
        self.current = self.compacted = _FIRST

    @property
    def has_begun(self):
        """Whether changes are noted, bool."""
        return self._rows is not None

    def begin(self):
        """Note the changes from now on."""
        if self._rows is None:
            self._rows = self._all()
            for name in operations.kind_names():
                self._world.watch(name, self._follow)

    def state(self):
        """What `restore` takes."""
        return list(self._events), self.current, self.compacted

    def restore(self, state):
        """Take over what `state` gave, in a world that has been restored."""
        events, self.current, self.compacted = state
        self._events = deque(events)
        if self._rows is not None:  # watchers cannot be taken off, so a feed that runs goes on
            self._rows = self._all()

    def answer(self, query):
        """The body for the parameters of a request, {name: text}."""
        start = _number(query, "start_revision", self.current)
        limit = _number(query, "limit", _DEFAULT_LIMIT)
        if not 1 <= limit <= 1000:
            raise Refusal(400, "limit must be 1 to 1000, it is %d" % limit)
        action = query.get("action")
        if action and action not in _ACTIONS:
            raise Refusal(400, "action must be one of %s" % ", ".join(_ACTIONS))
        self.begin()
        types = [part.strip() for part in (query.get("resource_type") or "").split(",") if part]
        found = (
            event
            for event in self._events
            if int(event["revision"]) > start
            and (not types or event["resource_type"] in types)
            and action in (None, "", event["action"])
            and query.get("resource_id") in (None, "", event["resource_id"])
        )
        return {
            "compactRevision": str(self.compacted),
            "currentRevision": str(self.current),
            "data": list(itertools.islice(found, limit)),
            "ec": "EOK",
            "error": None,
        }

    def compact(self, kept=0):
        """Forget all changes but the last ones."""
        while len(self._events) > kept:
            self.compacted = int(self._events.popleft()["revision"])
        if not self._events:
            self.compacted = self.current

    def _all(self):
        """The rows of all records, to compare later ones with."""
        return {record: _row(record) for record in self._world.records.values()}

    def _follow(self, record):
        """Note what a change of a record changes in its row and its joins."""
        old, joined = self._rows.pop(record, _NOTHING)
        new, joins = _NOTHING
        if record in self._world:
            new, joins = self._rows[record] = _row(record)
        if old != new:
            self._add(record.kind.name, record.id, old, new)
        for table in sorted({*joined, *joins}):
            before, after = joined.get(table, ()), joins.get(table, ())
            for other in [other_id for other_id in before if other_id not in after]:
                self._add(table, "", {"A": record.id, "B": other}, None)
            for other in [other_id for other_id in after if other_id not in before]:
                self._add(table, "", None, {"A": record.id, "B": other})

    def _add(self, table, record_id, old, new):
        """Append a change of a table's row, or of a join."""
        event = {
            "action": "INSERT" if old is None else "DELETE" if new is None else "UPDATE",
            "created_at": self._now(),
            "new_value": new and json.dumps(new, ensure_ascii=False),
            "old_value": old and json.dumps(old, ensure_ascii=False),
            "prev_revision": str(self.current),
            "resource_id": record_id,
            "resource_type": table,
            "revision": str(self.current + 1),
        }
        # absent rather than null: the interface does not call them nullable
        self._events.append({name: value for name, value in event.items() if value is not None})
        self.current += 1
        self.compact(_KEPT)


def _row(record):
    """(the table's row, {join table: ids}) of a record."""
    plain, joined = {}, {}
    for name, value in record.whole().items():
        relation = record.kind.relations.get(name)
        if relation is None or not relation.many:
            plain[name] = value
        elif relation.inverse_many and record.kind.name < relation.target:
            joined["_%sTo%s" % (record.kind.name, relation.target)] = tuple(value)
    return plain, joined


def _number(query, name, default):
    """A number among the query parameters; Refusal for an invalid one."""
    text = query.get(name)
    if text in (None, ""):
        return default
    try:
        return int(text)
    except ValueError:
        raise Refusal(400, "%s must be a number: %r" % (name, text), props={"path": name})
