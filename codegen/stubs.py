"""The stubs of generated modules, for editors and type checkers, and that of `cloudtower.types`.

A model has a class, whose attributes read one type and may be set to another:
dicts stand for models in what a script gives. A model that a request body
reaches has a TypedDict as well, an enumeration a Literal.
"""

import json
import re
from collections import defaultdict
from keyword import iskeyword

from cloudtower._runtime import datatypes, filters, verbs
from codegen.ir import reached
from codegen.passes.filters import TIME, jsons
from codegen.source import HOMES, imported, packed, py, wrapped

_MODEL, _OPERATION = "cloudtower._runtime.model", "cloudtower._runtime.operation"
_TYPES = "cloudtower.types"
#: The module of what models of several resources share.
_SHARED = "cloudtower.models.common"
#: Types of the tables that no annotation says more of.
_UNTYPED = ("file", "object")
#: What begins the names of generated modules.
_GENERATED = ("cloudtower.models.", _TYPES)
_BASES = {"model": "_Fields", "where": "Where", "enum": "Enum", "order_by": "OrderBy"}
_LOGIC = [json for _, json in filters.LOGIC]

#: The per-call options, in the order of signatures: (name, type, default, who has it).
_OPTIONS = (
    ("_return_http_data_only", "bool", "False", "with_http_info"),
    ("_preload_content", "bool", "True", "all"),
    ("_request_timeout", "_Timeout", "None", "all"),
    ("_request_auth", "_Auth", "None", "all"),
    ("_headers", "_Headers", "None", "all"),
    ("_content_type", "str | None", "None", "with_body"),
    ("_allow_all", "_AllowAll", "False", "writes"),
    ("_expect_matches", "_Matches", "None", "writes"),
    ("_retry", "_Retry", "...", "all"),
    ("_lock_timeout", "float | None", "None", "writes"),
)


def files(interface, render):
    """The stubs: {path: text}.

    Parameters:
        interface: an ir.Interface after all passes.
        render: callable(template, **values) that returns the text.
    """
    known = _Known(interface)
    output = {}
    for name, schemas in sorted(known.schemas.items()):
        module = _Module("cloudtower.models." + name, known, {each.name for each in schemas})
        classes = [_model(module, each) for each in schemas]
        if module.name == _SHARED:
            classes = list(_shared_models(module)) + classes
        output["cloudtower/models/%s.pyi" % name] = render(
            "cloudtower/models/RESOURCE.pyi.j2", imports=module.imports(), classes=classes
        )
    resources = defaultdict(list)
    for operation in interface.operations:
        resources[operation.module, operation.api].append(operation)
    for (name, api), operations in sorted(resources.items()):
        module = _Module("cloudtower.api." + name, known)
        calls = [
            _call(module, operation, method)
            for operation in operations
            for method in (operation.name,) + operation.aliases
        ]
        module.use("overload")
        module.use("Api", _OPERATION)
        for each in ("ApiClient", "ApiTypeError", "ApiValueError"):
            module.export(each)
        output["cloudtower/api/%s.pyi" % name] = render(
            "cloudtower/api/RESOURCE_api.pyi.j2", imports=module.imports(), name=api, calls=calls
        )
    own = {each.name + ending for each in interface.schemas for ending in ("Dict", "Literal")}
    module = _Module(_TYPES, known, own)
    module.use("TypeAlias")
    literals = [_literal(module, each) for each in interface.schemas if each.constants]
    dicts = list(_shared_dicts(module))
    dicts += [_typed_dict(module, each) for each in interface.schemas if each.name in known.bodies]
    output["cloudtower/types.pyi"] = render(
        "cloudtower/types.pyi.j2", imports=module.imports(), literals=literals, dicts=dicts
    )
    return output


class _Known:
    """What stubs ask of the interface.

    Attributes:
        schemas: {module: its schemas}.
        homes: {class: its module}.
        moments: {filter: the JSON names of the members that compare times}.
        filters, orders: what filters and orders share.
        bodies: the names of the models and filters that a request body reaches, a set.
        open: the names of those that may have members without a field, a set.
    """

    def __init__(self, interface):
        self.schemas = defaultdict(list)
        by_name = {}
        for each in interface.schemas:
            by_name[each.name] = each
            self.schemas[each.module].append(each)
        self.homes = {name: each.module for name, each in by_name.items()}
        self.moments = {
            name: {json for row in each.rows if row.type == TIME for json in jsons(row)}
            for name, each in by_name.items()
            if each.kind == "where"
        }
        self.filters = _Shared([each for each in interface.schemas if each.kind == "where"])
        self.orders = _Shared([each for each in interface.schemas if each.kind == "order_by"])
        bodies = reached((each.body.type for each in interface.operations if each.body), by_name)
        self.bodies = {name for name in bodies if by_name[name].kind in ("model", "where")}
        self.open = {name for name, each in by_name.items() if each.rest}


class _Shared:
    """What several schemas of one kind have: written once, as a class that they derive from.

    Attributes:
        bases: {schema: the names of those classes}.
        keys: {schema: the rows that they have}, of (name, type).
        classes: {name: (the first schema that has it, its rows)}.
    """

    def __init__(self, schemas):
        owners, rows = defaultdict(list), {}
        for schema in schemas:
            for key, row in _keyed(schema):
                owners[key].append(schema.name)
                rows.setdefault(key, (schema, row))
        groups = defaultdict(list)
        for key, names in owners.items():
            if len(names) > 1:
                groups[tuple(names)].append(key)
        self.bases, self.keys, self.classes = defaultdict(list), defaultdict(set), {}
        for names, keys in groups.items():
            name = "_has_" + re.sub(r"\W+", "_", "_".join(keys[0])).strip("_")
            self.classes[name] = rows[keys[0]][0], [rows[key][1] for key in keys]
            for owner in names:
                self.bases[owner].append(name)
                self.keys[owner].update(keys)


def _keyed(schema):
    """(key, row) of the rows of a filter, or of an order, whose rows are names."""
    if schema.kind == "order_by":
        return [(("order", row), row) for row in schema.rows]
    return [((row.json, str(row.type)), row) for row in schema.rows]


def _members(schema, rows):
    """The fields that rows of a filter stand for."""
    fields = {each.json: each for each in schema.fields}
    return [fields[json] for row in rows for json in jsons(row)]


class _Module:
    """A stub in the making. It keeps what its annotations need to import."""

    def __init__(self, name, known, own=()):
        self.name = name
        self._own = own
        self.known = known
        self._imports = defaultdict(set)
        self._modules = set()

    def use(self, name, home=None):
        """A name that an annotation mentions, which is in the module `home`.

        One of another generated module has that module before it: lists of all names that a
        stub mentions would be half of it.
        """
        home = home or HOMES[name]
        if home == self.name:
            return name
        if home.startswith(_GENERATED):
            self._modules.add(home)
            return "_%s.%s" % (home.rpartition(".")[2], name)
        alias = "_" + name if name in self._own else name
        self._imports[home].add(imported(name, alias))
        return alias

    def export(self, name):
        """Import a name for others to import from here."""
        self._imports[HOMES[name]].add("%s as %s" % (name, name))

    def imports(self):
        """The lines of the imports."""
        imported = dict(self._imports)
        for name in self._modules:
            package, _, module = name.rpartition(".")
            imported.setdefault(package, set()).add("%s as _%s" % (module, module))
        return [
            _without_brackets(wrapped("from %s import (" % home, sorted(names), ")"))
            for home, names in sorted(imported.items(), key=_foreign_first)
        ]

    def read(self, kind):
        """The annotation of what a script reads."""
        if kind.nullable:
            return self.read(kind.bare) + " | None"
        if kind.kind == "list":
            return "list[%s]" % self.read(kind.item)
        if kind.kind == "map":
            return "dict[str, %s]" % self.read(kind.value)
        if kind.kind == "union":
            return " | ".join(map(self.read, kind.members))
        return self._plain(kind)

    def given(self, kind, related=False):
        """The annotation of what a script gives: a dict for a model, other sequences for lists.

        Parameters:
            kind: an ir.Type.
            related: whether it is a relation in a filter. Filters that know each other's
                keys refer to each other without end, which costs checkers a minute.
        """
        if kind.nullable:
            return self.given(kind.bare, related) + " | None"
        if kind.kind == "list":
            item = self.given(kind.item, related)
            if item == "str":  # of which a str is a Sequence too
                return self.use("_Texts", _MODEL)
            return "%s[%s]" % (self.use("Sequence"), item)
        if kind.kind == "map":
            return "%s[str, %s]" % (self.use("Mapping"), self.given(kind.value, related))
        if kind.kind == "union":
            return " | ".join(self.given(each, related) for each in kind.members)
        if kind.kind in ("model", "where"):
            if related or kind.name in self.known.open:
                return "%s | %s[str, %s]" % (
                    self._plain(kind),
                    self.use("Mapping"),
                    self.use("Any"),
                )
            return "%s | %s" % (self._plain(kind), self.use(kind.name + "Dict", _TYPES))
        if kind.is_scalar and kind.name in ("datetime", "date"):
            return "%s | str" % self._plain(kind)
        return self._plain(kind)

    def moment(self, kind):
        """As `given`, of the ISO 8601 text that a filter compares times with."""
        if kind.nullable:
            return self.moment(kind.bare) + " | None"
        moment = self.use("datetime")
        if kind.kind == "list":
            return "%s | %s[%s]" % (self.given(kind), self.use("Sequence"), moment)
        return "str | %s" % moment

    def _plain(self, kind):
        if kind.kind in ("enum", "order_by"):
            return self.use(kind.name + "Literal", _TYPES)
        if not kind.is_scalar:
            return self.use(kind.name, "cloudtower.models." + self.known.homes[kind.name])
        name = datatypes.parse(kind.name).public
        if name in _UNTYPED:
            name = "Any"
        return self.use(name) if name in HOMES else name


def _foreign_first(entry):
    return entry[0].startswith("cloudtower"), entry[0]


def _without_brackets(line):
    """An import as it is written where it fits in a line."""
    return line if "\n" in line else line.replace("(", "").replace(")", "")


def _model(module, schema):
    """The class of a schema."""
    made = {"name": schema.name, "since": schema.since, "keywords": None}
    base = module.use(_BASES[schema.kind], _MODEL)
    if schema.kind == "where":
        shared, own = _split(module.known.filters, schema)
        rows = [_row(module, schema, each) for each in own]
        made["keywords"] = _keywords(module, schema)
    elif schema.kind == "order_by":
        shared = module.known.orders.bases[schema.name]
        inherited = _order_values(row for _, row in module.known.orders.keys[schema.name])
        rows = _constants(module, [each for each in schema.constants if each not in inherited])
    elif schema.kind == "enum":
        shared, rows = [], _constants(module, schema.constants)
    else:
        shared, rows = [], [_row(module, schema, each) for each in schema.fields]
    bases = [module.use(each, _SHARED) for each in shared] + [base]
    return dict(made, opening=_class(schema.name, bases), rows=rows)


def _class(name, bases):
    return wrapped("class %s(" % name, bases, "):")


def _constants(module, constants):
    literal = module.use("Literal")
    return [
        ("%s: %s" % (name, _written(value, literal + "[%s]")), None) for name, value in constants
    ]


def _written(value, form):
    """The type of a value; `form` is that of all but floats, which no Literal has."""
    return "float" if isinstance(value, float) else form % py(value)


def _order_values(names):
    """(constant, value) of the orders by some fields."""
    values = [name + order for name in names for order in ("_ASC", "_DESC")]
    return [(value.upper(), value) for value in values]


def _split(shared, schema):
    """(the classes of what a filter shares with others, its own fields)."""
    inherited = {
        json
        for key, row in _keyed(schema)
        if key in shared.keys[schema.name]
        for json in jsons(row)
    }
    return shared.bases[schema.name], [each for each in schema.fields if each.json not in inherited]


def _keywords(module, schema):
    """The parameters of a filter's constructor: JSON names are keywords, Python names too."""
    module.use("Unpack")
    named = [
        "%s: %s = ..." % (each.name, _attribute(module, schema, each))
        for each in schema.fields
        if each.name != each.json
    ]
    return (["*"] + named if named else []) + [
        "**keywords: Unpack[%s]" % module.use(schema.name + "Dict", _TYPES)
    ]


def _shared_models(module):
    """The classes that filters and orders derive from."""
    for kind, shared in (("where", module.known.filters), ("order_by", module.known.orders)):
        base = module.use(_BASES[kind], _MODEL)
        for name, (schema, rows) in sorted(shared.classes.items()):
            if kind == "where":
                rows = [_row(module, schema, each) for each in _members(schema, rows)]
            else:
                rows = _constants(module, _order_values(rows))
            yield {"opening": _class(name, [base]), "rows": rows, "since": None, "keywords": None}


def _row(module, schema, field):
    return "%s: %s = ..." % (field.name, _attribute(module, schema, field)), _doc(schema, field)


def _attribute(module, schema, field):
    """The annotation of an attribute, which constructors take over for its keyword."""
    if schema.kind == "where":  # which scripts set, and hardly ever read
        return _given(module, schema, field)
    read = module.read(field.type)
    if not field.required and not field.nullable:
        read += " | None"
    if schema.name not in module.known.bodies:
        return read
    write = _given(module, schema, field)
    if not field.required and not field.nullable:
        write += " | None"
    if write == read:
        return read
    return "%s[%s, %s]" % (module.use("_Attribute", _MODEL), read, write)


def _given(module, schema, field):
    """The annotation of what a script gives for a field."""
    if schema.kind != "where" or field.json in _LOGIC:
        return module.given(field.type)
    if field.json in module.known.moments[schema.name]:
        return module.moment(field.type)
    return module.given(field.type, related=True)


def _doc(schema, field):
    """What a field means; nothing of the operators of a filter, which would fill the wheel."""
    if schema.kind == "where":
        return "Deprecated." if field.deprecated else None
    parts = [field.meaning.en] if field.meaning else []
    parts += _facts(field)
    if field.since:
        parts.append("Since CloudTower %s." % field.since)
    return " ".join(parts) or None


def _facts(member):
    """What its type does not say of a field or a parameter, as sentences."""
    found = ["Deprecated."] if member.deprecated else []
    limits = dict(member.limits)
    if "default" in limits:
        found.append("Default: %s." % json.dumps(limits["default"]))
    return found


def _shared_dicts(module):
    """The TypedDicts that those of filters derive from."""
    base = module.use("TypedDict")
    for name, (schema, rows) in sorted(module.known.filters.classes.items()):
        members = [_member(module, schema, each) for each in _members(schema, rows)]
        name += "Dict"
        yield {"name": name, "opening": _typed(name, [base]), "rows": members}


def _typed(name, bases):
    return _class(name, bases + ["total=False"])


def _typed_dict(module, schema):
    """The TypedDict of a schema."""
    shared, fields = [], schema.fields
    if schema.kind == "where":
        shared, fields = _split(module.known.filters, schema)
    bases = [each + "Dict" for each in shared] or [module.use("TypedDict")]
    # `__name` would be mangled in a class
    by_class = all(
        each.json.isidentifier() and not each.json.startswith("__") and not iskeyword(each.json)
        for each in fields
    )
    name = schema.name + "Dict"
    rows = [_member(module, schema, each) for each in fields]
    return {"name": name, "opening": _typed(name, bases) if by_class else None, "rows": rows}


def _member(module, schema, field):
    annotation = _given(module, schema, field)
    if field.required:
        annotation = "%s[%s]" % (module.use("Required"), annotation)
    return field.json, annotation, _doc(schema, field)


def _literal(module, schema):
    """The line of the Literal of an enumeration."""
    if any(isinstance(value, float) for _, value in schema.constants):
        return "%sLiteral: %s = float" % (schema.name, module.use("TypeAlias"))
    values = dict.fromkeys(py(value) for _, value in schema.constants)
    name = "%sLiteral: %s = %s[" % (schema.name, module.use("TypeAlias"), module.use("Literal"))
    return wrapped(name, list(values), "]")


def _call(module, operation, method):
    """The two functions of an operation, each in two overloads."""
    returns = module.read(operation.answers) if operation.answers else "None"
    required, optional = [], []
    for each in operation.parameters:
        annotation = _parameter(module, each)
        if each.required:
            required.append("%s: %s" % (each.name, annotation))
        else:
            optional.append("%s: %s | None = None" % (each.name, annotation))

    def variants(with_http_info):
        literal, later = module.use("Literal"), module.use("ApplyResult")
        name = method + ("_with_http_info" if with_http_info else "")
        result = returns
        if with_http_info:
            result = "tuple[%s, int, %s]" % (returns, module.use("_ResponseHeaders", _OPERATION))
        options = packed(optional + _options(module, operation, with_http_info))
        for flag, end in (
            ("async_req: %s[False] = False" % literal, result),
            ("async_req: %s[True]" % literal, "%s[%s]" % (later, result)),
        ):
            # First what is the operation's own; what all have is the same text everywhere.
            lines = [", ".join(["self"] + required), "*, " + flag] + options
            inner = ",\n".join("        " + line.rstrip(",") for line in lines)
            yield "def %s(\n%s,\n    ) -> %s:" % (name, inner, end)

    doc = [operation.meaning.en if operation.meaning else operation.doc]
    for each in operation.parameters:
        facts = " ".join(_facts(each))
        if facts:
            doc.append("%s: %s" % (each.name, facts[:1].lower() + facts[1:]))
    if operation.deprecated:
        module.use("deprecated")
    return {
        "name": method,
        "doc": " ".join(doc),
        "verbs": verbs.lines(" ".join(operation.verbs), operation.module, method),
        "operation": operation,
        "plain": list(variants(False)),
        "with_http_info": list(variants(True)),
    }


def _parameter(module, parameter):
    kind = parameter.type
    if parameter.place == "body" and kind.kind == "list":  # servers take a single one as well
        return "%s | %s" % (module.given(kind.item), module.given(kind))
    if kind.is_scalar and kind.name == "file":
        return module.use("_File", _OPERATION)
    return module.given(kind)


def _options(module, operation, with_http_info):
    """The per-call options of an operation, as parameters."""
    has = {
        "all": True,
        "with_http_info": with_http_info,
        "with_body": bool(operation.body or operation.placed("form")),
        "writes": not operation.read,
    }
    return [
        "%s: %s = %s" % (name, module.use(kind, _OPERATION) if kind[0] == "_" else kind, default)
        for name, kind, default, who in _OPTIONS
        if has[who]
    ]
