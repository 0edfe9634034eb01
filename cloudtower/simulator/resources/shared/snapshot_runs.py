"""Runs of snapshot plans, the groups that they make, and what these add up to."""


def begin_run(tower, plan_record, kind, automatic=False):
    """Note that a run of a plan has begun. Returns the record of its SnapshotPlanTask."""
    return tower.world.add(
        "SnapshotPlanTask", automatic=automatic, cluster=plan_record["cluster"], internal=False,
        local_id=tower.world.ids.uuid(), snapshotPlan=plan_record, start_time=tower.tasks.now(),
        status="IN_PROGRESS", type=kind,
    )  # fmt: skip


def end_run(tower, run, status):
    """Note how a run has ended; its plan may be gone by now, and the run with it."""
    if run in tower.world:
        tower.world.update(run, end_time=tower.tasks.now(), status=status)


def plan_of(world, group):
    """The record of the plan that a group belongs to."""
    return world.one(world.one(group, "snapshotPlanTask"), "snapshotPlan")


def groups_of(world, plan_record):
    """The groups of a plan, the oldest first."""
    runs = world.many(plan_record, "execution_tasks")
    return list(filter(None, [world.one(run, "snapshotGroup") for run in runs]))


def measure(world, plan_record):
    """Set what the groups of a plan add up to."""
    found = groups_of(world, plan_record)
    snapshots = [held for group in found for held in world.many(group, "vm_snapshots")]
    sums = {"logical_size_bytes": sum(group["logical_size_bytes"] for group in found)}
    sums["physical_size_bytes"] = sum(snapshot["size"] for snapshot in snapshots)
    world.update(plan_record, snapshot_group_num=len(found), **sums)


def measure_group(world, group):
    """Set what the snapshots that a group has left add up to, and its plan."""
    held = world.many(group, "vm_snapshots")
    kept = [disk for snapshot in held for disk in snapshot["vm_disks"] if disk["type"] == "DISK"]
    logical = sum(disk["size"] for disk in kept)
    world.update(group, object_num=len(held), logical_size_bytes=logical)
    measure(world, plan_of(world, group))
