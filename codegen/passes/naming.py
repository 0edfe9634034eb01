"""Names in Python, by the rules that the published SDK's names follow.

They hold for every class, module, property, method and constant of it; the
one exception is an overlay.
"""

import keyword
import os
import re
from dataclasses import replace

from cloudtower._runtime import datatypes
from codegen.ir import Reference


def snake(name):
    """`GetTopNVmVolumeMetrics` -> `get_top_nvm_volume_metrics`."""
    # A word begins at a capital with two small letters behind it, no fewer.
    name = re.sub(r"([A-Z]+)([A-Z][a-z][a-z]+)", r"\1_\2", name)
    name = re.sub(r"([a-z\d])([A-Z])", r"\1_\2", name)
    return name.replace("-", "_").lower()


def class_name(key):
    """`WithTask_Vm_` -> `WithTaskVm`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", key))


def property_name(name):
    """`entityAsyncStatus` -> `entity_async_status`, `AND` -> `_and`."""
    name = name.replace("-", "_")
    name = name.lower() if re.fullmatch(r"[A-Z_]+", name) else snake(name)
    name = name.lstrip("_")
    return "_" + name if keyword.iskeyword(name) else name


def constants(values):
    """(constant, value) of each value of an enumeration.

    What all values begin with is left out, up to its last character that is
    no letter or digit: `LEVEL_1_LOW`, `LEVEL_2_HIGH` -> `_1_LOW`, `_2_HIGH`.
    """
    prefix = ""
    if len(values) > 1:
        prefix = re.sub(r"[A-Za-z0-9]*$", "", os.path.commonprefix(list(values)))
    pairs = []
    for value in values:
        name = re.sub(r"\W", "_", value[len(prefix) :]).upper()
        pairs.append(("_" + name if name[:1].isdigit() else name, value))
    return tuple(pairs)


def kind_of(schema):
    """What a schema is; filters and orders are known by their names alone."""
    name = class_name(schema.key)
    if schema.values is not None:
        return "order_by" if name.endswith("OrderByInput") else "enum"
    return "where" if datatypes.parse(name).is_filter else "model"


def run(interface, sources):
    classes = {schema.key: class_name(schema.key) for schema in interface.schemas}
    kinds = {schema.key: kind_of(schema) for schema in interface.schemas}

    def named(reference):
        return Reference(classes[reference.name], kinds[reference.name])

    def typed(kind):
        return kind and kind.mapped(named)

    def named_field(each):
        return replace(each, name=property_name(each.json), type=typed(each.type))

    def named_schema(schema):
        pairs = constants(schema.values) if schema.values is not None else ()
        return replace(
            schema,
            name=classes[schema.key],
            path=snake(classes[schema.key]),
            fields=tuple(named_field(each) for each in schema.fields),
            kind=kinds[schema.key],
            form="model" if schema.values is None else "enum",
            constants=pairs,
        )

    def named_parameter(each):
        kind = typed(each.type)
        name = each.name or property_name(each.json)
        if each.place == "body" and not each.name:
            name = snake(kind.leaf.name) if isinstance(kind.leaf, Reference) else "body"
        return replace(each, name=name, type=kind)

    def named_operation(operation):
        suffix = "_%d" % (operation.repeat - 1) if operation.repeat else ""
        return replace(
            operation,
            name=snake(operation.id) + suffix,
            api=class_name(operation.tag) + "Api",
            module=snake(class_name(operation.tag)) + "_api",
            parameters=tuple(named_parameter(each) for each in operation.parameters),
            returns=typed(operation.returns),
        )

    return replace(
        interface,
        schemas=tuple(named_schema(each) for each in interface.schemas),
        operations=tuple(named_operation(each) for each in interface.operations),
    )
