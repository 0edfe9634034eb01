"""Sessions that end, as the SDK meets them."""

import os
import threading

import blocks
import pytest
from simulated import ROOT, start

from cloudtower import (
    ActivePassiveApiClient,
    ApiClient,
    Configuration,
    LabelApi,
    UserApi,
    VmApi,
)
from cloudtower.configuration import Credentials
from cloudtower.exceptions import ApiException, LoginRefused, UnauthorizedException
from cloudtower.simulator import Simulator
from cloudtower.utils import create_api_key, delete_api_key, login


@pytest.fixture
def tower():
    with Simulator() as made:
        yield made


def logins(tower):
    (counter,) = [each for each in tower.faults.shown() if each["operation"] == "/login"]
    return counter["struck"]


def count_logins(tower):
    tower.faults.add("latency", seconds=0.01, operation="/login")


def known(tower):
    client = ApiClient(Configuration(host=tower.endpoint))
    login(client, tower.username, tower.password)
    return client


def test_a_script_goes_on_when_its_session_has_ended(tower):
    client = known(tower)
    count_logins(tower)
    tower.expire_sessions()
    made = LabelApi(client).create_label([{"key": "once"}])
    assert made[0].data.key == "once" and logins(tower) == 1
    assert len(LabelApi(client).get_labels({"where": {"key": "once"}})) == 1
    client.close()


def test_many_threads_with_an_expired_token_log_in_once(tower):
    client = known(tower)
    count_logins(tower)
    tower.expire_sessions()
    results = []

    def create(number):
        results.append(LabelApi(client).create_label([{"key": "label-%d" % number}]))

    threads = [threading.Thread(target=create, args=(number,)) for number in range(64)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(results) == 64 and logins(tower) == 1
    labels = LabelApi(client).get_labels({"where": {"key_starts_with": "label-"}})
    assert len(labels) == 64
    client.close()


def test_64_threads_never_lock_an_account(tower):
    client = known(tower)
    client.configuration.credentials = Credentials("operator", "wrong")
    count_logins(tower)
    tower.expire_sessions()
    errors = []

    def read():
        try:
            VmApi(client).get_vms({})
        except ApiException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(64)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(errors) == 64 and all(isinstance(each, LoginRefused) for each in errors)
    assert logins(tower) == 1
    assert "wrong" in str(errors[0]) and "operator" in str(errors[0])
    login(client, "operator", "Simulator-1")  # so it is not locked
    client.close()


def test_single_session_login(tower):
    settings = {"enable_single_session_login": True, "session_max_age": 3600}
    tower.tower.world.first("GlobalSettings")["auth"].update(settings)
    one, other = known(tower), known(tower)
    assert one.configuration.api_key != other.configuration.api_key
    assert UserApi(one).get_my_info().username == "root"  # which takes the session back
    assert UserApi(other).get_my_info().username == "root"
    with pytest.raises(UnauthorizedException) as caught:
        UserApi(one).get_my_info()
    assert "single-session login" in str(caught.value)
    one.close()
    other.close()


def test_why_a_login_is_refused(tower):
    world, access = tower.tower.world, tower.tower.authentication
    reader = world.first("User", username="reader")
    operator = world.first("User", username="operator")
    client = ApiClient(Configuration(host=tower.endpoint))

    def refused(*given):
        with pytest.raises(LoginRefused) as caught:
            login(client, *given)
        assert given[0] in str(caught.value) and tower.endpoint[:-7] in str(caught.value)
        assert given[1] not in str(caught.value)
        return str(caught.value)

    assert "password is wrong" in refused("operator", "No-1")
    assert "no such user" in refused("nobody", "No-1")
    assert "no LDAP directory" in refused("somebody", "No-1", "LDAP")
    world.update(operator, password_expired=True)
    assert "has expired" in refused("operator", "Simulator-1")
    access.require_mfa(reader)
    assert "two-factor" in refused("reader", "Simulator-1")
    for _ in range(5):
        refused("operator", "No-1")
    assert "is locked" in refused("operator", "Simulator-1")
    client.close()


def test_api_keys_outlast_sessions(tower):
    client = known(tower)
    key = create_api_key(client, "nightly")
    tower.expire_sessions()
    by_key = ApiClient(Configuration(host=tower.endpoint, api_key={"Authorization": key}))
    assert UserApi(by_key).get_my_info().username == "root"
    delete_api_key(client, key)
    with pytest.raises(UnauthorizedException):
        UserApi(by_key).get_my_info()
    with pytest.raises(ApiException) as caught:
        delete_api_key(client, key)
    assert caught.value.code == "API_KEY_NOT_FOUND"
    by_key.close()
    client.close()


def test_graphql(tower):
    client = known(tower)
    tower.expire_sessions()
    made = client.graphql('mutation { createApiKey(data: {name: "ci"}) { name } }')
    assert made["data"]["createApiKey"]["name"] == "ci"
    with pytest.raises(ApiException) as caught:
        client.graphql("{ vms { naem } }")
    assert caught.value.code == "GRAPHQL_VALIDATION_FAILED"
    assert caught.value.outcome == "refused"
    client.close()


def test_post(tower):
    client = known(tower)
    tower.expire_sessions()
    assert client.post("/get-my-info")["username"] == "root"
    with pytest.raises(ApiException) as caught:
        client.post("/any-path")
    assert caught.value.status == 404
    client.close()


def test_the_session_of_a_pair_outlasts_a_failover():
    with Simulator(pair=True) as tower:
        count_logins(tower)
        user = {"name": tower.username, "password": tower.password}
        client = ActivePassiveApiClient(list(tower.endpoints), user)
        for _ in range(2):
            VmApi(client).get_vms({})
            tower.failover()
        assert logins(tower) == 1
        tower.expire_sessions()
        tower.failover()
        LabelApi(client).create_label([{"key": "after"}])
        assert logins(tower) == 2
        assert client.graphql("{ authnStrategies { id } }")["data"]["authnStrategies"] == []
        client.close()


def test_sessions_over_http():
    api = start()
    try:
        assert api.send("POST", "/simulator/expire_sessions").status == 200
        answer = api.send("POST", "/get-my-info")
        assert answer.status == 401 and "LOAD_TOKEN_FAILED" in answer.body["message"]
        login = {"username": api.simulator.username, "password": api.simulator.password}
        assert api.post("/login", login)["data"]["token"] == api.token
        assert api.post("/get-my-info")["username"] == "root"
        login_query = "mutation ($data: LoginInput!) { login(data: $data) { token need_mfa } }"
        api.tower.authentication.require_mfa(api.world.first("User", username="root"))
        sent = {"query": login_query, "variables": {"data": login}}
        found = api.send("POST", "/api", sent).body["data"]["login"]
        assert found["token"] is None and found["need_mfa"] is True
    finally:
        api.close()
        api.simulator.stop()


@pytest.mark.parametrize(
    "page, title", [("reliability.md", "Sessions"), ("reliability.zh-CN.md", "会话")]
)
def test_the_page_works(tower, page, title, tmp_path, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", tower.endpoint)
    monkeypatch.setenv("CLOUDTOWER_USERNAME", tower.username)
    monkeypatch.setenv("CLOUDTOWER_PASSWORD", tower.password)
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as stream:
        section = stream.read().partition("\n## %s\n" % title)[2].partition("\n## ")[0]
    path = tmp_path / page
    path.write_text(section, encoding="utf-8")
    found = blocks.read(str(path))
    assert len(found) == 4
    names = {"with_token": lambda configuration: configuration}
    blocks.run(found[:1], tower.endpoint, names, page)
    tower.expire_sessions()
    blocks.run(found[1:], tower.endpoint, names, page)
