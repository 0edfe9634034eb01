"""304 for an update that changes nothing: of strict towers only."""

import pytest
from simulated import start


@pytest.fixture(scope="module")
def strict():
    made = start(strict=True)
    yield made
    made.close()
    made.simulator.stop()


def _updates(api):
    label = api.one("/get-labels", key="owner")
    vm, nic = api.vm("web-02"), api.one("/get-vm-nics", vm={"name": "web-02"})
    volume = api.one("/get-vm-volumes", vm_disks_some={"vm": {"id": vm["id"]}})
    where = {"id": vm["id"]}
    yield "/update-label", {"where": {"id": label["id"]}, "data": {"key": "owner"}}, {"key": "o"}
    same = {"gateway": nic["gateway"]}
    yield "/update-vm-nic-basic-info", {"where": {"id": nic["id"]}, "data": same}, {
        "gateway": "10.0.0.254"
    }
    same = {"name": volume["name"], "size": volume["size"]}
    yield "/update-vm-volume", {"where": {"id": volume["id"]}, "data": same}, {"name": "other"}
    same = {"clock_offset": vm["clock_offset"]}
    other = {"clock_offset": "LOCALTIME"}
    yield "/update-vm-advanced-options", {"where": where, "data": same}, other


def test_nothing_changes(strict):
    for path, body, other in _updates(strict):
        before = [strict.post("/get-vms", {}), strict.post("/get-labels", {})]
        tasks = len(strict.post("/get-tasks", {}))
        answer = strict.send("POST", path, body)
        assert (answer.status, answer.body) == (304, None), (path, answer.status, answer.body)
        assert [strict.post("/get-vms", {}), strict.post("/get-labels", {})] == before
        assert len(strict.post("/get-tasks", {})) == tasks
        strict.post(path, dict(body, data=other))
        strict.settle()


def test_what_matches_nothing_is_an_empty_list(strict):
    body = {"where": {"key": "nothing"}, "data": {"key": "k"}}
    assert strict.post("/update-label", body) == []


def test_labels_that_are_on_already(strict):
    body = {"where": {"value": "production"}, "data": {"vms": {"name": "web-01"}}}
    assert strict.send("POST", "/add-labels-to-resources", body).status == 304
    assert strict.send("POST", "/remove-labels-from-resources", body).status == 200
    assert strict.send("POST", "/remove-labels-from-resources", body).status == 304


def test_other_towers_carry_it_out(api):
    for path, body, _ in _updates(api):
        assert api.send("POST", path, body).status == 200
        api.settle()


def test_other_updates_are_no_304_even_there(strict):
    vm = strict.vm("web-01")
    body = {"where": {"id": vm["id"]}, "data": {"name": "web-01"}}
    strict.run("/update-vm-basic-info", body)
