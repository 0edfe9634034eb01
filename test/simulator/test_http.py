"""The protocol around the operations."""

import pytest

from cloudtower import _spec


def test_every_answer_has_a_request_id(shared):
    ids = set()
    for method, path, status in (
        ("POST", "/get-vms", 200),
        ("POST", "/nope", 404),
        ("GET", "/login", 405),
        ("GET", "/api/healthz", 200),
    ):
        answer = shared.send(method, path)
        assert answer.status == status
        ids.add(answer.headers["x-tower-request-id"])
    assert len(ids) == 4 and None not in ids


@pytest.mark.parametrize(
    "method, path, status, allow",
    [
        ("POST", "/get-nothings", 404, None),
        ("GET", "/", 404, None),
        ("GET", "/get-vms", 405, "POST"),
        ("PUT", "/login", 405, "POST"),
        ("POST", "/get-version", 405, "GET"),
        ("GET", "/api", 405, "POST"),
        ("POST", "/api/elsewhere", 404, None),
    ],
)
def test_paths_and_methods(shared, method, path, status, allow):
    answer = shared.send(method, path)
    assert answer.status == status == answer.body["status"]
    assert answer.body["path"] == path
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff\xfe", b'{"first": NaN}', b"nope", b'{"first": %s}' % (b"9" * 5000)]
)
def test_a_body_that_is_no_json(shared, raw):
    answer = shared.send("POST", "/get-vms", raw=raw)
    assert answer.status == 400 and "INVALID_JSON" in answer.body["message"]
    assert "sys." not in answer.body["message"]


def test_a_body_without_end(shared):
    deep = b'{"where":' + b'{"AND":[' * 50000
    assert shared.send("POST", "/get-vms", raw=deep).status == 400
    closed = b'{"where":' + b'{"NOT":[' * 3000 + b"{}" + b"]}" * 3000 + b"}"
    assert shared.send("POST", "/get-vms", raw=closed).status in (200, 400)


def test_a_required_body_that_is_missing(shared):
    assert "the body" in shared.refused("/start-vm", None)["message"]


def test_all_faults_are_named(shared):
    error = shared.refused("/create-vm", [{"name": 5, "memory": "much"}])
    paths = set(each["path"] for each in error["props"]["faults"])
    assert {"[0].name", "[0].memory", "[0].cluster_id", "[0].vm_disks"} <= paths
    assert "[0].name" in error["message"]


def test_unknown_members_are_noted(shared):
    body = {"first": 1, "fields": ["id"]}
    answer = shared.send("POST", "/get-vms", body)
    assert len(answer.body) == 1
    assert answer.headers["x-simulator-ignored"] == "fields"


def test_version_and_health(shared):
    shared_version = shared.send("GET", "/get-version", headers={"authorization": None})
    assert (shared_version.status, shared_version.body) == (200, _spec.VERSION)
    health = shared.send("GET", "/api/healthz", headers={"authorization": None})
    assert (health.status, health.body) == (200, None)


def test_a_fault_of_the_simulator_is_a_500(api, monkeypatch, capfd):
    from cloudtower.simulator.operations import listing

    monkeypatch.setattr(listing, "_page", None)
    error = api.refused("/get-vms", {}, 500)
    assert "TypeError" in error["message"]
    assert "Traceback" in capfd.readouterr().err


def test_one_object_in_place_of_a_list(api):
    answer = api.post("/create-label", {"key": "single"})
    assert answer["data"]["key"] == "single"
    assert isinstance(api.post("/create-label", [{"key": "listed"}]), list)
