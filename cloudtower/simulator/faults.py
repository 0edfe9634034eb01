"""Faults on demand: what goes wrong between a client and a CloudTower.

    tower.faults.add("error", status=503, operation="get-*", count=2)

Over HTTP: `POST /simulator/faults` with the same as JSON.
"""

import itertools
import math
import random
import re
from fnmatch import fnmatchcase

from cloudtower import _spec
from cloudtower._runtime import datatypes
from cloudtower._runtime.text import nearest
from cloudtower.simulator.errors import Refusal, refused
from cloudtower.simulator.schema import models, operations, responses

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
#: Options of every kind.
_FILTERS = {"operation": None, "count": None, "probability": 1.0, "seed": 0}


def _is_amount(value):
    """Whether a value is a number from 0 on."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and 0 <= value < math.inf


def _is_whole(value):
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value):
    """Whether a value is text, with something in it, that can be sent."""
    return isinstance(value, str) and re.search(r"^[^\ud800-\udfff]+\Z", value) is not None


#: option -> (what its value must be, unless it is the default; the same in words)
_RULES = {
    "seconds": (_is_amount, "a number of seconds"),
    "retry_after": (_is_amount, "a number of seconds"),
    "status": (lambda value: _is_whole(value) and 400 <= value < 600, "400 to 599"),
    "when": (lambda value: value in ("before", "after"), "before or after"),
    "field": (_is_text, "the name of a field, such as name or cpu.cores"),
    "value": (_is_text, "text"),
    "code": (_is_text, "text"),
    "message": (_is_text, "text"),
    "operation": (_is_text, "the path of one, such as start-vm or get-*"),
    "count": (lambda value: _is_whole(value) and value > 0, "a number above 0"),
    "probability": (lambda value: _is_amount(value) and value <= 1, "0 to 1"),
    "seed": (_is_whole, "a whole number"),
}


class Fault(object):
    """One fault and when it strikes.

    Attributes:
        kind: one of KINDS.
        options: dict, those of its kind and those of every kind.
        struck: how often it has struck, int.
    """

    def __init__(self, number, kind, given):
        if kind not in KINDS:
            raise ValueError("kind must be one of %s, not %r" % (", ".join(sorted(KINDS)), kind))
        defaults = dict(KINDS[kind], **_FILTERS)
        unknown = sorted(set(given) - set(defaults))
        if unknown:
            raise ValueError("a fault %s takes no %s" % (kind, ", ".join(unknown)))
        for name, value in given.items():
            holds, wanted = _RULES[name]
            if not holds(value) and (value is not None or defaults[name] is not None):
                raise ValueError("%s must be %s, not %r" % (name, wanted, value))
        _require_operation(given.get("operation"))
        _require_field(given.get("field"))
        self.id = number
        self.kind = kind
        self.options = dict(defaults, **given)
        self._random = random.Random(self.options["seed"])
        self.struck = 0

    def strikes(self, route):
        """Whether it strikes a request, which is counted."""
        operation = operations.by_path().get(route)
        if self.kind in _OF_TASKS and (operation is None or operation.read or not operation.auth):
            return False
        pattern, count = self.options["operation"], self.options["count"]
        if pattern and not _matches(route, pattern):
            return False
        if count is not None and self.struck >= count:
            return False
        if self._random.random() >= self.options["probability"]:
            return False
        self.struck += 1
        return True

    def shown(self):
        """What it is, as JSON."""
        return dict(self.options, id=self.id, kind=self.kind, struck=self.struck)


def _matches(route, pattern):
    """Whether the pattern of a fault means a route."""
    return fnmatchcase(route.lstrip("/"), str(pattern).lstrip("/"))


def _require_operation(pattern):
    """Raise ValueError for a pattern that means no operation: such a fault would never strike."""
    # below /api there are GraphQL and files to download
    if not pattern or str(pattern).lstrip("/").startswith("api"):
        return
    paths = operations.by_path()
    if not any(_matches(path, pattern) for path in paths):
        text = str(pattern).replace("_", "-")
        text = text[len(_spec.SERVER_PATH) :] if text.startswith(_spec.SERVER_PATH) else text
        near = nearest(text.lstrip("/"), [path[1:] for path in paths])
        hint = "; did you mean %r?" % near if near else ""
        raise ValueError("operation must be the path of one, not %r%s" % (pattern, hint))


def _require_field(path):
    """Raise ValueError for the dotted path of a field that no response has."""
    if path is None:
        return
    for operation in operations.by_path().values():
        shown = datatypes.parse(responses.form_of(operation).name)
        if _has(shown, path) or _has(operation.result.leaf, path):
            return
    raise ValueError("field must be one that a response has, not %r" % path)


def _has(kind, path):
    """Whether what has a type has the field at a dotted path, which leads through no list."""
    name, _, rest = path.partition(".")
    field = kind.target.__schema__.by_json.get(name) if kind.is_model else None
    return field is not None and (not rest or _has(field.type, rest))


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
        return [fault.shown() for fault in self._faults.values()]

    def of(self, route):
        """What strikes a request: {kind: options}."""
        return {
            fault.kind: fault.options
            for fault in list(self._faults.values())
            if fault.strikes(route)
        }


def refuse(striking):
    """Raise the Refusal among the faults that strike, before anything is done."""
    if "expired_token" in striking:
        raise refused("LOAD_TOKEN_FAILED", "the token has expired", 401)
    error = striking.get("error")
    if error:
        wait = error["retry_after"]
        if wait is None and error["status"] == 429:
            wait = 1
        headers = {} if wait is None else {"retry-after": str(wait)}
        raise Refusal(error["status"], str(error["message"]), headers=headers)


def spoil(striking, operation, content):
    """Put wrong values into an answer, as the faults say. Returns the answer."""
    form = responses.form_of(operation)
    for kind in ("null", "unknown_enum"):
        if kind in striking and content is not None:
            options = striking[kind]
            for shown in _objects(content, form):
                path = options["field"] or _first_field(form.name, kind == "unknown_enum")
                _put(shown, path, options.get("value"))
    return content


def _objects(content, form):
    """The objects that an answer is about, a list."""
    found = content if isinstance(content, list) else [content]
    if form.wrapped:
        found = [record["data"] for record in found]
    found = sum(found, []) if form.array else found
    return [item for item in found if isinstance(item, dict)]


def _first_field(class_name, is_enum):
    """The first field that a class requires; the first enum that it does."""
    for field in models.fields_of(class_name):
        if field.required and field.json != "id" and (field.type.is_enum or not is_enum):
            return field.json
    return "id"


def _put(shown, path, value):
    """Set the member at a dotted path, where there is one."""
    *outer, last = path.split(".")
    for name in outer:
        inner = shown.get(name) if isinstance(shown, dict) else None
        if isinstance(inner, dict):  # a copy, because the world holds the object
            inner = shown[name] = dict(inner)
        shown = inner
    if isinstance(shown, dict) and last in shown:
        shown[last] = value
