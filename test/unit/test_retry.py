"""Calls that are repeated: which, how often, after which pause, and what is said of it."""

import logging
import pickle
import threading
import time
from email.utils import formatdate

import pytest
from ports import closed_port
from recording_server import RecordingServer, Reply

from cloudtower import ApiClient, Configuration, RetryPolicy, VmApi
from cloudtower._http.retry import Budget
from cloudtower.exceptions import (
    ApiException,
    ApiTypeError,
    ApiValueError,
    NotFoundException,
    ServiceException,
)
from cloudtower.network_errors import (
    ApiConnectionError,
    ApiProtocolError,
    ApiTimeoutError,
    ApiTLSError,
)

QUICK = RetryPolicy(backoff_factor=0.01)
START = {"where": {"id": "a"}}


@pytest.fixture
def server():
    with RecordingServer() as server:
        server.reply(200, [])
        yield server


def client(server, **settings):
    configuration = Configuration(host=server.url + "/v2/api")
    configuration.retry_policy = QUICK
    for name, value in settings.items():
        setattr(configuration, name, value)
    return ApiClient(configuration)


def read(client, **options):
    return VmApi(client).get_vms({}, **options)


def write(client, **options):
    return VmApi(client).start_vm(START, **options)


def failure(call, *args, **options):
    with pytest.raises(ApiException) as caught:
        call(*args, **options)
    return caught.value


TRUNCATED = Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{")
PASSING = {
    "429": Reply(429),
    "502": Reply(502),
    "503": Reply(503),
    "504": Reply(504),
    "hang up": Reply(drop=True),
    "truncated": TRUNCATED,
    "nothing but a head": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"),
    "reset within a chunk": Reply(
        raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n[1"
    ),
    "silence": Reply(delay=3),
}


@pytest.mark.parametrize("name", sorted(PASSING))
@pytest.mark.parametrize("async_req", [False, True])
def test_a_read_is_repeated(server, name, async_req):
    server.script([PASSING[name], PASSING[name]])
    made = client(server, timeout=(5, 1))
    result = read(made, async_req=async_req)
    assert (result.get(20) if async_req else result) == []
    assert len(server.requests) == 3
    bodies = set(request.body for request in server.requests)
    assert len(bodies) == 1
    made.close()


@pytest.mark.parametrize("name", sorted(set(PASSING) - set(["429"])))
def test_a_write_is_not_repeated_where_it_may_have_been_done(server, name):
    server.script([PASSING[name]])
    error = failure(write, client(server, timeout=(5, 1)))
    assert len(server.requests) == 1 and error.outcome == "unknown"
    assert len(error.attempts) == 1 and "Tried" not in str(error)


def test_a_write_is_repeated_where_the_server_has_counted_and_refused_it(server):
    server.script([Reply(429), Reply(429)])
    assert write(client(server)) == []
    assert len(server.requests) == 3


def test_a_write_is_repeated_where_nothing_was_sent(server):
    late = RecordingServer()
    late.reply(200, [])
    with closed_port() as port:
        made = client(server, host="http://127.0.0.1:%d/v2/api" % port)
        made.configuration.retry_policy = RetryPolicy(backoff_factor=0.05, max_attempts=4)
        error = failure(write, made)
    assert isinstance(error, ApiConnectionError) and error.outcome == "not_sent"
    assert len(error.attempts) == 4


def test_a_429_after_a_redirect_by_303_is_not_repeated(server):
    server.script([Reply(303, "", {"Location": "/v2/api/tasks"}), Reply(429)])
    error = failure(write, client(server))
    assert error.outcome == "unknown" and len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 501, 505])
def test_other_statuses_are_final(server, status):
    server.reply(status, {"message": "no"})
    error = failure(read, client(server))
    assert error.status == status and len(server.requests) == 1
    assert len(error.attempts) == 1


def test_statuses_are_those_of_the_policy(server):
    made = client(server, retry_policy=RetryPolicy(backoff_factor=0, status_forcelist=[500]))
    server.script([Reply(500)])
    assert read(made) == []
    server.script([Reply(503)])
    assert failure(read, made).status == 503
    server.script([Reply(429)])
    assert failure(write, made).status == 429


def test_a_read_without_preload_is_repeated_until_its_head(server):
    server.script([Reply(503), Reply(drop=True), Reply(200, [])])
    response = read(client(server), _preload_content=False)
    assert response.status == 200 and len(server.requests) == 3
    response.close()


def test_get_and_head_change_nothing(server):
    server.script([Reply(drop=True), Reply(200, {})])
    made = client(server)
    assert made.request("GET", server.url + "/x").status == 200
    server.script([Reply(drop=True), Reply(200, {})])
    made.call_api("/x", "GET")
    server.script([Reply(drop=True), Reply(200, {})])
    failure(made.call_api, "/x", "POST", body={})


def test_a_connection_that_the_server_closed_meanwhile(server):
    """What each idle connection meets sooner or later."""
    served = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
    server.script([Reply(raw=served)] * 20)
    made = client(server)
    for _ in range(20):
        assert read(made) == []


def test_a_server_that_closes_idle_connections():
    """300 calls, each made about when the server closes the connection of the one before."""
    idle, failed = 0.05, []
    with RecordingServer(idle=idle) as server:
        server.reply(200, [])

        def calls(number):
            made = client(server)
            for n in range(30):
                try:
                    assert read(made) == []
                except Exception as error:
                    failed.append(error)
                time.sleep(idle * (0.9 + 0.01 * ((n + number) % 20)))
            made.close()

        threads = [threading.Thread(target=calls, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert server.connections > 30  # of which many were closed in between


# ---- which policy ------------------------------------------------------------


def test_a_call_has_a_policy_of_its_own(server):
    made = client(server)
    server.reply(503)
    failure(read, made, _retry=None)
    assert len(server.requests) == 1
    error = failure(read, made, _retry=RetryPolicy(max_attempts=5, backoff_factor=0))
    assert len(server.requests) == 6 and len(error.attempts) == 5


def test_nothing_is_repeated_without_a_policy(server):
    server.reply(503)
    failure(read, client(server, retry_policy=None))
    assert len(server.requests) == 1


def test_retries_of_2x_stand_alone(server):
    server.reply(503)
    failure(read, client(server, retries=False))
    failure(read, client(server, retries=0))
    assert len(server.requests) == 2


@pytest.mark.parametrize("wrong", ["3", {}, [3], object, 1.5, RetryPolicy(5)])
def test_retries_that_urllib3_would_trip_over_at_a_failure(server, wrong):
    with pytest.raises(ApiTypeError) as caught:
        read(client(server, retries=wrong))
    assert "Configuration.retries is a number" in str(caught.value) and not server.requests
    assert ("Configuration.retry_policy" in str(caught.value)) == isinstance(wrong, RetryPolicy)


@pytest.mark.parametrize("policy", ["often", 3, {"max_attempts": 3}])
def test_what_is_no_policy(server, policy):
    with pytest.raises(ApiTypeError) as caught:
        read(client(server), _retry=policy)
    assert "_retry is a cloudtower.RetryPolicy or None" in str(caught.value)
    with pytest.raises(ApiTypeError) as caught:
        read(client(server, retry_policy=policy))
    assert "Configuration.retry_policy" in str(caught.value)
    assert not server.requests


@pytest.mark.parametrize(
    "name, value, error",
    [
        ("max_attempts", 0, ApiValueError),
        ("max_attempts", -1, ApiValueError),
        ("max_attempts", 1.5, ApiTypeError),
        ("max_attempts", True, ApiTypeError),
        ("max_attempts", None, ApiTypeError),
        ("backoff_factor", -1, ApiValueError),
        ("backoff_factor", "1", ApiTypeError),
        ("backoff_factor", float("nan"), ApiValueError),
        ("backoff_max", float("inf"), ApiValueError),
        ("give_up_after", -1, ApiValueError),
        ("status_forcelist", 503, ApiTypeError),
        ("status_forcelist", ["503"], ApiTypeError),
        ("status_forcelist", None, ApiTypeError),
    ],
)
def test_invalid_settings_are_named(name, value, error):
    with pytest.raises(error) as caught:
        RetryPolicy(**{name: value})
    assert "RetryPolicy." + name in str(caught.value)


def test_a_policy_is_a_value():
    policy = RetryPolicy(status_forcelist=[503, 503])
    assert policy == pickle.loads(pickle.dumps(policy)) and policy.status_forcelist == {503}
    with pytest.raises(AttributeError):
        policy.max_attempts = 5
    assert Configuration.retry_policy == RetryPolicy()
    assert RetryPolicy() == RetryPolicy(3, 0.5, 8, (429, 502, 503, 504), 60)


# ---- pauses ------------------------------------------------------------------


def test_no_pause_stays_none_however_often_a_call_is_tried():
    assert RetryPolicy(backoff_factor=0).pause(100) == 0
    assert RetryPolicy(backoff_factor=0.5, backoff_max=8).pause(10**6) <= 8


def test_pauses_grow_at_random_up_to_the_longest():
    policy = RetryPolicy(backoff_factor=1, backoff_max=3)
    for attempts, longest in ((1, 1), (2, 2), (3, 3), (4, 3), (2000, 3)):
        pauses = [policy.pause(attempts) for _ in range(200)]
        assert 0 <= min(pauses) < longest * 0.2 and longest * 0.8 < max(pauses) <= longest


def waited(server):
    started = time.time()
    result = read(client(server))
    assert len(server.requests) == 2
    return time.time() - started, result


def test_the_server_says_how_long_to_wait(server):
    server.script([Reply(503, "", {"Retry-After": "1"})])
    assert 1 <= waited(server)[0] < 4


def test_the_server_says_until_when_to_wait(server):
    server.script([Reply(429, "", {"Retry-After": formatdate(time.time() + 2, usegmt=True)})])
    assert 0.5 <= waited(server)[0] < 5


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "",
        "nan",
        "-5",
        "1e",
        "Fri, 31 Dec 1999 23:59:59 GMT",
        "Fri, 99 Dec 2099 23:59:59 GMT",
    ],
)
def test_a_strange_retry_after_delays_nothing(server, text):
    server.script([Reply(503, "", {"Retry-After": text})])
    assert waited(server)[0] < 2


@pytest.mark.parametrize("text", ["3600", "1e999", formatdate(time.time() + 900, usegmt=True)])
def test_a_wait_beyond_the_policy_ends_the_attempts(server, text):
    server.reply(503, "", {"Retry-After": text})
    started = time.time()
    error = failure(read, client(server))
    assert time.time() - started < 2 and len(server.requests) == 1 and error.retryable
    assert "Not retried: the server asks to wait" in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize("text", ["inf", "1e30", "1e400", "86401"])
def test_a_server_that_asks_for_more_than_a_day_is_not_waited_for(server, text):
    server.reply(429, "", {"Retry-After": text})
    made = client(server, total_timeout=None, timeout=None)
    policy = RetryPolicy(give_up_after=None)
    assert failure(write, made, _retry=policy).status == 429
    assert len(server.requests) == 1


def test_a_wait_beyond_the_timeout_ends_the_attempts(server):
    server.reply(503, "", {"Retry-After": "30"})
    started = time.time()
    failure(read, client(server), _request_timeout=5)
    assert time.time() - started < 2 and len(server.requests) == 1


def test_no_attempt_begins_after_the_policy_gives_up(server):
    server.reply(503, delay=0.3)
    made = client(
        server, retry_policy=RetryPolicy(max_attempts=50, backoff_factor=0, give_up_after=1)
    )
    error = failure(read, made)
    assert 2 <= len(server.requests) < 10
    assert error.attempts[-2][0] <= 1


def test_the_timeout_of_a_call_bounds_all_attempts(server):
    server.reply(200, [], delay=3)
    server.script([Reply(503)])
    started = time.time()
    error = failure(read, client(server), _request_timeout=1)
    assert isinstance(error, ApiTimeoutError) and time.time() - started < 3
    assert "limited to 1 seconds" in str(error) and len(error.attempts) == 2


# ---- the budget --------------------------------------------------------------


def test_an_outage_is_not_multiplied(server):
    server.reply(503)
    made = client(server, retry_policy=RetryPolicy(backoff_factor=0))
    for _ in range(200):
        failure(read, made)
    assert len(server.requests) == 200 + Budget.CAPACITY // Budget.COST


def test_the_budget_comes_back(server):
    made = client(server, retry_policy=RetryPolicy(backoff_factor=0))
    server.reply(503)
    for _ in range(60):
        failure(read, made)
    spent = len(server.requests)
    assert "its retry budget is used up" in str(failure(read, made))
    assert len(server.requests) == spent + 1
    server.reply(200, [])
    for _ in range(Budget.COST):
        read(made)
    server.script([Reply(503)])
    assert read(made) == []
    for _ in range(20):
        server.script([Reply(503)])
        assert read(made) == []


def test_threads_share_the_budget(server):
    budget = Budget()
    spent = []

    def spend():
        while budget.spend(Budget.COST):
            spent.append(1)

    threads = [threading.Thread(target=spend) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spent) == Budget.CAPACITY // Budget.COST


# ---- what is said of it ------------------------------------------------------


def test_the_error_lists_the_attempts(server):
    server.script([Reply(503), Reply(drop=True), Reply(502, {"message": "bad gateway"})])
    error = failure(read, client(server))
    assert isinstance(error, ServiceException) and error.status == 502
    times = [when for when, _ in error.attempts]
    assert len(times) == 3 and times == sorted(times)
    happened = [what for _, what in error.attempts]
    assert happened[0].startswith("503") and happened[2].startswith("502")
    lines = str(error).splitlines()
    assert lines[0] == "(502)"
    assert any(line.startswith("Tried 3 times: 503") for line in lines)
    assert pickle.loads(pickle.dumps(error)).attempts == error.attempts


def test_a_network_error_lists_them_too(server):
    server.script([Reply(503), TRUNCATED, Reply(drop=True)])
    error = failure(read, client(server))
    assert isinstance(error, ApiProtocolError) and "Tried 3 times: 503" in str(error)
    assert pickle.loads(pickle.dumps(error)).attempts == error.attempts


def test_a_token_that_comes_back_is_hidden_in_all_of_it(server, caplog):
    caplog.set_level(logging.INFO, "cloudtower")
    server.reply(raw=b"you sent tok-1234567890\r\n\r\n")
    error = failure(read, client(server, api_key={"Authorization": "tok-1234567890"}))
    assert len(error.attempts) == 3 and "you sent ***" in str(error)
    for text in (str(error), repr(vars(error)), caplog.text, "%r" % pickle.dumps(error, 0)):
        assert "tok-1234567890" not in text


@pytest.mark.parametrize("status, expected", [(503, True), (429, True), (404, False), (500, False)])
def test_whether_later_can_help(server, status, expected):
    server.reply(status, {"message": "m"})
    assert failure(read, client(server), _retry=None).retryable is expected


def test_a_lock_passes(server):
    server.reply(400, {"message": "Resource [VM-1] locked", "code": "ResourceLocked"})
    assert failure(write, client(server)).retryable is True


def test_settings_that_are_wrong_stay_wrong(server):
    made = client(server, host=server.url.replace("http:", "https:") + "/v2/api")
    error = failure(read, made)
    assert isinstance(error, ApiTLSError) and error.retryable is False
    assert len(error.attempts) == 1
    assert not NotFoundException(404).retryable and not ApiException(0, "x").retryable


def test_a_repetition_is_logged(server, caplog):
    server.script([Reply(503)])
    with caplog.at_level(logging.INFO, "cloudtower"):
        read(client(server))
    lines = [record.getMessage() for record in caplog.records if record.name == "cloudtower.retry"]
    assert len(lines) == 1 and lines[0].startswith("VmApi.get_vms failed (503")
    assert "attempt 1 of 3" in lines[0]


def test_a_transport_of_a_scripts_own_is_repeated_too():
    from cloudtower import Response

    class Flaky(object):
        calls = 0

        def send(self, request):
            self.calls += 1
            return Response(503 if self.calls < 3 else 200, [])

    transport = Flaky()
    made = ApiClient(Configuration(), transport=transport)
    made.configuration.retry_policy = QUICK
    assert read(made) == [] and transport.calls == 3


def test_whoever_replaces_request_repeats_by_himself(server):
    made = client(server)
    seen = []

    def request(method, url, **keywords):
        seen.append(sorted(keywords))
        raise ServiceException(503)

    made.request = request
    failure(read, made)
    assert len(seen) == 1 and "_retry" not in seen[0]
