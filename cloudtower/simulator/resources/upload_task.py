"""Uploads that are under way."""

from cloudtower.simulator.operations.registry import handles


@handles("/cancel-upload-task")
def cancel(call):
    running = [each for each in call.select("UploadTask") if each["status"] != "SUCCESSED"]
    for task in running:
        call.world.update(task, status="FAILED", finished_at=call.tower.tasks.now())
    return [each.id for each in running]
