"""How models look in notebooks: tables of HTML, and the IPython extension for lists of them."""

from cloudtower._runtime import mask, show
from cloudtower._runtime.text import TEXT

_LONGEST = 200  # characters of a value in the table of one model
_CELL = 60  # and in the table of several
_MOST_ELEMENTS = 5  # of a list in a cell
_MOST_ROWS = 100
_MOST_COLUMNS = 10
#: Which columns come first in the table of several models; then come the other plain values.
_COLUMNS = (
    "name id username key value task_id data status state connect_state type ip management_ip"
    " description vcpu memory size cluster host vlan_id severity progress created_at"
).split()


def model(instance):
    """A model as a table of its fields that are set: HTML, str."""
    rows = [
        _row([_tag("th", _escaped(each.name)), _tag("td", _cell(each, value, _LONGEST))])
        for each, value in instance.set_items()
    ]
    return _table(_escaped(type(instance).__name__), [], rows)


def models(values):
    """A list of models of one class as a table: HTML, str; None for any other list."""
    kind = type(values[0]) if values else None
    if not hasattr(kind, "set_items") or any(type(each) is not kind for each in values):
        return None
    shown = [
        dict((each.name, (each, value)) for each, value in one.set_items())
        for one in values[:_MOST_ROWS]
    ]
    columns = _chosen(kind.__schema__.fields, shown)
    head = [_row([_tag("th", _escaped(each.name)) for each in columns])]
    rows = [
        _row(
            [
                _tag("td", _cell(*one[each.name], most=_CELL) if each.name in one else "")
                for each in columns
            ]
        )
        for one in shown
    ]
    title = "%d %s %s" % (
        len(values),
        _escaped(kind.__name__),
        "objects" if len(values) > 1 else "object",
    )
    if len(values) > len(rows):
        title += ", the first %d" % len(rows)
    left = len(set(name for one in shown for name in one)) - len(columns)
    if left:
        title += "; %d more fields" % left
    return _table(title, head, rows)


def load_ipython_extension(ipython):
    """`%load_ext cloudtower`: notebooks show lists of models as tables."""
    formatter = ipython.display_formatter.formatters["text/html"]

    def printed(values):
        text = models(values)
        return former(values) if text is None and former is not None else text

    former = formatter.for_type(list, printed)
    printed.former = former


def unload_ipython_extension(ipython):
    """`%unload_ext cloudtower`."""
    formatter = ipython.display_formatter.formatters["text/html"]
    former = getattr(formatter.pop(list, None), "former", None)
    if former is not None:
        formatter.for_type(list, former)


def _chosen(fields, shown):
    """The columns of a table: fields that are set somewhere, the useful ones first."""
    known = [each for each in fields if any(each.name in one for one in shown)]
    first = sorted((each for each in known if each.name in _COLUMNS), key=_precedence)
    plain = [each for each in known if each not in first and each.type.is_scalar]
    rest = [each for each in known if each not in first and each not in plain]
    return (first + plain + rest)[:_MOST_COLUMNS]


def _precedence(field):
    return _COLUMNS.index(field.name)


def _cell(field, value, most):
    return mask.HIDDEN if field.secret else _escaped(_cut(_short(value), most))


def _short(value):
    """A value on one line: a model by its name, a list by its first elements."""
    if hasattr(value, "set_items"):
        values = dict((each.name, inner) for each, inner in value.set_items() if not each.secret)
        for name in ("name", "id"):
            if isinstance(values.get(name), (str, TEXT)) and values[name]:
                return values[name]
    if isinstance(value, (list, tuple)):
        text = ", ".join(_short(each) for each in value[:_MOST_ELEMENTS])
        more = len(value) - _MOST_ELEMENTS
        return text + (", and %d more" % more if more > 0 else "")
    if isinstance(value, (str, TEXT)):
        return value
    if isinstance(value, dict) or hasattr(value, "set_items"):
        return " ".join(show.value(value).split())
    return "" if value is None else str(value)


def _cut(text, most):
    return text if len(text) <= most else text[: most - 3] + "..."


def _escaped(text):
    for character, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(character, "&%s;" % name)
    return text


def _tag(name, content):
    return "<%s>%s</%s>" % (name, content, name)


def _row(cells):
    return _tag("tr", "".join(cells))


def _table(title, head, rows):
    lines = ["<table>", _tag("caption", title)]
    lines += [_tag("thead", each) for each in head]
    return "\n".join(lines + ["<tbody>"] + rows + ["</tbody>", "</table>"])
