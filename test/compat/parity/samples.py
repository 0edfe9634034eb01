"""Random JSON for the types of the interface: the same for the same seed, on every run."""

import random

import interface_changes

from cloudtower import models
from cloudtower._runtime import datatypes

_WORDS = ("alpha", "beta", "\u865a\u62df\u673a", "a b", "x/y", "0", 'q"uote', "e\u0301")
_MOMENT = "2024-05-%02dT07:08:09.123Z"
_DEEPEST = 3

#: Values of which some are wrong for any type.
_KINDS = (
    "",
    "text",
    "5",
    "5.5",
    "true",
    "False",
    0,
    7,
    -1,
    2**40,
    5.7,
    3.0,
    1e300,
    True,
    False,
    [],
    {},
    ["text"],
    [7],
    [None],
    [[]],
    {"unknown": 1},
    {"id": "i"},
    [{"id": "i"}],
    [{"id": 5}, None, "text"],
)


class Samples(object):
    """Makes JSON values.

    Parameters:
        seed: anything; what is made depends on it alone.
        optional: how likely an optional member is there, 0 to 1.
        nulls: how likely a member that may be null is null, 0 to 1.
        any_null: whether every member may be null, also a required one.
        unknown: whether objects have members that the interface does not know.
        null_filters: whether a filter as a whole may be null, as it may in a read.
    """

    def __init__(
        self, seed, optional=0.5, nulls=0.0, any_null=False, unknown=False, null_filters=True
    ):
        self._random = random.Random(str(seed))
        self._optional = optional
        self._nulls = nulls
        self._any_null = any_null
        self._unknown = unknown
        self._null_filters = null_filters

    def of(self, type_name):
        """A value of a type, such as `list[VmCreationParams]`."""
        return self._value(datatypes.parse(type_name), {}, 0)

    def kinds(self, count):
        """That many values, each of any kind."""
        return [self._random.choice(_KINDS) for _ in range(count)]

    def chance(self, likelihood):
        return self._random.random() < likelihood

    def _value(self, kind, limits, depth):
        if isinstance(kind, datatypes.List):
            count = max(self._random.choice((0, 1, 1, 2)), limits.get("minItems", 0))
            if depth == 0:
                count = max(count, 1)
            if "enum" in limits:
                return [self._random.choice(limits["enum"]) for _ in range(count)]
            return [self._value(kind.item, {}, depth + 1) for _ in range(count)]
        if isinstance(kind, datatypes.Scalar):
            return self._scalar(kind, limits)
        target = kind.target
        if target.is_enum:
            return self._random.choice(target.allowable_values)
        if target.__name__.endswith("WhereInput"):
            return self._filter(target, depth)
        return self._object(target, depth)

    def _scalar(self, kind, limits):
        if "enum" in limits:
            return self._random.choice(limits["enum"])
        if kind.name in ("datetime", "date", "time"):
            return _MOMENT % self._random.randint(1, 28)
        if kind.public == "str":
            return self._random.choice(_WORDS) + str(self._random.randint(0, 99))
        if kind.public == "int":
            return self._random.randint(limits.get("minimum", -5), limits.get("maximum", 2**40))
        if kind.public == "float":
            least = limits.get("minimum", -3)
            return max(least, self._random.choice((0.5, -2.25, 1e-7, 37145039556.9504)))
        if kind.public == "bool":
            return self._random.random() < 0.5
        return self._random.choice(({"free": [1, None, {"form": "x"}]}, ["a", 2], "text", 3, True))

    def _object(self, target, depth):
        made = {}
        for each in target.__schema__.fields:
            there = each.required or self.chance(self._optional)
            if depth >= _DEEPEST and not each.required and not _is_flat(each.type):
                there = False
            if not there:
                continue
            may_be_null = self._any_null or not each.rejects_none
            if not self._null_filters and each.type.name.endswith("WhereInput"):
                may_be_null = False
            if may_be_null and self.chance(self._nulls):
                made[each.json] = None
            else:
                made[each.json] = self._value(each.type, each.limits, depth + 1)
        if self._unknown:
            made["unknown_member"] = {"of": ["a newer", "release"]}
            made["anotherOne"] = self._random.choice((1, "x", None))
        return made

    def _filter(self, target, depth):
        """A filter that selects: something in it is compared with a value."""
        made = {"id": self._random.choice(_WORDS)}
        fields = target.__schema__.fields
        for each in self._random.sample(fields, min(len(fields), 4)):
            if depth >= _DEEPEST and not _is_flat(each.type):
                continue
            if self.chance(self._nulls):
                made[each.json] = None
            else:
                made[each.json] = self._value(each.type, each.limits, depth + 1)
        return made


def _is_flat(kind):
    while kind.item is not None:
        kind = kind.item
    return isinstance(kind, datatypes.Scalar) or kind.target.is_enum


def model_names():
    """Names of the models that are no enums, in order, but for what CloudTower has changed."""
    return [name for name in _names() if not models.catalog.load(name).is_enum]


def enum_names():
    """Names of the enums, in order, but for what CloudTower has changed."""
    return [name for name in _names() if models.catalog.load(name).is_enum]


def _names():
    names = sorted(models.catalog.homes)
    return [each for each in names if not interface_changes.is_reached(datatypes.parse(each))]
