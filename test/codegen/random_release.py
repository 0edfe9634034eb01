"""A CloudTower release that does not exist, of random changes to the document that does.

    python test/codegen/random_release.py SEED > NEW.json
    python -m codegen intake NEW.json --version 5.0.0 --accept-removals

`imaginary` has what a good release brings, each thing once. This one has what a bad one brings:
fields, operations, values, a header and a whole resource that are gone or have another name. The
tests must hold afterwards: run them in a clone, with a few seeds. A test that needs what is gone
is skipped, as `interface_changes` has it.
"""

import copy
import json
import random
import sys
from pathlib import Path

import imaginary
from imaginary import ref

DOCUMENT = Path(__file__).resolve().parents[2] / "spec" / "openapi.json"
_FILTERS = ("WhereInput", "WhereUniqueInput", "OrderByInput")
#: Resources that scripts live by: CloudTower would not be CloudTower without them.
KEPT = ("Vm", "Task", "User", "Cluster", "Host", "Label", "Vlan", "VmVolume", "VmSnapshot")
KEPT += ("ContentLibraryVmTemplate", "ContentLibraryImage", "ElfImage", "VmTemplate", "API Info")
KEPT += ("VmDisk", "VmNic", "UploadTask", "Alert", "Organization", "Datacenter", "Vds")


def release(document, seed):
    """The document of that release.

    Parameters:
        document: that of `spec/`; it stays as it is.
        seed: a number, which decides everything.
    """
    made = copy.deepcopy(document)
    _Release(made, random.Random(seed)).change()
    made["info"] = {"title": "CloudTower APIs", "version": imaginary.VERSION}
    return made


class _Release:
    def __init__(self, document, rnd):
        self.document = document
        self.paths = document["paths"]
        self.schemas = document["components"]["schemas"]
        self.rnd = rnd
        self.unused = self.find_unused()  # as ever

    def change(self):
        self.remove_resource()
        for _ in range(3):
            self.remove_operation()
        self.rename_operation()
        self.move_operation()
        for _ in range(8):
            self.remove_field()
        for _ in range(5):
            self.rename_field()
        for _ in range(3):
            self.remove_value()
        self.rename_value()
        self.remove_header()
        for _ in range(5):
            self.add_field()

    # ---- what is there

    def operations(self):
        """[(path, method, operation)] of resources that can do without one."""
        return [
            (path, method, node)
            for path, item in sorted(self.paths.items())
            for method, node in item.items()
            if not set(node["tags"]) & set(KEPT)
        ]

    def models(self):
        """The names of objects that are no filters, and that can do without a field."""
        return [
            key
            for key, node in sorted(self.schemas.items())
            if len(node.get("properties", ())) > 3
            and not key.endswith(_FILTERS)
            and key not in KEPT
            and not key.startswith(("Get", "Nested", "WithTask", "ErrorBody"))
        ]

    def enumerations(self):
        return [
            key
            for key, node in sorted(self.schemas.items())
            if len(node.get("enum", ())) > 3 and not key.endswith(_FILTERS)
        ]

    # ---- changes

    def remove_resource(self):
        tags = {}
        for path, _, node in self.operations():
            tags.setdefault(node["tags"][0], []).append(path)
        gone = self.rnd.choice(sorted(tags))
        for path in set(tags[gone]):
            del self.paths[path]
        self.drop_unused()

    def drop_unused(self):
        """Drop the schemas that operations no longer reach."""
        for key in self.find_unused() - self.unused:
            del self.schemas[key]

    def find_unused(self):
        """The names of the schemas that no operation reaches, a set."""
        text = json.dumps(self.paths)
        waiting = {key for key in self.schemas if json.dumps(ref(key)) in text}
        used = set()
        while waiting:
            used |= waiting
            text = json.dumps([self.schemas[key] for key in waiting])
            waiting = {key for key in self.schemas if json.dumps(ref(key)) in text} - used
        return set(self.schemas) - used

    def remove_operation(self):
        path, method, _ = self.rnd.choice(self.operations())
        del self.paths[path][method]
        if not self.paths[path]:
            del self.paths[path]
        self.drop_unused()

    def rename_operation(self):
        path, method, node = self.rnd.choice(self.operations())
        node["operationId"] += "Again"
        self.paths[path + "-again"] = self.paths.pop(path)

    def move_operation(self):
        """Give an operation the tag of another one."""
        _, _, node = self.rnd.choice(self.operations())
        node["tags"] = self.rnd.choice(self.operations())[2]["tags"]

    def field(self):
        """(key of a model, name of a field)"""
        key = self.rnd.choice(self.models())
        names = sorted(set(self.schemas[key]["properties"]) - {"id", "name", "where", "data"})
        return key, self.rnd.choice(names)

    def of_filter(self, key):
        node = self.schemas.get(key + "WhereInput", {})
        return node.get("properties", {})

    def remove_field(self):
        key, name = self.field()
        imaginary.remove(self.schemas[key], name)
        for each in [each for each in self.of_filter(key) if each.startswith(name)]:
            del self.of_filter(key)[each]

    def rename_field(self):
        key, name = self.field()
        imaginary.rename(self.schemas[key], name, name + "_again")

    def remove_value(self):
        values = self.schemas[self.rnd.choice(self.enumerations())]["enum"]
        values.remove(self.rnd.choice(values))

    def rename_value(self):
        values = self.schemas[self.rnd.choice(self.enumerations())]["enum"]
        values[self.rnd.randrange(len(values))] += "_AGAIN"

    def remove_header(self):
        """Remove a header from all operations."""
        nodes = [node for item in self.paths.values() for node in item.values()]
        names = {
            each["name"]
            for node in nodes
            for each in node.get("parameters", ())
            if each["in"] == "header"
        }
        gone = self.rnd.choice(sorted(names))
        for node in nodes:
            if "parameters" in node:
                node["parameters"] = [
                    each
                    for each in node["parameters"]
                    if (each["in"], each["name"]) != ("header", gone)
                ]

    def add_field(self):
        key = self.rnd.choice(self.models())
        name = "fresh_%d" % self.rnd.randrange(1000)
        self.schemas[key]["properties"][name] = imaginary.maybe(imaginary.NUMBER)


def main():
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    json.dump(release(document, int(sys.argv[1])), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
