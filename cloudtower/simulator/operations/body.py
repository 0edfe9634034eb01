"""A body that notes which of its members are read, so that the others can be named."""

from cloudtower.simulator.schema import gone, models


class Members(dict):
    """The members of an object in a body.

    Attributes:
        read: the names of those that somebody has looked at, a set.
        types: the names of the classes whose members they are.
    """

    __slots__ = ("read", "types")

    def __init__(self, members, *types):
        dict.__init__(self, members)
        self.read = set()
        self.types = types

    def __missing__(self, name):
        if not self.types or any(name in models.members_of(own) for own in self.types):
            raise KeyError(name)
        gone.note(self.types[0], name)

    def unread(self):
        """All members, without note of it; a view of (name, value)."""
        return dict.items(self)

    def __getitem__(self, name):
        self.read.add(name)
        return dict.__getitem__(self, name)

    def __contains__(self, name):
        self.read.add(name)
        return dict.__contains__(self, name)

    def get(self, name, default=None):
        """The value of a member, which is then read."""
        self.read.add(name)
        return dict.get(self, name, default)

    def _read_all(self):
        """Note that every member is read."""
        self.read.update(dict.keys(self))

    def __iter__(self):
        self._read_all()
        return dict.__iter__(self)

    def keys(self):
        """The names of all members, which are then read."""
        self._read_all()
        return dict.keys(self)

    def values(self):
        """The values of all members, which are then read."""
        self._read_all()
        return dict.values(self)

    def items(self):
        """All members, which are then read."""
        self._read_all()
        return dict.items(self)


def noted(value, kind):
    """A checked body of a type whose objects are Members; filters stay as they are."""
    if isinstance(value, list) and kind.item is not None:
        return [noted(element, kind.item) for element in value]
    if not isinstance(value, dict) or kind.is_scalar or not kind.is_model:
        return value
    if kind.is_filter or kind.selects:
        return value
    fields = kind.target.__schema__.by_json
    return Members(
        {
            name: noted(inner, fields[name].type) if name in fields else inner
            for name, inner in value.items()
        },
        kind.name,
    )


def untouched(params):
    """The members of a part of a body, without note that they are looked at."""
    return params.unread() if isinstance(params, Members) else params.items()


def joined(members, parts):
    """The Members that some parts of a body have together: what is read here is read there."""
    types = [name for part in parts if isinstance(part, Members) for name in part.types]
    whole = Members(members, *types)
    for part in parts:
        if isinstance(part, Members):
            whole.read |= part.read
            part.read = whole.read
    return whole


def ignored(value):
    """The names of the members of a body that nobody has looked at and that say something."""
    if isinstance(value, list):
        for element in value:
            yield from ignored(element)
    elif isinstance(value, Members):
        for name, inner in value.unread():
            if name in value.read:
                yield from ignored(inner)
            elif inner is not None:
                yield name
