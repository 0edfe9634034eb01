"""Tasks that other systems write."""

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.members import known
from cloudtower.simulator.operations.registry import refines


@refines("/create-task", "/update-task")
def write_task(step):
    """Notes down the progress of work that another system does, so that the tower shows it."""
    read_texts(step)
    values = step.values
    if step.record is None:
        values.setdefault("status", "PENDING")
    ended = values.get("status") in ("SUCCESSED", "FAILED")
    if ended and not step.get("finished_at"):
        values["finished_at"] = step.now
    if values.get("status") == "SUCCESSED":
        values.setdefault("progress", 1.0)


def read_texts(step):
    """The texts in two languages and the id that another system gives a task or an entry."""
    params, values = step.params, step.values
    for name, text in known(params, ("description", "message")).items():
        values[name] = Text(text["en-US"], text["zh-CN"])
    if params.get("id") and step.record is None:
        free = params["id"] not in step.world.records
        require(free, "DUPLICATE_ID", "there is an object with id %r" % params["id"])
        values["id"] = params["id"]
