"""Runs the command that prints a secret."""

import os
import re
import shlex
import subprocess  # nosec B404
import threading
import time

from cloudtower._http.clock import now
from cloudtower._runtime import late, mask
from cloudtower._runtime.text import TEXT, native
from cloudtower.exceptions import ApiValueError

TIMEOUT = 60  # seconds: somebody may have to unlock a keyring
_MOMENT = 1  # seconds for the rest of what an ended command has printed
_PAUSE = 0.02
_OPERATORS = frozenset("| || & && ; > >> <".split())
_QUOTED = re.compile(r"""'[^']*'|"(?:[^"\\]|\\.)*"|\\.""")
_SHOWN = 1000  # characters of what a command complains of


def output(command, where):
    """What a command prints, without the line break at its end, str.

    No shell reads it, and it gets no input.

    Parameters:
        command: program and arguments, quoted as for a shell, str.
        where: what names the command in an error, str.

    Raises ApiValueError where it cannot be run, fails, takes more than `TIMEOUT` seconds or
    than the call has left that needs it, or prints nothing or more than a line.
    """
    process = _begun(_split(command, where), where)
    # `communicate` has no timeout on 2.7, and waits for whoever else holds the pipes.
    printed, complaint = _Reader(process.stdout), _Reader(process.stderr)
    seconds = min(TIMEOUT, late.module("_http.limits").running.end - now())
    if not _ends_within(process, seconds):
        told = "%s was stopped: it took more than %.3g seconds%s%s"
        left = ", all that the call had left" if seconds < TIMEOUT else ""
        raise ApiValueError(told % (where, seconds, left, _quoted(complaint)))
    try:
        text = printed.octets().decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ApiValueError("%s printed something that is not UTF-8" % where)
    if process.returncode:
        raise ApiValueError(
            "%s failed with status %d%s" % (where, process.returncode, _quoted(complaint))
        )
    if not text:
        raise ApiValueError("%s printed nothing%s" % (where, _quoted(complaint)))
    if "\n" in text or "\r" in text:
        raise ApiValueError("%s must print a single line, the password, but printed more" % where)
    return native(text)


def _begun(arguments, where):
    """The process of a command."""
    with open(os.devnull, "rb") as nothing:
        try:
            # The command is the user's own, from a file that others cannot write.
            return subprocess.Popen(  # nosec B603
                arguments,
                stdin=nothing,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                close_fds=True,
            )
        except (EnvironmentError, ValueError) as error:
            raise ApiValueError("%s cannot be run: %s" % (where, error))


def _ends_within(process, seconds):
    """Whether a process ends within so many seconds; if not, or after Ctrl-C, it is killed."""
    end = now() + seconds
    try:
        while process.poll() is None and now() < end:
            time.sleep(_PAUSE)
    finally:
        is_late = process.poll() is None
        if is_late:
            process.kill()
            process.wait()
    return not is_late


def _split(command, where):
    if os.name == "nt":  # where a program splits its own command line
        return command
    if isinstance(command, TEXT) and str is bytes:
        command = command.encode("utf-8")
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        raise ApiValueError("%s cannot be read: %s" % (where, error))
    if not arguments:
        raise ApiValueError("%s is empty" % where)
    for each in _QUOTED.sub("x", command).split():
        if each in _OPERATORS:
            raise ApiValueError(
                "%s has %s, which no shell reads here: write sh -c '...'" % (where, each)
            )
    return [os.path.expanduser(arguments[0])] + arguments[1:]


class _Reader(object):
    """Reads a pipe in a thread, so that nobody waits for what never comes."""

    def __init__(self, pipe):
        self._pieces = []
        self._pipe = pipe
        self._thread = threading.Thread(target=self._read)
        self._thread.daemon = True
        self._thread.start()

    def _read(self):
        with self._pipe:
            for piece in iter(lambda: os.read(self._pipe.fileno(), 65536), b""):
                self._pieces.append(piece)

    def octets(self):
        """What has come until the end of the pipe, waited for a moment, bytes."""
        self._thread.join(_MOMENT)
        return b"".join(list(self._pieces))


def _quoted(complaint):
    text = " ".join(complaint.octets().decode("utf-8", "replace").split())
    return ": " + native(mask.text(text[:_SHOWN])) if text else ""
