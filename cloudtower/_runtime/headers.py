"""Headers of a request: layers laid over each other, and secrets put on top."""

from cloudtower._spec import HEADER_PARAMETERS
from cloudtower.exceptions import ApiValueError

# Keywords of operations, which scripts also write where a header's name belongs.
_HEADER_NAMES = dict((keyword, row[0]) for keyword, row in HEADER_PARAMETERS.items())


def merge(*layers):
    """One dict of headers: later layers over earlier ones, whatever the case of names."""
    merged = {}
    for layer in layers:
        for name, value in layer.items():
            if value is not None:
                name = _HEADER_NAMES.get(name, name)
                merged[name.lower()] = name, value
    return dict(merged.values())


def content_type(headers):
    """The Content-Type in a dict of headers, whatever the case of its name, or None."""
    for name in headers:
        if name.lower() == "content-type":
            return headers[name]
    return None


def is_json(media_type):
    """Whether a body of a Content-Type is sent as JSON; None stands for the default, which is."""
    return media_type is None or "json" in media_type.lower()


def authenticate(headers, queries, setting):
    """Put one secret where its setting says.

    Parameters:
        headers: dict, changed in place.
        queries: list of pairs, changed in place.
        setting: {in, key, value}; without a value nothing is done.

    Raises ApiValueError for a place other than header, query and cookie.
    """
    value = setting["value"]
    if value is None:
        return
    place = setting["in"]
    if place == "query":
        queries.append((setting["key"], value))
    elif place in ("header", "cookie"):
        key = setting["key"] if place == "header" else "Cookie"
        lowered = key.lower()
        for name in [name for name in headers if name.lower() == lowered]:
            del headers[name]
        headers[key] = value
    else:
        raise ApiValueError("Authentication token must be in `query` or `header`")
