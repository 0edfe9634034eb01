"""One login: from credentials to a token, and what to say where it is refused."""

import re

from cloudtower._http import graphql
from cloudtower._runtime import json_text, late, mask
from cloudtower._runtime.text import printable
from cloudtower.configuration import Configuration, Credentials
from cloudtower.exceptions import ApiArgumentError, LoginRefused

_GRAPHQL_TIMEOUT = 30
_STRATEGIES = {"query": "{authnStrategies{id type}}", "variables": {}}

_NO_TOKEN = "the server accepted the login but returned no token"
_NEEDS_MFA = (
    "two-factor authentication (MFA) is required, which a script cannot provide: use an API key,"
    " or a user without it"
)
# What the code or the sentence of a refusal contains, and what that means.
_MEANINGS = (
    (r"MFA|TWO.?FACTOR|2FA|\bOTP\b|VERIFICATION.?CODE", _NEEDS_MFA),
    (
        r"\bLOCK|[_ ]LOCKED|USER_?LOCK|ACCOUNT_?LOCK",
        "the account is locked after too many failed logins: wait until it is free again"
        " (30 minutes by default), or have an administrator unlock it",
    ),
    (
        r"PASSWORD.{0,20}EXPIRE|EXPIRED?.{0,20}PASSWORD",  # not a token, nor a license
        "the password has expired: change it in the web interface, then use the new one",
    ),
    (
        r"LDAP|DIRECTORY|AUTH_?CONFIG|AUTHN|STRATEGY",
        "the directory is unknown, or does not respond: check `source`, and the directory"
        " in CloudTower's settings",
    ),
    (
        r"USER_NOT_FOUND|NOT_MATCH_USER$",
        'this source has no such user: `source` is "LOCAL" for users of CloudTower'
        ' itself, "LDAP" for those of a directory',
    ),
    (r"PASSWORD|NOT_MATCH_USER", "the user name or the password is wrong"),
)
_NO_DIRECTORY = (
    "the server has no LDAP directory: check `source`, and the directories in"
    " CloudTower's settings"
)

NOTHING_FROM_CALLABLE = (
    "The callable in Configuration.credentials has returned no user name or no password."
)


def known_credentials(configuration):
    """The Credentials to log in with: those of the last login, else the configured ones.

    Parameters:
        configuration: Configuration; what only looks like one knows none.

    Returns Credentials, or None where there are none, or where their password is not known.
    Raises ApiTypeError where a callable `credentials` returns anything else, and what it raises.
    """
    if not isinstance(configuration, Configuration):
        return None
    found = configuration._login
    if found is None:
        found = configured(configuration)
    is_complete = isinstance(found, Credentials) and None not in (found.username, found.password)
    return found if is_complete else None


def advice_on_missing(configuration):
    """What to do where `known_credentials` are None, str."""
    how = getattr(configuration, "_login", None)
    if how is False:
        return "The client logged in with relogin=False, so the script itself has to log in again."
    known = how or getattr(configuration, "credentials", None)
    if callable(known):
        return NOTHING_FROM_CALLABLE
    if isinstance(known, Credentials):
        return (
            "The password of %s is not available here: pickles do not contain it, and"
            " CLOUDTOWER_PASSWORD may be unset. Set Configuration.credentials."
            % printable(known.username)
        )
    return (
        "To log in use cloudtower.utils.login(client, ...), or set Configuration.credentials:"
        " the client then logs in by itself, also when a session expires."
    )


def configured(configuration):
    """`Configuration.credentials`, asked where they are a callable: Credentials or None."""
    found = configuration.credentials
    if isinstance(found, Credentials) or not callable(found):
        return found
    found = found()
    if isinstance(found, tuple) and len(found) in (2, 3):
        found = Credentials(*found)
    if found is None or isinstance(found, Credentials):
        return found
    raise ApiArgumentError(
        "Configuration.credentials has to return Credentials(username, password), not %s"
        % type(found).__name__
    )


def token(client, credentials):
    """Log in, and return the token, str.

    Parameters:
        client: ApiClient or ActivePassiveApiClient.
        credentials: Credentials. For the source LDAP the server is asked for its directory
            first, because servers since 3.0 know such a user as AUTHN; if that fails, LDAP
            is used.

    Raises LoginRefused; ApiException for any other error.
    """
    username, password = credentials.username, credentials.password
    body = {"username": username, "password": password, "source": credentials.source}
    directory, has_directories = None, True
    if credentials.source == "LDAP":
        directory, has_directories = _ldap_directory(client)
    if directory is not None:
        body.update(source="AUTHN", auth_config_id=directory)
    try:
        result = late.module("utils").UserApi(client).login(body)
    except LoginRefused as error:
        _explain(error, client, credentials, has_directories)
        raise
    found = result.data.token if result is not None and result.data is not None else None
    if not found:
        error = LoginRefused(200, _NO_TOKEN)
        error.operation = "UserApi.login"  # not the call that needs the login
        error._set_request("POST", "%s/login" % client.configuration.host)
        _explain(error, client, credentials, True)
        raise error
    return found


def _explain(error, client, credentials, has_directories):
    """Say in a LoginRefused at which server it was, for which user, and why."""
    error.username = printable(credentials.username)
    error.advice = "%s refused to log in %s (%s): %s." % (
        server_of(client),
        error.username,
        printable(credentials.source),
        _why(error, has_directories),
    )


def _why(error, has_directories):
    if error.status == 200:
        return _NEEDS_MFA
    for said in (error.code, error.message):
        for pattern, meaning in _MEANINGS:
            if re.search(pattern, said or "", re.I):
                return meaning if has_directories else _NO_DIRECTORY
    return "it says %s" % (error.message or error.code or error.reason or error.status,)


def server_of(client):
    """Address of the server that a client talks to, without secrets, str."""
    # Of what only looks like a client, such as a mock, too.
    found = [getattr(client.configuration, name, None) for name in ("root_url", "host")]
    return mask.url(printable(found[0] or found[1] or ""))


def _ldap_directory(api_client):
    """(the id of the server's LDAP directory, or None; False where the server has none)"""
    from cloudtower._http import limits  # loads `socket`

    try:
        # Of several nodes only the active one handles this.
        is_of_several = hasattr(type(api_client), "active_client")
        client = api_client.active_client() if is_of_several else api_client
        with limits.within(_GRAPHQL_TIMEOUT):
            url = graphql.address(client.configuration)
            response = client.request("POST", url, body=_STRATEGIES)
        strategies = json_text.loads(response.data)["data"]["authnStrategies"]
        found = [each["id"] for each in strategies if each["type"] == "LDAP"]
        if not found:
            _log_fallback("it has %d others" % len(strategies))
            return None, False
        return found[0], True
    except Exception as error:
        # Servers before 3.0 do not know the question. Any other problem shows at the login.
        _log_fallback(repr(error))
        return None, True


def _log_fallback(why):
    from logging import getLogger

    getLogger("cloudtower.utils.authentication").info(
        "no LDAP directory found, logging in with LDAP: %s", why
    )
