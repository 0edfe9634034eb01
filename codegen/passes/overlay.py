"""Corrections from `spec/overlay/`, by the names of the intermediate form.

    {"reason": "...",
     "operations": {"VmApi.migrate_vm": {"aliases": ["mig_rate_vm"]}},
     "schemas": {"VmStatus": {"constants": {"ON": "RUNNING"}},
                 "Vm": {"fields": {"vcpu": "cpus"}}}}

An overlay that addresses what the document does not have is not an error:
documents of older versions have less. It is listed as `unmatched`. The member
`document` and the member `rename`, which mend what was read, are in `codegen.mend`.
"""

from collections import Counter
from dataclasses import replace
from fnmatch import fnmatchcase

from cloudtower._runtime.model import Model

_MEMBERS = ("reason", "document", "rename", "operations", "schemas", "reads")


def run(interface, sources):
    operations = {_name(each): each for each in interface.operations}
    schemas = {each.name: each for each in interface.schemas}
    before = dict(schemas, **operations)
    unmatched = []
    for file_name, overlay in sources.overlays:
        for member in overlay:
            if member not in _MEMBERS:
                raise ValueError("%s: an overlay has no %r" % (file_name, member))
        missing = _without_target(overlay, operations, schemas)
        unmatched.extend("%s: %s" % (file_name, each) for each in missing)
        for table, changes, change in (
            (operations, overlay.get("operations", {}), _change_operation),
            (schemas, overlay.get("schemas", {}), _change_schema),
        ):
            for name, wanted in changes.items():
                if name in table:
                    table[name] = change(table[name], wanted, table)
    # Two of one name are both kept: `identifiers` refuses them.
    return replace(
        interface,
        operations=tuple(
            operations[name] if each is before[name] else each
            for name, each in ((_name(each), each) for each in interface.operations)
        ),
        schemas=tuple(
            schemas[each.name] if each is before[each.name] else each for each in interface.schemas
        ),
        unmatched=interface.unmatched + tuple(unmatched),
    )


def _name(operation):
    return "%s.%s" % (operation.api, operation.name)


def _without_target(overlay, operations, schemas):
    for name, wanted in overlay.get("operations", {}).items():
        if name not in operations:
            yield name
            continue
        known = ["%s %s" % (each.place, each.json) for each in operations[name].parameters]
        given = wanted.get("parameters", ())
        yield from ("%s.%s" % (name, each) for each in given if each not in known)
    for name, wanted in overlay.get("schemas", {}).items():
        if name not in schemas:
            yield name
            continue
        values = [value for _, value in schemas[name].constants]
        for constant, value in wanted.get("constants", {}).items():
            if value not in values:
                yield "%s.%s" % (name, constant)
        known = [each.json for each in schemas[name].fields]
        yield from (
            "%s.%s" % (name, each) for each in wanted.get("fields", ()) if each not in known
        )
    for pattern in overlay.get("reads", ()):
        if not any(fnmatchcase(each.path, pattern) for each in operations.values()):
            yield pattern


def _change_operation(operation, wanted, operations):
    for key, value in wanted.items():
        if key == "aliases":
            for alias in value:
                if "%s.%s" % (operation.api, alias) in operations:
                    raise ValueError("%s.%s is an operation itself" % (operation.api, alias))
            operation = replace(operation, aliases=operation.aliases + tuple(value))
        elif key == "allow_all":
            operation = replace(operation, allow_all=value)
        elif key == "body_parameter":
            parameters = tuple(
                replace(each, name=value) if each.place == "body" else each
                for each in operation.parameters
            )
            operation = replace(operation, parameters=parameters)
        elif key == "parameters":
            parameters = tuple(
                replace(each, name=value.get("%s %s" % (each.place, each.json), each.name))
                for each in operation.parameters
            )
            operation = replace(operation, parameters=parameters)
        else:
            raise ValueError("an overlay has no %r for operations" % key)
    return operation


def _change_schema(schema, wanted, schemas):
    for key, value in wanted.items():
        if key == "constants":
            schema = replace(schema, constants=tuple(_constants(schema, value)))
        elif key == "fields":
            fields = (replace(each, name=value.get(each.json, each.name)) for each in schema.fields)
            schema = replace(schema, fields=tuple(fields))
        else:
            raise ValueError("an overlay has no %r for schemas" % key)
    return schema


def _constants(schema, wanted):
    """(constant, value): a frozen name stands before the name that the rule gives.

    Where the rule's name cannot be used, because another value or every model has it, the frozen
    one takes its place.
    """
    frozen = {value: name for name, value in wanted.items()}
    count = Counter(name for name, _ in schema.constants)
    for name, value in schema.constants:
        if frozen.get(value, name) != name:  # where the rule still gives it, once
            yield frozen[value], value
            if count[name] > 1 or hasattr(Model, name):
                continue
        yield name, value
