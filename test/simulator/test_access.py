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
    token = api.tower.authentication.token_of(user)
    assert api.post("/get-my-info", headers={"authorization": token})["username"] == "operator"
    api.world.remove(user)
    assert api.send("POST", "/get-my-info", headers={"authorization": token}).status == 401


def test_readers_may_only_read(shared):
    token = shared.tower.authentication.token_of(shared.world.first("User", username="reader"))
    headers = {"authorization": token}
    assert shared.send("POST", "/get-vms", {}, headers=headers).status == 200
    answer = shared.send("POST", "/create-label", [{"key": "x"}], headers=headers)
    assert answer.status == 403 and "PERMISSION_DENIED" in answer.body["message"]


def test_a_vm_user_sees_vms_of_his_own(api, blank):
    role = api.one("/get-user-role-nexts", preset="VM_USER")
    given = {
        "username": "tenant",
        "name": "Tenant",
        "password": "Secret-123",
        "role_id": role["id"],
    }
    api.post("/create-user", [given])
    login = {"username": "tenant", "password": "Secret-123"}
    headers = {"authorization": api.post("/login", login)["data"]["token"]}

    def names():
        found = api.post("/get-vms", {"orderBy": "name_ASC"}, headers=headers)
        count = api.post("/get-vms-connection", {}, headers=headers)["aggregate"]["count"]
        assert count == len(found)
        return [each["name"] for each in found]

    assert names() == []
    assert api.post("/start-vm", {"where": {"name": "build-agent"}}, headers=headers) == []
    api.post("/create-vm", [blank], headers=headers)
    api.settle()
    assert names() == ["new-vm"]
    owner = {"search_for": "username", "value": "tenant"}
    api.run("/update-vm-owner", {"where": {"name": "build-agent"}, "data": owner})
    api.run("/clone-vm", [{"src_vm_id": api.vm("web-01")["id"], "name": "copy", "owner": owner}])
    assert names() == ["build-agent", "copy", "new-vm"]
    assert len(api.post("/start-vm", {"where": {"name": "build-agent"}}, headers=headers)) == 1
    assert len(api.post("/get-vms")) > 5


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
    query = {"query": "subscription { vm { mutation } }"}
    assert "WebSocket" in shared.send("POST", "/api", query).body["errors"][0]["message"]
    query = {"query": "{ systemEndpoints { id } }"}
    message = shared.send("POST", "/api", query).body["errors"][0]["message"]
    assert message == 'Cannot query field "systemEndpoints" on type "Query".'


def _login(api, username="operator", password="wrong", status=400):
    body = {"username": username, "password": password}
    return api.refused("/login", body, status)["message"]


def test_too_many_failed_logins_lock_an_account(api):
    right = {"username": "operator", "password": "Simulator-1"}
    for _ in range(4):
        assert "USER_PASSWORD_INCORRECT" in _login(api)
    api.post("/login", right)  # which forgets the failures
    for _ in range(5):
        _login(api)
    assert "USER_LOCKED" in _login(api, password="Simulator-1")
    api.clock[0] += 29 * 60
    assert "USER_LOCKED" in _login(api)
    api.clock[0] += 2 * 60
    api.post("/login", right)


def test_failed_logins_far_apart_lock_nothing(api):
    for _ in range(8):
        assert "USER_PASSWORD_INCORRECT" in _login(api)
        api.clock[0] += 90


@pytest.mark.parametrize("inline", [False, True])
def test_api_keys(api, inline):
    if inline:
        query = 'mutation { createApiKey(data: {name: "ci"}) { id key name roles { preset } } }'
        create = {"query": query}
    else:
        query = "mutation ($data: ApiKeyCreateInput!) { createApiKey(data: $data) "
        query += "{ id key name roles { preset } } }"
        create = {"query": query, "variables": {"data": {"name": "ci"}}}
    anonymous = api.send("POST", "/api", create, headers={"authorization": None}).body
    assert anonymous["errors"][0]["code"] == "LOAD_TOKEN_FAILED"
    made = api.send("POST", "/api", create).body["data"]["createApiKey"]
    assert made["name"] == "ci" and made["roles"][0]["preset"] == "ROOT"
    as_key = {"authorization": made["key"]}
    assert api.post("/get-my-info", headers=as_key)["username"] == "root"
    delete = {
        "query": "mutation ($where: W!) { deleteApiKey(where: $where) { id } }",
        "variables": {"where": {"key": made["key"]}},
    }
    deleted = api.send("POST", "/api", delete)
    assert deleted.body["data"]["deleteApiKey"]["id"] == made["id"]
    task = {"where": {"id": deleted.headers["x-task-id"]}}
    assert api.post("/get-tasks", task)[0]["resource_mutation"] == "deleteApiKey"
    assert api.send("POST", "/get-my-info", headers=as_key).status == 401
    assert "errors" in api.send("POST", "/api", delete).body


def test_login_by_graphql(shared):
    query = "mutation ($data: LoginInput!) { login(data: $data) { token uid } }"
    given = {"username": "root", "password": shared.simulator.password}
    answer = shared.send("POST", "/api", {"query": query, "variables": {"data": given}})
    assert answer.body["data"]["login"]["token"] == shared.token
    given = dict(given, password="wrong")
    answer = shared.send("POST", "/api", {"query": query, "variables": {"data": given}})
    assert answer.body["errors"][0]["code"] == "USER_PASSWORD_INCORRECT"


def test_nobody_has_to_log_in():
    from cloudtower.simulator import Simulator

    with Simulator(open=True) as tower:
        from cloudtower import ApiClient, Configuration, LabelApi

        client = ApiClient(Configuration(host=tower.endpoint))
        assert LabelApi(client).create_label([{"key": "open"}])[0].data.key == "open"
        client.close()


def test_directory_users_log_in_through_the_sdk():
    from cloudtower import UserApi
    from cloudtower.simulator import Simulator
    from cloudtower.utils import login

    with Simulator(ldap=True) as tower:
        client = tower.client()
        login(client, "directory.user", "Simulator-1", source="LDAP")
        assert UserApi(client).get_my_info().source == "LDAP"
