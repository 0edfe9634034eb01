"""Snapshots of consistency groups: one of each member, of one moment."""

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.shared import block_storage, consistency

_MOST_SNAPSHOTS = 64


@refines("/create-consistency-snapshot-group")
def create_consistency_group_snapshot(step):
    """Keeps the content of all members of a group as it is at one moment."""
    world, group = step.world, step.named("consistency_group")
    tasks, members = step.call.tower.tasks, consistency.members_of(world, group)
    tasks.require_free([group] + members)
    full = len(group["consistency_group_snapshots"]) >= _MOST_SNAPSHOTS
    message = "group %s has %d snapshots" % (group["name"], _MOST_SNAPSHOTS)
    require(not full, "CREATE_CONSISTENCY_GROUP_SNAPSHOT_FAILED", message)
    step.values["local_created_at"] = step.now

    @step.later
    def freeze():
        if group not in world:
            raise TaskFailure("CONSISTENCY_GROUP_NOT_FOUND", "the group is gone")
        consistency.take_snapshots(step.call.tower, group, step.record)


@refines("/delete-consistency-snapshot-group")
def delete_consistency_group_snapshot(step):
    """Deletes a snapshot of a group; those of its members stay if the body says so."""
    remain = step.params.get("remain_volume_snapshot")
    step.later(lambda: consistency.remove_group_snapshot(step.world, step.record, remain))


@handles("/rollback-consistency-snapshot-group")
def rollback_consistency_group_snapshot(call):
    """Gives all members of a group back the content that a snapshot has kept."""
    world, tower, found = call.world, call.tower, call.select("ConsistencyGroupSnapshot")
    tower.tasks.require_free(found)
    pairs = {snapshot: consistency.pairs_of(world, snapshot) for snapshot in found}
    for snapshot in found:
        group = world.one(snapshot, "consistency_group")
        members = consistency.members_of(world, group) if group is not None else []
        message = "the group of %s is not complete" % snapshot["name"]
        number = sum(len(snapshot[flavour.kept]) for flavour in block_storage.FLAVOURS)
        whole = members and set(members) == set(pairs[snapshot]) and number == len(members)
        require(whole, "ROLLBACK_CONSISTENCY_GROUP_SNAPSHOT_FAILED", message)
        tower.tasks.require_free([group] + members)
    answers = []
    for snapshot in found:

        def restore(kept=pairs[snapshot]):
            for unit, unit_snapshot in kept.items():
                if unit in world and unit_snapshot in world:
                    block_storage.put_back(world, unit, unit_snapshot)

        name, mutation = snapshot["name"], "rollbackConsistencyGroupSnapshot"
        text = Text("Rollback consistency group snapshot %s" % name, "回滚一致性组快照 %s" % name)
        options = {"finish": restore, "also": list(pairs[snapshot]), "seconds": 4}
        answers.append(call.answer(snapshot, call.begin(text, mutation, snapshot, **options)))
    return answers
