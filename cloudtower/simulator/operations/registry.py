"""Which function carries out which operation, and what refines the generic ones."""

from collections import namedtuple

from cloudtower.simulator.schema import gone, operations

#: path -> function(call) that carries the operation out and returns its response
HANDLERS = {}
#: path -> functions(step) that make a generic operation behave as the real one
REFINED = {}
#: name of a GraphQL mutation -> Mutation
MUTATIONS = {}

#: `function`: function(call, record) that begins it and returns its task; `kind`: of the record
#: that `where` names; `missing`: the code where it names none, or None where there is no `where`,
#: since it makes one: `record` is None then; `path`: of the operation whose action allows it;
#: `types`: the input types of its other arguments.
Mutation = namedtuple("Mutation", "function kind missing path types")


def handles(*paths):
    """Register a function(call) that carries out the operations of these paths.

    It returns what is sent as JSON.
    """

    def register(function):
        for path in filter(_is_there, paths):
            HANDLERS[path] = function
        return function

    return register


def mutates(name, kind, missing, path, **types):
    """Register a function(call, record) that carries out a GraphQL mutation; see Mutation.

    What the arguments hold is in `call.body`, checked; {} for one that is not given.
    """

    def register(function):
        if _is_there(path):
            MUTATIONS[name] = Mutation(function, kind, missing, path, types)
        return function

    return register


def refines(*paths):
    """Register a function(step) that is asked before a step of these operations is done."""

    def register(function):
        for path in filter(_is_there, paths):
            REFINED.setdefault(path, []).append(function)
        return function

    return register


def _is_there(path):
    """Whether the interface has an operation at a path; if not, it is noted as gone."""
    if path in operations.by_path():
        return True
    gone.note(path)
    return False
