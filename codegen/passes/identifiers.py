"""Refuses a document whose names cannot be told apart, or cannot be names, in Python."""

import keyword

from cloudtower._runtime.model import Model
from codegen.load import DocumentError


def run(interface, sources):
    _check_schemas(interface.schemas)
    _check_operations(interface.operations)
    return interface


def _check_schemas(schemas):
    classes = {}
    for schema in schemas:
        place = "components/schemas/%s" % schema.key
        _check(schema.name, place, classes, "the class")
        names = {}
        for each in schema.fields:
            where = "%s/properties/%s" % (place, each.json)
            if hasattr(Model, each.name):
                raise DocumentError(where, "%r is a name of every model" % each.name)
            _check(each.name, where, names, "the property")
        names = {}
        for name, value in schema.constants:
            _check(name, "%s/enum/%s" % (place, value), names, "the constant")


def _check_operations(operations):
    methods = {}
    for each in operations:
        place = "paths/%s/%s" % (each.path, each.method.lower())
        known = methods.setdefault(each.api, {})
        for name in (each.name, each.name + "_with_http_info"):
            _check(name, "%s (%s)" % (place, each.id), known, "the method")
        names = {}
        for parameter in each.parameters:
            where = "%s/parameters/%s" % (place, parameter.json)
            _check(parameter.name, where, names, "the parameter")


def _check(name, place, known, what):
    """Raise DocumentError for a name that is invalid or taken; else note it."""
    if not name.isidentifier() or keyword.iskeyword(name):
        raise DocumentError(place, "%s %r would be no name in Python" % (what, name))
    if name in known:
        raise DocumentError(place, "%s %r is also that of %s" % (what, name, known[name]))
    known[name] = place
