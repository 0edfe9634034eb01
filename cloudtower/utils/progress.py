"""How far a helper has come, for a function of the script and for a terminal."""

import sys
from contextlib import contextmanager

from cloudtower.exceptions import ApiTypeError


@contextmanager
def reporting(total, on_progress, draws):
    """A function to call with what is done so far, list.

    Parameters:
        total: how much there is to do, int.
        on_progress: callable(done, total, items), or None.
        draws: whether to draw a bar where standard error is a terminal, bool.

    Raises as `check` does.
    """
    check(on_progress, draws)
    bar = _bars()(total=total, file=sys.stderr, disable=None) if draws else None
    shown = [0]

    def report(items):
        if bar is not None:
            bar.update(len(items) - shown[0])
            shown[0] = len(items)
        if on_progress is not None:
            on_progress(len(items), total, items)

    try:
        yield report
    finally:
        if bar is not None:
            bar.close()


def check(on_progress, draws):
    """Raise ApiTypeError for what cannot be called, or a bar without the extra `progress`."""
    if on_progress is not None and not callable(on_progress):
        raise ApiTypeError("on_progress is a function, not %r" % (on_progress,))
    if draws:
        _bars()


def _bars():
    try:
        from tqdm import tqdm
    except ImportError:
        raise ApiTypeError(
            "progress=True needs tqdm: pip install 'cloudtower-sdk[progress]', or give on_progress"
        )
    return tqdm
