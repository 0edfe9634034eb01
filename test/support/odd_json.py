"""JSON that a server should not send: values of the declared types with anything put into them.

    value = mutate(chance, copy.deepcopy(sample(datatypes.parse("list[Vm]"))))
    text = text_of(chance, value)

`chance` is a `random.Random`: the same seed makes the same text.
"""

from __future__ import unicode_literals

import json

MOMENTS = (
    "0000-00-00T00:00:00Z",
    "99999-01-01",
    "2024-01-01T00:00:00+99:99",
    "24:61:61",
    "1" * 400,
)
NUMBERS = (
    "9" * 400,
    "9" * 5000,
    "-" + "9" * 400,
    "1e400",
    "-1e400",
    "1e-400",
    "0x10",
    "1_0",
    "NaN",
)
TEXTS = (
    "",
    "\0",
    "\ud800",
    "\udfff\ud800",
    "\u540d",
    "\u202e",
    "true",
    "RUNNING",
    "<html>",
    "None",
)
MARKS = {"many": "9" * 5000, "huge": "1e400", "nan": "NaN", "infinite": "-Infinity"}


def sample(kind, depth=0):
    """A JSON value as the interface declares it."""
    if kind.item is not None:
        return [sample(kind.item, depth + 1)]
    if kind.name in ("str", "time"):
        return "text"
    if hasattr(kind, "target"):
        target = kind.target
        if target.is_enum:
            return "NEW"
        fields = target.__schema__.fields if depth < 3 else ()
        return dict((each.json, sample(each.type, depth + 1)) for each in fields)
    return {"bool": True, "float": 1.5, "double": 1.5}.get(kind.name, 5)


def anything(chance, depth=0):
    """A JSON value of any kind."""
    pick = chance.randrange(12 if depth < 4 else 8)
    if pick < 2:
        return chance.choice(TEXTS)
    if pick == 2:
        return chance.choice(NUMBERS)
    if pick == 3:
        return chance.choice(MOMENTS)
    if pick == 4:
        return chance.choice([0, 1, -1, 2**31, 2**63, -(2**64), 10**399, 0.1, 1e308])
    if pick == 5:
        return chance.choice([True, False, None])
    if pick == 6:
        return "%%%s%%" % chance.choice(sorted(MARKS))
    if pick == 7:
        value = chance.choice([1, "x", None])
        for _ in range(chance.choice([3, 50, 90])):
            value = [value] if chance.random() < 0.5 else {"a": value, "id": 1}
        return value
    size = chance.randrange(4)
    if pick < 10:
        return [anything(chance, depth + 1) for _ in range(size)]
    names = ["id", "name", "", "_id", "__class__", "data", "\ud800", "discriminator"]
    return dict((chance.choice(names), anything(chance, depth + 1)) for _ in range(size))


def mutate(chance, value):
    """Put anything into some places of a value, which is changed."""
    for _ in range(chance.randrange(1, 8)):
        place = value
        for _ in range(chance.randrange(6)):
            if not place or not isinstance(place, (dict, list)):
                break
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = chance.choice(sorted(keys))
            inner = place[key]
            if chance.random() < 0.4 or not isinstance(inner, (dict, list)):
                place[key] = anything(chance)
                break
            place = inner
    return value if chance.random() < 0.9 else anything(chance)


def text_of(chance, value):
    text = json.dumps(value)
    for name in sorted(MARKS):
        text = text.replace('"%%%s%%"' % name, MARKS[name])
    pick = chance.randrange(12)
    if pick == 0:
        text = text[: chance.randrange(len(text) + 1)]
    elif pick == 1:
        text = text.replace(chance.choice("[]{},:"), chance.choice(["[", "]", "{{", "", ",,"]), 2)
    elif pick == 2:
        text = b"\xef\xbb\xbf".decode("utf-8") + text
    elif pick == 3:
        text = chance.choice(["[", '{"a":', "[{"]) * chance.choice([100, 2000, 20000]) + text
    return text
