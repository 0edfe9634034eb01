"""How faithful each operation is, and what is assumed about it."""

import fnmatch
from collections import Counter

from cloudtower.simulator import resources
from cloudtower.simulator.assumptions import ASSUMPTIONS
from cloudtower.simulator.operations import listing, registry
from cloudtower.simulator.schema import effects, operations

#: Response header that says how faithful the operation is.
FIDELITY = "x-simulator-fidelity"


def fidelity(operation):
    """How an operation is done: "stateful" (as the public facts say), "generic" (as the
    interface suggests) or "shape" (a complete answer, and nothing is done).
    """
    path = operation.path
    known = path in registry.HANDLERS or path in registry.REFINED or path in registry.CONFIRMED
    if known or listing.handler_of(operation):
        return "stateful"
    return "shape" if effects.effect_of(operation).mode == "shape" else "generic"


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
        found.append((path, fidelity(operation), numbers))
    return found


def table():
    """What `coverage` prints: each operation, the counts, the assumptions; str."""
    lines, counts = [], Counter()
    for path, faithful, numbers in rows():
        counts[faithful] += 1
        lines.append("%-60s %-9s %s" % (path, faithful, " ".join(map(str, numbers))))
    counted = ", ".join(
        "%d %s" % (counts[degree], degree) for degree in ("stateful", "generic", "shape")
    )
    lines.append("\n%d operations: %s\n\nAssumptions" % (sum(counts.values()), counted))
    for number, (subject, does, known, *paths) in enumerate(ASSUMPTIONS, 1):
        where = "" if paths else " (everywhere)"
        lines.append("%3d  %s%s: %s [%s]" % (number, subject, where, does, known))
    return "\n".join(line.rstrip() for line in lines)
