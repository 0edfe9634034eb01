"""What a release removed, and the simulator's code speaks of: the code goes on without it."""

import pytest

pytest.importorskip("starlette")

from simulated import start  # noqa: E402

from cloudtower._runtime import datatypes  # noqa: E402
from cloudtower.simulator.operations import body  # noqa: E402
from cloudtower.simulator.schema import gone, kinds, models  # noqa: E402
from cloudtower.simulator.tower import Tower  # noqa: E402

_HIDDEN = ("relations", "one_sided", "many", "columns")


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    """Have the kinds forget the columns that a test gives them."""
    monkeypatch.setattr(gone, "NAMES", set())
    for name in ("Vm", "Cluster", "Label"):
        for attribute in _HIDDEN:
            kind = kinds.kind(name)
            monkeypatch.setattr(kind, attribute, getattr(kind, attribute))
    yield
    gone.NAMES.clear()


@pytest.fixture
def world():
    return Tower().world


def test_a_field_is_a_hidden_column(api):
    vm = api.world.first("Vm", name="web-01")
    assert vm["mood"] is None
    api.world.update(vm, mood={"now": "good"})
    assert vm["mood"] == {"now": "good"} and "mood" in vm
    assert "mood" not in api.vm("web-01")
    assert "mood" in api.refused("/get-vms", {"where": {"mood": "x"}})["message"]
    assert gone.NAMES == {"Vm.mood"}


def test_a_relation_is_one_that_nobody_sees(api):
    world = api.world
    vm, other = (world.first("Vm", name=name) for name in ("web-01", "web-02"))
    world.update(vm, twin=other, friends=[other])
    world.link(vm, "friends", vm)
    assert world.one(vm, "twin") is other and world.many(vm, "friends") == [other, vm]
    world.unlink(vm, "friends", vm)
    assert set(vm["friends"]) == {other.id}
    assert not {"twin", "friends"} & set(api.vm("web-01"))
    world.rename(other)
    assert world.one(vm, "twin") is other
    world.remove(other)
    assert vm["twin"] is None and vm["friends"] == {}
    world.unlink(vm, "foes", other)  # which it never had


def test_a_kind_has_no_place_in_the_interface(world):
    cluster = world.first("Cluster")
    made = world.add("Weather", name="storm", cluster=cluster, depth=3)
    assert world.first("Weather", depth=3) is made and world.one(made, "cluster") is cluster
    world.remove(cluster)
    assert made["cluster"] is None
    assert {"Weather", "Weather.cluster"} <= gone.NAMES


def test_a_value_is_another_one(world):
    vm = world.first("Vm")
    world.update(vm, status="ADRIFT", firmware="STEAM")
    assert vm["status"] in models.values_of("VmStatus") and "VmStatus.ADRIFT" in gone.NAMES
    host = world.first("Host")
    world.update(host, host_state={"state": "ADRIFT"})
    assert host["host_state"]["state"] != "ADRIFT"
    plan = world.add("BackupPlan", incremental_weekdays=["MON", "NODAY"])
    assert plan["incremental_weekdays"] == ["MON"]


def test_a_member_of_a_body_is_null():
    params = body.noted({"name": "x"}, datatypes.parse("VmUpdateParamsData"))
    assert params["name"] == "x" and params["mood"] is None
    assert gone.NAMES == {"VmUpdateParamsData.mood"}
    there = next(name for name in models.members_of("VmUpdateParamsData") if name != "name")
    with pytest.raises(KeyError):
        params[there]  # which was not given


def test_a_response_has_no_member_that_is_gone():
    kind = datatypes.parse("list[WithTaskVm]")
    given = [{"task_id": None, "mood": 1, "data": {"name": "x", "mood": 1, "cluster": {"mood": 1}}}]
    assert models.without_gone(given, kind) == [
        {"task_id": None, "data": {"name": "x", "cluster": {}}}
    ]
    assert gone.NAMES == {"WithTaskVm.mood", "Vm.mood", "NestedCluster.mood"}


def test_it_survives_a_restart(tmp_path):
    first = start(state=str(tmp_path / "state"))
    world = first.world
    vm, other = (world.first("Vm", name=name) for name in ("web-01", "web-02"))
    world.update(vm, mood="good", friends=[other])
    first.post("/get-vms", {})
    first.close()
    first.simulator.stop()
    second = start(state=str(tmp_path / "state"))
    vm = second.world.first("Vm", name="web-01")
    assert vm["mood"] == "good" and list(vm["friends"]) == [other.id]
    second.close()
    second.simulator.stop()
