"""Late binding: what code names that stands on a floor above its own.

A model's table names other models, an error shows the server's `ErrorBody`, an API
without a client makes one. None of these is imported, which would be a circle: they
are asked for by name, as a script asks, when a call needs them.
"""

from importlib import import_module


def module(name):
    """A module of this package, loaded when it is first read.

    Parameters:
        name: such as "models" or "utils.matches", str.
    """
    return import_module("cloudtower." + name)
