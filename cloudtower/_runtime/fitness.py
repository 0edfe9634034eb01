"""Which member of a union a JSON value fits best."""

from cloudtower._runtime.text import TEXT

_TEXTS = (TEXT, str)


def of(kind, value):
    """How well a JSON value fits a type: what is greater fits better, 0 not at all."""
    if kind.parts:
        if kind.value is not None:
            return _of_map(kind.value, value)
        return max(of(each, value) for each in kind.parts)
    if kind.item is not None:
        if not isinstance(value, list):
            return (0,)
        fits = [of(kind.item, each) for each in value if each is not None]
        return (1,) + min(fits or [(3,)])
    if kind.is_scalar:
        return (_of_scalar(kind, value),)
    if kind.is_enum:
        return (4 if value in kind.target.allowable_values else int(isinstance(value, _TEXTS)),)
    return _of_object(kind.target.__schema__, value)


def _of_scalar(kind, value):
    if kind.name == "object":
        return 1
    if kind.accepts is None:  # a moment, a file
        is_text = isinstance(value, _TEXTS)
        fits = is_text and (kind.name == "file" or hasattr(kind.decode(value), "isoformat"))
        return 2 if fits else 0
    if isinstance(value, bool) and kind.plain is not bool or not isinstance(value, kind.accepts):
        return 0
    return 2 if kind.plain is float and not isinstance(value, float) else 3


def _of_map(kind, value):
    if not isinstance(value, dict):
        return (0,)
    fits = all(of(kind, each)[0] for each in value.values() if each is not None)
    return (3,) if fits else (1,)


def _of_object(schema, value):
    """Of a model: the fewest faults, then the fewest unknown names, then the most known ones."""
    if not isinstance(value, dict):
        return (0,)
    given = [each for each in schema.fields if each.json in value]
    faults = sum(each.required and each.json not in value for each in schema.fields)
    faults += sum(_contradicts(each, value[each.json]) for each in given)
    unknown = len(value) - len(given) if schema.rest is None else 0
    fits = not faults and (given or not unknown)
    return 4 if fits else 2, -faults, -unknown, len(given)


def _contradicts(field, value):
    """Whether a value cannot be that of a field."""
    if value is None:
        return False
    allowed = field.limits.get("enum")
    if allowed is not None and not isinstance(value, list) and value not in allowed:
        return True
    return of(field.type, value)[0] == 0
