"""Roles."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import confirm, refines


@refines("/update-role", "/delete-role")
def change_role(step):
    """Changes or deletes a role that somebody made; the presets stay."""
    preset = step.record["preset"]
    require(preset is None, "ROLE_IS_PRESET", "role %s cannot be changed" % preset)


confirm("/create-role")
