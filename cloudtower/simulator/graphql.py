"""The GraphQL endpoint, as far as the clients of the REST interface use it."""

import re

from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.language import Text

#: A value that stands in the query itself: `data: {name: "x"}`.
_INLINE = r'\b%s\s*:\s*"((?:[^"\\]|\\.)*)"'


def answer(tower, request, authorization=None):
    """Answer `POST /api`: directories, login, API keys.

    Parameters:
        tower: a Tower.
        request: the parsed body, {"query": text, "variables": {...}}.
        authorization: the header of that name, or None.

    Returns ({"data": ...} or {"errors": [...]}, the task's record of what changes something).
    """
    query = request.get("query") if isinstance(request, dict) else None
    query = query if isinstance(query, str) else ""
    given = _Given(query, request.get("variables") if isinstance(request, dict) else None)
    try:
        for name, field in _FIELDS.items():
            if re.search(r"\b%s\b" % name, query):
                data = {"data": {name: field(tower, given, authorization)}}
                return data, _task(tower, name, authorization) if name in _TITLES else None
    except Refusal as refusal:
        code = (refusal.props or {}).get("code") or "LOAD_TOKEN_FAILED"
        return {"data": None, "errors": [{"code": code, "message": refusal.message}]}, None
    message = "the simulator answers %s" % ", ".join(sorted(_FIELDS))
    return {"errors": [{"code": "GRAPHQL_VALIDATION_FAILED", "message": message}]}, None


class _Given(object):
    """The arguments of a query, as variables or inline."""

    def __init__(self, query, variables):
        self._query = query
        self._variables = variables

    def value(self, name):
        found = _found(self._variables, name)
        if found is None:
            inline = re.search(_INLINE % name, self._query)
            found = inline.group(1) if inline else None
        return found if isinstance(found, str) else None


def _found(value, name):
    """The first member of a name, at any depth."""
    if not isinstance(value, dict):
        return None
    if name in value:
        return value[name]
    return next((each for each in (_found(v, name) for v in value.values()) if each), None)


def _strategies(tower, given, authorization):
    directory = tower.access.directory
    return [directory] if directory else []


def _login(tower, given, authorization):
    values = [given.value(each) for each in ("username", "password", "source", "auth_config_id")]
    token = tower.access.login(values[0] or "", values[1] or "", *values[2:])
    user = tower.access.user_of(token)
    return {"token": token, "uid": user.id, "need_mfa": False, "mfa_meta": None}


def _create_key(tower, given, authorization):
    user = tower.access.user_of(authorization)
    key_id, key = tower.access.add_key(user, name=given.value("name") or "")
    roles = [{"id": each.id, "preset": each["preset"]} for each in tower.world.many(user, "roles")]
    return {"id": key_id, "key": key, "name": given.value("name"), "roles": roles}


def _delete_key(tower, given, authorization):
    tower.access.user_of(authorization)
    key_id = tower.access.delete_key(given.value("key"))
    if key_id is None:
        raise Refusal(400, "there is no such API key", props={"code": "API_KEY_NOT_FOUND"})
    return {"id": key_id}


def _task(tower, name, authorization):
    return tower.tasks.begin(_TITLES[name], name, user=tower.access.user_of(authorization))


_TITLES = {
    "createApiKey": Text("Create an API key", "创建 API 密钥"),
    "deleteApiKey": Text("Delete an API key", "删除 API 密钥"),
}
_FIELDS = {
    "authnStrategies": _strategies,
    "createApiKey": _create_key,
    "deleteApiKey": _delete_key,
    "login": _login,
}
