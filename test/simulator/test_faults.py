"""Faults on demand, asked for in Python and over HTTP."""

import http.client
import time

import pytest


@pytest.fixture
def faults(api):
    yield api.simulator.faults
    api.simulator.faults.clear()


def test_errors(api, faults):
    faults.add("error", status=429, operation="/get-vms", count=2)
    faults.add("error", status=503, retry_after=7, operation="get-hosts")
    for _ in range(2):
        answer = api.send("POST", "/get-vms", {})
        assert (answer.status, answer.headers["retry-after"]) == (429, "1")
        assert answer.body["status"] == 429 and answer.body["path"] == "/get-vms"
    assert api.send("POST", "/get-vms", {}).status == 200
    answer = api.send("POST", "/get-hosts", {})
    assert (answer.status, answer.headers["retry-after"]) == (503, "7")


def test_an_error_does_nothing(api, faults):
    faults.add("error", status=500, operation="create-*")
    api.refused("/create-label", [{"key": "x"}], 500)
    assert api.post("/get-labels", {"where": {"key": "x"}}) == []


def test_latency(api, faults):
    faults.add("latency", seconds=1, count=1)
    started = time.perf_counter()
    api.post("/get-clusters", {})
    assert time.perf_counter() - started >= 1
    started = time.perf_counter()
    api.post("/get-clusters", {})
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("when, done", [("before", 0), ("after", 1)])
def test_resets(api, faults, when, done):
    faults.add("reset", when=when, count=1)
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        api.send("POST", "/create-label", [{"key": "reset"}])
    api.close()
    assert len(api.post("/get-labels", {"where": {"key": "reset"}})) == done


def test_a_truncated_body(api, faults):
    faults.add("truncated", count=1)
    with pytest.raises(http.client.IncompleteRead):
        api.send("POST", "/get-vms", {})
    api.close()
    assert len(api.post("/get-vms", {})) == 7


def test_a_body_that_is_no_json(api, faults):
    faults.add("not_json", count=1)
    with pytest.raises(ValueError):
        api.send("POST", "/get-vms", {})
    assert api.send("POST", "/get-vms", {}).status == 200


def test_wrong_values(api, faults):
    faults.add("null", field="name", operation="get-vms", count=1)
    faults.add("unknown_enum", operation="get-vms", count=1)
    faults.add("null", field="cluster.name", operation="get-hosts")
    vm = api.post("/get-vms", {"first": 1})[0]
    assert vm["name"] is None and "SOMETHING_NEW" in vm.values()
    assert api.post("/get-hosts", {})[0]["cluster"]["name"] is None
    assert api.post("/get-vms", {"first": 1})[0]["name"]


def test_an_expired_token(api, faults):
    faults.add("expired_token", count=1)
    assert "LOAD_TOKEN_FAILED" in api.refused("/get-vms", {}, 401)["message"]
    api.post("/get-vms", {})


def test_tasks(api, faults):
    where = {"where": {"name": "web-01"}}
    faults.add("task_fails", code="EAllocSpace", message="no space", operation="suspend-vm")
    task = api.failed("/suspend-vm", where)
    assert task["error_code"] == "EAllocSpace" and "no space" in task["error_message"]
    assert api.vm("web-01")["status"] == "RUNNING"
    faults.clear()
    faults.add("task_hangs", count=1)
    api.post("/get-vms", {})  # which begins no task, and does not count
    answers = api.post("/suspend-vm", where)
    api.settle()
    assert api.tasks_of(answers)[0]["status"] == "EXECUTING"
    assert api.refused("/suspend-vm", where)["code"] == "ResourceLocked"


def test_a_task_that_pauses(api, faults):
    faults.add("task_pauses", seconds=5000, count=1)
    answers = api.post("/suspend-vm", {"where": {"name": "web-01"}})
    api.clock[0] += 2500
    task = api.tasks_of(answers)[0]
    assert task["status"] == "PAUSED" and 0 < task["progress"] < 1 and not task["finished_at"]
    assert api.refused("/suspend-vm", {"where": {"name": "web-01"}})["code"] == "ResourceLocked"
    api.clock[0] += 5000
    assert api.tasks_of(answers)[0]["status"] == "SUCCESSED"
    assert api.vm("web-01")["status"] == "SUSPENDED"


def test_a_status_that_lags(api, faults):
    faults.add("lagging_status", seconds=5000)
    answers = api.post("/suspend-vm", {"where": {"name": "web-01"}})
    api.settle()
    assert api.tasks_of(answers)[0]["status"] == "SUCCESSED"
    assert api.vm("web-01")["entityAsyncStatus"] == "UPDATING"
    api.clock[0] += 6000
    assert api.vm("web-01")["entityAsyncStatus"] is None


def test_probability_with_a_seed(api, faults):
    def strikes():
        faults.clear()
        faults.add("error", probability=0.5, seed=7)
        return [api.send("POST", "/get-vms", {}).status for _ in range(20)]

    first = strikes()
    assert set(first) == {200, 503} and strikes() == first


def test_over_http(api, faults):
    given = {"kind": "error", "status": 502, "operation": "get-vms"}
    answer = _admin(api, "POST", "/faults", given)
    assert _admin(api, "GET", "/faults").body[-1]["status"] == 502
    api.refused("/get-vms", {}, 502)
    assert _admin(api, "DELETE", "/faults/%d" % answer.body["id"]).status == 200
    api.post("/get-vms", {})
    assert _admin(api, "DELETE", "/faults/99").status == 404
    for bad in (
        {"kind": "nope"},
        {"kind": "error", "colour": 1},
        {"kind": "error", "status": 200},
        {"kind": "error", "count": 0},
        {"kind": "error", "seed": []},
        {"kind": "null", "field": 5},
        {"kind": "reset", "when": "later"},
        {"kind": "error", "operation": "get-vsm"},
        {"kind": "error", "operation": "/v2/api/get-vms"},
        {"kind": "error", "operation": "*-vsm"},
        {"kind": []},
        {},
    ):
        assert _admin(api, "POST", "/faults", bad).status == 400


@pytest.mark.parametrize(
    "kind, name, value, wanted",
    [
        ("null", "field", "zzz", "one that a response has"),
        ("null", "field", "", "the name of a field"),
        ("null", "field", "cluster.zzz", "one that a response has"),
        ("unknown_enum", "field", "name.first", "one that a response has"),
        ("unknown_enum", "value", 5, "text"),
        ("error", "seed", "x", "a whole number"),
        ("error", "seed", None, "a whole number"),
        ("error", "message", 5, "text"),
        ("error", "message", "\ud800", "text"),
        ("error", "status", 503.0, "400 to 599"),
        ("error", "operation", "", "the path of one"),
        ("error", "operation", 5, "the path of one"),
        ("error", "count", True, "a number above 0"),
        ("latency", "seconds", float("inf"), "a number of seconds"),
        ("latency", "probability", "often", "0 to 1"),
        ("task_fails", "code", 5, "text"),
        ("task_pauses", "seconds", None, "a number of seconds"),
    ],
)
def test_a_value_that_cannot_be(faults, kind, name, value, wanted):
    with pytest.raises(ValueError, match="^%s must be .*%s" % (name, wanted)):
        faults.add(kind, **{name: value})


def test_fields_that_responses_have(faults):
    for right in ("host", "host.name", "cpu.cores", "vm_disks", "data", "task_id"):
        faults.add("null", field=right, operation="get-vms")


def test_an_operation_that_does_not_exist(faults):
    for wrong in ("start_vm", "start-vmm", "/v2/api/start-vm"):
        with pytest.raises(ValueError, match="did you mean 'start-vm'"):
            faults.add("error", operation=wrong)
    for right in ("start-vm", "/start-vm", "*-vm", "*", "api", "/api/export/*"):
        faults.add("error", operation=right, count=1)


def test_admin_snapshots(api):
    name = _admin(api, "POST", "/snapshot").body["name"]
    api.post("/create-label", [{"key": "gone"}])
    assert _admin(api, "POST", "/restore", {"name": name}).status == 200
    assert api.post("/get-labels", {"where": {"key": "gone"}}) == []
    assert _admin(api, "POST", "/restore", {"name": "nope"}).status == 404
    api.post("/create-label", [{"key": "gone"}])
    assert _admin(api, "POST", "/reset").status == 200
    assert len(api.post("/get-labels", {})) == 3
    assert _admin(api, "POST", "/nope").status == 404


def _admin(api, method, path, body=None):
    return api.send(method, "/simulator" + path, body)
