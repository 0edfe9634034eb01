"""Tables as CSV."""

import csv
import io

from cloudtower._runtime import datatypes
from cloudtower.simulator.engine import language, where
from cloudtower.simulator.operations import listing
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.schema import models


@handles("/export-csv")
def export_csv(call):
    """The lists that `filter` asks for, one below the other, as CSV."""
    text, columns, sight = io.StringIO(), call.body["columns"], call.sight
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column["name"] for column in columns])
    members = models.model("TableReporterParamsFilter").__schema__.by_json
    for name, body in call.body["filter"].items():
        kind = members[name].type.target.__schema__.by_json["where"].type.selects
        matching = where.matching(call.world, kind, body.get("where"), ("filter", name, "where"))
        for record in listing.paged(sight, kind, matching, body):
            shown = sight.of_type(call.tower.renderer.render(record), datatypes.parse(kind))
            language.localize(kind, [shown], call.language)
            writer.writerow([_at(shown, column["path"]) for column in columns])
    return text.getvalue().encode("utf-8-sig", "replace")


def _at(shown, path):
    """The value at a dotted path; of a list all, joined."""
    for name in path.split("."):
        if isinstance(shown, list):
            shown = [item.get(name) for item in shown if isinstance(item, dict)]
        else:
            shown = shown.get(name) if isinstance(shown, dict) else None
    return ", ".join(map(str, shown)) if isinstance(shown, list) else shown
