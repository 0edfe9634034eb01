"""Writes files, all of them or none."""

import os

_NEW = ".codegen-new"


def replace(folder, contents):
    """Write and remove files; where one cannot be written, or Ctrl-C comes, all stay as they are.

    Everything is written beside what is there before the first file is replaced: that is what
    a full disk or a folder without permission ends.

    Parameters:
        folder: a Path.
        contents: {path in it: bytes, or None for a file that goes away}.

    Raises ValueError that names the file.
    """
    former, made, name = {}, [], ""
    try:
        for name, content in contents.items():
            path = folder / name
            former[path] = path.read_bytes() if path.exists() else None
            if content is not None:
                _make_folders(path.parent, made)
                made.append(_beside(path))
                _beside(path).write_bytes(content)
        for name, content in contents.items():
            path = folder / name
            if content is None:
                path.unlink()
            else:
                os.replace(_beside(path), path)
    except (OSError, KeyboardInterrupt) as error:
        for path, content in former.items():
            if content is not None and not (path.exists() and path.read_bytes() == content):
                path.write_bytes(content)
            elif content is None and path.is_file():
                path.unlink()
        _remove(made)
        if isinstance(error, KeyboardInterrupt):
            raise
        reason = error.strerror or error
        raise ValueError(
            "%s cannot be written: %s. Nothing was changed" % (name, reason)
        ) from error


def _beside(path):
    return path.with_name(path.name + _NEW)


def _make_folders(folder, made):
    """Make a folder and those above it, and note those that were not there."""
    if not folder.exists():
        _make_folders(folder.parent, made)
        folder.mkdir()
        made.append(folder)


def _remove(paths):
    """Remove files and folders, the last first, those that are still there."""
    for path in reversed(list(paths)):
        if path.is_dir():
            path.rmdir()
        elif path.exists():
            path.unlink()
