"""Uploads in chunks: one task an upload, and what it makes in the end."""

import json
import re

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations import names
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.schema.units import size_of

CHUNK = 8 * 2**20


def receive_chunk(call, resource_type, make, read_more=None):
    """Take the next chunk of a file.

    Parameters:
        resource_type: what the UploadTask calls it, str.
        make: function(call, fields, size) that makes the result of a complete file, and
            returns what the UploadTask says of it, a dict.
        read_more: function(call, fields) that reads what is particular to the form.

    Returns the response.
    """
    file = call.body["file"]
    if call.body.get("upload_task_id"):
        task = _known(call, resource_type)
    else:
        task = _begun(call, file, resource_type, read_more)
    world, now = call.world, call.tower.tasks.now()
    received = task["args"]["received"] + len(file.content)
    message = "the file has %d bytes, %d have come" % (task["size"], received)
    require(received <= task["size"], "UPLOAD_TASK_TOO_LONG", message)
    args = dict(task["args"], received=received)
    changes = {"current_chunk": task["current_chunk"] + 1, "status": "UPLOADING"}
    if received == task["size"]:
        args.update(make(call, args["fields"], task["size"]))
        changes.update(status="SUCCESSED", finished_at=now)
    args = json.loads(json.dumps(args, sort_keys=True))  # as it is shown
    world.update(task, args=args, updatedAt=now, **changes)
    shown = call.tower.renderer.render(task)
    return [shown] if call.operation.result.item else shown


def _begun(call, file, resource_type, read_more):
    """The new UploadTask of a first chunk."""
    fields = {name: value for name, value in call.body.items() if isinstance(value, str)}
    fields["name"] = fields.get("name") or file.filename
    names.require(resource_type, fields["name"])
    size = _size(fields, file)
    if read_more is not None:
        read_more(call, fields)
    elif "cluster_id" in [row.name for row in call.operation.form]:
        find(call.world, "Cluster", fields.setdefault("cluster_id", ""))
    now, args = call.tower.tasks.now(), {"name": fields["name"], "fields": fields, "received": 0}
    values = {"args": args, "chunk_size": CHUNK, "status": "INITIALIZING"}
    values.update(resource_type=resource_type, size=size, started_at=now, updatedAt=now)
    return call.world.add("UploadTask", **values)


def _known(call, resource_type):
    """The UploadTask to which a later chunk belongs."""
    task = call.world.get("UploadTask", call.body["upload_task_id"])
    same = task is not None and task["resource_type"] == resource_type
    message = "there is no such upload: %r" % call.body["upload_task_id"]
    require(same, "UPLOAD_TASK_NOT_FOUND", message)
    over = task["status"] in ("SUCCESSED", "FAILED")
    require(not over, "UPLOAD_TASK_FINISHED", "upload %s has ended" % task.id)
    return task


def _size(fields, file):
    """The size in bytes that a form announces; without one, that of its first chunk."""
    amount, unit = fields.get("size"), fields.get("size_unit") or "B"
    if not amount:
        return len(file.content)
    if not re.match(r"^\d{1,15}$", amount):
        raise invalid("size", "size must be a number: %r" % amount)
    if unit not in ("B", "KB", "MB", "GB", "TB", "PB"):
        raise invalid("size_unit", "size_unit is unknown: %r" % unit)
    return size_of(int(amount), unit)
