"""Labels and what they are put on."""

from functools import partial

from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.not_modified import require_change
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.schema import kinds


@refines("/create-label", "/update-label")
def write_label(step):
    """Makes or changes a label, a key with a value."""
    step.values = known(step.values)


@handles("/add-labels-to-resources", "/remove-labels-from-resources")
def change_resources(call):
    """Puts labels on objects of any kind, or takes them off."""
    labels, relations, found = call.select("Label"), kinds.kind("Label").relations, {}
    for name in call.body["data"]:
        found[name] = call.select(relations[name].target, "data", name)
    change = call.world.link if call.path.startswith("/add") else call.world.unlink
    changes = [
        partial(change, label, name, record)
        for label in labels
        for name, records in found.items()
        for record in records
    ]
    require_change(call, changes)
    for apply in changes:
        apply()
    return [call.answer(label) for label in labels]
