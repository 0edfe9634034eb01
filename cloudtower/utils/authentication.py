"""Logs a client in."""

from cloudtower._http import login as logins
from cloudtower._http.session import Session
from cloudtower._runtime import expected
from cloudtower._runtime.text import printable
from cloudtower.configuration import Credentials
from cloudtower.exceptions import ApiValueError, LoginRefused


def login(api_client, username=None, password=None, source="LOCAL", relogin=True):
    """Log in, and use the token from now on.

    The token becomes `api_key["Authorization"]` of the client's configuration, of
    every node's where the client is an ActivePassiveApiClient. Where the server no longer
    takes it, the client logs in again in the same way.

    Parameters:
        api_client: ApiClient or ActivePassiveApiClient.
        username, password: str. Without both, those of the configuration's
            `credentials` are used, which `Configuration.from_env` reads from the
            environment.
        source: where the user is kept, a constant of UserSource, str; None: LOCAL.
            For LDAP the server is asked for its directory first, because servers
            since 3.0 know such a user as AUTHN; if that fails, LDAP is used.
        relogin: whether the client may log in again when this login ends, bool.

    Raises ApiValueError where user name or password is missing; ApiTypeError for what is
    not a client; LoginRefused, which says why, where the server refuses the login, or gives
    no token; ApiException for any other error.
    """
    if not hasattr(api_client, "configuration"):
        expected.client(api_client, "login")
    credentials, is_configured = _credentials(api_client, username, password, source)
    session = getattr(api_client, "_session", None)
    if not isinstance(session, Session):  # of a mock, or of what only looks like a client
        nodes = getattr(api_client, "configurations", None)
        session = Session(nodes if isinstance(nodes, list) else [])
    try:
        token = logins.token(api_client, credentials)
    except LoginRefused as error:
        session.refuse(credentials, error)
        raise
    how = None if is_configured else credentials
    session.begin(api_client.configuration, token, how if relogin else False)
    from logging import getLogger

    server, username = logins.server_of(api_client), printable(credentials.username)
    getLogger("cloudtower.session").info("%s: logged in as %s", server, username)


def _credentials(api_client, username, password, source):
    """(Credentials, whether they are just those of the configuration)"""
    known = None
    is_asked = username is None and password is None
    if is_asked:
        known = logins.configured(api_client.configuration)
    is_configured = known is not None and source in (None, "LOCAL", known.source)
    if known is not None:
        username, password = known.username, known.password
        if is_configured:
            source = known.source
    for name, value in (("user name", username), ("password", password)):
        if value is None:
            hint = (
                "pass it, or set CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD and start from"
                " Configuration.from_env()"
            )
            if is_asked and callable(api_client.configuration.credentials):
                hint = logins.NOTHING_FROM_CALLABLE
            raise ApiValueError("login has no %s: %s" % (name, hint))
    return Credentials(username, password, source or "LOCAL"), is_configured
