"""call_and_wait and get_or_create."""

import pytest

from cloudtower import (
    ApiTypeError,
    ApiValueError,
    HostApi,
    LabelApi,
    MultipleResultsFound,
    Task,
    UserApi,
    Vm,
    VmApi,
)
from cloudtower.utils import TaskException, call_and_wait, get_or_create
from cloudtower.utils.changing import Change


@pytest.fixture
def vms(client):
    return VmApi(client)


@pytest.fixture
def stopped(vms):
    return vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}, "first": 1})[0]


def by_id(vm):
    return {"where": {"id": vm.id}}


def test_the_fresh_objects_come_back(vms, stopped):
    (started,) = call_and_wait(vms.start_vm, by_id(stopped))
    assert isinstance(started, Vm) and started.id == stopped.id and started.status == "RUNNING"
    assert started.entity_async_status is None


def test_a_filter_that_matches_nothing(vms):
    assert call_and_wait(vms.start_vm, {"where": {"name": "nobody"}}) == []


def test_a_deletion_returns_what_the_response_holds(vms, stopped):
    (deleted,) = call_and_wait(vms.delete_vm, by_id(stopped))
    assert deleted.id == stopped.id
    assert vms.get_vms(by_id(stopped)) == []


def test_the_recycle_bin_keeps_its_vms(vms, stopped):
    (moved,) = call_and_wait(vms.move_vm_to_recycle_bin, by_id(stopped))
    assert isinstance(moved, Vm) and moved.in_recycle_bin
    (back,) = call_and_wait(vms.recover_vm_from_recycle_bin, by_id(stopped))
    assert not back.in_recycle_bin


def test_what_changes_nothing(vms, stopped):
    """CloudTower responds with 304 where an update leaves all as it is."""
    body = {"where": {"id": stopped.id}, "data": {"name": stopped.name}}
    (same,) = call_and_wait(vms.update_vm, body)
    assert same.id == stopped.id and same.name == stopped.name


def test_an_operation_for_one_object(client):
    from cloudtower import GlobalSettingsApi

    settings = call_and_wait(
        GlobalSettingsApi(client).update_session_timeout, {"session_max_age": 3600}
    )
    assert not isinstance(settings, list)


def test_progress_is_reported(vms, stopped):
    seen = []
    call_and_wait(
        vms.start_vm,
        by_id(stopped),
        on_progress=lambda done, total, tasks: seen.append((done, total, tasks)),
    )
    assert [each[:2] for each in seen] == [(1, 1)] and isinstance(seen[0][2][0], Task)


def test_a_task_that_fails(vms, stopped, simulator):
    simulator.faults.add("task_fails", operation="start-vm")
    with pytest.raises(TaskException) as caught:
        call_and_wait(vms.start_vm, by_id(stopped))
    assert caught.value.status == 500 and len(caught.value.tasks) == 1
    assert caught.value.succeeded == []


def test_the_time_is_up(vms, stopped, simulator):
    simulator.faults.add("task_hangs", operation="start-vm")
    with pytest.raises(TaskException) as caught:
        call_and_wait(vms.start_vm, by_id(stopped), timeout=0.3)
    assert caught.value.status == 408 and caught.value.succeeded == []


def test_mistakes_are_seen_before_anything_is_sent(client, vms):
    for wrong, error in (
        (lambda: call_and_wait(vms.get_vms, {}), ApiTypeError),
        (lambda: call_and_wait(vms.start_vm, {"where": {"naem": "a"}}), ApiValueError),
        (lambda: call_and_wait(vms.start_vm, {"wher": {"name": "a"}}), ApiValueError),
        (lambda: call_and_wait(vms.start_vm, {"where": {}}), ApiValueError),
        (lambda: call_and_wait(vms.start_vm, {"where": {"id": "a"}}, on_progress=3), ApiTypeError),
        (lambda: call_and_wait(VmApi.start_vm, {}), ApiTypeError),
    ):
        with pytest.raises(error):
            wrong()


def test_few_requests_for_a_long_wait():
    from cloudtower.utils.deadlines import pauses

    waited = looks = 0
    for pause in pauses():
        waited, looks = waited + pause, looks + 1
        if waited > 10:
            break
    assert looks < 15 and pause <= 5


# ---- get_or_create -----------------------------------------------------------


def test_a_second_run_only_reads(client):
    labels = LabelApi(client)
    body = {"key": "tier", "value": "web"}
    label, created = get_or_create(labels.create_label, body, match=("key", "value"))
    assert created and label.value == "web"
    again, created = get_or_create(labels.create_label, body, match=("key", "value"))
    assert not created and again.id == label.id
    get_or_create(labels.create_label, {"key": "tier", "value": "db"}, match=("key", "value"))
    with pytest.raises(MultipleResultsFound):
        get_or_create(labels.create_label, body, match=("key",))


def test_what_cannot_be_made(client, vms):
    labels = LabelApi(client)
    for method, body, match in (
        (labels.delete_label, {"where": {"id": "x"}}, ("id",)),
        (labels.get_labels, {}, ("id",)),
        (UserApi(client).login, {}, ("username",)),
        (labels.create_label, {"key": "a"}, ()),
        (labels.create_label, {"key": "a"}, "key"),
        (labels.create_label, {"key": "a"}, ("value",)),
        (labels.create_label, [{"key": "a"}, {"key": "b"}], ("key",)),
        (HostApi(client).get_hosts, {}, ("id",)),
    ):
        with pytest.raises(ApiTypeError):
            get_or_create(method, body, match=match)


def test_a_list_within_one_response_stays_a_list(vms):
    change = Change("call_and_wait", vms.create_vm_from_content_library_template_batch)
    assert change.as_declared([]) == [] and change.as_declared([1]) == [1]


# ---- mistakes that must not change anything -----------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"on_progress": 3},
        {"timeout": "5"},
        {"timeout": -1},
        {"timeout": True},
        {"async_req": True},
        {"_preload_content": False},
        {"_return_http_data_only": False},
        {"_expect_match": 1},
        {"where": {"id": "x"}},
    ],
)
def test_arguments_are_checked_before_anything_is_sent(client, options):
    labels = LabelApi(client)
    before = labels.get_labels_connection({}).aggregate.count
    for verb, more in ((call_and_wait, {}), (get_or_create, {"match": ("key",)})):
        with pytest.raises((ApiTypeError, ApiValueError)):
            verb(labels.create_label, {"key": "never", "value": "v"}, **dict(more, **options))
    assert labels.get_labels_connection({}).aggregate.count == before


def test_a_server_that_is_away_meanwhile_does_not_end_the_wait(vms, stopped, simulator, client):
    client.configuration.retry_policy = None
    simulator.faults.add("error", status=503, operation="get-tasks", count=3)
    (started,) = call_and_wait(vms.start_vm, by_id(stopped))
    assert started.status == "RUNNING"


def test_a_login_is_repeated(simulator):
    from cloudtower import ApiClient, Configuration
    from cloudtower.utils import login

    simulator.reset()
    simulator.faults.add("error", status=503, operation="login", count=1)
    client = ApiClient(Configuration(host=simulator.endpoint))
    login(client, simulator.username, simulator.password)
    client.close()


def test_what_a_call_allows_a_verb_allows(vms):
    from cloudtower.utils import bulk

    body = {"where": {"labels_some": {}, "name": "nobody"}}
    with pytest.raises(ApiValueError):
        call_and_wait(vms.start_vm, body)
    assert call_and_wait(vms.start_vm, body, _allow_all=["where.labels_some"]) == []
    result = bulk(vms.start_vm, [body], _allow_all=True)
    assert result.failed == [] and result.unknown == []


@pytest.mark.parametrize(
    "options", [{"timeout": "300"}, {"async_req": True}, {"_preload_content": False}, {"_typo": 1}]
)
def test_bulk_checks_its_arguments_before_anything_is_sent(client, options):
    from cloudtower.utils import bulk

    labels = LabelApi(client)
    before = labels.get_labels_connection({}).aggregate.count
    with pytest.raises((ApiTypeError, ApiValueError)):
        bulk(labels.create_label, [{"key": "never", "value": "v"}], **options)
    assert labels.get_labels_connection({}).aggregate.count == before


def test_shut_down_checks_its_timeout_first(client, vms):
    from cloudtower.utils import shut_down

    running = vms.get_vms({"where": {"status": "RUNNING"}})
    with pytest.raises(ApiTypeError):
        shut_down(client, {"status": "RUNNING"}, grace=0.1, force=True, timeout="x")
    assert len(vms.get_vms({"where": {"status": "RUNNING"}})) == len(running)


def test_a_member_that_ends_in_id_is_a_field_where_there_is_one(client):
    from cloudtower import VdsApi, VlanApi

    vds = VdsApi(client).get_vdses({"first": 1})[0]
    body = {"name": "tagged", "vlan_id": 321, "vds_id": vds.id}
    vlan, created = get_or_create(VlanApi(client).create_vm_vlan, body, match=("vlan_id", "vds_id"))
    assert created and vlan.vlan_id == 321
    again, created = get_or_create(
        VlanApi(client).create_vm_vlan, body, match=("vlan_id", "vds_id")
    )
    assert not created and again.id == vlan.id


def test_an_update_creates_nothing(client):
    from cloudtower import GlobalSettingsApi

    update = GlobalSettingsApi(client).update_session_timeout
    with pytest.raises(ApiTypeError):
        get_or_create(update, {"session_max_age": 60}, match=("session_max_age",))
