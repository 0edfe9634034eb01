"""Has the sentences of `spec/meanings/` go with what a newer document gives another name."""

import copy
from collections import Counter, defaultdict

from codegen import diff
from codegen.passes.meanings import resource


def over(sources, old, new):
    """(Sources whose sentences are there for the names of a newer document too, what is new).

    Parameters:
        sources: Sources of `spec/`, whose sentences have the names of the former document.
        old, new: Interfaces of the former document and of the newer one.

    The second is a list of str, such as "meanings/vm.json: fields.size is now fields.bytes".
    A sentence that a new name has already stays as it is.
    """
    names = _names(diff.compare(old, new))
    found = _Sentences(sources.meanings, old, new, names)
    if names:
        found.carry()
    return sources._replace(meanings=sorted(found.meanings.items())), found.told


def _names(changes):
    """{name: new name} of all that has another one: "Vm", "Vm.size", "VmApi.start_vm"."""
    found = {}
    for each in changes:
        if each.kind == diff.RENAMED:
            half = len(each.names) // 2
            found.update(zip(each.names[:half], each.names[half:]))
    return found


class _Sentences:
    """The files of meanings while they learn new names.

    Parameters:
        files: of Sources.
        names: as `_names` returns them.
    """

    def __init__(self, files, old, new, names):
        self.meanings = copy.deepcopy(dict(files))
        self.names = names
        self.told = []
        self.operations = {(resource(each), each.name): each for each in old.operations}
        self.labels = {_label(each): each for each in new.operations}
        self.others = self._resources(old, new)
        self.fields = defaultdict(Counter)  # (module, field) -> its new names
        for schema in old.schemas:
            for each in schema.fields:
                name = names.get("%s.%s" % (names.get(schema.name, schema.name), each.name))
                if name is not None:
                    self.fields[schema.module, each.name][name.rpartition(".")[2]] += 1

    def _resources(self, old, new):
        """{resource that is gone: the one in which most of its operations are}."""
        left = set(map(resource, new.operations))
        found = defaultdict(Counter)
        for each in old.operations:
            other = self.labels.get(self.names.get(_label(each)))
            if other is not None and resource(each) not in left:
                found[resource(each)][resource(other)] += 1
        return {name: others.most_common(1)[0][0] for name, others in found.items()}

    def carry(self):
        for module in list(self.meanings):
            content = self.meanings[module]
            for key, texts in list(content.get("operations", {}).items()):
                home, name = self._operation(module, key)
                self._add(home, "operations", name, texts, (module, key))
            for key, texts in list(content.get("fields", {}).items()):
                self._add(module, "fields", self._field(module, key), texts, (module, key))
        for module, other in self.others.items():
            if module in self.meanings and other not in self.meanings:
                self.meanings[other] = self.meanings.pop(module)
                self.told.append("meanings/%s.json is now meanings/%s.json" % (module, other))

    def _add(self, module, member, key, texts, former):
        entries = self.meanings.setdefault(module, {}).setdefault(member, {})
        if key not in entries:
            entries[key] = texts
            told = "meanings/%s.json: %s.%s" % (former[0], member, former[1])
            home = "meanings/%s.json: " % module if module != former[0] else ""
            self.told.append("%s is now %s%s.%s" % (told, home, member, key))

    def _operation(self, module, name):
        """(file, name) of an operation that is called so in a file."""
        former = self.operations.get((module, name))
        other = former and self.labels.get(self.names.get(_label(former)))
        if other is None:
            return module, name
        # Where the whole resource has another name, its file will.
        home = module if self.others.get(module) == resource(other) else resource(other)
        return home, other.name

    def _field(self, module, key):
        """The new key of an entry of `fields`."""
        owner, _, name = key.rpartition(".")
        if not owner:
            others = self.fields.get((module, name))
            return others.most_common(1)[0][0] if others else key
        if (module, owner) in self.operations:
            return "%s.%s" % (self._operation(module, owner)[1], name)
        key = "%s.%s" % (self.names.get(owner, owner), name)
        return self.names.get(key, key)


def _label(operation):
    return "%s.%s" % (operation.api, operation.name)
