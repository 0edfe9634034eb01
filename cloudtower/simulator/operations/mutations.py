"""GraphQL mutations that make, change or remove one row."""

from cloudtower.simulator.operations import generic, task_texts


def task_of(step, mutation, carry_out=generic.write):
    """Carry a Step out. Returns the record of its task.

    What is done at once has a task too, for each mutation names one in `x-task-id`.

    Parameters:
        mutation: its name, such as "createLabel".
        carry_out: `generic.write` or `generic.remove`.
    """
    call = step.call
    (answer,) = carry_out(call, [step])
    if answer["task_id"] is not None:
        return call.world.get("Task", answer["task_id"])
    record = step.record if step.record in call.world else None
    text = task_texts.text_of(call.path, generic.title(step))
    return call.begin(text, mutation, record, seconds=0)
