"""Security policies of Everoute: which VMs may reach which."""

from cloudtower.simulator.errors import invalid
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import network_policy

_DIRECTIONS = ("ingress", "egress")


@refines("/create-security-policy", "/update-security-policy")
def write_security_policy(step):
    """Makes or changes a policy that lets the VMs of labels or groups be reached only by its rules."""
    network_policy.require_name(step)
    record = step.record
    if step.params.get("apply_to") is not None or record is None:
        step.values["apply_to"] = network_policy.read_applies(step)
        if not step.values["apply_to"]:
            raise invalid("apply_to", "apply_to must name labels or security groups")
    for direction in _DIRECTIONS:
        if step.params.get(direction) is not None or record is None:
            step.values[direction] = network_policy.read_rules(step, direction)
    if record is None:
        step.values.setdefault("policy_mode", "WORK")
        step.values.setdefault("description", "")

    @step.later
    def settle():
        policy = step.record
        parts = [part for name in ("apply_to",) + _DIRECTIONS for part in policy[name] or ()]
        network_policy.show_uses(step.world, policy, "security_policies", parts)
