"""What has changed since a moment, so that it can be put back."""

from cloudtower.simulator.engine.record import NO_BACKLINKS, Record


class Transaction(object):
    """What has changed within an `atomic` of the World.

    Attributes:
        before: {record: (what it held, its backlinks), None for a new one}.
        aliases: those of the world before, or None where they are the same.
        written: (record, relation) of the ids that have been copied and changed.
    """

    def __init__(self):
        self.before = {}
        self.aliases = None
        self.written = set()

    def note(self, record, is_there):
        """Note what a record is before its first change; `is_there`: whether the world has it."""
        self.before[record] = _copy(record) if is_there else None

    def difference(self):
        """{record: {field: (what it held, what it holds)}}; None for a record that was added."""
        return {
            record: None if was is None else _difference(was[0], record)
            for record, was in self.before.items()
        }

    def take_over(self, inner):
        """Add the Transaction of an `atomic` within this one."""
        for record, was in inner.before.items():
            self.before.setdefault(record, was)
        if self.aliases is None:
            self.aliases = inner.aliases
        self.written |= inner.written


def _copy(record):
    """What a record holds, and who refers to it; `World._to_write` keeps that apart."""
    return dict(record), dict(record.backlinks) if record.backlinks else NO_BACKLINKS


def _difference(was, record):
    """{field: (what it held, what it holds)} of those of a record that have changed."""
    names = [name for name in {**was, **record} if was.get(name) != record.get(name)]
    before = Record(record.kind, was)
    return {name: (before.content(name), record.content(name)) for name in names if name != "id"}
