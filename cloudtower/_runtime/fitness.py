"""Which member of a union a JSON value fits best."""

from cloudtower._runtime.text import TEXT

_TEXTS = (TEXT, str)
_LENGTH_OF_DAY = len("2026-01-31")
_DOUBTFUL = 2  # of an object with faults, or with none of the names


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
    if hasattr(type(value), "isoformat"):  # as a script gives it
        value = value.isoformat()
    if kind.accepts is None:  # a moment, a day, a file
        if not isinstance(value, _TEXTS):
            return 0
        made = value if kind.name == "file" else kind.decode(value)
        if kind.name != "file" and not hasattr(made, "isoformat"):
            return 0
        # A day alone is a moment as well, but is written with its time then.
        is_day = len(value) == _LENGTH_OF_DAY
        return 1 if kind.name == ("datetime" if is_day else "date") else 2
    if isinstance(value, bool) and kind.plain is not bool or not isinstance(value, kind.accepts):
        return 0
    return 2 if kind.plain is float and not isinstance(value, float) else 3


def _of_map(kind, value):
    if not isinstance(value, dict):
        return (0,)
    fits = all(of(kind, each)[0] for each in value.values() if each is not None)
    return (3,) if fits else (1,)


def _of_object(schema, value):
    """Of a model: the fewest faults and unknown names, then the most known ones.

    Names count as much as values: those of a newer server contradict what a class says.
    """
    if not isinstance(value, dict):
        return (0,)
    given = [each for each in schema.fields if each.json in value]
    faults = sum(each.required and each.json not in value for each in schema.fields)
    doubts = 0  # objects that are none of their type
    for each in given:
        inner = value[each.json]
        fit = 1 if inner is None else _of_field(each, inner)
        faults += not fit
        doubts += fit == _DOUBTFUL and isinstance(inner, dict)
    unknown = len(value) - len(given) if schema.rest is None else 0
    fits = not faults and (given or not unknown)
    return 4 if fits else _DOUBTFUL, -faults - unknown, -unknown, -doubts, len(given)


def _of_field(field, value):
    """How well a value fits a field: 0 where it contradicts it."""
    allowed = field.limits.get("enum")
    if allowed is not None and not isinstance(value, list) and value not in allowed:
        return 0
    return of(field.type, value)[0]
