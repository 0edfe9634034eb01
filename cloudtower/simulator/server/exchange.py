"""A request on its way to an operation, and its response."""

import json
import math
from collections.abc import Iterator

from cloudtower import _spec
from cloudtower.simulator import faults, resources
from cloudtower.simulator.engine.language import LANGUAGES
from cloudtower.simulator.errors import Refusal, refused
from cloudtower.simulator.operations import body, fidelity, generic, listing
from cloudtower.simulator.operations.call import Call
from cloudtower.simulator.operations.registry import HANDLERS
from cloudtower.simulator.resources.global_settings import require_address
from cloudtower.simulator.resources.shared import export
from cloudtower.simulator.schema import bodies, models, operations
from cloudtower.simulator.server import admin, graphql, multipart
from cloudtower.simulator.worlds import any_order

_PREFIX = _spec.SERVER_PATH
#: Names the members of a body that had no effect, such as those that the interface does not know.
IGNORED = "x-simulator-ignored"
_MAX_HEADER = 500
#: Longer numbers are refused before they are made.
_MOST_DIGITS = 400
#: The tower's own components pass its restriction of addresses by this header.
_BYPASS = "x-bypass-whitelist"

resources.load()


class Exchange(object):
    """A request and its response.

    Parameters:
        holder: the Simulator.
        turns: its Turns.
        request: a starlette Request.
        raw: its body, bytes.
        striking: what strikes it, {kind of fault: its options}.

    Attributes:
        headers: those that the response gets besides the usual ones, a dict; a refusal too.
    """

    def __init__(self, holder, turns, request, raw, striking):
        self._holder = holder
        self._turns = turns
        self._request = request
        self._raw = raw
        self._striking = striking
        self._path = request.scope["path"]
        self._authorization = request.headers.get("authorization")
        #: the Tower that it is about; another one may take its place meanwhile
        self._tower = None
        self.headers = {}

    async def content(self):
        """The content of the response: JSON, an Encoded, bytes of a file, or None for no body.

        All that has changed is kept in the state file before this returns. Raises Refusal.
        """
        if self._path.startswith(admin.PREFIX):
            self._holder.access.require_admin(self._authorization)
            return admin.answer(self._holder, self._request.method, self._path, parsed(self._raw))
        faults.refuse(self._striking)
        try:
            await self._turns.catch_up()
            self._tower = self._holder.tower
            return await self._dispatch()
        finally:
            self._holder.commit()
            self._turns.go_on()

    async def _dispatch(self):
        """Find what carries the path out, and have it do so."""
        path, request, world = self._path, self._request, self._tower.world
        if request.headers.get(_BYPASS) != "true":
            require_address(world, request.client.host if request.client else None)
        if path == "/api/healthz":
            self._require_method("GET")
            return None
        if path in ("/api", "/api/"):
            return await self._graphql()
        if path.startswith(export.PREFIX):
            self._require_method("GET")
            return export.read_file(world, path, request.query_params.get("secret"))
        operation = operations.at(route(path)) if path.startswith(_PREFIX) else None
        if operation is None:
            raise Refusal(404, "unknown operation %s" % path)
        self._require_method(operation.method)
        return await self._operate(operation)

    def _require_method(self, method):
        """Refuse any other HTTP method than one."""
        given = self._request.method
        if given != method:
            message = "%s takes %s, not %s" % (route(self._path), method, given)
            raise Refusal(405, message, headers={"allow": method})

    async def _graphql(self):
        """Carry out a GraphQL document."""
        self._require_method("POST")
        asked = parsed(self._raw) or {}, self._authorization, self._striking
        answer, task = await graphql.answer(self._tower, self._turns, *asked)
        if task is not None:
            self.headers["x-task-id"] = task.id
        return answer

    async def _operate(self, operation):
        """Check who asks and what they send, and call the operation's handler."""
        tower = self._tower
        user = self._authenticated(operation)
        language = self._request.headers.get("content-language", "en-US")
        if language not in LANGUAGES:
            message = "content-language must be one of %s" % ", ".join(LANGUAGES)
            raise Refusal(400, message, props={"header": "content-language"})
        self.headers[fidelity.FIDELITY] = fidelity.of(operation, tower.lenient)
        value, is_single, ignored = self._body_of(operation)
        if ignored and tower.strict:
            raise refused("UNKNOWN_MEMBER", "the interface has no %s" % ", ".join(ignored))
        call = Call(tower, operation, value, user, language, self._striking)
        call.body = value = call.sight.narrowed(value, operation)
        if not tower.lenient:
            fidelity.require_modelled(operation)
        if tower.any_order and not operation.read:
            any_order.prepare(tower, operation.path, value)
        if operation.body is not None:
            call.body = body.noted(value, operation.body.kind)
        try:
            answer = await self._handled(call, is_single)
            if answer is not _NOTHING:  # where nothing matches, nothing needed to be read
                ignored += [member for member in call.ignored() if member not in ignored]
        finally:
            if ignored:
                named = ", ".join(ignored).encode("ascii", "replace").decode()
                self.headers[IGNORED] = named[:_MAX_HEADER]
        return answer

    def _authenticated(self, operation):
        """The user who asks, None where no login is needed; Refusal for one who may not."""
        user, tower = None, self._tower
        if operation.auth == ["Basic"]:
            tower.authentication.require_basic(self._authorization)
        elif operation.auth:
            user = tower.authentication.user_of(self._authorization)
        tower.permissions.require(user, operation)
        return user

    def _body_of(self, operation):
        """What is sent, checked: JSON, a form, or the query.

        Returns (the value, whether one object came in place of a list, members left out).
        """
        if operation.body is not None:
            value = parsed(self._raw)
            if value is None and listing.handler_of(operation):
                value = {}
            # several creations take one object in place of the list, and answer with one
            is_single = isinstance(value, dict) and operation.body.kind.item is not None
            value, ignored = bodies.checked(value, operation.body.type)
            return value, is_single, ignored
        if operation.form:
            form = multipart.parsed(self._request.headers.get("content-type"), self._raw)
            value, ignored = multipart.checked(form, operation)
            return value, False, ignored
        return (dict(self._request.query_params) if operation.query else None), False, []

    async def _handled(self, call, is_single):
        """What the handler of a Call answers; its tasks start when all of them have been begun."""
        changed = {}
        try:
            handler = _handler_of(call.operation)
            if call.operation.read:
                answer = handler(call)
            else:
                with call.batch.step() as transaction:
                    answer = handler(call)
                    if isinstance(answer, Iterator):
                        changed = transaction.difference()
                    else:
                        # all is done: where it cannot be shown, it is put back with this step
                        answer = _finished(answer, call, is_single)
            if isinstance(answer, (list, Iterator)):
                answer = _joined(await self._turns.taken(_elements(answer, call)), is_single)
            elif not isinstance(answer, Encoded):
                answer = _shown(answer, call.sight, call)
            call.batch.start()
            return answer
        except BaseException:
            call.batch.cancel(changed)
            raise


def route(path):
    """The path of an operation within the interface; any other path as it is."""
    return path[len(_PREFIX) :] if path.startswith(_PREFIX + "/") else path


def _handler_of(operation):
    """What carries out an operation: its own handler, that of lists, or the generic one."""
    own = HANDLERS.get(operation.path)
    return own or listing.handler_of(operation) or generic.handler_of(operation)


# what a handler answers, as it is sent


class Encoded(object):
    """A response that is JSON already, bytes."""

    def __init__(self, text):
        self.text = text


#: The response where nothing matches.
_NOTHING = Encoded(b"[]")


def as_json(value):
    """A value as the JSON of a response, bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _finished(answer, call, is_single):
    """A response of what is done, as it is sent."""
    if isinstance(answer, list):
        return _joined(list(_elements(answer, call)), is_single)
    shown = _shown(answer, call.sight, call)
    return shown if shown is None or isinstance(shown, bytes) else Encoded(as_json(shown))


def _elements(answer, call):
    """The elements of a list, each at once in the form that takes the least room, bytes."""
    # by another sight than before, of how things are now: a VM that was just made has its owner
    sight = call.sight
    return (as_json(element) for one in answer for element in _shown([one], sight, call))


def _joined(elements, is_single):
    """The response that is a list, or the one element of it."""
    if not elements:
        return _NOTHING
    return Encoded(elements[0] if is_single else b"[" + b",".join(elements) + b"]")


def _shown(answer, sight, call):
    """A response, or a part of its list, as its user sees it and faults leave it."""
    if isinstance(answer, dict):  # a handler may have written it out; records fit anyway
        answer = models.without_gone(answer, call.operation.result)
    return faults.spoil(call.faults, call.operation, sight.shown(answer, call.operation))


# what is sent


def parsed(raw):
    """The JSON of a body, None where it is empty; Refusal for invalid JSON."""
    if not raw.strip():
        return None
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_finite, parse_float=_finite, parse_int=_integer)
        if "\\ud" in text.lower():
            # a lone surrogate is not a character: no response could contain it
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except ValueError as error:
        raise refused("INVALID_JSON", "the body is not JSON: %s" % error)


def _integer(text):
    """An integer of a body. Of a very long one Python would speak in terms of its own limits."""
    if len(text) > _MOST_DIGITS:
        raise ValueError("a number of %d digits is too long" % len(text))
    return int(text)


def _finite(text):
    """A number of a body; JSON has no infinity."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("%s is not a JSON number" % text)
    return number
