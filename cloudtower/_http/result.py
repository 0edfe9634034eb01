"""The typed object in a response, or the file that it was saved to."""

import re

from cloudtower._http import download
from cloudtower._runtime import charset, codec, datatypes
from cloudtower._runtime.datatypes import WRONG
from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiException

_PAGE = re.compile(r"\s*<(!--|\?xml|(!doctype|html|head|body|title|meta|script|style|h\d)\b)", re.I)
_MARKUP = re.compile(r"\s*<")
_VOWEL = re.compile(r"[aeio]|u(?!s)", re.I)  # an UploadTask, a User


def decode(response, declared, discard_unknown=False):
    """The typed object of a response.

    Parameters:
        response: RESTResponse, or any object with the body as its `data`.
        declared: such as "list[Vm]", "str", "object", or a class.
        discard_unknown: whether members that the interface does not know are dropped, bool.

    Returns and raises as `ApiClient.deserialize` does.
    """
    body = response.data
    expected = datatypes.declared(declared)
    if not body:
        return [] if expected and expected.item else None
    is_text = expected is datatypes.STR
    try:
        value = codec.loads(body)
    except ValueError as error:
        is_page = _is_page(response)
        if is_text and not is_page:
            return body
        if isinstance(error, codec.NestedTooDeep) and not is_page:
            raise _unusable(response, "the response is %s" % error)
        wanted = "text" if is_text else "JSON"
        found = " but a web page" if is_page else ""
        raise _unusable(response, "the response is not %s%s" % (wanted, found))
    if is_text and not isinstance(value, (TEXT, type(None))):
        return body
    if discard_unknown and isinstance(declared, str):
        codec.discard_unknown(value, declared)
    data = codec.decode(value, declared)
    if data is WRONG:
        kind = getattr(declared, "__name__", declared)
        article = "an" if _VOWEL.match(kind) else "a"
        raise _unusable(response, "the response is not %s %s" % (article, kind))
    return data


def save(response, pieces, folder):
    """Write a response to a file that did not exist before, and return its path.

    Parameters:
        response: RESTResponse.
        pieces: its body, an iterable of bytes.
        folder: where the file goes, str; None: the system's folder for such files.

    Raises ApiException where the folder takes no file, and what `pieces` raises.
    """
    try:
        return download.save(pieces, response.getheader("Content-Disposition"), folder)
    except EnvironmentError as failure:
        if isinstance(failure, ApiException):
            raise
        error = ApiException(
            response.status,
            "cannot save the download in %s: %s. Check Configuration.temp_folder_path"
            % (folder or "the system's temporary folder", failure.strerror or failure),
        )
        error.headers = response.getheaders()
        raise error


def _is_page(response):
    """Whether a response is a web page: a login form, a proxy's error, a front end."""
    get = getattr(response, "getheader", None)
    kind = (get and get("content-type") or "").lower()
    body = response.data
    if isinstance(body, bytes):
        body = charset.decode(body[:1000])
    # Some servers label any text as HTML.
    is_markup = "html" in kind or "xml" in kind
    return bool((_MARKUP if is_markup else _PAGE).match(body))


def _unusable(response, reason):
    error = ApiException(getattr(response, "status", 0), reason)
    error.body = response.data
    error.headers = response.getheaders() if hasattr(response, "getheaders") else None
    return error
