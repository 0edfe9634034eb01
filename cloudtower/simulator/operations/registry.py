"""Which function carries out which operation, and what refines the generic ones."""

from cloudtower.simulator.schema import operations

#: path -> function(call) that carries the operation out and returns its response
HANDLERS = {}
#: path -> functions(step) that make a generic operation behave as the real one
REFINED = {}
#: paths of generic operations that behave as the real ones without that
CONFIRMED = set()


def handles(*paths):
    """Register a function(call) that carries out the operations of these paths.

    It returns what is sent as JSON.
    """

    def register(function):
        for path in paths:
            _require_operation(path)
            HANDLERS[path] = function
        return function

    return register


def refines(*paths):
    """Register a function(step) that is asked before a step of these operations is done."""

    def register(function):
        for path in paths:
            _require_operation(path)
            REFINED.setdefault(path, []).append(function)
        return function

    return register


def confirm(*paths):
    """Note that for these operations what the interface suggests is what the real ones do."""
    for path in paths:
        _require_operation(path)
        CONFIRMED.add(path)


def _require_operation(path):
    """Raise KeyError for a path that the interface does not have."""
    if path not in operations.by_path():
        raise KeyError("the interface has no operation %s" % path)
