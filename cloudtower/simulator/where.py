"""Compiles a `where` into a predicate, once a request.

A predicate answers True, False or None: SQL's three-valued logic, in which a
comparison with a missing value is unknown and stays so under NOT. The tables
say what each member of a filter means (`Operand`).
"""

import operator
import re
from collections import namedtuple
from datetime import timezone

from cloudtower._runtime import filters
from cloudtower.simulator import clock, tables
from cloudtower.simulator.errors import Refusal

_SUFFIX = re.compile(r"^(?P<base>.+?)_(?P<operator>(?:not_)?(?:in|contains|starts_with|ends_with)"
                     r"|not|lte?|gte?|some|every|none)$")  # fmt: skip
_SEMANTIC = "version_semantic"


def compile_where(world, class_name, where, path=("where",)):
    """The predicate of a filter.

    Parameters:
        world: a World, for relations.
        class_name: a `*WhereInput` class.
        where: the filter, a dict whose names the tables know; None is everything.
        path: where the filter stands in the body, for messages.

    Returns a function(record) that answers True, False or None.
    Raises Refusal with status 400 for a value that cannot be compared.
    """
    return _Compiler(world).where(class_name, where or {}, path)


def candidates(world, kind_name, where):
    """The records that a filter can match at all: few, where it names ids."""
    where = where or {}
    named = where.get("id")
    if named is not None:
        found = world.get(kind_name, named)
        return [found] if found is not None else []
    if where.get("id_in") is not None:
        found = (world.get(kind_name, each) for each in dict.fromkeys(where["id_in"]))
        return [each for each in found if each is not None]
    return world.all(kind_name)


def select(world, kind_name, where, path=("where",)):
    """The records of a kind that match a filter, a list."""
    predicate = compile_where(world, kind_name + "WhereInput", where, path)
    return [each for each in candidates(world, kind_name, where) if predicate(each) is True]


class _Compiler(object):
    def __init__(self, world):
        self._world = world

    def where(self, class_name, where, path):
        """All members of one object hold."""
        fields = tables.model(class_name).__schema__.by_json
        tests = [
            self._member(class_name, fields[name], value, path + (name,))
            for name, value in where.items()
        ]
        if len(tests) == 1:
            return tests[0]
        return _conjunction(tests)

    def _member(self, class_name, field, value, path):
        if field.json in ("AND", "OR", "NOT"):
            return self._logic(class_name, field.json, value, path)
        operand = field.operand or _operand_of(field)
        if operand.base == _SEMANTIC:
            return _semantic(operand.operator, value, path)
        if operand.family == "one":
            return self._one(operand.base, field.type.name, value, path)
        if operand.family == "many":
            return self._many(operand, (field.type.item or field.type).name, value, path)
        if operand.family == "time":
            value = _moments(value, path)
        return _COMPARISONS[operand.operator](operand.base, value)

    def _logic(self, class_name, name, value, path):
        if value is None:
            return _constant(True)
        elements = [
            self.where(class_name, element, path + (index,))
            for index, element in enumerate(value)
            if element  # an empty object is a placeholder that restricts nothing
        ]
        if name == "AND":
            return _conjunction(elements)
        if name == "NOT":
            return _conjunction([_negation(each) for each in elements])
        if value and not elements:
            return _constant(True)
        return _disjunction(elements)

    def _one(self, name, class_name, value, path):
        if value is None:
            return lambda record: record.get(name) is None
        inner = self._remembered(self.where(class_name, value, path))

        def test(record):
            held = record.get(name)
            # nothing is related: the join has no row, which is a plain no
            return False if held is None else inner(held)

        return test

    def _many(self, operand, class_name, value, path):
        if value is None:
            message = "%s cannot be filtered by null (3033)" % ".".join(map(str, path))
            raise Refusal(400, message, props={"path": list(path)})
        inner = self._remembered(self.where(class_name, value, path))
        name = operand.base
        if operand.operator == "some":
            return lambda record: any(inner(each) is True for each in record.get(name) or ())
        if operand.operator == "none":
            return lambda record: not any(inner(each) is True for each in record.get(name) or ())
        return lambda record: not any(inner(each) is False for each in record.get(name) or ())

    def _remembered(self, predicate):
        """A predicate on ids that looks at each related record once a request."""
        records, answers = self._world.records, {}

        def test(held):
            if isinstance(held, dict):  # an embedded object, which has no record
                return predicate(held)
            if held not in answers:
                answers[held] = predicate(records[held])
            return answers[held]

        return test


def _operand_of(field):
    """What a member means whose class is no regular family: read off its name and type."""
    kind = field.type.item or field.type
    matched = _SUFFIX.match(field.json)
    base, name = matched.group("base", "operator") if matched else (field.json, "")
    family = filters.family_of(kind.name)
    if kind.is_filter:
        family = "many" if name in ("some", "every", "none") else "one"
    return filters.Operand(base, name, family)


# logic


def _constant(answer):
    return lambda record: answer


def _conjunction(tests):
    if not tests:
        return _constant(True)

    def test(record):
        answer = True
        for each in tests:
            result = each(record)
            if result is False:
                return False
            if result is None:
                answer = None
        return answer

    return test


def _disjunction(tests):
    def test(record):
        answer = False
        for each in tests:
            result = each(record)
            if result is True:
                return True
            if result is None:
                answer = None
        return answer

    return test


def _negation(inner):
    def test(record):
        answer = inner(record)
        return None if answer is None else not answer

    return test


# comparisons: each takes (name of the field, value) and gives a predicate


def _equal(name, value):
    if value is None:
        return lambda record: record.get(name) is None

    def test(record):
        held = record.get(name)
        return None if held is None else held == value

    return test


def _unequal(name, value):
    if value is None:
        return lambda record: record.get(name) is not None
    return _negation(_equal(name, value))


def _among(name, values):
    if values is None:
        return _equal(name, None)
    if not values:
        return _constant(False)
    values = frozenset(values)

    def test(record):
        held = record.get(name)
        return None if held is None else held in values

    return test


def _not_among(name, values):
    return _unequal(name, None) if values is None else _negation(_among(name, values))


def _compared(holds):
    def make(name, value):
        if value is None:
            return _constant(None)

        def test(record):
            held = record.get(name)
            return None if held is None else holds(held, value)

        return test

    return make


def _negated(make):
    return lambda name, value: _negation(make(name, value))


_contains = _compared(operator.contains)
_starts = _compared(lambda held, value: held.startswith(value))
_ends = _compared(lambda held, value: held.endswith(value))

_COMPARISONS = {
    "": _equal,
    "not": _unequal,
    "in": _among,
    "not_in": _not_among,
    "lt": _compared(operator.lt),
    "lte": _compared(operator.le),
    "gt": _compared(operator.gt),
    "gte": _compared(operator.ge),
    "contains": _contains,
    "starts_with": _starts,
    "ends_with": _ends,
    "not_contains": _negated(_contains),
    "not_starts_with": _negated(_starts),
    "not_ends_with": _negated(_ends),
}


# values


def _moments(value, path):
    """ISO text, or a list of it, in the one form in which moments are kept."""
    if value is None:
        return None
    if isinstance(value, list):
        return [_moments(each, path + (index,)) for index, each in enumerate(value)]
    from dateutil.parser import isoparse

    try:
        moment = isoparse(value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        message = "%s is no moment in ISO 8601: %r" % (".".join(map(str, path)), value)
        raise Refusal(400, message, props={"path": list(path)})
    return clock.written(moment)


_Version = namedtuple("_Version", "numbers")


def _version(text):
    numbers = re.findall(r"\d+", text.split("-")[0].split("+")[0])
    return tuple(int(each) for each in (numbers + ["0", "0", "0"])[:3])


def _semantic(name, value, path):
    """`ClusterImage.version_semantic_*`, the one member that compares versions."""
    if value is None:
        return _constant(None)
    if not re.match(r"^\d+(\.\d+)*", value):
        message = "INVALID_SEMANTIC_FILTER: %s is no version: %r" % (
            ".".join(map(str, path)),
            value,
        )
        raise Refusal(400, message, props={"path": list(path)})
    bound, holds = _version(value), getattr(operator, {"lte": "le", "gte": "ge"}.get(name, name))
    return lambda record: holds(_version(record.get("version") or ""), bound)
