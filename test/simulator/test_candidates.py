"""A filter that names ids looks at few records, and finds what a look at all would."""

import random

import pytest

pytest.importorskip("starlette")

from cloudtower.simulator.engine import candidates, where  # noqa: E402
from cloudtower.simulator.tower import Tower  # noqa: E402


@pytest.fixture(scope="module")
def world():
    return Tower(vms=60).world


def ids(world, kind_name, number):
    return [record.id for record in list(world.all(kind_name))[:number]]


def few(world, kind_name, condition):
    found = candidates.named(world, kind_name, condition)
    return None if found is None else len(found)


def test_ids_are_found_at_any_depth(world):
    vm, other = ids(world, "Vm", 2)
    disk = next(iter(world.records[vm]["vm_disks"]))
    volume = world.records[disk]["vm_volume"]
    assert few(world, "Vm", {"AND": [{"name_contains": "a"}, {"AND": [{"id": vm}]}]}) == 1
    assert few(world, "Vm", {"OR": [{"id": vm}, {"id_in": [vm, other]}, {}]}) == 2
    assert few(world, "VmDisk", {"vm": {"id": vm}}) == len(world.records[vm]["vm_disks"])
    assert few(world, "Vm", {"vm_disks_some": {"id": disk}}) == 1
    assert few(world, "VmVolume", {"vm_disks_some": {"vm": {"id_in": [vm]}}}) >= 1
    lun = world.records[volume]["lun"]
    assert few(world, "VmVolume", {"lun": {"id": lun}}) == 1, "a relation that shows no other end"
    assert few(world, "VmSnapshot", {"vm": {"id": vm}}) == 0
    assert few(world, "Vm", {"id": "nobody"}) == 0
    assert few(world, "Vm", {"NOT": [{"id_not": vm}]}) == 1
    assert few(world, "Vm", {"NOT": [{"id_not_in": [vm, other]}, {"name": "x"}]}) == 2
    assert few(world, "Vm", {"NOT": [{"NOT": [{"id": vm}]}]}) == 1
    assert few(world, "Vm", {"NOT": [{"OR": [{"id_not": vm}, {"name": "x"}]}]}) == 1
    assert few(world, "Vm", {"NOT": [{"AND": [{"id_not": vm}, {"id_not": other}]}]}) == 2
    disk_of = {"vm": {"NOT": [{"id_not": vm}]}}
    assert few(world, "VmDisk", disk_of) == len(world.records[vm]["vm_disks"])


def test_what_names_nothing_may_be_anything(world):
    vm, other = ids(world, "Vm", 2)
    for condition in (
        {},
        {"id": None},
        {"id_not": vm},
        {"NOT": [{"id": vm}]},
        {"NOT": [{"id_not": vm, "name": "x"}]},
        {"NOT": [{"AND": [{"id_not": vm}, {"name": "x"}]}, {}]},
        {"NOT": [{"id_not": None}]},
        {"OR": [{"id": vm}, {"name": "web-01"}]},
        {"OR": [{}]},
        {"OR": []},
        {"AND": [{}]},
        {"vm_disks_none": {"id": other}},
        {"vm_disks_every": {"id": other}},
        {"cluster": None},
        {"cluster": {"name": "cluster-01"}},
        {"AND": None, "OR": None},
    ):
        assert candidates.named(world, "Vm", condition) is None, condition


def test_random_filters_find_the_same(world, monkeypatch):
    rng = random.Random(5)
    vms, disks = ids(world, "Vm", 9), ids(world, "VmDisk", 9)
    clusters = ids(world, "Cluster", 3)
    names = [world.records[vm]["name"] for vm in vms]

    def condition(depth):
        kind = rng.randrange(12 if depth else 8)
        if kind < 2:
            return {"id": rng.choice(vms)}
        if kind < 8:
            return rng.choice(
                (
                    {"id_in": rng.sample(vms, 3)},
                    {"id_not": rng.choice(vms)},
                    {"id_not_in": rng.sample(vms, 3)},
                    {"vm_disks_some": {"id": rng.choice(disks)}},
                    {"cluster": {"id_in": rng.sample(clusters, 2)}},
                    {"name": rng.choice(names), "status": "RUNNING"},
                    {"name_contains": rng.choice(names)[:4]},
                    {"name_starts_with": rng.choice(names)[:4]},
                    {"description": rng.choice(("", "x"))},
                    {"os": "CentOS 7"},
                    {"os_contains": "Ubuntu"},
                    {},
                )
            )
        parts = [condition(depth - 1) for _ in range(rng.randrange(4))]
        return {rng.choice(("AND", "OR", "NOT")): parts}

    wheres = [condition(4) for _ in range(400)]
    quick = [{record.id for record in where.select(world, "Vm", one)} for one in wheres]
    monkeypatch.setattr(where.candidates, "named", lambda *given: None)
    monkeypatch.setattr(where, "_any_of", lambda name, parts: where._joined(
        [predicate for _, predicate in parts], True))  # fmt: skip
    assert quick == [{record.id for record in where.select(world, "Vm", one)} for one in wheres]
    assert len(set(map(frozenset, quick))) > 50
