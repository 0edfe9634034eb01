"""What an operation without a handler does, read off the tables: no world is needed here."""

import re
from collections import namedtuple
from functools import lru_cache

from cloudtower.simulator import tables

#: `mode`: "create" (one for each element of the body), "make" (one for each
#: match of `where`), "update", "delete" or "shape"; `subject`: the kind that
#: `where` selects; `made`: the kind of the answer; either may be None.
Recipe = namedtuple("Recipe", "mode subject made")

#: First words of the paths of operations that bring something new into being.
_MAKING = (
    "backup batch clone connect convert copy create execute export generate import rebuild".split()
)
#: What the members `where` select that are objects of their own: {class: kind}.
_SELECTING = {"VmStartParamsData": "Host"}
_ID = re.compile(r"^(.+?)_?(?:id|ids|Ids)$")


#: The form of an operation's answer. `listed`: whether it is a list; `wrapped`: whether each
#: element is a `WithTask...`; `array`: whether `data` of it is a list; `name`: of the class of
#: what is answered; `kind`: that name where it is a kind, else None.
Answer = namedtuple("Answer", "listed wrapped array name kind")


@lru_cache(maxsize=None)
def answer_of(operation):
    """The Answer of an operation."""
    whole = operation.result
    kind = whole.leaf
    members = kind.target.__schema__.by_json if kind.is_model else {}
    wrapped = "task_id" in members and "data" in members
    kind = members["data"].type if wrapped else kind
    name = kind.leaf.name
    known = name if name in tables.kinds() else None
    return Answer(whole.item is not None, wrapped, kind.item is not None, name, known)


@lru_cache(maxsize=None)
def recipe_of(operation):
    """The Recipe of an operation."""
    answer, verb = answer_of(operation), re.match(r"/([a-z]+)", operation.path).group(1)
    if operation.read or operation.body is None:
        return Recipe("shape", None, None)
    body = operation.body.kind
    members = body.leaf.target.__schema__.by_json
    subject = _selected(members["where"].type) if "where" in members else None
    if subject is None:
        if answer.kind is None:
            return Recipe("shape", None, None)
        return Recipe("create" if verb in _MAKING else "update", None, answer.kind)
    if answer.name.startswith("Delete"):
        return Recipe("delete", subject, None)
    if answer.kind not in (None, subject):
        return Recipe("make", subject, answer.kind)
    if body.item is not None and verb in _MAKING:
        return Recipe("create", subject, answer.kind)
    return Recipe("update", subject, answer.kind)


def _selected(kind):
    name = kind.selects or _SELECTING.get(kind.name)
    return name if name in tables.kinds() else None


@lru_cache(maxsize=None)
def reference(kind_name, member):
    """The Relation of a kind that a member of a body sets, or None.

    `cluster_id` stands for `cluster`, `vm_ids` and `nicIds` for `vms` and
    `nics`, `smtp_server_id` for the one relation that leads to an SmtpServer.
    """
    relations = tables.kind(kind_name).relations
    if member in relations:
        return relations[member]
    matched = _ID.match(member)
    wanted = _plain(matched.group(1) if matched else member)
    for reads in (lambda each: each.name, lambda each: each.target):
        for each in relations.values():
            if _plain(reads(each)) == wanted:
                return each
    close = [each for each in relations.values() if _plain(each.name).endswith(wanted)]
    return close[0] if matched and len(close) == 1 else None


@lru_cache(maxsize=None)
def kind_of_id(member):
    """The kind that `<kind>_id` names, or None."""
    matched = _ID.match(member)
    wanted = _plain(matched.group(1)) if matched else None
    return next((each for each in tables.kinds() if each.lower() == wanted), None)


def _plain(name):
    """A name without what singular, plural and spelling make of it."""
    name = name.replace("_", "").lower()
    return name[:-1] if name.endswith("s") else name


def words(path):
    """The words of a path: `/create-vm-vlan` to ["create", "vm", "vlan"]."""
    return re.split("[-_]", path[1:])


def mutation(path):
    """The name of a path's mutation, such as "createVmVlan"."""
    first, *rest = words(path)
    return first + "".join(each.capitalize() for each in rest)
