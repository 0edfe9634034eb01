"""Labels and what they are put on."""

from cloudtower.simulator import tables
from cloudtower.simulator.behaviour.generic import confirm, refines
from cloudtower.simulator.behaviour.support import known, require
from cloudtower.simulator.calls import handles

confirm("/delete-label")


@refines("/create-label", "/update-label")
def write(step):
    step.values = known(step.values)
    require(step.get("key"), "LABEL_KEY_REQUIRED", "key must not be empty")


@handles("/add-labels-to-resources", "/remove-labels-from-resources")
def change_resources(call):
    labels, relations, found = call.select("Label"), tables.kind("Label").relations, {}
    for name in call.body["data"]:
        found[name] = call.select(relations[name].target, "data", name)
    change = call.world.link if call.path.startswith("/add") else call.world.unlink
    for label in labels:
        for name, records in found.items():
            for record in records:
                change(label, name, record)
    return [call.answer(label) for label in labels]
