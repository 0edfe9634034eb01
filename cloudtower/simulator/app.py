"""The HTTP interface: from a request to the operation and back."""

import json
import math
import sys
import traceback

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from cloudtower import _spec
from cloudtower.simulator import behaviour, body, graphql, lists, tables
from cloudtower.simulator.calls import HANDLERS, Call
from cloudtower.simulator.errors import Refusal, refused
from cloudtower.simulator.ids import Ids
from cloudtower.simulator.language import LANGUAGES

_PREFIX = _spec.SERVER_PATH
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
#: Names the members of a body that the interface does not know and that had no effect.
IGNORED = "x-simulator-ignored"
_MAX_HEADER = 500

behaviour.load()


def make_app(holder):
    """The ASGI application of a tower.

    Parameters:
        holder: whose attribute `tower` is the Tower; it may change between requests.
    """

    # apart from the ids of objects, which shall not depend on how often one looks
    request_ids = Ids(1)

    async def serve(request):
        # the body first: from here on nothing else happens until the answer is made
        try:
            raw = await request.body()
        except ClientDisconnect:
            return Response(status_code=400)
        response = _respond(holder.tower, request, raw)
        response.headers["x-tower-request-id"] = request_ids.uuid()
        return response

    return Starlette(routes=[Route("/{path:path}", serve, methods=_METHODS)])


def _respond(tower, request, raw):
    """Answer a request; whatever goes wrong is an ErrorBody."""
    path, headers = request.scope["path"], {}
    try:
        content = _dispatch(tower, request, raw, headers)
        status = 200
    except Refusal as refusal:
        status, content = refusal.status, refusal.body(_route(path))
        headers.update(refusal.headers)
    except RecursionError:
        refusal = Refusal(400, "the body is nested too deeply")
        status, content = 400, refusal.body(_route(path))
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        refusal = Refusal(500, "the simulator failed: %s: %s" % (type(error).__name__, error))
        status, content = 500, refusal.body(_route(path))
    if content is None:
        return Response(b"", status, headers)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8"), status, headers, media_type="application/json")


def _route(path):
    return path[len(_PREFIX) :] if path.startswith(_PREFIX + "/") else path


def _dispatch(tower, request, raw, headers):
    path = request.scope["path"]
    tower.tasks.advance()
    if path == "/api/healthz":
        _require_method(request, "GET")
        return None
    if path == "/api":
        _require_method(request, "POST")
        return graphql.answer(tower, _parsed(raw) or {})
    operation = tables.operations().get(_route(path)) if path.startswith(_PREFIX) else None
    if operation is None:
        raise Refusal(404, "there is no operation %s" % path)
    _require_method(request, operation.method)
    return _operate(tower, operation, request.headers, raw, headers)


def _require_method(request, method):
    if request.method != method:
        message = "%s takes %s, not %s" % (_route(request.scope["path"]), method, request.method)
        raise Refusal(405, message, headers={"allow": method})


def _operate(tower, operation, given, raw, headers):
    user = None
    if operation.auth:
        user = tower.access.user_of(given.get("authorization"))
        tower.access.require(user, operation)
    language = given.get("content-language", "en-US")
    if language not in LANGUAGES:
        message = "content-language must be one of %s" % ", ".join(LANGUAGES)
        raise Refusal(400, message, props={"header": "content-language"})
    handler = HANDLERS.get(operation.path) or lists.handler_of(operation)
    if handler is None:
        message = "NOT_SIMULATED: the simulator does not carry out %s yet" % operation.path
        raise Refusal(501, message, props={"code": "NOT_SIMULATED"})
    value, single = None, False
    if operation.body is not None:
        value = _parsed(raw)
        if value is None and lists.handler_of(operation):
            value = {}
        # several creations take one object in place of the list, and answer with one
        single = isinstance(value, dict) and operation.body.type.startswith("list[")
        value, ignored = body.taken(value, operation.body.type)
        if ignored:
            headers[IGNORED] = ", ".join(ignored).encode("ascii", "replace").decode()[:_MAX_HEADER]
    answer = handler(Call(tower, operation, value, user, language))
    return answer[0] if single and isinstance(answer, list) and answer else answer


def _parsed(raw):
    if not raw.strip():
        return None
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_number, parse_float=_finite)
        if "\\ud" in text.lower():
            # half of a surrogate pair is no character that could be sent back
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except ValueError as error:
        raise refused("INVALID_JSON", "the body is no JSON: %s" % error)


def _refuse_number(text):
    raise ValueError("%s is no number in JSON" % text)


def _finite(text):
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)
