"""NULL: an explicit null, where None in a model means "not given"."""


class NullType(object):
    """The type of NULL, which is its only instance."""

    __slots__ = ()
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = object.__new__(cls)
        return cls._instance

    def __bool__(self):
        return False

    __nonzero__ = __bool__  # Python 2.7's name of it

    def __repr__(self):
        return "NULL"

    def __reduce__(self):
        return NullType, ()


NULL = NullType()
