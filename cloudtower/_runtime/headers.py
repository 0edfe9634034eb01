"""Headers of a request: layers laid over each other, and secrets put on top."""

import re

from cloudtower._runtime.header_names import find
from cloudtower._runtime.text import INTEGERS, TEXT
from cloudtower._spec import HEADER_PARAMETERS
from cloudtower.exceptions import ApiTypeError, ApiValueError

# Keywords of operations, which scripts also write where a header's name belongs.
_HEADER_NAMES = dict((keyword, row[0]) for keyword, row in HEADER_PARAMETERS.items())
_KEYWORDS = dict((name, keyword) for keyword, name in _HEADER_NAMES.items())

# RFC 9110: visible characters, spaces and tabs; http.client sends latin-1.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SENDABLE = re.compile("[\t\x20-\x7e\x80-\xff]*\\Z").match  # every call asks this
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_ORDINARY = re.compile(r"[!-~]+\Z")  # as most tokens are
_BYTE_ORDER_MARK = b"\xef\xbb\xbf".decode("utf-8")


def merge(*layers):
    """One dict of headers: later layers over earlier ones, whatever the case of names."""
    merged = {}
    for layer in layers:
        for name, value in layer.items():
            if value is not None:
                name = _HEADER_NAMES.get(name, name)
                merged[name.lower()] = name, value
    return dict(merged.values())


def content_type(headers):
    """The Content-Type in a dict of headers, whatever the case of its name, or None."""
    return find(headers, "content-type")


def is_json(media_type):
    """Whether a body of a Content-Type is sent as JSON; None stands for the default, which is."""
    return media_type is None or "json" in media_type.lower()


def sendable(headers, setting):
    """Headers as http.client can send them: names and values are `str`.

    Parameters:
        headers: mapping; numbers become text, True and False `true` and `false`, None
            stays. It is not changed.
        setting: where they were given, for errors, such as "ApiClient.default_headers".

    Returns a dict, or the headers themselves where they are fine.
    Raises ApiValueError or ApiTypeError, which name the header and never show a value.
    """
    for name, value in headers.items():
        if type(value) is not str or type(name) is not str:
            break
        if not _SENDABLE(value) or not _NAME.match(name):
            break
    else:
        return headers
    return dict(_pair(name, value, setting) for name, value in headers.items())


def _is_latin(value):
    if isinstance(value, bytes):
        return True  # octets are sent as given
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _pair(name, value, setting):
    if not isinstance(name, (bytes, TEXT)):
        raise ApiTypeError("%s: a name must be a str, not %s" % (setting, type(name).__name__))
    name = name.decode("latin-1") if isinstance(name, bytes) else name
    if not _NAME.match(name):
        # Not shown, because a secret may have got there by mistake.
        raise ApiValueError(
            "%s has an invalid header name: use letters, digits, '-' and '_' only" % setting
        )
    keyword = _KEYWORDS.get(name.lower()) if setting == "_headers" else None
    return str(name), text(value, keyword or '%s["%s"]' % (setting, name))


def text(value, setting):
    """The value of a header as http.client can send it, `str`; None stays.

    Parameters:
        value: str, bytes, bool or a number.
        setting: what it was given as, for errors, str.

    Raises ApiValueError or ApiTypeError, which name the setting and never show the value.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, INTEGERS + (float,)):
        return str(value)
    if isinstance(value, (bytes, bytearray)) and not isinstance(value, str):
        value = bytes(value).decode("latin-1")
    if not isinstance(value, (str, TEXT)):
        raise ApiTypeError("%s must be a str, not %s" % (setting, type(value).__name__))
    if _UNSENDABLE.search(value):
        raise ApiValueError(
            "%s has a line break or another control character, which no header can have" % setting
        )
    if not _is_latin(value):
        raise ApiValueError(
            "%s has a character outside of latin-1, which a header cannot contain" % setting
        )
    # A plain str, also where it is an enumeration of them.
    return value + "" if isinstance(value, str) else value.encode("latin-1")


def token(value, setting, *names):
    """A secret as a header carries it: as `text`, without white space around it; None stays.

    Parameters:
        value, setting: as for `text`.
        names: what `setting % names` lacks, str.
    """
    if value is None or value.__class__ is str and _ORDINARY.match(value):
        return value
    return text(_stripped(value), setting % names if names else setting)


def without_passwords(secrets, prefixes):
    """`Configuration.api_key` without what is sent as Basic authentication.

    Parameters:
        secrets, prefixes: by the same names, dict or None.

    Returns the dict itself where it has none.
    """
    try:
        found = [
            name
            for name, secret in (secrets or {}).items()
            if has_password(secret) or has_password((prefixes or {}).get(name))
        ]
    except AttributeError:
        return secrets  # a setting that is wrong, which the next call says
    if not found:
        return secrets
    return dict((name, secret) for name, secret in secrets.items() if name not in found)


def has_password(value):
    """Whether a secret, or what stands before it, is that of Basic authentication."""
    value = _stripped(value)
    return isinstance(value, TEXT) and value.lower().split(None, 1)[:1] == ["basic"]


def _stripped(value):
    # Files and variables often end in a line break, or begin with a byte order mark.
    if isinstance(value, (bytes, bytearray)):
        value = bytes(value).decode("utf-8", "replace")
    return value.strip().strip(_BYTE_ORDER_MARK).strip() if isinstance(value, TEXT) else value


def basic(username, password, username_setting, password_setting):
    """The value of the header for HTTP Basic authentication, str.

    Parameters:
        username, password: str or bytes; line breaks at their end are dropped, spaces kept.
        username_setting, password_setting: what they were given as, for errors, str.

    Raises ApiValueError, which names the setting, for control characters and for a user
    with a colon.
    """
    from base64 import b64encode

    given = (username, username_setting), (password, password_setting)
    for part, setting in given:
        if not isinstance(part, (bytes, TEXT)):
            raise ApiTypeError("%s must be a str, not %s" % (setting, type(part).__name__))
    charset = "latin-1" if _is_latin(username) and _is_latin(password) else "utf-8"
    parts = []
    for part, setting in given:
        octets = part if isinstance(part, bytes) else part.encode(charset)
        octets = octets.rstrip(b"\r\n")
        if _UNSENDABLE.search(octets.decode("latin-1")) or b"\t" in octets:
            raise ApiValueError("%s has a control character" % setting)
        if not parts and b":" in octets:
            raise ApiValueError("%s has a colon, which Basic authentication cannot send" % setting)
        parts.append(octets)
    return "Basic " + b64encode(b":".join(parts)).decode("ascii")


def authenticate(headers, queries, setting, origin='_request_auth["value"]', *names):
    """Put one secret where its setting says.

    Parameters:
        headers: dict, changed in place.
        queries: list of pairs, changed in place.
        setting: {in, key, value}; without a value nothing is done.
        origin, names: what the value was given as, for errors, see `token`.

    Raises ApiValueError for a place other than header, query and cookie, and for a value
    that no header can carry.
    """
    value = setting["value"]
    if value is None:
        return
    place = setting["in"]
    if place == "query":
        queries.append((setting["key"], _stripped(value)))
    elif place in ("header", "cookie"):
        key = setting["key"] if place == "header" else "Cookie"
        lowered = key.lower()
        for other in [other for other in headers if other.lower() == lowered]:
            del headers[other]
        headers[key] = token(value, origin, *names)
    else:
        raise ApiValueError("Authentication token must be in `query` or `header`")
