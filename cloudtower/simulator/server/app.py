"""The HTTP interface: from a request to the operation and back."""

import asyncio
import gzip
import json
import math
import sys
import traceback
from collections.abc import Iterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from cloudtower import _spec
from cloudtower.simulator import faults, resources
from cloudtower.simulator.engine.ids import Ids
from cloudtower.simulator.engine.language import LANGUAGES
from cloudtower.simulator.errors import Refusal, refused
from cloudtower.simulator.operations import body, fidelity, generic, listing
from cloudtower.simulator.operations.call import Call
from cloudtower.simulator.operations.registry import HANDLERS
from cloudtower.simulator.resources.global_settings import require_address
from cloudtower.simulator.resources.shared import export
from cloudtower.simulator.schema import bodies, models, operations
from cloudtower.simulator.server import admin, broken, graphql, multipart
from cloudtower.simulator.server.turns import Turns
from cloudtower.simulator.worlds import any_order

_PREFIX = _spec.SERVER_PATH
#: Names the members of a body that had no effect, such as those that the interface does not know.
IGNORED = "x-simulator-ignored"
_MAX_HEADER = 500
#: Longer numbers are refused before they are made.
_MOST_DIGITS = 400
#: The tower's own components pass its restriction of addresses by this header.
_BYPASS = "x-bypass-whitelist"
#: Shorter answers are not worth compressing.
_GZIP_FROM = 1024
#: Longer ones are compressed in a thread of their own.
_GZIP_APART_FROM = 1000000

resources.load()


def make_app(holder):
    """The ASGI application of a Simulator, whose `tower` may change between requests."""
    # apart from the ids of objects, which shall not depend on how often one looks
    request_ids, turns = Ids(1), Turns(holder)

    async def serve(scope, receive, send):
        request = Request(scope, receive)
        # the body first: from here on other requests have a turn only where `turns` gives it
        try:
            raw = await request.body()
        except ClientDisconnect:
            return
        refusal = holder.access.refusal(request.headers)
        if refusal is not None:
            return await _refused(refusal, scope["path"])(scope, receive, send)
        path = scope["path"]
        is_admin = path.startswith(admin.PREFIX)  # which both nodes have, and no fault strikes
        elsewhere = None if is_admin else holder.active_port(scope["server"][1])
        is_served = elsewhere is None and not is_admin
        striking = holder.faults.of(_route(path)) if is_served else {}
        if "latency" in striking:
            await asyncio.sleep(striking["latency"]["seconds"])
        reset, preflight = striking.get("reset"), holder.access.preflight(request)
        if preflight is not None:
            response = preflight
        elif reset and reset["when"] == "before":
            response = broken.Reset()
        elif elsewhere is None:
            response = await _answered(holder, turns, striking, request, raw)
        else:
            # what the passive node answers, whatever it is asked
            location = str(request.url.replace(port=elsewhere))
            response = Response(status_code=307, headers={"location": location})
        response.headers["x-tower-request-id"] = request_ids.uuid()
        response.headers.update(holder.access.shared_with(request.headers))
        await (broken.Reset() if reset else response)(scope, receive, send)

    return serve


def _refused(refusal, path):
    """The response that is a Refusal."""
    body = json.dumps(refusal.body(_route(path)), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, refusal.status, refusal.headers, media_type="application/json")


async def _carry_out(holder, turns, striking, request, raw, headers):
    """What an operation answers, and what is kept of it before anybody knows."""
    faults.refuse(striking)
    try:
        await turns.catch_up()
        return await _dispatch(holder.tower, turns, striking, request, raw, headers)
    finally:
        holder.commit()
        turns.go_on()


async def _answered(holder, turns, striking, request, raw):
    """Answer a request; whatever goes wrong is an ErrorBody."""
    path, status, headers = request.scope["path"], 200, {}
    try:
        if path.startswith(admin.PREFIX):
            holder.access.require_admin(request.headers.get("authorization"))
            content = admin.answer(holder, request.method, path, _parsed(raw))
        else:
            content = await _carry_out(holder, turns, striking, request, raw, headers)
    except Exception as error:
        refusal = _refusal_for(error)
        status, content = refusal.status, refusal.body(_route(path))
        if status == 304:  # which has no body
            content = None
        headers.update(refusal.headers)
    if content is None:
        return Response(b"", status, headers)
    kind = broken.Truncated if "truncated" in striking else Response
    if isinstance(content, bytes):
        is_export = path.startswith(export.PREFIX)
        media = "application/octet-stream" if is_export else "text/csv; charset=utf-8"
        return kind(content, status, headers, media_type=media)
    text = content.text if isinstance(content, _Encoded) else _json(content)
    if "not_json" in striking:
        text = broken.NOT_JSON
    if len(text) >= _GZIP_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        if len(text) >= _GZIP_APART_FROM:
            loop = asyncio.get_running_loop()
            text = await loop.run_in_executor(None, gzip.compress, text, 1)
        else:
            text = gzip.compress(text, 1)
        headers.update({"content-encoding": "gzip", "vary": "accept-encoding"})
    return kind(text, status, headers, media_type="application/json")


class _Encoded(object):
    """A response that is JSON already, bytes."""

    def __init__(self, text):
        self.text = text


#: The response where nothing matches.
_NOTHING = _Encoded(b"[]")


def _json(value):
    """A value as the JSON of a response, bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _refusal_for(error):
    """The Refusal of any error: a mistake in the simulator is a 500."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RecursionError):
        return Refusal(400, "the body is nested too deeply")
    traceback.print_exc(file=sys.stderr)
    return Refusal(500, "the simulator failed: %s: %s" % (type(error).__name__, error))


def _route(path):
    """The path of an operation within the interface; any other path as it is."""
    return path[len(_PREFIX) :] if path.startswith(_PREFIX + "/") else path


async def _dispatch(tower, turns, striking, request, raw, headers):
    """Find what carries a path out, and have it do so."""
    path = request.scope["path"]
    if request.headers.get(_BYPASS) != "true":
        require_address(tower.world, request.client.host if request.client else None)
    if path == "/api/healthz":
        _require_method(request, "GET")
        return None
    if path in ("/api", "/api/"):
        _require_method(request, "POST")
        authorization = request.headers.get("authorization")
        answer, task = await graphql.answer(
            tower, turns, _parsed(raw) or {}, authorization, striking
        )
        if task is not None:
            headers["x-task-id"] = task.id
        return answer
    if path.startswith(export.PREFIX):
        _require_method(request, "GET")
        return export.read_file(tower.world, path, request.query_params.get("secret"))
    operation = operations.at(_route(path)) if path.startswith(_PREFIX) else None
    if operation is None:
        raise Refusal(404, "there is no operation %s" % path)
    _require_method(request, operation.method)
    return await _operate(tower, turns, operation, request, raw, headers, striking)


def _require_method(request, method):
    """Refuse any other HTTP method than one."""
    if request.method != method:
        message = "%s takes %s, not %s" % (_route(request.scope["path"]), method, request.method)
        raise Refusal(405, message, headers={"allow": method})


async def _operate(tower, turns, operation, request, raw, headers, striking):
    """Check who asks and what they send, and call the operation's handler."""
    user = _authenticated(tower, operation, request)
    language = request.headers.get("content-language", "en-US")
    if language not in LANGUAGES:
        message = "content-language must be one of %s" % ", ".join(LANGUAGES)
        raise Refusal(400, message, props={"header": "content-language"})
    headers[fidelity.FIDELITY] = fidelity.of(operation, tower.lenient)
    value, is_single, ignored = _body_of(operation, request, raw)
    if ignored and tower.strict:
        raise refused("UNKNOWN_MEMBER", "the interface has no %s" % ", ".join(ignored))
    call = Call(tower, operation, value, user, language, striking)
    call.body = value = call.sight.narrowed(value, operation)
    if not tower.lenient:
        fidelity.require_modelled(operation)
    if tower.any_order and not operation.read:
        any_order.prepare(tower, operation.path, value)
    if operation.body is not None:
        call.body = body.noted(value, operation.body.kind)
    try:
        answer = await _handled(turns, call, is_single)
        if answer is not _NOTHING:  # where nothing matches, nothing needed to be read
            ignored += [member for member in call.ignored() if member not in ignored]
    finally:
        if ignored:
            named = ", ".join(ignored).encode("ascii", "replace").decode()
            headers[IGNORED] = named[:_MAX_HEADER]
    return answer


async def _handled(turns, call, is_single):
    """What the handler of a Call answers; its tasks start when all of them have been begun."""
    changed = {}
    try:
        handler = _handler_of(call.operation)
        if call.operation.read:
            answer = handler(call)
        else:
            with call.batch.step() as changes:
                answer = handler(call)
                if isinstance(answer, Iterator):
                    changed = changes.difference()
                else:
                    # all has been done: where it cannot be shown, it is put back with this step
                    answer = _finished(answer, call, is_single)
        if isinstance(answer, (list, Iterator)):
            answer = _joined(await turns.taken(_elements(answer, call)), is_single)
        elif not isinstance(answer, _Encoded):
            answer = _shown(answer, call.sight, call)
        call.batch.start()
        return answer
    except BaseException:
        call.batch.cancel(changed)
        raise


def _finished(answer, call, is_single):
    """A response of what is done, as it is sent."""
    if isinstance(answer, list):
        return _joined(list(_elements(answer, call)), is_single)
    shown = _shown(answer, call.sight, call)
    return shown if shown is None or isinstance(shown, bytes) else _Encoded(_json(shown))


def _elements(answer, call):
    """The elements of a list, each at once in the form that takes the least room, bytes."""
    # by another sight than before, of how things are now: a VM that was just made has its owner
    sight = call.sight
    return (_json(element) for one in answer for element in _shown([one], sight, call))


def _joined(elements, is_single):
    """The response that is a list, or the one element of it."""
    if not elements:
        return _NOTHING
    return _Encoded(elements[0] if is_single else b"[" + b",".join(elements) + b"]")


def _shown(answer, sight, call):
    """A response, or a part of its list, as its user sees it and faults leave it."""
    if isinstance(answer, dict):  # a handler may have written it out; records fit anyway
        answer = models.without_gone(answer, call.operation.result)
    return faults.spoil(call.faults, call.operation, sight.shown(answer, call.operation))


def _authenticated(tower, operation, request):
    """The user who asks, None where no login is needed; Refusal for one who may not."""
    user, authorization = None, request.headers.get("authorization")
    if operation.auth == ["Basic"]:
        tower.authentication.require_basic(authorization)
    elif operation.auth:
        user = tower.authentication.user_of(authorization)
    tower.permissions.require(user, operation)
    return user


def _handler_of(operation):
    """What carries out an operation: its own handler, that of lists, or the generic one."""
    own = HANDLERS.get(operation.path)
    return own or listing.handler_of(operation) or generic.handler_of(operation)


def _body_of(operation, request, raw):
    """What a request sends, checked: JSON, a form, or the query.

    Returns (the value, whether one object came in place of a list, members left out).
    """
    if operation.body is not None:
        value = _parsed(raw)
        if value is None and listing.handler_of(operation):
            value = {}
        # several creations take one object in place of the list, and answer with one
        is_single = isinstance(value, dict) and operation.body.kind.item is not None
        value, ignored = bodies.checked(value, operation.body.type)
        return value, is_single, ignored
    if operation.form:
        form = multipart.parsed(request.headers.get("content-type"), raw)
        value, ignored = multipart.checked(form, operation)
        return value, False, ignored
    return (dict(request.query_params) if operation.query else None), False, []


def _parsed(raw):
    """The JSON of a body, None where it is empty; Refusal for invalid JSON."""
    if not raw.strip():
        return None
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_finite, parse_float=_finite, parse_int=_integer)
        if "\\ud" in text.lower():
            # half of a surrogate pair is no character that could be sent back
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except ValueError as error:
        raise refused("INVALID_JSON", "the body is not JSON: %s" % error)


def _integer(text):
    """An integer of a body; longer ones than any type has would be refused by Python, in words
    that are about Python.
    """
    if len(text) > _MOST_DIGITS:
        raise ValueError("a number of %d digits is too long" % len(text))
    return int(text)


def _finite(text):
    """A number of a body; JSON has no infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("%s is no number in JSON" % text)
    return number
