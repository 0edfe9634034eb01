"""Decisions about the interface, one a module. The order is that of `ALL`.

A pass is a function (Interface, sources) -> Interface, where `sources` has
what lies beside the document: `since`, `overlays` and `meanings`.
"""

from codegen.passes import (
    filters,
    identifiers,
    lists,
    meanings,
    naming,
    order_by,
    overlay,
    placement,
    reads,
    secrets,
    security,
    since,
    summary,
    verbs,
)

ALL = (
    naming.run,
    overlay.run,
    identifiers.run,
    placement.run,
    filters.run,
    order_by.run,
    secrets.run,
    since.run,
    security.run,
    reads.run,
    lists.run,
    verbs.run,
    summary.run,
    meanings.run,
)
