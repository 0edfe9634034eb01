"""What the verbs know of every operation: its list, its count, and what its response brings."""

from collections import Counter
from importlib import import_module

import interface_changes
import pytest

from cloudtower import ApiClient, TaskApi, UserApi, Vm, VmApi, models
from cloudtower._lists import LISTS
from cloudtower.exceptions import ApiTypeError, ApiValueError
from cloudtower.utils.listing import Listing, of_method, of_model
from cloudtower.utils.methods import Method
from cloudtower.utils.results import Results

CATALOG = import_module("cloudtower.api").catalog


@pytest.fixture
def client():
    return ApiClient()


def rows():
    for name in sorted(CATALOG.homes):
        for row in CATALOG.load(name).__operations__.values():
            row.define()
            yield row


def test_every_list_names_operations(client):
    assert len(LISTS) > 100
    for model, (api, _, count) in LISTS.items():
        listing = Listing(model, client)
        row = Method("test", listing.list).row
        assert row.read and row.result.leaf.target is getattr(models, model)
        assert row.owner.__name__ == api
        if count is not None:
            counted = Method("test", listing.count)
            assert counted.row.read and counted.has_where


def test_a_list_is_found_by_its_method(client):
    assert of_method(Method("test", VmApi(client).get_vms)).model == "Vm"
    assert of_method(Method("test", VmApi(client).get_vms_connection)) is None
    assert of_method(Method("test", VmApi(client).start_vm)) is None
    assert of_method(Method("test", UserApi(client).login)) is None
    assert of_model("Vm", client).name == "VmApi.get_vms"
    assert of_model("NestedVm", client) is None


def test_what_every_write_brings():
    kinds = Counter()
    for row in rows():
        if not row.read and row.label not in interface_changes.NAMES:
            results = Results(row)
            kinds[bool(results.model), results.deletes, results.has_tasks, results.is_many] += 1
    reviewed = {
        (True, False, True, True): 217,  # list[WithTaskVm], list[Task]
        (True, True, True, True): 53,  # list[WithTaskDeleteVm]
        (True, False, True, False): 16,  # WithTaskHost, UploadTask
        (False, True, True, True): 1,
        (False, False, True, True): 2,
        (False, False, True, False): 4,  # a login, checks, services
        (True, False, False, False): 3,  # objects without a task
        (True, False, False, True): 2,
        (True, True, False, True): 2,
        (False, False, False, True): 1,  # ids of uploads that were cancelled
        (False, False, False, False): 1,
    }
    assert kinds - Counter(reviewed) == {}
    missing = Counter(reviewed) - kinds
    assert sum(missing.values()) <= len(interface_changes.NAMES)


def test_the_recycle_bin_keeps_its_vms():
    for name in ("move_vm_to_recycle_bin", "recover_vm_from_recycle_bin"):
        assert not Results(VmApi.__operations__[name]).deletes
    assert Results(VmApi.__operations__["delete_vm"]).deletes


def test_tasks_and_objects_of_responses(client):
    class Canned(object):
        data = '[{"task_id": "t1", "data": {"id": "a"}}, {"task_id": "t1", "data": {"id": "b"}}]'

    results = Results(VmApi.__operations__["start_vm"])
    found = client.deserialize(Canned, "list[WithTaskVm]")
    assert results.tasks(found) == ["t1"] and results.ids(found) == ["a", "b"]
    assert isinstance(results.objects(found)[0], Vm)
    Canned.data = '{"task_id": null, "data": [{"id": "a"}, {"id": "b"}]}'
    found = client.deserialize(Canned, "WithTaskVmArray")
    assert results.tasks(found) == [] and results.ids(found) == ["a", "b"]
    Canned.data = '[{"id": "t1"}, {"id": "t2"}]'
    found = client.deserialize(Canned, "list[Task]")
    assert results.tasks(found) == ["t1", "t2"]
    assert results.tasks(None) == [] and results.ids([]) == []


# ---- methods -----------------------------------------------------------------


def test_a_method_knows_its_row_and_client(client):
    method = Method("test", VmApi(client).get_vms)
    assert method.label == "VmApi.get_vms" and method.client is client and method.has_where
    assert not Method("test", UserApi(client).login).has_where


def test_a_method_that_a_script_overrides(client):
    class Mine(VmApi):
        def get_vms(self, body, **options):
            return "mine"

    method = Method("test", Mine(client).get_vms)
    assert method.row.name == "get_vms" and method({}) == "mine"


@pytest.mark.parametrize(
    "wrong, said",
    [
        (VmApi.get_vms, "VmApi.get_vms without an instance: call it on VmApi(client)"),
        (VmApi, "the class VmApi"),
        (len, "not builtin_function_or_method"),
        (None, "not NoneType"),
        ("get_vms", "not str"),
        (VmApi(ApiClient()).get_vms_with_http_info, "VmApi.get_vms_with_http_info"),
        (TaskApi(ApiClient()).__init__, "TaskApi.__init__"),
    ],
)
def test_what_is_no_method(wrong, said):
    with pytest.raises(ApiTypeError) as caught:
        Method("test", wrong)
    assert said in str(caught.value)


def test_names_are_checked_strictly(client):
    method = Method("test", VmApi(client).get_vms)
    assert method.checked(None) == {}
    assert method.checked({"where": {"name": "a"}}) == {"where": {"name": "a"}}
    with pytest.raises(ApiValueError):
        method.checked({"where": {"naem": "a"}})
    client.configuration.field_validation = "ignore"
    assert method.checked({"where": {"naem": "a"}}) == {"where": {"naem": "a"}}
