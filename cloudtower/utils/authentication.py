"""Logs a client in."""

from cloudtower import utils
from cloudtower._http import address
from cloudtower._runtime import expected, json_text, mask
from cloudtower._runtime.text import printable
from cloudtower.configuration import DEFAULT_API_PATH
from cloudtower.exceptions import ApiException, ApiValueError

_GRAPHQL_PATH = "/api"
_GRAPHQL_TIMEOUT = 30
_STRATEGIES = {"query": "{authnStrategies{id type}}", "variables": {}}


def login(api_client, username=None, password=None, source="LOCAL"):
    """Log in, and use the token from now on.

    The token becomes `api_key["Authorization"]` of the client's configuration, of
    every node's where the client is an ActivePassiveApiClient.

    Parameters:
        api_client: ApiClient or ActivePassiveApiClient.
        username, password: str. Without both, those of the configuration's
            `credentials` are used, which `Configuration.from_env` reads from the
            environment.
        source: where the user is kept, a constant of UserSource, str; None: LOCAL.
            For LDAP the server is asked for its directory first, because servers
            since 3.0 know such a user as AUTHN; if that fails, LDAP is used.

    Raises ApiValueError where user name or password is missing; ApiTypeError for what is
    not a client; ApiException for an
    HTTP error, or where the response has no token.
    """
    if not hasattr(api_client, "configuration"):
        expected.client(api_client, "login")
    username, password, source = _credentials(api_client, username, password, source)
    body = {"username": username, "password": password, "source": source}
    directory = _ldap_directory(api_client) if source == "LDAP" else None
    if directory is not None:
        body.update(source="AUTHN", auth_config_id=directory)
    token = _token(api_client, body)
    for configuration in _configurations(api_client):
        configuration.api_key["Authorization"] = token


def _credentials(api_client, username, password, source):
    known = None
    if username is None and password is None:
        known = api_client.configuration.credentials
        known = known() if callable(known) else known
    if known is not None:
        username, password = known.username, known.password
        if source in (None, "LOCAL"):
            source = known.source
    for name, value in (("user name", username), ("password", password)):
        if value is None:
            raise ApiValueError(
                "login has no %s: pass it, or set CLOUDTOWER_USERNAME and CLOUDTOWER_PASSWORD"
                " and start from Configuration.from_env()" % name
            )
    return username, password, source or "LOCAL"


def _configurations(api_client):
    """Those of all nodes, or the client's own."""
    nodes = getattr(api_client, "configurations", None)  # of a mock: anything
    return nodes if isinstance(nodes, list) else [api_client.configuration]


def _ldap_directory(api_client):
    """The id of the server's LDAP directory, or None if it is not known."""
    from cloudtower._http import limits  # loads `socket`

    try:
        # Of several nodes only the active one handles this.
        is_of_several = hasattr(type(api_client), "active_client")
        client = api_client.active_client() if is_of_several else api_client
        with limits.within(_GRAPHQL_TIMEOUT):
            response = client.request("POST", _graphql_url(client.configuration), body=_STRATEGIES)
        strategies = _parse(response.data)["data"]["authnStrategies"]
        return next(each["id"] for each in strategies if each["type"] == "LDAP")
    except Exception as error:
        # Servers before 3.0 do not know the question. Any other problem shows at the login.
        from logging import getLogger

        getLogger(__name__).info("no LDAP directory found, logging in with LDAP: %r", error)
        return None


def _graphql_url(configuration):
    """Address of the GraphQL API, which is next to `/v2/api`, whatever precedes that."""
    host = address.with_scheme(configuration.host, "http")
    if host.endswith(DEFAULT_API_PATH):
        return host[: -len(DEFAULT_API_PATH)] + _GRAPHQL_PATH
    return address.join(address.with_scheme(configuration.root_url, "http"), _GRAPHQL_PATH)


def _parse(data):
    return json_text.loads(data)


def _token(api_client, body):
    try:
        result = utils.UserApi(api_client).login(body)
    except ApiException as error:
        # Some servers and proxies echo the request.
        error.body = _without(printable(body["password"]), error.body)
        raise
    token = result.data.token if result is not None and result.data is not None else None
    if not token:
        raise ApiException(
            200,
            "the server accepted the login but gave no token; a user with"
            " two-factor authentication needs an API token instead",
        )
    return token


def _without(secret, text):
    """The text with the secret hidden, as it is and as a JSON string, in JSON text too."""
    import json

    for _ in range(3):
        if secret and text:
            text = text.replace(secret, mask.HIDDEN)
        secret = json.dumps(secret)[1:-1]
    return text
