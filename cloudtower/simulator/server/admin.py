"""The simulator's own interface, which no CloudTower has.

Faults, snapshots, failing over, and sessions that end.
"""

from cloudtower.simulator import faults
from cloudtower.simulator.errors import Refusal

PREFIX = "/simulator"


def answer(simulator, method, path, body):
    """What a request below PREFIX to a Simulator is answered with, as JSON; raises Refusal."""
    name, _, rest = path[len(PREFIX) :].strip("/").partition("/")
    body = body if isinstance(body, dict) else {}
    if name == "faults":
        return _faults(simulator.faults, method, rest, body)
    if name == "" and method == "GET":
        return {"endpoints": simulator.endpoints, "faults": simulator.faults.shown()}
    if method != "POST" or name not in _COMMANDS or rest:
        known = ", ".join("POST %s/%s" % (PREFIX, command) for command in sorted(_COMMANDS))
        raise Refusal(404, "there are %s, and %s/faults" % (known, PREFIX))
    return _COMMANDS[name](simulator, body) or {}


def _faults(known, method, rest, body):
    """List, order, and end faults."""
    if method == "POST" and not rest:
        given = dict(body)
        try:
            return {"id": known.add(given.pop("kind", None), **given)}
        except (TypeError, ValueError) as error:
            raise Refusal(400, str(error), props={"kinds": faults.KINDS})
    if method == "DELETE":
        if not rest:
            known.clear()
        elif not (rest.isdigit() and known.remove(int(rest))):
            raise Refusal(404, "there is no fault %s" % rest)
    elif method != "GET":
        raise Refusal(405, "faults take GET, POST and DELETE", headers={"allow": "GET, POST"})
    return known.shown()


def _snapshot(simulator, body):
    """Keep all there is, under a name."""
    name = str(body.get("name") or "") or "snapshot-%d" % (len(simulator.snapshots) + 1)
    simulator.snapshots[name] = simulator.snapshot()
    return {"name": name}


def _restore(simulator, body):
    """Return to a snapshot of a name."""
    snapshot = simulator.snapshots.get(str(body.get("name")))
    if snapshot is None:
        raise Refusal(404, "there is no snapshot %r" % (body.get("name"),))
    simulator.restore(snapshot)


def _compact(simulator, body):
    """Forget the changes that `/resource-changes` has kept."""
    changes = simulator.tower.changes
    changes.compact()
    return {"compactRevision": str(changes.compacted)}


_COMMANDS = {
    "compact": _compact,
    "expire_sessions": lambda simulator, body: simulator.expire_sessions(),
    "failover": lambda simulator, body: {"active": simulator.failover()},
    "reset": lambda simulator, body: simulator.reset(),
    "restore": _restore,
    "snapshot": _snapshot,
}
