"""The first CloudTower version of each operation, schema and property.

An operation is there by its path, such as "/vms"; one that came to a path that was there already
by its method too, such as "PUT /vms". `since.json` may have a schema under the name that an overlay
takes from it.
"""

from dataclasses import replace


def run(interface, sources):
    table = sources.since
    oldest = table["oldest"]
    former = dict(_renamed(sources.overlays))

    def dated(schema):
        key = schema.key if schema.key in table["schemas"] else former.get(schema.key, schema.key)
        first = table["schemas"].get(key, oldest)
        fields = tuple(
            replace(
                each,
                since=table["properties"].get("%s.%s" % (schema.key, each.json))
                or table["properties"].get("%s.%s" % (key, each.json)),
            )
            for each in schema.fields
        )
        return replace(schema, since=first, fields=fields)

    def first_of(operation):
        first = table["operations"].get("%s %s" % (operation.method, operation.path))
        return first or table["operations"].get(operation.path, oldest)

    return replace(
        interface,
        schemas=tuple(map(dated, interface.schemas)),
        operations=tuple(replace(each, since=first_of(each)) for each in interface.operations),
    )


def _renamed(overlays):
    """(name of a schema, the name that it has in the document) of those that overlays rename."""
    for _, overlay in overlays:
        for name, other in overlay.get("rename", {}).get("schemas", {}).items():
            yield other, name
