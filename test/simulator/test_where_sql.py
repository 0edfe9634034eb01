"""The evaluator of filters against SQL, judged by SQLite.

The SQL is written from the description of the server's semantics; neither the
tables nor the evaluator have a part in it.
"""

import os
import random
import sqlite3

import pytest

_SEED = os.environ.get("CLOUDTOWER_FUZZ_SEED", "1")
_CASES = 600

_TEXTS = ("", "a", "A", "ab", "b%", "_b", "ä", "\\", "a_b")
_PRIORITIES = ("LEVEL_1_LOW", "LEVEL_2_MEDIUM", "LEVEL_3_HIGH")
_TIMES = ("2025-01-01T00:00:00.000Z", "2025-06-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z")
_SETS = ["", "not", "in", "not_in"]
_ORDER = ["lt", "lte", "gt", "gte"]
_PARTS = ["contains", "starts_with", "ends_with"]
_TEXT = (_TEXTS, _SETS + _ORDER + _PARTS + ["not_" + each for each in _PARTS])

#: table -> {column: (values, operators)}
_COLUMNS = {
    "vm": {
        "name": _TEXT,
        "hostname": _TEXT,
        "max_iops": ((0, 1, 2, 3), _SETS + _ORDER),
        "ha": ((True, False), ["", "not"]),
        "ha_priority": (_PRIORITIES, _SETS),
        "deleted_at": (_TIMES, _SETS + _ORDER),
    },
    "folder": {"name": _TEXT, "local_id": _TEXT},
    "label": {"key": _TEXT, "value": _TEXT},
    "disk": {"key": ((1, 2, 3), _SETS + _ORDER), "serial": _TEXT},
}
#: table -> {relation: (table at the other end, SQL that joins `inner` to `outer`)}
_ONE = {"vm": {"folder": ("folder", "folder")}, "disk": {"vm": ("vm", "vm")}}
_MANY = {
    "vm": {
        "labels": ("label", "{inner}.id IN (SELECT label FROM labelled WHERE vm = {outer}.id)"),
        "vm_disks": ("disk", "{inner}.vm = {outer}.id"),
    },
    "folder": {"vms": ("vm", "{inner}.folder = {outer}.id")},
    "label": {"vms": ("vm", "{inner}.id IN (SELECT vm FROM labelled WHERE label = {outer}.id)")},
}
_SYMBOLS = {"": "=", "not": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


class _Filters(object):
    """Makes filters at random: the JSON, and the condition in SQL with its arguments."""

    def __init__(self, rng):
        self._rng = rng
        self._aliases = 0

    def make(self, table, alias, depth=0):
        rng, where, parts = self._rng, {}, []
        for _ in range(rng.choice((0, 1, 1, 2))):
            name, value, sql = self._member(table, alias, depth)
            if name not in where:
                where[name] = value
                parts.append(sql)
        return where, _joined(parts, "AND", "1")

    def _member(self, table, alias, depth):
        luck = self._rng.random() if depth < 4 else 1
        if luck < 0.25:
            return self._logic(table, alias, depth)
        if luck < 0.4 and table in _ONE:
            return self._one(table, alias, depth)
        if luck < 0.6 and table in _MANY:
            return self._many(table, alias, depth)
        return self._scalar(table, alias)

    def _logic(self, table, alias, depth):
        name = self._rng.choice(("AND", "OR", "NOT"))
        made = [self.make(table, alias, depth + 1) for _ in range(self._rng.choice((0, 1, 2, 2)))]
        if name == "OR":
            made = [each for each in made if each[0]]  # what {} does there is not described
        sqls = [sql for where, sql in made if where]
        if name == "OR":
            sql = _joined(sqls, "OR", "0")
        else:
            if name == "NOT":
                sqls = [("NOT (%s)" % text, arguments) for text, arguments in sqls]
            sql = _joined(sqls, "AND", "1")
        wheres = [where for where, _ in made]
        single = len(wheres) == 1 and self._rng.random() < 0.3
        return name, wheres[0] if single else wheres, sql

    def _one(self, table, alias, depth):
        name, (target, column) = self._rng.choice(sorted(_ONE[table].items()))
        key = "%s.%s" % (alias, column)
        if self._rng.random() < 0.2:
            return name, None, (key + " IS NULL", [])
        inner = self._alias()
        where, (sql, arguments) = self.make(target, inner, depth + 1)
        # three-valued: what is unknown of the related row is unknown of this one
        text = "(%s IS NOT NULL AND (SELECT (%s) FROM %s %s WHERE %s.id = %s))"
        return name, where, (text % (key, sql, target, inner, inner, key), arguments)

    def _many(self, table, alias, depth):
        name, (target, join) = self._rng.choice(sorted(_MANY[table].items()))
        inner = self._alias()
        where, (sql, arguments) = self.make(target, inner, depth + 1)
        join = join.format(inner=inner, outer=alias)
        text = "EXISTS (SELECT 1 FROM %s %s WHERE %s AND %%s(%s))" % (target, inner, join, sql)
        text = text.replace("%s(", "{}(")
        how = self._rng.choice(("some", "every", "none"))
        text = text.format("NOT " if how == "every" else "")
        return "%s_%s" % (name, how), where, ("NOT " * (how != "some") + text, arguments)

    def _scalar(self, table, alias):
        rng = self._rng
        column, (values, operators) = rng.choice(sorted(_COLUMNS[table].items()))
        operator = rng.choice(operators)
        key, name = "%s.%s" % (alias, column), column + ("_" + operator if operator else "")
        if rng.random() < 0.12 and operator.split("_")[-1] not in ("contains", "with"):
            known = {"": "%s IS NULL", "in": "%s IS NULL", "not": "%s IS NOT NULL"}
            known["not_in"] = known["not"]
            return name, None, (known.get(operator, "%s < NULL") % key, [])
        if operator in ("in", "not_in"):
            chosen = rng.sample(values, rng.choice((0, 1, 2)))
            if not chosen:
                return name, [], ("0" if operator == "in" else "1", [])
            marks = ", ".join("?" * len(chosen))
            how = operator.replace("_", " ").upper()
            return name, chosen, ("%s %s (%s)" % (key, how, marks), chosen)
        value = rng.choice(values)
        if operator in _SYMBOLS:
            return name, value, ("%s %s ?" % (key, _SYMBOLS[operator]), [value])
        escaped = "".join("\\" + each if each in "%_\\" else each for each in value)
        kind = operator.replace("not_", "")
        pattern = {"contains": "%%%s%%", "starts_with": "%s%%", "ends_with": "%%%s"}[kind] % escaped
        how = "NOT LIKE" if operator.startswith("not_") else "LIKE"
        return name, value, ("%s %s ? ESCAPE '\\'" % (key, how), [pattern])

    def _alias(self):
        self._aliases += 1
        return "t%d" % self._aliases


def _joined(sqls, word, empty):
    text = (" %s " % word).join("(%s)" % text for text, _ in sqls) or empty
    return text, [each for _, arguments in sqls for each in arguments]


def _some(rng, table, column):
    return rng.choice(_COLUMNS[table][column][0] + (None,))


@pytest.fixture(scope="module")
def twins(shared):
    """The same objects in a simulator and in SQLite."""
    rng, world = random.Random(_SEED), shared.world
    for kind in ("Vm", "VmFolder", "Label", "VmDisk"):
        for record in list(world.all(kind)):
            world.remove(record)
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.execute("PRAGMA case_sensitive_like = ON")
    database.executescript(
        """CREATE TABLE folder (id, name, local_id); CREATE TABLE label (id, key, value);
        CREATE TABLE vm (id, name, hostname, max_iops, ha, ha_priority, deleted_at, folder);
        CREATE TABLE disk (id, vm, key, serial); CREATE TABLE labelled (label, vm);"""
    )

    def insert(table, kind, **values):
        record = world.add(kind, **values)
        row = [record.id] + [values[each] for each in _SHOWN[table]]
        database.execute("INSERT INTO %s VALUES (%s)" % (table, ", ".join("?" * len(row))), row)
        return record.id

    cluster = world.first("Cluster")
    folders = [
        insert("folder", "VmFolder", name=rng.choice(_TEXTS), local_id=_some(rng, "folder", "name"),
               cluster=cluster)
        for _ in range(4)
    ]  # fmt: skip
    labels = [
        insert("label", "Label", key=rng.choice(_TEXTS), value=_some(rng, "label", "value"))
        for _ in range(6)
    ]
    for _ in range(40):
        columns = dict((name, _some(rng, "vm", name)) for name in _COLUMNS["vm"])
        columns.update(name=rng.choice(_TEXTS), ha=rng.random() < 0.5)
        vm = insert("vm", "Vm", folder=rng.choice(folders + [None]), cluster=cluster, **columns)
        for _ in range(rng.choice((0, 1, 2))):
            key, serial = _some(rng, "disk", "key"), _some(rng, "disk", "serial")
            insert("disk", "VmDisk", vm=vm, key=key, serial=serial)
        for label in rng.sample(labels, rng.choice((0, 1, 2))):
            world.link(world.get("Label", label), "vms", world.get("Vm", vm))
            database.execute("INSERT INTO labelled VALUES (?, ?)", (label, vm))
    return shared, database


_SHOWN = {
    "folder": ("name", "local_id"),
    "label": ("key", "value"),
    "vm": ("name", "hostname", "max_iops", "ha", "ha_priority", "deleted_at", "folder"),
    "disk": ("vm", "key", "serial"),
}


@pytest.mark.parametrize("table, path", [("vm", "vms"), ("disk", "vm-disks"), ("label", "labels")])
def test_filters_at_random(twins, table, path):
    api, database = twins
    filters, some = _Filters(random.Random("%s %s" % (_SEED, table))), 0
    for _ in range(_CASES // 3):
        where, (sql, arguments) = filters.make(table, table)
        rows = database.execute("SELECT id FROM %s WHERE %s" % (table, sql), arguments).fetchall()
        expected = sorted(each for each, in rows)
        found = sorted(each["id"] for each in api.post("/get-" + path, {"where": where}))
        assert found == expected, (where, sql, arguments)
        some += (
            0
            < len(expected)
            < len(api.world.all({"vm": "Vm", "disk": "VmDisk"}.get(table, "Label")))
        )
    assert some > _CASES // 24  # not all filters are all or nothing
