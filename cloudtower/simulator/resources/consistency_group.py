"""Consistency groups: LUNs and namespaces that are kept and returned as one."""

import re

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import consistency
from cloudtower.simulator.resources.shared.block_storage import FLAVOURS

_NAME = re.compile(r"^[A-Za-z0-9-]{1,255}$")
_MOST_MEMBERS = _MOST_GROUPS = 64


@refines("/create-consistency-group")
def create_consistency_group(step):
    """Makes a group of LUNs and namespaces of one cluster."""
    cluster = step.named("cluster")
    full = len(cluster["consistency_groups"]) >= _MOST_GROUPS
    message = "cluster %s has %d groups" % (cluster["name"], _MOST_GROUPS)
    require(not full, "CREATE_CONSISTENCY_GROUP_FAILED", message)
    step.values.setdefault("description", "")
    step.values["local_created_at"] = step.now
    _read(step, cluster)
    elements = [params["iscsi_luns_ids"] + params["namespaces_ids"] for params in step.call.body]
    named = [unit_id for element in elements for unit_id in element]
    message = "a member can be in one group only"
    require(len(set(named)) == len(named), "CREATE_CONSISTENCY_GROUP_FAILED", message)


@refines("/update-consistency-group")
def update_consistency_group(step):
    """Renames a group or gives it other members, which ends the group's snapshots."""
    world, group = step.world, step.record
    before = consistency.members_of(world, group)
    given = any(flavour.members in step.values for flavour in FLAVOURS)
    one = not given or len(step.call.select("ConsistencyGroup")) == 1
    message = "a member can be in one group only"
    require(one, "UPDATE_CONSISTENCY_GROUP_FAILED", message)
    _read(step, world.one(group, "cluster"))
    remain = step.params.get("remain_volume_snapshot")

    @step.later
    def settle():
        if set(consistency.members_of(world, group)) != set(before):
            consistency.remove_group_snapshots(world, group, remain)


def _read(step, cluster):
    """Check what a body says of a group of a cluster."""
    if not _NAME.match(step.get("name") or ""):
        message = "name must have 1 to 255 letters, digits and hyphens: %r" % step.get("name")
        raise invalid("name", message)
    own, world = step.record.id if step.record is not None else None, step.world
    number = 0
    for flavour in FLAVOURS:
        held = step.values.get(flavour.members)
        if held is None:
            number += len(step.record[flavour.members]) if step.record is not None else 0
        for unit in held or ():
            name, number = unit["name"], number + 1
            here = world.one(unit, flavour.parent)["cluster"] == cluster.id
            require(here, flavour.not_found, "%s is of another cluster" % name)
            free = unit["consistency_group"] in (None, own)
            message = "%s is in another consistency group" % name
            require(free, "%s_CONSISTENCY_GROUP_FAILED" % ("UPDATE" if own else "CREATE"), message)
    if not 1 <= number <= _MOST_MEMBERS:
        message = "a group has 1 to %d members, not %d" % (_MOST_MEMBERS, number)
        raise invalid("iscsi_luns_ids", message)


@refines("/delete-consistency-group")
def delete_consistency_group(step):
    """Ends a group with its snapshots; those of the members stay if the body says so."""
    world, group = step.world, step.record
    remain = step.params.get("remain_volume_snapshot")
    step.later(lambda: consistency.remove_group_snapshots(world, group, remain))
