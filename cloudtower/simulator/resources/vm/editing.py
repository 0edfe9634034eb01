"""The task of an edit, which most operations on a VM begin."""

from functools import partial

from cloudtower.simulator.operations.not_modified import require_change


def begin_edit(call, vms, finish=lambda vm: None, what="", undo=None, texts=None, **changes):
    """Begin the task of an edit of each VM.

    Parameters:
        finish: callable(vm) for what is more than fields.
        what: the part of the VM that the description names, such as " disk".
        undo: callable() after a failure, where something was done before the task began.
        texts: what the task is called in English and Chinese, in place of "Edit VM".
        changes: {field: value} at the end of the task.

    Returns the answers.
    """

    def apply(vm):
        call.world.update(vm, **changes)
        finish(vm)

    require_change(call, [partial(apply, vm) for vm in vms])
    texts = texts or ("Edit VM {name}" + what, "编辑虚拟机 {name}" + what)
    return call.begin_each(vms, "updateVm", texts, apply, undo=undo)
