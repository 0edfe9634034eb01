"""`Configuration.read_only`: what may change something is not sent.

An operation is a read or a write by its row. Any other request has to be a GET or HEAD, or
to have method and path of a known read. Logging in is allowed: without it nothing can be read.
"""

import re

from cloudtower import _spec
from cloudtower._http import address
from cloudtower._runtime import codec, expected, json_text, late, mask
from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ReadOnlyError

_SAFE = ("GET", "HEAD")
_LOGIN = ("POST", "/login")
_GRAPHQL_PATH = "/api"

_QUERY_OR_FRAGMENT = re.compile(r"[^?#]*")
_QUOTED = re.compile(r'"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\r\n])*"|#[^\r\n]*')
_TOKEN = re.compile(r"[{}()\[\]]|\w+")


def check_operation(operation, client):
    """Refuse a write of a client that only reads.

    Parameters:
        operation: Operation.
        client: an ApiClient, or what looks like one. Of several nodes one that is read-only
            is enough: after a failover any other may be the active one.

    Raises ReadOnlyError.
    """
    if operation.read or (operation.method, operation.path) == _LOGIN:
        return
    if is_read_only(client):
        raise _refusal(
            operation.label, "it is a write", operation.method, operation=operation.label
        )


def check_call(client, method, url, body=None):
    """Refuse a request of a client that only reads where it is not known to be a read.

    Parameters: client as for `check_operation`, the others as for `check_request`.
    """
    if is_read_only(client):
        _check(client.configuration, method, url, body)


def check_request(configuration, method, url, body=None, read=False):
    """Refuse a request that is not known to be a read, where the configuration only reads.

    Parameters:
        configuration: that of the client or node, Configuration.
        method: str.
        url: absolute address, or the path below that of the API, str.
        body: as given, or encoded.
        read: whether it is known to be a read, bool.

    Raises ReadOnlyError.
    """
    if _is_on(configuration) and not read:
        _check(configuration, method, url, body)


def _check(configuration, method, url, body):
    method = str(method).upper()
    if method in _SAFE:
        return
    path = _QUERY_OR_FRAGMENT.match(url).group()
    ways = set((method, each) for each in _below(path, configuration.host or ""))
    if _LOGIN in ways or not ways.isdisjoint(_known_reads()):
        return
    if method == "POST" and path.endswith(_GRAPHQL_PATH) and is_query(body):
        return
    what = "%s %s" % (method, mask.url(path))
    raise _refusal(what, "this is not known to be a read", method, mask.url(path))


def _refusal(what, why, method, url=None, operation=None):
    error = ReadOnlyError("%s was not sent: Configuration.read_only is set, and %s" % (what, why))
    error.operation, error.method, error.url = operation, method, url
    return error


def is_read_only(client):
    """Whether a client only reads, bool; see `check_operation`."""
    return any(_is_on(each) for each in expected.configurations(client))


def _is_on(configuration):
    value = getattr(configuration, "read_only", False)
    if value is True or not value:
        return bool(value)
    # An attribute of a mock is another mock.
    return isinstance(configuration, late.module("configuration").Configuration)


def _below(path, host):
    """What a path may be below that of the API, list of str."""
    if path.startswith("/"):
        return [path]
    path = address.with_scheme(path, "http")
    found = []
    host = address.with_scheme(host, "http").rstrip("/")
    if path.startswith(host + "/"):
        found.append(path[len(host) :])
    _, marker, rest = path.partition(_spec.SERVER_PATH + "/")
    if marker:
        found.append("/" + rest)
    return found


_reads = []  # the set of (method, path) of all reads, once it has been asked for


def _known_reads():
    if not _reads:
        catalog = late.module("api").catalog
        tables = [catalog.load(name).__operations__ for name in catalog.homes]
        rows = (row for table in tables for row in table.values())
        _reads.append(frozenset((row.method, row.path) for row in rows if row.read))
    return _reads[0]


def is_query(body):
    """Whether a body for GraphQL, as given or encoded, only asks."""
    try:
        if body.__class__ is codec.Encoded:
            body = body.text
        if isinstance(body, (bytes, TEXT)):
            body = json_text.loads(body)
        bare = _QUOTED.sub(" ", body["query"] if isinstance(body, dict) else '"')
    except (KeyError, TypeError, ValueError):
        return False
    if '"' in bare:  # a text without an end
        return False
    depth = 0
    for token in _TOKEN.findall(bare):
        if token in ("{", "(", "["):
            depth += 1
        elif token in ("}", ")", "]"):
            depth -= 1
        elif not depth and token in ("mutation", "subscription"):
            return False
    return depth == 0
