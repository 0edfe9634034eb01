"""Tasks and audit entries that other systems write."""

from cloudtower.simulator.behaviour.generic import refines
from cloudtower.simulator.behaviour.support import known, require
from cloudtower.simulator.language import Text


@refines("/create-task", "/update-task", "/create-user-audit-log")
def write(step):
    params, values = step.params, step.values
    for name, text in known(params, ("description", "message")).items():
        values[name] = Text(text["en-US"], text["zh-CN"])
    if params.get("id") and step.record is None:
        free = params["id"] not in step.world.records
        require(free, "DUPLICATE_ID", "there is an object with id %r" % params["id"])
        values["id"] = params["id"]
    if step.kind == "UserAuditLog" and values.get("user") is not None:
        values["username"] = values["user"]["username"]
    if step.kind == "Task":
        if step.record is None:
            values.setdefault("status", "PENDING")
        ended = values.get("status") in ("SUCCESSED", "FAILED")
        if ended and not step.get("finished_at"):
            values["finished_at"] = step.now
        if values.get("status") == "SUCCESSED":
            values.setdefault("progress", 1.0)
