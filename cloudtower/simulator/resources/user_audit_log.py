"""Audit entries that other systems write."""

from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.task import read_texts


@refines("/create-user-audit-log")
def create_entry(step):
    """Writes an entry of another system into the audit log."""
    read_texts(step)
    if step.values.get("user") is not None:
        step.values["username"] = step.values["user"]["username"]
