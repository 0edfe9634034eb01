"""Refuses a document whose names cannot be told apart, or cannot be names, in Python."""

import keyword

import cloudtower
from cloudtower._runtime import datatypes
from cloudtower._runtime.model import Model
from codegen.node import DocumentError

#: Attributes that models have only once they are built.
_BUILT = ("openapi_types", "attribute_map", "allowable_values", "local_vars_configuration")
#: Stems of files that a resource cannot have: the reference's own page, devices of Windows.
_NO_FILES = {"index", "con", "prn", "aux", "nul"}.union(
    "%s%d" % (device, number) for device in ("com", "lpt") for number in range(1, 10)
)
_LONGEST = 100  # characters of such a stem


def run(interface, sources):
    public = dict.fromkeys(list(cloudtower._CORE) + list(cloudtower._MODULES), "the package")
    _check_schemas(interface.schemas, public)
    _check_operations(interface.operations, public)
    return interface


def _check_schemas(schemas, public):
    """`public`: names that others have, which gets those of the classes."""
    modules = {}
    for schema in schemas:
        place = schema.place
        _check(schema.name, place, public, "the class")
        if schema.path in modules:
            message = "the class %s would be in the module %s, as the class of %s is"
            raise DocumentError(place, message % (schema.name, schema.path, modules[schema.path]))
        modules[schema.path] = place
        if schema.values is not None and datatypes.parse(schema.name).selects:
            raise DocumentError(place, "is an enumeration, but its name is that of a filter")
        names = {}
        for each in schema.fields:
            where = each.place
            if hasattr(Model, each.name) or each.name in _BUILT:
                raise DocumentError(where, "%r is a name of every model" % each.name)
            _check(each.name, where, names, "the property", is_attribute=True)
        names = {}
        for name, value in schema.constants:
            if hasattr(Model, name):
                raise DocumentError(place, "%r is a name of every model" % name)
            where = "%s/enum/%d" % (place, schema.values.index(value))
            _check(name, where, names, "the value %r: the constant" % value, is_attribute=True)


def _check_operations(operations, public):
    classes, modules, methods = {}, {}, {}
    for each in operations:
        place = "%s/tags" % each.place
        if each.api not in classes:
            _check(each.api, place, public, "the class")
            stem = each.module[: -len("_api")]
            if keyword.iskeyword(stem):
                raise DocumentError(place, "the tag %r is a keyword of Python" % each.tag)
            if stem in _NO_FILES or len(stem) > _LONGEST:
                message = "the tag %s would be no name of a file, or that of another page"
                raise DocumentError(place, message % _shortened(each.tag))
            if each.module in modules:
                message = "the tag %r would be in the module %s, as the tag at %s is"
                raise DocumentError(place, message % (each.tag, each.module, modules[each.module]))
            classes[each.api] = modules[each.module] = place
        known = methods.setdefault(each.api, {})
        for name in (each.name,) + each.aliases:
            if name in ("api_client", "mro"):
                raise DocumentError(each.place, "%r is a name of every *Api class" % name)
            for method in (name, name + "_with_http_info"):
                _check(method, "%s (%s)" % (each.place, each.id), known, "the method")
        names = {}
        for parameter in each.parameters:
            _check(parameter.name, parameter.where, names, "the parameter")


def _check(name, place, known, what, is_attribute=False):
    """Raise DocumentError for a name that is invalid or taken; else note it.

    Any text can be an attribute on Python 2.7, which has ASCII names only.
    """
    is_name = name.isidentifier() and not keyword.iskeyword(name)
    if not is_name or not (is_attribute or name.isascii() and name not in ("print", "exec")):
        raise DocumentError(place, "%s %r would be no name in Python" % (what, name))
    if name in known:
        raise DocumentError(place, "%s %r is also that of %s" % (what, name, known[name]))
    known[name] = place


def _shortened(text):
    return repr(text if len(text) <= 50 else text[:50] + "...")
