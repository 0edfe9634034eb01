"""One object that a generic operation makes, changes or removes."""

from cloudtower.simulator import errors
from cloudtower.simulator.operations import lookup, members, names
from cloudtower.simulator.operations.fields import add_object, require_free, values_of
from cloudtower.simulator.operations.registry import REFINED
from cloudtower.simulator.operations.rules import UNIQUE
from cloudtower.simulator.schema import kinds

#: Settings of the tower itself: done at once, though they could be marked as busy.
_AT_ONCE = ("GlobalSettings", "AlertNotifier")


class Step(object):
    """One object that an operation makes, changes or removes.

    Attributes:
        call: the Call; world: its World.
        kind: name of the object's kind.
        params: the part of the body that is about it, a dict.
        source: the record that `where` selects, where another one is made of it.
        record: the object; None as long as it is to be made.
        values: {field: value} that it gets.
        text: what its task says, a Text; by default the words of the path.
        seconds: how long the task takes on a real cluster.
        at_once: whether it is done without a task.
        make: callable() that makes the object and returns its record, where
            it is more than `values`.
        last: what `later` has been given, a list of callables.
    """

    def __init__(self, call, kind, params, record=None, source=None):
        self.call = call
        self.world = call.world
        self.kind = kind
        self.params = params
        self.record = record
        self.source = source
        self.values = {}
        self.text = None
        self.seconds = 2
        fields = kinds.kind(kind).fields
        lasting = "entityAsyncStatus" in fields or "local_id" in fields
        self.at_once = kind in _AT_ONCE or not lasting
        self.make = lambda: add_object(call, kind, self.values)
        self.last = []

    @property
    def now(self):
        """The moment it is, as text."""
        return self.call.tower.tasks.now()

    def get(self, name):
        """What the object will hold in a field; a relation as a record or records."""
        held = self.values.get(name, self.record[name] if self.record is not None else None)
        return self._read(held)

    def named(self, name):
        """The record that the body names for a relation; Refusal where it names none."""
        target = kinds.kind(self.kind).relations[name].target
        return self.get(name) or lookup.find(self.world, target, None)

    def _read(self, held):
        """The record that an id in a field means; any other value as it is."""
        return self.world.records.get(held, held) if isinstance(held, str) else held

    def later(self, action):
        """Have `action()` called at the end of the task; may stand above it as `@step.later`."""
        self.last.append(action)

    def prepare(self):
        """Read the body, ask the refinements, and refuse what cannot be."""
        self.values.update(values_of(self.call, self.kind, self.params))
        names.require_all(self.kind, self.values)
        self.refine()
        require_free(self.kind, self.values, self.record)

    def refine(self):
        """Ask the refinements."""
        for refine in REFINED.get(self.call.path, ()):
            refine(self)

    def require_unique(self, others):
        """Refuse a name that another object has, or another Step of the same request."""
        code, *fields = UNIQUE.get(self.kind, (None,))
        own = [self.get(name) for name in fields]
        if not members.known(self.values, fields) or own[0] is None:
            return
        rivals = [rival for rival in self.world.all(self.kind) if rival is not self.record]
        taken = [[self._read(rival[name]) for name in fields] for rival in rivals]
        taken += [[other.get(name) for name in fields] for other in others]
        errors.require(own not in taken, code, "the %s %s is taken" % (fields[0], own[0]))
