"""Gives the function of an operation its name, docstring and signature."""

from cloudtower._runtime import docstring, signature


def function(target, operation, with_http_info):
    """Describe the function of an operation, or its `_with_http_info` twin."""
    owner = operation.owner
    name = operation.name + ("_with_http_info" if with_http_info else "")
    target.__name__ = name
    target.__module__ = owner.__module__
    target.__qualname__ = "%s.%s" % (owner.__name__, name)
    target.__doc__ = docstring.of_operation(operation, with_http_info)
    made = signature.of_operation(operation, with_http_info)
    if made is not None:
        target.__signature__ = made
