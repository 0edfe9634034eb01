"""Collections of logs: one at a time, with a progress, stopped and deleted."""

import pytest
import simulated

pytest.importorskip("starlette")

from cloudtower.simulator.engine.timestamps import iso  # noqa: E402

HOUR = 3600


def body_of(api, **members):
    body = {"cluster_id": api.one("/get-clusters", name="cluster-01")["id"], "hosts": {}}
    body.update(log_started_at=iso(api.clock[0] - HOUR), log_ended_at=iso(api.clock[0]))
    return [dict(body, **members)]


def test_a_collection(api):
    groups = [{"group_name": "elf", "services": ["elf-vm-monitor"]}]
    (answer,) = api.post("/create-log-collection", body_of(api, service_groups=groups))
    collection = answer["data"]
    assert (collection["status"], collection["path"]) == ("EXECUTING", "")
    assert (collection["owner"], len(collection["hosts"])) == (api.simulator.username, 3)
    assert (collection["groups"], collection["services"]) == (["elf"], ["elf-vm-monitor"])
    error = api.refused("/create-log-collection", body_of(api))
    assert "LOG_COLLECT_NOT_SUPPORT_RUN_PARALLEL" in error["message"]
    where = {"where": {"id": collection["id"]}}
    assert "EXECUTING" in api.refused("/delete-log-collection", where)["message"]
    api.clock[0] += 12
    assert 0 < api.one("/get-log-collections")["progress"] < 1
    api.settle()
    task = api.one("/get-tasks", id=answer["task_id"])
    assert (task["description"], task["status"]) == ("Log Collection", "SUCCESSED")
    collection = api.one("/get-log-collections")
    assert (collection["status"], collection["progress"]) == ("SUCCESSED", 1)
    assert collection["path"] and collection["size"] > 0
    error = api.refused("/force-stop-log-collection", where)
    assert "LOG_COLLECTION_ABORT_FAILED" in error["message"]
    api.run("/delete-log-collection", where)
    assert api.post("/get-log-collections") == []


def test_stopping_a_collection(api):
    (answer,) = api.post("/create-log-collection", body_of(api))
    where = {"where": {"id": answer["data"]["id"]}}
    (stopped,) = api.post("/force-stop-log-collection", where)
    assert stopped["data"]["status"] == "STOPPING"
    api.refused("/create-log-collection", body_of(api))
    api.clock[0] += 5
    assert api.post("/get-log-collections") == []
    api.post("/create-log-collection", body_of(api))
    api.settle()
    assert [held["status"] for held in api.post("/get-log-collections")] == ["SUCCESSED"]
    task = api.one("/get-tasks", id=stopped["task_id"])
    assert (task["description"], task["status"]) == ("Stop Collection", "SUCCESSED")


def test_what_is_no_collection(api):
    other = api.one("/get-clusters", name="cluster-02")["id"]
    for members in (
        {"log_ended_at": iso(api.clock[0] + HOUR)},
        {"log_started_at": iso(api.clock[0])},
        {"cluster_id": "nowhere"},
        {"hosts": {"cluster": {"id": other}}},
        {"witness_id": "nowhere"},
    ):
        api.refused("/create-log-collection", body_of(api, **members))
    error = api.refused("/create-log-collection", body_of(api) * 2)
    assert "LOG_COLLECT_NOT_SUPPORT_RUN_PARALLEL" in error["message"]
    assert api.post("/get-log-collections") == []
    # another cluster collects for itself
    api.run("/create-log-collection", body_of(api) + body_of(api, cluster_id=other))
    assert len(api.post("/get-log-collections")) == 2


def test_three_files_are_kept(api):
    for _ in range(5):
        last = api.run("/create-log-collection", body_of(api))[0]["data"]["id"]
    kept = api.post("/get-log-collections", {"orderBy": "started_at_ASC"})
    assert len(kept) == 3 and kept[-1]["id"] == last
    long = body_of(api, log_started_at=iso(api.clock[0] - 66 * HOUR))
    api.run("/create-log-collection", long)
    assert len(api.post("/get-log-collections")) == 1  # not more than 3 GiB


def test_a_collection_fails(api):
    api.simulator.faults.add("task_fails", operation="create-log-collection")
    api.failed("/create-log-collection", body_of(api))
    assert api.one("/get-log-collections")["status"] == "FAILED"
    api.simulator.faults.clear()
    api.run("/create-log-collection", body_of(api))


def test_a_collection_that_a_restart_breaks_off(tmp_path):
    path = str(tmp_path / "state.db")
    api = simulated.start(state=path)
    api.post("/create-log-collection", body_of(api))
    api.simulator.stop()
    api = simulated.start(state=path)
    try:
        assert api.one("/get-log-collections")["status"] == "FAILED"
        api.run("/create-log-collection", body_of(api))
    finally:
        api.simulator.stop()
