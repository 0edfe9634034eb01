"""The GraphQL endpoint, as far as the clients of the REST interface use it."""

import re


def answer(tower, request):
    """Answer `POST /api`.

    Parameters:
        tower: a Tower.
        request: the parsed body, {"query": text, ...}.

    Returns {"data": ...} or {"errors": [...]}.
    """
    query = request.get("query") if isinstance(request, dict) else None
    names = re.findall(r"[A-Za-z_]\w*", query if isinstance(query, str) else "")
    if "authnStrategies" in names:
        directory = tower.access.directory
        return {"data": {"authnStrategies": [directory] if directory else []}}
    message = "the simulator answers authnStrategies only"
    return {"errors": [{"code": "GRAPHQL_VALIDATION_FAILED", "message": message}]}
