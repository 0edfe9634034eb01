"""Values of a query, a header or a form as text."""

from cloudtower._runtime.datatypes import is_list

_SEPARATORS = {"csv": ",", "ssv": " ", "pipes": "|"}


def values(value, collection):
    """The texts that stand for a value, a list: several where each has the name for itself.

    Parameters:
        value: anything but None.
        collection: how a list is written, str: "multi", "csv", "ssv" or "pipes"; "" where
            no list is declared.
    """
    if not is_list(value) or not collection:
        return [_text(value)]
    texts = [_text(each) for each in value if each is not None]
    if collection == "multi":
        return texts
    return [_SEPARATORS[collection].join(str(each) for each in texts)] if texts else []


def _text(value):
    """A value as JSON has it, without quotes; text, numbers and files stay as they are."""
    if value is True or value is False:
        return "true" if value else "false"
    if hasattr(type(value), "isoformat"):
        return value.isoformat()
    return value
