"""Docstrings that are long, and are therefore written when somebody reads them."""

#: Operators that read the whole text, as all methods do.
_OPERATORS = (
    "__add__ __contains__ __eq__ __format__ __ge__ __gt__ __hash__ __le__ __lt__ __mod__"
    " __mul__ __ne__ __repr__ __rmul__ __str__"
).split()
if str is not bytes:
    # Not on Python 2.7, where `re` asks for them, but takes the characters of the short text.
    _OPERATORS += ["__getitem__", "__iter__", "__len__"]


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


for _name in [each for each in dir(str) if each[:1] != "_"] + _OPERATORS:
    setattr(Docstring, _name, _of_whole(_name))


def of_operation(operation, with_http_info):
    """The Docstring of an operation's function, or of its `_with_http_info` twin."""
    short = "%s\n\n    %s %s.\n    " % (operation.doc, operation.method, operation.path)
    return Docstring(short, lambda: _page().operation(operation, with_http_info))


def of_attribute(field, model_name):
    """The Docstring of a model's attribute."""
    return Docstring(field.type.name, lambda: _page().attribute(field, model_name))


def of_model(cls):
    """The docstring of a model, a filter or an enumeration, str."""
    return _page().model(cls)


def of_api(cls):
    """The docstring of an `*Api` class, str."""
    return _page().api(cls)


def _page():
    from cloudtower._runtime import page  # only readers of docstrings need it

    return page
