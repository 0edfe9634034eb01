"""What changed between two interfaces, as scripts would notice it.

Compared are operations, fields and values of the intermediate form, not the documents: an
inline object that became a schema of its own, or another order, is no change.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from codegen import renames, wording
from codegen.ir import nullable, reached
from codegen.passes.filters import jsons

KINDS = ADDED, REMOVED, RENAMED, CHANGED, DEPRECATED = (
    "added",
    "removed",
    "renamed",
    "changed",
    "deprecated",
)
#: The resource of a change that operations of several resources share.
SHARED = ""
_FEW = 3  # operations with the same change that are listed one by one
_ORDERS = ("_ASC", "_DESC")


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        kind: one of KINDS.
        resource: whose it is, such as "Vm"; SHARED for what several resources share.
        subject: what it is about, such as "VmApi.start_vm", "Vm.memory" or "9 operations".
        text: what is said of it, in words; "" where kind and subject say all.
        breaking: whether a script that works today can fail.
        names: what it is about as scripts name it, a tuple; more than the subject where one
            line stands for several, or something has another name now.
    """

    kind: str
    resource: str
    subject: str
    text: str = ""
    breaking: bool = False
    names: tuple = ()


def compare(old, new):
    """The differences between two Interfaces, a list of Change by resource.

    Scripts break where something goes away or changes its type, where CloudTower takes less
    than before, and where its responses promise less.
    """
    names = renames.schemas(old, new)
    old = renames.renamed(old, names)
    changes = _of_all(old, new)
    changes += _Operations(old, new).changes() + _Schemas(old, new, names).changes()
    changes.sort(key=lambda each: each.resource)  # what a resource has stays in its order
    return changes


def _of_all(old, new):
    """The differences of what all operations share: where they are, and how they sign in."""
    made = []

    def add(kind, subject, text):
        made.append(Change(kind, SHARED, subject, text, True, (subject,)))

    # A document that has no path says nothing of it: an intake keeps the former one.
    if old.server and new.server and old.server != new.server:
        add(CHANGED, "servers", 'has the path "%s" instead of "%s"' % (new.server, old.server))
    before, after = dict(old.schemes), dict(new.schemes)
    for name in sorted(set(before) | set(after)):
        subject = "securitySchemes.%s" % name
        was, now = before.get(name), after.get(name)
        if now is None:
            add(REMOVED, subject, _scheme(was))
        elif was is None:
            add(ADDED, subject, _scheme(now))
        elif _scheme(was) != _scheme(now):
            add(CHANGED, subject, "is %s instead of %s" % (_scheme(now), _scheme(was)))
    return made


def _scheme(node):
    """A security scheme in words: "apiKey, in header, name Authorization"."""
    parts = ["%s %s" % (key, node[key]) for key in ("in", "name", "scheme") if key in node]
    return ", ".join([node["type"]] + parts)


class _Operations:
    """The differences of operations."""

    def __init__(self, old, new):
        # An operation that lists a tag twice is there twice.
        self.old, self.new = (
            {(each.path, each.method, each.api, each.repeat): each for each in it.operations}
            for it in (old, new)
        )
        self.made = []

    def changes(self):
        moved = self._moved()
        for key in sorted(set(self.old) | set(self.new)):
            old, new = self.old.get(key), self.new.get(moved.get(key, key))
            if old and new:
                self._compare(old, new)
            elif old:
                self._add(REMOVED, old, _address(old), breaking=True)
            elif key not in moved.values():
                self._add(ADDED, new, _address(new))
                self._deprecate(new, False, new.deprecated)
        return _merged(self.made)

    def _moved(self):
        """{old key: new key} of operations under another tag or at another address: they have
        kept their address or their name, or seem to be the same.
        """
        by_key = {**self.old, **self.new}

        def shape(key):
            operation = by_key[key]
            parts = {(each.place, each.json, str(each.type)) for each in operation.parameters}
            return operation.method, operation.read, str(operation.returns), parts

        gone, come = set(self.old) - set(self.new), set(self.new) - set(self.old)
        kept = {}
        for place in (_address, _label):
            one, other = _by(place, gone, self.old), _by(place, come, self.new)
            kept.update((one[each], other[each]) for each in one if each in other)
            gone, come = gone - set(kept), come - set(kept.values())
        paths = {key[0] for key in self.old} & {key[0] for key in self.new}
        gone, come = ({key for key in keys if key[0] not in paths} for keys in (gone, come))
        return {**kept, **renames.pairs(gone, come, shape, lambda key: by_key[key].name)}

    def _add(self, kind, operation, text="", breaking=False, *others):
        names = (_label(operation),) + others
        self.made.append(Change(kind, operation.tag, names[0], text, breaking, names))

    def _compare(self, old, new):
        if _label(old) == _label(new):
            if _address(old) != _address(new):
                kind = "read" if new.read else "write"
                text = "is %s, a %s, instead of %s" % (_address(new), kind, _address(old))
                # Whether it is sent again, and what guards it, depends on that.
                self._add(CHANGED, new, text, breaking=old.read and not new.read)
        elif old.path != new.path:
            text = "is now %s, %s (a guess: it takes and returns the same)"
            self._add(RENAMED, old, text % (_label(new), _address(new)), True, _label(new))
        else:
            self._add(RENAMED, old, "is now %s" % _label(new), True, _label(new))
        if wording.kind(old.returns) != wording.kind(new.returns):
            text = "returns %s instead of %s" % tuple(map(wording.kind, (new.returns, old.returns)))
            same = wording.in_python(old.returns) == wording.in_python(new.returns)
            self._add(CHANGED, new, text, breaking=not same)
        before, after = (set(map(frozenset, it.requirements or ((),))) for it in (old, new))
        if before != after:
            schemes = (wording.alternatives(each.requirements) for each in (new, old))
            text = "authenticates with %s instead of %s" % tuple(schemes)
            self._add(CHANGED, new, text, breaking=not before < after)
        for one, other, verb in ((new, old, "declares"), (old, new, "no longer declares")):
            statuses = sorted(set(one.statuses) - set(other.statuses))
            if statuses:
                self._add(CHANGED, new, "%s status %s" % (verb, wording.listed(statuses)))
        self._deprecate(new, old.deprecated, new.deprecated)
        self._parameters(old, new)

    def _deprecate(self, operation, before, after, label=""):
        if after and not before:
            self._add(DEPRECATED, operation, label)
        elif before and not after:
            self._add(CHANGED, operation, ("%s is no longer deprecated" % label).strip())

    def _parameters(self, old, new):
        before, after = (
            {(each.place, each.json): each for each in it.parameters} for it in (old, new)
        )
        for key in sorted(set(before) | set(after)):
            was, now = before.get(key), after.get(key)
            label = wording.parameter(now or was)
            if now is None:
                self._add(CHANGED, new, "no longer has the %s" % label, breaking=True)
            elif was is None:
                text = "has a new %s, %s" % (label, "required" if now.required else "optional")
                self._add(CHANGED, new, text, breaking=now.required)
            else:
                for text, breaking in _member(was, now):
                    self._add(CHANGED, new, "%s %s" % (label, text), breaking)
                self._deprecate(new, was.deprecated, now.deprecated, label)


def _label(operation):
    return "%s.%s" % (operation.api, operation.name)


def _by(place, keys, operations):
    """{place of an operation: its key}, the first key where several operations have one place."""
    return {place(operations[key]): key for key in sorted(keys, reverse=True)}


def _address(operation):
    return "%s %s" % (operation.method, operation.path)


def _merged(changes):
    """The changes, with one in the place of many that say the same of several operations."""
    same = defaultdict(list)
    for each in changes:
        same[each.kind, each.text, each.breaking].append(each)
    made = []
    for each in changes:
        group = same[each.kind, each.text, each.breaking]
        if not each.text or len(group) <= _FEW:
            made.append(each)
        elif each is group[0]:
            resources = {it.resource for it in group}
            resource = each.resource if len(resources) == 1 else SHARED
            names = tuple(it.subject for it in group)
            subject = wording.counted(len(names), "operation")
            made.append(replace(each, resource=resource, subject=subject, names=names))
    return made


class _Schemas:
    """The differences of schemas: their fields and values.

    Parameters:
        renamed: {former name: new name}; in `old` they have the new one already.
    """

    def __init__(self, old, new, renamed):
        self.old, self.new = ({schema.name: schema for schema in it.schemas} for it in (old, new))
        self.former = {after: before for before, after in renamed.items()}
        parameters = (each.type for made in new.operations for each in made.parameters)
        self.sent = reached(parameters, self.new)
        self.received = reached((made.returns for made in new.operations), self.new)
        made = old.operations + new.operations
        self.tags = {operation.module[: -len("_api")]: operation.tag for operation in made}
        self.made = []

    def changes(self):
        for name in sorted(set(self.old) | set(self.new)):
            old, new = self.old.get(name), self.new.get(name)
            if new is None:
                self._add(REMOVED, old, name, wording.schema(old), breaking=True)
            elif old is None:
                self._add(ADDED, new, name, wording.schema(new))
                self._deprecate(new, name, False, new.deprecated)
            else:
                if name in self.former:
                    text = "is now %s (a guess: it has the same members)" % name
                    former = self.former[name]
                    self._add(RENAMED, new, former, text, True, (former, name))
                self._deprecate(new, name, old.deprecated, new.deprecated)
                self._fields(old, new)
                self._values(old, new)
                self._rest(old, new)
        return self.made

    def _add(self, kind, schema, subject, text="", breaking=False, names=()):
        resource = self.tags.get(schema.module, schema.module.capitalize())
        names = tuple(names) or (subject,)
        self.made.append(Change(kind, resource, subject, text, breaking, names))

    def _deprecate(self, schema, subject, before, after):
        if after and not before:
            self._add(DEPRECATED, schema, subject)
        elif before and not after:
            self._add(CHANGED, schema, subject, "is no longer deprecated")

    def _fields(self, old, new):
        before, after = _grouped(old, new)

        def shape(name):
            group = before[name] if name in before else after[name]
            return {(operator, str(each.type), each.required) for operator, each in group.items()}

        gone, come = set(before) - set(after), set(after) - set(before)
        moved = renames.pairs(gone, come, shape, lambda name: name)
        for name in sorted(set(before) | set(after)):
            subject = "%s.%s" % (new.name, name)
            was, now = before.get(name), after.get(moved.get(name, name))
            if name in moved:
                text = "is now %s (a guess: it has the same type)" % moved[name]
                names = _names(new, was) + _names(new, now)
                self._add(RENAMED, new, subject, text, True, names)
            if was and now:
                self._group(new, subject, was, now)
            elif was:
                self._add(REMOVED, new, subject, "", True, _names(new, was))
            elif name not in moved.values():
                self._add_field(new, subject, now)

    def _add_field(self, schema, subject, group):
        each = next(iter(group.values()))
        text = wording.kind(each.type.bare) if schema.kind != "where" else "filter"
        needed = schema.name in self.sent and each.required
        text += ", required" if each.required else ""
        self._add(ADDED, schema, subject, text, needed, _names(schema, group))
        self._deprecate(schema, subject, False, each.deprecated)

    def _group(self, schema, subject, old, new):
        """Compare a field, of a filter all its operators: the same of several is one change."""
        sent, received = schema.name in self.sent, schema.name in self.received
        found = defaultdict(list)
        if schema.kind == "where":
            old, new = map(_compared, (old, new))
        for operator in sorted(set(old) | set(new)):
            was, now = old.get(operator), new.get(operator)
            if now is None:
                found[REMOVED, "", True].append(operator)
            elif was is None:
                found[ADDED, "", False].append(operator)
            else:
                for text, breaking in _member(was, now, sent, received):
                    found[CHANGED, text, breaking].append(operator)
                if now.deprecated and not was.deprecated:
                    found[DEPRECATED, "", False].append(operator)
                elif was.deprecated and not now.deprecated:
                    found[CHANGED, "is no longer deprecated", False].append(operator)
        for (kind, text, breaking), operators in found.items():
            if len(operators) < len(set(old) | set(new)):
                shown = wording.listed(each or "equal" for each in operators)
                text = ("operators %s: %s" % (shown, text)).rstrip(": ")
            names = _names(schema, {each: new.get(each) or old[each] for each in operators})
            self._add(kind, schema, subject, text, breaking, names)

    def _rest(self, old, new):
        """Compare the members that have no name."""
        was, now = wording.kind(old.rest), wording.kind(new.rest)
        if was != now:
            text = "other members are %s instead of %s" % (now, was)
            same = wording.in_python(old.rest) == wording.in_python(new.rest)
            self._add(CHANGED, new, new.name, text, old.rest is not None and not same)

    def _values(self, old, new):
        before, after = dict(old.constants), dict(new.constants)
        kept = set(before.values()) & set(after.values())
        fresh = {after[name]: name for name in reversed(list(after)) if name not in before}
        shown = {}  # (kind, name without its order) -> text
        for name in sorted(set(before) | set(after)):
            value = before.get(name, after.get(name))
            if name in before and name in after:
                if before[name] != after[name]:
                    text = 'is "%s" instead of "%s"' % (after[name], before[name])
                    self._add(CHANGED, new, "%s.%s" % (new.name, name), text, breaking=True)
            elif name in before and value in kept and value in fresh:
                text = "is now %s" % fresh[value]
                names = ["%s.%s" % (new.name, each) for each in (name, fresh[value])]
                self._add(RENAMED, new, names[0], text, True, names)
            elif name in before or value not in kept or value not in fresh:
                base = _without_order(name) if new.kind == "order_by" else name
                key = (REMOVED if name in before else ADDED), base
                shown.setdefault(key, "" if base == name else "order")
        moved = self._moved_orders(old, new, shown)
        for (kind, name), text in shown.items():
            subject = "%s.%s" % (new.name, name)
            if kind == REMOVED and name in moved:
                text = "is now %s (a guess: it has the same orders)" % moved[name]
                names = subject, "%s.%s" % (new.name, moved[name])
                self._add(RENAMED, new, subject, text, True, names)
            elif name not in moved.values():
                self._add(kind, new, subject, text, breaking=kind == REMOVED)

    def _moved_orders(self, old, new, shown):
        """{name: new name} of the orders of fields that seem to have another name."""
        if new.kind != "order_by":
            return {}
        orders = defaultdict(set)
        for name in {**dict(old.constants), **dict(new.constants)}:
            base = _without_order(name)
            orders[base].add(name[len(base) :])
        gone, come = ({name for kind, name in shown if kind == it} for it in (REMOVED, ADDED))
        return renames.pairs(gone - come, come - gone, orders.get, str.lower)


def _grouped(*schemas):
    """For each schema {name of a field: {operator: Field}}; only filters have operators."""
    bases = {}
    for row in (row for schema in schemas if schema.form == "where" for row in schema.rows):
        for json in jsons(row):
            bases.setdefault(json, (row.name, json[len(row.json) + 1 :]))
    made = []
    for schema in schemas:
        groups = defaultdict(dict)
        for each in schema.fields:
            name, operator = bases.get(each.json, (each.name, ""))
            groups[name][operator] = each
        made.append(dict(groups))
    return made


def _names(schema, group):
    """What scripts call a field, of a filter all its operators."""
    return ["%s.%s" % (schema.name, each.name) for each in group.values()]


def _compared(group):
    """The operators of a filter's field, those that take a list with what it is a list of."""
    return {
        operator: replace(each, type=nullable(each.type.leaf)) if each.type.nullable else each
        for operator, each in group.items()
    }


def _without_order(constant):
    for order in _ORDERS:
        if constant.endswith(order):
            return constant[: -len(order)]
    return constant


def _member(old, new, sent=True, received=False):
    """(text, breaking) of each difference of a field or a parameter."""
    was, now = old.type.bare, new.type.bare
    if wording.kind(was) != wording.kind(now):
        text = "is %s instead of %s" % (wording.kind(now), wording.kind(was))
        yield text, wording.in_python(was) != wording.in_python(now)
    if old.required != new.required:
        yield ("is required now", sent) if new.required else ("is optional now", received)
    if old.type.nullable != new.type.nullable:
        yield ("may be null now", received) if new.type.nullable else ("is never null now", sent)
    before, after = dict(old.limits), dict(new.limits)
    for keyword in sorted(set(before) | set(after)):
        if before.get(keyword) != after.get(keyword):
            yield _limit(keyword, before.get(keyword), after.get(keyword), sent)


def _limit(keyword, old, new, sent):
    """(text, breaking) of a limit, or a default, that changed."""
    if keyword == "default":
        return _default(old, new), False
    if new is None:
        return "need no longer be %s" % wording.limit(keyword, old), False
    if old is None:
        return "must be %s" % wording.limit(keyword, new), sent
    if keyword == "enum":
        gone, come = (
            [each for each in one if each not in other] for one, other in ((old, new), (new, old))
        )
        parts = ["no longer takes " + wording.listed(gone)] if gone else []
        parts += ["also takes " + wording.listed(come)] if come else []
        return " and ".join(parts) or "lists its values in another order", sent and bool(gone)
    text = "must be %s, no longer %s" % tuple(wording.limit(keyword, each) for each in (new, old))
    return text, sent and (new < old if keyword.startswith("max") else new > old)


def _default(old, new):
    if old is None:
        return "has the default %s now" % wording.value(new)
    if new is None:
        return "no longer has the default %s" % wording.value(old)
    return "has the default %s instead of %s" % (wording.value(new), wording.value(old))
