"""Network failures: there was no response, or it could not be read.

Each of the five classes is an ApiException with status 0, and also what urllib3
raises in such a case, so that a script catches it by either name:

    try:
        vm_api.get_vms({})
    except ApiTimeoutError as error:
        print(error.operation, error.outcome)

This module loads urllib3; `cloudtower.exceptions` does not.
"""

import errno
import os
import re
import socket
import ssl

from six.moves import http_client
from urllib3 import exceptions

from cloudtower._http import advice as advices
from cloudtower._http import fingerprint
from cloudtower._runtime import mask
from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import NOT_SENT, UNKNOWN, ApiException

#: Where scripts import the classes from, and where pickles look for them.
_PUBLIC = "cloudtower.network_errors"


class _NetworkError(ApiException):
    """What the five classes share.

    Parameters:
        status: always 0.
        reason: what happened, to which server, and what to try, str.
        outcome: whether the request may have taken effect: "not_sent" or "unknown".
        url: address of the request without user, password and query, str.

    Attributes besides these and those of ApiException:
        cause: what happened, str, or None.
    """

    retryable = True
    cause = None
    pool = None  # urllib3's name for the connections, which nobody needs after the fact

    def __init__(self, status=0, reason=None, outcome=UNKNOWN, url=None):
        # urllib3's own __init__ methods want connections, and are not called.
        ApiException.__init__(self, status, reason)
        self.outcome = outcome
        self.url = url

    def __reduce__(self):
        return type(self), (), self.__dict__.copy()

    def _is_one_of_several(self):
        if self.reason:
            self.reason = self.reason.replace(_NOTHING_SENT, _THIS_NOT_SENT)

    def _details(self):
        operation = "Operation: %s" % self.operation if self.operation else ""
        more = self.advice if (self.advice or "") not in (self.reason or "") else ""  # of a helper
        return [line for line in (operation, self._tried(), more) if line]


_NOTHING_SENT = "Nothing was sent."
_THIS_NOT_SENT = "This request was not sent."


class ApiConnectionError(_NetworkError, exceptions.MaxRetryError, exceptions.NewConnectionError):
    """The server could not be reached: nothing listens there, or its name is unknown."""

    __module__ = _PUBLIC


class ApiTimeoutError(
    _NetworkError,
    exceptions.MaxRetryError,
    exceptions.ReadTimeoutError,
    exceptions.ConnectTimeoutError,
):
    """Connecting, or the response, took longer than the timeout allows."""

    __module__ = _PUBLIC


class ApiTLSError(_NetworkError, exceptions.MaxRetryError, exceptions.SSLError):
    """No secure connection: the certificate is not trusted, or the server speaks no TLS.

    Attributes besides those of ApiException:
        fingerprint: SHA-256 of a certificate that is not trusted, as
            `Configuration.ssl_fingerprint` takes it, str, or None.
    """

    __module__ = _PUBLIC
    fingerprint = None


class ApiProxyError(_NetworkError, exceptions.MaxRetryError, exceptions.ProxyError):
    """The proxy could not be reached, or refused to connect to the server."""

    __module__ = _PUBLIC


class ApiProtocolError(_NetworkError, exceptions.MaxRetryError, exceptions.ProtocolError):
    """The connection broke, or the response was not HTTP."""

    __module__ = _PUBLIC


_FILES_ADVICE = "Check the files Configuration.ssl_ca_cert, cert_file and key_file."
# What OpenSSL says of files that are missing, or hold no certificate or key.
_UNUSABLE_FILE = ("no such file", "no certificate or crl", "no start line", "pem lib")


def translate(error, method, url, resendable=False, limits=None, look=None, files=()):
    """The exception of this module for one of urllib3's.

    Parameters:
        error: a `urllib3.exceptions.HTTPError`, or an OSError.
        method: of the request, str.
        url: of the request, str.
        resendable: whether a server may have processed the call before this
            attempt: urllib3 repeated it, or a redirect (303) followed it, bool.
        limits: the Limits of the call, or None.
        look: callable() that returns the fingerprint of the server's certificate, or None.
        files: (setting, path) of the files that TLS reads, pairs of str.

    Returns one of the five; the caller raises it, with `error` as its cause.
    """
    causes = _causes(error)
    _hide_secrets(causes)
    make, advice, sent = _classify(causes, url)
    is_alert = advice == advices.USE_TLS  # it was sent, but no HTTP server has seen it
    if limits is not None and limits.sent is not None and not is_alert:
        sent = limits.sent
    if limits is not None and limits.expired():
        make, advice = ApiTimeoutError, "The call as a whole was limited to %g seconds. %s" % (
            limits.whole,
            _ADVICE_ON_TIME,
        )
    lasting = advice in _LASTING
    if advice == _FILES_ADVICE:
        advice += "".join(
            " %s, %s, does not exist." % (setting, path)
            for setting, path in files
            if not os.path.exists(path)
        )
    seen = None
    if advice in (_TRUST_AUTHORITY, _CHECK_FINGERPRINT):
        seen = _fingerprint(causes) or (look and look())
        if seen:
            advice = _SEEN % (seen, _HOW_TO_TRUST[advice])
    url = mask.url(url).split("?")[0]
    what = "%s %s: %s" % (method, url, _message(causes))
    outcome = UNKNOWN if sent or resendable else NOT_SENT
    fate = (
        _NOTHING_SENT if outcome == NOT_SENT else "The server may still have processed the request."
    )
    failure = make(reason=". ".join([what, " ".join([fate, advice])]), outcome=outcome, url=url)
    failure.method = method
    failure.cause = _message(causes)
    failure.advice = advice
    failure.retryable = not lasting
    if seen:
        failure.fingerprint = seen
    return failure


_ADVICE_ON_TIME = "Allow more time with _request_timeout or Configuration.timeout."


_TRUST_AUTHORITY = (
    "Set Configuration.ssl_ca_cert to the CA that issued the certificate, or verify_ssl = False if"
    " you trust the network."
)
_CHECK_FINGERPRINT = (
    "The server's certificate does not match Configuration.ssl_fingerprint: it was renewed,"
    " or another machine is responding in its place."
)
_SEEN = "The SHA-256 fingerprint of the server's certificate is %s. %s"
_HOW_TO_TRUST = {
    _TRUST_AUTHORITY: "If it is the same on the server itself, set Configuration.ssl_fingerprint"
    " to it; or set Configuration.ssl_ca_cert to the CA that issued the certificate. verify_ssl ="
    " False would accept any server.",
    _CHECK_FINGERPRINT: "It does not match Configuration.ssl_fingerprint. If the certificate was"
    " renewed, and it is the same on the server itself, set ssl_fingerprint to it;"
    " otherwise another machine is responding in its place.",
}
_CHECK_HOST = "Check the address in Configuration.host."
_CHECK_TLS = "Check the certificates on both sides, and which TLS versions they support."


def _hide_secrets(causes):
    """Take secrets out of the texts of causes: a traceback shows them all."""
    for cause in causes:
        known = getattr(cause, "args", ())
        shown = tuple(mask.text(e) if isinstance(e, (str, TEXT)) else e for e in known)
        if shown != known:
            cause.args = shown


def _classify(causes, url):
    """(class, advice, whether the request may have been sent) for a chain of causes."""
    if _any(causes, exceptions.ProxyError):
        # Before 2.0 every socket error behind a proxy is a ProxyError, sent or not.
        reached = not _any(causes, exceptions.NewConnectionError, exceptions.ConnectTimeoutError)
        reached = reached and "Tunnel connection failed" not in _message(causes)
        denied = "Tunnel connection failed: 407" in _message(causes)
        advice = (
            advices.USE_PROXY_USER if denied else "Check Configuration.proxy and proxy_headers."
        )
        return ApiProxyError, advice, reached
    if _any(causes, exceptions.NewConnectionError):
        return ApiConnectionError, _advise_connection(causes), False
    if _any(causes, exceptions.ConnectTimeoutError):
        advice = "Check the address in Configuration.host, and any firewalls in between."
        return ApiTimeoutError, advice, False
    if _any(causes, exceptions.TimeoutError, socket.timeout):
        return ApiTimeoutError, _ADVICE_ON_TIME, True
    if _any(causes, exceptions.SSLError, ssl.SSLError):
        return (ApiTLSError,) + _classify_tls(causes)
    if any(_TLS_RECORD.match(str(part)) for cause in causes for part in cause.args[:1]):
        return ApiProtocolError, advices.USE_TLS, False
    if errno.ENOENT in _numbers(causes):
        return ApiTLSError, _FILES_ADVICE, False
    if _any(causes, exceptions.LocationValueError):
        return ApiConnectionError, _CHECK_HOST, False
    if _any(causes, exceptions.ResponseError):
        return ApiProtocolError, "The server is overloaded or down; try again later.", True
    if _any(causes, exceptions.PoolError) and not _any(causes, exceptions.MaxRetryError):
        return ApiConnectionError, "No connection was free.", False
    advice = "Check whether a proxy or another service responds there."
    closed = _any(causes, http_client.BadStatusLine) and "HTTP/" not in _message(causes)
    if closed or errno.ECONNRESET in _numbers(causes):
        # How servers react that expect TLS, or do not know it.
        other = "plain http" if url.lower().startswith("https:") else "TLS"
        scheme = "http" if other == "plain http" else "https"
        advice += " If it speaks %s at this port, use %s:// in Configuration.host." % (
            other,
            scheme,
        )
    return ApiProtocolError, advice, True


# What only a change of the settings mends.
_LASTING = (
    _CHECK_FINGERPRINT,
    advices.USE_PLAIN,
    advices.USE_PROXY_USER,
    advices.USE_TLS,
    _CHECK_HOST,
    _CHECK_TLS,
    _FILES_ADVICE,
    _TRUST_AUTHORITY,
)

# What comes back where a plain request meets TLS: an alert, or a handshake.
_TLS_RECORD = re.compile(r"(b?['\"])?(\x15|\x16|\\x15|\\x16)(\x03|\\x03)")
_NO_TLS = (
    "wrong version number",
    "unknown protocol",
    "http_request",
    "http request",
    "record layer failure",
    "packet length too long",
)


def _numbers(causes):
    return [getattr(cause, "errno", None) for cause in causes]


def _classify_tls(causes):
    """(advice, whether the request may have been sent) for a failure of TLS."""
    text = " ".join(str(cause) for cause in causes).lower()
    if "fingerprints did not match" in text:
        return _CHECK_FINGERPRINT, False
    if "verify failed" in text or "hostname" in text or "doesn't match" in text:
        return _TRUST_AUTHORITY, False
    if any(each in text for each in _NO_TLS):
        return advices.USE_PLAIN, False
    if any(each in text for each in _UNUSABLE_FILE):
        return _FILES_ADVICE, False
    advice = _CHECK_TLS
    if "eof occurred" in text or "unexpected eof" in text:
        advice += " If the server speaks plain http at this port, use http://."
    return advice, True


_GOT = re.compile("got \\W*b?\\W*([0-9a-f]{64})")


def _fingerprint(causes):
    """The fingerprint that urllib3 found to be another one than was set, or None."""
    found = _GOT.search(" ".join(str(cause) for cause in causes))
    return fingerprint.shown(found.group(1)) if found else None


# How urllib3 1.x shows that a name is unknown: numbers of getaddrinfo on each system.
_UNRESOLVED = re.compile(r"\[Errno (-\d+|8|1100\d)\]")


def _advise_connection(causes):
    if _any(causes, socket.gaierror) or any(_UNRESOLVED.search(str(cause)) for cause in causes):
        return "Check the host name in Configuration.host and your DNS settings."
    return "Check the address in Configuration.host, and that the server is running."


def _any(causes, *classes):
    return any(isinstance(cause, classes) for cause in causes)


def _causes(error):
    """The error and what it was made of, outermost first."""
    causes = []
    while isinstance(error, BaseException) and error not in causes:
        causes.append(error)
        error = _cause(error)
    return causes


def _cause(error):
    for name in ("reason", "original_error", "__cause__"):
        inner = getattr(error, name, None)
        if isinstance(inner, BaseException):
            return inner
    for inner in reversed(getattr(error, "args", ())):
        if isinstance(inner, BaseException):
            return inner
    return None


# Before the text of many errors stands the connection, as repr() shows it.
_CONNECTION = re.compile(r"^(<[^>]*>|\w+\([^)]*\)): ")


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # a server may have sent what is quoted
_LONGEST = 300


def _message(causes):
    """What the innermost cause says, without the address of an object in memory."""
    for cause in reversed(causes):
        texts = [part for part in getattr(cause, "args", ()) if isinstance(part, (str, TEXT))]
        text = getattr(cause, "strerror", None) or (texts[-1] if texts else "")
        text = _CONNECTION.sub("", text).strip(" .")
        if text:
            shown = _CONTROL.sub(lambda found: "\\x%02x" % ord(found.group()), text[:_LONGEST])
            return mask.url(shown)
    return type(causes[0]).__name__
