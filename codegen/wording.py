"""Words for what the intermediate form has: types, parameters, limits."""

import json
import re

from cloudtower._runtime import datatypes

_SCALARS = {
    "str": "text",
    "int32": "32-bit integer",
    "int64": "64-bit integer",
    "double": "number",
    "bool": "boolean",
    "datetime": "time",
    "date": "date",
    "file": "file",
    "object": "any value",
}
_SCHEMAS = {"where": "filter", "enum": "enumeration", "order_by": "order", "model": "model"}
#: Verbs with which a difference begins, and what they are with several subjects.
_VERBS = {
    "authenticates": "authenticate",
    "declares": "declare",
    "has": "have",
    "is": "are",
    "lists": "list",
    "may": "may",
    "must": "must",
    "need": "need",
    "returns": "return",
    "takes": "take",
}
_ADVERBS = ("no", "longer", "also")
_LIMITS = {
    "maximum": "at most %s",
    "minimum": "at least %s",
    "minLength": "at least %s characters long",
    "minItems": "at least %s elements long",
    "enum": "one of %s",
}


def kind(made):
    """What a type is, such as "list of Vm"; "nothing" for None."""
    if made is None:
        return "nothing"
    if made.kind == "nullable":
        return kind(made.bare) + " or null"
    if made.kind in ("list", "map"):
        return "%s of %s" % (made.kind, kind(made.parts[0]))
    if made.kind == "union":
        return " or ".join(map(kind, made.parts))
    return _SCALARS.get(made.name, made.name)


def in_python(made):
    """A type as scripts see it: equal for all integers, and for all fractions."""
    if made is None:
        return None
    return re.sub(r"\w+", lambda name: _public(name.group()), made.notation)


def _public(name):
    return datatypes.parse(name).public if name in _SCALARS else name


def schema(made):
    """What a schema is, such as "filter"."""
    return _SCHEMAS.get(made.kind, made.kind)


def parameter(made):
    """A parameter by its name and place."""
    if made.place == "body":
        return "body"
    return "%s `%s`" % ("header" if made.place == "header" else "parameter", made.json)


def predicate(text, number=1):
    """What is said of one subject as it is said of a number of them: "has ..." as "have ...".

    None for a text that does not go on from its subject, such as "header `a` is required now".
    """
    words = text.split(" ")
    first = next((word for word in words if word not in _ADVERBS), "")
    if first not in _VERBS:
        return None
    verbs = [_VERBS.get(word, word) if number > 1 and word == first else word for word in words]
    return " ".join(verbs)


def schemas(name, number):
    """ "models" of "model" for a number of them; None for what is not a kind of schema."""
    if name not in _SCHEMAS.values():
        return None
    return name if number == 1 else name + "s"


def limit(keyword, value):
    """What a limit demands of a value."""
    if isinstance(value, tuple):
        value = listed(value)
    return _LIMITS.get(keyword, keyword + " %s") % value


def value(made):
    """A value as JSON has it."""
    return json.dumps(made, ensure_ascii=False)


def listed(items, nothing=""):
    """Items in one line; `nothing` where there are none."""
    return ", ".join(map(str, items)) or nothing


def alternatives(requirements):
    """Of which security schemes an operation needs those of one: "Key and Token, or Basic"."""
    found = [" and ".join(each) or "nothing" for each in requirements]
    mark = ", or " if any(" and " in each for each in found) else " or "
    return mark.join(found) or "nothing"


def counted(number, noun):
    """A number with its noun: "1 field", "1,200 fields"."""
    return "%s %s" % (format(number, ","), noun if number == 1 else noun + "s")
