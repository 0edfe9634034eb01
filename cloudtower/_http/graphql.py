"""The GraphQL API of CloudTower, for what the interface lacks."""

from cloudtower._http import address as addresses
from cloudtower._runtime import json_text
from cloudtower.exceptions import REFUSED, UNKNOWN, ApiException, UnauthorizedException

PATH = "/api"

# What the check of the token says. Others, such as PERMISSION_DENIED, do not end with a login.
_TOKEN_CODES = ("LOAD_TOKEN_FAILED", "NOT_LOGGED_IN", "NOT_MATCH_USER", "UNAUTHENTICATED")


def address(configuration):
    """Address of the GraphQL API, which is next to `/v2/api`, whatever precedes that."""
    host = addresses.with_scheme(configuration.host, "http")
    root = addresses.without_api_path(host)
    if root != host:
        return root + PATH
    return addresses.join(addresses.with_scheme(configuration.root_url, "http"), PATH)


def check(response, request):
    """Raise the errors that a response has: their HTTP status is that of a success.

    Parameters:
        response: RESTResponse.
        request: the Request that it belongs to.

    Raises UnauthorizedException where the token is not taken, ApiException for any other.
    """
    try:
        body = json_text.loads(response.data)
    except ValueError:
        return  # which the decoder says better
    errors = body.get("errors") if isinstance(body, dict) else None
    if not errors:
        return
    from cloudtower._http import echo

    error = ApiException(http_resp=response)
    echo.hide(error, request)
    if error.code in _TOKEN_CODES:
        error = UnauthorizedException(http_resp=response)
        error.status = 401
        echo.hide(error, request)
    error.reason = "GraphQL error: %s" % (error.message or error.code)
    error.outcome = UNKNOWN if has_begun(body) else REFUSED
    raise error


def has_begun(body):
    """Whether an error in the body of a response, dict, came after work had begun.

    It has a path then: what was being computed. Others may have been done before it.
    """
    errors = body.get("errors")
    errors = errors if isinstance(errors, list) else []
    return any(isinstance(each, dict) and each.get("path") for each in errors)
