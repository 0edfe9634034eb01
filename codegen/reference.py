"""The pages of `docs/reference`."""

import json
import re
from collections import defaultdict

from cloudtower._runtime import filters, verbs

_KINDS = {
    "text": "text and ids",
    "number": "numbers",
    "time": "times, as ISO 8601 text",
    "bool": "booleans",
    "enum": "enumerations",
    "one": "a relation to one object: its filter, or null",
    "many": "a relation to many objects: their filter",
}


def pages(interface, render):
    """The generated pages: {path: text}.

    Parameters:
        interface: an ir.Interface after all passes.
        render: callable(template, **values) that returns the text.
    """
    output = {}
    listed = []
    for module, operations, schemas in _resources(interface):
        resource = operations[0].api[: -len("Api")] if operations else module
        listed.append((module, resource, operations, schemas))
        output["docs/reference/%s.md" % module] = render(
            "docs/reference/RESOURCE.md.j2",
            resource=resource,
            apis=operations,
            schemas=sorted(schemas, key=lambda each: each.name),
        )
    output["docs/reference/index.md"] = render(
        "docs/reference/index.md.j2",
        pages=listed,
        families=[(name, _KINDS[name], filters.FAMILIES[name]) for name in filters.FAMILIES],
    )
    operations = sorted(interface.operations, key=lambda each: (each.api, each.name))
    output["docs/reference/reads-and-writes.md"] = render(
        "docs/reference/reads-and-writes.md.j2",
        reads=[each for each in operations if each.read],
        writes=[each for each in operations if not each.read],
    )
    return output


def _resources(interface):
    operations, schemas = defaultdict(list), defaultdict(list)
    for each in interface.operations:
        operations[each.module[: -len("_api")]].append(each)
    for each in interface.schemas:
        schemas[each.module].append(each)
    for module in sorted(set(operations) | set(schemas)):
        yield module, operations[module], schemas[module]


def text_filters(interface):
    """The filters that the templates of the pages use."""
    homes = {schema.name: schema.module for schema in interface.schemas}

    def type_link(kind):
        if kind is None:
            return "nothing"
        kind = kind.bare
        if not kind.references():
            return "`%s`" % kind.notation.replace("|", "\\|")  # which would end the cell
        if kind.kind == "list":
            return "list of " + type_link(kind.item)
        if kind.kind == "map":
            return "map of " + type_link(kind.value)
        if kind.kind == "union":
            return " or ".join(map(type_link, kind.members))
        return "[%s](%s.md#%s)" % (kind.name, homes[kind.name], kind.name.lower())

    def body_link(operation):
        if operation.body:
            return type_link(operation.body.type)
        return "a form" if operation.placed("form") else ""

    return {
        "type_link": type_link,
        "body_link": body_link,
        "anchor": lambda name: name.lower(),
        "family": filters.family_of,
        "limit_text": _limit_text,
        "open_text": _open_text,
        "sentences": _sentences,
        "verb_lines": _verb_lines,
    }


def _limit_text(limits):
    return "".join(", %s %s" % (name, _value(name, value)) for name, value in limits)


def _value(name, value):
    if name == "default":
        return "`%s`" % json.dumps(value, ensure_ascii=False).replace("|", "\\|")
    return " or ".join("`%s`" % each for each in value) if isinstance(value, tuple) else value


def _open_text(allowed):
    texts = []
    for path, condition in (allowed or {}).items():
        given = "" if condition is True else " where `%s` is given" % condition
        texts.append(" (`%s` may match everything%s)" % (path, given))
    return "".join(texts)


def _sentences(meaning):
    """Both sentences of a Meaning, for a cell of a table; "" where there are none."""
    return "<br>".join(map(_escaped, (meaning.en, meaning.zh))) if meaning else ""


def _verb_lines(operation):
    """What the helpers that serve an operation are for, a line each."""
    return verbs.lines(" ".join(operation.verbs), operation.module, operation.name)


def _escaped(text):
    parts = text.split("`")
    parts[::2] = [re.sub(r"([*<])", r"\\\1", part) for part in parts[::2]]  # not within code
    return "`".join(parts).replace("|", r"\|")
