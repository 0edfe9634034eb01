"""Tasks: their course, the lock they hold, how they fail."""

import pytest


def _task(api, task_id):
    return api.one("/get-tasks", id=task_id)


def test_the_course_of_a_task(api, blank):
    (answer,) = api.post("/create-vm", [blank])
    vm_id = answer["data"]["id"]
    assert answer["data"]["entityAsyncStatus"] == "CREATING"
    assert answer["data"]["local_id"].startswith("placeholder-")
    seen = []
    for _ in range(9):
        task = _task(api, answer["task_id"])
        vm = api.one("/get-vms", id=vm_id)
        seen.append((task["status"], task["progress"], vm["entityAsyncStatus"]))
        api.clock[0] += 0.7
    statuses = [status for status, _, _ in seen]
    assert statuses == sorted(statuses, key=["PENDING", "EXECUTING", "SUCCESSED"].index)
    assert set(statuses) == {"PENDING", "EXECUTING", "SUCCESSED"}
    progress = [each for _, each, _ in seen]
    assert progress == sorted(progress) and progress[0] == 0 and progress[-1] == 1
    assert len(set(progress)) > 3 and all(0 <= each <= 1 for each in progress)
    # free again no later than the task has ended
    assert all(busy == (None if status == "SUCCESSED" else "CREATING") for status, _, busy in seen)
    task = _task(api, answer["task_id"])
    assert task["description"] == "Create a VM new-vm"
    assert (task["resource_type"], task["resource_id"]) == ("Vm", vm_id)
    assert task["local_created_at"] < task["started_at"] < task["finished_at"]
    assert task["user"]["name"] == "root" and task["cluster"]["name"] == "cluster-01"


def test_a_locked_vm(api):
    vm = api.vm("web-01")
    where = {"where": {"id": vm["id"]}}
    api.post("/suspend-vm", where)
    error = api.refused("/poweroff-vm", where)
    assert error == {
        "code": "ResourceLocked",
        "message": "Resource [VM-%s] locked" % vm["id"],
        "path": "/poweroff-vm",
        "props": {"locked_resources": [{"id": vm["id"], "type": "VM"}]},
        "status": 400,
    }
    api.settle()
    api.run("/poweroff-vm", where)


def test_one_locked_vm_stops_the_whole_call(api):
    where = {"where": {"name_starts_with": "web-"}}
    api.post("/suspend-vm", {"where": {"name": "web-01"}})
    api.refused("/suspend-vm", where)
    assert api.vm("web-02")["entityAsyncStatus"] is None


def test_a_failure_frees_the_vm_and_says_why(api):
    task = api.failed("/shutdown-vm", {"where": {"id": _without_system(api)}})
    assert task["error_code"] == "JOB_VM_SHUTDOWN_TIMEOUT"
    assert "code: JOB_VM_SHUTDOWN_TIMEOUT" in task["error_message"]
    assert '"ec":"JOB_VM_SHUTDOWN_TIMEOUT"' in task["error_message"]
    vm = api.vm("empty-vm")
    assert vm["status"] == "RUNNING" and vm["entityAsyncStatus"] is None


def _without_system(api):
    vm = api.vm("empty-vm")
    api.run("/start-vm", {"where": {"id": vm["id"]}})
    return vm["id"]


def test_a_creation_that_fails_leaves_nothing(api, blank):
    before = len(api.post("/get-vm-volumes"))
    task = api.failed("/create-vm", [dict(blank, name="web-01")])
    assert task["error_code"] == "CREATE_VM_FAILED"
    assert "VM_DUPLICATED_NAME" in task["error_message"]
    assert len(api.post("/get-vms", {"where": {"name": "web-01"}})) == 1
    assert api.post("/get-vms", {"where": {"id": task["resource_id"]}}) == []
    assert len(api.post("/get-vm-volumes")) == before
    assert api.one("/get-clusters", name="cluster-01")["vm_num"] == 4


def test_the_language_of_descriptions(api):
    (answer,) = api.post("/suspend-vm", {"where": {"name": "web-01"}})
    body = {"where": {"id": answer["task_id"]}}
    shown = api.post("/get-tasks", body, headers={"content-language": "zh-CN"})[0]
    assert shown["description"] == "暂停虚拟机 web-01"
    assert _task(api, answer["task_id"])["description"] == "Suspend VM web-01"


def test_a_mistake_of_the_simulator_fails_the_task_only(api, capfd):
    vm = api.world.first("Vm", name="web-01")
    task = api.tower.tasks.begin("Break", "break", vm, finish=lambda: 1 / 0)
    api.settle()
    assert _task(api, task.id)["error_code"] == "SIMULATOR_ERROR"
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_speed_divides_the_time():
    from cloudtower.simulator.tower import Tower

    clock = [0.0]
    tower = Tower(speed=1000, timer=lambda: clock[0])
    vm = tower.world.first("Vm")
    task = tower.tasks.begin("x", "x", vm, seconds=2)
    clock[0] = 0.0019
    tower.tasks.advance()
    assert task["status"] == "EXECUTING"
    clock[0] = 0.0021
    tower.tasks.advance()
    assert task["status"] == "SUCCESSED"
    with pytest.raises(ValueError):
        Tower(speed=0)


def test_old_tasks_are_forgotten(api, monkeypatch):
    from cloudtower.simulator.engine import tasks

    monkeypatch.setattr(tasks, "_TASKS", 5)
    monkeypatch.setattr(tasks, "_TASKS_A_VM", 0)
    web = {"where": {"name": "web-01"}}
    (first,) = api.run("/suspend-vm", web)
    for path in ("/resume-vm", "/suspend-vm", "/resume-vm"):
        api.run(path, web)
    running = api.post("/poweroff-vm", {"where": {"name": "web-02"}})
    assert len(api.tasks_of([first])) == 1
    (last,) = api.post("/poweroff-vm", web)
    assert api.tasks_of([first]) == [] and len(api.post("/get-tasks")) == 5
    assert len(api.tasks_of(running + [last])) == 2
    monkeypatch.setattr(tasks, "_TASKS", 1)  # those that run stay
    api.settle()
    api.run("/start-vm", web)
    assert len(api.tasks_of([last])) == 1
