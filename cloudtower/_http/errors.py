"""Which exception a response becomes: by its status, then by what its body says."""

from cloudtower._http import advice, echo
from cloudtower.exceptions import (
    REFUSED,
    ApiException,
    ForbiddenException,
    LoginRefused,
    NotFoundException,
    NotModifiedException,
    RateLimited,
    ResourceLocked,
    ServiceException,
    UnauthorizedException,
)

_ERRORS = {
    304: NotModifiedException,
    401: UnauthorizedException,
    403: ForbiddenException,
    404: NotFoundException,
    429: RateLimited,
}
# By these a login is refused, whatever the status.
_LOGIN_CODES = frozenset(
    [
        "LOGIN_FAILED",
        "NOT_MATCH_USER",
        "NOT_MATCH_USER_OR_PASSWORD_INCORRECT",
        "PERMISSION_DENIED",
        "PERMISSION_DENY",
        "USER_LOCKED",
        "USER_NOT_FOUND",
        "USER_PASSWORD_INCORRECT",
    ]
)


def of_response(response, request):
    """The exception that a response becomes.

    Parameters:
        response: RESTResponse.
        request: the Request that it belongs to.
    """
    status = response.status
    server_failed = 500 <= status <= 599
    make = _ERRORS.get(status, ServiceException if server_failed else ApiException)
    error = make(http_resp=response)
    echo.hide(error, request)  # before anything reads the body, as the error keeps that
    case = _case(error, request)
    if case is not None:
        error = _both(case, make)(http_resp=response)
        error.outcome = REFUSED  # whatever the status says
        echo.hide(error, request)
    return error


def _case(error, request):
    """The class of what a response says besides its status, or None."""
    if error.status == 429:
        return None
    if advice.MAY_LOCK.search(error.body or "") and error._failure().lock is not None:
        return ResourceLocked
    path = request.url.partition("?")[0]
    if request.method == "POST" and path.endswith("/login") and _refuses_login(error):
        return LoginRefused
    return None


def _refuses_login(error):
    """Whether a server refused a login, rather than a gateway, or failed to process it."""
    if error.status == 401 or error.code in _LOGIN_CODES:
        return True
    is_page = (error.body or "").lstrip().startswith("<")
    return error.status in (400, 403, 422, 423) and not is_page


def _both(case, base):
    """The class of a case that belongs to the class of its status too.

    Parameters:
        case: a class of ApiException, such as ResourceLocked.
        base: the class of the response's status, such as ServiceException.

    Returns `case` itself where it is a subclass of `base`, otherwise a subclass of both.
    """
    if issubclass(case, base):
        return case
    known = _known.get((case, base))
    if known is None:
        # Shown under the name of the case, which pickles cannot find it by.
        namespace = {"__doc__": case.__doc__, "__module__": case.__module__}
        known = type(case.__name__, (case, base), dict(namespace, __reduce__=_reduced))
        known = _known.setdefault((case, base), known)
    return known


_known = {}


def _reduced(error):
    return _restored, type(error).__bases__ + (error.args,), error.__dict__.copy()


def _restored(case, base, args):
    return _both(case, base)(*args)
