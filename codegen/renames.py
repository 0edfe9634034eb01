"""Guesses which of what is gone is there under another name.

Something that went away and something that came are a pair where they have the same shape and
names that are alike. It stays a guess, and whoever shows it says so.
"""

from dataclasses import replace
from difflib import SequenceMatcher

from codegen.passes.naming import snake

_ALIKE = 0.4  # names, of 1
_SAME = 0.7  # members of a schema, of 1
_LEAST = 2  # members, for a schema to be told from others


def pairs(gone, come, shape, name):
    """{gone: come} of those that seem to be the same, each at most once.

    Parameters:
        gone, come: collections of keys.
        shape: callable(key) -> what must be equal.
        name: callable(key) -> its name in small letters, with `_` between words.
    """
    candidates = [
        (alike(name(one), name(other)), one, other)
        for one in gone
        for other in come
        if shape(one) == shape(other)
    ]
    return _best(each for each in candidates if each[0] >= _ALIKE)


def _best(candidates):
    """{one: other} of (likeness, one, other), the likest first."""
    found = {}
    for _, one, other in sorted(candidates, key=lambda each: (-each[0],) + each[1:]):
        if one not in found and other not in found.values():
            found[one] = other
    return found


def alike(one, other):
    """How much two names are alike, from 0 to 1: wholly, where one has all words of the other."""
    words = set(one.split("_")), set(other.split("_"))
    if words[0] <= words[1] or words[1] <= words[0]:
        return 1.0
    return SequenceMatcher(None, one, other).ratio()


def schemas(old, new):
    """{name: new name} of the schemas that seem to have another name in `new`.

    Parameters:
        old, new: Interfaces.
    """
    before, after = ({each.name: each for each in it.schemas} for it in (old, new))
    gone, come = set(before) - set(after), set(after) - set(before)
    candidates = []
    for one in gone:
        for other in come:
            same = _overlap(before[one], after[other])
            likeness = alike(snake(one), snake(other))
            if same >= _SAME and likeness >= _ALIKE:
                candidates.append((same + likeness, one, other))
    return _best(candidates)


def _overlap(one, other):
    """Which part of their members two schemas share, from 0 to 1."""
    if one.kind != other.kind:
        return 0
    members = [
        {each.json for each in it.fields} | {value for _, value in it.constants}
        for it in (one, other)
    ]
    if min(map(len, members)) < _LEAST:
        return 0
    return len(members[0] & members[1]) / len(members[0] | members[1])


def renamed(interface, names):
    """An Interface with other names of schemas, wherever types mention them.

    Parameters:
        names: {name: new name}.
    """
    if not names:
        return interface

    def change(reference):
        return replace(reference, name=names.get(reference.name, reference.name))

    def mapped(members):
        return tuple(replace(each, type=each.type.mapped(change)) for each in members)

    return replace(
        interface,
        schemas=tuple(
            replace(
                each,
                name=names.get(each.name, each.name),
                fields=mapped(each.fields),
                rest=each.rest and each.rest.mapped(change),
            )
            for each in interface.schemas
        ),
        operations=tuple(
            replace(
                each,
                parameters=mapped(each.parameters),
                returns=each.returns and each.returns.mapped(change),
            )
            for each in interface.operations
        ),
    )
