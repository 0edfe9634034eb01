"""What failed on several towers, in words."""

from cloudtower._runtime.text import printable

_LINES = 3  # of the text of each exception


def text(errors, total=None):
    """A line each, str.

    Parameters:
        errors: {name of the tower: exception}.
        total: how many towers there are, int, or None.
    """
    of_all = "" if total is None else " of %d" % total
    is_one = len(errors) == 1 and total is None
    lines = ["%d%s %s failed:" % (len(errors), of_all, "tower" if is_one else "towers")]
    lines.extend("%s: %s" % (printable(name), _first_lines(errors[name])) for name in errors)
    return "\n  ".join(lines)


def _first_lines(error):
    try:
        shown = printable(error)
    except UnicodeError:  # 2.7, where an exception may hold what `str` cannot
        shown = repr(error)
    lines = [line.strip() for line in shown.splitlines() if line.strip()][:_LINES]
    return ": ".join([type(error).__name__] + ([" ".join(lines)] if lines else []))
