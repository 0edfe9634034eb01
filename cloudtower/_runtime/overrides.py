"""What a script has put in the place of a function of this package."""


def is_own(function):
    """Whether a function or method is this package's, not one of a script's or a mock."""
    return is_from("cloudtower.", function)


def is_from(package, function):
    """Whether a function or method was written in a package, whose name ends in a dot.

    It goes by where the code was written: a wrapper takes over the name of what it wraps.
    """
    home = getattr(function, "__globals__", None)  # a method has those of its function
    return home.__class__ is dict and home["__name__"].startswith(package)
