"""Compiles a `where` into a predicate, once a request.

A predicate answers True, False or None: SQL's three-valued logic, in which a
comparison with a missing value is unknown and stays so under NOT. The tables
say what each member of a filter means (`Operand`).
"""

import operator
import re
from datetime import timezone

from cloudtower._runtime import filters
from cloudtower.simulator.engine import clock
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.schema import models

_SUFFIX = re.compile(r"^(?P<base>.+?)_(?P<operator>(?:not_)?(?:in|contains|starts_with|ends_with)"
                     r"|not|lte?|gte?|some|every|none)$")  # fmt: skip


def select(world, kind_name, where, path=("where",)):
    """The records of a kind that match a filter, a list.

    Parameters:
        where: the filter, a dict whose names the interface knows; None is everything.
        path: where the filter stands in the body, for messages.

    Raises Refusal with status 400 for a value that cannot be compared.
    """
    where = where or {}
    predicate = _Compiler(world).where(kind_name + "WhereInput", where, path)
    return [record for record in _candidates(world, kind_name, where) if predicate(record) is True]


def _candidates(world, kind_name, where):
    """The records that a filter can match at all: few, where it names ids."""
    if where.get("id") is not None:
        named = [where["id"]]
    elif where.get("id_in") is not None:
        named = dict.fromkeys(where["id_in"])
    else:
        return world.all(kind_name)
    found = (world.get(kind_name, record_id) for record_id in named)
    return [record for record in found if record is not None]


class _Compiler(object):
    """Makes the predicates of one request: function(record) -> True, False or None."""

    def __init__(self, world):
        self._records = world.records

    def where(self, class_name, where, path):
        """All members of one object hold."""
        fields = models.model(class_name).__schema__.by_json
        tests = []
        for name, value in where.items():
            if name in ("AND", "OR", "NOT"):
                tests.append(self._logic(class_name, name, value, path + (name,)))
            else:
                tests.append(self._member(fields[name], value, path + (name,)))
        return tests[0] if len(tests) == 1 else _joined(tests, False)

    def _member(self, field, value, path):
        """The predicate of one member of a filter."""
        operand = field.operand or _operand_of(field)
        if operand.base == "version_semantic":
            return _semantic(operand.operator, value, path)
        if operand.family == "one":
            return self._one(operand.base, field.type.name, value, path)
        if operand.family == "many":
            return self._many(operand, field.type.leaf.name, value, path)
        if operand.family == "time":
            value = _moments(value, path)
        name = operand.operator
        if name.startswith("not"):  # "not", "not_in", ...
            return _negation(_comparison(operand.base, name[4:], value))
        return _comparison(operand.base, name, value)

    def _logic(self, class_name, name, value, path):
        """The predicate of AND, OR or NOT."""
        if value is None:
            return lambda record: True
        elements = [
            self.where(class_name, element, path + (index,))
            for index, element in enumerate(value)
            if element  # an empty object is a placeholder that restricts nothing
        ]
        if name == "NOT":
            elements = [_negation(element) for element in elements]
        elif name == "OR" and (elements or not value):
            return _joined(elements, True)
        return _joined(elements, False)

    def _one(self, name, class_name, value, path):
        """The predicate of a to-one relation, or of an embedded object."""
        if value is None:
            return _is_missing(name)
        inner = self._remembered(self.where(class_name, value, path))

        def test(record):
            held = record.get(name)
            # nothing is related: the join has no row, which is a plain no
            return False if held is None else inner(held)

        return test

    def _many(self, operand, class_name, value, path):
        """The predicate of `_some`, `_every` or `_none` of a to-many relation."""
        if value is None:
            raise _refused(path, "%s cannot be filtered by null (3033)")
        inner = self._remembered(self.where(class_name, value, path))
        name = operand.base
        sought = operand.operator != "every"

        def some(record):
            return any(inner(other_id) is sought for other_id in record.get(name) or ())

        return some if operand.operator == "some" else _negation(some)

    def _remembered(self, predicate):
        """A predicate on ids that looks at each related record once a request."""
        records, answers = self._records, {}

        def test(held):
            if isinstance(held, dict):  # an embedded object, which has no record
                return predicate(held)
            if held not in answers:
                answers[held] = predicate(records[held])
            return answers[held]

        return test


def _operand_of(field):
    """What a member means whose class is no regular family: read off its name and type."""
    kind = field.type.leaf
    matched = _SUFFIX.match(field.json)
    base, name = matched.group("base", "operator") if matched else (field.json, "")
    family = filters.family_of(kind)
    if kind.is_filter:
        family = "many" if name in ("some", "every", "none") else "one"
    return filters.Operand(base, name, family)


def _joined(tests, decisive):
    """The AND of predicates, of which one False decides; the OR where one True does."""

    def test(record):
        answer = not decisive
        for predicate in tests:
            result = predicate(record)
            if result is decisive:
                return result
            if result is None:
                answer = None
        return answer

    return test


def _negation(inner):
    """NOT of a predicate; unknown stays unknown."""

    def test(record):
        answer = inner(record)
        return None if answer is None else not answer

    return test


_HOLDS = {
    "": operator.eq,
    "in": lambda held, values: held in values,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "contains": operator.contains,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
}


def _comparison(field, name, value):
    """Compares a field with a value; where the field has none, the answer is None."""
    if value is None:
        # null is a value for these alone; greater or less than it is nothing
        return _is_missing(field) if name in ("", "in") else lambda record: None
    if name == "in":
        if not value:
            return lambda record: False
        value = frozenset(value)
    holds = _HOLDS[name]

    def test(record):
        held = record.get(field)
        return None if held is None else holds(held, value)

    return test


def _is_missing(field):
    """Whether a record has nothing in a field."""
    return lambda record: record.get(field) is None


def _moments(value, path):
    """ISO text, or a list of it, in the one form in which moments are kept."""
    if value is None:
        return None
    if isinstance(value, list):
        return [_moments(element, path + (index,)) for index, element in enumerate(value)]
    from dateutil.parser import isoparse

    try:
        moment = isoparse(value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise _refused(path, "%s is no moment in ISO 8601: %r", value)
    return clock.written(moment)


def _version(text):
    """The three numbers of a version, to compare."""
    numbers = re.findall(r"\d+", text.split("-")[0].split("+")[0])
    return tuple(int(number) for number in (numbers + ["0", "0", "0"])[:3])


def _semantic(name, value, path):
    """`ClusterImage.version_semantic_*`, the one member that compares versions."""
    if value is None:
        return lambda record: None
    if not re.match(r"^\d+(\.\d+)*", value):
        raise _refused(path, "INVALID_SEMANTIC_FILTER: %s is no version: %r", value)
    bound, holds = _version(value), _HOLDS[name]
    return lambda record: holds(_version(record.get("version") or ""), bound)


def _refused(path, message, *values):
    """The Refusal of a value at a path of the body."""
    text = message % ((".".join(map(str, path)),) + values)
    return Refusal(400, text, props={"path": list(path)})
