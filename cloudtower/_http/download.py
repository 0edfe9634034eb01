"""A downloaded file, and the name it gets."""

import errno
import os
import re
import tempfile

from cloudtower._runtime.text import TEXT

_PARAMETER = re.compile(r';\s*([\w!#$%&\'*+.^`|~-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]*)')
_EXTENDED = re.compile(r"(utf-8|iso-8859-1)'[^']*'(.*)$", re.I)
_QUOTED = re.compile(b"%([0-9a-fA-F]{2})")
# What no file system takes, and what makes a name look like another one.
_FORBIDDEN = re.compile(
    b'[\\x00-\\x1f\\x7f-\\x9f<>:"|?*\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]'.decode(
        "unicode_escape"
    )
)
# Devices on Windows, with any suffix; files are carried from one system to another.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)\d)\s*(\.|$)", re.I)
_LONGEST = 255  # bytes of a name, on most file systems
_LONGEST_SUFFIX = 32


def save(pieces, disposition, folder):
    """Write a file that did not exist before, and return its path.

    Parameters:
        pieces: the content, an iterable of bytes.
        disposition: header Content-Disposition, str, or None.
        folder: where the file goes, str; None: the system's folder for such files.

    Raises EnvironmentError where the folder takes no file.
    """
    folder = folder or tempfile.gettempdir()
    if str is bytes and isinstance(folder, TEXT):
        folder = folder.encode("utf-8")
    name = file_name(disposition)
    handle, path = _create(folder, name) if name else tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
    except BaseException:
        os.remove(path)
        raise
    return path


def file_name(disposition):
    """The name in a header Content-Disposition, without any folder, str, or None.

    `filename*` goes before `filename` (RFC 6266). On Python 2.7 it is in UTF-8.
    """
    parameters = {}
    for name, value in _PARAMETER.findall(";" + (disposition or "")):
        parameters.setdefault(name.lower(), value)
    for read, name in ((_extended, "filename*"), (_plain, "filename")):
        found = safe(read(parameters.get(name, "")))
        if found:
            return found if str is TEXT else found.encode("utf-8")
    return None


def _extended(value):
    """The text of a value such as UTF-8''na%C3%AFve.txt (RFC 5987); "" where it is not one."""
    match = _EXTENDED.match(value.strip('"'))
    if match is None:
        return b"".decode("ascii")
    charset, quoted = match.groups()
    if not isinstance(quoted, bytes):
        quoted = quoted.encode("latin-1", "replace")
    return _QUOTED.sub(_unquote, quoted).decode(charset, "replace")


def _unquote(match):
    return bytes(bytearray([int(match.group(1), 16)]))


def _plain(value):
    if value[:1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    if isinstance(value, bytes):
        octets = value
    else:
        try:
            octets = value.encode("latin-1")  # as http.client reads headers
        except UnicodeError:
            return value
    try:
        return octets.decode("utf-8")
    except UnicodeError:
        return octets.decode("latin-1")


def safe(name):
    """The name as one that every system takes, or "" where nothing of it is left."""
    name = _FORBIDDEN.sub("_", re.split(r"[/\\]", name)[-1])
    name = name.lstrip(" .").rstrip(" .")  # hidden on Unix, lost on Windows
    return "_" + name if _DEVICE.match(name) else name


def _shortened(stem, ending):
    """Stem and ending, of which the stem is cut where both are too long for a file system."""
    if str is not TEXT:
        stem = stem.decode("utf-8")
    room = _LONGEST - len(ending if isinstance(ending, bytes) else ending.encode("utf-8"))
    stem = stem.encode("utf-8")[:room].decode("utf-8", "ignore").rstrip(" .")
    return (stem if str is TEXT else stem.encode("utf-8")) + ending


def _create(folder, name):
    """Open `name` for writing, or `name-1` and so on where it exists; (handle, path).

    A name that the file system does not take is replaced by a random one.
    """
    stem, suffix = os.path.splitext(name)
    if len(suffix) > _LONGEST_SUFFIX:
        stem, suffix = name, ""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    number = 0
    while True:
        ending = suffix if number == 0 else "-%d%s" % (number, suffix)
        path = os.path.join(folder, _shortened(stem, ending))
        try:
            return os.open(path, flags, 0o600), path
        except (EnvironmentError, ValueError) as error:  # the second: Python cannot encode it
            if getattr(error, "errno", None) != errno.EEXIST and not os.path.isdir(path):
                return tempfile.mkstemp(dir=folder)
        number += 1
