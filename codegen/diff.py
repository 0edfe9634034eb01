"""What changed between two interfaces, as scripts would notice it.

Compared are operations, fields and values of the intermediate form, not the
documents: an inline object that became a schema of its own, or another order,
is no change.
"""

from collections import namedtuple

#: One difference. `kind` is "added" "removed" or "changed"; `breaking` says
#: whether a script that works today can fail.
Change = namedtuple("Change", "kind subject detail breaking")


def compare(old, new):
    """The differences between two Interfaces, a list of Change.

    Scripts break where something goes away or changes its type, where CloudTower
    takes less than before, and where its answers promise less.
    """
    return _operations(old, new) + _schemas(old, new, _uses(new))


def _uses(interface):
    """Names of the schemas that scripts send, and of those that they are answered."""
    members = {schema.name: schema.fields for schema in interface.schemas}

    def reached(waiting):
        names = set()
        while waiting:
            kind = waiting.pop()
            for name in {each.name for each in kind.references()} - names if kind else ():
                names.add(name)
                waiting.extend(each.type for each in members[name])
        return names

    sent = reached([each.type for made in interface.operations for each in made.parameters])
    return sent, reached([made.returns for made in interface.operations])


def _operations(old, new):
    # An operation that lists a tag twice is there twice.
    before = {(each.method, each.path, each.api, each.repeat): each for each in old.operations}
    after = {(each.method, each.path, each.api, each.repeat): each for each in new.operations}
    changes = []
    for key in _ordered(before, after):
        subject = "%s %s" % key[:2]
        if key not in after:
            changes.append(Change("removed", subject, _method(before[key]), True))
        elif key not in before:
            changes.append(Change("added", subject, _method(after[key]), False))
        else:
            changes += _operation(subject, before[key], after[key])
    return changes


def _method(operation):
    return "%s.%s" % (operation.api, operation.name)


def _operation(subject, old, new):
    changes = []
    if _method(old) != _method(new):
        changes.append(_changed(subject, "method", _method(old), _method(new), True))
    if _type(old.returns) != _type(new.returns):
        changes.append(_changed(subject, "answer", _type(old.returns), _type(new.returns), True))
    if old.security != new.security:
        changes.append(_changed(subject, "authentication", old.security, new.security, True))
    if old.statuses != new.statuses:
        changes.append(_changed(subject, "statuses", old.statuses, new.statuses, False))
    before = {(each.place, each.json): each for each in old.parameters}
    after = {(each.place, each.json): each for each in new.parameters}
    for key in _ordered(before, after):
        label = "parameter %s" % (key[1] or key[0])
        if key not in after:
            changes.append(Change("removed", subject, label, True))
        elif key not in before:
            changes.append(Change("added", subject, label, after[key].required))
        else:
            changes += _member(subject, label, before[key], after[key])
    return changes


def _schemas(old, new, uses):
    before = {each.name: each for each in old.schemas}
    after = {each.name: each for each in new.schemas}
    changes = []
    for name in _ordered(before, after):
        if name not in after:
            changes.append(Change("removed", name, "schema", True))
        elif name not in before:
            changes.append(Change("added", name, "schema", False))
        else:
            used = [name in names for names in uses]
            changes += _fields(name, before[name], after[name], *used)
            changes += _values(name, before[name], after[name])
    return changes


def _fields(subject, old, new, sent, received):
    before = {each.json: each for each in old.fields}
    after = {each.json: each for each in new.fields}
    changes = []
    for name in _ordered(before, after):
        if name not in after:
            changes.append(Change("removed", subject, "field %s" % name, True))
        elif name not in before:
            needed = sent and after[name].required
            changes.append(Change("added", subject, "field %s" % name, needed))
        else:
            label = "field %s" % name
            changes += _member(subject, label, before[name], after[name], sent, received)
    return changes


def _member(subject, label, old, new, sent=True, received=False):
    def changed(label, before, after, breaking):
        changes.append(_changed(subject, label, before, after, breaking))

    changes = []
    if _type(old.type.bare) != _type(new.type.bare):
        changed(label, _type(old.type.bare), _type(new.type.bare), True)
    if old.required != new.required:
        words = ("optional", "required")
        breaking = sent if new.required else received
        changed(label, words[old.required], words[new.required], breaking)
    if old.type.nullable != new.type.nullable:
        words = ("never null", "nullable")
        breaking = received if new.type.nullable else sent
        changed(label, words[old.type.nullable], words[new.type.nullable], breaking)
    if old.limits != new.limits:
        changed(label, _limits(old), _limits(new), sent and _narrower(old, new))
    return changes


def _narrower(old, new):
    """Whether a limit forbids what was allowed."""
    before = dict(old.limits)
    for name, value in new.limits:
        known = before.get(name)
        if known is None:
            return True
        if name == "enum":
            forbids = not set(known) <= set(value)
        else:
            forbids = value < known if name == "maximum" else value > known
        if forbids:
            return True
    return False


def _values(subject, old, new):
    before, after = dict(old.constants), dict(new.constants)
    changes = []
    for name in _ordered(before, after):
        if name not in after:
            changes.append(Change("removed", subject, "value %s" % name, True))
        elif name not in before:
            changes.append(Change("added", subject, "value %s" % name, False))
        elif before[name] != after[name]:
            label = "value of %s" % name
            changes.append(_changed(subject, label, before[name], after[name], True))
    return changes


def _changed(subject, label, old, new, breaking):
    return Change("changed", subject, "%s: %s -> %s" % (label, old, new), breaking)


def _type(kind):
    return kind and kind.notation


def _limits(member):
    return ", ".join("%s %s" % pair for pair in member.limits) or "no limit"


def _ordered(before, after):
    return sorted(set(before) | set(after))


def text(changes):
    """The differences a line each, and their numbers."""
    lines = []
    for change in changes:
        mark = "!" if change.breaking else " "
        lines.append("%s %-7s %s: %s" % (mark, change.kind, change.subject, change.detail))
    counts = ["%d %s" % (_count(changes, kind), kind) for kind in ("added", "removed", "changed")]
    breaking = sum(change.breaking for change in changes)
    lines.append("%s; %d breaking (marked !)" % (", ".join(counts), breaking))
    return "\n".join(lines)


def _count(changes, kind):
    return sum(change.kind == kind for change in changes)


def changelog(changes, version):
    """The differences as an entry of the changelog."""
    lines = ["### Interface of CloudTower %s" % version]
    for title, wanted in (
        ("Breaking", [change for change in changes if change.breaking]),
        ("Added", [change for change in changes if change.kind == "added" and not change.breaking]),
        (
            "Changed",
            [change for change in changes if change.kind != "added" and not change.breaking],
        ),
    ):
        if wanted:
            lines += ["", "%s:" % title, ""]
            lines += [
                "- `%s`: %s%s"
                % (
                    change.subject,
                    change.detail,
                    " %s" % change.kind if change.kind != "changed" else "",
                )
                for change in wanted
            ]
    return "\n".join(lines)
