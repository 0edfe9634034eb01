"""Uploads that are under way."""

from cloudtower.simulator.operations.registry import handles


@handles("/cancel-upload-task")
def cancel_upload_task(call):
    """Gives up uploads that are not complete."""
    running = [task for task in call.select("UploadTask") if task["status"] != "SUCCESSED"]
    for task in running:
        call.world.update(task, status="FAILED", finished_at=call.tower.tasks.now())
    return [task.id for task in running]
