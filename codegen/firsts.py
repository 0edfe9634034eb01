"""The data file of which fields came when: `cloudtower/_since.json.gz`.

It is read when a server refuses a call, and only for bodies, so it has nothing else.
"""

import json

from codegen.ir import reached

PATH = "cloudtower/_since.json.gz"


def text(interface):
    """The text in the file: {model: {field: the first CloudTower version that has it}}.

    Left out are fields that are as old as their model. All operators of a filter's field are
    named by their field where they came at once.

    Parameters:
        interface: an ir.Interface after all passes.
    """
    schemas = {schema.name: schema for schema in interface.schemas}
    parameters = (each for operation in interface.operations for each in operation.parameters)
    sent = reached((each.type for each in parameters), schemas)
    content = {}
    for schema in interface.schemas:
        if schema.name in sent:
            named = _of_filter(schema) if schema.kind == "where" else _of_fields(schema.fields)
            content[schema.name] = named
    content = {name: named for name, named in content.items() if named}
    return json.dumps(content, sort_keys=True, separators=(",", ":")) + "\n"


def _of_fields(fields):
    return {each.json: each.since for each in fields if each.since}


def _of_filter(schema):
    named = {}
    rest = list(schema.fields)
    for row in schema.rows:
        group = [each for each in rest if _belongs(each.json, row.json, schema.rows)]
        versions = {each.since for each in group}
        if versions != {None} and len(versions) == 1:
            named[row.json] = versions.pop()
            rest = [each for each in rest if each not in group]
    named.update(_of_fields(rest))
    return named


def _belongs(name, base, rows):
    """Whether a property of a filter is an operator on a field, the longest that fits."""
    fitting = [row.json for row in rows if name == row.json or name.startswith(row.json + "_")]
    return bool(fitting) and max(fitting, key=len) == base
