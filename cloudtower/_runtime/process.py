"""Which process this is: what belongs to a parent must not be used in its forked child."""

import os

_register = getattr(os, "register_at_fork", None)  # since Python 3.7
if _register is not None:
    _current = os.getpid()

    def current():
        """The id of this process, int; without a system call, since each request asks."""
        return _current

    def _forked():
        global _current
        _current = os.getpid()

    _register(after_in_child=_forked)
else:
    current = os.getpid
