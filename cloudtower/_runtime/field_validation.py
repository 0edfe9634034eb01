"""What becomes of names in a body that the interface does not know."""

from cloudtower._runtime import caller, late
from cloudtower._runtime.fault import dotted
from cloudtower.exceptions import ApiValueError, UnknownFieldWarning

WARN = "warn"
STRICT = "strict"
IGNORE = "ignore"
_MODES = (WARN, STRICT, IGNORE)

_MOST = 10  # warnings that one call gives
_MOST_TEXTS = 500
_texts = {}  # (label of an operation, path) -> text: what is meant is looked for only once


def mode_of(client):
    """The `field_validation` of a client's configuration, str.

    A client that only looks like one, such as a mock, warns.
    Raises ApiValueError where the setting is none of the three.
    """
    configuration = getattr(client, "configuration", None)
    mode = getattr(configuration, "field_validation", WARN)
    if mode in _MODES:
        return mode
    if isinstance(configuration, late.module("configuration").Configuration):
        raise ApiValueError(
            'Configuration.field_validation is "warn", "strict" or "ignore", not %r' % (mode,)
        )
    return WARN


def report(operation, faults, mode):
    """Refuse a body with unknown names, or warn of them.

    Parameters:
        operation: the Operation whose body it is.
        faults: list of Unknown.
        mode: WARN or STRICT.

    Raises ApiValueError as STRICT, UnknownFieldWarning where the filters of `warnings`
    make errors of warnings.
    """
    if mode == STRICT:
        raise ApiValueError(
            '%s was not sent: `%s` %s (a newer CloudTower may know it; '
            'Configuration.field_validation = "ignore" sends it)'
            % (operation.label, dotted(faults[0].path), faults[0].message)
        )
    caller.warn([_text(operation, each) for each in _different(faults)], UnknownFieldWarning)


def _different(faults):
    """The first fault of each path, in which indexes do not count; not too many of them."""
    found = []
    seen = set()
    for fault in faults:
        steps = tuple(step for step in fault.path if not isinstance(step, int))
        if steps not in seen:
            seen.add(steps)
            found.append(fault)
            if len(found) == _MOST:
                break
    return found


def _text(operation, fault):
    key = operation.label, fault.path
    text = _texts.get(key)
    if text is None:
        if len(_texts) >= _MOST_TEXTS:
            _texts.clear()
        text = _texts[key] = (
            "%s: `%s` %s A newer CloudTower may know it. To silence this: "
            'Configuration.field_validation = "ignore", or '
            'warnings.simplefilter("ignore", cloudtower.UnknownFieldWarning)'
            % (operation.label, dotted(fault.path), _sentence(fault.message))
        )
    return text


def _sentence(text):
    return text if text[-1] in "?." else text + "."
