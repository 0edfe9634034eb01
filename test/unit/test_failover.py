"""Calls to several nodes while they fail, change places, or have not settled."""

import logging
import os
import threading
import time

import pytest
from nodes import ACTIVE, BROKEN, CALLS, PASSIVE, SOON, Node, failure, get_vms, pair, start_vm
from nodes import switch
from recording_server import Reply

from cloudtower import ActivePassiveApiClient, ApiClient, ContentLibraryImageApi, RetryPolicy
from cloudtower import TaskApi
from cloudtower import active_passive_client as module
from cloudtower._http.retry import Budget
from cloudtower.exceptions import ApiException, ServiceException
from cloudtower.network_errors import ApiConnectionError, ApiProtocolError, ApiTimeoutError


@pytest.fixture
def a():
    node = Node(ACTIVE)
    yield node
    node.stop()


@pytest.fixture
def b():
    node = Node(PASSIVE)
    yield node
    node.stop()


@pytest.fixture
def client(a, b):
    return pair(a, b)


def test_a_request_follows_the_active_node(client, a, b):
    get_vms(client)
    switch(a, b)
    assert get_vms(client)[0].id == "x"
    assert client.current_active_base_url == b.url
    assert len(a.requests) == 2
    assert [request.json() for request in b.requests] == [{"where": {}}]


def test_a_second_refusal_ends_it(client, a, b):
    a.calls = 307
    with pytest.raises(module.ActivePassiveRetryExhausted) as caught:
        get_vms(client)
    error = caught.value
    assert (error.status, error.host, error.strategy) == (307, a.url, "auto_failover")
    assert (error.operation, error.outcome) == ("VmApi.get_vms", "refused")
    lines = str(error).splitlines()
    assert lines[:3] == [
        "(307)",
        "Reason: active-passive request retry exhausted after discover",
        "VmApi.get_vms: POST %s/v2/api/get-vms" % a.url,
    ]
    assert lines[3].startswith("Tried 3 times: %s is passive (after 0." % a.url)
    assert lines[4:] == ["Node: " + a.url]
    assert len(a.requests) == 3 and error.retryable
    assert client.current_active_base_url is None


def retries_of_urllib3(client):
    client.configuration.retries = False


def no_policy(client):
    client.configuration.retry_policy = None


def one_attempt(client):
    client.configuration.retry_policy = RetryPolicy(max_attempts=1)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("turn_off", [retries_of_urllib3, no_policy, one_attempt])
def test_a_failover_needs_no_retries(client, a, b, call, turn_off):
    turn_off(client)
    call(client)
    switch(a, b)
    call(client)
    assert (len(a.requests), len(b.requests)) == (2, 1)
    turn_off(client)
    b.calls = 307
    error = failure(call, client)
    assert isinstance(error, module.ActivePassiveRetryExhausted) and len(error.attempts) == 2
    assert len(b.requests) == 3
    b.calls = 503
    assert len(failure(call, client).attempts) == 1 and len(b.requests) == 4
    switch(b, a)
    b(PASSIVE), a(PASSIVE)
    error = failure(call, client)
    assert isinstance(error, module.ActivePassiveNoActiveHost) and len(error.attempts) == 1


def test_what_can_be_read_once_is_sent_whole_both_times(client, a, b, tmp_path):
    get_vms(client)
    switch(a, b)
    TaskApi(client).get_tasks({"where": {"id_in": (id for id in ["t1", "t2"])}})
    assert a.requests[-1].json() == b.requests[-1].json() == {"where": {"id_in": ["t1", "t2"]}}
    switch(b, a)
    (tmp_path / "image").write_bytes(b"content")
    with open(str(tmp_path / "image"), "rb") as file:
        ContentLibraryImageApi(client).create_content_library_image(file, "c1", name="n")
    for request in (a.requests[-1], b.requests[-1]):
        assert request.path == "/v2/api/upload-content-library-image"
        for part in (b"content", b'filename="image"', b'name="clusters"', b'name="name"'):
            assert part in request.body


@pytest.mark.parametrize("strategy", ["manual_failover", "always_probe"])
def test_without_automatic_failover_a_refusal_is_raised(a, b, strategy):
    client = ActivePassiveApiClient([a.url, b.url], failover_strategy=strategy)
    a.calls = 307
    with pytest.raises(module.ActivePassiveFailoverRequired) as caught:
        get_vms(client)
    assert (caught.value.status, caught.value.host) == (307, a.url)
    assert caught.value.strategy == strategy
    assert caught.value.endpoints == [a.url, b.url]
    assert caught.value.operation == "VmApi.get_vms"
    assert len(a.requests) == 1
    assert client.current_active_base_url is None


@pytest.mark.parametrize("status", [307, 400, 502])
def test_an_error_names_the_node_that_it_came_from(client, a, b, status):
    switch(a, b)
    b.calls = status
    with pytest.raises(ApiException) as caught:
        get_vms(client)
    assert (caught.value.method, caught.value.url) == ("POST", b.url + "/v2/api/get-vms")
    assert "VmApi.get_vms: POST %s/v2/api/get-vms" % b.url in str(caught.value)


def test_after_a_manual_failover_the_next_request_finds_the_active_node(a, b):
    client = ActivePassiveApiClient([a.url, b.url], failover_strategy="manual_failover")
    get_vms(client)
    switch(a, b)
    with pytest.raises(module.ActivePassiveFailoverRequired):
        get_vms(client)
    get_vms(client)
    assert client.current_active_base_url == b.url


def test_always_probe_looks_before_each_request(a, b):
    client = ActivePassiveApiClient([a.url, b.url], failover_strategy="always_probe")
    get_vms(client)
    switch(a, b)
    get_vms(client)
    assert (len(a.probes), len(b.probes)) == (2, 2)
    assert (len(a.requests), len(b.requests)) == (1, 1)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_goes_on_at_another_node_where_one_is_dead(client, a, b, call):
    call(client)
    kill(a, client)
    b(ACTIVE)
    call(client)
    assert client.current_active_base_url == b.url
    assert (len(a.requests), len(b.requests)) == (1, 1)


def kill(node, client):
    node.server.close()
    client.close()  # its connection would survive the listener


def test_a_dead_node_is_forgotten_by_a_call_that_is_not_repeated(client, a, b):
    get_vms(client)
    kill(a, client)
    b(ACTIVE)
    assert isinstance(failure(get_vms, client, _retry=None), ApiConnectionError)
    assert client.current_active_base_url is None
    get_vms(client)
    assert client.current_active_base_url == b.url


def test_a_read_that_breaks_off_goes_on_at_another_node(client, a, b):
    get_vms(client)
    a.script = [lambda: switch(a, b) or Reply(drop=True)]
    assert get_vms(client)[0].id == "x"
    assert (len(a.requests), len(b.requests)) == (2, 1)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_read_that_meets_a_dying_node_goes_on_at_another(client, a, b, status):
    get_vms(client)
    a.script = [lambda: switch(a, b) or Reply(status)]
    assert get_vms(client)[0].id == "x"
    assert (len(a.requests), len(b.requests)) == (2, 1)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(drop=True),
        Reply(502),
        Reply(503),
        Reply(504),
        Reply(delay=3),
        Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n["),
    ],
)
def test_a_write_that_may_have_been_done_is_at_no_other_node(client, a, b, reply):
    start_vm(client)
    client.configuration.timeout = 5, 1
    a.script = [lambda: switch(a, b) or reply]
    error = failure(start_vm, client)
    assert error.outcome == "unknown" and len(error.attempts) == 1
    assert (len(a.requests), len(b.requests)) == (2, 0)
    assert client.current_active_base_url is None
    start_vm(client)
    assert len(b.requests) == 1


@pytest.mark.parametrize("call", CALLS)
def test_attempts_are_those_of_one_call(client, a, b, call):
    """One policy, one loop: no attempts at a node within attempts at nodes."""
    a.calls = 429
    error = failure(call, client)
    assert error.status == 429 and len(a.requests) == len(error.attempts) == 3
    assert len(a.probes) == 1
    b(BROKEN)
    kill(a, client)
    error = failure(call, client)
    assert error.outcome == "not_sent" and len(error.attempts) == 3
    assert str(error).count("Tried 3 times") == 1


def test_a_call_has_a_policy_of_its_own_at_all_nodes(client, a):
    a.drop = True
    failure(get_vms, client, _retry=RetryPolicy(max_attempts=5, backoff_factor=0))
    assert len(a.requests) == 5
    failure(get_vms, client, _retry=None)
    assert len(a.requests) == 6


def test_nodes_share_a_budget(client, a):
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0)
    a.calls = 503
    for _ in range(60):
        failure(get_vms, client)
    assert len(a.requests) == 60 + Budget.CAPACITY // Budget.COST


@pytest.mark.parametrize("call", CALLS)
def test_a_failover_costs_nothing_of_the_budget(client, a, b, call):
    nodes = [a, b]
    for _ in range(Budget.CAPACITY // Budget.COST + 5):
        call(client)
        switch(*nodes)
        nodes.reverse()
    assert call(client)[0] is not None


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("settled", [(ACTIVE, PASSIVE), (PASSIVE, ACTIVE)])
@pytest.mark.parametrize("before", [(PASSIVE, PASSIVE), (ACTIVE, ACTIVE), (BROKEN, PASSIVE)])
def test_nodes_that_have_not_settled_are_asked_again(a, b, call, before, settled):
    client = pair(a, b)
    client.configuration.retry_policy = RetryPolicy(backoff_factor=1, max_attempts=20)
    a(before[0]), b(before[1])
    timer = threading.Timer(0.3, lambda: (a(settled[0]), b(settled[1])))
    timer.start()
    call(client)
    timer.join()
    assert (len(a.requests), len(b.requests)) == ((1, 0) if settled[0] == ACTIVE else (0, 1))


@pytest.mark.parametrize(
    "states, expected",
    [
        ((PASSIVE, PASSIVE), module.ActivePassiveNoActiveHost),
        ((ACTIVE, ACTIVE), module.ActivePassiveMultipleActives),
    ],
)
@pytest.mark.parametrize("call", CALLS)
def test_nodes_that_do_not_settle(client, a, b, call, states, expected):
    a(states[0]), b(states[1])
    error = failure(call, client)
    assert type(error) is expected and error.outcome == "not_sent" and error.retryable
    assert len(error.attempts) == 3 and "Tried 3 times: %s" % expected.__name__ in str(error)
    assert "Operation: VmApi." + call.__name__ in str(error)
    assert a.requests == b.requests == []


def test_the_limit_of_a_call_bounds_the_search_too(a, b):
    a.delay = b.delay = SOON
    client = pair(a, b)
    started = time.time()
    error = failure(get_vms, client, _request_timeout=0.5)
    assert time.time() - started < 4
    assert isinstance(error, ApiTimeoutError) and error.outcome == "not_sent"
    assert "POST /get-vms: the search for the active node takes longer. Nothing was" in str(error)
    assert "limited to 0.5 seconds" in str(error)


def test_the_limit_of_a_call_bounds_attempts_at_all_nodes(client, a, b):
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0.01, max_attempts=50)
    a.script = [Reply(delay=0.2, drop=True)] * 50
    started = time.time()
    error = failure(get_vms, client, _request_timeout=1)
    assert time.time() - started < 4 and 2 <= len(error.attempts) <= 6


def test_who_waits_less_for_a_search_leaves_it_to_the_others(a, b):
    a.delay = b.delay = 1
    client = pair(a, b)
    patient = get_vms(client, async_req=True)
    error = failure(get_vms, client, _request_timeout=0.2)
    assert isinstance(error, ApiTimeoutError)
    assert patient.get(SOON)[0].id == "x"
    assert len(a.probes) == 1
    client.close()


def test_a_search_that_nobody_waited_for_is_not_what_a_later_call_goes_by(a, b):
    a.delay = b.delay = 0.5
    client = pair(a, b)
    failure(get_vms, client, _request_timeout=0.1)
    deadline = time.time() + SOON
    while client.current_active_base_url != a.url and time.time() < deadline:
        time.sleep(0.01)
    a.delay = b.delay = 0
    switch(a, b)
    get_vms(client)
    assert client.current_active_base_url == b.url


def test_a_manual_failover_keeps_a_call_at_its_node(a, b):
    client = pair(a, b, failover_strategy="manual_failover")
    get_vms(client)
    a.script = [lambda: switch(a, b) or Reply(drop=True)]
    assert isinstance(failure(get_vms, client), module.ActivePassiveFailoverRequired)
    assert (len(a.requests), len(b.requests)) == (3, 0)
    get_vms(client)
    assert len(b.requests) == 1


def test_a_manual_failover_from_a_dead_node_is_that_of_the_next_call(a, b):
    client = pair(a, b, failover_strategy="manual_failover")
    get_vms(client)
    kill(a, client)
    b(ACTIVE)
    error = failure(get_vms, client)
    assert isinstance(error, ApiConnectionError) and len(error.attempts) == 3
    get_vms(client)
    assert client.current_active_base_url == b.url


def test_always_probe_looks_before_each_attempt(a, b):
    client = pair(a, b, failover_strategy="always_probe")
    a.script = [lambda: switch(a, b) or Reply(503)]
    get_vms(client)
    assert (len(a.probes), len(a.requests), len(b.requests)) == (2, 1, 1)


def test_whoever_replaces_request_repeats_calls_at_all_nodes_himself(client, a, monkeypatch):
    calls = []

    def request(self, *args, **keywords):
        calls.append(args)
        raise ServiceException(503)

    monkeypatch.setattr(ApiClient, "request", request)
    failure(get_vms, client)
    assert len(calls) == 1


def test_a_node_is_forgotten_after_a_dropped_connection(client, a, b):
    get_vms(client)
    a.drop = True
    sent = len(a.requests)
    with pytest.raises(ApiProtocolError):
        get_vms(client)
    assert len(a.requests) == sent + 3
    assert client.current_active_base_url is None


def test_a_late_failure_of_the_former_node_leaves_the_new_one_alone(client, a, b):
    get_vms(client)
    usual = a.server.handler
    arrived, released = threading.Event(), threading.Event()

    def slow_once(request):
        a.server.handler = usual
        arrived.set()
        released.wait(SOON)
        return Reply(503)

    a.server.handler = slow_once
    late = get_vms(client, async_req=True, _retry=None)
    assert arrived.wait(SOON)
    switch(a, b)
    get_vms(client)
    released.set()
    with pytest.raises(ApiException):
        late.get(SOON)
    assert client.current_active_base_url == b.url
    client.close()


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_without_its_node_is_forgotten(client, a, status):
    get_vms(client)
    a.calls = status
    with pytest.raises(ApiException) as caught:
        get_vms(client)
    assert caught.value.status == status
    assert client.current_active_base_url is None


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 429, 500])
def test_an_answer_of_the_node_itself_does_not_make_it_passive(client, a, status):
    get_vms(client)
    a.calls = status
    with pytest.raises(ApiException) as caught:
        get_vms(client)
    assert caught.value.status == status
    assert client.current_active_base_url == a.url
    assert len(a.probes) == 1


def test_redirects_are_not_followed(client, a, b):
    a.calls = 308
    with pytest.raises(ApiException) as caught:
        get_vms(client)
    assert caught.value.status == 308
    assert len(a.requests) == 1


def test_a_host_given_for_a_call_has_no_failover(client, a, b):
    a.calls = 307
    with pytest.raises(ApiException) as caught:
        client.call_api("/get-vms", "POST", body={}, _host=a.url + "/x")
    assert type(caught.value) is ApiException
    assert [request.path for request in a.requests] == ["/x/get-vms"]
    assert a.probes == b.probes == []


LOCKED = Reply(400, {"message": "Resource [VM-1] locked", "code": "ResourceLocked"})


def test_a_wait_for_a_lock_goes_on_at_another_node(client, a, b):
    start_vm(client)
    a.script = [LOCKED, lambda: switch(a, b) or LOCKED]
    b.script = [LOCKED]
    start_vm(client, _lock_timeout=SOON, _retry=None)
    assert (len(a.requests), len(b.requests)) == (4, 2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_process_that_is_forked_during_a_search_makes_its_own(a, b):
    a.delay = b.delay = 1
    client = pair(a, b, probe_timeout=SOON)
    parent = get_vms(client, async_req=True)
    deadline = time.time() + SOON
    while not a.probes and time.time() < deadline:
        time.sleep(0.01)
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            threading.Timer(SOON / 2, os._exit, [2]).start()
            get_vms(client)
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(pid, 0)[1] == 0
    assert parent.get(SOON)[0].id == "x"
    assert len(a.probes) == 2 and len(a.requests) == 2
    client.close()


def test_a_search_outlives_close(a, b):
    a.delay = b.delay = 0.5
    client = pair(a, b)
    result = get_vms(client, async_req=True)
    client.close(), client.close()
    assert result.get(SOON)[0].id == "x"


# ---- what is said of it ------------------------------------------------------------


def test_a_call_is_one_line_in_the_log_whatever_nodes_it_went_to(client, a, b, caplog):
    get_vms(client)
    switch(a, b)
    with caplog.at_level(logging.DEBUG, "cloudtower.rest"):
        get_vms(client)
        start_vm(client)
        b.calls = 404
        failure(get_vms, client)
        b.calls = 503
        b(BROKEN)
        failure(get_vms, client)
    lines = [each.getMessage() for each in caplog.records if each.name == "cloudtower.rest"]
    began = ["VmApi.get_vms: POST %s/v2/api/get-vms -> 200 " % b.url]
    began.append("VmApi.start_vm: POST %s/v2/api/start-vm -> 200 " % b.url)
    began.append("VmApi.get_vms: POST %s/v2/api/get-vms -> 404 " % b.url)
    began.append("VmApi.get_vms: POST %s/v2/api/get-vms -> ActivePassiveNoActiveHost " % b.url)
    assert [line[: len(start)] for line, start in zip(lines, began)] == began
    assert "attempts 2" in lines[0] and '{"where": {}}' in lines[0]
    assert "attempts 1" in lines[1]


def test_secrets_are_read_once_for_each_attempt(client, a, caplog):
    read = []
    for each in client.configurations:
        each.api_key = {"Authorization": "tok"}
        each.refresh_api_key_hook = read.append
    a.script = [Reply(503), Reply(404)]
    caplog.set_level(logging.INFO, "cloudtower")
    failure(get_vms, client)
    assert len(a.requests) == 2
    before = len(read)
    caplog.set_level(logging.DEBUG, "cloudtower")
    a.script = [Reply(503), Reply(404)]
    failure(get_vms, client)
    assert len(read) == 2 * before == 4


def test_a_change_in_doubt_is_warned_of_once(client, a, caplog):
    a.drop = True
    failure(start_vm, client)
    warnings = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert len(warnings) == 1 and "VmApi.start_vm may have taken effect" in caplog.text


def test_events_name_the_node_of_each_attempt(client, a, b):
    events = []
    for each in client.configurations:
        each.on_event = events.append
    get_vms(client)
    del events[:]
    switch(a, b)
    get_vms(client)
    assert [(event.name, event.attempt) for event in events] == [
        ("call_begins", 0),
        ("attempt_begins", 1),
        ("attempt_ends", 1),
        ("attempt_begins", 2),
        ("attempt_ends", 2),
        ("call_ends", 2),
    ]
    assert [events[n].url[: len(a.url)] for n in (2, 4, 5)] == [a.url, b.url, b.url]
    assert [events[n].status for n in (2, 4, 5)] == [307, 200, 200]
