"""Which file a class lives in.

A schema lives with the only resource whose operations reach it; where several
do, with the one of the longest tag that its name begins with; else in
`common`.
"""

from collections import defaultdict
from dataclasses import replace

from codegen.passes.naming import class_name, snake


def run(interface, sources):
    direct = {
        schema.name: _names(each.type for each in schema.fields) for schema in interface.schemas
    }
    reached_by = defaultdict(set)
    for operation in interface.operations:
        kinds = [each.type for each in operation.parameters] + [operation.returns]
        waiting = list(_names(filter(None, kinds)))
        seen = set()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(direct[name])
        for name in seen:
            reached_by[name].add(operation.tag)
    tags = {operation.tag for operation in interface.operations}

    def module(schema):
        reaching = reached_by[schema.name]
        if len(reaching) == 1:
            return snake(class_name(next(iter(reaching))))
        starts = [tag for tag in tags if schema.name.startswith(class_name(tag))]
        return snake(class_name(max(starts, key=len))) if starts else "common"

    schemas = [replace(schema, module=module(schema)) for schema in interface.schemas]
    _check(schemas)
    return replace(interface, schemas=tuple(schemas))


def _names(kinds):
    """The names of the schemas that types refer to."""
    return {each.name for kind in kinds for each in kind.references()}


def _check(schemas):
    """A file must not hide the documented module of a class that lives elsewhere."""
    files = {schema.module for schema in schemas}
    for schema in schemas:
        if schema.path in files and schema.path != schema.module:
            raise ValueError(
                "%s lives in %s, but %s.py is another file"
                % (schema.name, schema.module, schema.path)
            )
