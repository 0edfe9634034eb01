"""The secrets of a request in its own response: some servers and proxies echo what they get.

There the secret has no name that `mask` could know it by.
"""

import base64
import json
import re

from six.moves.urllib.parse import parse_qsl, quote, quote_plus

from cloudtower._runtime import json_text, mask
from cloudtower._runtime.codec import Encoded
from cloudtower._runtime.text import TEXT, printable

_LONG = 8  # characters; a shorter secret is hidden only where it stands as a word of its own
_SHORTEST = 3  # anything shorter is not a secret, and occurs in every text
_LEVELS = 3  # of JSON texts within JSON texts
_HTML = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;"))


def hide(error, request):
    """Hide the secrets of a request in the ApiException that it led to.

    Parameters:
        error: ApiException; its body, reason and headers are changed, and the cause of one of
            the network.
        request: Request, encoded or not.
    """
    secrets = of(request)
    if secrets is None:
        return
    error.body = hidden(error.body, secrets)
    error.reason = hidden(error.reason, secrets)
    cause = getattr(error, "cause", None)
    if cause:
        error.cause = hidden(cause, secrets)
    changed = [
        (name, shown)
        for name, value in (error.headers or {}).items()
        for shown in [hidden(value, secrets)]
        if shown != value
    ]
    if changed:
        error.headers = error.headers.copy()
        for name, shown in changed:
            error.headers[name] = shown


def of(request):
    """A pattern of the secrets that a request has sent, or None where there are none."""
    sent = request.limits and request.limits.latest or request
    found = set()
    for name, value in sent.headers.items():
        if mask.is_secret(name):
            found.update(_of_header(_text(value)))
    found.update(_of_query(sent.url.partition("?")[2]))
    found.update(_of_body(sent.body))
    forms = set()
    for secret in found:
        forms.update(_forms(secret))
    if not forms:
        return None
    # A longer one goes first, as it may begin like a shorter one.
    forms = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile("|".join(map(_pattern, forms)))


def hidden(text, secrets):
    """A text without those secrets, `str`. What is not text, or has none of them, is unchanged.

    Parameters:
        text: str, bytes or anything else.
        secrets: as `of` returns it.
    """
    if secrets is None or not isinstance(text, (TEXT, bytes)):
        return text
    shown, count = secrets.subn(mask.HIDDEN, _text(text))
    return printable(shown) if count else text


def _pattern(form):
    escaped = re.escape(form)
    return escaped if len(form) >= _LONG else r"(?<!\w)%s(?!\w)" % escaped


def _of_header(value):
    yield value
    for part in re.split(r"[\s;,]+", value):
        yield part.partition("=")[2].rstrip("=")  # of a cookie
    scheme, _, credentials = value.strip().partition(" ")
    yield credentials
    if scheme.lower() == "basic":
        try:
            octets = base64.b64decode(credentials.encode("ascii"))
        except (ValueError, TypeError):  # 2.7 raises the second
            return
        yield _text(octets).partition(":")[2]


def _of_query(query):
    pairs = parse_qsl(query) if query else ()
    return [_text(value) for name, value in pairs if mask.is_secret(name)]


def _of_body(body):
    text = body.text if isinstance(body, Encoded) else body
    if not isinstance(text, (TEXT, bytes)) or text[:2] in (b"--", "--"):
        return []  # a form with files
    text = _text(text)
    try:
        return mask.secrets(json_text.loads(text))
    except (ValueError, RuntimeError):
        return _of_query(printable(text))


def _forms(secret):
    """How a secret may come back: as it is, in JSON, percent-encoded, or in a web page."""
    if len(secret.strip()) < _SHORTEST:
        return
    octets = secret.encode("utf-8")
    for encode in (quote, quote_plus):
        yield _text(encode(octets, safe=""))
    page = secret
    for character, entity in _HTML:
        page = page.replace(character, entity)
    yield page
    for is_ascii in (True, False):
        form = secret
        for _ in range(1 + _LEVELS):
            yield form
            form = _text(json.dumps(form, ensure_ascii=is_ascii)[1:-1])


def _text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else TEXT(value)
