"""The feed of changes."""

from cloudtower.simulator.operations.registry import handles


@handles("/resource-changes")
def resource_changes(call):
    """The changes of objects since a revision, oldest first."""
    return call.tower.changes.answer(call.body)
