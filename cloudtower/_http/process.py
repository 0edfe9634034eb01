"""Which process this is: what belongs to a parent must not be used in its forked child."""

import os

if hasattr(os, "register_at_fork"):
    _current = os.getpid()

    def current():
        """The id of this process, int; without a system call, since each request asks."""
        return _current

    def _forked():
        global _current
        _current = os.getpid()

    os.register_at_fork(after_in_child=_forked)
else:  # before Python 3.7
    current = os.getpid
