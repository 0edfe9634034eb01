"""Which file a class lives in.

A schema lives with the only resource whose operations reach it; where several
do, with the one of the longest tag that its name begins with; else in
`common`. A schema whose own module is a file lives in that.
"""

from collections import defaultdict
from dataclasses import replace

from codegen.ir import reached
from codegen.passes.naming import class_name, snake


def run(interface, sources):
    by_name = {schema.name: schema for schema in interface.schemas}
    reached_by = defaultdict(set)
    for operation in interface.operations:
        kinds = [each.type for each in operation.parameters] + [operation.answers]
        for name in reached(kinds, by_name):
            reached_by[name].add(operation.tag)
    tags = {operation.tag for operation in interface.operations}

    def module(schema):
        reaching = reached_by[schema.name]
        if len(reaching) == 1:
            return snake(class_name(next(iter(reaching))))
        starts = [tag for tag in tags if schema.name.startswith(class_name(tag))]
        return snake(class_name(max(starts, key=len))) if starts else "common"

    schemas = [replace(schema, module=module(schema)) for schema in interface.schemas]
    # A file must not hide the documented module of a class that lives elsewhere.
    files = {schema.module for schema in schemas}
    schemas = [replace(each, module=each.path) if each.path in files else each for each in schemas]
    return replace(interface, schemas=tuple(schemas))
