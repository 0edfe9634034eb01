"""Isolation of single VMs by Everoute."""

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import network_policy

_DIRECTIONS = ("ingress", "egress")


@refines("/create-isolation-policy")
def create_isolation_policy(step):
    """Cuts a VM off the network, wholly or but for what the policy allows."""
    world, vm, everoute = step.world, step.named("vm"), step.named("everoute_cluster")
    message = "VM %s is isolated already" % vm["name"]
    require(vm["isolation_policy"] is None, "ISOLATION_POLICY_DUPLICATED", message)
    require(not vm["in_recycle_bin"], "VM_NOT_FOUND", "VM %s is in the recycle bin" % vm["name"])
    for nic in world.many(vm, "vm_nics"):
        vlan = world.one(nic, "vlan")
        vds = world.one(vlan, "vds") if vlan is not None else None
        if vds is not None:
            message = "VDS %s of VM %s is not under Everoute %s"
            message %= (vds["name"], vm["name"], everoute["name"])
            is_under = vds["everoute_cluster"] == everoute.id
            require(is_under, "VDS_NOT_ASSOCIATED_WITH_EVEROUTE", message)
    _read(step)


@refines("/update-isolation-policy")
def update_isolation_policy(step):
    """Changes what an isolated VM may still reach, and what may reach it."""
    _read(step)


def _read(step):
    """Read the rules of a body: a partial isolation has one at least, a whole one has none."""
    for direction in _DIRECTIONS:
        if step.params.get(direction) is not None:
            step.values[direction] = network_policy.read_rules(step, direction)
    if step.get("mode") == "ALL":
        step.values.update(dict.fromkeys(_DIRECTIONS, []))
    elif not any(step.get(direction) for direction in _DIRECTIONS):
        raise invalid("mode", "a PARTIAL isolation needs an entry of ingress or egress")

    @step.later
    def settle():
        policy = step.record
        parts = [part for name in _DIRECTIONS for part in policy[name] or ()]
        network_policy.show_uses(step.world, policy, "isolation_policies", parts)
