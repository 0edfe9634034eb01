"""The objects of the simulated CloudTower and the relations between them.

The World alone writes to records. It keeps both ends of a relation in step, and replaces lists and
embedded objects rather than change them in place. Who wants to hear of changes watches a kind.
"""

from contextlib import contextmanager

from cloudtower.simulator.engine.index import Indexes
from cloudtower.simulator.engine.record import NO_BACKLINKS, Record, blank
from cloudtower.simulator.engine.transaction import Transaction
from cloudtower.simulator.schema import models

#: What an embedded object may hold for an equal one to be shared.
_PLAIN = frozenset([str, int, bool, float, type(None)])
#: Among so many values an equal one is sought.
_VALUES = 1000


class _Undone(Exception):
    """Ends what was only tried."""


class World(object):
    """All records.

    Attributes:
        records: {id: Record}, to be read only.
        aliases: {former id: id} of the objects that were renamed, to be read only.
        ids: the Ids that new ones get.
        indexes: the Indexes, which find records by what a field holds.
    """

    def __init__(self, ids):
        self.ids = ids
        self.indexes = Indexes(self)
        self.records = {}
        self._by_kind = {}
        self._watchers = {}
        #: values that many records have alike
        self._values = {}
        #: those that were changed, before their watchers know
        self._touched = {}
        self.aliases = {}
        #: Called with (former id, id), and with (id, None) for one that is in use again.
        self.on_rename = lambda former, target: None
        #: Called with (record, name of a to-many relation, other record, whether it is a member).
        self.on_member = lambda record, name, other, is_member: None
        #: Functions that get a list of the records that `atomic` has put back, before watchers.
        self.on_undo = []
        #: the Transaction of the innermost `atomic`, None outside of one
        self._transaction = None
        #: whether all that is done is put back anyway
        self._is_trial = False

    # reading

    def kinds(self):
        """The names of the kinds that have, or have had, a record."""
        return self._by_kind.keys()

    def all(self, kind_name):
        """The records of a kind, in the order in which they were added."""
        return self._by_kind.get(kind_name, {}).values()

    def get(self, kind_name, record_id):
        """The record of an id, or None."""
        return self._by_kind.get(kind_name, {}).get(record_id)

    def by_id(self, kind_name):
        """{id: Record} of a kind, to be read only."""
        return self._by_kind.get(kind_name, {})

    def find(self, kind_name, record_id):
        """As `get`; an id that the object had formerly is good too."""
        while record_id in self.aliases:
            record_id = self.aliases[record_id]
        return self.get(kind_name, record_id)

    def first(self, kind_name, **values):
        """The first record whose fields have these values, or None."""
        for record in self.all(kind_name):
            if all(record.get(name) == value for name, value in values.items()):
                return record
        return None

    def matching(self, kind_name, **values):
        """The records of a kind whose fields have these values, a list."""
        records = self.all(kind_name)
        return [one for one in records if all(one[name] == values[name] for name in values)]

    def one(self, record, name):
        """The record at the other end of a to-one relation, or None."""
        held = record[name]
        return None if isinstance(held, dict) else self.records.get(held)

    def many(self, record, name):
        """The records at the other end of a relation, a list."""
        held = record.get(name) or {}
        ids = held if isinstance(held, dict) else (held,)
        return [self.records[record_id] for record_id in ids]

    def __contains__(self, record):
        return record is not None and self.records.get(record["id"]) is record

    # writing

    def restore(self, records, aliases):
        """Hold these records as they are and no others; they are complete and consistent."""
        self.records.clear()
        self._by_kind.clear()
        self.indexes.clear()
        for record in records:
            record.backlinks = NO_BACKLINKS
            self._hold(record)
        for record in self.records.values():
            for relation in record.kind.one_sided:
                for other in self.many(record, relation.name):
                    other.refer(relation, record)
        self.aliases = dict(aliases)

    @contextmanager
    def atomic(self):
        """Put everything back as it was where what is done within ends with an exception.

        Watchers hear of each change at once, and of its way back. A record that was removed comes
        back as the last of its kind. One `atomic` may be within another: what it has put back is
        put back, what it has done is the outer one's. As a context it gives its Transaction.
        """
        outer, self._transaction = self._transaction, Transaction()
        try:
            yield self._transaction
            if outer is not None:
                outer.take_over(self._transaction)
        except BaseException:
            self._undo()
            raise
        finally:
            self._transaction = outer

    def would_change(self, action):
        """Whether `action()` would change a record, bool; it is called, and all is put back.

        New ids are no change, and no watcher hears of it. What raises an exception may change
        something.
        """
        self._is_trial, is_changed = True, True
        try:
            with self.atomic() as transaction:
                action()
                before = transaction.before.items()
                is_changed = any(was is None or was[0] != dict(record) for record, was in before)
                raise _Undone
        except Exception:
            return is_changed
        finally:
            self._is_trial = False

    def watch(self, kind_name, callback):
        """Have `callback(record)` called after each change of a record of a kind, or its end."""
        self._watchers.setdefault(kind_name, []).append(callback)

    def add(self, kind_name, **values):
        """Add an object, complete: what is not given gets an empty value. Returns its Record.

        The values go by JSON names; a relation takes a record, an id, or several.
        """
        record = blank(kind_name)
        record["id"] = values.pop("id", None) or self.ids.cuid()
        if record.id in self.records:
            raise ValueError("there is an object with id %s already" % record.id)
        self._touch(record)
        self._hold(record)
        self.update(record, **values)
        return record

    def update(self, record, **values):
        """Change fields of a record; as for `add`."""
        self._touch(record)
        kind = record.kind
        for name, value in values.items():
            if name not in kind.columns:
                self._hide(kind, name, value)
            if name in kind.relations:
                self._relate(record, kind.relations[name], value)
                continue
            if name in kind.valued:
                value = models.allowed(value, kind.valued[name])
            if name in kind.embedded:
                value = models.complete(value, kind.embedded[name])
            record[name] = self._alike(value)
        self._notify()

    @staticmethod
    def _hide(kind, name, value):
        """Have a kind hold what the interface no longer has: a value, or a relation."""
        many = isinstance(value, (list, tuple))
        first = next(iter(value), None) if many else value
        if isinstance(first, Record):
            kind.hide(name, first.kind.name, many)
        else:
            kind.hide(name)

    def _alike(self, value):
        """The equal number or small embedded object that is held already, to save memory."""
        kind = value.__class__
        if kind is int or kind is float:
            key = kind, value
        elif kind is dict and len(value) <= 4:
            key = tuple((name, inner.__class__, inner) for name, inner in value.items())
            if not all(inner_kind in _PLAIN for _, inner_kind, _ in key):
                return value
        else:
            return value
        if len(self._values) >= _VALUES:
            self._values.clear()
        return self._values.setdefault(key, value)

    def return_to(self, record, fields):
        """Give fields of a record what they held, {name: (what it was, what was put there)}.

        What others have put there since stays, and nothing leads to what is gone.
        """
        former = {}
        for name, (was, left) in fields.items():
            held, relation = record.content(name), record.kind.relations.get(name)
            if relation is None:
                former[name] = was if held == left else held
                continue
            kept = [one for one in held if one in was or one not in left]
            back = [one for one in was if one not in left and one not in kept]
            there = [one for one in kept + back if one in self.records]
            former[name] = there if relation.many else next(iter(there), None)
        self.update(record, **former)

    def link(self, record, name, *others):
        """Add records to a to-many relation."""
        if name not in record.kind.relations and others:
            self._hide(record.kind, name, others)
        for other in others:
            self._link(record, record.kind.relations[name], other)
        self._notify()

    def unlink(self, record, name, *others):
        """Take records out of a relation."""
        for other in others if name in record.kind.relations else ():
            self._unlink(record, record.kind.relations[name], other)
        self._notify()

    def remove(self, record):
        """Remove an object, and those that cannot be without it; nothing where it is gone."""
        if record in self:
            self._remove(record)
        self._notify()

    def rename(self, record, to=None):
        """Give an object an id, by default a fresh one; `find` knows the old one, too."""
        if self._is_trial:
            return
        old, new = record.id, to or self.ids.cuid()
        if new in self.records:
            raise ValueError("there is an object with id %s already" % new)
        self._touch(record)
        if self._transaction is not None and self._transaction.aliases is None:
            self._transaction.aliases = dict(self.aliases)
        for relation, other in self._links(record):
            self._touch(other)
            if relation.inverse is None:
                other.backlinks[relation] = _renamed(other.backlinks[relation], old, new)
            else:
                other[relation.inverse] = _renamed(other[relation.inverse], old, new)
        for relation, other in self._backlinks(record):
            self._touch(other)
            other[relation.name] = _renamed(other[relation.name], old, new)
        for index in (self.records, self._by_kind[record.kind.name]):
            del index[old]
            index[new] = record
        record["id"] = new
        self.aliases.pop(new, None)
        self.aliases[old] = new
        self.on_rename(new, None)
        self.on_rename(old, new)
        self._notify()

    def _hold(self, record):
        """Put a record into the indexes."""
        self.records[record.id] = record
        self._by_kind.setdefault(record.kind.name, {})[record.id] = record

    def _links(self, record):
        """[(relation of a record, a record that it leads to)]."""
        return [
            (relation, other)
            for relation in record.kind.relations.values()
            for other in self.many(record, relation.name)
        ]

    def _backlinks(self, record):
        """[(relation of another record that leads to this one and shows no end here, that one)]."""
        return [
            (relation, self.records[record_id])
            for relation, held in record.backlinks.items()
            for record_id in held
        ]

    def _relate(self, record, relation, value):
        """Have a relation lead to just these records."""
        wanted = value if relation.many else [] if value is None else [value]
        wanted = dict.fromkeys(self._record(relation, element) for element in wanted)
        held = dict.fromkeys(self.many(record, relation.name))
        for other in held:
            if other not in wanted:
                self._unlink(record, relation, other)
        for other in wanted:
            if other not in held:
                self._link(record, relation, other)

    def _record(self, relation, value):
        """The record that a value of a relation means; ValueError for what it cannot hold."""
        record = value if isinstance(value, Record) else self.records.get(value)
        if record is None or record.kind.name != relation.target:
            raise ValueError("%s.%s cannot be %r" % (relation.owner, relation.name, value))
        return record

    def _link(self, record, relation, other):
        """Tie two records together, at both ends."""
        self._touch(record)
        self._touch(other)
        if relation.many:
            self._join(record, relation.name, other)
        else:
            record[relation.name] = other.id
        if relation.inverse is None:
            self._to_write(other, other.own_backlinks(), relation)[record.id] = None
        elif relation.inverse_many:
            self._join(other, relation.inverse, record)
        else:
            old = self.one(other, relation.inverse)
            if old is not None and old is not record:
                self._unlink(old, relation, other)
            other[relation.inverse] = record.id
        self._count(record, relation.name)
        self._count(other, relation.inverse)

    def _unlink(self, record, relation, other):
        """Undo what `_link` does."""
        self._touch(record)
        self._touch(other)
        self._part(record, relation.name, other)
        self._count(record, relation.name)
        if relation.inverse is None:
            if record.id in other.backlinks.get(relation, ()):
                del self._to_write(other, other.backlinks, relation)[record.id]
        else:
            self._part(other, relation.inverse, record)
        self._count(other, relation.inverse)

    def _join(self, record, name, other):
        """Put a record into the field of a to-many relation."""
        if other.id not in record[name]:
            self._to_write(record, record, name)[other.id] = None
            self.on_member(record, name, other, True)

    def _part(self, record, name, gone):
        """Take a record out of a relation's field."""
        held = record[name]
        if isinstance(held, dict):
            if gone.id in held:
                del self._to_write(record, record, name)[gone.id]
                self.on_member(record, name, gone, False)
        elif held == gone.id:
            record[name] = None

    def _to_write(self, record, holder, relation):
        """The {id: None} of a relation that `holder` has, a record or its backlinks, to change it.

        Within `atomic` it is another one than before: only what changes is copied, so that an edit
        costs the same whether its cluster has ten VMs or ten thousand.
        """
        ids, key = holder.get(relation), (record, relation)
        if ids is None:
            ids = holder[relation] = {}
        elif self._transaction is not None and key not in self._transaction.written:
            ids = holder[relation] = ids.copy()
        if self._transaction is not None:
            self._transaction.written.add(key)
        return ids

    def _count(self, record, name):
        """Keep the number of members of a relation."""
        number = record.kind.counts.get(name)
        if number is not None:
            record[number] = len(record[name])

    def _remove(self, record):
        """Untie a record from all others; those that cannot be without it go, too."""
        self._touch(record)
        dependants = []
        for relation, other in self._links(record):
            self._unlink(record, relation, other)
            back = other.kind.relations.get(relation.inverse)
            if back is not None and back.required and not back.many:
                dependants.append(other)
        for relation, other in self._backlinks(record):
            self._unlink(other, relation, record)
            if relation.required and not relation.many:
                dependants.append(other)
        del self.records[record.id]
        del self._by_kind[record.kind.name][record.id]
        for other in dependants:
            if other in self:
                self._remove(other)

    def _touch(self, record):
        """Note that a record is about to change, and within `atomic` what it was."""
        self._touched[record] = None
        if record.kind.name in self.indexes.by_kind:
            self.indexes.note(record)
        if self._transaction is not None and record not in self._transaction.before:
            self._transaction.note(record, record in self)

    def _undo(self):
        """Put back what has changed since the innermost `atomic` began."""
        transaction, self._transaction = self._transaction, None
        changed, former_aliases = transaction.before, transaction.aliases
        if former_aliases is not None:
            for former in {**self.aliases, **former_aliases}:
                target = former_aliases.get(former)
                if self.aliases.get(former) != target:
                    self.on_rename(former, target)
            self.aliases = former_aliases
        for record in changed:
            self.indexes.note(record)
        for record, before in changed.items():
            values, backlinks = before or ({"id": None}, NO_BACKLINKS)
            if record in self and record.id != values["id"]:
                del self.records[record.id], self._by_kind[record.kind.name][record.id]
            if before is not None:
                record.clear()
                record.update(values)
                record.backlinks = backlinks
                self._hold(record)
        for callback in self.on_undo:
            callback(list(changed))
        self._touched.update(dict.fromkeys(changed))
        self._notify()

    def _notify(self):
        """Tell the watchers of all records that were changed."""
        touched, self._touched = self._touched, {}
        if self.indexes.changing:
            self.indexes.settle()
        if self._is_trial:
            return
        for record in touched:
            for callback in self._watchers.get(record.kind.name, ()):
                callback(record)


def _renamed(held, old, new):
    """What a relation's field holds, with one id for another, which keeps its place."""
    if isinstance(held, dict):
        return {new if record_id == old else record_id: None for record_id in held}
    return new
