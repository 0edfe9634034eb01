"""Which fields hold secrets, so that nothing ever shows their values."""

import re
from dataclasses import replace

_SECRET = re.compile(r"(^|_)(password|secret|token|pass_phrase|community|api_key)$")


def run(interface, sources):
    return replace(interface, schemas=tuple(_mark(schema) for schema in interface.schemas))


def _mark(schema):
    fields = tuple(_marked(each) for each in schema.fields)
    rows = schema.rows
    if schema.form == "where":
        rows = tuple(_marked(each) for each in rows)
    return replace(schema, fields=fields, rows=rows)


def _marked(each):
    is_secret = each.type.name == "str" and _SECRET.search(each.name)
    return replace(each, secret=True) if is_secret else each
