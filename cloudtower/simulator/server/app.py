"""The HTTP interface: requests in, responses out."""

import asyncio
import gzip
import json
import sys
import traceback

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from cloudtower.simulator.engine.ids import Ids
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.resources.shared import export
from cloudtower.simulator.server import admin, broken
from cloudtower.simulator.server.exchange import Encoded, Exchange, as_json, route
from cloudtower.simulator.server.turns import Turns

#: Shorter responses are not worth compressing.
_GZIP_FROM = 1024
#: Longer ones are compressed in a thread of their own.
_GZIP_APART_FROM = 1000000


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
        striking = holder.faults.of(route(path)) if is_served else {}
        if "latency" in striking:
            await asyncio.sleep(striking["latency"]["seconds"])
        reset, preflight = striking.get("reset"), holder.access.preflight(request)
        if preflight is not None:
            response = preflight
        elif reset and reset["when"] == "before":
            response = broken.Reset()
        elif elsewhere is None:
            exchange = Exchange(holder, turns, request, raw, striking)
            response = await _response(exchange, request, striking)
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
    body = json.dumps(refusal.body(route(path)), ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, refusal.status, refusal.headers, media_type="application/json")


async def _response(exchange, request, striking):
    """The response to a request; whatever goes wrong is an ErrorBody."""
    path, status, headers = request.scope["path"], 200, exchange.headers
    try:
        content = await exchange.content()
    except Exception as error:
        refusal = _refusal_for(error)
        status, content = refusal.status, refusal.body(route(path))
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
    text = content.text if isinstance(content, Encoded) else as_json(content)
    if "not_json" in striking:
        text = broken.NOT_JSON
    if len(text) >= _GZIP_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        text = await _compressed(text)
        headers.update({"content-encoding": "gzip", "vary": "accept-encoding"})
    return kind(text, status, headers, media_type="application/json")


async def _compressed(text):
    """Bytes as gzip packs them; others are answered while it packs many."""
    if len(text) < _GZIP_APART_FROM:
        return gzip.compress(text, 1)
    return await asyncio.get_running_loop().run_in_executor(None, gzip.compress, text, 1)


def _refusal_for(error):
    """The Refusal of any error: a mistake in the simulator is a 500."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RecursionError):
        return Refusal(400, "the body is nested too deeply")
    traceback.print_exc(file=sys.stderr)
    return Refusal(500, "the simulator failed: %s: %s" % (type(error).__name__, error))
