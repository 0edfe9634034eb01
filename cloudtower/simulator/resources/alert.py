"""Alerts."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import refines


@refines("/resolve-alert")
def resolve_alert(step):
    """Marks an alert as resolved by hand, at once."""
    step.at_once = True
    require(not step.record["ended"], "ALERT_ENDED", "the alert has ended already")
    step.values.update(ended=True, local_end_time=step.now, local_update_time=step.now)
