"""A client logs in again: when, how often, and when not."""

import threading
import time

import pytest
from recording_server import RecordingServer, Reply
from session_tower import EXPIRED, at_once, configured, failure, logged_in, read, serve, write

import cloudtower
from cloudtower import ApiClient, Configuration, UserApi
from cloudtower.configuration import Credentials
from cloudtower.exceptions import (
    ForbiddenException,
    UnauthorizedException,
)
from cloudtower.network_errors import ApiConnectionError
from cloudtower.utils import login


@pytest.fixture
def tower():
    for made in serve():
        yield made


@pytest.fixture
def client(tower):
    for made in logged_in(tower):
        yield made


# ---- a session that has ended ------------------------------------------------------


@pytest.mark.parametrize("call", [read, write])
@pytest.mark.parametrize("equal", [True, False])
@pytest.mark.parametrize("async_req", [False, True])
def test_a_call_logs_in_again_and_goes_on(tower, client, call, equal, async_req):
    tower.equal = equal
    tower.end_sessions()
    result = call(client, async_req=async_req)
    assert (result.get(20) if async_req else result) == []
    assert len(tower.logins) == 2 and tower.logins[0] == tower.logins[1]
    first, second = tower.calls
    assert first.body == second.body and first.path == second.path
    assert client.configuration.api_key == {"Authorization": tower.accepted}


@pytest.mark.parametrize("equal", [True, False])
def test_many_threads_log_in_once(tower, client, equal):
    tower.equal, tower.delay = equal, 0.3
    tower.end_sessions()
    assert at_once(64, lambda: read(client)) == [[]] * 64
    assert len(tower.logins) == 2


def test_a_call_that_was_sent_before_the_login_needs_no_other_one(tower, client):
    # Its 401 arrives when another thread has logged in long since.
    tower.end_sessions()
    tower.expired = Reply(401, EXPIRED.body, delay=1)
    slow = threading.Thread(target=lambda: read(client))
    slow.start()
    time.sleep(0.3)
    tower.expired = EXPIRED
    assert read(client) == []
    slow.join(20)
    assert len(tower.logins) == 2 and len(tower.calls) == 4


def test_a_login_without_relogin_is_not_repeated(tower, client):
    client.configuration.credentials = Credentials("root", "secret-1")
    login(client, relogin=False)
    tower.end_sessions()
    for call in (read, write):
        error = failure(call, client)
        assert type(error) is UnauthorizedException and "relogin=False" in error.advice
    assert len(tower.logins) == 2 and len(tower.calls) == 2


def test_a_token_set_by_hand_is_replaced_only_where_credentials_are_known(tower):
    with ApiClient(configured(tower)) as client:
        client.configuration.api_key["Authorization"] = "by hand"
        error = failure(read, client)
        assert type(error) is UnauthorizedException and not tower.logins
        assert "cloudtower.utils.login(client, ...)" in str(error)
        client.configuration.credentials = Credentials("root", "secret-1")
        assert read(client) == []
        assert client.configuration.api_key == {"Authorization": "tok"}


def test_an_upload_and_a_download_are_sent_again_too(tower, client, tmpdir):
    tower.end_sessions()
    path = tmpdir.join("a.iso")
    path.write("content")
    cloudtower.ElfImageApi(client).create_elf_image(
        file=str(path), cluster_id="c", name="a", size="7"
    )
    first, second = tower.calls
    assert b"content" in first.body and b"content" in second.body
    tower.end_sessions()
    client._session.clock.now += 60
    response = read(client, _preload_content=False)
    assert response.status == 200 and response.read() == b"[]"


def test_a_prefix_of_the_token_is_kept(tower, client):
    client.configuration.api_key_prefix = {"Authorization": "Bearer"}
    failure(read, client)
    assert [each.header("Authorization") for each in tower.calls] == [["Bearer tok"]] * 2


# ---- what never logs in ------------------------------------------------------------


def test_403_does_not_log_in(tower, client):
    tower.end_sessions()
    tower.expired = Reply(403, {"message": "PERMISSION_DENIED"})
    assert type(failure(read, client)) is ForbiddenException
    assert len(tower.logins) == len(tower.calls) == 1


def test_secrets_of_the_call_itself_do_not_log_in(tower, client):
    own = {"in": "header", "key": "Authorization", "value": "own"}
    assert type(failure(read, client, _request_auth=own)) is UnauthorizedException
    assert len(tower.logins) == len(tower.calls) == 1
    assert client.configuration.api_key == {"Authorization": "tok"}


def test_basic_authentication_does_not_log_in(tower, client):
    client.configuration.username, client.configuration.password = "me", "pw"
    error = failure(cloudtower.ResourceChangeApi(client).get_resource_changes, start_revision="1")
    assert error.status == 401 and len(tower.logins) == len(tower.calls) == 1


def test_operations_without_authentication_do_not_log_in(tower, client):
    tower.end_sessions()
    failure(cloudtower.ApiInfoApi(client).get_api_version)
    assert len(tower.logins) == len(tower.calls) == 1
    tower.refusal = EXPIRED
    failure(UserApi(client).login, {"username": "u", "password": "p"})
    assert len(tower.logins) == 2


def test_request_is_as_raw_as_ever(tower, client):
    tower.end_sessions()
    url = tower.server.url + "/v2/api/get-vms"
    assert failure(client.request, "POST", url, body={}).status == 401
    assert len(tower.logins) == len(tower.calls) == 1


def test_a_header_of_the_script_is_left_alone(tower):
    configuration = configured(tower)
    configuration.credentials = Credentials("root", "secret-1")
    with ApiClient(configuration, "Authorization", "own") as client:
        assert failure(read, client).status == 401
    assert [each.header("Authorization") for each in tower.calls] == [["own"]] and not tower.logins


# ---- a 401 that comes from within an operation -------------------------------------

INNER = {"message": "no", "path": "/x", "status": 401, "operationName": "startVm"}


def test_a_write_whose_operation_had_begun_is_not_repeated(tower, client):
    tower.end_sessions()
    tower.expired = Reply(401, INNER)
    error = failure(write, client)
    assert type(error) is UnauthorizedException
    assert len(tower.logins) == len(tower.calls) == 1


def test_a_read_is_repeated_whatever_the_401_names(tower, client):
    tower.end_sessions()
    tower.expired = Reply(401, INNER)
    assert read(client) == []


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", {}, [], {"operationName": None}])
def test_a_write_is_repeated_where_the_401_names_no_operation(tower, client, body):
    tower.end_sessions()
    tower.expired = Reply(401, body)
    assert write(client) == []
    assert len(tower.logins) == 2


def test_a_write_that_a_303_has_confirmed_is_not_sent_again(tower, client):
    original = tower.handle

    def handle(request):
        reply = original(request)
        if request.path.endswith("/start-vm") and len(tower.logins) == 1:
            return Reply(303, headers={"Location": "/v2/api/result"})
        return reply

    tower.server.handler = handle
    tower.end_sessions()
    error = failure(write, client)
    assert (error.status, error.outcome) == (401, "unknown")
    assert [each.path for each in tower.calls].count("/v2/api/start-vm") == 1
    assert len(tower.logins) == 1


# ---- how often -----------------------------------------------------------------------


def test_a_second_401_after_a_new_login_is_raised_for_all(tower, client):
    tower.end_sessions()
    original = tower.handle

    def handle(request):
        reply = original(request)
        tower.end_sessions()
        return reply

    tower.server.handler = handle
    for _ in range(3):
        error = failure(read, client)
        assert type(error) is UnauthorizedException and error.status == 401
        assert "single-session login, or two jobs with one account" in str(error)
        assert len(tower.logins) == 2
    errors = at_once(16, lambda: read(client))
    assert set(type(each) for each in errors) == set([UnauthorizedException])
    assert len(tower.logins) == 2
    client._session.clock.now += 60
    failure(read, client)
    assert len(tower.logins) == 3


def test_five_logins_an_hour(tower, client):
    for _ in range(5):
        tower.end_sessions()
        assert read(client) == []
        client._session.clock.now += 61
    assert len(tower.logins) == 6
    tower.end_sessions()
    error = failure(read, client)
    assert len(tower.logins) == 6 and "5 times within an hour" in str(error)
    assert "single-session" in error.advice
    client._session.clock.now += 3600 - 5 * 61
    assert read(client) == []
    assert len(tower.logins) == 7
    tower.end_sessions()
    client._session.clock.now += 61
    assert read(client) == []


def test_logins_that_the_script_made_do_not_count(tower, client):
    for _ in range(10):
        login(client, "root", "secret-1")
    tower.end_sessions()
    assert read(client) == []
    login(client, "root", "secret-1")
    tower.end_sessions()
    assert failure(read, client).status == 401


def test_the_first_login_of_all_does_not_count(tower):
    configuration = configured(tower)
    configuration.credentials = Credentials("root", "secret-1")
    with ApiClient(configuration) as client:
        assert read(client) == []
        tower.end_sessions()
        assert read(client) == []
        assert len(tower.logins) == 2


# ---- two nodes ---------------------------------------------------------------------------


def test_nodes_share_a_session(tower):
    from cloudtower import ActivePassiveApiClient

    original = tower.handle
    with RecordingServer() as other:
        active = [tower.server.port]

        def node(port):
            def handle(request):
                if request.path == "/api/healthz":
                    return Reply(200 if active[0] == port else 307)
                if active[0] != port:
                    return Reply(307, headers={"Location": "http://127.0.0.1:1/"})
                return original(request)

            return handle

        tower.server.handler, other.handler = node(tower.server.port), node(other.port)
        client = ActivePassiveApiClient(
            [tower.server.url, other.url], {"name": "root", "password": "secret-1"}
        )
        assert read(client) == []
        active[0] = other.port
        tower.equal = False
        tower.end_sessions()
        assert at_once(16, lambda: read(client)) == [[]] * 16
        assert len(tower.logins) == 2
        tokens = [each.api_key["Authorization"] for each in client.configurations]
        assert tokens == ["tok-2", "tok-2"]
        assert client.graphql("{ vms }") == {"data": {"vms": []}}
        for each in client.configurations:
            each._login = None
        client.configuration.credentials = Credentials("root", "secret-1")  # of one node
        active[0] = tower.server.port
        tower.end_sessions()
        client._session.clock = lambda: 10**10
        assert read(client) == [] and len(tower.logins) == 3
        client.close()


def test_a_configuration_that_takes_the_place_of_another(tower, client):
    client.configuration = configured(tower)
    login(client, "root", "secret-1")
    tower.end_sessions()
    tower.equal = False
    assert read(client) == []
    assert client.configuration.api_key == {"Authorization": tower.accepted}


def test_credentials_of_another_configuration_are_not_sent(tower, client):
    client.configuration.credentials = Credentials("root", "secret-1")
    login(client, "root", "secret-1")
    with RecordingServer() as other:
        other.reply(401, {"message": "LOAD_TOKEN_FAILED", "status": 401})
        client.configuration = Configuration(host=other.url + "/v2/api")
        client.rest_client = None
        assert failure(read, client).status == 401
        assert [each.path for each in other.requests] == ["/v2/api/get-vms"]
        assert not other.requests[0].header("Authorization")


# ---- a call during the login that it depends on -----------------------------------------------


@pytest.mark.parametrize("is_first", [True, False])
def test_a_function_that_uses_the_same_client_does_not_wait_for_itself(tower, is_first):
    inner = []

    def ask():
        inner.append(failure(read, client))
        return "root", "secret-1"

    configuration = configured(tower)
    configuration.credentials = ask
    with ApiClient(configuration) as client:
        if not is_first:
            configuration.api_key = {"Authorization": "old"}
        assert at_once(1, lambda: read(client)) == [[]]
    assert [each.status for each in inner] == [401]
    assert "during the login that it depends on" in inner[0].advice
    assert len(tower.logins) == 1


def test_an_observer_that_uses_the_same_client_does_not_wait_for_itself(tower, client):
    inner = []

    def observe(event):
        if event.operation == "UserApi.login" and event.name == "call_begins":
            inner.append(failure(read, client))

    client.configuration.on_event = observe
    tower.end_sessions()
    assert at_once(1, lambda: read(client)) == [[]]
    assert "during the login that it depends on" in inner[0].advice


def test_nobody_is_asked_where_no_login_may_follow(tower):
    asked = []

    def ask():
        asked.append(1)
        return "root", "secret-1"

    configuration = configured(tower)
    configuration.credentials = ask
    with ApiClient(configuration) as client:
        assert read(client) == []
        for _ in range(2):
            tower.end_sessions()
            client.configuration.credentials = ask
            try:
                read(client)
            except UnauthorizedException as error:
                assert "logged in again only" in error.advice
        assert len(asked) == len(tower.logins) == 2


def test_a_connection_that_fails_in_a_login(tower, client):
    tower.end_sessions()
    original = tower.handle

    def handle(request):
        reply = original(request)
        if reply.status == 401:
            client.configuration.host = "http://127.0.0.1:1/v2/api"
        return reply

    tower.server.handler = handle
    error = failure(write, client, _retry=None)
    assert isinstance(error, ApiConnectionError) and error.outcome == "refused"
