"""How faithful each operation is, and which ones are refused because they would only pretend.

A row can be made, changed or deleted as the interface suggests. An operation that *acts*, such as
one that takes snapshots, cannot: without a handler nothing would happen, however the response
looks. So it is refused with 501, unless the simulator is lenient.
"""

from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.operations import listing, registry
from cloudtower.simulator.schema import effects, operations

#: Response header that says how faithful the operation is.
FIDELITY = "x-simulator-fidelity"
#: What it says: as the public facts say; as the interface suggests; a response that means
#: nothing; refused with 501.
STATEFUL, GENERIC, SHAPE, UNMODELLED = "stateful", "generic", "shape", "unmodelled"

#: First words of the paths of writes of rows; all other writes act, but for these two, which
#: change the place of a row in a drawing of the racks.
_OF_ROWS = ("create", "update", "delete")
_MOVES = ("/move-brick-topo", "/move-node-topo")

#: What a real tower does that the simulator does not, by path; reviewed, and only of writes that
#: act, also of those that are called like writes of rows. Whoever models one may leave its line.
ACTS = {
    "/backup-rebuild-vm": "makes a VM of a restore point",
    "/backup-restore-vm-in-place": "puts a restore point in the place of its VM",
    "/clear-system-service-alert-notification-config": "takes a system service off its notifiers",
    "/clone-snapshot-group": "makes VMs of the snapshots of a group",
    "/create-consistency-snapshot-group": "takes a snapshot of each member of a consistency group",
    "/create-log-collection": "collects the logs of hosts in a file to download",
    "/deploy-cloudtower-application": "makes the VMs of an application and starts it there",
    "/disable-cluster-pin-in-performance": "frees the space of the performance tier",
    "/disassociate-system-service-from-obs-service": "ends the observability of a system service",
    "/enable-cluster-pin-in-performance": "reserves space of the performance tier",
    "/execute-backup-plan": "backs up the VMs of a plan into restore points",
    "/execute-snapshot-plan": "takes a snapshot of each VM of a plan, as a group",
    "/force-stop-log-collection": "ends a log collection that is under way",
    "/generate-from-report-template": "writes a report of what a template asks for",
    "/keep-snapshot-group": "keeps a group from being deleted by its plan's retention",
    "/resume-backup-plan": "has a suspended plan run at its times again",
    "/resume-snapshot-plan": "has a suspended plan run at its times again",
    "/rollback-consistency-snapshot-group": "returns the members of a group to their snapshots",
    "/rollback-snapshot-group": "returns the VMs of a group to their snapshots",
    "/suspend-backup-plan": "keeps a plan from running at its times",
    "/suspend-snapshot-plan": "keeps a plan from running at its times",
    "/uninstall-cloudtower-application": "removes an application with its VMs",
    "/upgrade-cloudtower-application": "replaces an application by another version",
    "/upload_nvram": "replaces the NVRAM of a VM",
}


def of(operation, lenient=False):
    """How an operation is done: STATEFUL, GENERIC, SHAPE or UNMODELLED."""
    path = operation.path
    modelled = path in registry.HANDLERS or path in registry.REFINED
    if modelled or listing.handler_of(operation):
        return STATEFUL
    if not lenient and acts(operation):
        return UNMODELLED
    return SHAPE if effects.effect_of(operation).mode == "shape" else GENERIC


def acts(operation):
    """Whether a write does more than to make, change or delete a row, or an operation is told in
    its path with what to do it, at which nobody looks.
    """
    if operation.in_path:
        return True
    if operation.read or operation.path in _MOVES:
        return False
    return operation.path in ACTS or operations.words(operation.path)[0] not in _OF_ROWS


def missing(operation):
    """What the simulator does not do of an operation that acts, one sentence."""
    done = ACTS.get(operation.path)
    return "a CloudTower %s" % done if done else "nobody has modelled what a CloudTower does"


def require_modelled(operation):
    """Refuse an operation that would only pretend, with status 501."""
    if of(operation) == UNMODELLED:
        message = "NOT_MODELLED: the simulator does not do this: %s. With --lenient, or "
        message += "Simulator(lenient=True), it responds as if it had, and nothing happens."
        props = {"code": "NOT_MODELLED", "missing": missing(operation)}
        raise Refusal(501, message % missing(operation), props=props)
