"""Gives what the runtime makes from tables its docstrings, which are made when they are read."""

from cloudtower._runtime import signature
from cloudtower._runtime.docstring import Docstring


def function(target, operation, owner, with_http_info):
    """Give a function of an operation its name, docstring and signature."""
    name = operation.name + ("_with_http_info" if with_http_info else "")
    target.__name__ = name
    target.__module__ = owner.__module__
    target.__qualname__ = "%s.%s" % (owner.__name__, name)
    short = "%s\n\n    %s %s.\n    " % (operation.doc, operation.method, operation.path)
    target.__doc__ = Docstring(short, lambda: _page().operation(operation, with_http_info))
    made = signature.of_operation(operation, with_http_info)
    if made is not None:
        target.__signature__ = made


def _page():
    from cloudtower._runtime import page  # only readers of docstrings need it

    return page


def api(cls):
    """The docstring of an `*Api` class: its operations."""
    return _page().api(cls)


def model(cls):
    """The docstring of a model: its fields, and what is known of them."""
    return _page().model(cls)


def attribute(each, model_name):
    """The docstring of a model's attribute, given by its Field."""
    return Docstring(each.type.name, lambda: _page().attribute(each, model_name))
