"""What is answered how faithfully, and the generic behaviour."""

import re

import interface_changes
import pytest

pytest.importorskip("starlette")

from cloudtower._runtime.operation import Operation  # noqa: E402
from cloudtower.simulator import coverage  # noqa: E402
from cloudtower.simulator.assumptions import ASSUMPTIONS  # noqa: E402
from cloudtower.simulator.operations import fidelity, registry  # noqa: E402
from cloudtower.simulator.schema import operations  # noqa: E402
from cloudtower.simulator.server import graphql  # noqa: E402


def test_every_operation_is_answered_and_says_how(shared):
    rows = coverage.rows()
    assert len(rows) == len(operations.by_path()) >= 500
    degrees = {faithful for _, faithful, _ in rows}
    assert {"stateful", "generic", "shape"} <= degrees
    assert degrees <= {"stateful", "generic", "shape", "unmodelled"}
    few = dict((faithful, path) for path, faithful, _ in rows)
    for faithful, path in few.items():
        answer = shared.send(operations.by_path()[path].method, path, {})
        assert answer.headers["x-simulator-fidelity"] == faithful
        assert answer.status in (200, 400, 501)


@pytest.fixture
def unmodelled(api, monkeypatch):
    """Sends /upload_nvram as if nothing modelled it: function(**options) that returns the answer."""
    monkeypatch.delitem(registry.HANDLERS, "/upload_nvram", raising=False)
    where = {"id": api.vm("web-01")["id"]}
    cluster = {"id": api.one("/get-clusters", name="cluster-01")["id"]}
    body = {"vm": where, "cluster": cluster, "data": "AA=="}
    return lambda **options: api.send("POST", "/upload_nvram", body, **options)


@pytest.fixture
def in_path(monkeypatch):
    """An operation that takes values in its path: "/widgets/{id}/parts/{part-no}"."""
    values = [("id", "str", "required"), (("part_no", "part-no"), "int32", "required")]
    path = "/widgets/{id}/parts/{part-no}"
    made = Operation(path, "Vm", read=True, method="GET", in_path=values)
    monkeypatch.setitem(operations.by_path(), path, made)
    operations._patterns.cache_clear()
    yield made
    operations._patterns.cache_clear()


def test_what_takes_values_in_its_path_is_refused(api, in_path):
    answer = api.send("GET", "/widgets/a%20b/parts/1")
    assert answer.status == 501 and answer.body["message"].startswith("NOT_MODELLED")
    assert api.send("POST", "/widgets/a/parts/1", {}).status == 405
    assert api.send("GET", "/widgets/a/parts/").status == 404
    assert (in_path.path, "unmodelled") in [row[:2] for row in coverage.rows()]


def test_what_acts_and_is_not_modelled_is_refused(api, unmodelled):
    answer = unmodelled()
    assert (answer.status, answer.body["status"]) == (501, 501)
    assert answer.body["props"]["code"] == "NOT_MODELLED"
    assert "NVRAM" in answer.body["message"] and "--lenient" in answer.body["message"]
    assert answer.headers["x-simulator-fidelity"] == "unmodelled"
    assert api.post("/get-tasks") == [] and api.post("/get-user-audit-logs") == []
    # who may not, and who says it wrongly, is refused as by any other operation
    assert unmodelled(headers={"authorization": None}).status == 401
    assert api.send("POST", "/upload_nvram", {"data": 5}).status == 400
    login = {"username": "reader", "password": api.simulator.password}
    reader = api.post("/login", login)["data"]["token"]
    assert unmodelled(headers={"authorization": reader}).status == 403


def test_lenient_responds_as_if_it_was_done(monkeypatch):
    import simulated

    monkeypatch.delitem(registry.HANDLERS, "/upload_nvram", raising=False)
    api = simulated.start(lenient=True)
    try:
        vm, cluster = api.vm("web-01"), api.one("/get-clusters", name="cluster-01")
        body = {"vm": {"id": vm["id"]}, "cluster": {"id": cluster["id"]}, "data": "AA=="}
        answer = api.send("POST", "/upload_nvram", body)
        assert (answer.status, answer.headers["x-simulator-fidelity"]) == (200, "shape")
        api.simulator.reset()
        api.login()
        assert api.send("POST", "/upload_nvram", body).status == 200
    finally:
        api.close()
        api.simulator.stop()


def test_each_write_makes_a_row_or_is_modelled_or_refused():
    assert set(fidelity.ACTS) <= set(operations.by_path())
    for path, faithful, _ in coverage.rows():
        operation, verb = operations.by_path()[path], operations.words(path)[0]
        if not operation.read and faithful in ("generic", "shape"):
            assert verb in ("create", "update", "delete", "move") and faithful == "generic", path
    acting = re.compile("/(execute|suspend|resume|rollback|generate|enable|disable|force|clone)-")
    for path, faithful, _ in coverage.rows():
        assert not acting.match(path) or faithful in ("stateful", "unmodelled"), path


def test_the_printed_table():
    text = coverage.table()
    groups = dict((name, (int(total), numbers)) for total, name, numbers in re.findall(
        r"(\d+) (reads|writes): (.+)", text))  # fmt: skip
    for total, numbers in groups.values():
        assert sum(map(int, re.findall(r"\d+", numbers))) == total
    assert sum(total for total, _ in groups.values()) == len(operations.by_path())
    assert re.search(r"\n\d+ GraphQL queries: ", text)
    assert "\n%d GraphQL mutations: " % len(graphql.mutations()) in text and "updateVm" in text
    refused = text.partition("Refused with 501")[2].partition("Assumptions")[0]
    for path, faithful, _ in coverage.rows():
        assert (path + " " in refused) == (faithful == "unmodelled"), path
    assert all(subject in text for subject, *_ in ASSUMPTIONS)
    for _, _, _, *paths in ASSUMPTIONS:  # no pattern that says nothing
        for each in " ".join(paths).split():
            pattern = re.compile(each.replace("*", ".*") + "$")
            there = any(map(pattern.match, operations.by_path()))
            assert there or interface_changes.has(each), each


def test_the_life_of_an_object(api):
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    body = {"cluster_id": cluster, "name": "plan", "remain_snapshot_num": 3}
    body.update(vm_ids=[api.vm("web-01")["id"]], execute_plan_type="DAY", execute_intervals=[1])
    body["start_time"] = "2030-01-01T00:00:00.000Z"
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
