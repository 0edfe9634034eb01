"""Parameters of a path, a query or a form as text, and the media types of a call."""

JSON = "application/json"
_JSON_PATCH = "application/json-patch+json"
_SEPARATORS = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}


def pairs(params, formats):
    """See `ApiClient.parameters_to_tuples`."""
    given = list(params.items() if isinstance(params, dict) else params)
    if not formats:
        return given
    formatted = []
    for name, value in given:
        form = formats.get(name)
        if form is None:
            formatted.append((name, value))
        elif form == "multi":
            formatted.extend((name, each) for each in value)
        else:
            separator = _SEPARATORS.get(form, ",")
            formatted.append((name, separator.join(str(each) for each in value)))
    return formatted


def filled(path, values, safe):
    """A path with its parameters in place of {name}.

    Parameters:
        path: str.
        values: list of (name, value).
        safe: characters that stay as they are, str.
    """
    from six.moves.urllib.parse import quote

    for name, value in values:
        path = path.replace("{%s}" % name, quote(str(value), safe=safe))
    return path


def accept(media_types):
    """See `ApiClient.select_header_accept`."""
    if not media_types:
        return None
    media_types = [each.lower() for each in media_types]
    return JSON if JSON in media_types else ", ".join(media_types)


def content_type(media_types, method, body):
    """See `ApiClient.select_header_content_type`."""
    if not media_types:
        return JSON
    media_types = [each.lower() for each in media_types]
    if method == "PATCH" and _JSON_PATCH in media_types and isinstance(body, list):
        return _JSON_PATCH
    if JSON in media_types or "*/*" in media_types:
        return JSON
    return media_types[0]
