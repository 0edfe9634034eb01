"""The differences of two interfaces as text, as Markdown and as JSON."""

import json
from collections import defaultdict
from itertools import groupby

from codegen import wording
from codegen.diff import ADDED, KINDS, REMOVED, SHARED

_SHARED = "Several resources"
_WIDTH = max(map(len, KINDS))


def text(changes):
    """A line for each, by resource, and how many there are.

    Parameters:
        changes: a list of diff.Change.
    """
    lines = []
    for resource, group in _by_resource(changes):
        lines.append(resource)
        for each in group:
            mark = "!" if each.breaking else " "
            number = len(each.names) if " " in each.subject else 1
            text = wording.predicate(each.text, number) or each.text
            said = ": " + text if text else ""
            lines.append("%s %-*s %s%s" % (mark, _WIDTH, each.kind, each.subject, said))
        lines.append("")
    return "\n".join(lines + [counts(changes)])


def markdown(changes, level=4):
    """The same for the changelog; fields of which the same is said share a line.

    Parameters:
        changes: a list of diff.Change.
        level: that of the headings, int.
    """
    parts = [counts(changes) + "."]
    for resource, group in _by_resource(changes):
        parts.append("%s %s\n%s" % ("#" * level, resource, "\n".join(_items(group))))
    return "\n\n".join(parts)


def _items(changes):
    same = defaultdict(list)
    for each in changes:
        subject = each.subject if " " in each.subject else "`%s`" % each.subject
        owner = each.subject.rpartition(".")[0]
        same[each.breaking, each.kind, each.text, owner].append(subject)
    for (breaking, kind, said, _), subjects in sorted(same.items(), key=_breaking_first):
        start = "**Breaking**, " if breaking else ""
        verb = kind if breaking else kind.capitalize()
        line, shown = "- %s%s: " % (start, verb), wording.listed(subjects)
        number = len(subjects) + any(" " in subject for subject in subjects)
        noun, goes_on = wording.schemas(said, number), wording.predicate(said, number)
        if kind in (ADDED, REMOVED):
            line += "%s %s" % (noun, shown) if noun else shown + (said and " (%s)" % said)
        else:
            line += "%s %s" % (shown, goes_on) if goes_on else shown + (said and ": " + said)
        yield line + "."


def _breaking_first(entry):
    (breaking, kind, _, _), _ = entry
    return not breaking, KINDS.index(kind)


def as_json(changes):
    """The same for programs: counts, and each change with its attributes."""
    content = {kind: _count(changes, kind) for kind in KINDS}
    content["breaking"] = sum(each.breaking for each in changes)
    content["changes"] = [
        dict(vars(each), names=list(each.names), resource=each.resource or None) for each in changes
    ]
    return json.dumps(content, indent=1, ensure_ascii=False)


def counts(changes):
    """How many changes there are of each kind, str."""
    numbers = ((kind, _count(changes, kind)) for kind in KINDS)
    parts = ["%s %s" % (format(number, ","), kind) for kind, number in numbers if number]
    if not parts:
        return "No changes"
    breaking = sum(each.breaking for each in changes)
    return "%s; %s may break scripts" % (", ".join(parts), format(breaking, ",") or "none")


def _count(changes, kind):
    return sum(each.kind == kind for each in changes)


def _by_resource(changes):
    for resource, group in groupby(changes, lambda each: each.resource):
        yield (_SHARED if resource == SHARED else resource), list(group)


#: name of a format -> callable(changes) that returns its text
FORMATS = {"text": text, "markdown": markdown, "json": as_json}
