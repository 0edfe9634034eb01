"""Groups of snapshots, one of each VM of a snapshot plan: keeping, restoring, deleting."""

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources import vm_snapshot
from cloudtower.simulator.resources.shared import snapshot_runs
from cloudtower.simulator.resources.vm import create, plan, rollback, rules

_SECONDS = 4


@refines("/keep-snapshot-group")
def keep_snapshot_group(step):
    """Has a group stay whatever its plan retains."""
    step.values.update(keep=True, estimated_recycling_time=None)


@refines("/delete-snapshot-group")
def delete_snapshot_group(step):
    """Deletes a group with its snapshots."""
    step.later(lambda: remove_group(step.world, step.record))


@handles("/rollback-snapshot-group")
def rollback_snapshot_group(call):
    """Gives all VMs of a group back what it has kept; they must be stopped and in the plan."""
    tower, world, found = call.tower, call.world, call.select("SnapshotGroup")
    tower.tasks.require_free(found)
    snapshots = {group: _snapshots_of_vms(world, group) for group in found}
    for group in found:
        vms = list(snapshots[group])
        rules.usable_vms(call, vms=vms)
        for vm in vms:
            name = vm["name"]
            require(vm["status"] == "STOPPED", "VM_NOT_STOPPED", "VM %s is not stopped" % name)
            member = vm["snapshot_plan"] == snapshot_runs.plan_of(world, group).id
            message = "VM %s is not in the group's plan any more" % name
            require(member, "JOB_SNAPSHOT_GROUP_ENTITIES_MISSING", message)
    answers = []
    for group in found:

        def restore(group=group):
            for vm, snapshot in snapshots[group].items():
                rollback.restore(tower, vm, snapshot)

        answers.append(_begin(call, group, "Rollback", "回滚", restore, snapshots[group]))
    return answers


@handles("/clone-snapshot-group")
def clone_snapshot_group(call):
    """Makes VMs of what a group has kept of its own, one for each pair of `clone`."""
    wanted = [_plans_of_clones(call, params) for params in call.body]
    answers = []
    for group, plans in wanted:
        vms = [plan.add_placeholder(call, planned) for planned in plans]

        def build(plans=plans, vms=vms):
            for planned, vm in zip(plans, vms):
                plan.build_vm(call.tower, planned, vm, "CLONE_SNAPSHOT_GROUP_FAILED")

        def undo(vms=vms):
            for vm in vms:
                call.world.remove(vm)

        answers.append(_begin(call, group, "Clone", "克隆", build, vms, undo))
    return answers


def _plans_of_clones(call, params):
    """(group, the Plan of each VM to make of it) of an element of the body."""
    world, group = call.world, find(call.world, "SnapshotGroup", params["id"])
    call.tower.tasks.require_free([group])
    plans = []
    for pair in params["clone"]:
        snapshot = _snapshot_of(world, group, pair["from_source_vm_id"])
        message = "the group %s has no snapshot of VM %s"
        given = (group["name"], pair["from_source_vm_id"])
        require(snapshot is not None, "JOB_SNAPSHOT_GROUP_ENTITIES_MISSING", message % given)
        described = {"name": pair["to_cloned_vm_name"], "rebuild_from_snapshot_id": snapshot.id}
        plans.append(plan.planned(call, create.plan_rebuild, described))
    return group, plans


def _snapshot_of(world, group, vm_id):
    """The snapshot that a group has of a VM, which may be gone, by either of its ids; or None."""
    vm = world.find("Vm", vm_id) or world.first("Vm", local_id=vm_id)
    vm_id = vm_id if vm is None else vm.id
    for known in group["vm_info"]:
        if known["vm_id"] == vm_id:
            name = snapshot_name(group["name"], known["vm_name"])
            found = [held for held in world.many(group, "vm_snapshots") if held["name"] == name]
            return next(iter(found), None)
    return None


def snapshot_name(group_name, vm_name):
    """The name of the snapshot that a group has of a VM."""
    return "%s-%s" % (group_name, vm_name)


def _snapshots_of_vms(world, group):
    """{VM: its snapshot} of a group; Refusal where one of either is gone."""
    found = {}
    for known in group["vm_info"]:
        vm, snapshot = world.find("Vm", known["vm_id"]), _snapshot_of(world, group, known["vm_id"])
        message = "VM %s or its snapshot is gone" % known["vm_name"]
        is_there = vm is not None and snapshot is not None
        require(is_there, "JOB_SNAPSHOT_GROUP_ENTITIES_MISSING", message)
        found[vm] = snapshot
    return found


def _begin(call, group, verb, chinese, work, vms, undo=None):
    """Begin a task on a group and its VMs, which is a run of the plan too; returns the answer."""
    plan_record = snapshot_runs.plan_of(call.world, group)
    run = snapshot_runs.begin_run(call.tower, plan_record, "TASK_TYPE_" + verb.upper())

    def finish():
        work()
        snapshot_runs.end_run(call.tower, run, "SUCCEED")

    def failed():
        snapshot_runs.end_run(call.tower, run, "FAILED")
        if undo is not None:
            undo()

    mutation = verb.lower() + "SnapshotGroup"
    options = {"seconds": _SECONDS, "finish": finish, "undo": failed, "also": list(vms)}
    english = "%s snapshot group %s" % (verb, group["name"])
    text = Text(english, "%s快照组 %s" % (chinese, group["name"]))
    return call.answer(group, call.begin(text, mutation, group, **options))


def remove_group(world, group):
    """Delete a group with its snapshots, and count it among those that are gone."""
    plan_record, run = snapshot_runs.plan_of(world, group), world.one(group, "snapshotPlanTask")
    for snapshot in world.many(group, "vm_snapshots"):
        vm_snapshot.remove_snapshot(world, snapshot)
    world.remove(group)
    name = "auto_delete_num" if run["automatic"] else "manual_delete_num"
    world.update(plan_record, **{name: plan_record[name] + 1})
    snapshot_runs.measure(world, plan_record)
