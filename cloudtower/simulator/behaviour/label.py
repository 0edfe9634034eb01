"""Labels and what they are put on."""

from cloudtower.simulator.behaviour.generic import confirm, refines
from cloudtower.simulator.behaviour.support import known, require
from cloudtower.simulator.calls import handles


@refines("/create-label", "/update-label")
def write(step):
    step.values = known(step.values)
    require(step.get("key"), "LABEL_KEY_REQUIRED", "key must not be empty")


confirm("/delete-label")


@handles("/add-labels-to-resources", "/remove-labels-from-resources")
def change_resources(call):
    labels = call.select("Label")
    resources = []
    for name in call.body["data"]:
        relation = labels[0].kind.relations[name] if labels else None
        if relation is not None:
            found = call.select(relation.target, "data", name)
            resources.extend((name, each) for each in found)
    change = call.world.link if call.path.startswith("/add") else call.world.unlink
    for label in labels:
        for name, record in resources:
            change(label, name, record)
    return [call.answer(label) for label in labels]
