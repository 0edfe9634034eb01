"""Names of settings that are mistyped, such as `configuration.readonly = True`."""

from cloudtower._runtime.text import nearest
from cloudtower.exceptions import ApiAttributeError, UnknownFieldWarning

_NEAR = 0.8  # of 1; scripts may set attributes of their own, such as `region`

#: Whoever sets one of these relies on it: under another name, nothing would be stopped.
_SAFETY = ("field_validation", "max_matches", "read_only", "strict_models")
#: Keywords of releases up to 2.20; scripts that still give them keep working.
_REMOVED = frozenset(
    ["server_index", "server_variables", "server_operation_index", "server_operation_variables"]
)


def check(configuration, name, settings):
    """Report an attribute that is about to be set and is not a setting, if one is likely meant.

    Parameters:
        configuration: a Configuration.
        name: of the attribute, str.
        settings: names of all settings, iterable.

    Raises ApiAttributeError where it is like a setting that stops calls, unless
    `strict_models` is False. Otherwise it is an UnknownFieldWarning.
    """
    like = nearest(name, settings, _NEAR)
    if like is None:
        return
    text = "Configuration has no setting %r; did you mean %r?" % (name, like)
    if like in _SAFETY and configuration.strict_models:
        raise ApiAttributeError(text)
    import warnings

    warnings.warn(text + " It has no effect.", UnknownFieldWarning, stacklevel=3)


def check_keywords(given, settings):
    """Look at further keywords of the constructor.

    Parameters:
        given: {name: value}.
        settings: names of all settings, iterable.

    Raises TypeError for those that no release knew. The others are ignored with a
    DeprecationWarning.
    """
    for name in sorted(set(given) - _REMOVED):
        raise TypeError(
            "__init__() got an unexpected keyword argument %r%s" % (name, _hint(name, settings))
        )
    import warnings

    warnings.warn(
        "Configuration ignores %s: the interface has one server" % ", ".join(sorted(given)),
        DeprecationWarning,
        stacklevel=3,
    )


def _hint(name, settings):
    like = nearest(name, settings, _NEAR)
    if like is None:
        return ""
    text = "; set it afterwards: configuration.%s = ..." if like == name else "; did you mean %r?"
    return text % like
