"""Turns a record into the JSON object that the interface describes.

A renderer is compiled once a class. References such as NestedVm are rendered
from the record they point at, as it is now; nothing is copied.
"""

from functools import lru_cache

from cloudtower._runtime import datatypes
from cloudtower.simulator.schema import models
from cloudtower.simulator.schema.relations import related_kind

#: (class, field) -> the kind that has one record for the whole tower; what is null there shows
#: what this record has: a cluster without a rule of its own follows that of the tower.
_INHERITED = {("ClusterSettings", "vm_recycle_bin"): "GlobalSettings"}


class Renderer(object):
    """Renders the records of one world."""

    def __init__(self, world):
        self._world = world
        self._renderer = lru_cache(maxsize=None)(self._compile)

    def render(self, record, class_name=None):
        """A record as a dict with alphabetical keys; the class is by default that of its kind."""
        return self._renderer(class_name or record.kind.name)(record)

    def view(self, record, class_name):
        """What a class that is no kind shows of a record, completed with empty values."""
        shown = {}
        for field in models.fields_of(class_name):
            held, kind = record.get(field.json), field.type.leaf
            if field.json in record.kind.relations and kind.is_model:
                related = self._world.many(record, field.json) if field.type.item else []
                held = [self.view(other, kind.name) for other in related] or None
            shown[field.json] = held
        return models.complete(shown, datatypes.parse(class_name))

    def _compile(self, class_name):
        """The function that renders the records of a class."""
        names, relations, absent = [], [], []
        for field in models.fields_of(class_name):
            names.append(field.json)
            if not field.required and not field.nullable:
                absent.append(field.json)
            if related_kind(field.type):
                target = field.type.leaf.name
                relations.append((field.json, target, field.type.item is not None))
        inherited = [
            (name, kind)
            for (own, name), kind in _INHERITED.items()
            if own == class_name and name in names
        ]
        records, renderer, world = self._world.records, self._renderer, self._world

        def render(record):
            shown = {name: record.get(name) for name in names}
            for name, target, many in relations:
                held = shown[name]
                if held and many:
                    nested = renderer(target)
                    shown[name] = [nested(records[record_id]) for record_id in held]
                elif held:
                    shown[name] = renderer(target)(records[held])
                elif many:
                    shown[name] = []
            for name, kind in inherited:
                if shown[name] is None:
                    common = world.first(kind)
                    shown[name] = common[name] if common is not None else None
            for name in absent:  # what cannot be null is left out
                if shown[name] is None:
                    del shown[name]
            return shown

        return render
