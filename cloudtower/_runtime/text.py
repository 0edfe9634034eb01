"""Text, numbers and dicts on Python 2.7 and 3 alike, without loading `six` for it."""

import sys

TEXT = type(b"".decode("ascii"))  # no u"": formatters for Python 3 drop that letter
INTEGERS = (int, type(2**64))  # `long` too, where there is one

if str is TEXT:

    def native(text):
        """The text as the `str` of this Python."""
        return text

else:

    def native(text):
        """The text as `str` where it is ASCII, otherwise as it is."""
        try:
            return str(text)
        except UnicodeEncodeError:
            return text


def is_count(value, least=0):
    """Whether a value is a whole number, not smaller than `least`."""
    return isinstance(value, INTEGERS) and not isinstance(value, bool) and value >= least


def is_number(value):
    """Whether a value is an int or a float, and no bool."""
    return isinstance(value, INTEGERS + (float,)) and not isinstance(value, bool)


def printable(value):
    """`str(value)`; on Python 2.7, which prints no other text than ASCII, in UTF-8."""
    return value.encode("utf-8") if str is bytes and isinstance(value, TEXT) else str(value)


def render_path(path_to_item):
    """The path to an item as Python would write it: `['data'][0]['name']`.

    Parameters:
        path_to_item: keys (str) and indices (int), in order.

    Returns str.
    """
    return "".join(
        "[%d]" % item if isinstance(item, int) else "['%s']" % printable(item)
        for item in path_to_item
    )


def ordered(pairs):
    """A dict in the order given; before 3.7 a plain one has none."""
    if sys.version_info >= (3, 7):
        return dict(pairs)
    from collections import OrderedDict

    return OrderedDict(pairs)


def is_recursion(error):
    """Whether an error says that something is nested too deeply; 2.7 has no class for it."""
    return type(error).__name__ == "RecursionError" or "recursion" in str(error)


def nearest(name, names, cutoff=0.6):
    """The name of `names` most like `name`, or None where none is as like as `cutoff` (0 to 1)."""
    from difflib import get_close_matches  # slow to load, and only errors need it

    names = list(names)
    bare = _bare(name)
    for each in names:  # `vmapi` is not a typo of `api`
        if _bare(each) == bare:
            return each
    # The second look is for `_and` in the place of `AND`.
    for plain in (_as_it_is, _without_case):
        known = dict((plain(each), each) for each in names)
        matches = get_close_matches(plain(name), list(known), 1, cutoff)
        if matches:
            return known[matches[0]]
    return None


def _bare(name):
    return name.replace("_", "").lower()


def _as_it_is(name):
    return name


def _without_case(name):
    return name.strip("_").lower()
