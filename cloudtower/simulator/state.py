"""Keeps a tower's state in a SQLite file: what was answered survives a `kill -9`.

After each request, and before its answer is sent, the records that it changed
are written in one transaction. What a kill interrupts is the work of tasks: as
on a CloudTower that is restarted, they have failed when it is back.
"""

import json
import random
import sqlite3

from cloudtower.simulator import tables
from cloudtower.simulator.language import Text
from cloudtower.simulator.world import Record

_RESET = "RESET_TASK_FAILED_WHEN_SERVER_STARTED"
_TEXT = "$text"


class State(object):
    """The file behind a tower.

    Parameters:
        path: of the file, str; it is made where there is none.

    Raises ValueError for a file that is something else, or that another simulator uses.
    """

    def __init__(self, path):
        # begun in one thread, used by that of the server
        self._file = sqlite3.connect(path, timeout=1, isolation_level=None, check_same_thread=False)
        try:
            self._file.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._file.execute("PRAGMA journal_mode=WAL")
            # it is processes that get killed; a power cut may cost the last moments
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute("BEGIN IMMEDIATE")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY, kind TEXT, body TEXT)"
            )
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS alias (old TEXT PRIMARY KEY, new TEXT) WITHOUT ROWID"
            )
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID"
            )
            self._file.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            self._file.close()
            raise ValueError("the state %s cannot be used: %s" % (path, error))
        self._tower = None
        self._numbers = {}
        self._next = 1
        self._dirty = {}
        self._renames = []
        self._meta = {}

    def is_empty(self):
        """Whether nothing has been kept yet."""
        return self._file.execute("SELECT 1 FROM meta").fetchone() is None

    def close(self):
        """Close the file."""
        self._file.close()

    def keep(self, tower):
        """Keep a tower from now on, in place of what the file holds."""
        self._file.execute("BEGIN")
        self._file.execute("DELETE FROM record")
        self._file.execute("DELETE FROM alias")
        self._file.execute("DELETE FROM meta")
        self._numbers, self._next, self._meta = {}, 1, {}
        self._follow(tower)
        self._dirty = dict.fromkeys(tower.world.records.values())
        self._renames = list(tower.world.aliases().items())
        self._write()
        self._file.execute("COMMIT")

    def load(self, tower):
        """Fill an empty tower from the file, and keep it from now on."""
        meta = self._meta = dict(self._file.execute("SELECT name, body FROM meta"))
        world, rows = tower.world, "SELECT number, kind, body FROM record ORDER BY number"
        records = []
        for number, kind_name, body in self._file.execute(rows):
            record = _record(kind_name, json.loads(body))
            records.append(record)
            self._numbers[record] = number
            self._next = number + 1
        known = json.loads(meta["tower"])
        world.restore(records, self._file.execute("SELECT old, new FROM alias"))
        tower.access.restore(known["access"])
        tower.lenient = known["lenient"]
        tower.changes.current = tower.changes.compacted = known["revision"]
        ids = world.ids
        ids.count = known["ids"]
        # what is made from now on shall differ from what an earlier run may have shown
        starts = known["starts"] + 1
        ids.random = random.Random("%d %d" % (ids.count, starts))
        tower.tally.adopt()
        self._follow(tower, starts)
        _end_tasks(tower)
        self.commit()

    def commit(self):
        """Write what has changed since the last time."""
        if self._dirty or self._tower_text() != self._meta.get("tower"):
            self._file.execute("BEGIN")
            self._write()
            self._file.execute("COMMIT")

    def _follow(self, tower, starts=1):
        self._tower, self._starts = tower, starts
        for name in tables.kinds():
            tower.world.watch(name, self._touch)
        tower.world.on_rename = lambda old, new: self._renames.append((old, new))

    def _touch(self, record):
        self._dirty[record] = None

    def return_to(self, tower):
        """Keep a tower that went back to an earlier state, or is an earlier one."""
        if tower is not self._tower:
            self.keep(tower)
            return
        aliases = self._tower.world.aliases()
        known = dict(self._file.execute("SELECT old, NULL FROM alias"))
        self._renames = list(dict(known, **aliases).items())
        self._dirty.update(dict.fromkeys(self._numbers))
        self._dirty.update(dict.fromkeys(self._tower.world.records.values()))
        self.commit()

    def _write(self):
        for record in self._dirty:
            number = self._numbers.get(record)
            if record in self._tower.world:
                if number is None:
                    number = self._numbers[record] = self._next
                    self._next += 1
                row = (number, record.kind.name, _written(record))
                self._file.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", row)
            elif number is not None:
                del self._numbers[record]
                self._file.execute("DELETE FROM record WHERE number = ?", (number,))
        for old, new in self._renames:
            self._file.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (old, new))
        self._file.execute("DELETE FROM alias WHERE new IS NULL")
        self._dirty, self._renames = {}, []
        text = self._tower_text()
        if text != self._meta.get("tower"):
            self._meta["tower"] = text
            self._file.execute("INSERT OR REPLACE INTO meta VALUES ('tower', ?)", (text,))

    def _tower_text(self):
        tower = self._tower
        return json.dumps(
            {
                "access": tower.access.state(),
                "ids": tower.world.ids.count,
                "lenient": tower.lenient,
                "revision": tower.changes.current,
                "starts": self._starts,
            }
        )


def _written(record):
    values = dict(record)
    for name, value in values.items():
        if isinstance(value, Text):
            values[name] = {_TEXT: [str(value), value.chinese]}
    return json.dumps(values, ensure_ascii=False)


def _record(kind_name, values):
    kind = tables.kind(kind_name)
    record = Record(kind, kind.defaults)
    for name, relation in kind.relations.items():
        record[name] = {} if relation.many else None
    for name, value in values.items():
        if isinstance(value, dict) and _TEXT in value:
            value = Text(*value[_TEXT])
        record[name] = value
    return record


def _end_tasks(tower):
    """Tasks that ran when the process ended have failed, and their objects are free."""
    world, now = tower.world, tower.tasks.now()
    for task in list(world.all("Task")):
        if task["status"] in ("PENDING", "EXECUTING", "PAUSED"):
            message = "%s: the server was started again" % _RESET
            ended = {"status": "FAILED", "finished_at": now, "error_code": _RESET}
            world.update(task, error_message=message, **ended)
    for host in world.all("Host"):
        if "ENTERING" in str((host["host_state"] or {}).get("state")):
            world.update(host, host_state=None)
    for record in list(world.records.values()):
        status = record.get("entityAsyncStatus")
        if status == "CREATING" and record in world:
            world.remove(record)
        elif status and record in world:
            world.update(record, entityAsyncStatus=None)
