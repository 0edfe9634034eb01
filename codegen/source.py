"""Python source text: values, and items in lines of full width."""

import json

WIDTH = 100
#: Where the names that stubs import are, other than those of the interface.
HOMES = {
    "Any": "typing",
    "Literal": "typing",
    "overload": "typing",
    "Mapping": "collections.abc",
    "Sequence": "collections.abc",
    "ApplyResult": "multiprocessing.pool",
    "date": "datetime",
    "datetime": "datetime",
    "Required": "typing_extensions",
    "deprecated": "typing_extensions",
    "TypeAlias": "typing_extensions",
    "TypedDict": "typing_extensions",
    "Unpack": "typing_extensions",
    "ApiClient": "cloudtower.api_client",
    "ApiTypeError": "cloudtower.exceptions",
    "ApiValueError": "cloudtower.exceptions",
}


def py(value):
    """A value as Python source, with double quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (py(k), py(v)) for k, v in value.items())
    if isinstance(value, tuple):
        return "(%s%s)" % (", ".join(map(py, value)), "," if len(value) == 1 else "")
    if isinstance(value, list):
        return "[%s]" % ", ".join(map(py, value))
    return repr(value)


def imported(name, alias):
    """A name in an import, under which it is known from there on."""
    return name if name == alias else "%s as %s" % (name, alias)


def packed(items, indent=8):
    """Items in lines of full width, each with a comma behind it; without the indent."""
    lines, line = [], ""
    for item in items:
        if line and len(line) + len(item) + 2 > WIDTH - indent:
            lines.append(line)
            line = ""
        line += (" " if line else "") + item + ","
    return lines + [line]


def wrapped(opening, items, closing):
    """Items between brackets: on one line where they fit, otherwise on lines of their own."""
    line = "%s%s%s" % (opening, ", ".join(items), closing)
    if len(line) <= WIDTH or not items:
        return line
    lines = ["    " + each for each in packed(items, 4)]
    return "\n".join([opening] + lines + [closing])
