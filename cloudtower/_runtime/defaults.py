"""The settings of models that are not given a Configuration.

`cloudtower.configuration` puts its class here when it is loaded. Before that nobody can
have changed a setting, and those of `Plain` hold.
"""


class Plain(object):
    """What a model reads of a Configuration, as a new one has it."""

    strict_models = True
    client_side_validation = True
    _disabled_client_side_validations = frozenset()
    _default = None  # as `Configuration.set_default` sets it


_owner = Plain
_plain = Plain()


def current():
    """The Configuration set with `set_default`, or one with the defaults of its class."""
    default = _owner._default
    return _plain if default is None else default


def use(owner):
    """Take the settings from a class from now on.

    Parameters:
        owner: Configuration.
    """
    global _owner, _plain
    _plain = owner()  # made once, not per model
    _owner = owner
