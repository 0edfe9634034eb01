"""The GraphQL endpoint, as far as the clients of the REST interface use it."""

import re

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import Refusal, refused
from cloudtower.simulator.schema.bodies import members

#: A value that stands in the query itself: `data: {name: "x"}`.
_INLINE = r'\b%s\s*:\s*"((?:[^"\\]|\\.)*)"'


def answer(tower, request, authorization=None, faults=None):
    """Answer `POST /api`: directories, login, API keys.

    Parameters:
        request: the parsed body, {"query": text, "variables": {...}}.
        authorization: the header of that name, or None.
        faults: what strikes the request, {kind of fault: its options}.

    Returns ({"data": ...} or {"errors": [...]}, the task's record of what changes something).
    """
    request = request if isinstance(request, dict) else {}
    query = request.get("query")
    query = query if isinstance(query, str) else ""

    def given(name):
        """An argument, as a variable or inline; None where it is no text."""
        found = next(members(request.get("variables"), name), None)
        if found is None:
            inline = re.search(_INLINE % name, query)
            found = inline.group(1) if inline else None
        return found if isinstance(found, str) else None

    try:
        for name, (field, title) in _FIELDS.items():
            if re.search(r"\b%s\b" % name, query):
                data = {"data": {name: field(tower, given, authorization)}}
                if title is None:
                    return data, None
                user = tower.authentication.user_of(authorization)
                return data, tower.tasks.begin(title, name, user=user, faults=faults)
    except Refusal as refusal:
        code = (refusal.props or {}).get("code") or "LOAD_TOKEN_FAILED"
        return {"data": None, "errors": [{"code": code, "message": refusal.message}]}, None
    message = "the simulator answers %s" % ", ".join(sorted(_FIELDS))
    return {"errors": [{"code": "GRAPHQL_VALIDATION_FAILED", "message": message}]}, None


def _login(tower, given, authorization):
    """The mutation `login`."""
    values = [given(name) for name in ("username", "password", "source", "auth_config_id")]
    token = tower.authentication.login(values[0] or "", values[1] or "", *values[2:])
    if token is None:
        return {"token": None, "uid": None, "need_mfa": True, "mfa_meta": []}
    user = tower.authentication.user_of(token)
    return {"token": token, "uid": user.id, "need_mfa": False, "mfa_meta": None}


def _create_key(tower, given, authorization):
    """The mutation `createApiKey`."""
    user = tower.authentication.user_of(authorization)
    key_id, key = tower.authentication.add_key(user, name=given("name") or "")
    roles = [{"id": role.id, "preset": role["preset"]} for role in tower.world.many(user, "roles")]
    return {"id": key_id, "key": key, "name": given("name"), "roles": roles}


def _delete_key(tower, given, authorization):
    """The mutation `deleteApiKey`: revokes a key of the user, or with MANAGE_API_KEY any."""
    user = tower.authentication.user_of(authorization)
    if tower.authentication.owner_of_key(given("key")) not in (None, user.id):
        if not tower.permissions.may(user, "MANAGE_API_KEY"):
            raise refused("PERMISSION_DENIED", "the API key is another user's")
    key_id = tower.authentication.delete_key(given("key"))
    if key_id is None:
        raise Refusal(400, "there is no such API key", props={"code": "API_KEY_NOT_FOUND"})
    return {"id": key_id}


#: field -> (what answers it, the title of its task, None where there is none)
_FIELDS = {
    "authnStrategies": (
        lambda tower, *_: list(filter(None, [tower.authentication.directory])),
        None,
    ),
    "createApiKey": (_create_key, Text("Create an API key", "创建 API 密钥")),
    "deleteApiKey": (_delete_key, Text("Delete an API key", "删除 API 密钥")),
    "login": (_login, None),
}
