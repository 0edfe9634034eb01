"""Some ids of a table, without a look at the others: these, or all but these."""

from itertools import filterfalse


class Selection(object):
    """A set of ids that may be a complement, so that "all but one" costs what "one" does.

    Attributes:
        ids: a set, not to be changed; of ids that are there.
        is_rest: whether all others are meant, bool.
    """

    __slots__ = ("ids", "is_rest")

    def __init__(self, ids=(), is_rest=False):
        self.ids = ids if isinstance(ids, (set, frozenset)) else frozenset(ids)
        self.is_rest = is_rest

    def __invert__(self):
        return Selection(self.ids, not self.is_rest)

    def __and__(self, other):
        if self.is_rest and not self.ids:
            return other
        if other.is_rest and not other.ids:
            return self
        if self.is_rest and other.is_rest:
            return Selection(self.ids | other.ids, True)
        if self.is_rest:
            return Selection(other.ids - self.ids)
        return Selection(self.ids - other.ids if other.is_rest else self.ids & other.ids)

    def __or__(self, other):
        return ~(~self & ~other)

    def __contains__(self, one):
        return (one in self.ids) is not self.is_rest

    def count(self, total):
        """How many these are of a table of `total`."""
        return total - len(self.ids) if self.is_rest else len(self.ids)

    def of(self, ids):
        """Those of some ids that are selected, an iterator in their order."""
        return (filterfalse if self.is_rest else filter)(self.ids.__contains__, ids)


#: All there is.
EVERYTHING = Selection(is_rest=True)
