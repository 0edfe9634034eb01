"""Snapshot plans: what they protect, their runs by hand and by schedule, groups, retention."""

import pytest
import simulated

pytest.importorskip("starlette")

from cloudtower.simulator.engine.timestamps import iso, seconds_of  # noqa: E402

HOUR, DAY = 3600, 86400


@pytest.fixture
def make(api):
    """make(vms, **members) creates a plan that runs every hour, from a week from now."""

    def plan(*names, **members):
        cluster = api.one("/get-clusters", name="cluster-01")["id"]
        body = {"cluster_id": cluster, "name": "hourly", "remain_snapshot_num": 2}
        body.update(execute_plan_type="HOUR", execute_intervals=[1])
        body["start_time"] = iso(api.clock[0] + 7 * DAY)
        body["vm_ids"] = [api.vm(name)["id"] for name in names or ("web-01", "web-02")]
        body.update(members)
        answer = api.run("/create-snapshot-plan", [body])[0]
        return api.one("/get-snapshot-plans", id=answer["data"]["id"])

    return plan


def seen(api, plan):
    return api.one("/get-snapshot-plans", id=plan["id"])


def groups(api, plan):
    where = {"snapshotPlanTask": {"snapshotPlan": {"id": plan["id"]}}}
    return api.post("/get-snapshot-groups", {"where": where, "orderBy": "local_created_at_ASC"})


def execute(api, plan, name):
    body = {"where": {"id": plan["id"]}, "data": {"task_name": name}}
    return api.run("/execute-snapshot-plan", body)


def test_a_plan_protects_its_vms(api, make):
    plan = make("build-agent", "web-01")
    assert (plan["status"], plan["last_execute_status"]) == ("NORMAL", "UNSPECIFIED")
    assert plan["object_num"] == 2 and plan["healthy"]
    assert plan["next_execute_time"] == plan["start_time"]
    vm = api.vm("build-agent")
    assert vm["protected"] and vm["snapshot_plan"]["id"] == plan["id"]
    one = {"where": {"id": vm["id"]}}
    for path in ("/move-vm-to-recycle", "/delete-vm"):
        assert "VM_PROTECTED" in api.refused(path, one)["message"]
    body = [{"name": "template", "vm_id": vm["id"], "cloud_init_supported": False}]
    assert "VM_PROTECTED" in api.refused("/convert-vm-template-from-vm", body)["message"]
    where = {"where": {"id": plan["id"]}}
    others = [api.vm("web-01")["id"]]
    api.run("/update-snapshot-plan", dict(where, data={"vm_ids": others}))
    assert not api.vm("build-agent")["protected"] and api.vm("web-01")["protected"]
    assert seen(api, plan)["object_num"] == 1
    api.run("/move-vm-to-recycle", one)
    api.run("/delete-snapshot-plan", where)
    vm = api.vm("web-01")
    assert not vm["protected"] and vm["snapshot_plan"] is None


def test_a_run_by_hand(api, make):
    plan = make("web-01", "db-01")
    body = {"where": {"id": plan["id"]}, "data": {"task_name": "before-upgrade"}}
    (answer,) = api.post("/execute-snapshot-plan", body)
    assert answer["data"]["last_execute_status"] == "IN_PROGRESS"
    error = api.refused("/execute-snapshot-plan", body)
    assert "SNAPSHOT_PLAN_IS_EXECUTING" in error["message"]
    where = {"where": {"id": plan["id"]}}
    assert "EXECUTING" in api.refused("/delete-snapshot-plan", where)["message"]
    vm = {"where": {"name": "db-01"}}
    assert api.refused("/poweroff-vm", vm)["code"] == "ResourceLocked"
    api.clock[0] += 10
    task = api.one("/get-tasks", id=answer["task_id"])
    assert (task["status"], task["description"]) == ("SUCCESSED", "Execute snapshot plan hourly")
    (group,) = groups(api, plan)
    assert (group["name"], group["object_num"], group["keep"]) == ("before-upgrade", 2, False)
    assert sorted(known["vm_name"] for known in group["vm_info"]) == ["db-01", "web-01"]
    assert group["estimated_recycling_time"] is None
    snapshots = api.post("/get-vm-snapshots", {"where": {"snapshot_group": {"id": group["id"]}}})
    assert len(snapshots) == 2 and all(held["vm_disks"] for held in snapshots)
    assert len(api.vm("db-01")["snapshots"]) == 1
    plan = seen(api, plan)
    assert (plan["manual_execute_num"], plan["auto_execute_num"]) == (1, 0)
    assert (plan["last_execute_status"], plan["snapshot_group_num"]) == ("SUCCEED", 1)
    assert plan["logical_size_bytes"] == group["logical_size_bytes"] == 680 * 2**30
    assert 0 < plan["physical_size_bytes"] < plan["logical_size_bytes"]
    assert plan["last_execute_time"] < plan["last_execute_end_time"]
    run = api.one("/get-snapshot-plan-tasks", snapshotPlan={"id": plan["id"]})
    assert (run["type"], run["status"]) == ("TASK_TYPE_PROTECT", "SUCCEED")
    assert run["snapshotGroup"]["id"] == group["id"]
    assert "DUPLICATE_NAME" in api.refused("/execute-snapshot-plan", body)["message"]


def test_a_run_that_fails(api, make):
    plan = make()
    api.simulator.faults.add("task_fails", operation="execute-snapshot-plan")
    body = {"where": {"id": plan["id"]}, "data": {"task_name": "unlucky"}}
    api.failed("/execute-snapshot-plan", body)
    api.simulator.faults.clear()
    assert groups(api, plan) == [] and seen(api, plan)["last_execute_status"] == "FAILED"
    execute(api, plan, "lucky")
    assert len(groups(api, plan)) == 1


def test_runs_by_schedule_and_what_is_retained(api, make):
    plan = make()
    start = seconds_of(plan["start_time"])
    api.clock[0] = start + 60
    (group,) = groups(api, plan)
    assert group["estimated_recycling_time"] == iso(start + 2 * HOUR)
    assert seen(api, plan)["next_execute_time"] == iso(start + HOUR)
    execute(api, plan, "by-hand")
    api.clock[0] = start + HOUR + 60
    api.run("/keep-snapshot-group", {"where": {"id": group["id"]}})
    api.clock[0] = start + 5 * HOUR + 60
    left = groups(api, plan)
    kept = [held["name"] for held in left if held["keep"] or held["name"] == "by-hand"]
    assert kept == [group["name"], "by-hand"] and len(left) == 4
    plan = seen(api, plan)
    numbers = (plan["auto_execute_num"], plan["manual_execute_num"], plan["auto_delete_num"])
    assert numbers == (6, 1, 3) and plan["manual_delete_num"] == 0
    assert plan["snapshot_group_num"] == 4
    snapshots = api.post("/get-vm-snapshots", {"where": {"vm": {"name": "web-01"}}})
    assert len(snapshots) == 4
    assert left[-1]["local_created_at"] == iso(start + 5 * HOUR + 4)
    # fewer to retain: from the next run on
    where = {"where": {"id": plan["id"]}}
    api.run("/update-snapshot-plan", dict(where, data={"remain_snapshot_num": 1}))
    api.clock[0] = start + 6 * HOUR + 60
    assert len(groups(api, plan)) == 3


def test_a_plan_that_is_suspended_does_not_run(api, make):
    plan = make()
    where = {"where": {"id": plan["id"]}}
    body = dict(where, data={"task_name": "under-way"})
    api.post("/execute-snapshot-plan", body)
    api.run("/suspend-snapshot-plan", where)
    assert len(groups(api, plan)) == 1  # what was under way has gone on
    plan = seen(api, plan)
    assert (plan["status"], plan["next_execute_time"]) == ("SUSPENDED", None)
    api.clock[0] += DAY
    assert len(groups(api, plan)) == 1
    execute(api, plan, "by-hand")
    api.run("/resume-snapshot-plan", where)
    plan = seen(api, plan)
    assert plan["status"] == "NORMAL"
    before = plan["auto_execute_num"]
    api.clock[0] = seconds_of(plan["next_execute_time"]) + 60
    assert seen(api, plan)["auto_execute_num"] == before + 1


def test_a_plan_ends(api, make):
    start = api.clock[0] + HOUR
    plan = make(start_time=iso(start), end_time=iso(start + 2.5 * HOUR), remain_snapshot_num=16)
    api.clock[0] = start + DAY
    plan = seen(api, plan)
    assert (plan["status"], plan["auto_execute_num"]) == ("STOPPED", 3)
    assert plan["next_execute_time"] is None
    where = {"where": {"id": plan["id"]}}
    api.run("/resume-snapshot-plan", where)
    assert seen(api, plan)["status"] == "STOPPED"
    data = {"end_time": iso(api.clock[0] + DAY)}
    api.run("/update-snapshot-plan", dict(where, data=data))
    api.run("/resume-snapshot-plan", where)
    assert seen(api, plan)["status"] == "NORMAL"


@pytest.mark.parametrize(
    "unit, intervals, time, expected",
    [
        ("MINUTE", [20], None, ["2027-01-20T10:30", "2027-01-20T10:50", "2027-01-20T11:10"]),
        ("HOUR", [23], None, ["2027-01-20T10:30", "2027-01-21T09:30"]),
        ("DAY", [10], None, ["2027-01-20T10:30", "2027-01-30T10:30", "2027-02-09T10:30"]),
        ("DAY", [1], "02:15", ["2027-01-21T02:15", "2027-01-22T02:15"]),
        # 2027-01-20 is a Wednesday
        ("WEEK", [1, 3], "23:00", ["2027-01-20T23:00", "2027-01-25T23:00", "2027-01-27T23:00"]),
        ("WEEK", [0], None, ["2027-01-24T10:30", "2027-01-31T10:30"]),
        ("MONTH", [31], '{"hour": 1, "minute": 5}', ["2027-01-31T01:05", "2027-03-31T01:05"]),
        ("MONTH", [1, 20], None, ["2027-01-20T10:30", "2027-02-01T10:30", "2027-02-20T10:30"]),
    ],
)
def test_timetables(api, make, unit, intervals, time, expected):
    api.clock[0] = 1_800_000_000.0  # 2027-01-15
    given = {"execute_plan_type": unit, "execute_intervals": intervals}
    given.update(start_time="2027-01-20T10:30:00.000Z", remain_snapshot_num=1)
    plan = make("build-agent", **(dict(given, exec_h_m=time) if time else given))
    for moment in expected:
        plan = seen(api, plan)
        assert plan["next_execute_time"] == moment + ":00.000Z"
        api.clock[0] = seconds_of(plan["next_execute_time"])
    assert seen(api, plan)["auto_execute_num"] == len(expected) - 1


@pytest.mark.parametrize(
    "members",
    [
        {"name": ""},
        {"name": "x" * 256},
        {"remain_snapshot_num": 0},
        {"remain_snapshot_num": 17},
        {"execute_intervals": [0]},
        {"execute_intervals": [24]},
        {"execute_intervals": [1, 2]},
        {"execute_intervals": []},
        {"execute_plan_type": "MINUTE", "execute_intervals": [14]},
        {"execute_plan_type": "DAY", "execute_intervals": [31]},
        {"execute_plan_type": "WEEK", "execute_intervals": []},
        {"execute_plan_type": "WEEK", "execute_intervals": [8]},
        {"execute_plan_type": "MONTH", "execute_intervals": [0, 1]},
        {"exec_h_m": "25:00"},
        {"start_time": "2020-01-01T00:00:00.000Z"},
        {"start_time": "soon"},
        {"start_time": "9999-12-31T23:59:59Z"},
        {"end_time": "2027-01-01T00:00:00.000Z"},
        {"vm_ids": ["nowhere"]},
    ],
)
def test_what_no_plan_can_be(api, members):
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    body = {"cluster_id": cluster, "name": "plan", "remain_snapshot_num": 2, "vm_ids": []}
    body.update(execute_plan_type="HOUR", execute_intervals=[1])
    body["start_time"] = iso(api.clock[0] + HOUR)
    api.refused("/create-snapshot-plan", [dict(body, **members)])
    assert api.post("/get-snapshot-plans") == []


def test_a_vm_is_in_one_plan(api, make):
    plan = make("web-01")
    body = {"cluster_id": plan["cluster"]["id"], "name": "other", "remain_snapshot_num": 2}
    body.update(execute_plan_type="DAY", execute_intervals=[1], start_time=plan["start_time"])
    wrong = dict(body, vm_ids=[api.vm("web-01")["id"]])
    assert "VM_PROTECTED" in api.refused("/create-snapshot-plan", [wrong])["message"]
    both = [dict(body, vm_ids=[api.vm("db-01")["id"]], name=name) for name in ("a", "b")]
    assert "VM_PROTECTED" in api.refused("/create-snapshot-plan", both)["message"]
    elsewhere = dict(body, vm_ids=[api.vm("empty-vm")["id"]])
    assert "VM_NOT_FOUND" in api.refused("/create-snapshot-plan", [elsewhere])["message"]
    taken = dict(body, vm_ids=[], name="hourly")
    assert "DUPLICATE_NAME" in api.refused("/create-snapshot-plan", [taken])["message"]
    # the one that it is in may name it again
    data = {"vm_ids": [api.vm("web-01")["id"], api.vm("db-01")["id"]]}
    api.run("/update-snapshot-plan", {"where": {"id": plan["id"]}, "data": data})
    assert seen(api, plan)["object_num"] == 2


def test_rolling_a_group_back(api, make):
    plan = make("web-01", "build-agent")
    execute(api, plan, "group")
    (group,) = groups(api, plan)
    where = {"where": {"id": group["id"]}}
    assert "VM_NOT_STOPPED" in api.refused("/rollback-snapshot-group", where)["message"]
    api.run("/poweroff-vm", {"where": {"name": "web-01"}})
    vm = api.vm("web-01")
    data = {"name": "web-01", "memory": 2**30}
    api.run("/update-vm-basic-info", {"where": {"id": vm["id"]}, "data": data})
    volume = {"mount_new_create_disks": [simulated.new_disk("later")]}
    api.run("/add-vm-disk", {"where": {"id": vm["id"]}, "data": {"vm_disks": volume}})
    (answer,) = api.post("/rollback-snapshot-group", where)
    assert api.refused("/start-vm", {"where": {"name": "web-01"}})["code"] == "ResourceLocked"
    api.settle()
    task = api.one("/get-tasks", id=answer["task_id"])
    assert (task["status"], task["description"]) == ("SUCCESSED", "Rollback snapshot group group")
    after = api.vm("web-01")
    assert (after["memory"], len(after["vm_disks"])) == (vm["memory"], len(vm["vm_disks"]))
    runs = api.post("/get-snapshot-plan-tasks", {"orderBy": "start_time_ASC"})
    assert [run["type"] for run in runs] == ["TASK_TYPE_PROTECT", "TASK_TYPE_ROLLBACK"]
    assert [run["status"] for run in runs] == ["SUCCEED"] * 2
    api.run("/delete-vm-snapshot", {"where": {"vm": {"name": "build-agent"}}})
    error = api.refused("/rollback-snapshot-group", where)
    assert "JOB_SNAPSHOT_GROUP_ENTITIES_MISSING" in error["message"]


def test_a_group_goes_back_only_in_its_plan(api, make):
    plan = make("build-agent")
    execute(api, plan, "group")
    (group,) = groups(api, plan)
    body = {"where": {"id": plan["id"]}, "data": {"vm_ids": [api.vm("web-01")["id"]]}}
    api.run("/update-snapshot-plan", body)
    error = api.refused("/rollback-snapshot-group", {"where": {"id": group["id"]}})
    assert "JOB_SNAPSHOT_GROUP_ENTITIES_MISSING" in error["message"]


def test_cloning_a_group(api, make):
    plan = make("web-01", "db-01")
    execute(api, plan, "group")
    (group,) = groups(api, plan)
    pairs = [
        {"from_source_vm_id": api.vm(name)["id"], "to_cloned_vm_name": name + "-copy"}
        for name in ("web-01", "db-01")
    ]
    (answer,) = api.run("/clone-snapshot-group", [{"id": group["id"], "clone": pairs}])
    assert answer["data"]["id"] == group["id"]
    for name in ("web-01", "db-01"):
        copy, source = api.vm(name + "-copy"), api.vm(name)
        assert copy["status"] == "STOPPED" and not copy["protected"]
        assert len(copy["vm_disks"]) == len(source["vm_disks"])
        assert copy["provisioned_size"] == source["provisioned_size"]
        assert not copy["local_id"].startswith("placeholder")
    # all or nothing
    again = [dict(pairs[0], to_cloned_vm_name="third"), pairs[1]]
    api.failed("/clone-snapshot-group", [{"id": group["id"], "clone": again}])
    assert api.post("/get-vms", {"where": {"name": "third"}}) == []
    assert len(api.post("/get-vms", {"where": {"name_contains": "-copy"}})) == 2
    unknown = [dict(pairs[0], from_source_vm_id=api.vm("build-agent")["id"])]
    error = api.refused("/clone-snapshot-group", [{"id": group["id"], "clone": unknown}])
    assert "JOB_SNAPSHOT_GROUP_ENTITIES_MISSING" in error["message"]


def test_deleting_a_group_and_a_plan(api, make):
    plan = make("web-01")
    for name in ("first", "second", "third"):
        execute(api, plan, name)
    first, second, _ = groups(api, plan)
    api.run("/delete-snapshot-group", {"where": {"id": first["id"]}})
    assert [group["name"] for group in groups(api, plan)] == ["second", "third"]
    plan = seen(api, plan)
    assert (plan["manual_delete_num"], plan["snapshot_group_num"]) == (1, 2)
    assert len(api.post("/get-vm-snapshots")) == 2
    api.run("/keep-snapshot-group", {"where": {"id": second["id"]}})
    api.run("/delete-snapshot-plan", {"where": {"id": plan["id"]}})
    for path in ("/get-snapshot-groups", "/get-vm-snapshots", "/get-snapshot-plan-tasks"):
        assert api.post(path) == []
    api.clock[0] += DAY  # and nothing runs
    assert api.post("/get-vm-snapshots") == []


def test_shared_volumes_are_left_out(api, make):
    world = api.world
    vm = world.first("Vm", name="db-01")
    shared = world.one(world.many(vm, "vm_disks")[0], "vm_volume")
    world.update(shared, sharing=True)
    plan = make("db-01")
    execute(api, plan, "group")
    (snapshot,) = api.post("/get-vm-snapshots")
    ids = [disk.get("vm_volume_local_id") for disk in snapshot["vm_disks"]]
    assert shared["local_id"] not in ids and len(ids) == len(vm["vm_disks"]) - 1


def test_a_plan_outlives_a_restart(tmp_path):
    path = str(tmp_path / "state.db")
    api = simulated.start(state=path)
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    body = {"cluster_id": cluster, "name": "plan", "remain_snapshot_num": 1}
    body.update(execute_plan_type="HOUR", execute_intervals=[1])
    body.update(start_time=iso(api.clock[0] + HOUR), vm_ids=[api.vm("web-01")["id"]])
    api.run("/create-snapshot-plan", [body])
    data = {"where": {"name": "plan"}, "data": {"task_name": "broken-off"}}
    api.post("/execute-snapshot-plan", data)
    api.simulator.stop()
    api = simulated.start(state=path)
    try:
        plan = api.one("/get-snapshot-plans", name="plan")
        assert plan["last_execute_status"] == "FAILED"
        api.clock[0] += 3 * HOUR + 60
        plan = api.one("/get-snapshot-plans", name="plan")
        assert (plan["auto_execute_num"], plan["auto_delete_num"]) == (3, 2)
    finally:
        api.simulator.stop()


def test_a_plan_of_a_declared_world():
    plan = {
        "id": "mine",
        "name": "daily",
        "cluster": "cluster-01",
        "vms": ["web-01"],
        "remain_snapshot_num": 1,
    }
    plan.update(execute_plan_type="DAY", execute_intervals=[1])
    plan.update(start_time="2020-01-01T06:00:00.000Z", last_execute_status="UNSPECIFIED")
    api = simulated.start(world={"base": "small", "SnapshotPlan": [plan]})
    try:
        assert api.vm("web-01")["protected"]
        api.clock[0] += 2 * DAY
        assert seen(api, api.one("/get-snapshot-plans"))["auto_execute_num"] == 2
    finally:
        api.simulator.stop()


def test_numbers_follow_the_snapshots_that_are_left(api, make):
    plan = make()
    execute(api, plan, "g0")
    execute(api, plan, "g1")
    before, (first, second) = seen(api, plan), groups(api, plan)
    api.run("/delete-vm-snapshot", {"where": {"id": first["vm_snapshots"][0]["id"]}})
    one = groups(api, plan)[0]
    assert one["object_num"] == 1 and 0 < one["logical_size_bytes"] < first["logical_size_bytes"]
    api.run("/delete-vm-snapshot", {"where": {"id": first["vm_snapshots"][1]["id"]}})
    none, whole = groups(api, plan)[0], second["logical_size_bytes"]
    assert (none["object_num"], none["logical_size_bytes"]) == (0, 0)
    after = seen(api, plan)
    assert after["logical_size_bytes"] == before["logical_size_bytes"] - whole == whole
    assert after["physical_size_bytes"] * 2 == before["physical_size_bytes"]
    api.run("/delete-snapshot-group", {"where": {"id": second["id"]}})
    last = seen(api, plan)
    assert (last["logical_size_bytes"], last["physical_size_bytes"]) == (0, 0)
