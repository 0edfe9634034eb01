"""Security groups of Everoute: VMs, named one by one or by their labels."""

from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import network_policy


@refines("/create-security-group", "/update-security-group")
def write_security_group(step):
    """Makes or changes a group of VMs that policies can name."""
    network_policy.require_name(step)
    given = step.params.get("label_groups")
    if given is not None:
        groups = network_policy.label_groups(step, given, ("label_groups",))
        shown = [[network_policy.shown_label(label) for label in labels] for labels in groups]
        step.values["label_groups"] = [{"labels": labels} for labels in shown]
