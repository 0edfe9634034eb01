"""What happens by itself: jobs by the simulator's clock, and tasks that lock several objects."""

import pytest
import simulated

from cloudtower.simulator.engine import scheduler
from cloudtower.simulator.engine.timestamps import iso

HOUR = 3600


@pytest.fixture
def ran():
    """What the job `note` has been run with: (moment, argument); `hourly` plans itself again."""
    found = []
    known = set(scheduler.JOBS)

    @scheduler.job("note")
    def note(tower, argument):
        found.append((tower.timer(), argument))

    @scheduler.job("hourly")
    def hourly(tower, argument):
        found.append((tower.timer(), argument))
        vm = tower.world.first("Vm")
        tower.tasks.begin("Look at it", "look", vm, seconds=60)
        tower.scheduler.plan("hourly", argument, tower.timer() + HOUR)

    @scheduler.job("broken")
    def broken(tower, argument):
        raise RuntimeError("broken")

    yield found
    for name in set(scheduler.JOBS) - known:
        del scheduler.JOBS[name]


def test_a_job_runs_at_its_moment(api, ran):
    start = api.clock[0]
    api.tower.scheduler.plan("note", "later", start + 2 * HOUR)
    api.tower.scheduler.plan("note", "soon", start + HOUR)
    api.post("/get-vms")
    assert ran == []
    api.clock[0] += 10 * HOUR
    api.post("/get-vms")
    # in order, and the clock shows the moment at which each was due
    assert ran == [(start + HOUR, "soon"), (start + 2 * HOUR, "later")]
    assert api.tower.timer() == start + 10 * HOUR
    api.post("/get-vms")
    assert len(ran) == 2


def test_a_job_that_recurs_has_the_tasks_of_its_moments(api, ran):
    start = api.clock[0]
    api.tower.scheduler.plan("hourly", "x", start + HOUR)
    api.clock[0] += 3.5 * HOUR
    tasks = api.post("/get-tasks", {"where": {"resource_mutation": "look"}})
    assert [moment - start for moment, _ in ran] == [HOUR, 2 * HOUR, 3 * HOUR]
    assert [each["status"] for each in tasks] == ["SUCCESSED"] * 3
    moments = [moment for moment, _ in ran]
    assert [each["local_created_at"] for each in tasks] == [iso(each) for each in moments]
    assert [each["finished_at"] for each in tasks] == [iso(each + 60) for each in moments]


def test_a_job_is_planned_once_an_argument(api, ran):
    start, timetable = api.clock[0], api.tower.scheduler
    timetable.plan("note", "x", start + 5)
    timetable.plan("note", "x", start + 50)
    timetable.plan("note", "y", start + 5)
    timetable.cancel("note", "y")
    timetable.cancel("note", "never planned")
    assert timetable.planned("note", "x") == start + 50
    assert timetable.planned("note", "y") is None
    api.clock[0] += 10
    api.post("/get-vms")
    assert ran == []
    api.clock[0] += 100
    api.post("/get-vms")
    assert ran == [(start + 50, "x")]


def test_a_job_with_a_mistake_harms_no_request(api, ran, capfd):
    api.tower.scheduler.plan("broken", "x", api.clock[0])
    api.tower.scheduler.plan("note", "x", api.clock[0])
    assert api.post("/get-vms")
    assert "RuntimeError: broken" in capfd.readouterr().err
    assert len(ran) == 1


def test_a_job_cannot_run_for_ever(api, ran, capfd):
    @scheduler.job("stuck")
    def stuck(tower, argument):
        tower.scheduler.plan("stuck", argument, tower.timer())

    api.tower.scheduler.plan("stuck", "x", api.clock[0])
    assert api.post("/get-vms")
    assert "ValueError" in capfd.readouterr().err
    with pytest.raises(KeyError):
        api.tower.scheduler.plan("unknown", "x", api.clock[0])
    with pytest.raises(KeyError):
        scheduler.job("stuck")(stuck)


def test_a_snapshot_has_the_jobs(api, ran):
    start = api.clock[0]
    api.tower.scheduler.plan("note", "kept", start + HOUR)
    held = api.simulator.snapshot()
    api.tower.scheduler.cancel("note", "kept")
    api.tower.scheduler.plan("note", "of later", start + HOUR)
    api.simulator.restore(held)
    api.clock[0] += 2 * HOUR
    api.post("/get-vms")
    assert ran == [(start + HOUR, "kept")]


def test_a_state_file_has_the_jobs(tmp_path, ran):
    path, moment = str(tmp_path / "state.db"), 1_800_000_000.0 + 10
    api = simulated.start(state=path)
    for name in ("kept", "done", "cancelled"):
        api.tower.scheduler.plan("note", name, moment if name == "kept" else moment - 9)
    api.post("/get-vms")
    api.tower.scheduler.cancel("note", "cancelled")
    api.clock[0] += 5
    api.post("/get-vms")
    api.simulator.stop()
    assert ran == [(moment - 9, "done")]
    api = simulated.start(state=path)  # whose clock begins again
    try:
        assert api.tower.scheduler.jobs() == [("note", "kept", moment)]
        api.clock[0] += 20
        api.post("/get-vms")
        assert ran[1:] == [(moment, "kept")]
    finally:
        api.simulator.stop()


def test_a_task_locks_several_objects(api):
    vms = [api.world.first("Vm", name=name) for name in ("web-01", "web-02", "db-01")]
    volume = api.world.first("VmVolume")
    options = {"also": vms[1:] + [volume], "seconds": 5}
    api.tower.tasks.begin("Look at all", "look", vms[0], status="DELETING", **options)
    found = api.post("/get-vms", {"where": {"name_in": ["web-01", "web-02", "db-01"]}})
    marks = {each["name"]: each["entityAsyncStatus"] for each in found}
    assert marks == {"web-01": "DELETING", "web-02": "UPDATING", "db-01": "UPDATING"}
    for vm in vms:
        error = api.refused("/poweroff-vm", {"where": {"id": vm.id}})
        assert error["code"] == "ResourceLocked"
    api.settle()
    for vm in vms:
        api.run("/poweroff-vm", {"where": {"id": vm.id}})
    assert api.world.get("VmVolume", volume.id)["entityAsyncStatus"] is None
