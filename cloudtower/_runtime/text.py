"""Text and numbers on Python 2.7 and 3 alike, without loading `six` for it."""

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


def nearest(name, names):
    """The name of `names` most like `name`, or None."""
    from difflib import get_close_matches  # slow to load, and only errors need it

    matches = get_close_matches(name, list(names), 1, 0.6)
    return matches[0] if matches else None
