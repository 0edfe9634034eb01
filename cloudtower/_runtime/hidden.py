"""Settings that nobody sees: in `vars`, `repr` and pickles.

An instance keeps such a value in its dictionary under the attribute's own
name, wrapped in `Hidden`; who reads the attribute gets the value itself.
"""

from cloudtower._runtime import mask


class Hidden(object):
    """A value whose text is `***`.

    Parameters:
        value: anything.
        shown: its text, str.
    """

    __slots__ = ("value", "_shown")

    def __init__(self, value, shown=mask.HIDDEN):
        self.value = value
        self._shown = shown

    def __repr__(self):
        return self._shown

    def __copy__(self):
        return Hidden(self.value, self._shown)

    def __deepcopy__(self, memo):
        if callable(self.value):
            return self  # it may hold what cannot be copied, such as a connection to a vault
        from copy import deepcopy

        return Hidden(deepcopy(self.value, memo), self._shown)

    def __reduce__(self):
        # For whoever pickles the dictionary itself.
        return Hidden, (None, self._shown)


class HiddenSetting(object):
    """An attribute whose value is hidden.

    Parameters:
        name: under which the instance's dictionary has it, str.
        pickled: callable(value) that returns what a pickle holds; by default nothing.
    """

    def __init__(self, name, pickled=lambda value: None):
        self.name = name
        self.pickled = pickled

    def __get__(self, instance, owner=None):
        value = None if instance is None else instance.__dict__.get(self.name)
        return value.value if value.__class__ is Hidden else value

    def __set__(self, instance, value):
        instance.__dict__[self.name] = value if value is None else Hidden(value)


class HiddenAddress(HiddenSetting):
    """An address, which is hidden only if it holds a user or a password."""

    def __init__(self, name):
        HiddenSetting.__init__(self, name, _bare)

    def __set__(self, instance, value):
        bare = _bare(value)
        hidden = value if bare == value else Hidden(value, repr(bare))
        instance.__dict__[self.name] = hidden


def _bare(value):
    """The address without user and password; anything but text is returned unchanged."""
    try:
        return mask.url(value)
    except TypeError:
        return value


def bare_headers(value):
    """Headers without the secret ones; None for anything but a mapping."""
    try:
        return dict((k, v) for k, v in value.items() if not mask.is_secret(k))
    except (AttributeError, TypeError):
        return None


def bare_addresses(value):
    """A dict of addresses without their users and passwords."""
    return dict((k, _bare(v)) for k, v in value.items()) if isinstance(value, dict) else None


class Holder(object):
    """Base of what has hidden settings: copies keep them, pickles only what they say.

    Attributes:
        _of_process: names of attributes that copies share and pickles lack, a frozenset.
    """

    _of_process = frozenset()

    def __copy__(self):
        copied = self.__class__.__new__(self.__class__)
        copied.__dict__.update(self.__dict__)
        return copied

    def __deepcopy__(self, memo):
        from copy import deepcopy

        copied = self.__class__.__new__(self.__class__)
        memo[id(self)] = copied
        for name, value in self.__dict__.items():
            shared = name in self._of_process
            copied.__dict__[name] = value if shared else deepcopy(value, memo)
        return copied

    def __getstate__(self):
        state = {}
        for name, value in self.__dict__.items():
            if value.__class__ is Hidden:
                value = self._hidden_setting(name).pickled(value.value)
            if name not in self._of_process:
                state[name] = value
        return state

    def __setstate__(self, state):
        # Also the state of a published Configuration, which hides nothing.
        for name, value in state.items():
            hidden = self._hidden_setting(name)
            if hidden is None:
                self.__dict__[name] = value
            else:
                hidden.__set__(self, value)

    @classmethod
    def _hidden_setting(cls, name):
        for owner in cls.__mro__:
            for each in owner.__dict__.values():
                if isinstance(each, HiddenSetting) and each.name == name:
                    return each
        return None
