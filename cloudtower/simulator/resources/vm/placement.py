"""Which host a VM goes to: one with room, that its placement groups allow."""

from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.operations.lookup import find

_NO_CHOICE = (None, "", "AUTO_SCHEDULE")
_ALIVE = ("RUNNING", "SUSPENDED")


def named(world, host_id, cluster):
    """The host that a `host_id` names; None where it leaves the choice to the scheduler."""
    return None if host_id in _NO_CHOICE else find(world, "Host", host_id, cluster)


def in_maintenance(host):
    """Whether a host is in maintenance mode, or on its way there."""
    return bool(host["host_state"]) and host["host_state"]["state"] != "IN_USE"


def can_run(host, memory=0):
    """Whether a host is up and has that much memory left."""
    is_up = host["status"] in ("CONNECTED_HEALTHY", "CONNECTED_WARNING")
    is_up = is_up and host["state"] == "IN_USE" and not in_maintenance(host)
    return is_up and host["allocatable_memory_bytes"] >= memory


def choose(world, vm, cluster=None, memory=None, host=None, other_than=None, must=True):
    """The host for a VM: the one asked for, or the best of a cluster that can have it.

    Parameters:
        cluster: record; by default that of the VM.
        memory: what the VM takes of the host, in bytes; by default its own. A VM that does not
            run takes 0.
        host: the record of the host asked for; None leaves the choice.
        other_than: the record of a host that is out of the question.
        must: whether the MUST policies of its placement groups count; those of a VM that is
            made and not started do not.

    Of the hosts that are left, it takes one that breaks the fewest PREFER policies, if possible
    the one where the VM is, else one with the fewest VMs, and of these the one with the least
    memory promised to them: small VMs are spread too.

    Raises TaskFailure, which names the filter that no host has passed.
    """
    memory = vm["memory"] if memory is None else memory
    if host is not None:
        hosts, given = [host], "host %s did not pass" % host["name"]
    else:
        hosts = world.many(cluster or world.one(vm, "cluster"), "hosts")
        hosts, given = [one for one in hosts if one is not other_than], "no host passed"
    code = "JOB_NO_AVAILABLE_NODE_FOR_SCHEDULING"
    hosts = [candidate for candidate in hosts if can_run(candidate, memory)]
    if not hosts:
        code = code if host is None else "JOB_NODE_OUT_OF_MEMORY"
        message = "%s HostAvailableMemoryFilter: %d bytes are needed"
        raise TaskFailure(code, message % (given, memory))
    if must:
        hosts = [candidate for candidate in hosts if not broken(world, vm, candidate, "must")]
    if not hosts:
        if host is not None:
            code = "JOB_SPECIFIED_NODE_SCHEDULE_FAILED"
            given = "EC_PRECHECK_PLACEMENT_GROUPS_UNMATCH: " + given
        # CloudTowers with SMTX OS up to 5.0.4 give it the other name, and clients look for either
        raise TaskFailure(code, given + " PlacementGroupMustFilter (PlacementGroupFilter)")
    return min(hosts, key=lambda candidate: _rank(world, vm, candidate))


def require_room(world, vm, changes):
    """Fail the task where the host of a VM that runs cannot give it the memory of some changes."""
    more, host = changes.get("memory", 0) - vm["memory"], world.one(vm, "host")
    is_alive = vm["status"] in _ALIVE and "host" not in changes
    if is_alive and more > 0 and host is not None and host["allocatable_memory_bytes"] < more:
        message = "host %s did not pass HostAvailableMemoryFilter: %d bytes more are needed"
        raise TaskFailure("JOB_NODE_OUT_OF_MEMORY", message % (host["name"], more))


def _rank(world, vm, host):
    """What hosts that can have a VM are sorted by, the best one first."""
    promised = (host["provisioned_memory_bytes"] or 0) - (host["total_memory_bytes"] or 0)
    return (
        broken(world, vm, host, "prefer"),
        # VMs that are stopped, or are being made, will run one day
        broken(world, vm, host, "must", also_stopped=True),
        broken(world, vm, host, "prefer", also_stopped=True),
        host.id != vm["host"],
        len(host["vms"]),
        promised,
    )


def broken(world, vm, host, way, also_stopped=False):
    """How many policies of a VM's placement groups it would break on a host.

    Parameters:
        way: "must" or "prefer".
        also_stopped: whether members count that do not run.
    """
    count = 0
    for group in world.many(vm, "vm_placement_group"):
        if not group["enabled"] or group["cluster"] != host["cluster"]:
            continue
        policy = group["vm_vm_policy"] or ""
        if group["vm_vm_policy_enabled"] and policy.startswith(way.upper()):
            others = [other for other in world.many(group, "vms") if other is not vm]
            homes = [other["host"] for other in others if also_stopped or other["status"] in _ALIVE]
            homes = [home for home in homes if home is not None]
            same = policy.endswith("SAME")
            count += bool(homes) and (host.id in homes) is not same
        if group["vm_host_%s_enabled" % way]:
            named = host.id in group["vm_host_%s_host_uuids" % way]
            count += named is not bool(group["vm_host_%s_policy" % way])
    return count


def ties_of(world, vm):
    """What ties a VM to its host, such as "SRIOV_NIC"; a list."""
    ties = [name[:-1].upper() for name in ("gpu_devices", "pci_nics", "usb_devices") if vm[name]]
    if vm["nested_virtualization"] and vm["status"] == "RUNNING":
        ties.append("NESTED_VIRTUALIZATION")
    ties += ["SRIOV_NIC" for nic in world.many(vm, "vm_nics") if nic["model"] == "SRIOV"]
    return ties


def require_untied(world, vm, but=()):
    """Refuse a VM that something ties to its host, `but` what does not matter."""
    ties = [tie for tie in ties_of(world, vm) if tie not in but]
    require(not ties, "VM_HAS_" + "".join(ties[:1]), "VM %s is tied to its host" % vm["name"])


def on(host):
    """The fields of a VM that is on a host."""
    return {"host": host, "node_ip": host["data_ip"] or host["management_ip"]}
