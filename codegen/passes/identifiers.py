"""Refuses a document whose names cannot be told apart, or cannot be names, in Python.

Where an overlay can mend that, the message has what to write into it.
"""

import keyword

import cloudtower
from cloudtower._runtime import datatypes
from cloudtower._runtime.model import Model
from codegen import advice as advices
from codegen.node import DocumentError, pointer
from codegen.passes.naming import KEYWORDS_OF_PYTHON_2

#: Attributes that models have only once they are built.
_BUILT = ("openapi_types", "attribute_map", "allowable_values", "local_vars_configuration")
#: Stems of files that a resource cannot have: the reference's own page, devices of Windows.
_NO_FILES = {"index", "con", "prn", "aux", "nul"}.union(
    "%s%d" % (device, number) for device in ("com", "lpt") for number in range(1, 10)
)
_LONGEST = 100  # characters of such a stem
#: What the generated packages have beside their classes and modules: a list of them.
_LIST = "catalog"


def run(interface, sources):
    public = dict.fromkeys(list(cloudtower._CORE) + list(cloudtower._MODULES), "the package")
    _check_schemas(interface.schemas, public)
    _check_operations(interface.operations, public)
    return interface


def _check_schemas(schemas, public):
    """`public`: names that others have, which gets those of the classes."""
    modules = {}
    for schema in schemas:
        place, advice = schema.place, advices.rename("schemas", schema.key)
        if place != pointer(("components", "schemas", schema.key)):
            advice = ""  # an inline object
        _check(schema.name, place, public, "the class", advice=advice)
        if schema.path in modules:
            message = "the class %s would be in the module %s, as the class of %s is"
            message %= schema.name, schema.path, modules[schema.path]
            raise DocumentError(place, message + advice)
        if schema.path == _LIST:
            message = "the module %r of the class would hide the list of classes"
            raise DocumentError(place, message % _LIST + advice)
        modules[schema.path] = place
        if schema.values is not None and datatypes.parse(schema.name).selects:
            raise DocumentError(place, "is an enumeration with the name of a filter" + advice)
        names = {}
        for each in schema.fields:
            advice = advices.other_name({"schemas": {schema.name: {"fields": {each.json: "..."}}}})
            where = each.place
            if hasattr(Model, each.name) or each.name in _BUILT:
                raise DocumentError(where, "%r is a name of every model%s" % (each.name, advice))
            _check(each.name, where, names, "the property", is_attribute=True, advice=advice)
        names = {}
        for name, value in schema.constants:
            advice = advices.other_name({"schemas": {schema.name: {"constants": {"...": value}}}})
            if hasattr(Model, name):
                raise DocumentError(place, "%r is a name of every model%s" % (name, advice))
            where, what = "%s/enum/%d" % (place, schema.values.index(value)), "the value %r"
            what = what % value + ": the constant"
            _check(name, where, names, what, is_attribute=True, advice=advice)


def _check_operations(operations, public):
    classes, modules, methods = {}, {}, {}
    for each in operations:
        place = "%s/tags" % each.place
        if each.api not in classes:
            advice = advices.rename("tags", each.tag)
            _check(each.api, place, public, "the class", advice=advice)
            stem, message = each.module[: -len("_api")], ""
            if keyword.iskeyword(stem):
                message = "the tag %r is a keyword of Python" % each.tag
            elif stem in _NO_FILES or len(stem) > _LONGEST:
                message = "the tag %s would be no name of a file, or that of another page"
                message %= _shortened(each.tag)
            elif stem == _LIST:
                message = "the module %r of the tag's classes would hide the list of classes" % stem
            elif each.module in modules:
                message = "the tag %r would be in the module %s, as the tag at %s is"
                message %= each.tag, each.module, modules[each.module]
            if message:
                raise DocumentError(place, message + advice)
            classes[each.api] = modules[each.module] = place
        known = methods.setdefault(each.api, {})
        place, advice = "%s (%s)" % (each.place, each.id), advices.other_id(each)
        if pointer(("paths", each.path, each.method.lower())) != each.place:  # by a reference
            place, advice = "%s (%s of %s)" % (each.place, each.id, each.path), ""
        for name in (each.name,) + each.aliases:
            if name in ("api_client", "mro") or name.startswith("__"):
                message = "%r is a name of every *Api class" % name
                raise DocumentError(each.place, message + advice)
            for method in (name, name + "_with_http_info"):
                _check(method, place, known, "the method", advice=advice)
        names = {}
        for parameter in each.parameters:
            key = "%s %s" % (parameter.place, parameter.json)
            name = "%s.%s" % (each.api, each.name)
            advice = advices.other_name({"operations": {name: {"parameters": {key: "..."}}}})
            _check(parameter.name, parameter.where, names, "the parameter", advice=advice)


def _check(name, place, known, what, is_attribute=False, advice=""):
    """Raise DocumentError for a name that is invalid or taken; else note it.

    Any text can be an attribute on Python 2.7, which has ASCII names only.
    """
    is_name = name.isidentifier() and not keyword.iskeyword(name)
    if not is_name or not (is_attribute or name.isascii() and name not in KEYWORDS_OF_PYTHON_2):
        raise DocumentError(place, "%s %r would be no name in Python%s" % (what, name, advice))
    if name in known:
        message = "%s %r is also that of %s%s" % (what, name, known[name], advice)
        raise DocumentError(place, message)
    known[name] = place


def _shortened(text):
    return repr(text if len(text) <= 50 else text[:50] + "...")
