"""The licence of the tower."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import refines


@refines("/update-license")
def update_license(step):
    """Gives the tower another licence, by its text; the serial changes with it."""
    write_license(step)


def write_license(step):
    """Check the text of a licence and make up its serial."""
    require(step.params["license"], "LICENSE_INVALID", "the licence is empty")
    step.values["license_serial"] = step.world.ids.uuid()
