"""What consistency groups consist of: their members, and the snapshots of these."""

from cloudtower.simulator.resources.shared.block_storage import FLAVOURS

_TRAITS = ("ec_k", "ec_m", "resiliency_type")


def members_of(world, group):
    """The LUNs and namespaces of a group, a list."""
    return [unit for flavour in FLAVOURS for unit in world.many(group, flavour.members)]


def take_snapshots(tower, group, group_snapshot):
    """Take a snapshot of each member of a group, as parts of one of the group."""
    world = tower.world
    for unit in members_of(world, group):
        flavour = next(one for one in FLAVOURS if one.unit == unit.kind.name)
        parent, size = unit[flavour.parent], unit["unique_size"] or 0
        kept = {name: unit[name] for name in _TRAITS}
        kept.update({flavour.of: unit, flavour.parent: parent}, unique_size=size)
        kept.update(local_created_at=tower.tasks.now(), local_id=world.ids.uuid())
        name = "%s-%s" % (group_snapshot["name"], unit["name"])
        world.add(flavour.snapshot, name=name, consistency_group_snapshot=group_snapshot, **kept)


def pairs_of(world, group_snapshot):
    """{member: its snapshot} of a snapshot of a group, as far as both are there."""
    found = {}
    for flavour in FLAVOURS:
        for snapshot in world.many(group_snapshot, flavour.kept):
            unit = world.one(snapshot, flavour.of)
            if unit is not None:
                found[unit] = snapshot
    return found


def remove_group_snapshot(world, group_snapshot, remain=False):
    """Delete a snapshot of a group; those of the members go too, or `remain` as ordinary ones."""
    for flavour in FLAVOURS:
        for snapshot in world.many(group_snapshot, flavour.kept):
            if remain:
                world.update(snapshot, consistency_group_snapshot=None)
            else:
                world.remove(snapshot)
    world.remove(group_snapshot)


def remove_group_snapshots(world, group, remain=False):
    """Delete all snapshots of a group; as `remove_group_snapshot`."""
    for group_snapshot in world.many(group, "consistency_group_snapshots"):
        remove_group_snapshot(world, group_snapshot, remain)
