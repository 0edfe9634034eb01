# -*- coding: utf-8 -*-
import functools
import json
import logging
import pickle
import time

import pytest
from recording_server import RecordingServer, Reply

import cloudtower
from cloudtower import ActivePassiveApiClient, ApiClient, Configuration, RetryPolicy
from cloudtower.configuration import Credentials
from cloudtower.exceptions import ApiException, ApiTypeError, ApiValueError, ServiceException
from cloudtower.network_errors import ApiConnectionError, ApiProtocolError, ApiTimeoutError
from cloudtower.utils import TaskException, get_svt_image_version, login

LONG = 60  # seconds that a test would take if it slept where it must not
SOON = 15  # generous bound for what takes no time at all
BRIEF = 0.6  # a deadline that is waited for: an answer must fit into it on a busy machine, too

# A wait that goes wrong is to fail soon as well.
wait_task = functools.partial(cloudtower.utils.wait_task, timeout=SOON)
wait_tasks = functools.partial(cloudtower.utils.wait_tasks, timeout=SOON)


def task(id, status="SUCCESSED", message=None, code=None):
    return {"id": id, "status": status, "error_message": message, "error_code": code}


def script(server, *answers):
    """Answer with these lists of tasks, one a poll, and with the last from then on."""
    server.script([Reply(200, each) for each in answers])
    server.reply(200, answers[-1])


def bodies(server):
    return [request.json() for request in server.requests]


# ---- wait_task ---------------------------------------------------------------


def test_wait_task_returns_none_as_soon_as_the_task_has_succeeded(server, client):
    script(server, [task("t1")])
    started = time.time()
    assert wait_task("t1", client, interval=LONG) is None
    assert time.time() - started < SOON
    assert [request.path for request in server.requests] == ["/v2/api/get-tasks"]
    assert bodies(server) == [{"where": {"id": "t1"}}]


def test_wait_task_goes_on_while_the_task_is_missing_or_in_any_other_state(server, client):
    states = ("PENDING", "EXECUTING", "PAUSED", "NEW_IN_9_0", None)
    script(server, [], *([[task("t1", state)] for state in states] + [[task("t1")]]))
    wait_task("t1", client, interval=0.01)
    assert len(server.requests) == 7


def test_wait_task_takes_none_for_work_that_was_done_at_once(server, client):
    assert wait_task(None, client) is None
    assert server.requests == []


@pytest.mark.parametrize("id", [5, b"t1" if bytes is not str else 5.0, ["t1"], object()])
def test_wait_task_wants_text(server, client, id):
    with pytest.raises(ApiTypeError, match="a task id is text"):
        wait_task(id, client)
    assert server.requests == []


def test_wait_task_tells_why_the_task_has_failed(server, client):
    script(server, [task("t1", "FAILED", "no space left", "EAllocSpace")])
    with pytest.raises(ApiException) as caught:
        wait_task("t1", client)
    assert (caught.value.status, caught.value.reason) == (500, "Task t1 failed: no space left")
    assert str(caught.value) == "(500)\nReason: Task t1 failed: no space left\n"
    assert caught.value.tasks["t1"].error_code == "EAllocSpace"


def test_wait_task_tells_the_code_of_a_failure_without_a_message(server, client):
    script(server, [task("t1", "FAILED", None, "EAllocSpace")])
    with pytest.raises(ApiException) as caught:
        wait_task("t1", client)
    assert caught.value.reason == "Task t1 failed: EAllocSpace"


def test_a_failure_can_be_printed_whatever_its_language(server, client):
    script(server, [task("t1", "FAILED", u"空间不足")])
    with pytest.raises(ApiException) as caught:
        wait_task(u"t1", client)
    text = str(caught.value)
    assert u"空间不足" in (text if str is not bytes else text.decode("utf-8"))


def test_wait_task_gives_up_at_the_deadline(server, client):
    script(server, [task("t1", "EXECUTING")])
    started = time.time()
    with pytest.raises(ApiException) as caught:
        wait_task("t1", client, interval=LONG, timeout=BRIEF)
    assert time.time() - started < SOON
    assert caught.value.status == 408
    assert caught.value.reason == "Timeout while waiting for task finished"
    assert str(caught.value).endswith("Not finished: t1 (EXECUTING)\n")
    assert caught.value.outcome == "unknown"


def test_an_unknown_task_is_waited_for_until_the_deadline(server, client):
    script(server, [])
    with pytest.raises(ApiException) as caught:
        wait_task("t1", client, interval=0.01, timeout=BRIEF)
    assert caught.value.status == 408
    assert caught.value.tasks == {"t1": None}
    assert "t1 (not seen)" in str(caught.value)
    assert len(server.requests) > 1


def test_the_last_look_is_at_the_deadline(server, client):
    script(server, [task("t1", "EXECUTING")], [task("t1")])
    wait_task("t1", client, interval=LONG, timeout=BRIEF)
    assert len(server.requests) == 2


def test_without_time_there_is_one_look(server, client):
    script(server, [task("t1")])
    wait_task("t1", client, timeout=0)
    script(server, [task("t2", "EXECUTING")])
    with pytest.raises(ApiException) as caught:
        wait_task("t2", client, timeout=0)
    assert caught.value.status == 408
    assert len(server.requests) == 2


def test_wait_task_without_timeout_waits_on(server, client):
    script(server, [], [], [task("t1")])
    wait_task("t1", client, interval=0.01, timeout=None)
    assert len(server.requests) == 3


@pytest.mark.parametrize("configured", [None, 300, (10, 300), (None, 300)])
def test_a_stalled_server_does_not_hold_a_wait(server, client, configured):
    client.configuration.timeout = configured
    server.reply(200, [task("t1")], delay=SOON + 5)
    started = time.time()
    with pytest.raises(ApiException) as caught:
        wait_task("t1", client, timeout=0.2)
    assert time.time() - started < SOON
    assert caught.value.status == 408
    assert isinstance(caught.value.__cause__, ApiTimeoutError)


DRIP = 0.1  # seconds between two bytes
# What bounds a poll otherwise, so that only the deadline can end it.
PATIENT = [None, 300, (10, 300), (0.5, 300), (None, None)]


def dripping(tasks, byte=b" ", count=400):
    """A response whose body comes byte by byte, for longer than any wait here."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    return Reply(raw=[head] + [byte] * count + [json.dumps(tasks).encode("ascii")], pause=DRIP)


@pytest.mark.parametrize(
    "configured, timeout", [(each, 0.2) for each in PATIENT] + [((10, 300), 2)]
)
def test_a_dripping_server_does_not_outlast_a_wait(server, client, configured, timeout):
    client.configuration.timeout = configured
    server.script([dripping([task("t1")])] * 3)
    started = time.time()
    with pytest.raises(TaskException) as caught:
        wait_task("t1", client, interval=0.01, timeout=timeout)
    assert time.time() - started < SOON
    assert caught.value.status == 408
    assert isinstance(caught.value.__cause__, ApiTimeoutError)


def test_a_dripping_server_does_not_outlast_a_wait_for_several(server, client):
    server.script([Reply(200, [task("t1")])] + [dripping([task("t2")])] * 3)
    started = time.time()
    with pytest.raises(TaskException) as caught:
        wait_tasks(["t1", "t2"], client, interval=0.01, timeout=1.5, tolerate_errors=True)
    assert time.time() - started < SOON
    assert caught.value.status == 408
    assert list(caught.value.tasks) == ["t2"]


def test_a_dripping_server_does_not_outlast_a_wait_of_several_nodes(server):
    server.reply(200, {})
    client = ActivePassiveApiClient([Configuration(root_url=server.url)])
    client.active_client()
    server.handler = lambda request: dripping([task("t1")])
    started = time.time()
    with pytest.raises(ApiException):
        wait_task("t1", client, timeout=1)
    assert time.time() - started < SOON


def test_a_server_that_drips_in_time_is_read_to_its_end(server, client):
    server.script([dripping([task("t1")], count=15)])
    wait_task("t1", client)


def test_a_wait_bounds_nothing_after_it(server, client):
    server.script([Reply(200, [task("t1")]), Reply(200, {}, delay=2)])
    wait_task("t1", client, timeout=0.2)
    client.request("GET", server.url)
    assert len(server.requests) == 2


def test_a_refusal_at_the_deadline_is_raised_as_it_is(server, client):
    client.configuration.retry_policy = None
    server.reply(503, {"message": "busy"}, delay=BRIEF)
    with pytest.raises(ServiceException) as caught:
        wait_task("t1", client, timeout=0.2)
    assert caught.value.status == 503


def test_a_lost_connection_at_the_deadline_is_raised_as_it_is(server, client):
    """Only a poll that ran into the deadline counts as the end of the wait."""
    client.configuration.retry_policy = None
    server.reply(drop=True, delay=BRIEF)
    with pytest.raises(ApiProtocolError) as caught:
        wait_task("t1", client, timeout=0.2)
    assert caught.value.status == 0
    assert len(server.requests) == 1


def test_a_server_that_is_gone_is_noticed_at_once():
    with RecordingServer() as gone:
        client = ApiClient(Configuration(host=gone.url + "/v2/api"))
    started = time.time()
    with pytest.raises(ApiConnectionError):
        wait_task("t1", client, interval=LONG, timeout=LONG)
    assert time.time() - started < SOON


def test_a_poll_takes_no_longer_than_the_configuration_allows(server, client):
    client.configuration.timeout = (1, 0.2)
    server.reply(200, [task("t1")], delay=SOON + 5)
    started = time.time()
    with pytest.raises(ApiTimeoutError):
        wait_task("t1", client, timeout=LONG)
    assert time.time() - started < SOON


def test_a_poll_is_repeated_before_its_error_is_raised(server, client):
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0)
    server.reply(503, {"message": "busy"})
    with pytest.raises(ServiceException) as caught:
        wait_task("t1", client, interval=LONG)
    assert caught.value.status == 503
    assert not isinstance(caught.value, TaskException)
    assert len(server.requests) == 3


def test_failures_in_the_middle_of_a_wait_do_not_end_it(server, client):
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0.01)
    pending = Reply(200, [task("t1", "EXECUTING")])
    server.script([pending, Reply(503), pending, Reply(drop=True), Reply(200, [task("t1")])])
    wait_task("t1", client, interval=0.01)
    assert len(server.requests) == 5


def test_errors_that_pass_are_tolerated_on_demand(server, client):
    server.script([Reply(503), Reply(drop=True), Reply(429), Reply(200, [task("t1")])])
    wait_task("t1", client, interval=0.01, tolerate_errors=True)
    assert len(server.requests) == 4


def test_other_errors_are_not_tolerated(server, client):
    server.reply(401)
    with pytest.raises(ApiException) as caught:
        wait_task("t1", client, interval=LONG, tolerate_errors=True)
    assert caught.value.status == 401


def test_tolerated_errors_end_at_the_deadline_and_are_its_cause():
    with RecordingServer() as gone:
        client = ApiClient(Configuration(host=gone.url + "/v2/api"))
        client.configuration.retries = False
    with pytest.raises(ApiException) as caught:
        wait_task("t1", client, interval=0.01, timeout=BRIEF, tolerate_errors=True)
    assert caught.value.status == 408
    assert isinstance(caught.value.__cause__, ApiConnectionError)
    assert "The last poll failed: POST http://127.0.0.1" in str(caught.value)


def test_what_a_wait_raises_can_be_pickled(server, client):
    script(server, [task("t1", "FAILED", "boom")])
    with pytest.raises(TaskException) as caught:
        wait_task("t1", client)
    copy = pickle.loads(pickle.dumps(caught.value, 2))
    assert (str(copy), copy.tasks["t1"].error_message) == (str(caught.value), "boom")


# ---- wait_tasks --------------------------------------------------------------


def test_wait_tasks_asks_for_what_is_left_and_leaves_the_list_alone(server, client):
    script(
        server,
        [task("t1"), task("t2", "EXECUTING")],
        [task("t2", "EXECUTING"), task("t3")],
        [task("t2")],
    )
    ids = ["t1", "t2", "t3"]
    assert wait_tasks(ids, client, interval=0.01) is None
    assert ids == ["t1", "t2", "t3"]
    assert bodies(server) == [
        {"where": {"id_in": ["t1", "t2", "t3"]}},
        {"where": {"id_in": ["t2", "t3"]}},
        {"where": {"id_in": ["t2"]}},
    ]


@pytest.mark.parametrize(
    "make", [tuple, list, iter, lambda ids: (id for id in ids), lambda ids: dict.fromkeys(ids)]
)
def test_ids_may_be_any_iterable(server, client, make):
    script(server, [task("t1"), task("t2")])
    wait_tasks(make(["t1", "t2"]), client)
    assert sorted(server.last.json()["where"]["id_in"]) == ["t1", "t2"]


def test_ids_may_be_a_set(server, client):
    script(server, [task("t1"), task("t2")])
    wait_tasks(frozenset(["t1", "t2"]), client)
    assert sorted(server.last.json()["where"]["id_in"]) == ["t1", "t2"]


def test_none_and_repeated_ids_are_left_out(server, client):
    script(server, [task("t1")])
    wait_tasks([None, "t1", u"t1", None], client)
    assert bodies(server) == [{"where": {"id_in": ["t1"]}}]


@pytest.mark.parametrize("ids", [[], (), [None], [None, None]])
def test_nothing_to_wait_for_is_no_request(server, client, ids):
    assert wait_tasks(ids, client) is None
    assert server.requests == []


@pytest.mark.parametrize("ids", ["t1", u"t1", b"t1"])
def test_a_single_id_in_place_of_a_list_is_a_mistake(server, client, ids):
    with pytest.raises(ApiTypeError, match="use wait_task"):
        wait_tasks(ids, client)
    assert server.requests == []


def test_a_result_in_place_of_its_task_id_is_a_mistake(server, client):
    with pytest.raises(ApiTypeError, match="not WithTaskVm; pass its task_id"):
        wait_tasks([cloudtower.WithTaskVm(task_id="t1")], client)
    assert server.requests == []


def test_tasks_nobody_asked_for_are_passed_over(server, client):
    script(server, [task("other", "FAILED"), task("t1")])
    wait_tasks(["t1"], client)


def test_wait_tasks_does_not_sleep_after_the_last_has_finished(server, client):
    script(server, [task("t1"), task("t2")])
    started = time.time()
    wait_tasks(["t1", "t2"], client, interval=LONG)
    assert time.time() - started < SOON


def test_all_failures_are_told_at_the_end(server, client):
    script(
        server,
        [task("t3", "FAILED", "bang"), task("t1", "FAILED", "boom"), task("t2", "EXECUTING")],
        [task("t2")],
    )
    with pytest.raises(ApiException) as caught:
        wait_tasks(["t1", "t2", "t3"], client, interval=0.01)
    assert caught.value.status == 500
    assert caught.value.reason == "Tasks failed:\n\tt1: boom\n\tt3: bang"
    assert sorted(caught.value.tasks) == ["t1", "t3"]
    assert len(server.requests) == 2


def test_exit_on_error_ends_the_wait_and_tells_why(server, client):
    script(server, [task("t1", "EXECUTING"), task("t2", "FAILED", "boom")])
    with pytest.raises(ApiException) as caught:
        wait_tasks(["t1", "t2"], client, interval=LONG, exit_on_error=True)
    assert (caught.value.status, caught.value.reason) == (500, "Task t2 failed: boom")


def test_wait_tasks_names_what_has_not_finished(server, client):
    script(server, [task("t1"), task("t2", "PAUSED")])
    with pytest.raises(ApiException) as caught:
        wait_tasks(["t1", "t2", "t3"], client, interval=0.01, timeout=BRIEF)
    assert caught.value.status == 408
    assert caught.value.reason == "Timeout while waiting for task finished"
    assert "Not finished: t2 (PAUSED), t3 (not seen)" in str(caught.value)


# ---- login -------------------------------------------------------------------

TOKEN = {"task_id": None, "data": {"token": "tok"}}
DIRECTORIES = {
    "data": {
        "authnStrategies": [
            {"id": "a0", "type": "AD"},
            {"id": "a1", "type": "LDAP"},
            {"id": "a2", "type": "LDAP"},
        ]
    }
}


def test_login_sets_the_token(server, client):
    server.reply(200, TOKEN)
    assert login(client, "root", "secret") is None
    assert server.last.path == "/v2/api/login"
    assert server.last.json() == {"username": "root", "password": "secret", "source": "LOCAL"}
    assert server.last.header("Authorization") == []
    assert client.configuration.api_key == {"Authorization": "tok"}
    cloudtower.VmApi(client).get_vms_connection({})
    assert server.last.header("Authorization") == ["tok"]


def test_no_source_is_a_local_user(server, client):
    server.reply(200, TOKEN)
    login(client, "root", "secret", None)
    assert server.last.json()["source"] == "LOCAL"


def test_login_without_arguments_uses_the_credentials(server, client):
    server.reply(200, TOKEN)
    client.configuration.credentials = Credentials("env", "secret", "AUTHN")
    login(client)
    assert server.last.json() == {"username": "env", "password": "secret", "source": "AUTHN"}
    login(client, "root", "other")
    assert server.last.json() == {"username": "root", "password": "other", "source": "LOCAL"}
    login(client, source="SSO")
    assert server.last.json()["source"] == "SSO"


def test_login_without_credentials_says_what_to_do(server, client):
    with pytest.raises(ApiValueError, match="no user name.*CLOUDTOWER_USERNAME"):
        login(client)
    with pytest.raises(ApiValueError, match="no password"):
        login(client, "root")
    with pytest.raises(ApiValueError, match="no user name"):
        login(client, password="secret")
    assert server.requests == []


def test_an_ldap_user_is_sent_to_the_directory_of_the_server(server, client):
    client.set_default_header("external-cloudtower-id", "c1")
    client.configuration.api_key["Authorization"] = "old"
    server.script([Reply(200, DIRECTORIES), Reply(200, TOKEN)])
    login(client, "root", "secret", "LDAP")
    lookup, answer = server.requests
    assert lookup.path == "/api"
    assert lookup.json() == {"query": "{authnStrategies{id type}}", "variables": {}}
    assert lookup.header("Authorization") == lookup.header("external-cloudtower-id") == []
    assert answer.path == "/v2/api/login"
    assert answer.json() == {
        "username": "root",
        "password": "secret",
        "source": "AUTHN",
        "auth_config_id": "a1",
    }


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404),
        Reply(drop=True),
        Reply(200, b"<html>"),
        Reply(200, [1]),
        Reply(200, {"errors": [{"message": "unknown field"}]}),
        Reply(200, {"data": {"authnStrategies": None}}),
        Reply(200, {"data": {"authnStrategies": [{"id": "a0", "type": "AD"}]}}),
    ],
)
def test_a_server_that_does_not_tell_its_directory_gets_an_ldap_user(server, client, reply):
    server.script([reply, Reply(200, TOKEN)])
    login(client, "root", "secret", "LDAP")
    assert server.last.json() == {"username": "root", "password": "secret", "source": "LDAP"}


def test_a_failed_look_for_the_directory_is_logged(server, client, caplog):
    server.script([Reply(404), Reply(200, TOKEN)])
    with caplog.at_level(logging.INFO, "cloudtower.utils"):
        login(client, "root", "secret", "LDAP")
    assert "no LDAP directory found" in caplog.text
    assert "secret" not in caplog.text


def test_only_errors_of_the_look_for_the_directory_are_passed_over(server, client):
    class Interrupted(ApiClient):
        def request(self, method, url, *args, **kwargs):
            if url.endswith("/login"):
                return ApiClient.request(self, method, url, *args, **kwargs)
            raise KeyboardInterrupt

    server.reply(200, TOKEN)
    with pytest.raises(KeyboardInterrupt):
        login(Interrupted(client.configuration), "root", "secret", "LDAP")
    assert server.requests == []


@pytest.mark.parametrize(
    "path, graphql",
    [
        ("/v2/api", "/api"),
        ("/v2/api/", "/api"),
        ("/pre/v2/api", "/pre/api"),
        ("", "/api"),
        ("/x", "/api"),
    ],
)
def test_the_directory_is_looked_for_beside_the_api(server, path, graphql):
    server.script([Reply(200, DIRECTORIES), Reply(200, TOKEN)])
    login(ApiClient(Configuration(host=server.url + path)), "root", "secret", "LDAP")
    assert server.requests[0].path == graphql
    assert server.requests[1].path == path.rstrip("/") + "/login"


def test_a_root_url_keeps_its_prefix(server):
    server.script([Reply(200, DIRECTORIES), Reply(200, TOKEN)])
    configuration = Configuration(root_url=server.url + "/pre", api_path="/rest")
    login(ApiClient(configuration), "root", "secret", "LDAP")
    assert [request.path for request in server.requests] == ["/pre/api", "/pre/rest/login"]


def test_a_look_for_the_directory_does_not_outlast_the_timeout(server, client):
    client.configuration.timeout = 1
    server.script([Reply(200, DIRECTORIES, delay=SOON + 5), Reply(200, TOKEN)])
    started = time.time()
    login(client, "root", "secret", "LDAP")
    assert time.time() - started < SOON
    assert server.last.json()["source"] == "LDAP"


def test_a_declined_login_is_raised_and_keeps_the_password_to_itself(server, client):
    password = u'pass"phrase'
    server.handler = lambda request: Reply(
        400, {"message": "no: " + request.body.decode("utf-8"), "seen": [password]}
    )
    with pytest.raises(ApiException) as caught:
        login(client, "root", password)
    assert caught.value.status == 400
    assert "phrase" not in str(caught.value)
    assert "phrase" not in repr(vars(caught.value))
    assert client.configuration.api_key == {}


@pytest.mark.parametrize("answer", [{"data": {"token": None}}, {"data": {}}, {"data": None}, {}])
def test_an_answer_without_token_is_an_error(server, client, answer):
    server.reply(200, answer)
    client.configuration.api_key["Authorization"] = "old"
    with pytest.raises(ApiException, match="returned no token"):
        login(client, "root", "secret")
    assert client.configuration.api_key == {"Authorization": "old"}


def test_login_reaches_every_node(server):
    with RecordingServer() as other:
        server.handler = lambda request: Reply(200, TOKEN)
        other.reply(307)
        nodes = [Configuration(root_url=each.url) for each in (server, other)]
        nodes[1].api_key["Authorization"] = "its own"
        client = ActivePassiveApiClient(nodes)
        login(client, "root", "secret")
        keys = [configuration.api_key["Authorization"] for configuration in client.configurations]
        assert keys == ["tok", "tok"]


# ---- get_svt_image_version ---------------------------------------------------


def image(path, field):
    path.write_bytes(b"\0" * (32 * 1024 + 190) + field + b"what follows")
    return str(path)


@pytest.mark.parametrize("fill", [b" ", b"\0"])
def test_the_version_of_an_image_has_no_padding(tmp_path, fill):
    assert get_svt_image_version(image(tmp_path / "iso", b"3.1.0".ljust(128, fill))) == u"3.1.0"


def test_the_version_ends_with_its_field(tmp_path):
    assert get_svt_image_version(image(tmp_path / "iso", b"v" * 128)) == u"v" * 128


def test_a_short_file_has_no_version(tmp_path):
    (tmp_path / "iso").write_bytes(b"short")
    assert get_svt_image_version(str(tmp_path / "iso")) == u""


def test_a_file_that_is_no_image_is_an_error(tmp_path):
    with pytest.raises(UnicodeDecodeError):
        get_svt_image_version(image(tmp_path / "iso", b"\xff" * 128))
