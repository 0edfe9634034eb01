"""Changes that are waited for: what they take, and what they return."""

from typing import List, Tuple

from typing_extensions import assert_type

from cloudtower import (
    ApiClient,
    DeleteVm,
    GlobalSettings,
    GlobalSettingsApi,
    IsolationPolicy,
    IsolationPolicyApi,
    Label,
    LabelApi,
    Task,
    Vm,
    VmApi,
    VmConnection,
    VmSnapshot,
    VmWhereInput,
)
from cloudtower.utils import (
    BulkResult,
    bulk,
    call_and_wait,
    get_or_create,
    has_ip,
    has_status,
    has_vm_tools,
    is_idle,
    rotate_snapshots,
    shut_down,
    wait_until,
)

client = ApiClient()
vms, labels = VmApi(client), LabelApi(client)

assert_type(call_and_wait(vms.start_vm, {"where": {"id": "a"}}), List[Vm])
assert_type(call_and_wait(labels.update_label, {}, timeout=None, progress=True), List[Label])
assert_type(call_and_wait(vms.delete_vm, {}), List[DeleteVm])
assert_type(call_and_wait(vms.create_vm_from_content_library_template_batch, {}), List[Vm])
assert_type(call_and_wait(vms.abort_migrate_vm_across_cluster, {}), List[Task])
assert_type(
    call_and_wait(GlobalSettingsApi(client).update_session_timeout, {}, _request_timeout=5),
    GlobalSettings,
)
policies = IsolationPolicyApi(client)
assert_type(call_and_wait(policies.update_isolation_policy, {}), List[IsolationPolicy])
call_and_wait(vms.start_vm, {}, timeout="5")  # wrong
assert_type(get_or_create(labels.create_label, {}, match=("key",)), Tuple[Label, bool])
get_or_create(labels.create_label, {})  # wrong

assert_type(bulk(vms.create_vm, []), BulkResult[Vm])
result = bulk(labels.create_label, ({"key": key} for key in "ab"), max_workers=2, stop_after=1)
assert_type(result.succeeded, List[Label])
assert_type(result.unknown[0].candidates(), List[Label])
assert_type(result.unknown[0].tasks(), List[Task])
assert_type(result.resume(), BulkResult[Label])
for body, error in result.failed:
    str(error)
bulk(vms.create_vm)  # wrong
bulk(vms.create_vm, [], batch_size="1")  # wrong

assert_type(wait_until(vms.get_vms, {}, has_ip), List[Vm])
assert_type(wait_until(vms.get_vms, {}, has_status("RUNNING", "STOPPED"), timeout=None), List[Vm])
assert_type(wait_until(vms.get_vms, where={}, predicate=is_idle), List[Vm])
assert_type(wait_until(vms.get_vms, {}, lambda vm: vm.name == "a"), List[Vm])
assert_type(
    wait_until(vms.get_vms_connection, {}, lambda found: found.aggregate.count == 0), VmConnection
)
wait_until(labels.get_labels, {}, has_vm_tools)  # wrong
has_status(1)  # wrong

assert_type(shut_down(client, VmWhereInput(id="a"), grace=60, force=True), List[Vm])
shut_down(vms, {})  # wrong
assert_type(
    rotate_snapshots(client, vms.get_vms({})[0], "a", keep=7), Tuple[VmSnapshot, List[VmSnapshot]]
)
rotate_snapshots(client, "id", "a", keep="7")  # wrong
