"""What either SDK returns or raises, as JSON; and models made of JSON."""

import datetime

import cloudtower

_SECOND = datetime.datetime(2024, 5, 6, 7, 8, 9)


def plain(value):
    """A value as JSON; a model says its class."""
    if hasattr(value, "openapi_types"):
        return {"model": type(value).__name__, "values": plain(brief(value.to_dict()))}
    if isinstance(value, dict):
        return dict((str(key), plain(inner)) for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    if isinstance(value, (datetime.datetime, datetime.date)):
        return {"moment": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return {"other": type(value).__name__}


def brief(value):
    """A structure without the Nones in its dicts, of which there are too many to compare."""
    if isinstance(value, dict):
        return dict((key, brief(inner)) for key, inner in value.items() if inner is not None)
    if isinstance(value, list):
        return [brief(element) for element in value]
    return value


def outcome(call, *args, **kwargs):
    """{"value": what a call returns} or {"raised": what it raises}."""
    try:
        value = call(*args, **kwargs)
    except Exception as error:
        return {"raised": raised(error)}
    return {"value": plain(value)}


def raised(error):
    """What a script can see of an exception."""
    classes = [
        each.__name__
        for each in type(error).__mro__
        if each.__module__ == "cloudtower.exceptions" and each.__name__[0] != "_"
    ]
    if not isinstance(error, cloudtower.ApiException):
        return {"class": type(error).__name__, "classes": classes, "text": str(error)}
    headers = None if error.headers is None else dict(error.headers.items())
    date = (headers or {}).pop("Date", None)
    text = str(error)
    return {
        "class": type(error).__name__,
        "classes": classes,
        "status": error.status,
        "reason": error.reason,
        "body": error.body,
        "headers": headers,
        "text": text.replace(date, "(date)") if date else text,
    }


def build(type_name, value):
    """Models in the place of JSON objects, as a script writes them."""
    if value is None:
        return None
    if type_name.startswith("list["):
        return [build(type_name[5:-1], element) for element in value]
    if type_name == "datetime":
        return _SECOND
    target = getattr(cloudtower.models, type_name, None)
    if target is None or not target.openapi_types:
        return value
    return target(**keywords(target, value))


def keywords(target, value):
    """The keywords of a model for a JSON object."""
    names = dict((json, name) for name, json in target.attribute_map.items())
    return dict(
        (names[key], build(target.openapi_types[names[key]], inner))
        for key, inner in value.items()
        if key in names
    )
