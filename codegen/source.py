"""Python source text: values, and items in lines of full width."""

import json

WIDTH = 100


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
