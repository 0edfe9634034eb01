"""What `coverage` prints: how faithful each operation is, and what is assumed about it."""

import fnmatch
from collections import Counter

from cloudtower.simulator import resources
from cloudtower.simulator.assumptions import ASSUMPTIONS
from cloudtower.simulator.operations import fidelity
from cloudtower.simulator.schema import operations
from cloudtower.simulator.server import graphql

_DEGREES = (fidelity.STATEFUL, fidelity.GENERIC, fidelity.SHAPE, fidelity.UNMODELLED)


def rows():
    """(path, fidelity, numbers of its assumptions) of each operation, by path."""
    resources.load()
    found = []
    for path, operation in sorted(operations.by_path().items()):
        numbers = [
            number
            for number, (_, _, _, *paths) in enumerate(ASSUMPTIONS, 1)
            if any(fnmatch.fnmatch(path, pattern) for pattern in " ".join(paths).split())
        ]
        found.append((path, fidelity.of(operation), numbers))
    return found


def table():
    """Each operation, the counts, what is refused with 501, the assumptions; str."""
    lines, counts, refused = [], Counter(), []
    for path, faithful, numbers in rows():
        operation = operations.by_path()[path]
        counts["reads" if operation.read else "writes", faithful] += 1
        lines.append("%-60s %-10s %s" % (path, faithful, " ".join(map(str, numbers))))
        if faithful == fidelity.UNMODELLED:
            refused.append("%-60s %s" % (path, fidelity.missing(operation)))
    lines.append("\n%d operations, whatever names they have" % sum(counts.values()))
    for group in ("reads", "writes"):
        number = sum(counts[group, degree] for degree in _DEGREES)
        named = ["%d %s" % (counts[group, degree], degree) for degree in _DEGREES]
        lines.append("%d %s: %s" % (number, group, ", ".join(named)))
    for title, names in (("queries", graphql.queries()), ("mutations", graphql.mutations())):
        lines.append("%d GraphQL %s: all stateful; others are refused" % (len(names), title))
    lines.append("GraphQL mutations: %s" % ", ".join(graphql.mutations()))
    lines += ["\nRefused with 501, unless --lenient", *refused, "\nAssumptions"]
    for number, (subject, does, known, *paths) in enumerate(ASSUMPTIONS, 1):
        where = "" if paths else " (everywhere)"
        lines.append("%3d  %s%s: %s [%s]" % (number, subject, where, does, known))
    return "\n".join(line.rstrip() for line in lines)
