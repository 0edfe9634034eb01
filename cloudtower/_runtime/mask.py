"""Secrets taken out of what people read: logs and the text of errors."""

import json
import re

from cloudtower._runtime.text import TEXT

HIDDEN = "***"

_NAME = (
    r"[\w-]*(?:password|passwd|pass_?phrase|secret|token|authorization|credential"
    r"|api_?key|private_?key)[\w-]*"
)
_SECRET = re.compile(_NAME, re.I)
# A member of an object, and of an object within a text, where quotes are escaped.
_MEMBER = re.compile(r'("%s"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|$)|[^\s,"\]}]+)' % _NAME, re.I)
_INNER_MEMBER = re.compile(
    r'(\\"%s\\"\s*:\s*)(?:\\"(?:\\\\\\"|[^"\\]|\\[^"])*(?:\\"|$)|[^\s,"\\\]}]+)' % _NAME, re.I
)
_PAIR = re.compile(r"(^|[?&;\s])(%s=)[^&;\s]*" % _NAME, re.I)
_USERINFO = re.compile(r"(//)[^/?#\s]*@")
_HEADERS = frozenset(["authorization", "proxy-authorization", "cookie", "set-cookie"])


def text(body):
    """The text of a body, JSON or not, as it is or with the values of secret members hidden."""
    if not _SECRET.search(body):
        return body
    try:
        value = json.loads(body)
    except ValueError:
        # Not JSON, or cut short: by the look of it.
        body = _INNER_MEMBER.sub(r'\1\"%s\"' % HIDDEN, body)
        body = _MEMBER.sub(r'\1"%s"' % HIDDEN, body)
        return _PAIR.sub(r"\1\2" + HIDDEN, body)
    shown = _without_secrets(value)
    return body if shown == value else json.dumps(shown, ensure_ascii=bytes is str)


def url(address):
    """The address without user and password, and without secrets in its query."""
    return _PAIR.sub(r"\1\2" + HIDDEN, _USERINFO.sub(r"\1", address))


def headers(mapping):
    """The headers as they are, or a copy of them with the secret values hidden."""
    secret = [name for name in mapping if name.lower() in _HEADERS]
    if not secret:
        return mapping
    shown = mapping.copy()
    for name in secret:
        shown[name] = HIDDEN
    return shown


def _without_secrets(value):
    if isinstance(value, dict):
        return dict(
            (name, HIDDEN if inner and _SECRET.search(name) else _without_secrets(inner))
            for name, inner in value.items()
        )
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    if isinstance(value, TEXT) and _SECRET.search(value):
        return text(value)  # JSON inside of JSON, as some messages carry
    return value
