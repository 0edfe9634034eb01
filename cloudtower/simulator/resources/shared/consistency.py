"""What consistency groups consist of: their members, and the snapshots of these."""

#: (relation of a group to its members, of a member to what it is part of, code of an unknown one)
MEMBERS = (
    ("iscsi_luns", "iscsi_target", "ISCSI_LUN_NOT_FOUND"),
    ("namespaces", "nvmf_subsystem", "NVMF_NAMESPACE_NOT_FOUND"),
)
#: kind of a member -> (kind of its snapshots, their relation to it, to what it is part of)
_SNAPSHOTS = {
    "IscsiLun": ("IscsiLunSnapshot", "iscsi_lun", "iscsi_target"),
    "NvmfNamespace": ("NvmfNamespaceSnapshot", "nvmf_namespace", "nvmf_subsystem"),
}
#: The relations of a group's snapshot to those of the members, and these to their member.
_HELD = (("Iscsi_lun_snapshots", "iscsi_lun"), ("nvmf_namespace_snapshots", "nvmf_namespace"))
_TRAITS = ("ec_k", "ec_m", "resiliency_type")


def members_of(world, group):
    """The LUNs and namespaces of a group, a list."""
    return [unit for relation, _, _ in MEMBERS for unit in world.many(group, relation)]


def measure(world, group):
    """Set what the members of a group add up to."""
    size = sum(unit["unique_size"] or 0 for unit in members_of(world, group))
    world.update(group, unique_size=size)


def take_snapshots(tower, group, group_snapshot):
    """Take a snapshot of each member of a group, as parts of one of the group."""
    world, total = tower.world, 0
    for unit in members_of(world, group):
        kind, of, parent = _SNAPSHOTS[unit.kind.name]
        kept = {name: unit[name] for name in _TRAITS}
        kept.update({of: unit, parent: unit[parent]}, unique_size=unit["unique_size"] or 0)
        kept.update(local_created_at=tower.tasks.now(), local_id=world.ids.uuid())
        name = "%s-%s" % (group_snapshot["name"], unit["name"])
        world.add(kind, name=name, consistency_group_snapshot=group_snapshot, **kept)
        total += kept["unique_size"]
    world.update(group_snapshot, unique_size=total)


def pairs_of(world, group_snapshot):
    """{member: its snapshot} of a snapshot of a group, as far as both are there."""
    found = {}
    for relation, of in _HELD:
        for snapshot in world.many(group_snapshot, relation):
            if world.one(snapshot, of) is not None:
                found[world.one(snapshot, of)] = snapshot
    return found


def remove_group_snapshot(world, group_snapshot, remain=False):
    """Delete a snapshot of a group; those of the members go too, or `remain` as ordinary ones."""
    for relation, _ in _HELD:
        for snapshot in world.many(group_snapshot, relation):
            if remain:
                world.update(snapshot, consistency_group_snapshot=None)
            else:
                world.remove(snapshot)
    world.remove(group_snapshot)


def remove_group_snapshots(world, group, remain=False):
    """Delete all snapshots of a group; as `remove_group_snapshot`."""
    for group_snapshot in world.many(group, "consistency_group_snapshots"):
        remove_group_snapshot(world, group_snapshot, remain)
