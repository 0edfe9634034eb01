"""Values of a path, a query, a header or a form as text."""

from cloudtower._runtime.datatypes import MAPPINGS, is_list
from cloudtower._runtime.model import Model
from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiTypeError, ApiValueError

_SEPARATORS = {"csv": ",", "ssv": " ", "pipes": "|"}


def values(value, collection, name):
    """The texts that stand for a value, a list: several where each has the name for itself.

    Parameters:
        value: anything but None.
        collection: how a list is written, str: "multi", "csv", "ssv" or "pipes"; "" where
            no list is declared.
        name: of the parameter, for errors, str.

    Raises ApiTypeError for an object or an undeclared list, which have no text, and ApiValueError
    for an element with the separator in it: the server would take it for two.
    """
    if not is_list(value) or not collection:
        return [_text(value, name)]
    texts = [_text(each, name) for each in value if each is not None]
    if collection == "multi":
        return texts
    separator = _SEPARATORS[collection]
    texts = [each if isinstance(each, (str, TEXT)) else str(each) for each in texts]
    for each in texts:
        if separator in each:
            message = "the parameter `%s` has its elements separated by %r, which is in %r"
            raise ApiValueError(message % (name, separator, each), path_to_item=[name])
    return [separator.join(texts)] if texts else []


def segment(value, name):
    """What stands in a path for a value, str, which is one segment whatever is in it.

    Parameters:
        value: anything.
        name: as for `values`.

    Raises ApiValueError for None and for text that would make another path: "", "." and "..".
    """
    from six.moves.urllib.parse import quote

    text = "" if value is None else _text(value, name)
    if not isinstance(text, (bytes, TEXT)):
        text = str(text)
    if text in ("", ".", ".."):
        raise ApiValueError(
            "the parameter `%s` is part of the path and cannot be %r" % (name, value),
            path_to_item=[name],
        )
    return quote(text.encode("utf-8") if isinstance(text, TEXT) else text, safe="")


def _text(value, name):
    """A value as JSON has it, without quotes; text, numbers and files stay as they are."""
    if value is True or value is False:
        return "true" if value else "false"
    if hasattr(type(value), "isoformat"):
        return value.isoformat()
    if isinstance(value, MAPPINGS + (Model, list)):
        message = "the parameter `%s` is text or a number, not %s" % (name, type(value).__name__)
        raise ApiTypeError(message, path_to_item=[name])
    return value
