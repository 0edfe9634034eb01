"""Labels and what they are put on."""

from cloudtower.simulator.behaviour.generic import refines
from cloudtower.simulator.behaviour.support import known, require
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused


@handles("/create-label")
def create(call):
    wanted = []
    for each in call.body:
        pair = (each["key"], each.get("value"))
        require(bool(pair[0]), "LABEL_KEY_REQUIRED", "key must not be empty")
        require(pair not in wanted, "LABEL_DUPLICATE_KEY_VALUE", "the label %s:%s twice" % pair)
        _require_free(call.world, *pair)
        wanted.append(pair)
    new = {"createdAt": call.tower.tasks.now()}
    labels = [call.world.add("Label", key=key, value=value, **new) for key, value in wanted]
    return [call.answer(label) for label in labels]


def _require_free(world, key, value, own=None):
    other = world.first("Label", key=key, value=value)
    if other is not None and other is not own:
        raise refused("LABEL_DUPLICATE_KEY_VALUE", "there is a label %s:%s" % (key, value))


@refines("/update-label")
def update(step):
    step.values = known(step.values)
    _require_free(step.world, step.get("key"), step.get("value"), own=step.record)


@refines("/delete-label")
def delete(step):
    in_use = step.record["security_policies"] or step.record["isolation_policies"]
    require(not in_use, "LABEL_IN_USE", "label %s is used by a policy" % step.record["key"])


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
