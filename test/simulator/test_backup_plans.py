"""Backup plans: their executions, restore points, how long these stay, and restoring."""

import pytest
import simulated

pytest.importorskip("starlette")

from cloudtower.simulator.engine.timestamps import iso, seconds_of  # noqa: E402

DAY = 86400
NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC, a Friday


@pytest.fixture
def api(_full):
    _full.clock[0] = NOON
    _full.simulator.reset()
    _full.login()
    return _full


def body_of(api, **members):
    body = {"name": "daily", "compression": False, "enable_window": False}
    body["backup_service_id"] = api.one("/get-backup-services")["id"]
    body["backup_store_repository_id"] = api.one("/get-backup-store-repositories")["id"]
    body.update(full_period="WEEKLY", full_interval=1)
    body["full_time_point"] = {"weekday": "SUN", "hour": 2, "minute": 0}
    body.update(incremental_period="DAILY", incremental_interval=1)
    body["incremental_time_points"] = [{"hour": 22, "minute": 30}]
    body.update(keep_policy="COUNT", keep_policy_value=3)
    body.update(snapshot_consistent_type="CRASH_CONSISTENT")
    body["vms"] = {"name_in": ["web-01", "build-agent"]}
    return [dict(body, **members)]


@pytest.fixture
def plan(api):
    (answer,) = api.run("/create-backup-plan", body_of(api))
    return {"where": {"id": answer["data"]["id"]}}


def seen(api, plan):
    return api.one("/get-backup-plans", **plan["where"])


def execute(api, plan, kind="INCREMENTAL"):
    return api.run("/execute-backup-plan", dict(plan, data={"type": kind}))[0]["data"]


def points(api, **where):
    body = {"where": where, "orderBy": "local_created_at_ASC"}
    return api.post("/get-backup-restore-points", body)


def test_a_plan(api, plan):
    shown = seen(api, plan)
    assert (shown["status"], shown["last_execute_status"]) == ("WORKING", "NEVER_EXECUTE")
    assert shown["next_execute_time"] == "2027-01-15T22:30:00.000Z"
    assert sorted(vm["name"] for vm in shown["vms"]) == ["build-agent", "web-01"]
    assert api.vm("web-01")["backup_plans"][0]["name"] == "daily"
    assert api.one("/get-backup-services")["backup_plans"][0]["name"] == "daily"
    api.run("/update-backup-plan", dict(plan, data={"vms": {"name": "web-01"}, "name": "other"}))
    assert [vm["name"] for vm in seen(api, plan)["vms"]] == ["web-01"]
    assert api.vm("build-agent")["backup_plans"] == []


@pytest.mark.parametrize(
    "members",
    [
        {"name": "Daily"},
        {"name": "1st"},
        {"name": "x" * 64},
        {"keep_policy_value": 0},
        {"full_interval": 0},
        {"incremental_period": "WEEKLY"},
        {"enable_window": True},
        {"enable_window": True, "window_start": "22:00", "window_end": "22:10"},
        {"backup_service_id": "nowhere"},
        {"backup_store_repository_id": "nowhere"},
    ],
)
def test_what_is_no_plan(api, members):
    api.refused("/create-backup-plan", body_of(api, **members))
    assert api.post("/get-backup-plans") == []


def test_what_cannot_be_backed_up(api, plan):
    assert "DUPLICATE" in api.refused("/create-backup-plan", body_of(api))["message"]
    volume = api.world.first("VmVolume", name="db-01-1")
    api.world.update(volume, sharing=True)
    other = body_of(api, name="other", vms={"name": "db-01"})
    message = api.refused("/create-backup-plan", other)["message"]
    assert "BACKUP_PLAN_VM_NOT_SUPPORT" in message
    vm = api.world.first("Vm", name="empty-vm")
    api.world.update(vm, vm_usage="BACKUP_CONTROLLER")
    other = body_of(api, name="other", vms={"name": "empty-vm"})
    api.refused("/create-backup-plan", other)


def test_an_execution_by_hand(api, plan):
    (answer,) = api.post("/execute-backup-plan", dict(plan, data={"type": "INCREMENTAL"}))
    execution = answer["data"]
    assert (execution["status"], execution["method"]) == ("RUNNING", "MANUAL")
    again = api.refused("/execute-backup-plan", dict(plan, data={"type": "FULL"}))
    assert "BACKUP_PLAN_EXECUTION_RUNNING" in again["message"]
    gone = dict(plan, data={"delete_strategy": "DELETE_RESTORE_POINT"})
    api.refused("/delete-backup-plan", gone)
    api.settle()
    task = api.one("/get-tasks", id=answer["task_id"])
    assert task["description"] == "Manually Execute Backup Plan daily"
    execution = api.one("/get-backup-plan-executions", id=execution["id"])
    assert (execution["status"], execution["state"]) == ("SUCCESS", "SUCCEED")
    assert (execution["success_job_count"], execution["total_job_count"]) == (2, 2)
    targets = api.post("/get-backup-target-executions")
    assert {target["status"] for target in targets} == {"SUCCESS"}
    made = points(api)
    # the first of each VM is full, whatever was asked for
    assert [(point["type"], point["creation"]) for point in made] == [("FULL", "MANUAL")] * 2
    shown = seen(api, plan)
    assert (shown["last_manual_execute_status"], shown["last_execute_status"]) == (
        "SUCCESS",
        "NEVER_EXECUTE",
    )
    assert shown["backup_restore_point_count"] == 2
    used = sum(point["physical_size"] for point in made)
    assert shown["physical_size"] == used > 0
    repository = api.one("/get-backup-store-repositories")
    assert repository["used_data_space"] == used
    assert repository["valid_data_space"] == repository["total_capacity"] - used
    execute(api, plan)
    more = points(api, type="INCREMENTAL")
    parents = {point["parent_restore_point"] for point in more}
    assert len(more) == 2 and parents == {point["id"] for point in made}
    execute(api, plan, "FULL")
    assert len(points(api, type="FULL")) == 4


def test_an_execution_that_fails(api, plan):
    api.simulator.faults.add("task_fails", operation="execute-backup-plan")
    api.failed("/execute-backup-plan", dict(plan, data={"type": "FULL"}))
    api.simulator.faults.clear()
    assert seen(api, plan)["last_manual_execute_status"] == "FAILED" and points(api) == []
    assert api.one("/get-backup-plan-executions")["status"] == "FAILED"
    api.run("/move-vm-to-recycle", {"where": {"name": "build-agent"}})
    execute(api, plan)
    assert seen(api, plan)["last_manual_execute_status"] == "PARTIAL_SUCCESS"
    assert [point["vm_name"] for point in points(api)] == ["web-01"]


def test_executions_by_schedule_and_what_is_kept(api, plan):
    api.run("/update-backup-plan", dict(plan, data={"vms": {"name": "web-01"}}))
    by_hand = execute(api, plan)
    api.clock[0] = NOON + 1.5 * DAY  # Saturday's midnight
    kinds = [point["type"] for point in points(api, creation="AUTO")]
    assert kinds == ["FULL", "INCREMENTAL"]
    assert seen(api, plan)["next_execute_time"] == "2027-01-17T02:00:00.000Z"
    api.clock[0] = NOON + 2 * DAY
    kinds = [point["type"] for point in points(api, creation="AUTO")]
    assert kinds == ["FULL", "INCREMENTAL", "FULL"]
    api.clock[0] = NOON + 6 * DAY
    left = points(api, creation="AUTO")
    assert len(left) == 3 and left[0]["type"] == "FULL"
    assert left[-1]["local_created_at"] == "2027-01-20T22:30:10.000Z"
    assert left[1]["parent_restore_point"] == left[0]["id"]
    shown = seen(api, plan)
    assert shown["last_execute_status"] == "SUCCESS" and shown["backup_restore_point_count"] == 4
    assert by_hand["method"] == "MANUAL" and len(points(api, creation="MANUAL")) == 1
    # fewer: at once
    api.run("/update-backup-plan", dict(plan, data={"keep_policy_value": 1}))
    assert len(points(api, creation="AUTO")) == 1 and len(points(api)) == 2
    api.run("/update-backup-plan", dict(plan, data={"keep_policy": "FOREVER"}))
    api.clock[0] += 5 * DAY
    assert len(points(api, creation="AUTO")) == 7
    data = {"keep_policy": "TIME", "keep_policy_value": 2}
    api.run("/update-backup-plan", dict(plan, data=data))
    oldest = points(api, creation="AUTO")[0]["local_created_at"]
    assert seconds_of(oldest) > api.clock[0] - 2 * DAY - 1000


def test_a_plan_that_is_suspended(api, plan):
    api.run("/suspend-backup-plan", plan)
    shown = seen(api, plan)
    assert (shown["status"], shown["next_execute_time"]) == ("PAUSED", None)
    api.clock[0] += 3 * DAY
    assert points(api) == []
    api.refused("/execute-backup-plan", dict(plan, data={"type": "FULL"}))
    api.run("/resume-backup-plan", plan)
    api.clock[0] += DAY
    assert seen(api, plan)["status"] == "WORKING" and points(api)


def test_deleting_a_point_deletes_the_later_ones(api, plan):
    api.run("/update-backup-plan", dict(plan, data={"vms": {"name": "web-01"}}))
    for kind in ("FULL", "INCREMENTAL", "INCREMENTAL", "FULL"):
        execute(api, plan, kind)
    made = points(api)
    (answer,) = api.run("/delete-backup-restore-point", {"where": {"id": made[1]["id"]}})
    assert answer["data"][0]["id"] == made[1]["id"]
    assert [point["id"] for point in points(api)] == [made[0]["id"], made[3]["id"]]
    assert seen(api, plan)["backup_restore_point_count"] == 2


@pytest.mark.parametrize("keeps", [True, False])
def test_deleting_a_plan(api, plan, keeps):
    execute(api, plan)
    strategy = "KEEP_RESTORE_POINT" if keeps else "DELETE_RESTORE_POINT"
    api.run("/delete-backup-plan", dict(plan, data={"delete_strategy": strategy}))
    assert api.vm("web-01")["backup_plans"] == []
    assert len(points(api)) == 2 * keeps
    if keeps:
        assert seen(api, plan)["status"] == "STOPPED"
        api.clock[0] += 3 * DAY
        assert len(points(api)) == 2
        api.refused("/execute-backup-plan", dict(plan, data={"type": "FULL"}))
        api.run("/delete-backup-restore-point", {"where": {}})
    assert api.post("/get-backup-plans") == [] and points(api) == []
    assert api.post("/get-backup-target-executions") == []
    assert api.one("/get-backup-store-repositories")["used_data_space"] == 0


def test_what_a_point_says_of_its_vm(api, plan):
    execute(api, plan)
    before = api.vm("web-01")
    (point,) = points(api, vm_name="web-01")
    api.run("/poweroff-vm", {"where": {"name": "web-01"}})
    data = {"name": "web-01", "memory": 2**30}
    api.run("/update-vm-basic-info", {"where": {"name": "web-01"}, "data": data})
    body = {"where": {"id": point["id"]}}
    shown = api.post("/get-backup-restore-point-metadata", body)
    assert (shown["name"], shown["memory"]) == ("web-01", before["memory"])
    assert (shown["cpu_cores"], shown["cpu_sockets"]) == (2, 2)
    names = [disk.get("vm_volume_name") for disk in shown["vm_disks"]]
    assert names == ["web-01-1", "web-01-2", None]
    assert shown["vm_nics"][0]["vlan_name"] == "vlan-100"
    where = {"where": {"id": "nowhere"}}
    api.refused("/get-backup-restore-point-metadata", where)


def rebuild(api, **members):
    cluster = api.one("/get-clusters", name="cluster-02")["id"]
    host = api.post("/get-hosts", {"where": {"cluster": {"id": cluster}}})[0]["id"]
    data = {"rebuild_name": "web-again", "rebuild_target_cluster_id": cluster}
    data.update(rebuild_target_host_id=host, startup_after_restore=True)
    here = {"name": "vlan-100", "vds": {"cluster": {"name": "cluster-01"}}}
    there = {"name": "vlan-200", "vds": {"cluster": {"id": cluster}}}
    mapping = {"src_vlan_id": api.one("/get-vlans", **here)["id"]}
    mapping["dst_vlan_id"] = api.one("/get-vlans", **there)["id"]
    data["rebuild_network_mapping"] = [mapping]
    return {"where": {"vm_name": "web-01"}, "data": dict(data, **members)}


def test_rebuilding_a_vm(api, plan):
    execute(api, plan)
    api.run("/poweroff-vm", {"where": {"name": "web-01"}})
    source = api.vm("web-01")
    api.run("/update-backup-plan", dict(plan, data={"vms": {"name": "build-agent"}}))
    api.run("/delete-vm", {"where": {"name": "web-01"}})
    (answer,) = api.run("/backup-rebuild-vm", rebuild(api))
    vm = api.vm("web-again")
    assert (vm["status"], vm["cluster"]["name"]) == ("RUNNING", "cluster-02")
    assert (vm["memory"], vm["vcpu"]) == (source["memory"], source["vcpu"])
    assert len(vm["vm_disks"]) == len(source["vm_disks"])
    for name in ("used_size", "unique_size", "os", "guest_os_type", "vm_tools_version"):
        assert vm[name] == source[name], name
    nic = api.one("/get-vm-nics", vm={"id": vm["id"]})
    assert nic["vlan"]["name"] == "vlan-200"
    execution = api.one("/get-backup-restore-executions", id=answer["data"]["id"])
    assert (execution["status"], execution["mode"]) == ("SUCCESS", "REBUILD")
    # the name is taken now
    task = api.failed("/backup-rebuild-vm", rebuild(api))
    assert "VM_DUPLICATED_NAME" in task["error_message"]
    assert len(api.post("/get-vms", {"where": {"name": "web-again"}})) == 1
    executions = api.post("/get-backup-restore-executions")
    assert sorted(held["status"] for held in executions) == ["FAILED", "SUCCESS"]
    api.refused("/backup-rebuild-vm", rebuild(api, rebuild_target_host_id="nowhere"))


@pytest.mark.parametrize("starts", [True, False])
def test_restoring_in_place(api, plan, starts):
    execute(api, plan)
    before = api.vm("web-01")
    api.run("/poweroff-vm", {"where": {"name": "web-01"}})
    data = {"name": "web-01", "memory": 2**30}
    api.run("/update-vm-basic-info", {"where": {"name": "web-01"}, "data": data})
    for disk in api.post("/get-vm-disks", {"where": {"vm": {"name": "web-01"}, "type": "DISK"}}):
        api.run("/expand-vm-disk", {"where": {"id": disk["id"]}, "size": 2**40})
    api.run("/start-vm", {"where": {"name": "web-01"}})
    body = {"where": {"vm_name": "web-01"}, "data": {"startup_after_restore": starts}}
    (answer,) = api.post("/backup-restore-vm-in-place", body)
    error = api.refused("/poweroff-vm", {"where": {"name": "web-01"}})
    assert error["code"] == "ResourceLocked"
    api.settle()
    assert api.one("/get-tasks", id=answer["task_id"])["status"] == "SUCCESSED"
    vm = api.vm("web-01")
    for name in ("memory", "os", "provisioned_size", "used_size", "unique_size"):
        assert vm[name] == before[name], name
    assert vm["status"] == ("RUNNING" if starts else "STOPPED")
    execution = api.one("/get-backup-restore-executions", id=answer["data"]["id"])
    assert (execution["status"], execution["mode"]) == ("SUCCESS", "INPLACE")


def test_what_cannot_be_restored_in_place(api, plan):
    execute(api, plan)
    body = {"where": {"vm_name": "build-agent"}, "data": {"startup_after_restore": False}}
    new = {"vm_disks": {"mount_new_create_disks": [simulated.new_disk("more")]}}
    api.run("/add-vm-disk", {"where": {"name": "build-agent"}, "data": new})
    for spoil in (
        lambda: None,
        lambda: api.run("/move-vm-to-recycle", {"where": {"name": "build-agent"}}),
    ):
        spoil()
        message = api.refused("/backup-restore-vm-in-place", body)["message"]
        assert "BACKUP_RESTORE_IN_PLACE_NOT_SUPPORT" in message


def test_times(api):
    (answer,) = api.run("/create-backup-plan", body_of(
        api, name="monthly", full_period="MONTHLY", full_interval=2, incremental_period="WEEKLY",
        full_time_point={"date": 31, "hour": 1, "minute": 0}, incremental_weekdays=["MON", "WED"],
        incremental_interval=2))  # fmt: skip
    plan = {"where": {"id": answer["data"]["id"]}}
    found = []
    for _ in range(5):
        found.append(seen(api, plan)["next_execute_time"][:16])
        api.clock[0] = seconds_of(seen(api, plan)["next_execute_time"]) + 60
    assert found == ["2027-01-25T22:30", "2027-01-27T22:30", "2027-01-31T01:00", "2027-02-08T22:30",
                     "2027-02-10T22:30"]  # fmt: skip


def test_a_restart_breaks_an_execution_off(tmp_path):
    path = str(tmp_path / "state.db")
    api = simulated.start(state=path, world="full")
    (answer,) = api.run("/create-backup-plan", body_of(api))
    plan = {"where": {"id": answer["data"]["id"]}}
    execute(api, plan)
    api.post("/execute-backup-plan", dict(plan, data={"type": "FULL"}))
    api.simulator.stop()
    api = simulated.start(state=path)
    try:
        assert seen(api, plan)["last_manual_execute_status"] == "FAILED"
        api.run("/backup-rebuild-vm", rebuild(api))  # what the point has kept is there
        api.clock[0] += 2 * DAY
        assert seen(api, plan)["last_execute_status"] == "SUCCESS"
        assert iso(api.clock[0]) < seen(api, plan)["next_execute_time"]
    finally:
        api.simulator.stop()


# windows: members, when the next execution is shown for, moments of points made by schedule
WINDOWS = [
    (("20:00", "23:00"), "2027-01-15T22:30:00.000Z", ["2027-01-15T22:30:10.000Z"]),
    (("22:45", "23:30"), "2027-01-15T22:45:00.000Z", ["2027-01-15T22:45:10.000Z"]),
    (("01:00", "03:00"), "2027-01-16T01:00:00.000Z", ["2027-01-16T01:00:10.000Z"]),
    (("22:00", "02:00"), "2027-01-15T22:30:00.000Z", ["2027-01-15T22:30:10.000Z"]),
]


@pytest.mark.parametrize("times, shown, made", WINDOWS)
def test_a_window_holds_executions_back(api, times, shown, made):
    members = {"enable_window": True, "window_start": times[0], "window_end": times[1]}
    body = body_of(api, vms={"name": "web-01"}, backup_delay_option="STOP_BACKUP", **members)
    api.run("/create-backup-plan", body)
    assert api.one("/get-backup-plans")["next_execute_time"] == shown
    api.clock[0] = NOON + 0.9 * DAY
    assert [point["local_created_at"] for point in points(api)] == made
    # by hand at any time
    plan = {"where": {"id": api.one("/get-backup-plans")["id"]}}
    assert execute(api, plan)["method"] == "MANUAL" and len(points(api)) == 2


@pytest.mark.parametrize("option, status", [("STOP_BACKUP", "FAILED"), ("KEEP_GO_ON", "SUCCESS")])
def test_a_window_that_closes(api, monkeypatch, option, status):
    times = {"enable_window": True, "window_start": "22:00", "window_end": "22:30"}
    late = {"incremental_time_points": [{"hour": 22, "minute": 29}]}
    body = body_of(api, vms={"name": "web-01"}, backup_delay_option=option, **times, **late)
    api.run("/create-backup-plan", body)
    monkeypatch.setattr(
        api.tower.tasks, "_speed", 0.05
    )  # an execution takes more than the minute that is left
    api.clock[0] = seconds_of("2027-01-15T22:31:30Z")
    is_cut = status == "FAILED"
    assert api.one("/get-backup-plans")["last_execute_status"] == (status if is_cut else "RUNNING")
    api.clock[0] += 600
    assert api.one("/get-backup-plans")["last_execute_status"] == status
    (target,) = api.post("/get-backup-target-executions")
    assert target["status"] == ("ABORTED" if is_cut else "SUCCESS")
    assert len(points(api)) == (0 if is_cut else 1)
