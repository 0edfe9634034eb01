"""The version of a client's server, and what a call needs that is newer than it."""

import socket

from cloudtower._http import limits, result
from cloudtower._http.message import Request
from cloudtower._http.network_errors import translate
from cloudtower._runtime import late, since
from cloudtower._runtime.locks import Lock
from cloudtower._runtime.overrides import is_own
from cloudtower._runtime.version import ServerVersion
from cloudtower.exceptions import (
    ApiException,
    LoginRefused,
    NewerServerWarning,
    ResourceLocked,
)

_PATH = "/get-version"
_FOREVER = float("inf")
_SECONDS = 5  # that a call may wait which did not ask for the version itself
_SHOWN = 3  # fields that a text names
_SILENCE = " To silence this: Configuration.warn_newer = False"
_OLDEST = "1.8.0"  # what the versions of the interface begin with


def of(client):
    """The Version of a client."""
    return client.__dict__.get("_version") or client.__dict__.setdefault("_version", Version())


class Version(object):
    """What one client knows of its server's version. Threads share it.

    Attributes:
        known: ServerVersion, or None.
    """

    def __init__(self):
        self.known = None
        self._lock = Lock()  # held by whoever asks
        self._chances = [None]  # of asking when the script has not; `pop` is atomic

    def ask(self, client, timeout=None):
        """The ServerVersion, which is asked for once.

        Parameters:
            client: the ApiClient whose server it is.
            timeout: as `_request_timeout`.

        Raises ApiException.
        """
        if self.known is None:
            request = Request("GET", _PATH, timeout=timeout)
            bounds = limits.of_call(request, client.configuration)
            if not self._lock.acquire(bounds.end, limits.now):
                raise _late(client, bounds)
            try:
                if self.known is None:
                    with limits.within(_FOREVER if bounds.end is None else bounds.left()):
                        self.known = ServerVersion(_asked(client, timeout))
            finally:
                self._lock.release()
        return self.known

    def advice(self, client, request, error):
        """Advice on a call that failed, where it needs a newer server; text, or None.

        The server is asked for its version once, for 5 seconds and what the call has left at
        most. Whatever goes wrong on the way is kept from the caller, who has an error already.

        Parameters:
            client: the ApiClient, or that of the active node.
            request: the Request, not encoded yet, with its limits.
            error: the ApiException, with status 400 or 404.
        """
        if isinstance(error, (LoginRefused, ResourceLocked)):
            return None
        try:
            needs = _needs(request)
            return _sentence(needs, self._look(client, request.limits)) if needs else None
        except Exception:  # see above
            return None

    def warn(self, client, operation, body, bounds):
        """Warn of a call that needs a newer server: `Configuration.warn_newer`.

        Parameters:
            client: the ApiClient.
            operation: Operation.
            body: as it is sent, an Encoded.
            bounds: the Limits of the call.

        Raises NewerServerWarning where the filters of `warnings` make errors of warnings.
        """
        needs = _newer(since.of_call(operation, body), _OLDEST)
        if not needs:
            return
        if self.known is None and self._chances:
            try:
                self.ask(client, _seconds(bounds))
            except ApiException:
                self._chances = []
        text = _sentence(needs, self.known)
        if text is not None:
            from cloudtower._runtime import caller

            if not text.startswith(operation.label + " "):
                text = "%s: %s" % (operation.label, text)
            caller.warn([text + _SILENCE], NewerServerWarning)

    def _look(self, client, bounds):
        """The ServerVersion, None where it cannot be had at once. Nobody waits for another."""
        if self.known is None and self._chances and getattr(client, "_transport", None) is None:
            try:
                self._chances.pop()
            except IndexError:
                return None
            self.known = ServerVersion(_looked_up(client, _seconds(bounds)))
        return self.known


def _asked(client, timeout):
    text = client.call_api(
        _PATH,
        "GET",
        response_types_map={200: "str"},
        auth_settings=[],
        _return_http_data_only=True,
        _request_timeout=timeout,
    )
    return text or ""


def _seconds(bounds):
    """Seconds to wait for a version that a call has not asked for, given its Limits."""
    return limits.smaller(_SECONDS, bounds.left())


def _late(client, bounds):
    """The ApiTimeoutError of a call that waited for another thread to ask."""
    bounds.sent = False
    url = client._with_scheme(client.configuration.host + _PATH)
    waited = socket.timeout("another thread asks for the server's version, and takes longer")
    return translate(waited, "GET", url, limits=bounds)


def _looked_up(client, seconds):
    """The version, text, by a single attempt that leaves no trace in the client."""
    rest = client.rest_client
    if not is_own(client.request) or not is_own(rest.request):
        raise ValueError("a script's own functions send the requests")
    url = client._with_scheme(client.configuration.host + _PATH)
    headers = client._headers(None, is_form=False)
    response = rest.send(Request("GET", url, headers=headers, timeout=seconds, read=True))
    response.as_text()
    return result.decode(response, "str")


def _needs(request):
    """What of a request an older server may lack, list of Need."""
    api, _, method = (request.operation or "").partition(".")
    catalog = late.module("api").catalog
    if api not in catalog.homes:
        return []
    operation = catalog.load(api).__operations__.get(method)
    return _newer(since.of_call(operation, request.body), _OLDEST) if operation else []


def _newer(needs, version):
    return [each for each in needs if ServerVersion(each.version) > version]


def _sentence(needs, version):
    """What a call needs that a server lacks, one sentence, or None."""
    missing = _newer(needs, version) if version is not None else []
    if not missing:
        return None
    if not missing[0].is_field:
        missing = missing[:1]  # it has all of the fields
    parts = [
        ("`%s` needs CloudTower %s" if each.is_field else "%s needs CloudTower %s") % each[:2]
        for each in missing[:_SHOWN]
    ]
    if len(missing) > _SHOWN:
        parts.append("...")
    shown = ".".join(map(str, version.release))
    if shown != version.text:
        shown += " (%s)" % version.text
    return "%s; this server is %s." % (", ".join(parts), shown)
