"""What happened between the published SDK and a server: the contract's section 8, transport."""

import gc
import gzip
import io
import json
import pickle
import socket
import threading
import time
import warnings
import weakref

import pytest
import urllib3
from recording_server import RecordingServer, Reply

from cloudtower import ApiClient, ApiException, ApiValueError, Configuration, UserApi, VmApi
from cloudtower import network_errors as failures
from cloudtower.exceptions import NOT_SENT, UNKNOWN, ServiceException, UnauthorizedException
from cloudtower.rest import RESTResponse

BODY = {"where": {"id": "v"}}


@pytest.fixture
def server(server):
    server.reply(200, [])
    return server


@pytest.fixture
def client(server):
    return connect(server)


def connect(server, **settings):
    configuration = Configuration(host=server.url + "/v2/api")
    for name, value in settings.items():
        setattr(configuration, name, value)
    return ApiClient(configuration)


def nobody():
    """The address of a port where nothing listens."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    listener.close()
    return "http://127.0.0.1:%d" % port


# ---- 8.15 compression --------------------------------------------------------


def test_8_15_compressed_answers_are_read_but_not_asked_for(server, client):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(json.dumps([{"id": "v"}]).encode("ascii"))
    server.reply(200, packed.getvalue(), {"Content-Encoding": "gzip"})
    assert VmApi(client).get_vms({})[0].id == "v"
    assert server.last.header("accept-encoding") in ([], ["identity"])


# ---- 8.25 timeouts -----------------------------------------------------------


def test_8_25_there_is_a_limit_by_default(client):
    assert client.configuration.timeout == (10, 300)
    assert client.configuration.total_timeout == 3600


@pytest.mark.parametrize("how", ["configured", "of the call", "pair"])
def test_8_25_a_server_that_does_not_answer_is_not_waited_for(server, how):
    client = connect(server)
    server.reply(200, [], delay=5)
    keywords = {}
    if how == "configured":
        client.configuration.timeout = 1
    else:
        keywords["_request_timeout"] = 1 if how == "of the call" else (None, 1)
    with pytest.raises(failures.ApiTimeoutError) as caught:
        VmApi(client).start_vm(BODY, **keywords)
    assert (caught.value.status, caught.value.outcome) == (0, UNKNOWN)


@pytest.mark.parametrize("limit", [0, -1, [1, 2], "5", (1, 2, 3), (0, 1), True, float("nan")])
@pytest.mark.parametrize("how", ["configured", "of the call"])
def test_8_25_what_is_no_timeout_is_an_error(server, client, limit, how):
    keywords = {"_request_timeout": limit} if how == "of the call" else {}
    if how == "configured":
        client.configuration.timeout = limit
    with pytest.raises(ApiValueError):
        VmApi(client).get_vms({}, **keywords)
    assert server.requests == []


def test_8_25_the_limit_can_be_lifted(server, client):
    client.configuration.timeout = client.configuration.total_timeout = None
    server.reply(200, [], delay=0.3)
    assert VmApi(client).get_vms({}) == []


# ---- 8.26 failures of the network --------------------------------------------


def fail(server, kind):
    """(what a call raises, the class it should have, and that of urllib3)"""
    if kind == "refused":
        client = ApiClient(Configuration(host=nobody() + "/v2/api"))
        expected = failures.ApiConnectionError, urllib3.exceptions.NewConnectionError
    elif kind == "name":
        client = ApiClient(Configuration(host="http://nobody.invalid/v2/api"))
        expected = failures.ApiConnectionError, urllib3.exceptions.NewConnectionError
    elif kind == "timeout":
        server.reply(200, [], delay=5)
        client = connect(server, timeout=0.1)
        expected = failures.ApiTimeoutError, urllib3.exceptions.ReadTimeoutError
    elif kind == "dropped":
        server.reply(drop=True)
        client = connect(server)
        expected = failures.ApiProtocolError, urllib3.exceptions.ProtocolError
    elif kind == "tls":
        client = ApiClient(Configuration(host=server.url.replace("http:", "https:")))
        expected = failures.ApiTLSError, urllib3.exceptions.SSLError
    else:
        client = connect(server, proxy=nobody())
        expected = failures.ApiProxyError, urllib3.exceptions.ProxyError
    with pytest.raises(ApiException) as caught:
        VmApi(client).start_vm(BODY)
    return (caught.value,) + expected


@pytest.mark.parametrize("kind", ["refused", "name", "timeout", "dropped", "tls", "proxy"])
def test_8_26_failures_are_caught_by_either_name(server, kind):
    error, ours, theirs = fail(server, kind)
    assert isinstance(error, ours) and isinstance(error, theirs)
    assert isinstance(error, ApiException) and isinstance(error, urllib3.exceptions.MaxRetryError)
    assert (error.status, error.body, error.headers) == (0, None, None)
    assert error.operation == "VmApi.start_vm" and error.reason
    assert error.outcome == (UNKNOWN if kind in ("timeout", "dropped") else NOT_SENT)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.outcome) == (type(error), str(error), error.outcome)


# ---- 8.27 retries ------------------------------------------------------------


def test_8_27_a_change_is_sent_once(server, client):
    server.reply(drop=True)
    with pytest.raises(failures.ApiProtocolError):
        VmApi(client).start_vm(BODY)
    assert len(server.requests) == 1
    server.reply(503, "busy", {"Retry-After": "1"})
    with pytest.raises(ServiceException):
        VmApi(client).start_vm(BODY)
    assert len(server.requests) == 2


def test_8_27_a_retry_of_the_user_counts(server):
    if hasattr(urllib3.Retry(), "allowed_methods"):
        retry = urllib3.Retry(2, status_forcelist=[503], allowed_methods=["POST"])
    else:
        retry = urllib3.Retry(2, status_forcelist=[503], method_whitelist=["POST"])
    client = connect(server, retries=retry)
    server.script([Reply(503, "busy")])
    assert VmApi(client).get_vms({}) == []
    assert len(server.requests) == 2


# ---- 8.28 redirects ----------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_8_28_another_host_gets_neither_body_nor_token(server, client, status):
    client.configuration.api_key["Authorization"] = "token"
    port = server.url.rsplit(":", 1)[1]
    elsewhere = "http://localhost:%s/v2/api/login" % port  # the same machine, by another name
    server.reply(status, "moved", {"Location": elsewhere})
    with pytest.raises(ApiException) as caught:
        UserApi(client).login({"username": "u", "password": "p", "source": "LOCAL"})
    assert (caught.value.status, caught.value.body) == (status, "moved")
    assert caught.value.headers["location"] == elsewhere
    assert len(server.requests) == 1


def test_8_28_another_port_gets_neither_body_nor_token(server, client):
    client.configuration.api_key["Authorization"] = "token"
    with RecordingServer() as other:
        server.reply(307, "", {"Location": other.url + "/there"})
        with pytest.raises(ApiException, match="was not followed"):
            VmApi(client).start_vm(BODY)
        assert other.requests == []


def test_8_28_the_same_server_is_followed_with_everything(server, client):
    client.configuration.api_key["Authorization"] = "token"
    server.script([Reply(307, "", {"Location": server.url + "/there"}), Reply(200, [])])
    assert VmApi(client).start_vm(BODY) == []
    assert (server.last.method, server.last.path) == ("POST", "/there")
    assert (server.last.json(), server.last.header("authorization")) == (BODY, ["token"])


# ---- 8.30, 8.31 threads and connections --------------------------------------


def test_8_30_threads_share_one_pool_of_each_kind(server, client):
    found, start = [], threading.Event()

    def look():
        start.wait()
        found.append((client.pool, client.rest_client, client.rest_client.pool_manager))

    workers = [threading.Thread(target=look) for _ in range(16)]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join()
    client.close()
    assert len(found) == 16 and len(set(found)) == 1


def test_8_30_each_call_has_its_own_answer(server):
    server.handler = lambda request: Reply(200, [], {"x-for": request.header("x-for")[0]})
    client = connect(server)
    client.pool_threads = 8
    calls = [
        VmApi(client).get_vms_with_http_info({}, _headers={"x-for": str(n)}, async_req=True)
        for n in range(32)
    ]
    # `op(...)` returns the result alone; its twin tells about this very call.
    assert [call.get()[2]["X-For"] for call in calls] == [str(n) for n in range(32)]
    client.close()


def test_8_31_close_ends_connections_and_threads_and_the_client_goes_on(server, client):
    VmApi(client).get_vms({}, async_req=True).get()
    threads = threading.active_count()
    client.close()
    assert threading.active_count() < threads
    assert VmApi(client).get_vms({}) == []
    assert VmApi(client).get_vms({}, async_req=True).get() == []
    assert server.connections >= 2
    client.close()


def test_8_31_a_client_that_nobody_holds_goes_with_its_threads(server):
    client = connect(server)
    VmApi(client).get_vms({}, async_req=True).get()
    seen = weakref.ref(client)
    del client
    deadline = time.time() + 30
    while seen() is not None and time.time() < deadline:
        gc.collect()
        time.sleep(0.01)
    assert seen() is None


# ---- 8.32 urllib3 ------------------------------------------------------------


def test_8_32_no_deprecated_names_of_urllib3_are_used(server, client):
    server.reply(200, [], {"x-one": "1"})
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        VmApi(client).get_vms({})
        _, _, headers = VmApi(client).get_vms_with_http_info({})
        server.reply(401, "")
        with pytest.raises(UnauthorizedException) as caught:
            VmApi(client).get_vms({})
        str(caught.value)
    assert headers["X-One"] == headers.get("x-one") == "1"


def test_8_32_answers_keep_the_methods_that_scripts_use(server, client):
    server.reply(200, [], {"x-one": "1"})
    VmApi(client).get_vms({})
    answer = client.last_response
    assert isinstance(answer, RESTResponse) and isinstance(answer, io.IOBase)
    assert (answer.getheader("X-ONE"), answer.getheader("x-two", "none")) == ("1", "none")
    assert answer.getheaders()["x-one"] == "1"
