"""What is answered how faithfully, and the generic behaviour."""

import re

import pytest

pytest.importorskip("starlette")

from cloudtower.simulator import coverage  # noqa: E402
from cloudtower.simulator.assumptions import ASSUMPTIONS  # noqa: E402
from cloudtower.simulator.schema import operations  # noqa: E402


def test_every_operation_is_answered_and_says_how(shared):
    rows = coverage.rows()
    assert len(rows) == len(operations.by_path()) >= 500
    assert {faithful for _, faithful, _ in rows} == {"stateful", "generic", "shape"}
    few = dict((faithful, path) for path, faithful, _ in rows)
    for faithful, path in few.items():
        answer = shared.send(operations.by_path()[path].method, path, {})
        assert answer.headers["x-simulator-fidelity"] == faithful and answer.status in (200, 400)


def test_the_printed_table():
    text = coverage.table()
    counts = [int(each) for each in re.search(
        r"\d+ operations: (\d+) stateful, (\d+) generic, (\d+) shape", text).groups()]  # fmt: skip
    assert sum(counts) == len(operations.by_path())
    assert all(subject in text for subject, *_ in ASSUMPTIONS)
    for _, _, _, *paths in ASSUMPTIONS:  # no pattern that says nothing
        for each in " ".join(paths).split():
            pattern = re.compile(each.replace("*", ".*") + "$")
            assert any(map(pattern.match, operations.by_path())), each


def test_a_generic_life(api):
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    body = {"cluster_id": cluster, "name": "plan", "remain_snapshot_num": 3}
    body.update(vm_ids=[api.vm("web-01")["id"]], execute_plan_type="DAY", execute_intervals=[1])
    body["start_time"] = "2026-01-01T00:00:00.000Z"
    (answer,) = api.post("/create-snapshot-plan", [body])
    plan = answer["data"]
    assert plan["entityAsyncStatus"] == "CREATING" and plan["vms"][0]["name"] == "web-01"
    api.settle()
    task = api.one("/get-tasks", id=answer["task_id"])
    assert (task["status"], task["resource_mutation"]) == ("SUCCESSED", "createSnapshotPlan")
    assert api.vm("web-01")["snapshot_plan"]["id"] == plan["id"]
    where = {"where": {"id": plan["id"]}}
    data = {"name": "renamed", "remain_snapshot_num": 4}
    (answer,) = api.post("/update-snapshot-plan", dict(where, data=data))
    assert "ResourceLocked" == api.refused("/delete-snapshot-plan", where)["code"]
    api.settle()
    plan = api.one("/get-snapshot-plans", id=plan["id"])
    assert (plan["name"], plan["remain_snapshot_num"]) == ("renamed", 4)
    assert api.post("/update-snapshot-plan", {"where": {"name": "plan"}, "data": data}) == []
    (answer,) = api.run("/delete-snapshot-plan", where)
    assert answer["data"] == {"id": plan["id"]}
    assert api.post("/get-snapshot-plans", where) == []
    assert api.vm("web-01")["snapshot_plan"] is None


def test_generic_references_are_checked(api):
    body = {"name": "n", "vpc_id": "nope"}
    error = api.refused("/create-virtual-private-cloud-route-table", [body])
    assert "VIRTUAL_PRIVATE_CLOUD_NOT_FOUND" in error["message"]
    (vpc,) = api.run("/create-virtual-private-cloud", [{"name": "vpc", "vpc_service_id": "s"}])
    body["vpc_id"] = vpc["data"]["id"]
    (table,) = api.run("/create-virtual-private-cloud-route-table", [body])
    subnet = {
        "name": "s",
        "vpc_id": vpc["data"]["id"],
        "cidr": "10.0.0.0/24",
        "gateway": "10.0.0.1",
    }
    subnet["route_table_id"] = table["data"]["id"]
    (answer,) = api.run("/create-virtual-private-cloud-subnet", [subnet])
    assert answer["data"]["cidr"] == "10.0.0.0/24"
    assert answer["data"]["route_table"]["id"] == table["data"]["id"]


def test_strict_refuses_what_the_interface_does_not_know():
    import simulated

    api = simulated.start(strict=True)
    try:
        error = api.refused("/get-vms", {"first": 1, "fields": ["id"]})
        assert "fields" in error["message"]
    finally:
        api.close()
        api.simulator.stop()
