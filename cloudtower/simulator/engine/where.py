"""Compiles a `where` into a predicate, once a request.

A predicate answers True, False or None: SQL's three-valued logic, in which a
comparison with a missing value is unknown and stays so under NOT. The tables
say what each member of a filter means (`Operand`).
"""

import operator
import re
from datetime import timezone

from cloudtower.simulator.engine import candidates, clock
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.schema import models


def select(world, kind_name, where, path=("where",)):
    """The records of a kind that match a filter, a list.

    Parameters:
        where: the filter, a dict whose names the interface knows; None is everything.
        path: where the filter stands in the body, for messages.

    Raises Refusal with status 400 for a value that cannot be compared.
    """
    where = where or {}
    predicate = _Compiler(world).where(kind_name + "WhereInput", where, path)
    found = candidates.named(world, kind_name, where)
    if found is None:
        found = world.all(kind_name)
    return [record for record in found if predicate(record) is True]


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
        operand = candidates.operand_of(field)
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
        parts = [
            (element, self.where(class_name, element, path + (index,)))
            for index, element in enumerate(value)
            if element  # an empty object is a placeholder that restricts nothing
        ]
        elements = [predicate for _, predicate in parts]
        if name == "NOT":
            elements = [_negation(element) for element in elements]
        elif name == "OR" and (elements or not value):
            return _any_of(class_name, parts)
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


def _any_of(class_name, parts):
    """The OR of parts, [(filter, predicate)]: fast where there are many for one field."""
    by_value = _by_value(class_name, parts) if len(parts) > 1 else None
    if by_value is not None:
        return by_value
    fields, texts, tests = models.model(class_name).__schema__.by_json, {}, []
    for where, predicate in parts:
        (name, value), *more = where.items()
        operand = candidates.operand_of(fields[name])
        if not more and operand.operator in _PARTS_OF_TEXT and isinstance(value, str):
            texts.setdefault((operand.base, operand.operator), []).append(value)
        else:
            tests.append(predicate)
    tests += [_text_test(base, name, values) for (base, name), values in texts.items()]
    return tests[0] if len(tests) == 1 else _joined(tests, True)


def _by_value(class_name, parts):
    """The OR of parts that all want a certain text in the same field, or None: only those that
    want what the record has there are asked.
    """
    fields = models.model(class_name).__schema__.by_json
    names = [name for name, value in parts[0][0].items() if isinstance(value, str)]
    for name in names:
        operand = candidates.operand_of(fields[name])
        if operand.operator == "" and operand.family == "text":
            if all(isinstance(where.get(name), str) for where, _ in parts):
                break
    else:
        return None
    wanted = {}
    for where, predicate in parts:
        wanted.setdefault(where[name], []).append(predicate)
    wanted = {value: _joined(predicates, True) for value, predicates in wanted.items()}
    everything = _joined([predicate for _, predicate in parts], True)

    def test(record):
        held = record.get(operand.base)
        if held is None:
            return everything(record)
        asked = wanted.get(held)
        return False if asked is None else asked(record)

    return test


def _text_test(base, name, values):
    """Whether one of some texts stands in a field, at its start or at its end."""
    ends = {"starts_with": str.startswith, "ends_with": str.endswith}.get(name)
    values = tuple(values)

    def test(record):
        held = record.get(base)
        if held is None:
            return None
        if ends is not None:
            return ends(held, values)
        for value in values:
            if value in held:
                return True
        return False

    return test


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


#: Operators of which many on one field are tried together.
_PARTS_OF_TEXT = ("contains", "starts_with", "ends_with")
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
