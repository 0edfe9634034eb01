"""Login, tokens, rights."""

import base64

import pytest
from simulated import start


def test_login(shared):
    body = {"username": "root", "password": shared.simulator.password}
    answer = shared.post("/login", body)
    assert list(answer) == ["data", "task_id"] and answer["task_id"] is None
    token = answer["data"]["token"]
    me = shared.post("/get-my-info")
    payload = token.split(".")[1]
    assert base64.urlsafe_b64decode(payload + "==").decode() == me["id"]
    assert shared.post("/login", dict(body, source="LOCAL"))["data"]["token"] == token


@pytest.mark.parametrize(
    "change, code",
    [
        ({"password": "wrong"}, "USER_PASSWORD_INCORRECT"),
        ({"username": "nobody"}, "USER_NOT_FOUND"),
        ({"source": "LDAP"}, "USER_NOT_FOUND"),
        ({"source": "AUTHN", "auth_config_id": "nope"}, "LOGIN_FAILED"),
    ],
)
def test_wrong_credentials(shared, change, code):
    body = dict({"username": "root", "password": shared.simulator.password}, **change)
    assert code in shared.refused("/login", body)["message"]


@pytest.mark.parametrize("make", [str, "Bearer {}".format, "bearer {}".format])
def test_forms_of_the_token(shared, make):
    headers = {"authorization": make(shared.token)}
    assert shared.post("/get-my-info", headers=headers)["username"] == "root"


@pytest.mark.parametrize("token", [None, "", "nonsense", "a.b.c", "Bearer ", "\xe9.\xe9.\xe9"])
def test_no_or_bad_token(shared, token):
    headers = {"authorization": token}
    answer = shared.send("POST", "/get-vms", {}, headers=headers)
    assert answer.status == 401 == answer.body["status"]
    assert answer.body["path"] == "/get-vms"


def test_a_token_that_was_tampered_with(shared):
    head, payload, signature = shared.token.split(".")
    for forged in (
        ".".join((head, payload, signature[::-1])),
        ".".join((head, payload[::-1], signature)),
    ):
        answer = shared.send("POST", "/get-vms", {}, headers={"authorization": forged})
        assert answer.status == 401


def test_a_user_that_is_gone_has_no_access(api):
    user = api.world.first("User", username="operator")
    token = api.tower.access.token_of(user)
    assert api.post("/get-my-info", headers={"authorization": token})["username"] == "operator"
    api.world.remove(user)
    assert api.send("POST", "/get-my-info", headers={"authorization": token}).status == 401


def test_readers_may_only_read(shared):
    token = shared.tower.access.token_of(shared.world.first("User", username="reader"))
    headers = {"authorization": token}
    assert shared.send("POST", "/get-vms", {}, headers=headers).status == 200
    answer = shared.send("POST", "/create-label", [{"key": "x"}], headers=headers)
    assert answer.status == 403 and "PERMISSION_DENIED" in answer.body["message"]


def test_there_is_a_root_user(shared):
    body = {
        "username": "root2",
        "password": "Secret-123",
        "name": "r",
        "email_address": "",
        "mobile_phone": "",
    }
    answer = shared.send("POST", "/create-root-user", body, headers={"authorization": None})
    assert answer.status == 400


QUERY = {"query": "query { authnStrategies { id type } }"}


def test_no_directory(shared):
    answer = shared.send("POST", "/api", QUERY, headers={"authorization": None})
    assert (answer.status, answer.body) == (200, {"data": {"authnStrategies": []}})


def test_a_directory():
    api = start(ldap=True)
    try:
        (strategy,) = api.send("POST", "/api", QUERY).body["data"]["authnStrategies"]
        assert strategy["type"] == "LDAP"
        body = {"username": "directory.user", "password": "Simulator-1"}
        by_authn = dict(body, source="AUTHN", auth_config_id=strategy["id"])
        token = api.post("/login", by_authn)["data"]["token"]
        assert api.post("/login", dict(body, source="LDAP"))["data"]["token"] == token
        me = api.post("/get-my-info", headers={"authorization": token})
        assert me["auth_config_id"] == strategy["id"]
    finally:
        api.close()
        api.simulator.stop()


def test_other_queries_are_refused(shared):
    assert "errors" in shared.send("POST", "/api", {"query": "{ vms { id } }"}).body
