"""What releases of CloudTower have changed since 4.9, whose interface the published SDK 2.23.0 has.

`python -m codegen intake` lists it in `spec/changes`. Tests that hold the interface against
that SDK, or against what people have reviewed, leave it out. A test that fails and speaks of
what a release took away is skipped, with the reason: `why_skipped`.
"""

import glob
import inspect
import io
import json
import os
import re

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "spec", "changes")
_QUOTED = re.compile("`([^`]+)`")
_DEPTH = 3  # calls of helpers that are read


def _load():
    for path in sorted(glob.glob(os.path.join(_FOLDER, "*.json"))):
        with io.open(path, encoding="utf-8") as stream:
            version = os.path.basename(path)[: -len(".json")]
            for change in json.load(stream)["changes"]:
                yield version, change


def _kinds(changes):
    found = {}
    for _, change in changes:
        for name in change["names"]:
            found.setdefault(name, set()).add(change["kind"])
    return found


#: (version, change as codegen.diff has it)
CHANGES = list(_load())

#: name, such as "Vm", "Vm.memory" or "VmApi.start_vm" -> kinds of its changes, a set
NAMES = _kinds(CHANGES)

#: The classes that have a change, or a member that has one.
CLASSES = set(name.partition(".")[0] for name in NAMES)


def lost(pattern):
    """How many names that match a pattern a release has removed, or given another name."""
    gone = (name for name, kinds in NAMES.items() if kinds & {"removed", "renamed"})
    return sum(1 for name in gone if re.match(pattern, name))


#: Patterns for `lost`.
OPERATION, SCHEMA, MEMBER = r"\w+Api\.", r"\w+$", r"\w+\."

_LOWER = set(name.lower() for name in CLASSES)


def has(name):
    """Whether a path has a change, or the class of a name, such as "Vm.entityAsyncStatus"."""
    if name.startswith("/"):
        method = name[1:].replace("-", "_")
        return any(each.partition(".")[2] == method for each in NAMES)
    return name.partition(".")[0].lower() in _LOWER


def is_reached(kind, seen=None, classes=CLASSES):
    """Whether a type of `datatypes` is, or has in it at any depth, a class that changed."""
    seen = set() if seen is None else seen
    kind = kind.leaf
    if kind.name in classes:
        return True
    if not kind.is_model or kind.name in seen:
        return False
    seen.add(kind.name)
    fields = kind.target.__schema__.fields
    return any(is_reached(each.type, seen, classes) for each in fields)


def why_skipped(functions, parameters, failure):
    """Why a test that failed cannot be passed, or None: it needs what a release took away.

    Parameters:
        functions: that of the test and of its fixtures; none where its module cannot be imported.
        parameters: what it was called with.
        failure: the text of the failure, with the lines that led to it.
    """
    if not CHANGES:
        return None
    # what the failure says comes first
    errors = [line for line in failure.splitlines() if line.startswith("E ")]
    sources = [text for function in functions for text in _sources(function, _DEPTH)]
    everything = [failure, repr(parameters)] + sources
    return _reason(_Words("\n".join(errors))) or _reason(_Words("\n".join(everything)))


def _reason(words):
    for version, change in CHANGES:
        if change["breaking"] and _is_spoken_of(change, words):
            told = "it speaks of %s, which CloudTower %s has %s"
            told %= change["subject"], version, change["kind"]
            return told + (": " + change["text"] if change["text"] else "")
    return None


class _Words(object):
    """The words of a text: of a path as of a function, and `_vm` as `vm`."""

    def __init__(self, text):
        self._words = set(map(_plain, re.findall(r"[\w-]+", text)))

    def have(self, *names):
        return any(_plain(name) in self._words for name in names)

    def have_end(self, constant):
        """Whether a word ends like a constant such as `_2_LOW`, of LEVEL_2_LOW."""
        return constant[:1] == "_" and any(word.endswith(constant) for word in self._words)


def _plain(word):
    return word.replace("-", "_").strip("_")


def _is_spoken_of(change, words):
    """Whether a text has the names of a change, and of what it is a part of."""
    quoted = _QUOTED.findall(change["text"])
    for name in change["names"]:
        owner, _, member = name.partition(".")
        if not member:
            if words.have(owner):
                return True
        elif not words.have(member, _camel(member)) and not words.have_end(member):
            continue
        elif owner.endswith("Api"):
            if change["kind"] != "changed" or not quoted or words.have(*quoted):
                return True
        elif words.have(owner, *_users_of(owner)):
            return True
    return False


def _camel(name):
    first, _, rest = name.partition("_")
    return first + "".join(word.capitalize() for word in rest.split("_"))


_known = {}


def _users_of(class_name):
    """The names of the operations whose body or response has a class in it, and of such classes."""
    if class_name not in _known:
        from cloudtower import api, models
        from cloudtower._runtime import datatypes

        found = _known[class_name] = set()
        for name in api.catalog.homes:
            for method, row in api.catalog.load(name).__operations__.items():
                kinds = [row.body.kind] if row.body is not None else []
                if any(_has(kind, class_name) for kind in kinds + [row.result]):
                    found.add(method)
                    found.add(row.path[1:].replace("-", "_"))
        kinds = (datatypes.parse(name) for name in models.catalog.homes)
        found.update(kind.name for kind in kinds if _has(kind, class_name))
    return _known[class_name]


def _has(kind, class_name, seen=None):
    """Whether a class is in a type, at any depth, filters apart: they lead everywhere."""
    seen = set() if seen is None else seen
    kind = kind.leaf
    if kind.name == class_name:
        return True
    if not kind.is_model or kind.is_filter or kind.name in seen:
        return False
    seen.add(kind.name)
    return any(_has(each.type, class_name, seen) for each in kind.target.__schema__.fields)


def _sources(function, depth):
    """The source of a function, of the helpers of its module that it calls, and their data."""
    code = getattr(function, "__code__", None)
    if code is None:
        return
    try:
        yield inspect.getsource(function)
    except (IOError, OSError, TypeError):
        return
    for name in code.co_names:
        value = function.__globals__.get(name)
        if inspect.isfunction(value) and value.__module__ == function.__module__ and depth:
            for text in _sources(value, depth - 1):
                yield text
        elif isinstance(value, (dict, list, tuple, type(""), type(u""))):
            yield repr(value)
