"""What a member of a body means for the object that it is about, read off its name.

What was found for each operation stands in test/simulator/derived.txt.
"""

from collections import namedtuple
from functools import lru_cache

from cloudtower.simulator.schema import kinds
from cloudtower.simulator.schema.references import kind_of_id, reference

#: `way`: one of those below; `name`: the field or the kind that it is about, None for others.
Meaning = namedtuple("Meaning", "way name")

#: It says which object is meant.
KEY = "key"
#: It sets a field, or is the unit of the member that does.
FIELD, UNIT = "field", "unit"
#: It sets a relation, by an id, several, or a filter.
RELATION = "relation"
#: It names objects that cannot be without the one at hand: they stay.
OWNED = "owned"
#: It must be the id of an object of a kind; else it has no effect.
CHECKED = "checked"
#: It has no effect.
UNUSED = "unused"

#: (kind, member of a body) -> the field that it sets, where that has another name
_CALLED = {
    ("ClusterSettings", "enable_iscsi"): "enabled_iscsi",
    ("ClusterSettings", "ha"): "default_ha",
    ("GpuDevice", "enable"): "is_nvidia_vfs_enabled",
    ("GpuDevice", "usage"): "user_usage",
}


@lru_cache(maxsize=None)
def meaning_of(kind_name, member):
    """The Meaning of a member for an object of a kind."""
    kind = kinds.kind(kind_name)
    name = _CALLED.get((kind_name, member), member)
    if name == "id":
        return Meaning(KEY, None)
    relation = reference(kind_name, name)
    if relation is not None and _owns(relation):
        return Meaning(OWNED, relation.name)
    if name in kind.defaults:
        return Meaning(FIELD, name)
    if relation is not None:
        return Meaning(RELATION, relation.name)
    if kind_of_id(name):
        return Meaning(CHECKED, kind_of_id(name))
    if name.endswith("_unit") and name[: -len("_unit")] in kind.defaults:
        return Meaning(UNIT, name[: -len("_unit")])
    return Meaning(UNUSED, None)


def _owns(relation):
    """Whether those at the other end of a relation need this one."""
    back = kinds.kind(relation.target).relations.get(relation.inverse)
    return back is not None and back.required and not back.many
