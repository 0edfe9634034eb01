"""Collections of the logs of a cluster's hosts: one at a time."""

from functools import partial

from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.engine.where import select
from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.shared.timetable import moment_of

_SECONDS = 20
#: A cluster keeps so many files, and so many bytes.
_MOST_FILES, _MOST_BYTES = 3, 3 * 2**30
#: What the logs of a host of an hour take.
_BYTES_AN_HOUR = 16 * 2**20
_ACTIVE = ("EXECUTING", "STOPPING")


@handles("/create-log-collection")
def create_log_collection(call):
    """Collects the logs of hosts, of a period, in a file that can be downloaded."""
    planned = []
    for params in call.body:
        planned.append(_read(call, params))
        cluster = planned[-1]["cluster"]
        busy = [held for held in call.world.all("LogCollection") if held["status"] in _ACTIVE]
        busy = [held for held in busy if held["cluster"] == cluster.id]
        busy += [other for other in planned[:-1] if other["cluster"] is cluster]
        message = "logs of cluster %s are being collected" % cluster["name"]
        require(not busy, "LOG_COLLECT_NOT_SUPPORT_RUN_PARALLEL", message)
    return [_begin(call, values) for values in planned]


def _read(call, params):
    """The values of the collection that a part of a body describes."""
    world, tower = call.world, call.tower
    cluster = find(world, "Cluster", params["cluster_id"])
    start = moment_of("log_started_at", params["log_started_at"])
    end = moment_of("log_ended_at", params["log_ended_at"])
    if not start < end <= tower.timer():
        message = "log_ended_at must be after log_started_at and not in the future"
        raise invalid("log_ended_at", message)
    hosts = select(world, "Host", params["hosts"], ("hosts",))
    hosts = [host for host in hosts if host["cluster"] == cluster.id]
    message = "cluster %s has no such host" % cluster["name"]
    require(hosts or params.get("witness_id"), "HOST_NOT_FOUND", message)
    given = params.get("service_groups") or []
    values = {
        "cluster": cluster,
        "groups": [group["group_name"] for group in given],
        "hosts": hosts,
        "log_ended_at": timestamps.iso(end),
        "log_started_at": timestamps.iso(start),
        "owner": call.user["username"] if call.user is not None else "",
        "service_groups": given or None,
        "services": [name for group in given for name in group.get("services") or ()],
        "started_at": tower.tasks.now(),
        "status": "EXECUTING",
    }
    if params.get("witness_id"):
        values["witness"] = find(world, "Witness", params["witness_id"])
    return values


def _begin(call, values):
    """Begin a collection; returns the answer."""
    world = call.world
    collection = world.add("LogCollection", local_id=world.ids.uuid(), **values)

    def finish():
        if collection not in world or collection["status"] != "EXECUTING":
            return  # it has been stopped
        hours = timestamps.seconds_of(collection["log_ended_at"])
        hours = (hours - timestamps.seconds_of(collection["log_started_at"])) / 3600
        size = int(_BYTES_AN_HOUR * hours * (len(collection["hosts"]) or 1))
        stamp = timestamps.stamp(collection["started_at"])
        path = "log-%s-%s.tar.gz" % (values["cluster"]["name"], stamp)
        world.update(collection, path=path, progress=1.0, size=size, status="SUCCESSED")
        _remove_oldest(world, values["cluster"])

    def undo():
        if collection in world:
            world.update(collection, status="FAILED")

    options = {"finish": finish, "undo": undo, "seconds": _SECONDS}
    text = Text("Log Collection", "日志收集")
    return call.answer(collection, call.begin(text, "createLogCollection", collection, **options))


def _remove_oldest(world, cluster):
    """Remove the oldest files of a cluster, beyond what it keeps."""
    kept = world.matching("LogCollection", cluster=cluster.id, status="SUCCESSED")
    while len(kept) > _MOST_FILES or (
        len(kept) > 1 and sum(held["size"] for held in kept) > _MOST_BYTES
    ):
        world.remove(kept.pop(0))


@handles("/force-stop-log-collection")
def force_stop_log_collection(call):
    """Stops collections that are under way; then nothing is left of them."""
    found, world = call.select("LogCollection"), call.world
    for collection in found:
        message = "log collection %s is %s" % (collection.id, collection["status"])
        require(collection["status"] == "EXECUTING", "LOG_COLLECTION_ABORT_FAILED", message)
    text, answers = Text("Stop Collection", "停止收集"), []
    for collection in found:
        world.update(collection, status="STOPPING")
        remove = partial(world.remove, collection)
        task = call.begin(text, "forceStopLogCollection", collection, finish=remove)
        answers.append(call.answer(collection, task))
    return answers


@refines("/delete-log-collection")
def delete_log_collection(step):
    """Deletes collections with their files; those under way must be stopped first."""
    active = step.record["status"] in _ACTIVE
    message = "log collection %s is under way" % step.record.id
    require(not active, "LOG_COLLECTION_IS_EXECUTING", message)
    name = step.record["path"]
    step.text = Text("Delete log collection file %s" % name, "删除日志收集文件 %s" % name)
