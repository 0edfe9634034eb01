"""What goes by itself: VMs that have been in the recycle bin long enough."""

import pytest
import simulated

pytest.importorskip("starlette")

DAY = 86400
NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC


@pytest.fixture
def bin_of(api):
    """Moves VMs into the bin, at noon of a day."""

    def move(*names):
        for name in names:
            if api.vm(name)["status"] != "STOPPED":
                api.run("/poweroff-vm", {"where": {"name": name}})
            api.run("/move-vm-to-recycle", {"where": {"name": name}})

    api.clock[0] = NOON
    return move


def names(api):
    where = {"where": {"in_recycle_bin": True}, "orderBy": "original_name_ASC"}
    return [vm["original_name"] for vm in api.post("/get-vms", where)]


def test_a_vm_goes_at_the_end_of_its_last_day(api, bin_of):
    api.post("/update-global-recycle-bin-setting", {"enabled": True, "retain": 3})
    bin_of("build-agent")
    (volume,) = api.post("/get-vm-volumes", {"where": {"name": "build-agent-1"}})
    api.clock[0] = NOON + 3 * DAY + 11 * 3600 + 3500  # 23:58 of the day
    assert names(api) == ["build-agent"]
    api.clock[0] += 60 + 10
    assert names(api) == []
    assert api.post("/get-vm-volumes", {"where": {"id": volume["id"]}}) == []
    task = api.one("/get-tasks", description="Delete VM build-agent")
    assert (task["status"], task["resource_mutation"]) == ("SUCCESSED", "deleteVm")
    assert task["user"] is None


def test_one_that_was_taken_out_stays(api, bin_of):
    bin_of("build-agent")
    api.run("/recover-vm-from-recycle", {"where": {"in_recycle_bin": True}})
    api.clock[0] += 100 * DAY
    assert api.vm("build-agent")["status"] == "STOPPED"


def test_fewer_days(api, bin_of):
    bin_of("build-agent")
    api.clock[0] = NOON + 5 * DAY
    bin_of("web-01")
    api.post("/update-global-recycle-bin-setting", {"enabled": True, "retain": 4})
    api.clock[0] += 10
    assert names(api) == ["web-01"]  # the other one was over age
    api.clock[0] = NOON + 10 * DAY
    assert names(api) == []


def test_a_rule_of_a_cluster_goes_before(api, bin_of):
    bin_of("build-agent", "empty-vm")
    cluster = {"where": {"name": "cluster-02"}}
    data = {"enabled": True, "retain": 60}
    api.post("/create-cluster-recycle-bin-setting", dict(cluster, data=data))
    api.clock[0] = NOON + 40 * DAY
    assert names(api) == ["empty-vm"]
    api.post("/delete-cluster-recycle-bin-setting", cluster)
    api.clock[0] += 10
    assert names(api) == []


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_bin_that_is_turned_off_is_emptied(api, bin_of, everywhere):
    bin_of("build-agent", "empty-vm")
    if everywhere:
        api.post("/update-global-recycle-bin-setting", {"enabled": False, "retain": 30})
    else:
        body = {"where": {"name": "cluster-02"}, "data": {"enabled": False, "retain": 30}}
        api.post("/create-cluster-recycle-bin-setting", body)
    api.clock[0] += 10
    assert names(api) == ([] if everywhere else ["build-agent"])


def test_the_end_outlives_a_restart(tmp_path):
    path = str(tmp_path / "state.db")
    api = simulated.start(state=path)
    api.run("/move-vm-to-recycle", {"where": {"name": "build-agent"}})
    api.simulator.stop()
    api = simulated.start(state=path)
    try:
        assert names(api) == ["build-agent"]
        api.clock[0] += 32 * DAY
        assert names(api) == []
    finally:
        api.simulator.stop()
