"""The line of a script that called an operation: where warnings point to."""

import sys


def warn(texts, category):
    """Warn at the line that called an operation.

    Parameters:
        texts: one for each warning, list of str.
        category: the class of the warnings.

    Raises `category` where the filters of `warnings` make errors of warnings.
    """
    from warnings import warn_explicit

    # It changes the filters as it is loaded, upon which all registries forget what was shown.
    import urllib3  # noqa: F401

    frame = _frame_of_caller()
    module = frame.f_globals.get("__name__") or "<unknown>"
    registry = frame.f_globals.setdefault("__warningregistry__", {})
    for text in texts:
        # warn_explicit rather than warn: how many frames of this package lie between varies.
        warn_explicit(text, category, frame.f_code.co_filename, frame.f_lineno, module, registry)


def _frame_of_caller():
    """The frame of the line that called an operation: the innermost one outside of this package.

    A wrapper of `functools` between the two is passed over, too. In a thread whose
    frames are all the standard library's it is one of those.
    """
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_between(frame.f_globals.get("__name__")):
        frame = frame.f_back
    return frame


def _is_between(module):
    return module in ("cloudtower", "functools") or str(module).startswith("cloudtower.")
