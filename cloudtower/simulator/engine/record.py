"""One object of the world, as it is held in memory."""

from types import MappingProxyType

from cloudtower.simulator.schema import gone, kinds

#: The backlinks of most records; they get a dict of their own when they need one.
NO_BACKLINKS = MappingProxyType({})


class Record(dict):
    """One object: {JSON name: value}; a relation holds an id, or a dict of ids in order.

    What is null takes no place in it, nor does a relation that leads nowhere; both are read as if
    they did. Only the World writes to a record.

    Attributes:
        kind: its Kind.
        backlinks: {Relation of another kind: {id: None}}: who refers to it by a relation of which
            it shows no end.
    """

    __slots__ = ("kind", "backlinks")

    def __init__(self, kind, values):
        dict.__init__(self, values)
        self.kind = kind
        self.backlinks = NO_BACKLINKS

    @property
    def id(self):
        """The id, which a rename changes."""
        return self["id"]

    def refer(self, relation, record):
        """Note that another record refers to this one by a relation that has no end here."""
        self.own_backlinks().setdefault(relation, {})[record.id] = None

    def own_backlinks(self):
        """The backlinks, as a dict that can be changed."""
        if self.backlinks is NO_BACKLINKS:
            self.backlinks = {}
        return self.backlinks

    def content(self, name):
        """What a field holds at this moment, a relation as a list of ids."""
        held, relation = self[name], self.kind.relations.get(name)
        if relation is None:
            return held
        return list(held) if relation.many else [] if held is None else [held]

    def whole(self):
        """All fields, also those that hold nothing; a dict."""
        return {name: self[name] for name in self.kind.columns}

    def __missing__(self, name):
        if name in self.kind.relations and self.kind.relations[name].many:
            return {}
        if name not in self.kind.columns:
            gone.note(self.kind.name, name)
        return None

    def __contains__(self, name):
        return name in self.kind.columns

    def __repr__(self):
        return "<%s %s>" % (self.kind.name, self["id"])

    # records are compared and collected by what they are, not by what they hold
    __hash__, __eq__, __ne__ = object.__hash__, object.__eq__, object.__ne__


def blank(kind_name):
    """A Record of a kind in which everything is empty, outside of any world."""
    kind = kinds.kind(kind_name)
    return Record(kind, kind.held)
