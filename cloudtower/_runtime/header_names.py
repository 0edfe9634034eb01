"""Headers found by their names, whose case means nothing."""

#: What the server calls a request in its logs.
REQUEST_ID = "x-tower-request-id"


def find(headers, name, default=None):
    """The value of a header, or the default.

    Parameters:
        headers: mapping, or None.
        name: in lower case, str.
    """
    for each in headers or ():
        if each.lower() == name:
            return headers[each]
    return default


def without(headers, name):
    """The headers but for one, a dict. Parameters: as for `find`."""
    return dict((each, headers[each]) for each in headers if each.lower() != name)
