"""Docstrings that are long, and are therefore written when somebody reads them."""

#: What works on the characters of a `str`: read of the whole text.
_SPECIAL = (
    "__add__ __contains__ __eq__ __format__ __ge__ __getitem__ __getslice__ __gt__ __hash__"
    " __iter__ __le__ __len__ __lt__ __mod__ __mul__ __ne__ __repr__ __rmul__ __str__"
).split()


class Docstring(str):
    """A docstring whose text is made when it is first read.

    It has to be a `str`: `inspect.getdoc`, and with it `help`, IPython and editors, look at
    no other. Whatever is done to it is done to the whole text. C code, such as `re` and
    `"".join`, does not ask, and finds the short text.

    Parameters:
        short: the text for readers that do not ask, str.
        make: callable() that returns the whole text, str.
    """

    def __new__(cls, short, make):
        made = str.__new__(cls, short)
        made._make = make
        return made

    def _whole(self):
        make = self._make
        if make is not None:  # threads that get here at once make the same text
            self._text = make()
            self._make = None
        return self._text

    def __reduce_ex__(self, protocol):
        return str, (self._whole(),)


def _of_whole(name):
    def method(self, *arguments, **keywords):
        return getattr(self._whole(), name)(*arguments, **keywords)

    method.__name__ = name
    return method


for _name in [each for each in dir(str) if each[:1] != "_"] + _SPECIAL:
    if hasattr(str, _name):  # `__getslice__` is of Python 2.7, `__iter__` is not
        setattr(Docstring, _name, _of_whole(_name))
