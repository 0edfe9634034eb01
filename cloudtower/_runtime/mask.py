"""Secrets taken out of what people read: logs and the text of errors.

Everything here takes time in proportion to the length of the text, whatever
is in it: a server, or whoever stands before it, decides what that is.
"""

import json
import re
from collections import namedtuple

from cloudtower._runtime import json_text
from cloudtower._runtime.secret_names import SecretNames
from cloudtower._runtime.text import TEXT

HIDDEN = "***"

_SHOWN = 10000  # characters of a body in a log
_LOOKED_AT = 100000  # more, so that what is cut in two there is not among those shown

_USERINFO = re.compile(r"(:\\*/\\*/)[^/?#\s\"'<>]*@")
# The same with a password that ought to have been encoded. What follows the colon is no port.
_BAD_USERINFO = re.compile(
    r"(:\\*/\\*/)[^\s/?#:@\[\"'<>]{1,100}:(?!\d*(?:[/?#\s\"'<>]|$))[^\s\"'<>]{0,200}@"
)
# The same in an address without a proper scheme, such as `http:/user:password@host`.
_STRAY_USERINFO = re.compile(r"(^|/)[^/@:\s?#\"'<>]*:[^/@\s?#\"'<>]*@")
_SCHEME = re.compile(
    r"((?<![\w-])(?:[Bb]earer|BEARER|Basic|BASIC|basic(?= {1,3}[\w+/]*[A-Z0-9=]))"
    r"(?: {1,3}|%20|\+))([\w.~+/=-]+)"
)
# What follows `Basic` and `Bearer` in sentences.
_PROSE = frozenset(
    "access and auth authentication authorization credentials error header headers info"
    " information is or realm scheme token tokens type was".split()
)
_JWT = re.compile(r"(?<![\w.-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----")
_KEY_ENDS = "-----END"


_Patterns = namedtuple("_Patterns", "names name hint")
_known = None


def _patterns():
    """What the list of secret names comes to. Codegen, which writes the list, runs without it."""
    global _known
    if _known is None:
        from cloudtower._spec import SECRET_NAMES

        names = SecretNames(SECRET_NAMES)
        # Only a text that has one of these can have a secret; \u00 may hide a quote or a letter.
        hint = names.pattern + r"|bearer|basic|:\\*/\\*/|\beyJ|PRIVATE KEY|\\u00"
        _known = _Patterns(names, re.compile(names.pattern, re.I), re.compile(hint, re.I))
    return _known


def is_secret(name):
    """Whether the value under a name is a secret."""
    return _patterns().names.match(name)


def text(body):
    """The text of a body, JSON or not, as it is or with the secrets in it hidden."""
    if not _patterns().hint.search(body):
        return body
    try:
        value = json_text.loads(body)
        shown = _without_secrets(value)
    except (ValueError, RuntimeError):  # no JSON, cut short, or nested too deeply
        return _plain(body)
    return body if shown == value else json.dumps(shown, ensure_ascii=bytes is str)


def secrets(value):
    """The texts in a JSON value whose names are those of secrets, list."""
    if isinstance(value, list):
        return [each for inner in value for each in secrets(inner)]
    if not isinstance(value, dict):
        return []
    found = []
    names_one = _has_name_of_secret(value)
    for name, inner in value.items():
        found += _texts(inner) if _hides(name, inner, names_one) else secrets(inner)
    return found


def _texts(value):
    if isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) else value
        return [each for one in inner for each in _texts(one)]
    return [TEXT(value)] if _holds(value) else []


def excerpt(body):
    """The beginning of a text with its secrets hidden, and how much more there is."""
    shown = text(body[:_LOOKED_AT])
    more = max(len(shown) - _SHOWN, 0) + max(len(body) - _LOOKED_AT, 0)
    return "%s... %d more characters" % (shown[:_SHOWN], more) if more else shown


def url(address):
    """The address without user and password, and without secrets in its query."""
    if "@" in address:
        before = "" if "://" in address else ":" if address.startswith("//") else "://"
        address = _BAD_USERINFO.sub(r"\1", before + address)
        address = _USERINFO.sub(r"\1", address)[len(before) :]
        address = _STRAY_USERINFO.sub(r"\1", address)
    return _values(address)


def headers(mapping):
    """The headers as they are, or a copy of them with the secrets hidden."""
    changed = {}
    for name, value in mapping.items():
        shown = HIDDEN if is_secret(name) else _plain(str(value))
        if shown != value:
            changed[name] = shown
    if not changed:
        return mapping
    shown = mapping.copy()
    for name, value in changed.items():
        shown[name] = value
    return shown


def _without_secrets(value):
    if isinstance(value, dict):
        names_one = _has_name_of_secret(value)
        return dict(
            (name, HIDDEN if _hides(name, inner, names_one) else _without_secrets(inner))
            for name, inner in value.items()
        )
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    if isinstance(value, TEXT) and _patterns().hint.search(value):
        # JSON inside of JSON, as some messages carry, or a sentence
        return text(value) if value.lstrip()[:1] in ("{", "[", '"') else _plain(value)
    return value


def _hides(name, value, names_one):
    return _holds(value) and (is_secret(name) or names_one and name == "value")


def _has_name_of_secret(value):
    """Whether an object names a secret that stands beside it: {"name": ..., "value": ...}."""
    names = [value.get("name"), value.get("key")]
    return any(isinstance(each, TEXT) and is_secret(each) for each in names)


def _holds(value):
    """Whether a value may be a secret: it says more than yes, no or nothing."""
    return bool(value) and value is not True


def _plain(body):
    """A text that is not JSON, with its secrets hidden by the look of them."""
    body = _keys(body)
    body = _values(body)
    body = _SCHEME.sub(_hide_credentials, body)
    body = _JWT.sub(HIDDEN, body)
    if "@" in body:
        body = _BAD_USERINFO.sub(r"\1%s@" % HIDDEN, body)
        body = _USERINFO.sub(r"\1%s@" % HIDDEN, body)
    return body


def _hide_credentials(match):
    kept = match.group(2).lower().rstrip(".") in _PROSE
    return match.group() if kept else match.group(1) + HIDDEN


def _keys(body):
    """Without the private keys in it, in the notation of PEM."""
    pieces, done = [], 0
    while True:
        begins = _KEY_BEGINS.search(body, done)
        if begins is None:
            break
        ends = body.find(_KEY_ENDS, begins.end())
        pieces += [body[done : begins.end()], HIDDEN]
        done = len(body) if ends < 0 else ends
    return "".join(pieces) + body[done:]


# ---- values behind a name ----------------------------------------------------

_REST_OF_NAME = re.compile(r"[\w-]*")
_LONGEST_NAME = 80
# `name: `, `"name": `, `\"name\": `, `'name' => `, `name=`, `%22name%22%3A`
_SEPARATOR = re.compile(r"(\\*[\"']|%22|&quot;|&#34;|&#39;)?(\s*(?:=>|:=|[:=]|%3[ADad])\s*)")
_FLAG = re.compile(r"[ \t]+(?![-\s])")
_QUOTE = re.compile(r"[bu]?(\\*)([\"'])")
_ESCAPED_QUOTES = ("%22", "&quot;", "&#34;", "&#39;")
_BRACKET = re.compile(r"[\[\]{}]")
_LINE_STARTS = re.compile(r"[\r\n][ \t>#*-]*$")
_ITEM = re.compile(r"[^\s,}\]]+")
_WORD = re.compile(r"[^\s&;\"'<>]+")
_SCHEME_AND_WORD = re.compile(
    r"(?:bearer|basic|digest|token|negotiate|ntlm)[ \t]+[^\s&;\"'<>]+", re.I
)
_LINE = re.compile(r"(?:(?![,;][ \t]+[\w-]+[ \t]*[:=])[^\r\n])+")
_WHOLE_LINE = re.compile(r"[^\r\n]+")
_NOTHING = frozenset(["true", "false", "null", "none", "nil", "undefined", HIDDEN])
# How tags look, as they are and within a page that shows them.
_TAGS = (("<", re.compile(r"(?:\s[^<>]*)?>")), ("&lt;", re.compile(r"[^<>&]*&gt;")))
# `<input name="password" value="...">`, `<entry key="password">...</entry>`
_NAME_IS = re.compile(r"\b(?:name|key|id)\s{0,3}=\s{0,3}[\"']?$")
_VALUE_IS = re.compile(
    r"[\"']?[^<>]{0,200}?\svalue\s{0,3}=\s{0,3}(?:\"([^\"]*)|'([^']*)|([^\s\"'<>]+))"
)
_CONTENT = re.compile(r"[\"']?[^<>]{0,200}>([^<]*)")
_PREFIX = re.compile(r"[\w.-]+:$")
_CDATA = "<![CDATA["


def _values(body):
    """Without the values of secrets in it, by the names that stand before them."""
    pieces, done, at = [], 0, 0
    while True:
        found = _patterns().name.search(body, at)
        if found is None:
            break
        start, at = _begin(body, found.start(), at), _REST_OF_NAME.match(body, found.end()).end()
        if not is_secret(body[start:at]):
            continue
        begins, ends = _value(body, start, at)
        if begins < ends and body[begins:ends].strip(" \t,;.)}]").lower() not in _NOTHING:
            pieces += [body[done:begins], HIDDEN]
            done = at = ends
    return "".join(pieces) + body[done:]


def _begin(body, at, limit):
    """Where the name begins that goes on at a place."""
    limit = max(limit, at - _LONGEST_NAME)
    while at > limit and (body[at - 1].isalnum() or body[at - 1] in "_-"):
        at -= 1
    return at


def _value(body, start, at):
    """(begin, end) of the value that belongs to a name; equal where there is none."""
    tag = _tagged(body, start, at)
    if tag is not None:
        return tag
    if _NAME_IS.search(_before(body, start)):
        named = _VALUE_IS.match(body, at) or _CONTENT.match(body, at)
        if named is not None:
            return named.span(named.lastindex)
    separator = _SEPARATOR.match(body, at)
    if separator is None:
        flag = body[start : start + 2] == "--" and _FLAG.match(body, at)
        return _unquoted(body, flag.end(), _WORD) if flag else (at, at)
    begins = separator.end()
    quote = _QUOTE.match(body, begins)
    if quote is not None:
        return quote.end(), _closing(body, quote.end(), len(quote.group(1)), quote.group(2))
    for escaped in _ESCAPED_QUOTES:
        if body.startswith(escaped, begins):
            begins += len(escaped)
            ends = body.find(escaped, begins)
            return begins, len(body) if ends < 0 else ends
    if body[begins : begins + 1] in ("{", "["):
        return begins, _balanced(body, begins)
    between = separator.group(2)
    if "\n" in between or "\r" in between:  # nothing, and then another line
        return begins, begins
    if separator.group(1):
        return _unquoted(body, begins, _ITEM)
    return _unquoted(body, begins, _extent(body, start, at, begins, between))


def _extent(body, start, at, begins, between):
    """The pattern of an unquoted value: a word, or what is left of the line."""
    before = _before(body, start)
    if before[-1:] in ("'", '"') and ":" in between:  # `-H "Cookie: a=b; c=d"`
        return re.compile(r"[^\r\n%s]+" % before[-1])
    if ":" in between and body[start:at].lower().endswith("cookie"):
        return _WHOLE_LINE
    if between.strip() != between and _LINE_STARTS.search(before):
        return _LINE
    return _SCHEME_AND_WORD if _SCHEME_AND_WORD.match(body, begins) else _WORD


def _before(body, start):
    """Some of the text before a place, and a line break where the whole text begins."""
    return body[start - 40 : start] if start > 40 else "\n" + body[:start]


def _unquoted(body, begins, pattern):
    match = pattern.match(body, begins)
    return begins, match.end() if match else begins


def _tagged(body, start, at):
    """(begin, end) of what stands between tags of a name, or None."""
    before = _PREFIX.sub("", _before(body, start))
    for mark, rest in _TAGS:
        tag = rest.match(body, at) if before.endswith(mark) else None
        if tag is not None:
            begins = tag.end()
            if body.startswith(_CDATA, begins):
                begins, mark = begins + len(_CDATA), "]]>"
            ends = body.find(mark, begins)
            return begins, len(body) if ends < 0 else ends
    return None


def _closing(body, at, escapes, quote):
    """Where a quoted text ends whose first quote has that many backslashes before it.

    Each level of JSON in JSON doubles the backslashes, so those of a quote
    within the text are 2 * escapes + 1, and those of a backslash at its end a
    multiple of 2 * escapes + 2.
    """
    begins = at
    while True:
        at = body.find(quote, at)
        if at < 0:
            return len(body)
        first = at
        while first > begins and body[first - 1] == "\\":
            first -= 1
        if at - first < escapes:  # the text around it ends first
            return first
        if (at - first) % (2 * escapes + 2) == escapes:
            return at - escapes
        at += 1
        begins = at


def _balanced(body, at):
    """Where the list or object ends that begins there, by its brackets."""
    depth = 0
    for bracket in _BRACKET.finditer(body, at):
        depth += 1 if bracket.group() in "[{" else -1
        if not depth:
            return bracket.end()
    return len(body)
