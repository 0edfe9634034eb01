"""Takes a newer document of the vendor in.

`spec/openapi.json` becomes that document, reduced to the facts of the
interface; `spec/since.json` learns what is new in it.
"""

import json
import re

_WIDTH = 160
_TEXTS = ("description", "title", "example", "examples", "summary", "externalDocs")
# Members of the notation whose own members are names.
_NAMED = ("paths", "schemas", "properties", "securitySchemes", "responses", "content")


def reduced(document, former):
    """The document without the vendor's texts: names, types, limits and statuses stay.

    What the vendor does not say is taken from the former document: the path
    below the server's address, and notes of ours about versions.
    """
    info = {key: document.get("info", {}).get(key, "") for key in ("title", "version")}
    made = dict(_reduced(document), info=dict(former["info"], **info))
    if document.get("servers", [{"url": "/"}]) == [{"url": "/"}]:
        made["servers"] = former["servers"]
    return made


def _reduced(node, named=False):
    """`named`: the keys of the node are names of the interface, not of the notation."""
    if isinstance(node, list):
        return [_reduced(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: _reduced(value, named=key in _NAMED and not named)
        for key, value in node.items()
        if named or key not in _TEXTS
    }
    if "responses" in made and not named:  # where OpenAPI wants a text
        answers = made["responses"].items()
        made["responses"] = {key: dict({"description": ""}, **each) for key, each in answers}
    return made


def dated(since, old, new, version):
    """`since.json` with what `new` has and `old` had not, at a version.

    Parameters:
        since: the former content, dict.
        old, new: Interfaces.
        version: the CloudTower version of the new one, such as "4.10.0".

    Raises ValueError for a version that is not newer than all it knows.
    """
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        raise ValueError("%r is no version such as 4.10.0" % version)
    if since["versions"] and _numbers(version) <= _numbers(since["versions"][-1]):
        raise ValueError("%s is not newer than %s" % (version, since["versions"][-1]))
    operations, schemas, properties = (
        dict(since[table]) for table in ("operations", "schemas", "properties")
    )
    known = {each.path for each in old.operations}
    for each in new.operations:
        if each.path not in known:
            operations.setdefault(each.path, version)
    former = {each.key: {field.json for field in each.fields} for each in old.schemas}
    for each in new.schemas:
        if each.key not in former:
            schemas.setdefault(each.key, version)
            continue
        for field in each.fields:
            if field.json not in former[each.key]:
                properties.setdefault("%s.%s" % (each.key, field.json), version)
    return {
        "oldest": since["oldest"],
        "versions": since["versions"] + [version],
        "operations": dict(sorted(operations.items())),
        "schemas": dict(sorted(schemas.items())),
        "properties": dict(sorted(properties.items())),
    }


def _numbers(version):
    return [int(part) for part in version.split(".")]


def text(content):
    """JSON as the files of `spec/` are written: one line for what fits in one."""
    return _lines(content, "") + "\n"


def _lines(node, indent):
    line = json.dumps(node, ensure_ascii=False)
    if len(line) <= _WIDTH or not isinstance(node, (dict, list)):
        return line
    inner = indent + " "
    if isinstance(node, list):
        return "[\n%s\n%s]" % (",\n".join(inner + _lines(each, inner) for each in node), indent)
    members = (
        "%s%s: %s" % (inner, json.dumps(key, ensure_ascii=False), _lines(value, inner))
        for key, value in node.items()
    )
    return "{\n%s\n%s}" % (",\n".join(members), indent)
