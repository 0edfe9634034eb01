"""Form fields and files as urllib3 encodes them into multipart/form-data."""

import os

from cloudtower._runtime.text import INTEGERS, TEXT
from cloudtower.exceptions import NOT_SENT, ApiException, ApiTypeError

_UNKNOWN_TYPE = "application/octet-stream"
_UNNAMED = "file"


class Form(list):
    """The fields and files of a form, read and ready to be sent."""


def fields(pairs):
    """The fields that are given, as pairs of name and text or bytes.

    Parameters:
        pairs: list of (name, value); None means not given.

    Raises ApiTypeError for a value that has no form as one line of text.
    """
    return [(name, _plain(name, value)) for name, value in pairs if value is not None]


def _plain(name, value):
    if isinstance(value, tuple):
        return tuple(bytes(each) if isinstance(each, bytearray) else each for each in value)
    if isinstance(value, (bytes, TEXT)):
        return value
    if isinstance(value, INTEGERS + (float,)):
        return str(value)
    raise ApiTypeError(
        "a form field is text or a number, not %s" % type(value).__name__, path_to_item=[name]
    )


def parts(files):
    """The parts of a form that carry files, as (name, (file name, content, media type)).

    Parameters:
        files: {field: file, or list of files}. A file is a path (str or Path), its
            content (bytes or bytearray), or an object with `read`. Without a file the
            field is left out.

    Raises ApiException with status 400 for anything else.
    """
    return [
        (name, _part(each))
        for name, value in (files or {}).items()
        if _is_given(value)
        for each in (value if isinstance(value, list) else [value])
    ]


def _is_given(value):
    return bool(value) or hasattr(value, "read")


def _part(value):
    # On 2.7 `bytes` is `str`, and a str is a path there too.
    if isinstance(value, bytearray if bytes is str else (bytes, bytearray)):
        return _UNNAMED, bytes(value), _UNKNOWN_TYPE
    if hasattr(value, "__fspath__"):
        value = value.__fspath__()
    if hasattr(value, "read"):
        name = getattr(value, "name", None)
        name = os.path.basename(name) if isinstance(name, (str, TEXT)) else _UNNAMED
        return name, value.read(), _media_type(name)
    if isinstance(value, (str, TEXT)):
        with open(value, "rb") as file:
            name = os.path.basename(value)
            return name, file.read(), _media_type(name)
    error = ApiException(400, "a file is a path, bytes or an object with read(), not %r" % (value,))
    error.outcome = NOT_SENT
    raise error


def _media_type(name):
    from mimetypes import guess_type  # reads the system's tables

    return guess_type(name)[0] or _UNKNOWN_TYPE
