"""What an error says of the call that failed, and what to do."""

from cloudtower._http import advice


def explain(error, client, request):
    """Note on an error which call failed, and what its user can do.

    Parameters:
        error: ApiException, changed in place.
        client: the ApiClient that sent the request.
        request: Request, not encoded yet.
    """
    from cloudtower._http import echo

    echo.hide(error, request)  # an unusable response becomes an error only here
    url = client._address(request)
    error.operation = error.operation or request.operation  # unless it is of a login
    if error.status:  # otherwise it says itself what was sent, if anything was
        error._set_request(request.method, url)
    error.advice = error.advice or advice.on(error, url)
    if not error.advice and error.status in (400, 404):
        from cloudtower._http import server_version

        error.advice = server_version.of(client).advice(client, request, error)
