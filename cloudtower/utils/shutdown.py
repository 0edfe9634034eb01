"""Shutdowns of VMs, which their guest systems carry out, or not."""

from cloudtower import api, utils
from cloudtower._runtime import codec, guard
from cloudtower.exceptions import UNKNOWN, ApiException, ResourceLocked
from cloudtower.utils import deadlines, listing, matches
from cloudtower.utils.deadlines import Deadline, pauses
from cloudtower.utils.methods import Method
from cloudtower.utils.polling import timed_out
from cloudtower.utils.task_failure import note_change

_BATCH = 500  # ids in a filter
_BEGUN = "VMs have been asked to shut down before this request failed."


def shut_down(client, where, grace=300, force=False, timeout=300):
    """Shut down all VMs that match, and wait until they have stopped.

        shut_down(client, {"labels_some": {"key": "tier", "value": "web"}}, grace=60, force=True)

    Each VM is asked once. One that another task locks is asked when that has ended. What
    counts is whether the VMs stop: where the response to a request is lost, they are waited
    for as well, and asked no second time.

    Parameters:
        client: ApiClient.
        where: the filter of the VMs, or a body with it, {"where": ...}; model or dict.
        grace: seconds that the guest systems have, number.
        force: whether to power off what has not shut down by then, bool: suspended VMs,
            and VMs that have no system or whose system does not react. As long as its
            shutdown task runs, a VM is locked: that is waited for first.
        timeout: seconds for powering off, with the wait for locks, number.

    Returns the VMs as they are then, list of Vm; VMs in the recycle bin are left out.
    Raises WaitTimeout with the VMs that have not stopped in its `pending`;
    ApiValueError for a filter that matches everything or has an unknown name, and for a
    negative `grace` or `timeout`;
    UnexpectedMatches for more VMs than `Configuration.max_matches`; ApiException.
    """
    deadlines.check(grace, name="grace")
    deadlines.check(timeout)
    vm_api = api.VmApi(client)
    found = Method("shut_down", vm_api.shut_down_vm)
    body = codec.sanitize(codec.encode(where))
    if not (isinstance(body, dict) and list(body) == ["where"]):
        body = {"where": body}
    body = found.checked(body)
    body = matches.pinned(found.row, client, body, most=guard.most_matches(client))
    grace = Deadline(grace)
    vms = utils.iterate(vm_api.get_vms, where=body["where"])
    shutdown = _Shutdown(vm_api, [vm for vm in vms if not vm.in_recycle_bin])
    shutdown.ask(vm_api.shut_down_vm, ["RUNNING"], grace)
    if shutdown.running and force:
        shutdown.ask(vm_api.poweroff_vm, ["RUNNING", "SUSPENDED"], Deadline(timeout))
    if shutdown.running:
        counts = len(shutdown.running), len(shutdown.vms)
        hint = "powering them off did not help" if force else "force=True powers them off"
        what = "%d of %d VMs have not stopped in time; %s" % (counts + (hint,))
        error = timed_out(what, shutdown.running, shutdown.silence)
        error.__cause__ = shutdown.silence or shutdown.trouble
        raise error
    return shutdown.vms


class _Shutdown(object):
    """VMs on their way to STOPPED.

    Attributes:
        vms: all of them, as last seen, list of Vm.
        running: those that have not stopped, or are still locked, list of Vm.
        trouble: the error of a request whose response was lost, or None.
        silence: why the last poll failed, or None.
        begun: whether VMs have been asked to stop, bool.
    """

    def __init__(self, vm_api, vms):
        self._listing = listing.of_model("Vm", vm_api.api_client)
        self._ids = [vm.id for vm in vms]
        self.vms = self.running = vms
        self.trouble = self.silence = None
        self.begun = False

    def ask(self, method, statuses, deadline):
        """Ask the VMs in these states to stop, each once, until all have, or time is up."""
        asked, locked = set(), []
        for pause in pauses():
            try:
                with deadline.look():
                    self._look()
                    self.silence = None
                    free = [vm for vm in self.running if vm.entity_async_status is None]
                    ready = [vm.id for vm in free if vm.status in statuses]
                    ready = [id for id in ready if id not in asked and id not in locked]
                    locked = self._send(method, statuses, ready, asked)
            except ApiException as error:
                if not deadline.explains(error):
                    if self.begun:
                        note_change(error, _BEGUN)
                    raise
                self.silence = error
            if not self._may_stop(statuses) or not deadline.rest(pause):
                return

    def _may_stop(self, statuses):
        """Whether there is anything to wait for: a suspended VM cannot shut down."""
        return any(
            vm.status in statuses or vm.status != "SUSPENDED" or vm.entity_async_status
            for vm in self.running
        )

    def _look(self):
        self.vms = self._listing.of_ids(self._ids)
        self.running = [
            vm for vm in self.vms if vm.status != "STOPPED" or vm.entity_async_status is not None
        ]

    def _send(self, method, statuses, ids, asked):
        """Ask the VMs with these ids. Returns the ids of those that were locked after all."""
        locked = []
        for chunk in _chunks(ids):
            asked.update(chunk)
            try:
                # One that has changed its state since would have the whole request refused.
                method({"where": {"id_in": chunk, "status_in": statuses}})
                self.begun = True
            except ResourceLocked as error:
                if error.outcome == UNKNOWN:
                    self.trouble, self.begun = error, True
                else:
                    asked.difference_update(chunk)
                    locked.extend(error.resource_ids)
            except ApiException as error:
                if error.outcome != UNKNOWN:
                    raise
                self.trouble, self.begun = error, True
        return locked


def _chunks(ids):
    return [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]
