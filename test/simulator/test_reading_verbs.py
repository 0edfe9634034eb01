"""iterate, count, get_one and find."""

import json
import threading

import pytest

from cloudtower import (
    ApiTypeError,
    ApiValueError,
    GetVmsRequestBody,
    LabelApi,
    MultipleResultsFound,
    NoResultFound,
    UserApi,
    VmApi,
    VmWhereInput,
)
from cloudtower.exceptions import OpenApiException
from cloudtower.utils import count, find, get_one, iterate


@pytest.fixture
def client(api):
    client = api.simulator.client()
    yield client
    client.close()


@pytest.fixture
def labels(client):
    made = LabelApi(client)
    made.create_label([{"key": "page", "value": "%03d" % number} for number in range(25)])
    return made


@pytest.fixture
def requests(client):
    """The bodies of what is sent from now on."""
    sent = []
    send = client.rest_client.transport.send

    def note(request):
        sent.append(request)
        return send(request)

    client.rest_client.transport.send = note
    return sent


PAGE = {"key": "page"}


def values(objects):
    return sorted(each.value for each in objects)


ALL = ["%03d" % number for number in range(25)]


# ---- iterate -----------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 24, 25, 26, 500])
def test_every_object_once(labels, requests, size):
    assert values(iterate(labels.get_labels, where=PAGE, page_size=size)) == ALL
    assert len(requests) <= 2 + 25 // size


def test_a_body_a_model_and_no_filter(labels, client):
    assert values(iterate(labels.get_labels, {"where": PAGE})) == ALL
    assert len(list(iterate(labels.get_labels))) >= 25
    body = GetVmsRequestBody(where=VmWhereInput(name_contains=""))
    assert list(iterate(VmApi(client).get_vms, body))


def test_an_order_of_ones_own(labels):
    found = iterate(labels.get_labels, {"where": PAGE, "orderBy": "value_DESC"}, page_size=4)
    assert [each.value for each in found] == ALL[::-1]


@pytest.mark.parametrize("order", [None, "value_ASC"])
@pytest.mark.parametrize("first", [0, 1, 6, 7, 100])
def test_first_bounds_all_of_them(labels, order, first):
    body = {"where": PAGE, "first": first}
    if order:
        body["orderBy"] = order
    assert len(list(iterate(labels.get_labels, body, page_size=3))) == min(first, 25)


def test_skip_leaves_out_the_first(labels):
    body = {"where": PAGE, "orderBy": "value_ASC", "skip": 20}
    assert values(iterate(labels.get_labels, body, page_size=2)) == ALL[20:]
    assert len(list(iterate(labels.get_labels, {"where": PAGE, "skip": 20}, page_size=2))) == 5


def test_what_stands_all_the_time_is_seen_once(labels):
    seen = []
    for number, each in enumerate(iterate(labels.get_labels, where=PAGE, page_size=3)):
        seen.append(each.value)
        if number % 3 == 0:
            labels.delete_label({"where": {"id": each.id}})
            labels.create_label([{"key": "page", "value": "new-%d" % number}])
    old = [value for value in seen if not value.startswith("new")]
    assert sorted(old) == ALL and len(set(seen)) == len(seen)


def test_the_next_page_is_asked_for_meanwhile(labels, requests):
    found = iterate(labels.get_labels, where=PAGE, page_size=10)
    next(found)
    for _ in range(200):
        if len(requests) == 2:
            break
        threading.Event().wait(0.02)
    assert len(requests) == 2
    found.close()


def test_a_failure_is_raised(labels, api):
    api.simulator.faults.add("error", status=500, operation="get-labels")
    with pytest.raises(OpenApiException):
        list(iterate(labels.get_labels, where=PAGE))


def test_mistakes_are_seen_at_once(labels, client, requests):
    for wrong, error in (
        (lambda: iterate(labels.get_labels, where={"kye": "a"}), ApiValueError),
        (lambda: iterate(labels.get_labels, {"where": PAGE}, where=PAGE), ApiTypeError),
        (lambda: iterate(labels.get_labels, {"after": "x"}), ApiTypeError),
        (lambda: iterate(labels.get_labels, page_size=0), ApiTypeError),
        (lambda: iterate(labels.get_labels_connection, where=PAGE), ApiTypeError),
        (lambda: iterate(labels.delete_label, where=PAGE), ApiTypeError),
        (lambda: iterate(UserApi(client).login), ApiTypeError),
        (lambda: iterate(LabelApi), ApiTypeError),
    ):
        with pytest.raises(error):
            wrong()
    assert requests == []


# ---- count -------------------------------------------------------------------


def test_count(labels, client, requests):
    assert count(labels.get_labels, where=PAGE) == 25
    assert count(labels.get_labels, {"where": PAGE}) == 25
    assert count(labels.get_labels_connection, where=PAGE) == 25
    assert len(requests) == 3
    assert count(labels.get_labels) >= 25
    for wrong in (labels.delete_label, UserApi(client).login):
        with pytest.raises(ApiTypeError):
            count(wrong)


# ---- get_one -----------------------------------------------------------------


def test_get_one(labels):
    assert get_one(labels.get_labels, where={"value": "007"}).value == "007"
    assert get_one(labels.get_labels, {"where": {"value": "none"}}, default=None) is None
    with pytest.raises(NoResultFound) as caught:
        get_one(labels.get_labels, where={"value": "none"})
    assert 'LabelApi.get_labels found nothing for {"value": "none"}' in str(caught.value)
    assert isinstance(caught.value, LookupError) and isinstance(caught.value, OpenApiException)
    with pytest.raises(MultipleResultsFound) as caught:
        get_one(labels.get_labels, where=PAGE)
    assert "at least 5 objects" in str(caught.value) and len(caught.value.candidates) == 5


def test_the_recycle_bin_may_be_why(client):
    vms = VmApi(client)
    vm = vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}, "first": 1})[0]
    api_where = {"name": vm.name, "in_recycle_bin": False}
    assert get_one(vms.get_vms, where=api_where).id == vm.id
    with pytest.raises(NoResultFound) as caught:
        get_one(vms.get_vms, where={"name": "nobody", "in_recycle_bin": False})
    assert "recycle bin" not in str(caught.value)


# ---- find --------------------------------------------------------------------


def test_find_by_id_and_name(client):
    vms = VmApi(client)
    vm = vms.get_vms({"first": 1})[0]
    assert find(vms.get_vms, vm.id).id == vm.id
    assert find(vms.get_vms, vm.local_id).id == vm.id
    assert find(vms.get_vms, vm.name).id == vm.id
    assert find(vms.get_vms, vm.name, where={"cluster": {"id": vm.cluster.id}}).id == vm.id
    assert find(vms.get_vms, vm.name, where={"id_not": vm.id}, ignore_missing=True) is None


def test_find_says_what_is_similar(client):
    vms = VmApi(client)
    vm = vms.get_vms({"first": 1})[0]
    with pytest.raises(NoResultFound) as caught:
        find(vms.get_vms, vm.name + "x")
    assert "did you mean" in str(caught.value) and vm.name in str(caught.value)
    for wrong in ("", None, 5):
        with pytest.raises(ApiTypeError):
            find(vms.get_vms, wrong)


@pytest.fixture
def binned(client, api):
    """A VM that is in the recycle bin, as it was before."""
    vms = VmApi(client)
    vm = vms.get_vms({"where": {"status": "STOPPED", "in_recycle_bin": False}, "first": 1})[0]
    vms.move_vm_to_recycle_bin({"where": {"id": vm.id}})
    api.settle()
    return vm


@pytest.mark.parametrize(
    "where",
    [
        {"name": "NAME", "in_recycle_bin": False},
        {"name": "NAME", "in_recycle_bin_not": True},
        {"name": "NAME"},
        {"name_starts_with": "NAME", "in_recycle_bin": False},
        {"name_in": ["NAME"], "NOT": [{"in_recycle_bin": True}]},
        {"AND": [{"OR": [{"name": "NAME"}, {"name": "x"}]}, {"in_recycle_bin": False}]},
    ],
)
def test_a_vm_in_the_recycle_bin_is_found_by_the_name_it_had(client, binned, where):
    where = json.loads(json.dumps(where).replace("NAME", binned.name))
    with pytest.raises(NoResultFound) as caught:
        get_one(VmApi(client).get_vms, where=where)
    assert "; there is %s " % binned.name in str(caught.value)
    assert str(caught.value).count("in the recycle bin") == 1
    assert get_one(VmApi(client).get_vms, where=where, default=None) is None


@pytest.mark.parametrize("where", [None, {"in_recycle_bin": False}, {"cpu_model": "x"}])
def test_find_looks_into_the_recycle_bin_too(client, binned, where):
    with pytest.raises(NoResultFound) as caught:
        find(VmApi(client).get_vms, binned.name, where=where)
    is_there = where is None or "cpu_model" not in where
    assert ("; there is %s " % binned.name in str(caught.value)) == is_there
    assert "with the id, local_id or name" in str(caught.value)


def test_who_cannot_give_a_hint_says_so_without(client, api):
    vms = VmApi(client)
    send, sent = client.rest_client.transport.send, []

    def first_succeeds(request):
        sent.append(request)
        response = send(request)
        api.simulator.faults.add("error", status=400, operation="get-vms")
        return response

    client.rest_client.transport.send = first_succeeds
    with pytest.raises(NoResultFound):
        find(vms.get_vms, "nobody")
    assert len(sent) == 3


@pytest.mark.parametrize("first", ["10", -1, True, 1.5])
def test_first_is_a_number(labels, first):
    with pytest.raises(ApiTypeError):
        iterate(labels.get_labels, {"where": PAGE, "first": first})


def test_no_number_is_no_timeout(labels):
    from cloudtower.utils import has_status, wait_until

    with pytest.raises(ApiTypeError):
        wait_until(labels.get_labels, {"where": PAGE}, has_status("X"), timeout=float("nan"))
