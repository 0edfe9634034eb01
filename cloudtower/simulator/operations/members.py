"""Picks members out of a body or a record."""


def known(values, names=None):
    """Those members of a dict or a record that are not None, a dict; of these names or all."""
    names = values if names is None else names
    return {name: values[name] for name in names if values.get(name) is not None}


def picked(values, names):
    """The members of these names of a dict or a record, a dict."""
    return {name: values[name] for name in names}
