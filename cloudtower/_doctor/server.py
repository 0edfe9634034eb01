"""Steps that ask the server: its version, and whether it lets this user in."""

import errno
import os
import re

from six.moves import http_client

from cloudtower._doctor import catalog, privacy
from cloudtower._doctor.report import FAIL, OK, WARN, Result
from cloudtower._http import network_errors
from cloudtower._runtime.version import ServerVersion
from cloudtower._spec import VERSION
from cloudtower.api import ApiInfoApi, UserApi
from cloudtower.exceptions import ApiException, ApiValueError
from cloudtower.utils import login

_NUMBERS = re.compile(r"\D*(\d+)\.(\d+)(?:\.(\d+))?")
#: What the server calls an error: a constant, not a sentence, which may name an object.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}\Z")
_CHECK_LOGIN = "Check user name and password; for a user of a directory set CLOUDTOWER_SOURCE=LDAP."
_QUOTES = " it says "  # before a sentence of the server's own, which may name anything
_COMPLAINT = re.compile(r"(password_command (?:failed|was stopped|printed)[^:]*):.*", re.S)
#: What the system and the standard library say of a connection, which quotes nothing.
_BROKEN = frozenset(os.strerror(number) for number in errno.errorcode).union(
    ["Remote end closed connection without response"]
)
_UNAUTHORIZED, _FORBIDDEN = 401, 403


def ask_version(visit):
    """The version of the server, against the interface that this SDK knows."""
    try:
        text = ApiInfoApi(visit.client).get_api_version(_request_timeout=visit.options.timeout)
    except ApiException as error:
        if error.status == http_client.NOT_FOUND and error.code:
            return Result(WARN, "a server older than CloudTower 2.3, which gives no version")
        raise
    match = _NUMBERS.match(text or "")
    if match is None:
        return Result(
            WARN,
            "the server's version cannot be read",
            advice=["Check that there is a CloudTower at this address."],
            facts={"interface": VERSION},
        )
    numbers = tuple(int(each or 0) for each in match.groups())
    shown = "%d.%d.%d" % numbers
    facts = {"server": shown, "interface": VERSION}
    visit.version, known = ServerVersion(shown).release, catalog.version(VERSION)
    what = "CloudTower %d.%d.%d" % visit.version
    if visit.version != numbers:  # the release of the interface, which has a scale of its own
        what = "%s (interface %s)" % (what, shown)
    summary = "%s; this SDK knows up to %d.%d" % ((what,) + known[:2])
    if visit.version[:2] > known[:2]:
        advice = "Look for a newer release of cloudtower-sdk: this one lacks what is new there."
        return Result(WARN, summary, advice=[advice], facts=facts)
    return Result(OK, summary, facts=facts)


def log_in(visit):
    """Log in, or see whether the token is accepted."""
    configuration = visit.configuration
    if configuration.get_api_key_with_prefix("Authorization"):
        return _look_at_token(visit)
    try:
        login(visit.client)
    except ApiValueError as error:
        if configuration.profile and configuration.credentials is not None:
            # It says where in the file; what a command complains of may name anything.
            return Result(FAIL, _COMPLAINT.sub(r"\1", str(error)))
        return Result(
            FAIL,
            "no user and password, and no token",
            advice=[
                "Set CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD, or CLOUDTOWER_TOKEN,"
                " or give --username."
            ],
        )
    except ApiException as error:
        result = failed(error)
        is_quoted = any(_QUOTES in each for each in result.advice)
        if error.status and (is_quoted or not result.advice):
            result.advice[:] = [_CHECK_LOGIN]
        return result
    return Result(OK, "logged in with user and password", facts={"with": "password"})


def _look_at_token(visit):
    try:
        UserApi(visit.client).get_my_info(_request_timeout=visit.options.timeout)
    except ApiException as error:
        if error.status == _FORBIDDEN:
            return Result(WARN, "the token is accepted, but may not query its own user")
        result = failed(error)
        if error.status == _UNAUTHORIZED:
            result.advice[:] = ["The token has expired or was revoked: create a new one."]
        return result
    return Result(OK, "the token is accepted", facts={"with": "token"})


def failed(error):
    """The Result of a call that failed: what can be shown of an ApiException."""
    facts = {"error": type(error).__name__, "status": error.status, "code": code(error)}
    advice = [error.advice] if error.advice else []
    if error.status in (502, 503, 504) and not advice:
        advice = ["The server, or a proxy before it, is starting, overloaded or down; try later."]
    if error.status == http_client.NOT_FOUND and not advice:
        advice = ["Check the path of the address, and that there is a CloudTower."]
    return Result(FAIL, what(error), advice=advice, facts=facts)


def what(error):
    """What happened, str, without anything that may be a value of an object."""
    if isinstance(error, network_errors.ApiTimeoutError):
        return "no response in time"
    if not error.status:
        cause = getattr(error, "cause", None) or type(error).__name__
        if isinstance(error, network_errors.ApiProtocolError) and cause not in _BROKEN:
            return "the connection broke, or the response is not HTTP"  # the cause may quote it
        return privacy.unquoted(cause)
    if error.status == http_client.OK:
        return str(error.reason)  # of this SDK's own: what the response is not
    phrase = http_client.responses.get(error.status, "")
    return " ".join(filter(None, ["status %s" % error.status, phrase, code(error)]))


def code(error):
    """The server's error code, str, or None."""
    known = error.code
    return known if known and _CODE.match(known) else None
