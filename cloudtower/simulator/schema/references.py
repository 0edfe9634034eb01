"""Which object a member of a body refers to, read off its name: `cluster_id`, `vm_ids`."""

import re
from functools import lru_cache

from cloudtower.simulator.schema import kinds, operations

_ID = re.compile(r"^(.+?)_?(?:id|ids|Ids)$")


@lru_cache(maxsize=None)
def reference(kind_name, member):
    """The Relation of a kind that a member of a body sets, or None.

    `cluster_id` stands for `cluster`, `vm_ids` and `nicIds` for `vms` and
    `nics`, `smtp_server_id` for the one relation that leads to an SmtpServer.
    """
    relations = kinds.kind(kind_name).relations
    if member in relations:
        return relations[member]
    matched = _ID.match(member)
    wanted = _plain(matched.group(1) if matched else member)
    for reads in (lambda relation: relation.name, lambda relation: relation.target):
        for relation in relations.values():
            if _plain(reads(relation)) == wanted:
                return relation
    close = [relation for relation in relations.values() if _plain(relation.name).endswith(wanted)]
    return close[0] if matched and len(close) == 1 else None


@lru_cache(maxsize=None)
def kind_of_id(member):
    """The kind that `<kind>_id` names, or None."""
    matched = _ID.match(member)
    wanted = _plain(matched.group(1)) if matched else None
    return next((name for name in operations.kind_names() if name.lower() == wanted), None)


def _plain(name):
    """A name without what singular, plural and spelling make of it."""
    name = name.replace("_", "").lower()
    return name[:-1] if name.endswith("s") else name
