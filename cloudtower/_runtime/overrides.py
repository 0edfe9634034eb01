"""What a script has put in the place of a function of this package."""


def is_own(function):
    """Whether a method is this package's, not one of a script's or a mock.

    It goes by where the code was written: a wrapper takes over the name of what it wraps.
    """
    function = getattr(function, "__func__", None)
    try:
        if function in _own:
            return True
    except TypeError:  # it cannot be hashed
        return False
    home = getattr(function, "__globals__", None)
    if home.__class__ is not dict or not home["__name__"].startswith("cloudtower."):
        return False
    _own.add(function)
    return True


_own = set()  # the functions of this package that were asked for
