"""A request is carried out as a whole: after a mistake in its midst nothing is left of it."""

import itertools

import pytest

pytest.importorskip("starlette")

from cloudtower.simulator.engine.world import World  # noqa: E402
from cloudtower.simulator.server import exchange, graphql  # noqa: E402


def names(*made):
    return [{"key": name, "value": "x"} for name in made]


def bodies(api):
    """(path, body) of writes of several kinds: done at once, with tasks, on many objects."""
    vms = api.post("/get-vms", {"first": 3})
    ids = {"id_in": [vm["id"] for vm in vms]}
    cluster, vlan = vms[0]["cluster"]["id"], api.post("/get-vlans", {"first": 1})[0]["id"]
    vm = {
        "cluster_id": cluster, "vcpu": 1, "cpu_cores": 1, "cpu_sockets": 1, "memory": 2**30,
        "ha": True, "firmware": "BIOS", "status": "STOPPED",
        "vm_nics": [{"connect_vlan_id": vlan}],
        "vm_disks": {"mount_new_create_disks": [{
            "boot": 0, "bus": "VIRTIO",
            "vm_volume": {"name": "d", "size": 2**30, "elf_storage_policy": "REPLICA_2_THIN_PROVISION"},
        }]},
    }  # fmt: skip
    label = api.post("/create-label", names("known"))[0]["data"]["id"]
    organization = api.post("/get-organizations", {})[0]["id"]
    return [
        ("/create-label", names("a", "b")),
        ("/add-labels-to-resources", {"where": {"id": label}, "data": {"vms": ids}}),
        ("/create-datacenter", [{"name": name, "organization_id": organization} for name in "cd"]),
        ("/create-vm", [dict(vm, name="one"), dict(vm, name="two")]),
        ("/update-vm-basic-info", {"where": ids, "data": {"description": "x"}}),
        ("/clone-vm", [{"src_vm_id": vms[0]["id"], "name": name} for name in ("e", "f")]),
        ("/create-vm-snapshot", {"data": [{"vm_id": vms[0]["id"], "name": "s"}]}),
        ("/delete-label", {"where": {"id": label}}),
    ]


def state(world):
    """What the records hold; a relation that leads to nobody is the same as no relation."""
    held = {
        record.id: {name: value for name, value in record.items() if value not in (None, {})}
        for record in world.records.values()
    }
    return held, dict(world.aliases)


def failing(place):
    """For `mistakes`: World.update, which fails when it is called for that time."""
    calls, update = itertools.count(1), World.update

    def broken(self, record, **values):
        if next(calls) == place:
            raise RuntimeError("a mistake in the simulator")
        return update(self, record, **values)

    return World, "update", broken


def mistakes(api, monkeypatch, path, body, breaking):
    """How often a request fails until it is done: with a mistake at one place after another.

    Parameters:
        breaking: function(place) -> (what has a function, its name, one that fails the
            place-th time).
    """
    world = api.simulator.tower.world
    api.simulator.tower.tasks.finish()  # of the request before
    before = state(world)
    for place in range(1, 200):
        monkeypatch.setattr(*breaking(place))
        answer = api.send("POST", path, body)
        monkeypatch.undo()
        if answer.status == 200:
            assert place > 1 and state(world) != before, path
            return place - 1
        assert answer.status == 500, (path, place, answer.body)
        assert state(world) == before, (path, place)
    raise AssertionError("%s never succeeds" % path)


def test_a_mistake_at_any_change_leaves_nothing(api, monkeypatch, capfd):
    tried = [mistakes(api, monkeypatch, *row, failing) for row in bodies(api)]
    assert sum(tried) > 30
    assert "a mistake" in capfd.readouterr().err


def test_what_is_within_is_put_back_with_the_rest(api):
    world = api.simulator.tower.world
    label, vm = world.add("Label", key="a"), world.first("Vm")
    before = state(world)
    with pytest.raises(KeyError):
        with world.atomic():
            world.update(vm, name="outer")
            with world.atomic():
                world.link(label, "vms", vm)
            with pytest.raises(ValueError):
                with world.atomic():
                    world.unlink(label, "vms", vm)
                    world.remove(vm)
                    raise ValueError("the inner one fails")
            assert vm in world and label["vms"] == {vm.id: None} and vm["name"] == "outer"
            raise KeyError("so does the outer one")
    assert state(world) == before


def unshown(place):
    """The same: `exchange._shown`."""
    calls, shown = itertools.count(1), exchange._shown

    def broken(*given):
        if next(calls) == place:
            raise RuntimeError("a mistake in the simulator")
        return shown(*given)

    return exchange, "_shown", broken


def test_what_cannot_be_shown_has_not_been_done(api, monkeypatch, capfd):
    vm = api.vm("web-01")
    more = [
        ("/update-label", {"where": {"key": "known"}, "data": {"value": "y"}}),
        ("/add-vm-nic", {"where": {"id": vm["id"]}, "data": {
            "vm_nics": [{"connect_vlan_id": api.post("/get-vm-nics", {"where": {
                "vm": {"id": vm["id"]}}})[0]["vlan"]["id"]}]}}),
        ("/delete-vm-snapshot", {"where": {"name": "s"}}),
    ]  # fmt: skip
    rows = bodies(api)
    rows[-1:-1] = more
    assert sum(mistakes(api, monkeypatch, *row, unshown) for row in rows) > 12
    capfd.readouterr()


@pytest.mark.parametrize("query", [
    "updateVm(where: {id: \"%s\"}, data: {name: \"other\"}) { id name }",
    "updateVm(where: {id: \"%s\"}, data: {memory: 1}) { id name }",
    "deleteVm(where: {id: \"%s\"}) { id }",
    "createLabel(data: {key: \"k\", value: \"%s\"}) { id }",
])  # fmt: skip
def test_a_mutation_that_cannot_be_shown_has_not_been_done(api, monkeypatch, capfd, query):
    tower, vm = api.simulator.tower, api.vm("empty-vm")
    query = {"query": "mutation { %s }" % (query % vm["id"])}
    before = state(tower.world)

    def broken(*given):
        raise RuntimeError("a mistake in the simulator")

    monkeypatch.setattr(graphql._Answering, "_shown", broken)
    answer = api.send("POST", "/api", query)
    assert answer.status == 500 or answer.body["errors"]
    assert state(tower.world) == before
    monkeypatch.undo()
    answer = api.send("POST", "/api", query)
    if "memory" in query["query"]:
        assert answer.status == 200 and answer.body["errors"] and state(tower.world) == before
    else:
        assert "errors" not in answer.body and state(tower.world) != before
    capfd.readouterr()


def test_what_others_have_changed_since_stays(api):
    world = api.simulator.tower.world
    vm, host = world.first("Vm"), world.first("Host")
    label, other = world.add("Label", key="a"), world.add("Label", key="b")
    with world.atomic() as changes:
        world.update(vm, name="mine", description="mine", host=None)
        world.link(label, "vms", vm)
        made = world.add("Label", key="c")
        difference = changes.difference()
    was = changes.before[vm][0]
    assert difference[made] is None and set(difference[vm]) == {
        "name", "description", "host", "labels"
    }  # fmt: skip
    world.update(vm, description="theirs")
    world.link(other, "vms", vm)
    for record in (vm, label, host):
        world.return_to(record, difference.get(record, {}))
    assert (vm["name"], vm["description"], vm["host"]) == (was["name"], "theirs", was["host"])
    assert set(vm["labels"]) == {*was["labels"], other.id} and label["vms"] == {}
