"""What to do where a response shows it: an address is wrong, or an object locked."""

import re

from cloudtower import _spec
from cloudtower._runtime import mask

# nginx, Go and Apache, in this order
_WANTS_TLS = re.compile(
    r"plain HTTP request was sent to HTTPS|HTTP request to an HTTPS server"
    r"|speaking plain HTTP to an SSL|requires TLS",
    re.I,
)
MAY_LOCK = re.compile("locked", re.I)  # so that other bodies are not parsed for it
_PLAIN = re.compile(r"http://", re.I)
_PARTS = re.compile(r"([^/?#]*//[^/?#]*)([^?#]*)")

USE_TLS = "The server speaks TLS at this port: use https:// in Configuration.host."
USE_PLAIN = (
    "The server does not speak TLS at this port but probably plain http:"
    " use http:// in Configuration.host."
)
USE_PROXY_USER = (
    # Worded so that nothing in it looks like a secret, which the text of an error hides.
    "The proxy requires a user and a password. Put both before the host in Configuration.proxy,"
    " with a colon between them and an @ after them."
)


def on(error, url):
    """Advice on a failed call, one sentence, or None.

    Parameters:
        error: ApiException with a status, body and reason.
        url: of the request, str.
    """
    if not error.status:
        return None  # a network failure: its reason says what to check
    if error.status == 407:
        return USE_PROXY_USER
    if 400 <= error.status < 500 and _PLAIN.match(url):
        if _WANTS_TLS.search((error.body or "")[:10000]):
            return USE_TLS
    if MAY_LOCK.search(error.body or ""):
        lock = error._failure().lock
        if lock is not None:
            return on_lock(lock) + _OR_WAIT
    missing = error.status in (404, 405) or "web page" in (error.reason or "")
    return _on_path(url) if missing else None


def on_lock(lock):
    """Advice on objects that a task has locked, for the `failure.Lock` of an error."""
    names = [" ".join(filter(None, each)) for each in lock.objects] or ["The object"]
    locked = "%s %s locked" % (", ".join(names), "is" if len(names) == 1 else "are")
    if lock.tasks:
        return "%s by a task: cloudtower.utils.wait_tasks(%r, client), then try again." % (
            locked,
            lock.tasks,
        )
    ids = ", ".join('"%s"' % id for _, id in lock.objects)
    where = ('"resource_id_in": [%s], ' % ids if ids else "") + _RUNNING
    return (
        "%s by a task that is still running: wait for it with cloudtower.utils.wait_task,"
        ' then try again. TaskApi(client).get_tasks({"where": {%s}}) finds it.' % (locked, where)
    )


_OR_WAIT = " Or repeat the call with _lock_timeout=SECONDS, which waits by itself."
_RUNNING = '"status_in": ["PENDING", "EXECUTING"]'


def _on_path(url):
    match = _PARTS.match(url)
    if match is None or _spec.SERVER_PATH + "/" in match.group(2) + "/":
        return None
    return "The URL lacks the API path %s: try Configuration.host = %r." % (
        _spec.SERVER_PATH,
        str(mask.url(match.group(1)) + _spec.SERVER_PATH),
    )
