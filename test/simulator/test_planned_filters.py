"""Filters and pages found by ids, indexes and relations are those that a look at each object finds.

The look is written here, from the description of the server's semantics: one object at a time, with
None for what is unknown.
"""

import random

import pytest

pytest.importorskip("starlette")

from cloudtower.simulator.engine import where as filters  # noqa: E402
from cloudtower.simulator.operations import listing  # noqa: E402
from cloudtower.simulator.permissions import Sight  # noqa: E402
from cloudtower.simulator.schema import kinds  # noqa: E402
from cloudtower.simulator.tower import Tower  # noqa: E402

COMPARISONS = {
    "lt": lambda held, value: held < value,
    "lte": lambda held, value: held <= value,
    "gt": lambda held, value: held > value,
    "gte": lambda held, value: held >= value,
    "contains": lambda held, value: value in held,
    "starts_with": lambda held, value: held.startswith(value),
    "ends_with": lambda held, value: held.endswith(value),
    "in": lambda held, value: held in value,
    "": lambda held, value: held == value,
}


def conjunction(truths):
    truths = list(truths)
    return False if False in truths else None if None in truths else True


def negation(truth):
    return None if truth is None else not truth


def holds(world, record, where):
    """Whether a filter is true of a record; None is unknown."""
    return conjunction(member_holds(world, record, *member) for member in where.items())


def member_holds(world, record, name, value):
    if name in ("AND", "OR", "NOT"):
        truths = [holds(world, record, part) for part in value if part]
        if name == "AND":
            return conjunction(truths)
        if name == "NOT":
            return conjunction(map(negation, truths))
        return negation(conjunction(map(negation, truths))) if truths or not value else True
    base, _, how = name.rpartition("_")
    relation = record.kind.relations.get(name) or record.kind.relations.get(base)
    if relation is not None:
        others = world.many(record, relation.name)
        if value is None:
            return not others
        if not relation.many:
            return holds(world, others[0], value) if others else False
        truths = [holds(world, other, value) for other in others]
        return {"some": True in truths, "none": True not in truths, "every": False not in truths}[
            how
        ]
    for operator in sorted(COMPARISONS, key=len, reverse=True):
        for start in ("_not", ""):
            ending = start + ("_" + operator if operator else "")
            if name.endswith(ending) and name[: len(name) - len(ending)] in record.kind.fields:
                held = record.get(name[: len(name) - len(ending)])
                truth = compared(held, operator, value)
                return negation(truth) if start else truth
    raise AssertionError(name)


def compared(held, operator, value):
    if value is None:
        return held is None if operator in ("", "in") else None
    if operator == "in" and not value:
        return False
    return None if held is None else COMPARISONS[operator](held, value)


#: kind -> the relations that filters of it follow
RELATIONS = {
    "Vm": "cluster host folder vm_disks vm_nics labels snapshots",
    "VmDisk": "vm vm_volume",
    "VmNic": "vm vlan",
    "VmVolume": "cluster lun vm_disks",
    "Cluster": "vms hosts datacenters",
    "Host": "cluster vms",
    "Label": "vms clusters",
    "Vlan": "vds vm_nics",
    "VmSnapshot": "vm",
    "VmFolder": "vms cluster",
    "IscsiLun": "iscsi_target",
    "Datacenter": "clusters",
    "Vds": "vlans",
    "IscsiTarget": "cluster",
}
NUMBERS = ("", "_not", "_lt", "_gte", "_in", "_not_in")
TEXTS = NUMBERS + ("_contains", "_not_contains", "_starts_with", "_ends_with", "_not_ends_with")
#: What VMs are called after a change.
NAMES = ("a", "b", "c", "a\0b", "b\0", "ca", "\u4e3b\u673a-a")
#: field -> operators
FIELDS = {
    "Vm": {"name": TEXTS, "description": TEXTS, "hostname": TEXTS, "status": ("", "_in", "_not"),
           "vcpu": NUMBERS, "ha": ("", "_not"), "deleted_at": ("", "_lt", "_not")},
    "VmDisk": {"type": ("", "_not"), "boot": NUMBERS, "serial": TEXTS},
    "VmNic": {"mac_address": TEXTS, "ip_address": TEXTS},
}  # fmt: skip


class Random(object):
    """Filters and pages at random about what is in a world."""

    def __init__(self, world, rng):
        self.world = world
        self.rng = rng

    def where(self, kind_name, depth=3):
        wanted = {}
        for _ in range(self.rng.choice((0, 1, 1, 1, 2))):
            wanted.update(self.member(kind_name, depth))
        return wanted

    def member(self, kind_name, depth):
        chance = self.rng.random()
        if depth and chance < 0.3:
            count = self.rng.choice((0, 1, 2, 2, 5))
            parts = [self.where(kind_name, depth - 1) for _ in range(count)]
            return {self.rng.choice(("AND", "OR", "NOT")): parts}
        relations = RELATIONS[kind_name].split()
        if depth and chance < 0.65:
            relation = kinds.kind(kind_name).relations[self.rng.choice(relations)]
            inner = self.where(relation.target, depth - 1)
            if relation.many:
                return {relation.name + self.rng.choice(("_some", "_every", "_none")): inner}
            return {relation.name: self.rng.choice((inner, inner, inner, None))}
        if chance < 0.8 or kind_name not in FIELDS:
            return self.compared(kind_name, "id", TEXTS)
        return self.compared(kind_name, *self.rng.choice(sorted(FIELDS[kind_name].items())))

    def compared(self, kind_name, field, operators):
        operator = self.rng.choice(operators)
        records = list(self.world.all(kind_name)) or [{}]
        values = [self.rng.choice(records).get(field) for _ in range(3)]
        if operator.endswith("in"):
            known = [value for value in values if value is not None]
            return {field + operator: self.rng.choice((known, known, [], None))}
        value = self.rng.choice(values + [None]) if field != "id" else values[0] or "nobody"
        if isinstance(value, str) and operator.endswith(("with", "contains")):
            value = self.part(value)
        return {field + operator: value}

    def part(self, text):
        """Its beginning, its end, or a part that many have."""
        length = self.rng.choice((1, 3, 24))
        return self.rng.choice((text[:length], text[:length], text[-length:], text[2:6], "\0", ""))

    def page(self, kind_name):
        ids = [record.id for record in self.world.all(kind_name)] + ["nobody"]
        page = {
            "skip": self.rng.choice((None, 0, 1, 7)),
            "orderBy": self.rng.choice((None, "id_DESC", "id_ASC")),
            self.rng.choice(("first", "last")): self.rng.choice((None, 0, 1, 5, 100)),
        }
        if kind_name in FIELDS:
            field = self.rng.choice(sorted(FIELDS[kind_name]))
            page["orderBy"] = field + self.rng.choice(("_ASC", "_DESC"))
        for cursor in ("after", "before"):
            if self.rng.random() < 0.2:
                page[cursor] = self.rng.choice(ids)
        return page

    def change(self):
        """Change something, take it back or not."""
        world, rng = self.world, self.rng
        vm = rng.choice(list(world.all("Vm")))
        disk = next(iter(world.many(vm, "vm_disks")), None)

        def edit():
            world.update(vm, name=rng.choice(NAMES), description=rng.choice(("", "x", None)))
            world.update(vm, host=rng.choice(list(world.all("Host")) + [None]))
            if disk is not None:
                world.rename(disk)
            label = rng.choice(list(world.all("Label")))
            rng.choice((world.link, world.unlink))(label, "vms", vm)
            made = world.add("Vm", name=rng.choice(NAMES), cluster=vm["cluster"], vcpu=7)
            world.remove(made if rng.random() < 0.3 else vm if rng.random() < 0.2 else None)

        try:
            with world.atomic():
                edit()
                if rng.random() < 0.3:
                    raise KeyError("taken back")
        except KeyError:
            pass


def looked_for(world, kind_name, where, page):
    """What a look at each object finds."""
    field, _, direction = (page.get("orderBy") or "id_ASC").rpartition("_")

    def place(record):
        value = record.get(field)
        return value is None, value

    records = sorted(world.all(kind_name), key=lambda record: record.id)
    records.sort(key=place, reverse=direction == "DESC")
    ids = [record.id for record in records]
    for cursor in ("after", "before"):
        if page.get(cursor) is not None and page[cursor] not in ids:
            return []
    start = ids.index(page["after"]) + 1 if page.get("after") else 0
    end = ids.index(page["before"]) if page.get("before") else None
    found = [record for record in records[start:end] if holds(world, record, where) is True]
    skip = page.get("skip") or 0
    if page.get("last") is not None:
        found = found[: max(len(found) - skip, 0)]
        return found[max(len(found) - page["last"], 0) :]
    return found[skip:][: page.get("first")]


@pytest.fixture(scope="module")
def tower():
    tower = Tower(vms=40)
    world = tower.world
    vms, clusters = list(world.all("Vm")), list(world.all("Cluster"))
    for index, key in enumerate("ab"):
        label = world.add("Label", key=key, value=None)
        for vm in vms[index::3]:
            world.link(label, "vms", vm)
    folder = world.add("VmFolder", name="f", cluster=clusters[0])
    for vm in vms[::4]:
        world.update(vm, folder=folder, description="x")
    for vm in vms[::7]:
        world.update(vm, hostname=None)
        world.add("VmSnapshot", name="s", vm=vm, cluster=vm["cluster"])
    return tower


@pytest.mark.parametrize("few", [0, 4, 500])
def test_random_filters_and_pages(tower, monkeypatch, few):
    monkeypatch.setattr(filters, "FEW", few)
    world, rng, sizes = tower.world, random.Random(few), set()
    at_random, before = Random(world, rng), tower.snapshot()
    try:
        for number in range(1500):
            if number % 5 == 0:
                at_random.change()
            if number % 400 == 399:
                tower.restore(before)
            kind_name = rng.choice(("Vm", "Vm", "VmDisk", "VmNic", "VmVolume", "Cluster", "Label"))
            where, page = at_random.where(kind_name), at_random.page(kind_name)
            expected = looked_for(world, kind_name, where, {})
            assert filters.select(world, kind_name, where) == expected, where
            matching = filters.matching(world, kind_name, where)
            assert matching.count(len(world.by_id(kind_name))) == len(expected), where
            expected = looked_for(world, kind_name, where, page)
            assert listing.paged(Sight(world, {}), kind_name, matching, page) == expected, (
                where,
                page,
            )
            sizes.add(len(expected))
    finally:
        tower.restore(before)
    assert len(sizes) > 10  # not all filters are all or nothing
