"""Faults on demand: what goes wrong between a client and a CloudTower.

    tower.faults.add("error", status=503, operation="get-*", count=2)

Over HTTP: `POST /simulator/faults` with the same as JSON.
"""

import itertools
import random
from fnmatch import fnmatchcase

from cloudtower.simulator import tables
from cloudtower.simulator.errors import Refusal, TaskFailure

#: kind -> {option: its default}
KINDS = {
    "latency": {"seconds": 0.1},
    "error": {"status": 503, "retry_after": None, "message": "a fault that was asked for"},
    "reset": {"when": "before"},  # or "after" the operation was carried out
    "truncated": {},
    "not_json": {},
    "null": {"field": None},
    "unknown_enum": {"field": None, "value": "SOMETHING_NEW"},
    "expired_token": {},
    "task_fails": {"code": "SIMULATED_FAILURE", "message": "the task was told to fail"},
    "task_hangs": {},
    "task_pauses": {"seconds": 1.0},
    "lagging_status": {"seconds": 20.0},
}
#: What only befalls a request that begins tasks; others do not count.
_OF_TASKS = ("task_fails", "task_hangs", "task_pauses", "lagging_status")
_FILTERS = {"operation": None, "count": None, "probability": 1.0, "seed": 0}


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_time(value):
    return _is_number(value) and value >= 0


#: option -> (what its value must be, the same in words)
_RULES = {
    "seconds": (_is_time, "a number of seconds"),
    "retry_after": (_is_time, "a number of seconds"),
    "status": (lambda value: value in range(400, 600), "400 to 599"),
    "when": (lambda value: value in ("before", "after"), "before or after"),
    "field": (lambda value: isinstance(value, str), "text"),
}


class Fault(object):
    """One fault and when it strikes.

    Attributes:
        kind: one of KINDS.
        options: dict, see KINDS.
        struck: how often it has struck, int.
    """

    def __init__(self, number, kind, given):
        if kind not in KINDS:
            raise ValueError("kind must be one of %s, not %r" % (", ".join(sorted(KINDS)), kind))
        unknown = sorted(set(given) - set(KINDS[kind]) - set(_FILTERS))
        if unknown:
            raise ValueError("a fault %s takes no %s" % (kind, ", ".join(unknown)))
        self.id = number
        self.kind = kind
        self.options = dict(KINDS[kind])
        self.options.update((name, given[name]) for name in given if name in KINDS[kind])
        for name, value in self.options.items():
            holds, wanted = _RULES.get(name, (None, None))
            if holds and value != KINDS[kind][name] and not holds(value):
                raise ValueError("%s must be %s, not %r" % (name, wanted, value))
        self._filters = dict(_FILTERS)
        self._filters.update((name, given[name]) for name in given if name in _FILTERS)
        count, probability = self._filters["count"], self._filters["probability"]
        if not (count is None or (isinstance(count, int) and count > 0)):
            raise ValueError("count must be a number above 0, not %r" % (count,))
        if not (_is_number(probability) and 0 <= probability <= 1):
            raise ValueError("probability must be 0 to 1, not %r" % (probability,))
        self._random = random.Random(self._filters["seed"])
        self.struck = 0

    def strikes(self, route):
        """Whether it strikes a request, which is counted."""
        operation = tables.operations().get(route)
        if self.kind in _OF_TASKS and (operation is None or operation.read or not operation.auth):
            return False
        pattern, count = self._filters["operation"], self._filters["count"]
        if pattern and not fnmatchcase(route.lstrip("/"), str(pattern).lstrip("/")):
            return False
        if count is not None and self.struck >= count:
            return False
        if self._random.random() >= self._filters["probability"]:
            return False
        self.struck += 1
        return True

    def shown(self):
        """What it is, as JSON."""
        return dict(self.options, id=self.id, kind=self.kind, struck=self.struck, **self._filters)


class Faults(object):
    """The faults of one simulator."""

    def __init__(self):
        self._faults = {}
        self._numbers = itertools.count(1)

    def add(self, kind, **options):
        """Ask for a fault.

        Parameters:
            kind: one of KINDS.
            operation: path of the operations it strikes, with * for any text.
            count: how often it strikes; by default always.
            probability: of each possible strike, 0 to 1; with `seed` the same each time.
            options: as KINDS has them.

        Returns its id. Raises ValueError.
        """
        fault = Fault(next(self._numbers), kind, options)
        self._faults[fault.id] = fault
        return fault.id

    def remove(self, fault_id):
        """End a fault. Returns whether there was one."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self):
        """End all faults."""
        self._faults.clear()

    def shown(self):
        """All of them as JSON, with how often each has struck."""
        return [each.shown() for each in self._faults.values()]

    def of(self, route):
        """What strikes a request: {kind: options}."""
        return {
            each.kind: each.options for each in list(self._faults.values()) if each.strikes(route)
        }


def refuse(striking):
    """Raise the Refusal among the faults that strike, before anything is done."""
    if "expired_token" in striking:
        code = "LOAD_TOKEN_FAILED"
        raise Refusal(401, code + ": the token has expired", props={"code": code})
    error = striking.get("error")
    if error:
        wait = error["retry_after"]
        if wait is None and error["status"] == 429:
            wait = 1
        headers = {} if wait is None else {"retry-after": str(wait)}
        raise Refusal(error["status"], str(error["message"]), headers=headers)


def task_fault(striking):
    """What befalls the tasks of a request: {"failure", "hangs", "pause", "lag"}, or None."""
    failing = striking.get("task_fails")
    fault = {
        "failure": TaskFailure(failing["code"], failing["message"]) if failing else None,
        "hangs": "task_hangs" in striking,
        "pause": striking.get("task_pauses", {}).get("seconds", 0),
        "lag": striking.get("lagging_status", {}).get("seconds", 0),
    }
    return fault if any(fault.values()) else None


def spoil(striking, operation, content):
    """Put wrong values into an answer, as the faults say. Returns the answer."""
    for kind in ("null", "unknown_enum"):
        if kind in striking and content is not None:
            options = striking[kind]
            value = options.get("value")
            for each, class_name in _objects(content, operation.returns):
                _put(each, class_name, options["field"], value, kind == "unknown_enum")
    return content


def _objects(content, type_name):
    """(object, its class) of what an answer is about."""
    if type_name.startswith("list["):
        for each in content if isinstance(content, list) else [content]:
            yield from _objects(each, type_name[len("list[") : -1])
    elif isinstance(content, dict):
        if isinstance(content.get("data"), dict):
            inner = tables.model(type_name).__schema__.by_json["data"].type.name
            yield from _objects(content["data"], inner)
        else:
            yield content, type_name


def _put(shown, class_name, path, value, is_enum):
    if path is None:
        names = [
            field.json
            for field in tables.fields_of(class_name)
            if field.required and field.json != "id" and (not is_enum or _is_enum(field.type))
        ]
        path = names[0] if names else "id"
    *outer, last = path.split(".")
    for name in outer:
        shown = shown.get(name)
        if not isinstance(shown, dict):
            return
    if last in shown:
        shown[last] = value


def _is_enum(kind):
    return hasattr(kind, "target") and kind.target.is_enum
