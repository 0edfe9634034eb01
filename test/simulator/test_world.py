"""Records and their relations."""

import pytest

pytest.importorskip("starlette")

from cloudtower.simulator.engine.ids import Ids  # noqa: E402
from cloudtower.simulator.schema import kinds, operations  # noqa: E402
from cloudtower.simulator.tower import Tower  # noqa: E402
from cloudtower.simulator.engine.world import World  # noqa: E402


def _check_links(world):
    """Both ends of every relation agree, and lead to records that are there."""
    for record in world.records.values():
        for name, relation in record.kind.relations.items():
            held = record[name] if relation.many else [record[name]] if record[name] else []
            for each in held:
                other = world.records[each]
                if relation.inverse is None:
                    assert record.id in other.backlinks[relation], (record, name)
                    continue
                back = other[relation.inverse]
                assert record.id in (back if relation.inverse_many else [back]), (record, name)
        for relation, held in record.backlinks.items():
            for each in held:
                ids = world.records[each][relation.name]
                assert record.id in (ids if relation.many else [ids]), (record, relation.name)


def test_the_small_world_is_consistent():
    _check_links(Tower().world)


@pytest.mark.parametrize("kind", ["Vm", "Host", "Cluster", "Label", "Vlan", "VmDisk", "User"])
def test_removal_leaves_no_loose_end(kind):
    world = Tower().world
    world.remove(next(iter(world.all(kind))))
    _check_links(world)


def test_what_cannot_be_alone_goes_along():
    world = Tower().world
    vm = world.first("Vm", name="web-01")
    disks, nics = world.many(vm, "vm_disks"), world.many(vm, "vm_nics")
    assert disks and nics
    world.remove(vm)
    assert not any(each in world for each in disks + nics)
    world.remove(vm)  # a second time is nothing


def test_a_new_id():
    world = Tower().world
    disk = world.many(world.first("Vm", name="web-01"), "vm_disks")[0]
    old = disk.id
    world.rename(disk)
    assert disk.id != old
    assert world.get("VmDisk", old) is None and world.find("VmDisk", old) is disk
    assert world.many(world.one(disk, "vm"), "vm_disks")[0] is disk  # in its place
    _check_links(world)
    world.rename(disk)
    assert world.find("VmDisk", old) is disk
    world.remove(disk)
    assert world.find("VmDisk", old) is None
    _check_links(world)


def test_one_end_moves_the_other():
    world = Tower().world
    vm = world.first("Vm", name="web-01")
    first, second = world.many(world.one(vm, "cluster"), "hosts")[:2]
    world.update(vm, host=first)
    world.update(vm, host=second.id)
    assert vm.id in second["vms"] and vm.id not in first["vms"]
    world.update(second, vms=[])
    assert vm["host"] is None and second["vm_num"] == 0
    with pytest.raises(ValueError):
        world.update(vm, host="nope")
    with pytest.raises(ValueError):
        world.update(vm, host=world.one(vm, "cluster"))
    with pytest.raises(ValueError):
        world.add("Vm", id=vm.id)


def test_every_relation_knows_its_other_end():
    for name in operations.kind_names():
        for relation in kinds.kind(name).relations.values():
            if relation.inverse is not None:
                back = kinds.kind(relation.target).relations[relation.inverse]
                assert back.target == name and back.inverse == relation.name


def test_ids():
    ids = Ids(3)
    made = [ids.cuid() for _ in range(2000)]
    assert made == sorted(set(made)) and {len(each) for each in made} == {25}
    assert made == [each for each in (lambda other: [other.cuid() for _ in range(2000)])(Ids(3))]


def test_watchers_hear_of_both_ends():
    world = World(Ids())
    heard = []
    for kind in ("Organization", "Datacenter"):
        world.watch(kind, lambda record: heard.append(record.kind.name))
    organization = world.add("Organization", name="o")
    del heard[:]
    world.add("Datacenter", name="d", organization=organization)
    assert sorted(heard) == ["Datacenter", "Organization"]


def test_what_fails_puts_back_relations_in_their_order():
    world = Tower().world
    before = {record: (dict(record), dict(record.backlinks)) for record in world.records.values()}
    orders = {record: [list(ids) for ids in held.values() if isinstance(ids, dict)]
              for record, (held, _) in before.items()}  # fmt: skip
    vm, label = world.first("Vm"), world.first("Label") or world.add("Label", key="a")
    before.setdefault(label, (dict(label), dict(label.backlinks)))
    with pytest.raises(RuntimeError):
        with world.atomic():
            for disk in world.many(vm, "vm_disks"):
                world.remove(disk)
            world.link(label, "vms", vm)
            world.add("Task", description="it", user=world.first("User"))
            world.rename(world.one(vm, "host"))
            world.remove(vm)
            raise RuntimeError("it breaks")
    assert {
        record: (dict(record), dict(record.backlinks)) for record in world.records.values()
    } == before
    for record, order in orders.items():
        assert [list(ids) for ids in record.values() if isinstance(ids, dict)] == order, record
    _check_links(world)


def test_what_may_fail_copies_only_the_relations_that_it_changes():
    world = Tower().world
    vm, cluster, user = world.first("Vm"), world.first("Cluster"), world.first("User")
    label = world.add("Label", key="a")
    world.add("Task", description="it", user=user)
    (tasks,) = [ids for relation, ids in user.backlinks.items() if relation.owner == "Task"]
    vms, nics = cluster["vms"], vm["vm_nics"]
    with world.atomic():
        world.update(cluster, name="another")
        world.update(user, name="another")
        world.update(vm, memory=2**30)
        world.link(label, "vms", vm)
        world.link(label, "hosts", world.one(vm, "host"))
    assert cluster["vms"] is vms and vm["vm_nics"] is nics
    assert [ids for ids in user.backlinks.values() if ids is tasks] == [tasks]
