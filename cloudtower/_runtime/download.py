"""A downloaded file, and the name it gets."""

import os
import re
import tempfile

_NAME = re.compile(r'filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))', re.I)
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"|?*]')


def save(content, disposition, folder):
    """Write a file that did not exist before, and return its path.

    Parameters:
        content: bytes.
        disposition: header Content-Disposition, str, or None.
        folder: where the file goes, str; None: the system's folder for such files.
    """
    folder = folder or tempfile.gettempdir()
    name = file_name(disposition)
    if name is None:
        handle, path = tempfile.mkstemp(dir=folder)
    else:
        handle, path = _create(folder, name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return path


def file_name(disposition):
    """The name in a header Content-Disposition without any folder, str, or None."""
    match = _NAME.search(disposition or "")
    if match is None:
        return None
    quoted, plain = match.groups()
    name = plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    name = _FORBIDDEN.sub("_", re.split(r"[/\\]", name)[-1]).strip()
    return None if name in ("", ".", "..") else name


def _create(folder, name):
    """Open `name` for writing, or `name-1` and so on where it exists; (handle, path)."""
    stem, suffix = os.path.splitext(name)
    number = 0
    while True:
        numbered = name if number == 0 else "%s-%d%s" % (stem, number, suffix)
        path = os.path.join(folder, numbered)
        try:
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
            return os.open(path, flags, 0o600), path
        except OSError:
            if not os.path.exists(path):
                raise
        number += 1
