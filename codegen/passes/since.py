"""The first CloudTower version of each operation, schema and property."""

from dataclasses import replace


def run(interface, sources):
    table = sources.since
    oldest = table["oldest"]

    def dated(schema):
        first = table["schemas"].get(schema.key, oldest)
        fields = tuple(
            replace(each, since=table["properties"].get("%s.%s" % (schema.key, each.json)))
            for each in schema.fields
        )
        return replace(schema, since=first, fields=fields)

    return replace(
        interface,
        schemas=tuple(map(dated, interface.schemas)),
        operations=tuple(
            replace(each, since=table["operations"].get(each.path, oldest))
            for each in interface.operations
        ),
    )
