"""What a connection does with servers that are slow, chatty or confused, over real sockets."""

import os
import socket
import threading
import time

import pytest
import urllib3
from ports import closed_port, deaf_port
from recording_server import RecordingServer, Reply

from cloudtower import ApiClient, Configuration, TaskApi
from cloudtower.exceptions import ApiException, ServiceException
from cloudtower.network_errors import ApiConnectionError, ApiProtocolError, ApiTimeoutError
from cloudtower.rest import RESTClientObject

CERTIFICATE = os.path.join(os.path.dirname(__file__), os.pardir, "support", "localhost.pem")
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"
NEVER = 60  # seconds, far more than a test waits


def configured(**settings):
    configuration = Configuration()
    configuration.retry_policy = None
    for name, value in settings.items():
        setattr(configuration, name, value)
    return RESTClientObject(configuration)


def seconds(call, *args, **kwargs):
    """How long a call took to end with ApiTimeoutError, and the error."""
    started = time.time()
    with pytest.raises(ApiTimeoutError) as caught:
        call(*args, **kwargs)
    return time.time() - started, caught.value


# ---- limits ----------------------------------------------------------------


@pytest.mark.parametrize(
    "raw, settings, given",
    [
        (OK, {}, 0.4),  # a head that drips
        (OK, {"timeout": 0.4}, None),
        (OK, {"total_timeout": 0.4}, None),
        (OK, {"total_timeout": 0.4}, (5, 5)),
        ([OK[:-2], b"["] + [b""] * 100, {}, 0.4),  # a body that stops
        ([OK[:-1]] + [b""] * 100, {"total_timeout": 0.4}, None),
        ([b"HTTP/1.1 200 OK\r\n\r\n"] + [b"x"] * 100, {}, 0.4),  # a body without end
        (
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] + [b"1\r\nx\r\n"] * 100,
            {},
            0.4,
        ),
        ([b"HTTP/1.1 103 Early Hints\r\n\r\n"] * 19 + [b""] * 100, {}, 0.4),
    ],
)
def test_whole_call_is_bounded(server, raw, settings, given):
    server.reply(raw=raw, pause=0.1)
    took, error = seconds(
        configured(**settings).POST, server.url + "/x", body={}, _request_timeout=given
    )
    assert 0.2 < took < 3
    assert error.outcome == "unknown" and "0.4 seconds" in error.reason


def test_number_of_a_call_goes_beyond_the_total_timeout(server):
    server.reply(200, "done", delay=0.8)
    rest = configured(total_timeout=0.2)
    assert rest.POST(server.url + "/x", _request_timeout=NEVER).data == b"done"


def test_redirects_share_the_time_of_their_call(server):
    server.script([Reply(307, "", {"Location": "/x"}, delay=0.6) for _ in range(3)])
    took, _ = seconds(configured().POST, server.url + "/x", _request_timeout=1)
    assert took < 1.7


def test_pair_bounds_silence_only(server):
    server.reply(raw=OK, pause=0.02)
    assert configured().POST(server.url + "/x", _request_timeout=(1, 1)).data == b"[]"


def test_silence_within_a_body(server):
    server.reply(raw=[OK[:-1], b"]"], pause=3)
    took, error = seconds(configured().POST, server.url + "/x", _request_timeout=(1, 0.3))
    assert took < 2.5 and error.outcome == "unknown"


def test_unread_response_is_bounded_by_silence_once_it_has_begun(server):
    raw = [OK[:-2], b"[", b"]"]
    server.reply(raw=raw, pause=0.4, keep=True)
    rest = configured(total_timeout=0.7)
    response = rest.POST(server.url + "/x", _preload_content=False)
    assert response.read() == b"[]"
    with pytest.raises(Exception) as caught:
        rest.POST(server.url + "/x", _preload_content=False, _request_timeout=0.7).read()
    assert "timed out" in str(caught.value).lower()


def test_head_of_an_unread_response_is_bounded_by_the_total_timeout(server):
    server.reply(raw=OK, pause=0.2)
    rest = configured(total_timeout=0.6)
    took, _ = seconds(rest.POST, server.url + "/x", _preload_content=False)
    assert took < 3


def test_upload_is_bounded_by_silence(server):
    server.reply(200, "[]", delay=0.8)
    rest = configured(total_timeout=0.3)
    headers = {"Content-Type": "multipart/form-data"}
    fields = [("file", ("a.iso", b"x" * 300000, "application/octet-stream"))]
    assert rest.POST(server.url + "/x", headers=headers, post_params=fields).status == 200
    with pytest.raises(ApiTimeoutError):
        rest.POST(server.url + "/x", headers=headers, post_params=fields, _request_timeout=0.3)


@pytest.fixture
def deaf():
    """Port of a server that accepts connections and reads nothing."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    yield listener.getsockname()[1]
    listener.close()


def test_sending_is_bounded(deaf):
    body = "x" * 10000000
    url = "http://127.0.0.1:%d/x" % deaf
    took, error = seconds(configured().POST, url, body=body, _request_timeout=2)
    assert 1.5 < took < 8 and error.outcome == "unknown"
    took, _ = seconds(configured().POST, url, body=body, _request_timeout=(5, 1))
    assert 0.5 < took < 5


def test_silence_not_connecting_bounds_sending():
    """A large body may take longer to send than a connection takes to be made."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)
    size = 8000000

    def serve():
        connection = listener.accept()[0]
        time.sleep(1)
        received = 0
        while received < size:
            received += len(connection.recv(1000000))
        connection.sendall(OK)
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    url = "http://127.0.0.1:%d/x" % listener.getsockname()[1]
    response = configured().POST(url, body="x" * size, _request_timeout=(0.5, 30))
    assert response.data == b"[]"
    thread.join()
    listener.close()


def test_handshake_of_tls_is_bounded_and_nothing_was_sent(deaf):
    rest = configured(verify_ssl=False)
    took, error = seconds(rest.POST, "https://127.0.0.1:%d/x" % deaf, _request_timeout=1)
    assert took < 4 and error.outcome == "not_sent"


@pytest.fixture
def named(monkeypatch):
    """Gives the host name "tower" addresses: a function of their ports."""
    real = socket.getaddrinfo

    def name(*ports):
        addresses = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports
        ]
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *args: addresses if host == "tower" else real(host, *args),
        )

    return name


def test_addresses_of_a_name_share_the_time(named):
    with deaf_port() as port:
        named(port, port, port, port)
        for given in (1, (1, 60)):
            took, error = seconds(configured().POST, "http://tower:81/x", _request_timeout=given)
            assert 0.5 < took < 3 and error.outcome == "not_sent"


def test_next_address_is_tried_where_one_refuses_or_is_silent(server, named):
    with closed_port() as closed, deaf_port() as deaf:
        named(closed, deaf, server.port)
        response = configured().POST("http://tower:81/x", _request_timeout=(2, 60))
    assert response.status == 200


def test_connections_used_without_a_call_have_no_limits(server):
    rest = configured()
    response = rest.pool_manager.request("POST", server.url + "/x", body=b"[]")
    assert response.status == 200 and server.last.body == b"[]"


# ---- what was sent -----------------------------------------------------------


def test_outcome_where_nothing_listens():
    with closed_port() as port, pytest.raises(ApiConnectionError) as caught:
        configured().POST("http://127.0.0.1:%d/x" % port, body={})
    assert caught.value.outcome == "not_sent"


def test_outcome_where_the_connection_breaks(server):
    server.reply(drop=True)
    with pytest.raises(ApiProtocolError) as caught:
        configured().POST(server.url + "/x", body={})
    assert caught.value.outcome == "unknown"


def test_nothing_is_repeated(server):
    server.reply(503, "", {"Retry-After": "1"})
    started = time.time()
    for method in ("GET", "PUT", "DELETE", "POST"):
        with pytest.raises(ServiceException):
            getattr(configured(), method)(server.url + "/x")
    assert len(server.requests) == 4 and time.time() - started < 1
    server.reply(drop=True)
    for method in ("GET", "PUT", "POST"):
        with pytest.raises(ApiProtocolError):
            getattr(configured(), method)(server.url + "/x")
    assert len(server.requests) == 7


def test_retries_of_the_configuration_are_urllib3s(server):
    server.script([Reply(drop=True), Reply(drop=True)])
    assert configured(retries=2).GET(server.url + "/x").status == 200
    assert len(server.requests) == 3


@pytest.mark.parametrize("settings, given", [({}, 1), ({"total_timeout": 1}, None)])
@pytest.mark.parametrize(
    "retries", [3, urllib3.Retry(3), urllib3.Retry(3, status_forcelist=[503], backoff_factor=60)]
)
def test_retries_end_with_the_call(server, retries, settings, given):
    wait = {} if getattr(retries, "backoff_factor", 0) else {"Retry-After": str(NEVER)}
    server.reply(503, "", wait)
    rest = configured(retries=retries, **settings)
    took, error = seconds(rest.GET, server.url + "/x", _request_timeout=given)
    assert took < 10 and "the next attempt is due in" in error.reason
    assert 1 <= len(server.requests) <= 2  # urllib3 waits before the second repetition alone


def test_retries_wait_where_there_is_time(server):
    class Own(urllib3.Retry):
        pass

    server.script([Reply(503, "", {"Retry-After": "1"}), Reply(503, "", {"Retry-After": "0"})])
    retries = Own(3)
    started = time.time()
    assert configured(retries=retries).GET(server.url + "/x").status == 200
    assert len(server.requests) == 3 and time.time() - started >= 0.9
    assert type(retries) is Own and retries.total == 3


@pytest.mark.parametrize("status", [b"307", b"400", b"500"])
def test_body_that_is_always_read_is_bounded(server, status):
    """Also of a call that asks for its response unread, or saves it to a file."""
    head = b"HTTP/1.1 " + status + b" X\r\nLocation: /y\r\nContent-Length: 100\r\n\r\n"
    server.reply(raw=[head] + [b"x"] * 50, pause=0.2)
    rest = configured(total_timeout=1)
    took, error = seconds(rest.POST, server.url + "/x", body={}, _preload_content=False)
    assert took < 6


# ---- which response belongs to which request ---------------------------------


def interim(status):
    return ("HTTP/1.1 %d Interim\r\nLink: </style.css>\r\n\r\n" % status).encode("ascii")


@pytest.mark.parametrize("status", [100, 102, 103, 199])
@pytest.mark.parametrize("count", [1, 3, 20])
def test_interim_responses_are_skipped(server, status, count):
    server.script([Reply(raw=interim(status) * count + OK, keep=True), Reply(200, "next")])
    rest = configured()
    assert rest.POST(server.url + "/x").data == b"[]"
    assert rest.POST(server.url + "/x").data == b"next"


def test_too_many_interim_responses(server):
    server.script([Reply(raw=interim(102) * 21 + OK, keep=True), Reply(200, "next")])
    rest = configured()
    with pytest.raises(ApiProtocolError):
        rest.POST(server.url + "/x")
    assert rest.POST(server.url + "/x").data == b"next"
    assert server.connections == 2


@pytest.mark.parametrize(
    "raw",
    [
        OK + b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong",  # more than was asked for
        OK + b"garbage",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nwrong",
        b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwrong\r\n0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nwrong",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 7\r\n\r\n[]wrong",
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nwrong\r\n0\r\n\r\n",
    ],
)
@pytest.mark.parametrize("later", [False, True])
def test_connection_in_doubt_is_not_used_again(server, raw, later):
    head, rest = raw.split(b"\r\n\r\n", 1)
    pieces = [head + b"\r\n\r\n" + rest[:2], rest[2:]] if later else [raw]
    server.script([Reply(raw=pieces, pause=0.05, keep=True), Reply(200, "next")])
    client = configured()
    try:
        client.POST(server.url + "/x", _request_timeout=5)
    except ApiException as error:
        assert not isinstance(error, ApiTimeoutError)
    time.sleep(1 if later else 0)  # the rest has come by then, on a busy machine too
    assert client.POST(server.url + "/x").data == b"next"


def test_unread_response_that_is_given_back(server):
    server.script([Reply(200, "first" * 100), Reply(200, "next")])
    rest = configured()
    response = rest.POST(server.url + "/x", _preload_content=False)
    response.release_conn()
    assert rest.POST(server.url + "/x").data == b"next"


def test_head_and_small_body_arrive_together():
    received, listener = [], socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)

    def serve():
        connection, _ = listener.accept()
        for _ in range(10):
            received.append(connection.recv(65536))
            connection.sendall(OK)
        connection.close()

    thread = threading.Thread(target=serve)
    thread.daemon = True
    thread.start()
    rest = configured()
    for _ in range(10):
        url = "http://127.0.0.1:%d/x" % listener.getsockname()[1]
        rest.POST(url, body=[1], _request_timeout=10)
    thread.join(NEVER)
    listener.close()
    rest.close()
    assert [piece.partition(b"\r\n\r\n")[2] for piece in received] == [b"[1]"] * 10


def test_connection_is_kept_where_nothing_is_in_doubt(server):
    rest = configured()
    rest.POST(server.url + "/x")
    rest.HEAD(server.url + "/x")
    server.reply(204, b"", {"Content-Length": "0"})
    rest.POST(server.url + "/x")
    server.reply(
        raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", keep=True
    )
    rest.POST(server.url + "/x")
    rest.POST(server.url + "/x", _preload_content=False).read()
    rest.POST(server.url + "/x")
    assert server.connections == 1


# ---- processes ---------------------------------------------------------------


def echo(request):
    time.sleep(0.002)
    return Reply(200, [{"id": request.json()["where"]["id"]}])


def all_match(client, name, calls=30):
    """Whether each of many calls gets its own response."""
    tasks = TaskApi(client)
    wanted = ["%s-%d" % (name, number) for number in range(calls)]
    return [tasks.get_tasks({"where": {"id": id}})[0].id for id in wanted] == wanted


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.parametrize("secure", [False, True])
def test_processes_that_fork_share_no_connection(secure):
    certificate = CERTIFICATE if secure else None
    with RecordingServer(certificate=certificate, handler=echo) as server:
        configuration = Configuration(host=server.url + "/v2/api", ssl_ca_cert=certificate)
        client = ApiClient(configuration)
        assert all_match(client, "before", 1)
        children = []
        for number in range(3):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    status = 0 if all_match(client, "child-%d" % number) else 2
                finally:
                    os._exit(status)
            children.append(child)
        assert all_match(client, "parent")
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
        # The parent's connection has survived its children.
        connections = server.connections
        assert all_match(client, "after", 1) and server.connections == connections


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of a fork with threads
def test_child_of_a_busy_parent_does_not_hang():
    with RecordingServer(handler=echo) as server:
        client = ApiClient(Configuration(host=server.url + "/v2/api"))
        stop = threading.Event()

        def work(name):
            while not stop.is_set():
                all_match(client, name, 5)

        threads = [threading.Thread(target=work, args=(str(n),)) for n in range(8)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(10):
                child = os.fork()
                if child == 0:
                    status = 1
                    try:
                        status = 0 if all_match(client, "child", 3) else 2
                    finally:
                        os._exit(status)
                assert wait_for(child) == 0
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def wait_for(child):
    """Status of a child process, or None where it does not end."""
    for _ in range(300):
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.1)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return None


def test_a_header_that_urllib3_is_to_leave_out(server):
    skip = pytest.importorskip("urllib3.util.request").__dict__.get("SKIP_HEADER")
    if skip is None:
        pytest.skip("urllib3 before 1.26 always sends it")
    headers = {"Accept-Encoding": skip, "User-Agent": skip, "X-Other": "y"}
    configured().GET(server.url, headers=headers)
    sent = dict((name.lower(), value) for name, value in server.requests[-1].headers)
    assert sent["x-other"] == "y" and skip not in sent.values()
    assert "accept-encoding" not in sent and "user-agent" not in sent
