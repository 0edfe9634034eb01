"""The docstrings of operations, models and attributes: types, meanings, an example.

They are made when somebody reads them, see `docstring`.
"""

from cloudtower._runtime import example, meanings, signature, verbs
from cloudtower._runtime.paragraph import wrapped
from cloudtower._runtime.text import printable

_WIDTH = 92
_INDENT = "    "
_DEEPEST = 4  # of members within members
_MOST_OF_VALUES = 160  # characters of the values of an enumeration behind its name
_LISTED = ("in", "not_in")


# ---- operations --------------------------------------------------------------------


def api(cls):
    """The docstring of an `*Api` class: its operations."""
    rows = sorted(cls.__operations__.items())
    lines = [
        "%s of CloudTower: %d operations." % (cls.__name__, len(rows)),
        "",
        "Parameters:",
        "    api_client: the ApiClient that sends; by default a new one from the",
        "        default Configuration.",
        "",
        "Operations; help(%s.%s) says all about the first:" % (cls.__name__, rows[0][0]),
    ]
    for name, row in rows:
        lines += _entry(name, _summary(row).rstrip("."), "", _INDENT)
    return printable("\n".join(lines))


def operation(row, with_http_info):
    """The docstring of an operation's function.

    Parameters:
        row: an Operation that has been touched.
        with_http_info: whether it is that of `<name>_with_http_info`.
    """
    since = ", since CloudTower %s" % row.since if row.since else ""
    lines = wrapped(_summary(row), _WIDTH)
    if row.deprecated:
        lines += ["", "Deprecated: a later CloudTower may drop it."]
    lines += ["", "%s %s%s." % (row.method, row.path, since)]
    if row.verbs and not with_http_info:
        home = row.owner.__module__.rpartition(".")[2]
        shown = verbs.lines(row.verbs, home, row.name, meanings.language())
        lines += ["", "With cloudtower.utils:"] + [_INDENT + line for line in shown]
    lines += ["", "Parameters:"]
    for each in row.required:
        kind = _kind(each.kind)
        if each.place == "body":
            dicts = "a list of dicts" if each.kind.item else "a dict"
            kind += ", or %s with its JSON names" % dicts
        words = [kind + "; required"] + signature.facts(each)
        lines += _entry(each.name, ", ".join(words), _of_parameter(row, each.name), _INDENT)
    for name, _, text in signature.keywords(row, with_http_info):
        lines += _entry(name, text, _of_parameter(row, name), _INDENT)
    if with_http_info:
        lines += ["", "The body and an example: help(%s)." % row.label]
    else:
        lines += _body(row) + ["", "Example:"]
        lines += [_INDENT + line for line in example.call(row).splitlines()]
    returned = "(%s, status, headers)" if with_http_info else "%s"
    refused = ", ".join(str(each) for each in row.statuses if each >= 300)
    lines += ["", "Returns %s." % (returned % row.returns), ""]
    lines += wrapped(
        "Raises ApiException with status, reason and body where CloudTower refuses%s"
        " or cannot be reached, ApiTypeError and ApiValueError for wrong arguments."
        % (" (%s)" % refused if refused else ""),
        _WIDTH,
    )
    # indented as a docstring in a file is
    return printable("\n".join([lines[0]] + [each and _INDENT + each for each in lines[1:]]))


def _summary(row):
    return meanings.of_operation(row.owner.__name__, row.name) or row.doc


def _of_parameter(row, name):
    return meanings.of_parameter(row.owner.__name__, row.name, name)


def _body(row):
    """The lines about the members of a body."""
    model = _object(row.body.kind) if row.body else None
    if model is None:
        return []
    subject = "each object of " if row.body.kind.item else ""
    title = "Members of %s%s, required ones first:" % (subject, row.body.name)
    return ["", title] + _members(model, _INDENT, (), True)


def _object(kind):
    """The class of the objects of a type; None for values, and for what selects objects."""
    leaf = kind.leaf
    return None if leaf.is_scalar or leaf.selects or leaf.is_enum else leaf.target


def _members(model, indent, within, every):
    """The lines of the members of an object.

    Parameters:
        model: its class.
        within: the classes around it.
        every: whether members that are not required have lines too, or are only named.
    """
    lines = []
    required = [each for each in model.__schema__.fields if each.required]
    optional = [each for each in model.__schema__.fields if not each.required]
    within += (model,)
    for each in required + (optional if every else []):
        phrase = _phrase(each, "`%s` in models" % each.name)
        lines += _entry(each.json, phrase, meanings.of_field(model.__name__, each.name), indent)
        inner = _object(each.type)
        if inner is None:
            continue
        if inner in within or len(within) >= _DEEPEST:
            lines.append("%sSee help(cloudtower.%s)." % (indent + _INDENT, inner.__name__))
        else:
            lines += _members(inner, indent + _INDENT, within, every and each.required)
    if optional and not every:
        names = ", ".join(each.json for each in optional)
        text = "Optional: %s; see help(cloudtower.%s)." % (names, model.__name__)
        lines += wrapped(text, _WIDTH, indent, indent + _INDENT)
    return lines


# ---- models ------------------------------------------------------------------------


def model(cls):
    """The docstring of a model, an enumeration or a filter."""
    since = getattr(cls, "__since__", None)
    lines = ["%s of CloudTower%s." % (cls.__name__, ", since version %s" % since if since else "")]
    if cls.__dict__.get("__deprecated__"):
        lines += ["", "Deprecated: a later CloudTower may drop it."]
    fields = cls.__schema__.fields
    if cls.is_enum:
        lines += _constants(cls)
    elif any(each.operand for each in fields):
        lines += _filter(cls)
    elif fields:
        lines += ["", "Parameters:"]
        for each in fields:
            meaning = meanings.of_field(cls.__name__, each.name)
            lines += _entry(each.name, _of_attribute(each), meaning, _INDENT)
    return printable("\n".join(lines))


def attribute(each, model_name):
    """The docstring of an attribute, given by its Field and the name of its class."""
    meaning = meanings.of_field(model_name, each.name)
    return printable("\n".join(_entry("", _of_attribute(each), meaning, "")))


def _constants(cls):
    values = ", ".join(str(each) for each in cls.allowable_values)
    lines = [""] + wrapped("Constants: %s." % values, _WIDTH, "", _INDENT)
    rows = cls._make_constants()
    own = [(name, value) for name, value in rows if name.upper() != str(value).upper()]
    if own:
        lines += ["", "Constants whose name differs from their value:"]
        for name, value in own:
            lines.append(_INDENT + "%s = %s" % (name, example.written(value)))
    return lines


def _filter(cls):
    """The fields of a filter, and what may follow their names, rather than all combinations."""
    lines, seen, families = ["", "Parameters:"], set(), {}
    for each in cls.__schema__.fields:
        if each.operand is None:
            lines += _entry(each.name, _of_attribute(each), None, _INDENT)
            continue
        base, operator, family = each.operand
        families.setdefault(family, set()).add(operator)
        if base in seen:
            continue
        seen.add(base)
        name = each.name[: -len(operator) - 1] if operator else each.name
        kind = _kind(each.type.item if operator in _LISTED else each.type)
        meaning = meanings.of_field(cls.__name__, each.name)
        lines += _entry("%s (%s)" % (name, family), kind, meaning, _INDENT)
    lines += ["", "An operator may follow the name, such as name_contains:"]
    for family in sorted(families):
        listed = ["_" + each for each in sorted(families[family]) if each]
        text = "%s: %s." % (family, ", ".join(listed) or "no operator")
        lines += wrapped(text, _WIDTH, _INDENT, _INDENT * 2)
    return lines


# ---- phrases -----------------------------------------------------------------------


def _entry(name, phrase, meaning, indent):
    """The lines of one name: what it is, and what it means."""
    text = (name + ": " if name else "") + phrase + "." + (" " + meaning if meaning else "")
    return wrapped(text, _WIDTH, indent, indent + _INDENT)


def _of_attribute(each):
    return _phrase(each, "`%s` in JSON" % each.json)


def _phrase(each, other_name):
    """What is known of a Field: `VmStatus (RUNNING | STOPPED), required`."""
    words = [_kind(each.type)]
    if each.required:
        words.append("required")
    if each.nullable:
        words.append("may be null")
    if each.json != each.name:
        words.append(other_name)
    return ", ".join(words + signature.facts(each))


def _kind(kind):
    """A type; an enumeration with its values, where they are few."""
    leaf = kind.leaf
    if leaf.is_scalar or leaf.selects or not leaf.is_enum:
        return kind.name
    values = " | ".join(str(each) for each in leaf.target.allowable_values)
    return "%s (%s)" % (kind.name, values) if len(values) <= _MOST_OF_VALUES else kind.name
