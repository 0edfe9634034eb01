"""A deadline for what has none of its own, such as asking the system for a host's addresses."""

import threading

from cloudtower._http import limits


class TooLong(Exception):
    """What was begun did not end in time.

    Parameters:
        seconds: how long was waited, float.
    """

    def __init__(self, seconds):
        super(TooLong, self).__init__("this took longer than %g seconds" % round(seconds, 1))


def left():
    """Seconds until the step must be over, float; raises TooLong where there are none."""
    seconds = limits.running.end - limits.now()
    if seconds <= 0:
        raise TooLong(0)
    return seconds


def run(act, *arguments):
    """What `act(*arguments)` returns or raises, within the time of the step.

    It runs in a thread, which is left alone where it takes too long: nothing can end it, and it
    keeps no process alive.

    Raises TooLong.
    """
    seconds = left()
    ended = []

    def work():
        with limits.within(seconds):
            try:
                ended.append((act(*arguments), None))
            except Exception as error:
                ended.append((None, error))

    thread = threading.Thread(target=work, name="cloudtower-doctor")
    thread.daemon = True
    thread.start()
    thread.join(seconds)
    if not ended:
        raise TooLong(seconds)
    result, error = ended[0]
    if error is not None:
        raise error
    return result
