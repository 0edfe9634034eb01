"""What releases of CloudTower have changed since 4.9, whose interface the published SDK 2.23.0 has.

`python -m codegen intake` lists it in `spec/changes`. Tests that hold the interface against
that SDK, or against what people have reviewed, leave it out.
"""

import glob
import io
import json
import os

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "spec", "changes")


def _load():
    found = {}
    for path in glob.glob(os.path.join(_FOLDER, "*.json")):
        with io.open(path, encoding="utf-8") as stream:
            for change in json.load(stream)["changes"]:
                for name in change["names"]:
                    found.setdefault(name, set()).add(change["kind"])
    return found


#: name, such as "Vm", "Vm.memory" or "VmApi.start_vm" -> kinds of its changes, a set
NAMES = _load()

#: The classes that have a change, or a member that has one.
CLASSES = set(name.partition(".")[0] for name in NAMES)


def has(name):
    """Whether a name, such as "Vm.memory", or a path has a change, or the class that it is of."""
    if name.startswith("/"):
        method = name[1:].replace("-", "_")
        return any(each.partition(".")[2] == method for each in NAMES)
    return name in NAMES or name.partition(".")[0] in NAMES


def is_reached(kind, seen=None):
    """Whether a type of `datatypes` is, or has in it at any depth, a class that changed."""
    seen = set() if seen is None else seen
    kind = kind.leaf
    if kind.name in CLASSES:
        return True
    if not kind.is_model or kind.name in seen:
        return False
    seen.add(kind.name)
    return any(is_reached(each.type, seen) for each in kind.target.__schema__.fields)
