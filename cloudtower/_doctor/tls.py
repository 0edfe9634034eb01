"""The step that looks at TLS: its version, the certificate, and whether this client trusts it."""

import re
import socket
import time

import urllib3

from cloudtower._doctor import certificate, deadline, network, privacy, server
from cloudtower._doctor.report import FAIL, OK, WARN, Result
from cloudtower._http import address, limits, peer
from cloudtower.exceptions import ApiException
from cloudtower.network_errors import ApiTLSError

_DAY = 86400
_SOON = 30  # days
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def look(visit):
    """Read the certificate without trusting it, then have the client connect as it always does."""
    configuration = visit.configuration
    if address.scheme_of(configuration.host) == "http":
        return _plain(visit)
    found, notes, advice, facts, private = None, [], [], {"used": True}, {}
    try:
        found, facts["version"] = deadline.run(_read, visit)
    except (urllib3.exceptions.HTTPError, socket.error, ValueError) as error:
        notes.append("the certificate cannot be read: %s" % _plainly(network.what(error)))
    if found is not None:
        notes += _describe(visit, found, facts, private)
    state, summary = _trust(configuration, advice)
    if found is not None:
        state, summary = _look_at_dates(found, state, summary, advice)
    failure = _failure(visit)
    if isinstance(failure, ApiTLSError) or (failure is not None and found is None):
        is_dated = found is not None and not found.begins <= time.time() <= found.ends
        # The OpenSSL of old Pythons does not say why it trusts no certificate.
        state, summary = FAIL, summary if is_dated else _plainly(server.what(failure))
        advice.append(failure.advice)
    is_checked = configuration.verify_ssl or configuration.ssl_fingerprint
    facts["trusted"] = state != FAIL and bool(is_checked)
    if found is not None and facts["trusted"] and _is_public(configuration):
        private["sha256"] = facts.pop("sha256")
    elif found is not None and state != FAIL:
        notes.append("SHA-256 %s" % found.sha256)
    return Result(state, summary, notes, advice, facts, private)


def _trust(configuration, advice):
    """(state, summary) of how the client checks certificates."""
    if configuration.ssl_fingerprint:
        return OK, "the certificate is that of ssl_fingerprint"
    if configuration.verify_ssl:
        return OK, "the certificate is trusted"
    advice.append("Anyone in between can read the traffic. Trust the certificate with ssl_ca_cert.")
    return WARN, "certificates are not checked (verify_ssl is off)"


def _is_public(configuration):
    """Whether an authority of the system issued what is trusted.

    Public authorities write into public logs, where a fingerprint leads to the host's name.
    """
    return not configuration.ssl_ca_cert and not configuration.ssl_fingerprint


def _plain(visit):
    if visit.host in _LOOPBACK:
        return Result(OK, "not used: plain http on this machine", facts={"used": False})
    return Result(
        WARN,
        "not used: plain http",
        advice=["Password and token travel unencrypted: use https:// in the address."],
        facts={"used": False},
    )


def _read(visit):
    """(Certificate, version of TLS), trusting whatever comes: nothing is sent there."""
    seconds = deadline.left()
    octets, version = peer.certificate_of(
        visit.configuration, visit.configuration.host, limits.Limits(seconds, seconds, seconds)
    )
    return certificate.read(octets) if octets else None, version


def _describe(visit, found, facts, private):
    """Lines about a certificate, list; what it says goes into the facts, too."""
    for name in (found.subject, found.issuer):
        for part in name.split(", "):
            visit.words.add(part.partition("=")[2], "name")
    is_own = found.subject == found.issuer
    days = int((found.ends - time.time()) // _DAY)
    ends = _date(found.ends)
    facts.update(self_signed=is_own, expires=ends, days_left=days, sha256=found.sha256)
    private.update(subject=found.subject, issuer=found.issuer)
    when = "expired %d days ago" % -days if days < 0 else "expires in %d days" % days
    issued = "self-signed" if is_own else "issued by a CA"
    return ["%s, %s, %s (%s)" % (facts["version"], issued, when, ends)]


def _look_at_dates(found, state, summary, advice):
    now = time.time()
    if now < found.begins:
        advice.append("Check the clocks of this machine and of the server.")
        return WARN, "the certificate is not valid before %s" % _date(found.begins)
    if now > found.ends:
        advice.append("Renew the certificate of the server, or check the clock of this machine.")
        return WARN, "the certificate has expired on %s" % _date(found.ends)
    if found.ends - now < _SOON * _DAY:
        advice.append("Renew the certificate of the server in time.")
        return WARN, summary + ", but expires soon"
    return state, summary


def _failure(visit):
    """The ApiException that the client itself raises, or None."""
    try:
        visit.client.rest_client.probe(visit.configuration.host, visit.options.timeout)
    except ApiException as error:
        return error
    return None


# What Python puts around the words of OpenSSL: "[SSL: NAME] words (_ssl.c:1006)".
_AROUND = re.compile(r"\[SSL[^\]]*\]\s*|\s*\(_ssl\.c:\d+\)")


def _plainly(text):
    return privacy.unquoted(_AROUND.sub("", text)) or text


def _date(seconds):
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
