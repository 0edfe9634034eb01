"""Discriminators: of which of several classes an object is, by the value of one property.

The tables have no notation for them. What they say goes into the property itself, as the values
that it may have in each class: a union takes the class that contradicts a value least.
"""

from dataclasses import replace

from codegen.ir import TEXT, Reference
from codegen.node import steps


class Discriminators:
    """Collects them while a document is read.

    Parameters:
        components: {key: Node}, the schemas of the document.
        remark: callable(node, text) for what is odd.
    """

    def __init__(self, components, remark):
        self._components = components
        self._remark = remark
        self._values = {}  # (key of a schema, property) -> (place, its values as an ordered set)

    def heirs(self, key):
        """The keys of the schemas that have this one in their `allOf`, and of theirs, a list."""
        found = [key]
        for owner in found:  # which grows
            reference = "components", "schemas", owner
            for other, node in self._components.items():
                parts = node.elements("allOf") if isinstance(node.value, dict) else ()
                if other not in found and any(_leads_to(each) == reference for each in parts):
                    found.append(other)
        return found[1:]

    def add(self, node, kinds, base=None):
        """Note what the discriminator of a schema says of the classes that it tells apart.

        Parameters:
            node: the schema.
            kinds: their types; others than classes are odd.
            base: the key of the class that objects are of whose value says nothing else.

        Raises DocumentError where its mapping leads to something else.
        """
        place = node.at("discriminator")
        keys = []
        for kind in kinds:
            for each in kind.parts or (kind,):
                if isinstance(each, Reference) and each.kind == "model":
                    keys.append(each.name)
                else:
                    self._remark(place, "says nothing of the type %s" % each.notation)
        mapped = {}
        for value, target in (place.get("mapping") or {}).items():
            found = steps(target) if target.startswith("#") else ("components", "schemas", target)
            if found is None or found[:2] != ("components", "schemas") or found[2] not in keys:
                raise place.at("mapping", value).error("leads to none of %s" % ", ".join(keys))
            mapped.setdefault(found[2], []).append(value)
        for key in keys:
            if key == base and key not in mapped:
                continue
            entry = self._values.setdefault((key, place.get("propertyName")), (place, {}))
            entry[1].update(dict.fromkeys(mapped.get(key, [key])))

    def told(self, schema):
        """A schema with what is said of its property."""
        for (key, name), (place, values) in self._values.items():
            if key != schema.key:
                continue
            if all(each.json != name for each in schema.fields):
                self._remark(place, "names %r, which is not a property of %s" % (name, key))
            fields = tuple(
                _told(each, values) if each.json == name else each for each in schema.fields
            )
            schema = replace(schema, fields=fields)
        return schema


def _leads_to(node):
    """The keys that a reference has, a tuple; None for anything else."""
    is_reference = isinstance(node.value, dict) and "$ref" in node.value
    return node.target().place if is_reference else None


def _told(field, values):
    if field.type.bare != TEXT or "enum" in dict(field.limits):
        return field
    return replace(field, limits=(("enum", tuple(values)),) + field.limits)
