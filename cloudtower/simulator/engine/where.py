"""What a `where` selects, as a set of ids: AND is an intersection, OR a union, NOT a complement.

A comparison with a missing value is unknown and stays so under NOT: SQL's three-valued logic. So
each part of a filter has two sets, of the objects for which it is true, and of those for which it is
true or unknown; NOT is the complement of the one or of the other. Which of them is wanted is called
`possible` here.

A filter is compiled once a request, into a Part for each of its members. Within AND those come
first that name few objects, by ids or by an Index, and the others look only at what is left.
Relations are followed from the side that has fewer.
"""

import operator
import re
from bisect import bisect_left, bisect_right
from collections import namedtuple
from functools import partial
from itertools import compress, repeat

from cloudtower._runtime import filters
from cloudtower.simulator.engine import timestamps
from cloudtower.simulator.engine.selection import EVERYTHING, Selection
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.schema import gone, kinds, models

#: A part of a filter. `select` is a function(Selection) -> those of them that the part selects.
#: `effort` orders the parts of an AND.
Part = namedtuple("Part", "effort select")

#: Up to so many objects are looked at one by one rather than found by an Index or a relation.
FEW = 500
#: The effort of what names its objects, of one Index, of a look at each object: for a part of a
#: text, which mostly leaves few, or for anything.
_NAMED, _INDEXED, _LOOK_FOR_TEXT, _LOOK = 0, 1, 8, 9

#: Where more than one of so many objects is asked for, an Index compares all of them sooner.
_SOME = 8

#: Greater than what any text goes on with.
_LAST = chr(0x10FFFF)
_SUFFIX = re.compile(r"^(?P<base>.+?)_(?P<operator>(?:not_)?(?:in|contains|starts_with|ends_with)"
                     r"|not|lte?|gte?|some|every|none)$")  # fmt: skip


def select(world, kind_name, where, path=("where",)):
    """The records of a kind that match a filter, a list by ascending id; as `matching`."""
    found, records = matching(world, kind_name, where, path), world.by_id(kind_name)
    return [records[one] for one in sorted(found.of(records) if found.is_rest else found.ids)]


def matching(world, kind_name, where, path=("where",)):
    """The Selection of the objects of a kind that match a filter.

    Parameters:
        where: the filter, a dict whose names the interface knows; None is everything.
        path: where the filter stands in the body, for messages.

    Raises Refusal with status 400 for a value that cannot be compared.
    """
    return _where(_records(world, kind_name), where or {}, path, False).select(EVERYTHING)


def matching_rows(name, rows, where):
    """The ids of those of some objects, {id: object}, that match a filter without relations.

    `name` is that of their kind, as filters have it.
    """
    return _where(_Table(name, rows), where, ("where",), False).select(EVERYTHING).of(rows)


class _Table(object):
    """What a filter selects from: the records of a kind, or embedded objects.

    Parameters:
        name: of the kind; of embedded objects that of their class, as filters have it.
        rows: {id: object with the fields}.
        world: the World of the records, None for embedded objects.

    Attributes:
        fields: {JSON name of a member of the filter: Field}.
        relations: {JSON name: Relation}; embedded objects have none.
        others as given.
    """

    def __init__(self, name, rows, world=None):
        self.name = name
        self.fields = models.members_of(name + "WhereInput")
        self.rows = rows
        self.world = world
        self.relations = kinds.kind(name).relations if world is not None else {}

    @property
    def is_large(self):
        """Whether an Index saves looks at very many records, bool."""
        return self.world is not None and len(self.rows) > FEW

    def is_large_part(self, selection):
        """Whether an Index compares all sooner than a look at each of a Selection, bool."""
        return self.is_large and selection.count(len(self.rows)) > len(self.rows) // _SOME

    def index(self, field):
        """The Index of a field, of a large table."""
        return self.world.indexes.of(self.name, field)

    def among(self, selection):
        """[(id, row)] of what is selected."""
        if selection.is_rest and not selection.ids:
            return self.rows.items()
        ids = selection.of(self.rows) if selection.is_rest else selection.ids
        return [(one, self.rows[one]) for one in ids]

    def lacking(self, field, among):
        """Those of a Selection that have nothing in a field."""
        if among.is_rest and self.is_large:
            index = self.index(field)
            if 2 * len(index.ids) > len(self.rows):
                return among & Selection(index.missing)
            return among & Selection(set(index.ids), is_rest=True)
        return Selection({one for one, row in self.among(among) if not _holds_any(row, field)})


def _holds_any(row, field):
    """Whether there is something in a field: not null, and no relation that leads to nobody."""
    held = row.get(field)
    return held is not None and held != {}


def _records(world, kind_name):
    """The _Table of a kind."""
    return _Table(kind_name, world.by_id(kind_name), world)


def _where(table, where, path, possible):
    """The Part for all members of one object."""
    members = where.items()
    return _all([_member(table, name, value, path + (name,), possible) for name, value in members])


def _member(table, name, value, path, possible):
    """The Part for one member of a filter."""
    if name in ("AND", "OR", "NOT"):
        return _logic(table, name, value, path, possible)
    field = table.fields.get(name)
    if field is None:  # in a filter of ours: the interface no longer has it
        gone.note(table.name + "WhereInput", name)
        return _named(Selection())
    operand = operand_of(field)
    if operand.family in ("one", "many"):
        return _related(table, field, operand, value, path, possible)
    name = operand.operator
    if operand.base == "version_semantic" and value is not None:
        return _look(table, "version", _semantic(name, value, path), possible)
    if operand.family == "time":
        value = _moments(value, path)
    if name.startswith("not"):  # "not", "not_in", ...
        return _not(_compared(table, operand, name[4:], value, not possible))
    return _compared(table, operand, name, value, possible)


def _logic(table, name, value, path, possible):
    """The Part for AND, OR or NOT."""
    wheres = [
        (element, path + (index,))
        for index, element in enumerate(value or ())
        if element  # an empty object is a placeholder that restricts nothing
    ]
    if name == "NOT":
        return _all([_not(_where(table, *one, not possible)) for one in wheres])
    if name == "OR" and (wheres or value == []):
        return _any(_alternatives(table, wheres, possible))
    return _all([_where(table, *one, possible) for one in wheres])


def _alternatives(table, wheres, possible):
    """The Parts of an OR, a list; those that want a text in the same field are one."""
    parts, texts = [], {}
    for where, path in wheres:
        (name, value), *more = where.items()
        field = None if more or not isinstance(value, str) else table.fields.get(name)
        operand = field and operand_of(field)
        if operand and operand.family == "text" and operand.operator in _GATHERED:
            texts.setdefault(operand, []).append(value)
        else:
            parts.append(_where(table, where, path, possible))
    for operand, values in texts.items():
        if operand.operator == "":
            parts.append(_equal(table, operand, values, possible))
        else:
            parts.append(_with_part(table, operand.base, operand.operator, values, possible))
    return parts


def _compared(table, operand, name, value, possible):
    """The Part for a field that is compared with a value."""
    field = operand.base
    if value is None:
        # null is a value for these alone; greater or less than it is nothing
        if name in ("", "in"):
            return Part(_LOOK, partial(table.lacking, field))
        return _named(EVERYTHING if possible else Selection())
    if name in ("", "in"):
        return _equal(table, operand, value if name == "in" else [value], possible)
    if name in _PARTS:
        return _with_part(table, field, name, [value], possible)
    look = _look(table, field, _each(_COMPARISONS[name], value), possible)

    def selected(among):
        if not table.is_large_part(among):
            return look.select(among)
        return among & _stretch(table.index(field), name, value, possible)

    return Part(_LOOK_FOR_TEXT if name == "starts_with" else _LOOK, selected)


def _stretch(index, name, value, possible):
    """The Selection of those whose values stand before or after another, or begin with it."""
    ids = index.ids
    start, end = _STRETCHES[name](index.values, value)
    if end - start <= len(ids) // 2:
        return Selection(index.missing.union(ids[start:end]) if possible else ids[start:end])
    others = ids[:start] + ids[end:]
    return Selection(others if possible else index.missing.union(others), is_rest=True)


def _with_part(table, field, name, parts, possible):
    """The Part for a text that contains one of some parts, or ends with it."""
    look = _look(table, field, _PARTS[name](tuple(parts)), possible)

    def selected(among):
        if not table.is_large_part(among):
            return look.select(among)
        index, found = table.index(field), set()
        for part in parts:
            ids = index.with_part(name, part)
            if ids is None:
                return look.select(among)
            found.update(ids)
        return among & Selection(found | index.missing if possible else found)

    return Part(_LOOK_FOR_TEXT, selected)


def _equal(table, operand, values, possible):
    """The Part for a field in which one of some values stands."""
    field = operand.base
    if table.world is not None and field == "id":
        return _named(Selection(one for one in values if one in table.rows))
    possible = possible and bool(values)  # nothing is unknown where nothing is compared
    if not table.is_large or operand.family != "text":
        return _look(table, field, _one_of(values), possible)

    def selected(among):
        index, found = table.index(field), set()
        for value in dict.fromkeys(values):
            found.update(index.equal(value))
        return among & Selection(found.union(index.missing) if possible else found)

    return Part(_INDEXED, selected)


def _look(table, field, test, possible):
    """The Part for those in whose field a value stands that passes a test; those that have none are
    `possible`.

    Parameters:
        test: function(values) -> whether each is so, an iterator. It is called with many, and what
            it does with each is best done by a function of Python itself.
    """

    def selected(among):
        if table.is_large_part(among):
            return among & _passing(table.index(field), test, possible)
        held = [(one, row.get(field)) for one, row in table.among(among)]
        ids = [one for one, value in held if value is not None]
        found = set(compress(ids, test([value for _, value in held if value is not None])))
        if possible:
            found.update(one for one, value in held if value is None)
        return among & Selection(found)

    return Part(_LOOK, selected)


def _passing(index, test, possible):
    """The Selection of those of an Index that pass a test, by the fewer ids."""
    truths = list(test(index.values))
    if 2 * truths.count(True) <= len(truths):
        found = compress(index.ids, truths)
        return Selection(index.missing.union(found) if possible else set(found))
    others = compress(index.ids, map(operator.not_, truths))
    return Selection(set(others) if possible else index.missing.union(others), is_rest=True)


def _each(compare, value):
    """The test that compares values with another one by `compare(held, value)`."""
    return lambda values: map(compare, values, repeat(value))


def _one_of(wanted):
    """The test whether values are among some."""
    return partial(map, frozenset(wanted).__contains__)


def _related(table, field, operand, value, path, possible):
    """The Part for a relation, or for embedded objects: what is at the other end matches."""
    name, how, target = operand.base, operand.operator, field.type.leaf.name[: -len("WhereInput")]
    if value is None and how:
        raise _refused(path, "%s cannot be filtered by null (3033)")
    if value is None:
        return Part(_LOOK, partial(table.lacking, name))
    if how:
        # "every" is broken by what is surely false; "some" and "none" look for what is true
        possible = how == "every"
    relation = table.relations.get(name)
    if relation is None:
        part = _embedded(table, name, target, how, value, path, possible)
    else:
        others = _where(_records(table.world, target), value, path, possible)
        part = _Ends(table, relation, _not(others) if how == "every" else others).part()
    return _not(part) if how in ("none", "every") else part


def _embedded(table, name, target, how, where, path, possible):
    """The Part for objects within a row, one or, with an operator, a list of them."""
    _where(_Table(target, {}), where, path, possible)  # refuses what cannot be compared

    def selected(among):
        rows = {}
        for one, row in table.among(among):
            held = row.get(name)
            for place, element in enumerate((held or ()) if how else (held,)):
                if element is not None:
                    rows[one, place] = element
        part = _where(_Table(target, rows), where, path, possible)
        found = (_not(part) if how == "every" else part).select(Selection(rows))
        return Selection({one for one, _ in found.ids})

    return Part(_LOOK, selected)


class _Ends(object):
    """The objects of a table whose relation leads to one of those that a Part selects."""

    def __init__(self, table, relation, others):
        self._table = table
        self._relation = relation
        self._others = others

    def part(self):
        """As a Part."""
        return Part(1 + self._others.effort, self._selected)

    def _selected(self, among):
        """Those of a Selection."""
        table, name, many = self._table, self._relation.name, self._relation.many
        is_few = among.count(len(table.rows)) <= FEW
        if is_few and (not among.is_rest or self._others.effort >= _LOOK_FOR_TEXT):
            return self._from_here(among)
        others = self._rather_few(self._others.select(EVERYTHING))
        if not others.is_rest and len(others.ids) <= len(table.rows):
            return among & Selection(self._led_to(others.ids))
        if not others.is_rest and not many:
            return _look(table, name, _one_of(others.ids), False).select(among)
        if not others.is_rest:
            rows, ids = table.among(among), others.ids
            return Selection({one for one, row in rows if not ids.isdisjoint(row.get(name) or ())})
        # all but some: it leads to one of these where it leads anywhere, and not to those alone
        may_lack = many or not self._relation.required
        lacking = table.lacking(name, among) if may_lack else Selection()
        elsewhere = self._led_to(others.ids)
        if many:
            ids, rows = others.ids, table.rows
            elsewhere = {one for one in elsewhere if ids.issuperset(rows[one][name])}
        return among & ~lacking & ~Selection(elsewhere)

    def _rather_few(self, others):
        """A Selection of the other side by the fewer ids, those that it names or does not."""
        rows = self._table.world.by_id(self._relation.target)
        if not others.is_rest and 2 * len(others.ids) > len(rows):
            return Selection(rows.keys() - others.ids, is_rest=True)
        return others

    def _from_here(self, among):
        """As `_selected`, by way of what few objects lead to."""
        name, many, led_to, rows = self._relation.name, self._relation.many, set(), []
        for one, row in self._table.among(among):
            held = row.get(name)
            if held:
                rows.append((one, held if many else (held,)))
                led_to.update(rows[-1][1])
        others = self._others.select(Selection(led_to)).ids
        return Selection({one for one, held in rows if not others.isdisjoint(held)})

    def _led_to(self, others):
        """The ids of what leads to some others, a set."""
        relation, world, found = self._relation, self._table.world, set()
        is_many = len(others) > max(FEW, len(world.by_id(relation.target)) // 10)
        if is_many and relation.inverse is not None and not relation.inverse_many:
            index = world.indexes.of(relation.target, relation.inverse)
            return set(compress(index.values, map(others.__contains__, index.ids)))
        for other in others:
            record = world.records[other]
            if relation.inverse is None:
                held = record.backlinks.get(relation, ())
            else:
                held = record.get(relation.inverse) or ()
            if isinstance(held, str):
                found.add(held)
            else:
                found.update(held)
        return found


def _named(named):
    """The Part for a Selection that is known."""
    return Part(_NAMED, named.__and__)


def _all(parts):
    """The AND of Parts."""
    parts = sorted(parts, key=_effort)
    selects = [part.select for part in parts]

    def selected(among):
        for one in selects:
            among = one(among)
        return among

    if len(parts) == 1:
        return parts[0]
    return Part(parts[0].effort if parts else _NAMED, selected)


def _any(parts):
    """The OR of Parts."""
    if len(parts) == 1:
        return parts[0]

    def selected(among):
        found = Selection()
        for part in parts:
            found = found | part.select(among)
        return found

    return Part(max(map(_effort, parts), default=_NAMED), selected)


def _not(part):
    """The NOT of a Part."""
    return Part(part.effort, lambda among: among & ~part.select(among))


_effort = operator.attrgetter("effort")


#: operator -> function(what a field holds, value) -> whether it is so
_COMPARISONS = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "starts_with": str.startswith,
}
#: operator -> function(sorted values, value) -> (the first place, the place after the last)
_STRETCHES = {
    "lt": lambda held, value: (0, bisect_left(held, value)),
    "lte": lambda held, value: (0, bisect_right(held, value)),
    "gt": lambda held, value: (bisect_right(held, value), len(held)),
    "gte": lambda held, value: (bisect_left(held, value), len(held)),
    "starts_with": lambda held, text: (bisect_left(held, text), bisect_left(held, text + _LAST)),
}


def _containing(parts):
    """The test whether values contain one of some parts."""
    if len(parts) == 1:  # as it mostly is
        (one,) = parts
        return lambda values: [one in held for held in values]
    return lambda values: [any(part in held for part in parts) for held in values]


#: operator -> function(a tuple of texts) -> the test whether values have one of them
_PARTS = {"contains": _containing, "ends_with": lambda parts: _each(str.endswith, parts)}
#: Operators of which many on one field are tried together.
_GATHERED = ("", "contains", "ends_with")


def operand_of(field):
    """What a member of a filter means; one of no regular family is read off its name and type."""
    if field.operand:
        return field.operand
    kind = field.type.leaf
    matched = _SUFFIX.match(field.json)
    base, name = matched.group("base", "operator") if matched else (field.json, "")
    family = filters.family_of(kind)
    if kind.is_filter:
        family = "many" if name in ("some", "every", "none") else "one"
    return filters.Operand(base, name, family)


def _moments(value, path):
    """ISO text, or a list of it, in the one form in which moments are kept."""
    if value is None:
        return None
    if isinstance(value, list):
        return [_moments(element, path + (index,)) for index, element in enumerate(value)]
    try:
        return timestamps.text_of(timestamps.moment_of(value))
    except (ValueError, OverflowError):
        raise _refused(path, "%s is no moment in ISO 8601: %r", value)


def _version(text):
    """The three numbers of a version, to compare."""
    numbers = re.findall(r"\d+", text.split("-")[0].split("+")[0])
    return tuple(int(number) for number in (numbers + ["0", "0", "0"])[:3])


def _semantic(name, value, path):
    """The test of `version_semantic_*`, the one member that compares versions."""
    if not re.match(r"^\d+(\.\d+)*", value):
        raise _refused(path, "INVALID_SEMANTIC_FILTER: %s is no version: %r", value)
    test = _each(_COMPARISONS[name], _version(value))
    return lambda values: test(map(_version, values))


def _refused(path, message, *values):
    """The Refusal of a value at a path of the body."""
    text = message % ((".".join(map(str, path)),) + values)
    return Refusal(400, text, props={"path": list(path)})
