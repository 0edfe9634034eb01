"""A login that a client makes by itself: refused, failed, with which credentials."""

import copy
import logging
import pickle
import pprint
import threading
import time

import pytest
from recording_server import Reply
from session_tower import EXPIRED, at_once, configured, failure, logged_in, read, serve, write

import cloudtower
from cloudtower import ActivePassiveApiClient, ApiClient, Configuration, RetryPolicy, UserApi
from cloudtower.configuration import Credentials
from cloudtower.exceptions import (
    ApiTypeError,
    ApiValueError,
    LoginRefused,
    ServiceException,
)
from cloudtower.network_errors import ApiTimeoutError
from cloudtower.utils import login, wait_task


@pytest.fixture
def tower():
    for made in serve():
        yield made


@pytest.fixture
def client(tower):
    for made in logged_in(tower):
        yield made


# ---- a login that is refused ---------------------------------------------------------


def refusal(code, status=400):
    return Reply(status, {"message": "%s: no" % code, "status": status, "path": "/login"})


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_refused_login_is_final(tower, client, status):
    tower.end_sessions()
    tower.refusal = refusal("USER_PASSWORD_INCORRECT", status)
    errors = at_once(64, lambda: read(client)) + at_once(8, lambda: write(client))
    assert len(tower.logins) == 2
    assert all(isinstance(each, LoginRefused) for each in errors)
    assert len(set(map(id, errors))) == len(errors)
    text = str(errors[0])
    assert tower.server.url in text and "root" in text and "password is wrong" in text
    assert "secret-1" not in text and "secret-1" not in repr(vars(errors[0]))
    assert set(each.outcome for each in errors) == set(["refused"])
    client._session.clock.now += 100000
    assert isinstance(failure(read, client), LoginRefused)
    assert len(tower.logins) == 2


def test_other_credentials_are_tried(tower, client):
    tower.end_sessions()
    tower.refusal = refusal("USER_PASSWORD_INCORRECT")
    failure(read, client)
    client.configuration.credentials = Credentials("root", "secret-1")
    failure(read, client)
    assert len(tower.logins) == 2
    client.configuration.credentials = Credentials("root", "secret-2")
    failure(read, client)
    assert len(tower.logins) == 3
    tower.refusal = None
    failure(read, client)
    login(client, "root", "secret-2")
    assert read(client) == []


def test_a_refused_login_of_the_script_is_not_repeated_by_a_call(tower):
    configuration = configured(tower)
    configuration.credentials = Credentials("root", "secret-1")
    tower.refusal = refusal("USER_PASSWORD_INCORRECT")
    with ApiClient(configuration) as client:
        failure(login, client)
        error = failure(read, client)
        assert isinstance(error, LoginRefused) and error.outcome == "not_sent"
        assert len(tower.logins) == 1 and not tower.calls
        failure(login, client)  # a script may
        assert len(tower.logins) == 2


@pytest.mark.parametrize("found", [None, ("root", None), (None, "secret")])
def test_a_callable_that_returns_too_little_is_named(tower, found):
    configuration = configured(tower)
    configuration.credentials = lambda: found
    with ApiClient(configuration) as client:
        error = failure(read, client)
        assert error.status == 401 and "The callable in Configuration.credentials" in str(error)
        with pytest.raises(ApiValueError) as caught:
            login(client)
        assert "The callable in Configuration.credentials" in str(caught.value)
    assert not tower.logins


@pytest.mark.parametrize(
    "code, meaning",
    [
        ("USER_LOCKED", "account is locked"),
        ("PASSWORD_EXPIRED", "password has expired"),
        ("LDAP_ERROR", "directory is unknown"),
        ("USER_NOT_FOUND", "no such user"),
        ("NOT_MATCH_USER_OR_PASSWORD_INCORRECT", "user name or the password is wrong"),
        ("MFA_REQUIRED", "two-factor"),
    ],
)
def test_a_refusal_says_why(tower, client, code, meaning):
    tower.refusal = refusal(code)
    error = failure(login, client, "ann", "secret-2", "AUTHN")
    assert isinstance(error, LoginRefused) and error.username == "ann"
    assert meaning in str(error) and "(AUTHN)" in str(error) and tower.server.url in str(error)
    assert "UserApi.login" in str(error) and "secret-2" not in str(error)


@pytest.mark.parametrize(
    "body, meaning",
    [
        ({"message": "LOGIN_FAILED: there is no directory 'x'"}, "directory is unknown"),
        ({"message": "USER_PASSWORD_INCORRECT: 2 more lock the account"}, "password is wrong"),
        ({"message": "no more licences"}, "it says no more licences"),
        ({"code": "LOGIN_FAILED"}, "it says LOGIN_FAILED"),
        ({}, "it says Bad Request"),
        ({"message": "the token has expired"}, "it says the token has expired"),
        ({"code": "LICENSE_EXPIRED"}, "it says LICENSE_EXPIRED"),
        ({"message": "request blocked"}, "it says request blocked"),
        ({"message": "Your password has expired"}, "the password has expired"),
        ({"message": "This account is locked"}, "the account is locked"),
    ],
)
def test_a_refusal_without_a_code_of_its_own_says_what_the_server_says(
    tower, client, body, meaning
):
    tower.refusal = Reply(400, body)
    assert meaning in failure(login, client, "ann", "secret-2").advice


def test_a_login_without_token_is_refused(tower, client):
    tower.end_sessions()
    tower.refusal = Reply(200, {"data": {"token": None}})
    error = failure(read, client)
    assert isinstance(error, LoginRefused) and "two-factor" in str(error)
    assert "UserApi.login: POST %s/v2/api/login" % tower.server.url in str(error)
    assert isinstance(failure(read, client), LoginRefused)
    assert len(tower.logins) == 2


def test_a_directory_that_the_server_does_not_have(tower, client):
    tower.refusal = refusal("USER_NOT_FOUND")
    original = tower.handle
    empty = Reply(200, {"data": {"authnStrategies": []}})
    tower.server.handler = lambda each: empty if each.path == "/api" else original(each)
    assert "has no LDAP directory" in str(failure(login, client, "ann", "secret-2", "LDAP"))


# ---- a login that fails otherwise ----------------------------------------------------


@pytest.mark.parametrize("reply", [Reply(503), Reply(drop=True), Reply(429), Reply(404)])
def test_another_failure_is_shared_and_passes(tower, client, reply):
    client.configuration.retry_policy = None
    tower.delay = 0.3
    tower.end_sessions()
    tower.refusal = reply
    errors = at_once(16, lambda: write(client))
    assert len(tower.logins) == 2
    assert set(each.outcome for each in errors) == set(["refused"])
    assert not any(isinstance(each, LoginRefused) for each in errors)
    assert set(each.operation for each in errors) == set(["UserApi.login"])
    tower.refusal = None
    assert write(client) == []
    assert len(tower.logins) == 3


def test_a_wait_outlasts_a_login_that_fails(tower, client):
    tower.end_sessions()
    original, replies = tower.handle, [Reply(503), None]

    def handle(request):
        is_login = request.path.endswith("/login")
        if is_login:
            tower.refusal = replies.pop(0)
        reply = original(request)
        if is_login or reply.status != 200:
            return reply
        return Reply(200, [{"id": "t", "status": "SUCCESSED"}])

    tower.server.handler = handle
    wait_task("t", client, interval=0.01, tolerate_errors=True)
    assert len(tower.logins) == 3


def test_the_time_of_a_call_bounds_its_login(tower, client):
    tower.end_sessions()
    tower.delay = 5
    started = time.time()
    error = failure(read, client, _request_timeout=1)
    assert isinstance(error, ApiTimeoutError) and time.time() - started < 4
    assert error.outcome == "refused"


def test_who_has_more_time_does_not_share_a_timeout(tower, client):
    tower.end_sessions()
    tower.delay = 2
    errors = []
    hasty = threading.Thread(
        target=lambda: errors.append(failure(read, client, _request_timeout=1))
    )
    hasty.start()
    time.sleep(0.3)
    assert read(client, _request_timeout=30) == []
    hasty.join(20)
    assert isinstance(errors[0], ApiTimeoutError)


def test_who_has_less_time_does_not_wait_for_another_login(tower, client):
    tower.end_sessions()
    tower.delay = 4
    patient = threading.Thread(target=lambda: read(client))
    patient.start()
    time.sleep(0.5)
    started = time.time()
    error = failure(read, client, _request_timeout=1)
    assert isinstance(error, ApiTimeoutError) and time.time() - started < 3
    patient.join(20)
    assert len(tower.logins) == 2


def test_a_repeated_call_has_the_time_that_is_left(tower, client):
    tower.end_sessions()
    tower.expired = Reply(401, delay=0.8)
    original = tower.handle

    def handle(request):
        reply = original(request)
        return (
            Reply(200, [], delay=4)
            if reply.status == 200 and request.path != "/v2/api/login"
            else reply
        )

    tower.server.handler = handle
    started = time.time()
    assert isinstance(failure(read, client, _request_timeout=2), ApiTimeoutError)
    assert time.time() - started < 3.5


def test_a_thread_that_is_interrupted_leaves_the_login_to_the_next(tower, client, monkeypatch):
    tower.end_sessions()
    raised = []

    class Interrupted(UserApi):
        def login(self, *args, **kwargs):
            if not raised:
                raised.append(1)
                time.sleep(0.5)
                raise KeyboardInterrupt
            return UserApi(self.api_client).login(*args, **kwargs)

    monkeypatch.setattr(cloudtower.utils, "UserApi", Interrupted)
    ended = []

    def interrupted():
        try:
            read(client)
        except KeyboardInterrupt:
            ended.append(1)

    first = threading.Thread(target=interrupted)
    first.start()
    time.sleep(0.2)
    assert read(client) == []
    first.join(20)
    assert ended == [1] and len(tower.logins) == 2


def test_attempts_are_those_of_the_whole_call(tower, client):
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0.01)
    tower.end_sessions()
    original = tower.handle

    def handle(request):
        reply = original(request)
        return Reply(503) if reply.status == 200 and request.path != "/v2/api/login" else reply

    tower.server.handler = handle
    error = failure(read, client)
    assert type(error) is ServiceException
    assert [what[:3] for _, what in error.attempts] == ["401", "503", "503", "503"]
    moments = [when for when, _ in error.attempts]
    assert moments == sorted(moments)


def test_a_login_in_between_does_not_start_over(tower, client):
    """Three attempts in all, within `give_up_after` in all."""
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0)
    original, seen = tower.handle, []

    def handle(request):
        if request.path.endswith("/login"):
            return original(request)
        seen.append(request)
        return EXPIRED if len(seen) == 2 else Reply(503)

    tower.server.handler = handle
    error = failure(read, client)
    assert [what[:3] for _, what in error.attempts] == ["503", "401", "503", "503"]
    del seen[:]
    client._session.clock.now += 60
    client.configuration.retry_policy = RetryPolicy(give_up_after=1, backoff_factor=0)
    tower.delay = 1.2
    error = failure(read, client)
    assert [what[:3] for _, what in error.attempts] == ["503", "401", "503"]


@pytest.mark.parametrize("is_pair", [False, True])
@pytest.mark.parametrize("reply", [Reply(503), Reply(drop=True)])
def test_a_login_is_repeated_by_one_policy(tower, is_pair, reply):
    logins = []

    def handle(request):
        if request.path.endswith("/login"):
            logins.append(request)
            return reply
        return Reply(200, []) if request.path.endswith("/healthz") else EXPIRED

    tower.server.handler = handle
    configuration = configured(tower)
    configuration.credentials = Credentials("root", "secret-1")
    configuration.retry_policy = RetryPolicy(backoff_factor=0.01)
    made = ActivePassiveApiClient([configuration]) if is_pair else ApiClient(configuration)
    for token in (None, "old"):
        del logins[:]
        if token:
            made.configuration.api_key["Authorization"] = token
        error = failure(read, made)
        assert error.operation == "UserApi.login"
        assert len(logins) == len(error.attempts) == 3
    made.close()


# ---- credentials ---------------------------------------------------------------------


def test_from_env_needs_no_login(tower, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", tower.server.url)
    monkeypatch.setenv("CLOUDTOWER_USERNAME", "root")
    monkeypatch.setenv("CLOUDTOWER_PASSWORD", "secret-1")
    monkeypatch.setenv("CLOUDTOWER_SOURCE", "AUTHN")
    monkeypatch.delenv("CLOUDTOWER_TOKEN", raising=False)
    with ApiClient(Configuration.from_env()) as client:
        assert at_once(64, lambda: read(client)) == [[]] * 64
    expected = {"username": "root", "password": "secret-1", "source": "AUTHN"}
    assert tower.logins == [expected] and len(tower.calls) == 64


def test_a_first_login_that_is_refused_is_one_attempt(tower):
    configuration = configured(tower)
    configuration.credentials = Credentials("root", "secret-1")
    tower.refusal = refusal("USER_LOCKED")
    with ApiClient(configuration) as client:
        errors = at_once(64, lambda: write(client))
    assert len(tower.logins) == 1 and not tower.calls
    assert set(each.outcome for each in errors) == set(["not_sent"])


def test_a_function_is_asked_at_each_login(tower):
    passwords = iter(["secret-1", "secret-2"])
    configuration = configured(tower)
    configuration.credentials = lambda: Credentials("root", next(passwords))
    with ApiClient(configuration) as client:
        login(client)
        read(client)
        tower.end_sessions()
        read(client)
    assert [each["password"] for each in tower.logins] == ["secret-1", "secret-2"]


def test_a_function_may_return_a_pair(tower):
    configuration = configured(tower)
    configuration.credentials = lambda: ("root", "secret-1", "AUTHN")
    with ApiClient(configuration) as client:
        read(client)
    assert tower.logins[0]["source"] == "AUTHN"


def test_a_function_that_fails_fails_the_calls(tower):
    configuration = configured(tower)
    asked = []

    def vault():
        asked.append(1)
        time.sleep(0.3)
        raise KeyError("no such secret")

    configuration.credentials = vault
    with ApiClient(configuration) as client:
        errors = at_once(16, lambda: read(client))
    assert set(type(each) for each in errors) == set([KeyError]) and not tower.calls
    assert len(asked) == 1
    configuration.credentials = lambda: "secret-1"
    with ApiClient(configuration) as client, pytest.raises(ApiTypeError) as caught:
        read(client)
    assert "secret-1" not in str(caught.value) and "Credentials(" in str(caught.value)


@pytest.mark.parametrize("wrong", ["root", ("root", "secret-1"), {"username": "root"}, 1])
def test_what_cannot_be_credentials_is_refused_at_once(tower, wrong):
    with pytest.raises(ApiTypeError) as caught:
        configured(tower).credentials = wrong
    assert "secret-1" not in str(caught.value)


class Vault(object):
    """Cannot be copied, and shows what it holds."""

    def __init__(self):
        self.lock = threading.Lock()

    def __call__(self):
        return Credentials("root", "secret-1")

    def __repr__(self):
        return "Vault(secret-1)"


@pytest.mark.parametrize("how", ["login", "credentials", "callable"])
def test_copies_know_how_to_log_in_and_pickles_do_not(tower, how):
    configuration = configured(tower)
    client = ApiClient(configuration)
    if how == "login":
        login(client, "root", "secret-1")
    else:
        is_callable = how == "callable"
        configuration.credentials = Vault() if is_callable else Credentials("root", "secret-1")
        login(client)
    tower.end_sessions()
    for each in (configuration, client, client._session):
        assert "secret-1" not in repr(each) + repr(vars(each)) + pprint.pformat(vars(each))
    pickled = pickle.dumps(configuration, 2)
    assert b"secret-1" not in pickled
    restored = pickle.loads(pickled)
    assert restored.api_key == {"Authorization": "tok"}
    error = failure(read, ApiClient(restored))
    assert error.status == 401
    assert ("password of root is not available" in error.advice) == (how == "credentials")
    assert len(tower.logins) == 1
    Configuration.set_default(configuration)
    try:
        made = ApiClient()
    finally:
        Configuration.set_default(None)
    assert made.configuration is not configuration
    assert read(made) == []
    assert len(tower.logins) == 2


def test_a_refusal_is_not_shown_either(tower, client):
    tower.end_sessions()
    tower.refusal = refusal("USER_LOCKED")
    error = failure(read, client)
    shown = repr(vars(client._session)) + pprint.pformat(vars(client._session))
    assert "secret-1" not in shown
    copied = pickle.loads(pickle.dumps(error, 2))
    assert isinstance(copied, LoginRefused) and str(copied) == str(error)
    assert str(copy.copy(error)) == str(error)


@pytest.mark.parametrize("is_pair", [False, True])
def test_a_login_of_the_script_is_one_line_too(tower, caplog, is_pair):
    original = tower.handle
    tower.server.handler = lambda request: (
        Reply(200, []) if request.path.endswith("/healthz") else original(request)
    )
    expected = ["%s: logged in as root" % tower.server.url]
    with caplog.at_level(logging.INFO, "cloudtower.session"):
        if is_pair:
            user = {"name": "root", "password": "secret-1"}
            made = ActivePassiveApiClient([tower.server.url], user_config=user)
        else:
            made = ApiClient(configured(tower))
            login(made, "root", "secret-1")
        read(made)
    made.close()
    assert [each.getMessage() for each in caplog.records] == expected
    tower.refusal = refusal("USER_LOCKED")
    with caplog.at_level(logging.INFO, "cloudtower.session"):
        failure(login, made, "root", "secret-1")
    assert len(caplog.records) == 1


def test_the_log_names_server_and_user(tower, client, caplog):
    tower.end_sessions()
    with caplog.at_level(logging.INFO, "cloudtower.session"):
        read(client)
    assert "%s: logged in as root" % tower.server.url in caplog.text
    assert "secret-1" not in caplog.text
