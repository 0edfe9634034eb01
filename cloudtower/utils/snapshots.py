"""Snapshots of a VM that a script takes regularly, of which it keeps the last few."""

import re

from cloudtower import api, utils
from cloudtower._runtime.text import TEXT, is_count
from cloudtower.exceptions import REFUSED, ApiException, ApiTypeError
from cloudtower.utils import deadlines
from cloudtower.utils.task_failure import note_change

_MOMENT = "%Y%m%dT%H%M%SZ"
_PAUSE = 1  # second, after which the next name is free


def rotate_snapshots(client, vm, prefix, keep, consistent_type=None, timeout=300):
    """Take a snapshot of a VM, and delete all but the last few of those taken like that.

        taken, deleted = rotate_snapshots(client, vm, "nightly", keep=7)

    The snapshots are named `prefix-YYYYMMDDTHHMMSSZ`, by the clock of this machine in UTC.
    Those of other names, prefixes and VMs are left alone. Nothing is deleted before the new
    one exists.

    Parameters:
        client: ApiClient.
        vm: Vm, or its id, str.
        prefix: str.
        keep: how many snapshots of this prefix remain, the new one included, int.
        consistent_type: "CRASH_CONSISTENT", which is what the server takes by default, or
            "FILE_SYSTEM_CONSISTENT", which needs VMTools, str.
        timeout: seconds to wait for the new snapshot, and again for the deletion, number.

    Returns (the new VmSnapshot, those that were deleted as a list). Raises TaskException
    where a task failed or the time is up; ApiTypeError for an invalid argument;
    ApiException, whose `outcome` "unknown" means that the snapshot may have been taken, and
    whose `advice` says so where it is known.
    """
    vm_id = getattr(vm, "id", vm)
    if not isinstance(vm_id, (str, TEXT)) or not vm_id:
        raise ApiTypeError("rotate_snapshots takes a Vm or its id, not %r" % (vm,))
    if not isinstance(prefix, (str, TEXT)) or not prefix:
        raise ApiTypeError("prefix is text, not %r" % (prefix,))
    if not is_count(keep, 1):
        raise ApiTypeError("keep is a number of snapshots, at least 1, not %r" % (keep,))
    deadlines.check(timeout, least=0)
    snapshots = api.VmSnapshotApi(client)
    data = {"vm_id": vm_id}
    if consistent_type is not None:
        data["consistent_type"] = consistent_type
    name, made = _take(snapshots, data, prefix, timeout)
    try:
        own = _own(snapshots, vm_id, prefix)
        if made:
            taken = made[0]
        else:  # a response that did not name it
            taken = utils.find(snapshots.get_vm_snapshots, name, where={"vm": {"id": vm_id}})
        others = [each for each in own if each.id != taken.id]
        # A locked one is being deleted already, or not finished.
        doomed = [each for each in others[keep - 1 :] if each.entity_async_status is None]
        if doomed:
            where = {"id_in": [each.id for each in doomed]}
            utils.call_and_wait(snapshots.delete_vm_snapshot, {"where": where}, timeout=timeout)
    except ApiException as error:
        note_change(error, "The snapshot %s has been taken; deleting older ones failed." % name)
        raise
    return taken, doomed


def _take(snapshots, data, prefix, timeout):
    """The name of the new snapshot, and itself in a list."""
    deadline = deadlines.Deadline(timeout)
    while True:
        name = "%s-%s" % (prefix, utils.time.strftime(_MOMENT, utils.time.gmtime()))
        try:
            return name, utils.call_and_wait(
                snapshots.create_vm_snapshot,
                {"data": [dict(data, name=name)]},
                timeout=timeout,
            )
        except ApiException as error:
            # A name is unique within a cluster: another VM, or run, has this second.
            if not (error.outcome == REFUSED and _is_duplicate(error) and deadline.rest(_PAUSE)):
                raise


def _is_duplicate(error):
    return "DUPLICATE" in "%s %s" % (error.code, error.message)


def _own(snapshots, vm_id, prefix):
    """The snapshots of a VM that were taken here before, the latest first."""
    where = {
        "vm": {"id": vm_id},
        "name_starts_with": prefix + "-",
    }
    pattern = re.compile(r"%s-\d{8}T\d{6}Z\Z" % re.escape(prefix))
    found = utils.iterate(snapshots.get_vm_snapshots, where=where)
    found = [each for each in found if pattern.match(each.name)]
    return sorted(found, key=lambda each: each.name, reverse=True)
