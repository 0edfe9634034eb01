"""Where the bytes of an upload come from."""

import errno
import io
import os
import stat

from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiTypeError, ApiValueError

_SKIPPED = 2**20  # bytes that are read at a time where a file cannot seek


class Source(object):
    """A file that is read once, from where it stands to its end.

    Parameters:
        path_or_file: a path (str or Path), or a file that is open in binary mode.
        size: bytes in it, int; None: it is asked. A file that cannot seek needs it.

    Attributes:
        label: what messages call it, str.
        name: the name of the file without its folders, str, or None.
        size: bytes in it, int.

    A context manager: it closes what it has opened. Raises ApiTypeError for anything else than
    such a file, ApiValueError for an empty one, or of another size than given, and
    EnvironmentError where it cannot be opened.
    """

    def __init__(self, path_or_file, size=None):
        path = _path(path_or_file)
        if path is None:
            self._file = _checked(path_or_file)
            name = getattr(path_or_file, "name", None)
            # a descriptor's number, or such as "<stdin>"
            is_name = isinstance(name, (str, TEXT)) and name and not name.startswith("<")
            self.name = os.path.basename(name) if is_name else None
            self.label = "%r" % name if is_name else "the file"
        else:
            self._file = _opened(path)
            self.name = os.path.basename(path)
            self.label = "%r" % path
        self._is_own = path is not None
        try:
            self._can_seek = _can_seek(self._file)
            found = self._length()
            self.size = self._sized(found, size)
        except BaseException:
            self.close()
            raise

    def _sized(self, found, given):
        if found is None and given is None:
            raise ApiTypeError("%s has no size that can be determined: pass size=" % self.label)
        if found is not None and given is not None and found != given:
            raise ApiValueError("%s has %d bytes, not %d" % (self.label, found, given))
        size = given if found is None else found
        if size <= 0:
            hint = "" if self._is_own else ", or at its end"
            raise ApiValueError("%s is empty%s: nothing to upload" % (self.label, hint))
        return size

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def close(self):
        if self._is_own:
            self._file.close()

    def skip(self, count):
        """Go on behind so many bytes."""
        if self._can_seek:
            self._file.seek(count, os.SEEK_CUR)
            return
        while count:
            count -= len(self.read(min(count, _SKIPPED)))

    def read(self, count):
        """Exactly so many bytes. Raises ApiValueError where the file has become too short."""
        pieces, missing = [], count
        while missing:
            piece = self._file.read(missing)
            if not isinstance(piece, (bytes, bytearray)):
                raise ApiTypeError("read() of %s returned %r, not bytes" % (self.label, piece))
            if not piece:
                raise self._changed("ends %d bytes early" % missing)
            pieces.append(piece)
            missing -= len(piece)
        return bytes(pieces[0]) if len(pieces) == 1 else b"".join(pieces)

    def check_end(self):
        """Raise ApiValueError unless all has been read, and nothing was added meanwhile."""
        more = self._length() if self._can_seek else len(self._file.read(1) or b"")
        if more:
            raise self._changed("has grown")

    def _changed(self, how):
        return ApiValueError(
            "%s %s: it had %d bytes when the upload began" % (self.label, how, self.size)
        )

    def _length(self):
        """Bytes from here to the end, int; None where the file cannot seek."""
        if not self._can_seek:
            return None
        here = self._file.tell()
        self._file.seek(0, os.SEEK_END)
        length = self._file.tell() - here
        self._file.seek(here)
        return length


def _path(given):
    """The path that is given, str, or None for a file."""
    if hasattr(given, "__fspath__"):
        given = given.__fspath__()
    if isinstance(given, (str, TEXT)):
        if not given:
            raise ApiTypeError("the path of the file is empty")
        return given
    return None


def _opened(path):
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):  # which `open` calls a matter of permission on Windows
        raise IOError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not (stat.S_ISREG(mode) or stat.S_ISBLK(mode)):  # a pipe might never open
        raise ApiValueError("%r is not a regular file: open it, and pass it with size=" % path)
    return open(path, "rb")


def _checked(file):
    if not hasattr(file, "read"):
        raise ApiTypeError("a path or an open file is needed, not %s" % type(file).__name__)
    mode = getattr(file, "mode", None)
    is_text = isinstance(mode, str) and "b" not in mode and str is not bytes
    if isinstance(file, io.TextIOBase) or is_text:
        raise ApiTypeError('the file is open as text: open it with "rb"')
    return file


def _can_seek(file):
    if hasattr(file, "seekable"):
        return file.seekable()
    try:  # a file of Python 2.7
        file.seek(0, os.SEEK_CUR)
    except (AttributeError, EnvironmentError):
        return False
    return True
