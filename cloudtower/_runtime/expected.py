"""Which object a constructor wants, said where it is given another one.

What looks like the object is accepted, mocks included: a client has `call_api`, a
configuration has `host`. So is a bare `object()` for a client: scripts and tests pass it
where nothing is going to be called, and nobody does so by mistake.
"""

from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiArgumentError

_EXAMPLE = 'Configuration(host="https://tower.example.com/v2/api")'


def client(given, by):
    """Refuse what is not an ApiClient nor looks like one.

    Parameters:
        given: the argument.
        by: name of the class or function that wants a client, str.

    Raises ApiArgumentError, an ApiTypeError.
    """
    if type(given) is object or (not isinstance(given, type) and hasattr(given, "call_api")):
        return
    if _is_configuration(given):
        hint = "pass ApiClient(configuration)"
    elif hasattr(given, "api_client") and not isinstance(given, type):
        hint = "pass its api_client"
    elif isinstance(given, type) and hasattr(given, "call_api"):
        hint = "pass an instance: ApiClient(%s)" % _EXAMPLE
    else:
        hint = "pass ApiClient(%s)" % _EXAMPLE
    raise ApiArgumentError("%s needs an ApiClient, not %s; %s" % (by, kind(given), hint))


def configuration(given, by):
    """Likewise for a Configuration."""
    if _is_configuration(given):
        return
    is_client = hasattr(given, "call_api") and not isinstance(given, type)
    hint = "pass its configuration" if is_client else "pass " + _EXAMPLE
    raise ApiArgumentError("%s needs a Configuration, not %s; %s" % (by, kind(given), hint))


def configurations(client):
    """The configurations of a client, or of what looks like one: a list, of one for each node."""
    found = getattr(client, "configurations", None)  # of a mock: anything
    return found if isinstance(found, list) else [getattr(client, "configuration", None)]


def transport(given, by):
    """Likewise for a transport, where one is given."""
    if given is None or (callable(getattr(given, "send", None)) and not isinstance(given, type)):
        return
    raise ApiArgumentError(
        "%s needs a transport with a method send(request), not %s" % (by, kind(given))
    )


def address(given, name):
    """Likewise for an address, of which `name` is the setting."""
    if isinstance(given, (str, TEXT)):
        return
    raise ApiArgumentError(
        "%s needs an address such as 'https://tower.example.com/v2/api', not %s"
        % (name, kind(given))
    )


def secrets(given, name):
    """Likewise for the dict `api_key` or `api_key_prefix`, of which `name` is the setting."""
    if not given or hasattr(given, "get"):
        return
    raise ApiArgumentError(
        '%s needs a dict such as {"Authorization": ...}, not %s' % (name, kind(given))
    )


def headers(given, name):
    """Likewise for a dict of headers, of which `name` is the keyword."""
    if not hasattr(given, "items"):
        raise ApiArgumentError("%s needs a dict of headers, not %s" % (name, kind(given)))


def _is_configuration(given):
    return not isinstance(given, type) and hasattr(given, "host")


def kind(given):
    """What an argument is, without its value, which may be a secret."""
    if given is None:
        return "None"
    if isinstance(given, type):
        return "the class %s" % given.__name__
    name = type(given).__name__
    return "%s %s" % ("an" if name[0] in "aeiouAEIOU" else "a", name)
