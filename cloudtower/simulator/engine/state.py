"""Keeps a tower's state in a SQLite file: what was answered survives a `kill -9`.

After each request, and before its answer is sent, the records that it changed
are written in one transaction, and the members that its relations gained and lost, so that a write
costs the same however many there are. What a kill interrupts is the work of tasks: as
on a CloudTower that is restarted, they have failed when it is back.
"""

import itertools
import json
import random
import sqlite3
from contextlib import contextmanager

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.engine.scheduler import JOBS
from cloudtower.simulator.engine.record import blank
from cloudtower.simulator.schema import operations

#: What empties the file.
_EMPTY = (
    "DELETE FROM record; DELETE FROM member; DELETE FROM alias; DELETE FROM job; DELETE FROM meta"
)
_RESET = "RESET_TASK_FAILED_WHEN_SERVER_STARTED"
_TEXT = "$text"
#: (kind, field, values that it has while work is under way, the value where that was broken off)
_UNDER_WAY = (
    ("BackupPlan", "last_execute_status", ("RUNNING",), "FAILED"),
    ("BackupPlan", "last_manual_execute_status", ("RUNNING",), "FAILED"),
    ("BackupPlanExecution", "status", ("RUNNING",), "FAILED"),
    ("BackupRestoreExecution", "status", ("RUNNING",), "FAILED"),
    ("BackupTargetExecution", "status", ("RUNNING",), "ABORTED"),
    ("LogCollection", "status", ("EXECUTING", "STOPPING"), "FAILED"),
    ("ReportTask", "status", ("PENDING", "EXECUTING"), "FAILED"),
    ("SnapshotPlan", "last_execute_status", ("IN_PROGRESS",), "FAILED"),
    ("SnapshotPlanTask", "status", ("IN_PROGRESS",), "FAILED"),
)
# with "synchronous", because it is processes that get killed; a power cut may cost a moment
_SETUP = """
PRAGMA locking_mode=EXCLUSIVE;
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY, kind TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS member (place INTEGER PRIMARY KEY, owner INTEGER, relation TEXT,
    other INTEGER, UNIQUE (owner, relation, other));
CREATE TABLE IF NOT EXISTS alias (old TEXT PRIMARY KEY, new TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS job (name TEXT, argument TEXT, moment REAL,
    PRIMARY KEY (name, argument)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
COMMIT;
"""


class State(object):
    """The file behind a tower.

    Parameters:
        path: of the file, str; it is made where there is none.

    Raises ValueError for a file that is something else, or that another simulator uses.
    """

    def __init__(self, path):
        self._file = None
        try:
            # begun in one thread, used by that of the server
            self._file = sqlite3.connect(
                path, timeout=1, isolation_level=None, check_same_thread=False
            )
            self._file.executescript(_SETUP)
        except sqlite3.DatabaseError as error:
            if self._file is not None:
                self._file.close()
            reason = "another simulator uses it" if "locked" in str(error) else error
            raise ValueError("the state %s cannot be used: %s" % (path, reason))
        self._tower = None
        self._numbers = {}
        self._dirty = {}
        #: {(record, relation, other record): whether it is a member now}, in the order of changes
        self._members = {}
        #: records whose members are to be written all, as keys
        self._retold = {}
        self._renames = []
        #: (name, argument, moment) of jobs that were planned again; the moment is None: no longer
        self._plans = []
        #: what the file holds of the tower beside its records, JSON
        self._known = None
        #: whether something could not be written, such as to a full disk
        self._is_behind = False

    def is_empty(self):
        """Whether nothing has been kept yet."""
        return self._file.execute("SELECT 1 FROM meta").fetchone() is None

    def close(self):
        """Close the file."""
        self._file.close()

    def keep(self, tower):
        """Keep a tower from now on, as it is, in place of what the file holds."""
        self._numbers = {}
        if tower is not self._tower:
            self._follow(tower)
        self._dirty = dict.fromkeys(tower.world.records.values())
        self._members = {}
        self._retold = self._dirty
        self._renames = list(tower.world.aliases.items())
        self._plans = tower.scheduler.jobs()
        row = ("secret", tower.authentication.secret.hex())
        with self._transaction():
            for statement in _EMPTY.split(";"):
                self._file.execute(statement)
            self._file.execute("INSERT INTO meta VALUES (?, ?)", row)
            self._write()

    def load(self, tower):
        """Fill an empty tower from the file, and keep it from now on."""
        meta = dict(self._file.execute("SELECT name, body FROM meta"))
        self._known = meta["tower"]
        if "secret" in meta:  # the tokens of an earlier run are good
            tower.authentication.secret = bytes.fromhex(meta["secret"])
        world, rows = tower.world, "SELECT number, kind, body FROM record ORDER BY number"
        by_number = {}
        for number, kind_name, body in self._file.execute(rows):
            by_number[number] = record = _record(kind_name, json.loads(body))
            self._numbers[record] = number
        rows = "SELECT owner, relation, other FROM member ORDER BY place"
        for owner, name, other in self._file.execute(rows):
            record, other = by_number[owner], by_number[other]
            if name not in record.kind.relations:
                record.kind.hide(name, other.kind.name, many=True)
            record.setdefault(name, {})[other.id] = None
        world.restore(self._numbers, self._file.execute("SELECT old, new FROM alias"))
        known = json.loads(self._known)
        tower.authentication.restore(known["authentication"])
        tower.permissions.restore(known["permissions"])
        tower.any_order = known["any_order"]
        tower.changes.current = tower.changes.compacted = known["revision"]
        # what is made from now on shall differ from what an earlier run may have shown
        starts, world.ids.count = known["starts"] + 1, known["ids"]
        world.ids.random = random.Random("%d %d" % (world.ids.count, starts))
        tower.counters.adopt()
        for row in self._file.execute("SELECT name, argument, moment FROM job").fetchall():
            if row[0] in JOBS:
                tower.scheduler.plan(*row)
        self._follow(tower, starts)
        if known.get("feeds"):
            tower.changes.begin()  # somebody may follow them, and what ends now is a change
        _end_tasks(tower)
        self.commit()

    def commit(self):
        """Write what has changed since the last time."""
        if self._is_behind:
            self.keep(self._tower)
        elif self._dirty or self._plans or self._tower_text() != self._known:
            with self._transaction():
                self._write()

    @contextmanager
    def _transaction(self):
        """All that is written within, or nothing; then the next commit writes all there is."""
        self._file.execute("BEGIN")
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            self._is_behind = True
            self._file.execute("ROLLBACK")
            raise
        self._is_behind = False

    def _follow(self, tower, starts=1):
        """Hear of the changes of a tower from now on."""
        self._tower, self._starts = tower, starts
        for name in operations.kind_names().union(tower.world.kinds()):
            tower.world.watch(name, lambda record: self._dirty.setdefault(record))
        tower.world.on_member = self._note_member
        tower.world.on_undo.append(lambda records: self._retold.update(dict.fromkeys(records)))
        tower.world.on_rename = lambda *names: self._renames.append(names)
        tower.scheduler.on_plan = lambda *plan: self._plans.append(plan)

    def _note_member(self, record, name, other, is_member):
        """Note that a relation has gained a member, or lost one."""
        key = (record, name, other)
        self._members.pop(key, None)  # what comes again comes last
        self._members[key] = is_member

    def _write(self):
        """Write what has changed, within a transaction."""
        gone = []
        for record in self._dirty:
            if record in self._tower.world:
                # a record without a number gets the next one
                row = (self._numbers.get(record), record.kind.name, _written(record))
                rows = self._file.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", row)
                self._numbers[record] = rows.lastrowid
            elif record in self._numbers:
                gone.append(record)
        self._write_members()
        for record in gone:
            number = self._numbers.pop(record)
            self._file.execute("DELETE FROM record WHERE number = ?", (number,))
        for old, new in self._renames:
            self._file.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (old, new))
        self._file.execute("DELETE FROM alias WHERE new IS NULL")
        for name, argument, moment in self._plans:
            row = (name, argument, moment)
            self._file.execute("INSERT OR REPLACE INTO job VALUES (?, ?, ?)", row)
        self._file.execute("DELETE FROM job WHERE moment IS NULL")
        self._dirty, self._renames, self._plans = {}, [], []
        self._known = self._tower_text()
        self._file.execute("INSERT OR REPLACE INTO meta VALUES ('tower', ?)", (self._known,))

    def _write_members(self):
        """Write which members the relations have gained and lost."""
        world, gained, lost = self._tower.world, [], []
        for record in self._retold:
            if record in self._numbers:
                row = (self._numbers[record],)
                self._file.execute("DELETE FROM member WHERE owner = ?", row)
        retold = (
            ((record, name, other), True)
            for record in self._retold
            if record in world
            for name in record.kind.many
            for other in world.many(record, name)
        )
        changes = ((key, held) for key, held in self._members.items() if key[0] not in self._retold)
        for (record, name, other), is_member in itertools.chain(retold, changes):
            # one that has come and gone since the last time has no number
            if record in self._numbers and other in self._numbers:
                row = (self._numbers[record], name, self._numbers[other])
                (gained if is_member else lost).append(row)
        text = "DELETE FROM member WHERE owner = ? AND relation = ? AND other = ?"
        self._file.executemany(text, lost)
        text = "INSERT OR REPLACE INTO member (owner, relation, other) VALUES (?, ?, ?)"
        self._file.executemany(text, gained)
        self._members, self._retold = {}, {}

    def _tower_text(self):
        """What is kept of the tower beside its records, as JSON."""
        tower = self._tower
        known = {"authentication": tower.authentication.state(), "ids": tower.world.ids.count}
        known["permissions"] = tower.permissions.state()
        known.update(any_order=tower.any_order, revision=tower.changes.current, starts=self._starts)
        known["feeds"] = tower.changes.has_begun
        return json.dumps(known)


def _written(record):
    """A record as JSON, but for its to-many relations; texts in two languages are marked."""
    many = record.kind.many
    values = {name: value for name, value in record.items() if name not in many}
    for name, value in record.items():
        if isinstance(value, Text):
            values[name] = {_TEXT: [str(value), value.chinese]}
    return json.dumps(values, ensure_ascii=False)


def _record(kind_name, values):
    """The Record of a row."""
    record = blank(kind_name)
    for name, value in values.items():
        if isinstance(value, dict) and _TEXT in value:
            value = Text(*value[_TEXT])
        record[name] = value
    return record


def _end_tasks(tower):
    """Tasks that ran when the process ended have failed, and their objects are free."""
    world = tower.world
    ended = {"status": "FAILED", "finished_at": tower.tasks.now(), "error_code": _RESET}
    ended["error_message"] = "%s: the server was started again" % _RESET
    for task in world.all("Task"):
        if task["status"] in ("PENDING", "EXECUTING", "PAUSED"):
            world.update(task, **ended)
    for kind_name, field, running, broken_off in _UNDER_WAY:
        for record in world.all(kind_name):
            if record[field] in running:
                world.update(record, **{field: broken_off})
    for host in world.all("Host"):
        if "ENTERING" in str((host["host_state"] or {}).get("state")):
            world.update(host, host_state=None)
    for record in list(world.records.values()):
        status = record.get("entityAsyncStatus")
        if status == "CREATING" and record in world:
            world.remove(record)
        elif status and record in world:
            world.update(record, entityAsyncStatus=None)
