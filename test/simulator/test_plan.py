"""Writes that are looked at before they are carried out, and pinned to what was seen."""

import warnings

import pytest

from cloudtower import (
    ApiTypeError,
    ApiValueError,
    LabelApi,
    UnexpectedMatches,
    VmApi,
)
from cloudtower.utils import dry_run


@pytest.fixture
def client(api):
    client = api.simulator.client()
    yield client
    client.close()


@pytest.fixture
def labels(client):
    """Three labels, and the API that deletes them."""
    made = LabelApi(client)
    made.create_label([{"key": "plan-%d" % number, "value": "v"} for number in range(3)])
    return made


FILTER = {"where": {"key_starts_with": "plan-"}}


def keys(labels):
    found = labels.get_labels({"where": {"key_starts_with": "plan-"}, "orderBy": "key_ASC"})
    return [each.key for each in found]


def test_nothing_is_changed_until_it_is_carried_out(labels):
    plan = dry_run(labels.delete_label, FILTER)
    assert sorted(each.key for each in plan.matches) == ["plan-0", "plan-1", "plan-2"]
    assert plan.faults == [] and plan.operation == "LabelApi.delete_label"
    assert len(keys(labels)) == 3
    result = plan.execute()
    assert len(result) == 3 and keys(labels) == []


def test_it_prints_what_matters(labels):
    plan = dry_run(labels.delete_label, FILTER)
    text = str(plan)
    assert text.splitlines()[0].startswith("LabelApi.delete_label at http")
    assert "3 objects match" in text and "plan-1" in text and plan.matches[0].id in text
    assert '"key_starts_with": "plan-"' in text
    assert repr(plan) == "<Plan LabelApi.delete_label: 3 matches>"


def test_the_command_line_hides_secrets(labels, client):
    plan = dry_run(labels.delete_label, FILTER)
    token = client.configuration.api_key["Authorization"]
    assert plan.curl.startswith("curl -X POST -H ") and token not in plan.curl
    assert "'Authorization: ***'" in plan.curl and "/delete-label'" in plan.curl
    assert token not in repr(plan.request) and plan.request.operation == "LabelApi.delete_label"


def test_a_set_that_changed_meanwhile_is_not_touched(labels):
    plan = dry_run(labels.delete_label, FILTER)
    labels.create_label([{"key": "plan-9", "value": "late"}])
    with pytest.raises(UnexpectedMatches) as caught:
        plan.execute()
    assert len(caught.value.matches) == 4 and len(keys(labels)) == 4
    assert "LabelApi.delete_label was not sent" in str(caught.value)


def test_a_filter_that_matches_nothing(labels):
    plan = dry_run(labels.delete_label, {"where": {"key": "nobody"}})
    assert plan.matches == [] and "0 objects match" in str(plan)
    assert plan.execute() == []


def test_faults_are_listed_and_keep_it_from_being_sent(labels):
    plan = dry_run(labels.delete_label, {"where": {}})
    assert len(plan.matches) >= 3 and "`where` matches every object" in plan.faults[0]
    with pytest.raises(ApiValueError):
        plan.execute()
    plan = dry_run(labels.delete_label, {"where": {"key": "a"}, "waht": 1})
    assert any("waht" in fault for fault in plan.faults)
    assert len(keys(labels)) == 3
    allowed = dry_run(labels.delete_label, {"where": {"AND": []}}, _allow_all=True)
    assert allowed.faults == []


def test_a_body_without_filter(labels):
    plan = dry_run(labels.create_label, [{"key": "plan-new", "value": "v"}])
    assert plan.matches is None and repr(plan) == "<Plan LabelApi.create_label: no filter>"
    assert "plan-new" not in keys(labels)
    plan.execute()
    assert "plan-new" in keys(labels)


def test_too_many_objects_are_refused(client, monkeypatch):
    from cloudtower.utils import matches

    monkeypatch.setattr(matches, "MOST", 2)
    with pytest.raises(ApiValueError) as caught:
        matches.Filter(
            VmApi(client).delete_vm.operation, client, {"where": {"id_not": "x"}}, "where"
        ).objects(2)
    assert "matches more than 2 objects" in str(caught.value)


def test_pages_are_put_together(labels, monkeypatch):
    from cloudtower.utils import paging

    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    assert len(dry_run(labels.delete_label, FILTER).matches) == 3


def test_what_cannot_be_planned(client):
    for method, body in (
        (VmApi(client).get_vms, {}),
        (VmApi.delete_vm, FILTER),
        (len, {}),
    ):
        with pytest.raises(ApiTypeError):
            dry_run(method, body)
    with pytest.raises(ApiTypeError) as caught:
        dry_run(VmApi(client).delete_vm, {"where": {"name": "a"}}, filter="wher")
    assert "did you mean 'where'" in str(caught.value)


# ---- _expect_matches ---------------------------------------------------------


def test_the_expected_number_is_counted_pinned_and_sent(labels):
    assert len(labels.delete_label(FILTER, _expect_matches=3)) == 3
    assert keys(labels) == []
    assert labels.delete_label(FILTER, _expect_matches=0) == []


@pytest.mark.parametrize("async_req", [False, True])
def test_another_number_is_refused(labels, async_req):
    with pytest.raises(UnexpectedMatches) as caught:
        labels.delete_label(FILTER, _expect_matches=2, async_req=async_req)
    assert "matches 3 objects, 2 expected" in str(caught.value)
    assert len(keys(labels)) == 3


def test_what_is_sent_names_the_ids(labels, client):
    sent = []
    send = client.rest_client.transport.send
    client.rest_client.transport.send = lambda request: sent.append(request) or send(request)
    labels.delete_label(FILTER, _expect_matches=3)
    assert [request.operation for request in sent] == [
        "LabelApi.get_labels",
        "LabelApi.delete_label",
    ]
    assert b'"id_in"' in sent[1].body and b'"key_starts_with"' in sent[1].body


@pytest.mark.parametrize("wrong", ["3", 3.0, True, -1, {"where": "3"}, {}, []])
def test_what_is_no_number(labels, wrong):
    with pytest.raises(ApiTypeError) as caught:
        labels.delete_label(FILTER, _expect_matches=wrong)
    assert "_expect_matches is a number" in str(caught.value)
    assert len(keys(labels)) == 3


def test_a_write_without_filter_cannot_expect(labels):
    with pytest.raises(ApiTypeError):
        labels.create_label([{"key": "plan-x", "value": "v"}], _expect_matches=1)


def test_the_guard_comes_first(labels):
    with pytest.raises(ApiValueError) as caught:
        labels.delete_label({"where": {}}, _expect_matches=3)
    assert "matches every object" in str(caught.value)


# ---- Configuration.max_matches -----------------------------------------------


def test_a_limit_for_every_write(labels, client):
    client.configuration.max_matches = 2
    with pytest.raises(UnexpectedMatches) as caught:
        labels.delete_label(FILTER)
    assert "Configuration.max_matches allows 2" in str(caught.value)
    assert len(keys(labels)) == 3
    client.configuration.max_matches = 3
    assert len(labels.delete_label(FILTER)) == 3


def test_the_limit_leaves_other_calls_alone(labels, client):
    client.configuration.max_matches = 0
    assert len(labels.get_labels(FILTER)) == 3
    labels.create_label([{"key": "plan-y", "value": "v"}])
    assert len(keys(labels)) == 4


def test_a_limit_that_is_none(labels, client):
    client.configuration.max_matches = "2"
    with pytest.raises(ApiTypeError):
        labels.delete_label(FILTER)


def test_no_warning_comes_from_it(labels):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dry_run(labels.delete_label, FILTER).execute()


# ---- what was approved is carried out, and what would be refused is said -----------


def test_filters_that_were_allowed_stay_allowed(client):
    vms = VmApi(client)
    body = {"where": {"labels_some": {}, "name": "nobody"}}
    assert dry_run(vms.start_vm, body).faults
    plan = dry_run(vms.start_vm, body, _allow_all=["where.labels_some"])
    assert plan.faults == [] and plan.execute() == []
    vm = vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}, "first": 1})[0]
    label = LabelApi(client).create_label([{"key": "plan-l", "value": "v"}])[0].data
    LabelApi(client).add_labels_to_resources(
        {"where": {"id": label.id}, "data": {"vms": {"id": vm.id}}}
    )
    body = {"where": {"labels_some": {}, "id": vm.id}}
    plan = dry_run(vms.start_vm, body, _allow_all=["where.labels_some"])
    assert len(plan.matches) == 1 and len(plan.execute()) == 1


def test_a_lock_is_waited_for_by_a_plan(client):
    vms = VmApi(client)
    vm = vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}, "first": 1})[0]
    plan = dry_run(vms.start_vm, {"where": {"id": vm.id}}, _lock_timeout=5)
    assert len(plan.execute()) == 1
    with pytest.raises(ApiTypeError):
        dry_run(vms.start_vm, {"where": {"id": vm.id}}, _lock_timeout="x")


def test_an_expectation_is_seen_in_the_plan(labels):
    for expected in (1, {"where": 1}):
        plan = dry_run(labels.delete_label, FILTER, _expect_matches=expected)
        assert plan.faults == ["3 objects match, 1 expected"]
    assert dry_run(labels.delete_label, FILTER, _expect_matches={"where": 3}).faults == []
    with pytest.raises(ApiTypeError):
        dry_run(labels.delete_label, FILTER, _expect_matches="x")


def test_the_request_has_the_headers_of_its_keywords(labels):
    plan = dry_run(labels.delete_label, FILTER, content_language="zh-CN")
    assert plan.request.headers["content-language"] == "zh-CN" and "zh-CN" in plan.curl
