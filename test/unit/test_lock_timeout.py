"""`_lock_timeout`: a write waits until its object is not locked."""

import threading
import time

import pytest

from cloudtower import (
    ActivePassiveApiClient,
    AlertNotifierApi,
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    CloudTowerApplicationApi,
    Configuration,
    DatacenterApi,
    HostApi,
    ResourceLocked,
    RetryPolicy,
    VmApi,
    VmWhereInput,
)
from cloudtower.exceptions import ServiceException
from cloudtower.network_errors import ApiTimeoutError
from cloudtower.models import VmStartParams
from recording_server import RecordingServer, Reply

WHERE = {"where": {"id": "v1"}}
BODY = {
    "code": "ResourceLocked",
    "message": "Resource [VM-v1] locked",
    "props": {"locked_resources": [{"id": "v1", "type": "VM"}]},
}
LOCKED = Reply(400, BODY)
DONE = [{"task_id": "t1", "data": {"id": "v1"}}]


@pytest.fixture
def client(server):
    configuration = Configuration(host=server.url + "/v2/api")
    configuration.retry_policy = RetryPolicy(backoff_factor=0)
    client = ApiClient(configuration)
    server.reply(200, DONE)
    yield client
    client.close()


# ---- waiting -------------------------------------------------------------------


def test_a_write_waits_until_the_lock_is_gone(server, client):
    server.script([LOCKED, LOCKED, LOCKED])
    result = VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert result[0].task_id == "t1"
    assert [each.json() for each in server.requests] == [WHERE] * 4


def test_without_it_nothing_is_repeated(server, client):
    server.script([LOCKED])
    with pytest.raises(ResourceLocked):
        VmApi(client).start_vm(WHERE)
    assert len(server.requests) == 1


def test_a_lock_is_waited_for_where_nothing_else_is_repeated(server, client):
    server.script([LOCKED])
    VmApi(client).start_vm(WHERE, _lock_timeout=60, _retry=None)
    assert len(server.requests) == 2


def test_a_lock_that_a_500_says(server, client):
    server.script([Reply(500, BODY)])
    VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert len(server.requests) == 2


def test_the_time_is_bounded(server, client):
    server.reply(400, BODY)
    start = time.time()
    with pytest.raises(ResourceLocked) as caught:
        VmApi(client).start_vm(WHERE, _lock_timeout=1)
    assert 0.9 < time.time() - start < 10
    error = caught.value
    assert len(error.attempts) == len(server.requests) >= 3
    assert "Tried %d times: 400 " % len(server.requests) in str(error)
    assert error.resource_ids == ["v1"] and error.operation == "VmApi.start_vm"


def test_the_time_of_the_call_bounds_it_too(server, client):
    server.reply(400, BODY)
    start = time.time()
    # the time may be up while the server is asked once more
    with pytest.raises((ResourceLocked, ApiTimeoutError)):
        VmApi(client).start_vm(WHERE, _lock_timeout=600, _request_timeout=1)
    assert time.time() - start < 10


def test_zero_does_not_wait(server, client):
    server.script([LOCKED])
    with pytest.raises(ResourceLocked):
        VmApi(client).start_vm(WHERE, _lock_timeout=0)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply, make",
    [(Reply(400, {"message": "no"}), ApiException), (Reply(500, "x"), ServiceException)],
)
def test_any_other_error_ends_it(server, client, reply, make):
    server.script([LOCKED, reply])
    with pytest.raises(make) as caught:
        VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert not isinstance(caught.value, ResourceLocked)
    assert len(server.requests) == len(caught.value.attempts) == 2


def test_a_change_that_may_have_been_made_is_not_repeated(server, client):
    server.script([LOCKED, Reply(drop=True), LOCKED])
    with pytest.raises(ApiException) as caught:
        VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert caught.value.outcome == "unknown"
    assert len(server.requests) == 2


def test_a_lock_after_a_303_is_not_waited_for(server, client):
    see_other = Reply(303, headers={"Location": server.url + "/v2/api/done"})
    server.script([see_other, LOCKED, see_other, LOCKED])
    with pytest.raises(ResourceLocked) as caught:
        VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert caught.value.outcome == "unknown"
    assert len(server.requests) == 2


def test_the_policy_counts_what_is_no_lock(server, client):
    busy = Reply(429, "busy", {"Retry-After": "0"})
    server.script([busy, busy, LOCKED, LOCKED, busy, busy, LOCKED])
    VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert len(server.requests) == 8
    server.script([LOCKED, busy, busy, busy, busy])
    with pytest.raises(ApiException) as caught:
        VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert caught.value.status == 429 and len(caught.value.attempts) == 4


def test_waiting_costs_no_budget(server, client):
    budget = client.rest_client._retries.budget
    budget.left = 0
    server.script([LOCKED])
    VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert len(server.requests) == 2


def test_in_a_thread(server, client):
    server.script([LOCKED])
    job = VmApi(client).start_vm(WHERE, _lock_timeout=60, async_req=True)
    assert job.get(30)[0].task_id == "t1"
    assert len(server.requests) == 2


def test_of_several_nodes():
    def handle(request):
        return Reply(200) if request.path == "/api/healthz" else replies.pop(0)

    replies = [LOCKED, Reply(200, DONE)]
    with RecordingServer(handler=handle) as server:
        client = ActivePassiveApiClient([server.url])
        VmApi(client).start_vm(WHERE, _lock_timeout=60)
        client.close()
    assert not replies


def test_calls_that_wait_for_one_object_all_get_through(server, client):
    server.script([LOCKED] * 4)
    threads = [
        threading.Thread(target=VmApi(client).start_vm, args=(WHERE,), kwargs={"_lock_timeout": 60})
        for _ in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert not any(each.is_alive() for each in threads)
    assert len(server.requests) == 8


# ---- which calls ---------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        {"id": "v1"},
        {"id_in": ["v1"]},
        {"id_in": "v1"},
        VmWhereInput(id="v1"),
        VmWhereInput(id_in=["v1"]),
    ],
)
def test_an_id_is_an_address(server, client, where):
    VmApi(client).start_vm({"where": where}, _lock_timeout=1)
    VmApi(client).start_vm(VmStartParams(where=where), _lock_timeout=1)
    assert len(server.requests) == 2


def test_other_forms_of_an_id(server, client):
    server.reply(200, "")
    HostApi(client).enter_maintenance_mode(
        {"where": {"host_id": "h1"}, "data": {}}, _lock_timeout=1
    )
    datacenters = [{"where": {"id": "d1"}, "data": {"clusters": {"id": "c1"}}}]
    DatacenterApi(client).add_clusters_to_datacenter(datacenters, _lock_timeout=1)
    VmApi(client).abort_migrate_vm_across_cluster({"tasks": {"id": "t1"}}, _lock_timeout=1)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "where",
    [
        {"name": "web"},
        {"id": "v1", "name": "web"},
        {"id": ""},
        {"id": None},
        {"id_in": ["v1", "v2"]},
        {"id_in": []},
        {"id_in": [None]},
        {"id_not": "v1"},
        {"AND": [{"id": "v1"}]},
        {"OR": [{"id": "v1"}, {"id": "v2"}]},
        {"cluster": {"id": "c1"}},
    ],
)
def test_what_may_be_several_is_refused(server, client, where):
    with pytest.raises(ApiValueError) as caught:
        VmApi(client).start_vm({"where": where}, _lock_timeout=1)
    text = str(caught.value)
    assert text.startswith("VmApi.start_vm was not sent: _lock_timeout is for a write that ")
    assert "`where`" in text
    assert not server.requests


def test_two_bodies_are_two_objects(server, client):
    each = {"where": {"id": "d1"}, "data": {"clusters": {"id": "c1"}}}
    with pytest.raises(ApiValueError):
        DatacenterApi(client).add_clusters_to_datacenter([each, each], _lock_timeout=1)
    assert not server.requests


def test_everything_is_refused_even_where_that_is_allowed(server, client):
    with pytest.raises(ApiValueError):
        VmApi(client).start_vm({"where": {}}, _lock_timeout=1, _allow_all=True)
    assert not server.requests


@pytest.mark.parametrize(
    "call, why",
    [
        (lambda client, **k: VmApi(client).get_vms({}, **k), "changes nothing"),
        (lambda client, **k: VmApi(client).create_vm([{}], **k), "create_vm has no filter"),
        (
            lambda client, **k: AlertNotifierApi(client).create_alert_notifier(
                [{"clusters": {"id": "c1"}}], **k
            ),
            "has no filter",
        ),
        (
            lambda client, **k: CloudTowerApplicationApi(
                client
            ).upload_cloud_tower_application_package(b"x", **k),
            "has no filter",
        ),
    ],
)
def test_a_call_without_such_a_filter(server, client, call, why):
    with pytest.raises(ApiTypeError) as caught:
        call(client, _lock_timeout=1)
    assert "_lock_timeout" in str(caught.value) and why in str(caught.value)
    assert not server.requests


@pytest.mark.parametrize(
    "value, make",
    [
        ("60", ApiTypeError),
        (True, ApiTypeError),
        ([1], ApiTypeError),
        (-1, ApiValueError),
        (float("nan"), ApiValueError),
        (float("inf"), ApiValueError),
    ],
)
def test_what_is_not_a_time(server, client, value, make):
    with pytest.raises(make) as caught:
        VmApi(client).start_vm(WHERE, _lock_timeout=value)
    assert "seconds" in str(caught.value) and "VmApi.start_vm" in str(caught.value)
    assert not server.requests


def test_none_is_not_given(server, client):
    VmApi(client).get_vms({}, _lock_timeout=None)
    VmApi(client).start_vm({"where": {"name": "x"}}, _lock_timeout=None)
    assert len(server.requests) == 2


def test_a_limit_of_matches_does_not_hide_the_id(server, client):
    client.configuration.max_matches = 1
    server.script([Reply(200, [{"id": "v1"}]), LOCKED])
    VmApi(client).start_vm(WHERE, _lock_timeout=60)
    assert [each.path.rpartition("/")[2] for each in server.requests] == [
        "get-vms",
        "start-vm",
        "start-vm",
    ]
