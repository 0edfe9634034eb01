"""A Fleet over three simulators: threads, processes, Dask."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from cloudtower import ApiException, FleetError, VmApi
from cloudtower.simulator import Simulator
from cloudtower.utils import Fleet, count, to_rows

NAMES = ("prod", "lab", "edge")


@pytest.fixture(scope="module")
def towers():
    made = dict((name, Simulator(speed=60)) for name in NAMES)
    for each in made.values():
        each.start()
    yield made
    for each in made.values():
        each.stop()


@pytest.fixture
def clients(towers):
    made = dict((name, each.client()) for name, each in towers.items())
    yield made
    for each in made.values():
        each.close()


@pytest.fixture(params=["threads", "pool of threads", "processes"])
def executor(request):
    if request.param == "threads":
        yield None
        return
    if request.param == "pool of threads":
        pool = ThreadPoolExecutor(2)
    else:
        pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))
    with pool:
        yield pool


def running(client):
    """How many VMs run, and one of them; a function that another process finds."""
    where = {"status": "RUNNING"}
    return count(VmApi(client).get_vms, where=where), VmApi(client).get_vms({"where": where})[0]


def fails(client):
    return VmApi(client).get_vms({"where": {"id": "x"}}, _request_timeout=0)


def test_a_report_over_three_towers(clients, executor):
    fleet = Fleet(clients, executor=executor)
    results, errors = fleet.map(running)
    assert not errors and list(results) == list(NAMES)
    numbers = set(number for number, _ in results.values())
    assert len(numbers) == 1 and numbers.pop() > 0
    assert all(vm.status == "RUNNING" for _, vm in results.values())
    rows = list(to_rows(fleet.iterate(VmApi.get_vms, page_size=2), ["tower", "object.id"]))
    for name in NAMES:
        wanted = sorted(vm.id for vm in VmApi(clients[name]).get_vms({}))
        assert [id for tower, id in rows if tower == name] == wanted


def test_errors_come_back(clients, executor, towers):
    clients["lab"].configuration.credentials = None  # else it would log in again
    clients["lab"].configuration.api_key["Authorization"] = "wrong"
    fleet = Fleet(clients, executor=executor)
    results, errors = fleet.map(running)
    assert sorted(results) == ["edge", "prod"]
    assert isinstance(errors["lab"], ApiException) and errors["lab"].status == 401
    assert errors["lab"].operation and errors["lab"].url
    with pytest.raises(FleetError, match="1 of 3 towers failed:\n  lab: Unauth") as caught:
        for tower, _ in fleet.iterate(VmApi.get_vms):
            assert tower != "lab"
    assert caught.value.errors["lab"].status == 401
    errors = fleet.map(fails).errors
    assert [type(each).__name__ for each in errors.values()] == ["ApiValueError"] * 3


def test_what_does_not_pickle_is_an_error(clients):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        results, errors = Fleet(clients, executor=pool).map(lambda client: 1)
    assert results == {} and sorted(errors) == sorted(NAMES)


def test_dask(clients):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None
    ) as cluster, distributed.Client(cluster) as dask:
        fleet = Fleet(clients, executor=dask.get_executor())
        assert sorted(fleet.map(running).results) == sorted(NAMES)
        assert set(tower for tower, _ in fleet.iterate(VmApi.get_vms)) == set(NAMES)
