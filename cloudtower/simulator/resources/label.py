"""Labels and what they are put on."""

from functools import partial

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations import generic
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.mutations import task_of
from cloudtower.simulator.operations.not_modified import require_change
from cloudtower.simulator.operations.registry import handles, mutates, refines
from cloudtower.simulator.operations.step import Step
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
        partial(change, label, name, *records)
        for label in labels
        for name, records in found.items()
    ]
    require_change(call, changes)
    for apply in changes:
        apply()
    return [call.answer(label) for label in labels]


@mutates("createLabel", "Label", None, "/create-label", data="LabelInput")
def create_label(call, _):
    """Makes a label, and puts it on VMs. Returns the record of the task."""
    return _write(call, "createLabel")


@mutates("updateLabel", "Label", "LABEL_NOT_EXIST", "/update-label", data="LabelInput")
def update_label(call, label):
    """Changes a label, puts it on VMs or takes it off. Returns the record of the task."""
    return _write(call, "updateLabel", label)


def _write(call, mutation, label=None):
    """Make or change a label as the data of a mutation says."""
    data, world = call.body["data"], call.world
    step = Step(call, "Label", known(data, ("key", "value")), label)
    if label is None:
        require("key" in data, "GRAPHQL_VALIDATION_FAILED", "data.key is missing")
    vms = data.get("vms") or {}
    for way, change in (("connect", world.link), ("disconnect", world.unlink)):
        for named in vms.get(way, []):
            vm = find(world, "Vm", named.get("id"))
            step.later(lambda vm=vm, change=change: change(step.record, "vms", vm))
    return task_of(step, mutation)


@mutates("deleteLabel", "Label", "LABEL_NOT_EXIST", "/delete-label")
def delete_label(call, label):
    """Deletes a label, and takes it off what it is on. Returns the record of the task."""
    return task_of(Step(call, "Label", {}, label), "deleteLabel", generic.remove)
