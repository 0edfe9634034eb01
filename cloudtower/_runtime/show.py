"""How a model looks to a person: what is set, and no secrets."""

from cloudtower._runtime import mask
from cloudtower._runtime.text import TEXT

_WIDTH = 88
_INDENT = "    "


def model(instance):
    """The text of a model: a call that would make it, wrapped where it is long."""
    return _value(instance, "")


def value(shown):
    """The text of any value that a model may hold."""
    return _value(shown, "")


def _value(value, indent):
    if hasattr(value, "set_items"):
        items = [
            "%s=%s" % (each.name, mask.HIDDEN if each.secret else _value(inner, indent + _INDENT))
            for each, inner in value.set_items()
        ]
        return _enclose(type(value).__name__ + "(", items, ")", indent)
    if isinstance(value, (list, tuple)):
        return _enclose("[", [_value(inner, indent + _INDENT) for inner in value], "]", indent)
    if isinstance(value, dict):
        items = [
            "%r: %s" % (name, _member(name, inner, indent + _INDENT))
            for name, inner in value.items()
        ]
        return _enclose("{", items, "}", indent)
    return repr(value)


def _member(name, value, indent):
    """A member of a dict that a script has put in the place of a model."""
    is_secret = isinstance(name, (str, TEXT)) and value is not None and mask.is_secret(name)
    return mask.HIDDEN if is_secret else _value(value, indent)


def _enclose(before, items, after, indent):
    line = before + ", ".join(items) + after
    if len(indent) + len(line) <= _WIDTH and "\n" not in line:
        return line
    inner = indent + _INDENT
    return "%s\n%s%s%s" % (before, "".join(inner + item + ",\n" for item in items), indent, after)
