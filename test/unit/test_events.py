"""`Configuration.on_event`, and what the log says of a call."""

import json
import logging

import pytest
from ports import closed_port
from recording_server import RecordingServer, Reply
from six.moves.urllib.parse import quote_plus

from cloudtower import ApiClient, Configuration, Response, RetryPolicy, UserApi, VmApi
from cloudtower._runtime import mask
from cloudtower.configuration import Credentials
from cloudtower.exceptions import ApiException, ApiTypeError, ServiceException
from cloudtower.network_errors import ApiConnectionError, ApiProtocolError
from cloudtower.utils import login

START = {"where": {"id": "a"}}
STARTED = [{"task_id": "t1", "data": {"id": "a"}}]


@pytest.fixture
def server():
    with RecordingServer() as server:
        server.reply(200, [], {"X-Tower-Request-Id": "r-1"})
        yield server


@pytest.fixture
def events():
    return []


@pytest.fixture
def client(server, events):
    configuration = Configuration(host=server.url + "/v2/api", api_key={"Authorization": "tok"})
    configuration.retry_policy = RetryPolicy(backoff_factor=0)
    configuration.on_event = events.append
    configuration.credentials = Credentials("root", "pw-1")
    client = ApiClient(configuration)
    yield client
    client.close()


def names(events):
    return [event.name for event in events]


ONE = ["call_begins", "attempt_begins", "attempt_ends", "call_ends"]


@pytest.mark.parametrize("async_req", [False, True])
def test_events_of_a_read(server, client, events, async_req):
    result = VmApi(client).get_vms({}, async_req=async_req)
    if async_req:
        result.get(20)
    assert names(events) == ONE
    for event in events:
        assert event.operation == "VmApi.get_vms" and event.read is True
        assert event.method == "POST" and event.url == server.url + "/v2/api/get-vms"
        assert event.user == "root"
        assert event.context is events[0].context
    assert [event.attempt for event in events] == [0, 1, 1, 1]
    assert [event.status for event in events] == [None, None, 200, 200]
    assert [event.outcome for event in events] == [None, None, "done", "done"]
    assert [event.request_id for event in events] == [None, None, "r-1", "r-1"]
    seconds = [event.seconds for event in events]
    assert seconds == sorted(seconds) and seconds[0] >= 0


def test_the_result_of_a_write_is_there(server, client, events):
    server.reply(200, STARTED)
    result = VmApi(client).start_vm(START)
    assert events[-1].result is result and events[-1].result[0].task_id == "t1"
    VmApi(client).start_vm_with_http_info(START)
    assert events[-1].result[0].data.id == "a"
    assert events[-1].read is False


def test_each_attempt_has_events(server, client, events):
    server.script([Reply(503), Reply(drop=True)])
    VmApi(client).get_vms({})
    assert names(events) == ONE[:1] + ONE[1:3] * 3 + ONE[3:]
    ends = [event for event in events if event.name == "attempt_ends"]
    assert [event.status for event in ends] == [503, 0, 200]
    assert isinstance(ends[0].error, ServiceException)
    assert isinstance(ends[1].error, ApiProtocolError)
    assert events[-1].attempt == 3 and events[-1].error is None


def test_a_failure_is_an_event(server, client, events):
    server.reply(404, {"message": "no"})
    with pytest.raises(ApiException) as caught:
        VmApi(client).start_vm(START)
    assert names(events) == ONE
    assert events[-1].error is caught.value and events[-1].outcome == "refused"
    assert events[-1].status == 404 and events[-1].result is None


def test_outcomes(server, client, events):
    server.reply(drop=True)
    with pytest.raises(ApiProtocolError):
        VmApi(client).start_vm(START)
    assert events[-1].outcome == "unknown" and events[-1].status == 0
    with closed_port() as port:
        client.configuration.host = "http://127.0.0.1:%d" % port
        with pytest.raises(ApiConnectionError):
            VmApi(client).start_vm(START)
    assert events[-1].outcome == "not_sent"


def test_a_result_that_cannot_be_read(server, client, events):
    server.reply(200, "no json")
    with pytest.raises(ApiException):
        VmApi(client).start_vm(START)
    assert [event.outcome for event in events[-2:]] == ["done", "unknown"]


def test_what_is_refused_before_it_is_sent_is_no_call(client, events):
    with pytest.raises(ValueError):
        VmApi(client).start_vm({"where": {}})
    assert events == []


def test_a_path_without_operation(server, client, events):
    client.call_api("/x", "GET", response_types_map={200: "object"})
    assert names(events) == ONE and events[0].operation is None and events[0].read


def test_an_unread_response(server, client, events):
    response = VmApi(client).get_vms({}, _preload_content=False)
    assert events[-1].result is response and events[-1].request_id == "r-1"
    response.close()


def test_no_secret_in_an_event(server, client, events):
    client.configuration.api_key["Authorization"] = "pw-2"
    client.configuration.host = server.url.replace("//", "//user:pw-3@") + "/v2/api"
    client.call_api("/x", "GET", query_params={"token": "pw-4"})
    assert "pw-" not in repr(events) and all("pw-" not in event.url for event in events)


def test_a_function_that_fails_changes_nothing(server, client, caplog):
    def fail(event):
        raise KeyError("disk full")

    client.configuration.on_event = fail
    assert VmApi(client).get_vms({}) == []
    assert "on_event failed" in caplog.text and "disk full" in caplog.text


def test_an_interrupted_call_ends(server, client, events):
    class Interrupting(object):
        def send(self, request):
            raise KeyboardInterrupt()

    interrupted = ApiClient(client.configuration, transport=Interrupting())
    with pytest.raises(KeyboardInterrupt):
        VmApi(interrupted).start_vm(START)
    assert names(events) == ONE and events[-1].outcome == "unknown"


@pytest.mark.parametrize("wrong", ["print", 1, []])
def test_what_cannot_be_called(client, wrong):
    client.configuration.on_event = wrong
    with pytest.raises(ApiTypeError) as caught:
        VmApi(client).get_vms({})
    assert "Configuration.on_event" in str(caught.value)


def test_a_transport_of_a_scripts_own(client, events):
    class Canned(object):
        def send(self, request):
            return Response(200, [], {"x-tower-request-id": "r-2"})

    VmApi(ApiClient(client.configuration, transport=Canned())).get_vms({})
    assert names(events) == ONE and events[-1].request_id == "r-2"


# ---- the log -----------------------------------------------------------------


def lines(caplog, level=logging.DEBUG):
    return [
        record.getMessage()
        for record in caplog.records
        if record.name == "cloudtower.rest" and record.levelno == level
    ]


def test_a_call_is_one_line(server, client, caplog):
    caplog.set_level(logging.DEBUG, logger="cloudtower")
    server.script([Reply(503), Reply(200, [], {"X-Tower-Request-Id": "r-7"})])
    VmApi(client).get_vms({"where": {"name": "web"}})
    (line,) = lines(caplog)
    assert line.startswith("VmApi.get_vms: POST %s/v2/api/get-vms -> 200 in " % server.url)
    assert "attempts 2, request id r-7" in line
    assert json.dumps({"where": {"name": "web"}}).replace(" ", "") in line.replace(" ", "")


def test_only_harmless_headers_are_shown(server, client, caplog):
    caplog.set_level(logging.DEBUG, logger="cloudtower")
    client.configuration.api_key["Authorization"] = "pw-1"
    server.reply(200, [], {"Set-Cookie": "sid=pw-2", "X-Unheard-Of": "pw-3", "Server": "nginx"})
    VmApi(client).get_vms({}, _headers={"X-Own": "pw-4"})
    (line,) = lines(caplog)
    assert "pw-" not in line and "nginx" in line
    for name in ("Authorization", "Set-Cookie", "X-Unheard-Of", "X-Own"):
        assert "'%s': '***'" % name in line


def test_a_failed_call_is_one_line_too(server, client, caplog):
    caplog.set_level(logging.DEBUG, logger="cloudtower")
    server.reply(404, {"message": "no such vm", "password": "pw-1"})
    with pytest.raises(ApiException):
        VmApi(client).start_vm(START)
    (line,) = lines(caplog)
    assert "-> 404 in " in line and "no such vm" in line and "pw-" not in line
    assert not lines(caplog, logging.WARNING)


ECHOED = "p%&w<\"\\x 1"


def escaped(form):
    """A JSON text, page or line that has a password in it, and in which no name says so."""
    return {
        "json": lambda: {"message": "cannot log in with %s" % ECHOED},
        "json in json": lambda: {"message": "got " + json.dumps({"it": json.dumps([ECHOED])})},
        "page": lambda: "<p>p%&amp;w&lt;&quot;\\x 1</p>",
        "query": lambda: "got %s" % quote_plus(ECHOED),
        "words": lambda: "got %s" % ECHOED,
    }[form]()


def pieces(text):
    """Whether a text has what each form of the password has in common."""
    return "x 1" in text or "x+1" in text or "&w" in text or "%26w" in text


@pytest.mark.parametrize("form", ["json", "json in json", "page", "query", "words"])
def test_a_password_that_comes_back_is_hidden(server, client, events, caplog, form):
    caplog.set_level(logging.DEBUG, logger="cloudtower")
    shown = []
    client.configuration.on_event = lambda event: shown.append(
        event.error and (str(event.error), repr(vars(event.error)))
    )
    server.reply(400, escaped(form), {"X-Echo": "got " + ECHOED})
    body = {"username": "root", "password": ECHOED, "source": "LOCAL"}
    user = {"username": "u", "password": ECHOED, "name": "n", "role_id": "r", "roles": []}
    for call in (
        lambda: UserApi(client).login(body),
        lambda: client.post("/create-user", user),
        lambda: client.graphql("mutation{login}", body),
        lambda: client.request("POST", server.url + "/login", body=body),
        lambda: login(client, "root", ECHOED),
    ):
        with pytest.raises(ApiException) as caught:
            call()
        error = caught.value
        assert not pieces(str(error) + repr(vars(error))), str(error)
        assert mask.HIDDEN in error.body and mask.HIDDEN in error.headers["x-echo"]
    assert len(server.requests) == 5 and not pieces(caplog.text) and not pieces(str(shown))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"errors": [{"message": "no %s here" % ECHOED, "path": ["a"]}]}),
        Reply(200, "no %s here" % ECHOED),
    ],
)
def test_a_password_that_comes_back_with_a_success_is_hidden(server, client, caplog, reply):
    caplog.set_level(logging.DEBUG, logger="cloudtower")
    server.script([reply])
    with pytest.raises(ApiException) as caught:
        client.graphql("mutation{login}", {"password": ECHOED})
    error = caught.value
    assert not pieces(str(error) + repr(vars(error)) + caplog.text)


def test_a_token_that_comes_back_is_hidden(server, client, caplog):
    caplog.set_level(logging.DEBUG, logger="cloudtower")
    client.configuration.api_key["Authorization"] = "token-123456"
    location = {"Location": "http://u:pw-1@x.example/a?token=pw-2&b=token-123456"}
    for status, body in ((403, {"message": "not for token-123456x"}), (404, "_token-123456_")):
        server.reply(status, body, location)
        with pytest.raises(ApiException) as caught:
            VmApi(client).start_vm(START)
        error = caught.value
        assert "123456" not in str(error) + repr(vars(error))
    server.reply(200, STARTED, location)
    VmApi(client).start_vm(START)
    assert len(lines(caplog)) == 3 and "x.example" in lines(caplog)[-1]
    assert "123456" not in caplog.text and "pw-" not in caplog.text


def test_a_short_secret_is_hidden_as_a_word(server, client):
    server.reply(400, "root has no password cat: concatenate")
    with pytest.raises(ApiException) as caught:
        UserApi(client).login({"username": "root", "password": "cat", "source": "LOCAL"})
    assert caught.value.body == "root has no password ***: concatenate"


def mutate(client):
    return client.graphql("mutation{startVm{id}}")


def query(client):
    return client.graphql("{vms{id}}")


@pytest.mark.parametrize(
    "reply, change, read",
    [
        # 200, after something has been done
        (Reply(200, {"errors": [{"message": "no", "path": ["startVm"]}]}), mutate, query),
        (Reply(200, "<html>maintenance</html>"), mutate, query),
        (
            Reply(200, "<html>maintenance</html>"),
            lambda client: VmApi(client).start_vm(START),
            lambda client: VmApi(client).get_vms({}),
        ),
        (
            Reply(200, {"id": "a"}),
            lambda client: client.call_api(
                "/start-vm", "POST", body=START, response_types_map={200: "int"}
            ),
            lambda client: client.call_api("/vms", "GET", response_types_map={200: "int"}),
        ),
    ],
)
def test_a_response_that_leaves_a_change_in_doubt(server, client, caplog, reply, change, read):
    server.script([reply, reply])
    for call in (change, read):
        with pytest.raises(ApiException) as caught:
            call(client)
        assert caught.value.outcome == "unknown"
    (line,) = lines(caplog, logging.WARNING)
    assert "may have taken effect" in line


def test_a_change_in_doubt_is_a_warning(server, client, caplog):
    server.reply(drop=True)
    for call in (VmApi(client).start_vm, VmApi(client).get_vms):
        with pytest.raises(ApiException):
            call(START)
    (line,) = lines(caplog, logging.WARNING)
    assert line.startswith("VmApi.start_vm may have taken effect")
