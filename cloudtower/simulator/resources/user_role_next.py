"""Roles: lists of actions, each of which allows some operations (see `actions`)."""

from cloudtower.simulator import actions
from cloudtower.simulator.errors import refused, require
from cloudtower.simulator.operations.registry import refines


@refines("/create-role", "/update-role")
def write_role(step):
    """A role has a name of its own and at least one action; unknown ones the interface refuses.

    Nobody gives away all actions who has not got them.
    """
    require(step.get("actions"), "ROLE_ACTIONS_REQUIRED", "a role needs at least one action")
    tower, user = step.call.tower, step.call.user
    granted = actions.ALL not in step.get("actions") or tower.permissions.may(user)
    message = "only a user with all actions can give all of them to a role"
    if not granted:
        raise refused("PERMISSION_DENIED", message, 403)
    if step.record is None:
        step.values.setdefault("platform", "MANAGEMENT")


@refines("/update-role", "/delete-role")
def change_role(step):
    """Preset roles stay as they are, and so does a role that a user has."""
    preset = step.record["preset"]
    require(preset is None, "ROLE_IS_PRESET", "role %s cannot be changed" % preset)
