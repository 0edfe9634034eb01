"""Values of another kind than declared: what each SDK may make of them.

Each rule is a function (type, value, what the published SDK says, what we
say) that tells whether it explains the difference. Their reasons are in
`differences.json` under "kinds", by the names of the functions.
"""

import re

from cloudtower import models

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?$")


def rule_for(type_name, value, published, ours):
    """The name of the rule that explains a difference, or None."""
    for rule in _RULES:
        if rule(type_name, value, published, ours):
            return rule.__name__
    return None


def fits(type_name, value):
    """Whether a JSON value, or what it says, is of a type."""
    if value is None or type_name == "object":
        return True
    if type_name.startswith("list["):
        return isinstance(value, list)
    number = isinstance(value, (int, float))
    if type_name == "str":
        return number or isinstance(value, str)
    if type_name in ("int", "float"):
        return number or (isinstance(value, str) and bool(_NUMBER.match(value)))
    if type_name == "bool":
        word = isinstance(value, str) and value.lower() in ("true", "false")
        return word or (number and value in (0, 1))
    if type_name == "datetime":
        return isinstance(value, str) and value[:2] == "20"
    return models.catalog.load(type_name).is_enum or isinstance(value, dict)


def wrong_kind_reads_none(type_name, value, published, ours):
    return not fits(type_name, value) and ours == {"value": None}


def wrong_element_reads_none(type_name, value, published, ours):
    if not type_name.startswith("list[") or not isinstance(value, list) or "raised" in ours:
        return False
    item = type_name[5:-1]
    theirs = published.get("value", [None] * len(value))
    if not len(value) == len(ours["value"]) == len(theirs):
        return False
    return all(
        mine is None if not fits(item, sent) else "raised" in published or mine == other
        for sent, other, mine in zip(value, theirs, ours["value"])
    )


def fraction_stays(type_name, value, published, ours):
    fraction = type_name == "int" and isinstance(value, float) and value != int(value)
    return fraction and (published, ours) == ({"value": int(value)}, {"value": value})


def fraction_in_text(type_name, value, published, ours):
    fraction = type_name == "int" and isinstance(value, str) and _NUMBER.match(value)
    return fraction and "raised" in published and ours == {"value": float(value)}


def false_in_text(type_name, value, published, ours):
    text = type_name == "bool" and isinstance(value, str) and value.lower() == "false"
    return text and (published, ours) == ({"value": True}, {"value": False})


def answers_are_not_checked(type_name, value, published, ours):
    refused = published.get("raised", {}).get("text", "").startswith("Invalid value")
    return refused and fits(type_name, value) and "value" in ours


_RULES = (
    wrong_kind_reads_none,
    wrong_element_reads_none,
    fraction_stays,
    fraction_in_text,
    false_in_text,
    answers_are_not_checked,
)
