"""What operations and fields mean, from `spec/meanings/`.

A file is named after a resource, or `common`. Its `operations` are those of that
resource's API. A name under `fields` holds for

    memory            that field in every model of the file's module, and that
                      parameter of its operations (in `common`: wherever no
                      other entry holds)
    Vm.memory         the field of one model, in any module
    WithTask*.data    that of all models whose name is like that; the longest wins
    upload_x.size     the parameter of one operation

and the first of these that is there wins: one model, such models, the module,
`common`. A filter (`VmWhereInput`) and a relation (`NestedVm`) mean what their
model (`Vm`) means. Operators take the sentence of their field. A third member of a
file, `like`, names models that mean what another one means: {"GpuVmDetail": "Vm"}.

As with overlays, what the document does not have is listed as `unmatched`.
"""

import re
from collections import defaultdict, namedtuple
from dataclasses import replace
from difflib import get_close_matches
from fnmatch import fnmatchcase

from cloudtower._runtime import datatypes
from cloudtower._runtime.filters import LOGIC
from codegen.ir import Meaning
from codegen.passes.filters import jsons

COMMON = "common"
_MEMBERS = ("operations", "fields", "like")
_LANGUAGES = ("en", "zh")

#: `owner` is the model, the pattern or the operation; "" where the file's module is.
_Entry = namedtuple("_Entry", "place module owner name meaning")


def run(interface, sources):
    operations, fields = _read(sources.meanings)
    models = _Models(interface, sources.meanings)
    meanings = _Meanings(models, operations, fields)
    known = _Known(interface, models)
    targets = [(entry, known.operations(entry)) for entry in operations]
    targets += [(entry, known.fields(entry)) for entry in fields]
    unmatched = tuple(
        entry.place + known.hint(entry, names)
        for entry, names in targets
        if entry.name not in names
    )
    return replace(
        interface,
        operations=tuple(map(meanings.explain_operation, interface.operations)),
        schemas=tuple(map(meanings.explain_schema, interface.schemas)),
        unmatched=interface.unmatched + unmatched + tuple(models.unmatched),
    )


def lacking(interface, sources):
    """(operations, fields) without a meaning, of the resources that have a file.

    Both are lists of names such as `VmApi.start_vm` and `Vm.memory`.
    """
    modules = {name for name, _ in sources.meanings} - {COMMON}
    operations = [
        "%s.%s" % (each.api, each.name)
        for each in interface.operations
        if resource(each) in modules and each.meaning is None
    ]
    fields = [
        "%s.%s" % (schema.name, each.name)
        for schema in interface.schemas
        if schema.module in modules and schema.form == "model"
        for each in schema.fields
        if each.meaning is None
    ]
    return operations, fields


def _read(files):
    """The entries of the files: those of operations and those of fields."""
    entries = {"operations": {}, "fields": {}}
    for module, content in files:
        for member in content:
            if member not in _MEMBERS:
                raise ValueError("meanings/%s.json has no member %r" % (module, member))
        for member in entries:
            for key, texts in content.get(member, {}).items():
                place = "meanings/%s.json: %s.%s" % (module, member, key)
                owner, _, name = key.rpartition(".")
                entry = _Entry(place, module, owner, name, _meaning(place, texts))
                # A model is the same in every file.
                scope = owner if owner[:1].isupper() else (module, owner)
                former = entries[member].setdefault((scope, name), entry)
                if former is not entry:
                    raise ValueError("%s is also in %s" % (place, former.place))
    return tuple(list(each.values()) for each in entries.values())


class _Models:
    """Which model means what which other one means."""

    def __init__(self, interface, files):
        self.schemas = {schema.name: schema for schema in interface.schemas}
        self.like, self.unmatched = {}, []
        for module, content in files:
            for name, other in content.get("like", {}).items():
                self.like[name] = other
                if name not in self.schemas or other not in self.schemas:
                    self.unmatched.append("meanings/%s.json: like.%s" % (module, name))

    def home(self, schema):
        """The schema that says what the fields of a schema mean, be it the same."""
        name = self.like.get(schema.name, schema.name)
        kind = datatypes.parse(name)
        if kind.is_filter:
            name = kind.selects
        elif name.startswith("Nested"):
            name = name[len("Nested") :]
        return self.schemas.get(name, schema)


class _Meanings:
    """What the entries say of operations, parameters and fields."""

    def __init__(self, models, operations, fields):
        self.models = models
        self.operations = {(each.module, each.name): each.meaning for each in operations}
        self.plain, self.owned, self.patterns = {}, {}, []
        for each in fields:
            if not each.owner:
                self.plain[each.module, each.name] = each.meaning
            elif "*" in each.owner:
                self.patterns.append(each)
            else:
                self.owned[each.owner, each.name] = each.meaning
        self.patterns.sort(key=lambda each: len(each.owner), reverse=True)

    def explain_operation(self, operation):
        name, module = _first_name(operation), resource(operation)
        return replace(
            operation,
            meaning=self.operations.get((module, name)),
            parameters=tuple(
                replace(
                    each,
                    meaning=self.owned.get((name, each.name))
                    or self.plain.get((module, each.name))
                    or self.plain.get((COMMON, each.name)),
                )
                for each in operation.parameters
            ),
        )

    def explain_schema(self, schema):
        def explained(fields):
            return tuple(
                replace(each, meaning=self._of_field(schema, each.name)) for each in fields
            )

        if schema.form == "model":
            return replace(schema, fields=explained(schema.fields))
        if schema.form != "where":
            return schema
        rows = explained(schema.rows)
        operators = {json: row.meaning for row in rows for json in jsons(row)}
        fields = tuple(
            replace(each, meaning=operators.get(each.json, each.meaning))
            for each in explained(schema.fields)
        )
        return replace(schema, rows=rows, plain=explained(schema.plain), fields=fields)

    def _of_field(self, schema, name):
        home = self.models.home(schema)
        for model in (schema, home):
            if (model.name, name) in self.owned:
                return self.owned[model.name, name]
        for each in self.patterns:
            if each.name == name and fnmatchcase(schema.name, each.owner):
                return each.meaning
        for module in (home.module, schema.module, COMMON):
            if (module, name) in self.plain:
                return self.plain[module, name]
        return None


class _Known:
    """The names that an entry may have."""

    def __init__(self, interface, models):
        self.models = {schema.name: _names(schema) for schema in interface.schemas}
        self.methods = defaultdict(set)  # module -> names of methods
        self.parameters = {}  # (module, method) -> names of its parameters
        self.modules = defaultdict(set)  # module -> names of fields and parameters in it
        for schema in interface.schemas:
            for module in {COMMON, schema.module, models.home(schema).module}:
                self.modules[module] |= self.models[schema.name]
        for each in interface.operations:
            module = resource(each)
            names = {parameter.name for parameter in each.parameters}
            self.methods[module].add(_first_name(each))
            self.parameters[module, each.name] = names
            self.modules[module] |= names
            self.modules[COMMON] |= names

    def operations(self, entry):
        return self.methods[entry.module]

    def fields(self, entry):
        if not entry.owner:
            return self.modules[entry.module]
        if "*" in entry.owner:
            found = [
                names for model, names in self.models.items() if fnmatchcase(model, entry.owner)
            ]
            return set().union(*found)
        operation = (entry.module, entry.owner)
        return self.models.get(entry.owner) or self.parameters.get(operation, set())

    def hint(self, entry, names):
        """What an entry that addresses nothing may have meant."""
        name, choice = (entry.name, names) if names else (entry.owner, self.models)
        near = get_close_matches(name, sorted(choice), n=1)
        return " (nearest: %s)" % near[0] if near else ""


def resource(operation):
    """The file in which an operation has its sentence, without `.json`."""
    return operation.module[: -len("_api")]


def _first_name(operation):
    """The name of a method; where the tag is listed twice, that of the first one."""
    return re.sub(r"_\d+$", "", operation.name) if operation.repeat else operation.name


def _meaning(place, texts):
    """The Meaning of an entry; ValueError with its place where it is unusable."""
    if not isinstance(texts, dict) or sorted(texts) != sorted(_LANGUAGES):
        raise ValueError("%s must have the members %s" % (place, " and ".join(_LANGUAGES)))
    for language, text in texts.items():
        if not isinstance(text, str) or not text or text != " ".join(text.split()):
            raise ValueError("%s: %s must be a text on one line" % (place, language))
    if not texts["en"].isascii():
        raise ValueError("%s: en has a character that is not ASCII" % place)
    if not re.search("[\u4e00-\u9fff]", texts["zh"]):
        raise ValueError("%s: zh is not Chinese" % place)
    return Meaning(texts["en"], texts["zh"])


def _names(schema):
    """The names of a schema's fields; of a filter without those of operators."""
    if schema.form != "where":
        return {each.name for each in schema.fields}
    return {name for name, _ in LOGIC} | {each.name for each in schema.rows + schema.plain}
