"""Operations: what they return, header keywords, options of a call."""

from multiprocessing.pool import ApplyResult
from typing import List, Mapping, Optional, Tuple

from typing_extensions import assert_type

from cloudtower import (
    ApiClient,
    DeleteVm,
    Task,
    UserApi,
    Vm,
    VmApi,
    VmConnection,
    VmSnapshotApi,
    WithTaskDeleteVm,
    WithTaskVm,
)
from cloudtower.utils import wait_task, wait_tasks

client = ApiClient()
vm_api = VmApi(client)
VmApi()
VmApi("https://tower.example.com")  # wrong
assert_type(vm_api.api_client, ApiClient)

# ---- results
assert_type(vm_api.get_vms({}), List[Vm])
assert_type(vm_api.get_vms_connection({}), VmConnection)
assert_type(vm_api.start_vm({"where": {"id": "x"}}), List[WithTaskVm])
assert_type(vm_api.delete_vm({"where": {"id": "x"}}), List[WithTaskDeleteVm])
assert_type(vm_api.delete_vm({"where": {"id": "x"}})[0].data, DeleteVm)
assert_type(vm_api.get_vms(get_vms_request_body={}), List[Vm])
vm_api.get_vms(body={})  # wrong
vm_api.get_vm({})  # wrong: get_vm
vm_api.get_vms({}, {})  # wrong
for task in vm_api.start_vm({"where": {"id": "x"}}):
    assert_type(task.task_id, Optional[str])
    wait_task(task.task_id, client)
    task.taks_id  # wrong: taks_id
wait_tasks([each.task_id for each in vm_api.start_vm({"where": {"id": "x"}})], client)
vm_api.migrate_vm({"where": {"id": "x"}})
vm_api.mig_rate_vm({"where": {"id": "x"}})

# ---- in the background
assert_type(vm_api.get_vms({}, async_req=True), ApplyResult[List[Vm]])
assert_type(vm_api.get_vms({}, async_req=True).get(timeout=5), List[Vm])
assert_type(vm_api.get_vms({}, async_req=False), List[Vm])
vm_api.get_vms({}, async_req=True)[0]  # wrong
vm_api.get_vms({}, async_req="yes")  # wrong

# ---- status and headers too
assert_type(vm_api.get_vms_with_http_info({}), Tuple[List[Vm], int, Mapping[str, str]])
vms, status, headers = vm_api.get_vms_with_http_info({})
assert_type(vms, List[Vm])
assert_type(status, int)
assert_type(headers.get("x-tower-request-id"), Optional[str])
waiting = vm_api.get_vms_with_http_info({}, async_req=True)
assert_type(waiting, ApplyResult[Tuple[List[Vm], int, Mapping[str, str]]])
vm_api.get_vms_with_http_info({"where": {"nmae": "x"}})  # wrong
vm_api.get_vms_with_http_inof({})  # wrong

# ---- header keywords
vm_api.get_vms({}, content_language="zh-CN", external_cloudtower_id="x")
vm_api.get_vms({}, content_language="german")  # wrong
vm_api.get_vms({}, content_langauge="zh-CN")  # wrong
vm_api.get_vms({}, "zh-CN")  # wrong

# ---- options of a call
vm_api.get_vms({}, _request_timeout=60)
vm_api.get_vms({}, _request_timeout=(5, None))
vm_api.get_vms({}, _request_timeout="60")  # wrong
vm_api.get_vms({}, _request_timeout=[5, 60])  # wrong
vm_api.get_vms({}, request_timeout=60)  # wrong
vm_api.get_vms({}, _headers={"X-Trace": "x"})
vm_api.get_vms({}, _headers=["X-Trace"])  # wrong
vm_api.delete_vm({"where": {}}, _allow_all=True)
vm_api.delete_vm({"where": {}}, _allow_all=["where"])
vm_api.delete_vm({"where": {}}, _allow_all="where")  # wrong
vm_api.delete_vm({"where": {}}, allow_all=True)  # wrong
vm_api.delete_vm({"where": {"id": "x"}}, _lock_timeout=60)
vm_api.delete_vm({"where": {"id": "x"}}, _lock_timeout="60")  # wrong
vm_api.get_vms({}, _lock_timeout=60)  # wrong

# ---- without a body
assert_type(UserApi(client).get_my_info().username, str)
UserApi(client).get_my_info({})  # wrong
assert_type(VmSnapshotApi(client).get_vm_snapshots({})[0].name, str)
assert_type(vm_api.abort_migrate_vm_across_cluster({"tasks": {"id": "x"}}), List[Task])
