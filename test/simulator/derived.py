"""What the simulator reads off the names and types of the interface, as a text to review.

`python test/simulator/derived.py` writes it into derived.txt, with which a test compares it.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cloudtower.simulator import resources
from cloudtower.simulator.operations import listing, registry
from cloudtower.simulator.schema import kinds, meaning, operations
from cloudtower.simulator.schema.effects import effect_of

FILE = Path(__file__).with_name("derived.txt")
HEAD = """\
# Written by `python test/simulator/derived.py`. Do not edit: change the rules in
# cloudtower/simulator/schema, or write a handler or a refinement for the operation.
#
# Relations: kind.field -> kind at the other end, with the field that leads back, if it shows one.
#   * many   ! an object cannot be without it
# Operations without a handler: what is done to which kind, and what each member of the body does.
#   refined: a function in resources/ sees each object first, and may use any member
#   = sets the field   -> sets the relation   ? must be an id of the kind, no effect
#   (owned) names objects that cannot be without this one: they stay   (unused) no effect
#   /type: only values that the field's type takes, too
"""


def relations():
    """A line for each relation."""
    for name in sorted(operations.kind_names()):
        kind = kinds.kind(name)
        for relation in filter(lambda one: one.name in kind.fields, kind.relations.values()):
            marks = "*" * relation.many + "!" * relation.required
            back = ""
            if relation.inverse is not None:
                back = "." + relation.inverse + "*" * relation.inverse_many
            yield "%s.%s%s -> %s%s" % (name, relation.name, marks, relation.target, back)


def effects():
    """A line for each operation that is done as the interface suggests, and its members."""
    resources.load()
    for path, operation in sorted(operations.by_path().items()):
        if path in registry.HANDLERS or listing.handler_of(operation) or operation.read:
            continue
        effect = effect_of(operation)
        about = effect.made or effect.subject
        whom = "" if effect.subject in (None, about) else " for each " + effect.subject
        refined = ", refined" if path in registry.REFINED else ""
        yield "\n%s: %s%s%s%s" % (path, effect.mode, " %s" % about if about else "", whom, refined)
        if effect.mode in ("create", "make", "update"):
            kind = effect.made or effect.subject
            for name, member in sorted(members(operation.body.kind.leaf).items()):
                yield "    " + described(kind, name, member)


def members(kind):
    """{name: Field} of the members that a generic operation looks at."""
    known = dict(kind.target.__schema__.by_json)
    known.pop("where", None)
    data = known.pop("data", None)
    if data is not None and data.type.leaf.is_model:
        known.update(data.type.leaf.target.__schema__.by_json)
    return known


def described(kind_name, name, member):
    """The line of a member."""
    way, target = meaning.meaning_of(kind_name, name)
    if way == meaning.FIELD:
        field = kinds.kind(kind_name).fields[target]
        mark = "" if field.type.name == member.type.name else " /%s" % field.type.name
        return "%s = %s%s" % (name, target, mark)
    signs = {meaning.RELATION: "->", meaning.CHECKED: "?", meaning.UNIT: "is the unit of"}
    if way in signs:
        return "%s %s %s" % (name, signs[way], target)
    return "%s (%s)" % (name, way)


def text():
    """The whole file."""
    return HEAD + "\n" + "\n".join(relations()) + "\n" + "\n".join(effects()) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
