"""The flow of a call, through real sockets."""

import gc
import io
import json
import os
import subprocess
import sys
import threading
import time
import warnings
import weakref

import pytest
import urllib3
from ports import closed_port
from recording_server import RecordingServer, Reply

from cloudtower.api import VmApi
from cloudtower.api_client import ApiClient
from cloudtower.configuration import Configuration
from cloudtower.exceptions import ApiException, ApiTypeError, ApiValueError, NotFoundException
from cloudtower.network_errors import ApiConnectionError, ApiProtocolError, ApiTimeoutError
from cloudtower.rest import RESTClientObject

CAFE = b"caf\xc3\xa9".decode("utf-8")
OBJECT = {200: "object", 400: "ErrorBody"}


@pytest.fixture
def client(server):
    with ApiClient(Configuration(host=server.url + "/v2/api")) as client:
        client.configuration.api_key["Authorization"] = "tok"
        yield client


def call(client, headers=None, returns="object", **kwargs):
    """A call as operations make it."""
    kwargs.setdefault("body", {"a": 1})
    kwargs.setdefault("response_types_map", {200: returns, 400: "ErrorBody"})
    kwargs.setdefault("_return_http_data_only", True)
    kwargs.update(auth_settings=["Authorization"])
    return client.call_api("/start-vm", "POST", {}, [], headers or {}, **kwargs)


def sent(server, *names):
    return [server.last.header(name) for name in names]


# ---- the request -----------------------------------------------------------


def test_usual_call(server, client):
    server.reply(200, {"b": 2})
    assert call(client) == {"b": 2}
    request = server.last
    assert (request.method, request.path, request.json()) == ("POST", "/v2/api/start-vm", {"a": 1})
    version = "%d.%d" % sys.version_info[:2]
    assert sent(server, "accept", "content-type", "authorization", "accept-encoding") == [
        ["application/json"],
        ["application/json"],
        ["tok"],
        ["identity"],
    ]
    (agent,) = request.header("user-agent")
    assert agent.startswith("cloudtower-sdk/3.") and agent.endswith(" python/" + version)


def test_result_with_status_and_headers(server, client):
    server.reply(201, [1], headers={"X-Some": "thing"})
    data, status, headers = call(client, _return_http_data_only=None)
    assert (data, status, headers["x-some"]) == ([1], 201, "thing")


def test_body_is_encoded_by_its_content(server, client):
    for body, text in [(None, b""), ([], b"[]"), ({}, b"{}"), ({"a": None}, b'{"a": null}')]:
        call(client, body=body)
        assert server.last.body == text
    with pytest.raises(ApiTypeError) as caught:
        call(client, body={"a": [object()]})
    assert "['a'][0]" in str(caught.value)


def test_header_layers(server, client):
    client.set_default_header("X-Level", "default")
    client.set_default_header("accept", "text/plain")
    client.set_default_header("X-Nothing", None)
    client.default_headers["authorization"] = "default"
    call(client)
    assert sent(server, "x-level", "accept", "authorization", "x-nothing") == [
        ["default"],
        ["application/json"],
        ["tok"],
        [],
    ]
    call(client, {"x-LEVEL": "call", "ACCEPT": "text/csv", "AUTHORIZATION": "call", "X-None": None})
    assert sent(server, "x-level", "accept", "authorization", "x-none") == [
        ["call"],
        ["text/csv"],
        ["tok"],
        [],
    ]


def test_header_of_the_caller_stands_where_there_is_no_secret(server, client):
    client.configuration.api_key.clear()
    call(client, {"authorization": "mine"})
    assert sent(server, "authorization") == [["mine"]]
    client.configuration.api_key["Authorization"] = None
    call(client)
    assert sent(server, "authorization") == [[]]


def test_each_call_has_the_headers_of_its_moment(server, client):
    names = "x-own", "x-level", "cookie", "content-type"
    call(client, {"X-Own": "1"})
    assert sent(server, *names) == [["1"], [], [], ["application/json"]]
    client.default_headers["X-Level"] = "one"
    client.cookie = "a=b"
    call(client)
    assert sent(server, *names) == [[], ["one"], ["a=b"], ["application/json"]]
    call(client, body=None, post_params=[("f", "v")])
    assert sent(server, "content-type")[0][0].startswith("multipart/form-data")
    client.default_headers["X-Level"], client.cookie = "two", None
    call(client)
    assert sent(server, *names) == [[], ["two"], [], ["application/json"]]


@pytest.mark.parametrize("name", ["content_language", "content-language"])
def test_content_language_by_either_name(server, client, name):
    client.set_default_header(name, "en-US")
    call(client)
    assert sent(server, "content-language", "content_language") == [["en-US"], []]
    call(client, {"content-language": "zh-CN"})
    assert sent(server, "content-language") == [["zh-CN"]]


def test_default_header_cookie_and_user_agent(server):
    configuration = Configuration(host=server.url)
    with ApiClient(configuration, "X-Mine", "1", cookie="a=b") as client:
        client.user_agent = "mine/1"
        assert client.user_agent == client.default_headers["User-Agent"] == "mine/1"
        call(client)
    assert sent(server, "x-mine", "cookie", "user-agent") == [["1"], ["a=b"], ["mine/1"]]


def test_content_type_of_the_caller(server, client):
    call(client, {"Content-Type": "text/plain"}, body="raw")
    assert server.last.body == b"raw" and sent(server, "content-type") == [["text/plain"]]


def test_path_and_query(server, client):
    client.call_api(
        "/x/{id}/{n}",
        "GET",
        {"id": "a/b c", "n": 3},
        [("q", 1), ("none", None), ("l", [1, 2])],
        response_types_map=OBJECT,
        collection_formats={"l": "csv"},
    )
    assert server.last.path == "/v2/api/x/a%2Fb%20c/3?q=1&l=1%2C2"
    client.configuration.safe_chars_for_path_param = "/"
    client.call_api("/x/{id}", "GET", {"id": "a/b"}, response_types_map=OBJECT)
    assert server.last.path == "/v2/api/x/a/b"


def test_host_of_one_call(server, client):
    client.configuration.host = "http://nobody.invalid"
    client.call_api("/x", "POST", response_types_map=OBJECT, _host=server.url + "/other")
    assert server.last.path == "/other/x"


def test_host_without_scheme_warns_once(server):
    with ApiClient(Configuration(host="127.0.0.1:%d/v2/api" % server.port)) as client:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call(client)
            call(client)
        assert client.configuration.host == "127.0.0.1:%d/v2/api" % server.port
    assert [request.path for request in server.requests] == ["/v2/api/start-vm"] * 2
    (warning,) = [each for each in caught if "scheme" in str(each.message)]
    assert "http://127.0.0.1" in str(warning.message)


def test_methods_in_capitals_only(server, client):
    for name in ("post", "FETCH"):
        with pytest.raises(ApiValueError):
            client.call_api("/x", name)
    assert server.requests == []


def test_raw_layer_adds_nothing(server, client):
    response = client.request("POST", server.url + "/login", body={"a": 1})
    assert (response.status, response.data) == (200, b"{}")
    assert sent(server, "authorization", "content-type") == [[], ["application/json"]]
    assert "cloudtower" not in "".join(server.last.header("user-agent"))


# ---- secrets ---------------------------------------------------------------


def test_secret_is_read_at_each_call(server, client):
    client.configuration.api_key["Authorization"] = "two"
    client.configuration.api_key_prefix["Authorization"] = "Bearer"
    call(client)
    assert sent(server, "authorization") == [["Bearer two"]]


def test_basic_where_the_operation_wants_it(server, client):
    client.configuration.username, client.configuration.password = "u", "p"
    client.call_api("/x", "GET", response_types_map=OBJECT, auth_settings=["Basic"])
    assert sent(server, "authorization") == [["Basic dTpw"]]
    client.call_api("/x", "GET", response_types_map=OBJECT, auth_settings=[])
    assert sent(server, "authorization") == [[]]


def test_secret_of_one_call(server, client):
    call(client, _request_auth={"in": "header", "key": "X-Key", "value": "one", "type": "api_key"})
    assert sent(server, "x-key", "authorization") == [["one"], []]
    call(client, _request_auth={"in": "query", "key": "key", "value": "one"})
    assert server.last.path.endswith("?key=one")
    client.cookie = "a=b"
    call(client, _request_auth={"in": "cookie", "key": "key", "value": "c=d"})
    assert sent(server, "cookie") == [["c=d"]]
    with pytest.raises(ApiValueError):
        call(client, _request_auth={"in": "body", "key": "key", "value": "one"})


# ---- files -----------------------------------------------------------------


def test_form_with_a_file(server, client):
    client.configuration.api_key["Authorization"] = b"tok".decode("ascii")  # unicode on 2.7
    fields = [("size", "1"), ("n", 5), ("flag", True), ("none", None), ("name", CAFE)]
    content = io.BytesIO(b"\xff\x00\xfe")
    call(client, body=None, post_params=fields, files={"file": content})
    (kind,) = server.last.header("content-type")
    boundary = kind.split("boundary=")[1].encode("ascii")
    parts = server.last.body.split(b"--" + boundary)[1:-1]
    assert [part.split(b"\r\n\r\n")[1].strip(b"\r\n") for part in parts] == [
        b"1",
        b"5",
        b"True",
        CAFE.encode("utf-8"),
        b"\xff\x00\xfe",
    ]
    assert b'name="file"; filename="file"\r\nContent-Type: application/octet-stream' in parts[-1]


def test_files_of_all_kinds(tmpdir, client):
    path = tmpdir.join("disk.txt")
    path.write("content")
    by_path = ("file", ("disk.txt", b"content", "text/plain"))
    assert client.files_parameters({"file": str(path)}) == [by_path]
    assert client.files_parameters({"file": [str(path), bytearray(b"x")]}) == [
        by_path,
        ("file", ("file", b"x", "application/octet-stream")),
    ]
    with open(str(path), "rb") as opened:
        assert client.files_parameters({"file": opened}) == [by_path]
    if hasattr(path, "__fspath__"):
        assert client.files_parameters({"file": path}) == [by_path]
    if bytes is not str:
        assert client.files_parameters({"f": b"x"})[0][1][0::2] == (
            "file",
            "application/octet-stream",
        )
    assert client.files_parameters({"file": None, "other": ""}) == []
    assert client.files_parameters() == []
    with pytest.raises(ApiException) as caught:
        client.files_parameters({"file": 1})
    assert (caught.value.status, caught.value.outcome) == (400, "not_sent")


class Falsy(io.BytesIO):
    """A file that knows its length, and counts as false when that is 0."""

    name = "disk.txt"

    def __len__(self):
        return 0


@pytest.mark.parametrize("content", [b"", b"content"])
def test_a_file_that_counts_as_false_is_sent(server, client, content):
    part = ("file", ("disk.txt", content, "text/plain"))
    assert client.files_parameters({"file": Falsy(content)}) == [part]
    assert client.files_parameters({"file": [Falsy(content), Falsy(content)]}) == [part] * 2
    call(client, body=None, post_params=[], files={"file": Falsy(content)})
    assert b'filename="disk.txt"' in server.last.body and content in server.last.body


def test_fields_that_are_no_text(client):
    with pytest.raises(ApiTypeError) as caught:
        call(client, post_params=[("size", {})])
    assert "['size']" in str(caught.value)


# ---- the answer ------------------------------------------------------------


@pytest.mark.parametrize(
    "body, returns, expected",
    [
        (b"", "list[Vm]", []),
        (b"", "Vm", None),
        (b"", "str", None),
        (b"null", "list[Vm]", None),
        (b"null", "Vm", None),
        (b'"text"', "str", "text"),
        (b"a,b\n1,2\n", "str", "a,b\n1,2\n"),
        (b"5", "str", "5"),
        (b'["x"]', "list[str]", ["x"]),
        (b'{"a": [1]}', "object", {"a": [1]}),
        (b"5", "object", 5),
    ],
)
def test_results(server, client, body, returns, expected):
    server.reply(200, body)
    assert call(client, returns=returns) == expected


def test_models(server, client):
    server.reply(200, [{"id": "v1", "name": CAFE, "unknown": 1}])
    (vm,) = call(client, returns="list[Vm]")
    assert (type(vm).__name__, vm.id, vm.name, vm.status) == ("Vm", "v1", CAFE, None)


@pytest.mark.parametrize("status", [201, 202, 206])
def test_every_2xx_has_the_type_of_200(server, client, status):
    server.reply(status, [{"id": "v1"}])
    assert call(client, returns="list[Vm]")[0].id == "v1"


def test_without_a_type_there_is_no_result(server, client):
    server.reply(200, {"a": 1})
    assert client.call_api("/x", "POST", _return_http_data_only=True) is None
    assert client.last_response.data == b'{"a": 1}'


@pytest.mark.parametrize(
    "body, returns",
    [
        (b"<html>login</html>", "list[Vm]"),
        (b"<html>login</html>", "Vm"),
        (b"<html>login</html>", "object"),
        (b'{"id": "x"}', "list[str]"),
        (b'[{"id": "x"}]', "Vm"),
        (b'"text"', "Vm"),
        (b"5", "list[Vm]"),
    ],
)
def test_success_that_cannot_be_used(server, client, body, returns):
    server.reply(200, body)
    with pytest.raises(ApiException) as caught:
        call(client, returns=returns)
    error = caught.value
    assert (error.status, error.body) == (200, body.decode())
    assert error.reason.startswith("the response is n")
    assert error.outcome == "unknown"
    assert client.last_response.status == 200


@pytest.mark.parametrize(
    "charset, octets, text",
    [
        ("latin-1", b"caf\xe9", CAFE),
        ('"latin-1"', b"caf\xe9", CAFE),
        ("utf-8", b"caf\xff", b"caf\xef\xbf\xbd".decode("utf-8")),
        ("no-such-charset", b"caf\xc3\xa9", CAFE),
    ],
)
def test_charset(server, client, charset, octets, text):
    server.reply(200, octets, headers={"Content-Type": "text/csv; charset=" + charset})
    assert call(client, returns="str") == text


def test_error_of_the_server(server, client):
    body = {"code": "VM_NOT_FOUND", "message": "no", "path": "/", "status": 404}
    server.reply(404, body, headers={"X-Tower-Request-Id": "r-1"})
    with pytest.raises(NotFoundException) as caught:
        call(client)
    error = caught.value
    assert (error.code, error.request_id) == (
        "VM_NOT_FOUND",
        "r-1",
    )
    assert json.loads(error.body) == body
    assert not hasattr(client, "last_response")


@pytest.mark.parametrize("waits", [False, True])
def test_errors_name_the_operation(server, client, waits):
    def failure():
        with pytest.raises(ApiException) as caught:
            result = VmApi(client).start_vm({"where": {"id": "a"}}, async_req=waits)
            result.get(30)
        return caught.value

    server.script([Reply(404, ""), Reply(200, "<html>")])
    for error in failure(), failure():
        assert error.operation == "VmApi.start_vm"
    with closed_port() as port:
        client.configuration.host = "http://127.0.0.1:%d" % port
        error = failure()
    assert isinstance(error, ApiConnectionError) and "VmApi.start_vm" in str(error)


def test_timeout_of_one_call(server, client):
    server.reply(200, {}, delay=2)
    with pytest.raises(ApiTimeoutError):
        call(client, _request_timeout=0.2)
    with pytest.raises(ApiValueError):
        call(client, _request_timeout="5")


def test_unread_answer(server, client):
    server.reply(200, {"a": 1})
    response = call(client, _preload_content=False)
    assert isinstance(response, urllib3.HTTPResponse) and client.last_response is response
    assert json.loads(response.read().decode()) == {"a": 1}
    server.reply(400, "why")
    with pytest.raises(ApiException) as caught:
        call(client, _preload_content=False)
    assert caught.value.body == "why"


def test_last_response(server, client):
    assert not hasattr(client, "last_response")
    server.reply(200, {"a": 1})
    call(client)
    assert (client.last_response.status, client.last_response.data) == (200, '{"a": 1}')


class Saved(object):
    """What tests of scripts hand to `deserialize`."""

    def __init__(self, data):
        self.data = data


def test_deserialize_takes_anything_with_data(client):
    assert client.deserialize(Saved('{"id": "v1"}'), "Vm").id == "v1"
    vm = client.deserialize(Saved('[{"id": "v1"}]'), "list[Vm]")[0]
    assert client.deserialize(Saved('{"id": "v1"}'), type(vm)).id == "v1"
    assert client.deserialize(Saved('"x"'), "VmStatus") == "x"
    with pytest.raises(ApiException):
        client.deserialize(Saved("no"), "Vm")


# ---- downloads -------------------------------------------------------------


@pytest.mark.parametrize(
    "disposition, name",
    [
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=plain.txt; x=y", "plain.txt"),
        ('attachment; filename="../../up.txt"', "up.txt"),
        ("attachment; filename=/abs/path.txt", "path.txt"),
        ('attachment; filename="..\\\\..\\\\win.txt"', "win.txt"),
    ],
)
def test_download_stays_in_its_folder(server, client, tmpdir, disposition, name):
    client.configuration.temp_folder_path = str(tmpdir)
    server.reply(200, b"\xff\x00", headers={"Content-Disposition": disposition})
    path = call(client, returns="file")
    assert path == str(tmpdir.join(name)) and open(path, "rb").read() == b"\xff\x00"
    again = call(client, returns="file")
    assert again != path and os.path.dirname(again) == str(tmpdir)
    assert os.path.splitext(again)[1] == ".txt"


@pytest.mark.parametrize("header", [{}, {"Content-Disposition": "filename=a.txt"}])
def test_a_download_that_cannot_be_saved(server, client, tmpdir, header):
    client.configuration.temp_folder_path = str(tmpdir.join("missing"))
    server.reply(200, b"\xff\x00", headers=header)
    with pytest.raises(ApiException) as caught:
        call(client, returns="file")
    error = caught.value
    assert error.status == 200 and "temp_folder_path" in error.reason
    assert str(tmpdir.join("missing")) in str(error) and "No such file" in str(error)


def test_a_download_need_not_fit_into_memory(server, client, tmpdir):
    client.configuration.temp_folder_path = str(tmpdir)
    client.configuration.max_response_size = 1000
    client.configuration.total_timeout = 0.7
    head = b"HTTP/1.1 200 OK\r\nContent-Disposition: filename=a.bin\r\nContent-Length: 3000\r\n\r\n"
    server.reply(raw=[head] + [b"x" * 1000] * 3, pause=0.4, keep=True)
    assert os.path.getsize(call(client, returns="file")) == 3000
    server.reply(raw=[head, b"x" * 1000])
    with pytest.raises(ApiException) as caught:
        call(client, returns="file")
    assert isinstance(caught.value, ApiProtocolError)
    assert os.listdir(str(tmpdir)) == ["a.bin"]  # nothing is left of what broke


@pytest.mark.parametrize(
    "disposition", [None, "attachment", 'attachment; filename=".."', "filename="]
)
def test_download_without_a_name(server, client, tmpdir, disposition):
    client.configuration.temp_folder_path = str(tmpdir)
    headers = {} if disposition is None else {"Content-Disposition": disposition}
    server.reply(200, b"x", headers=headers)
    path = call(client, returns="file")
    assert os.path.dirname(path) == str(tmpdir) and open(path, "rb").read() == b"x"


# ---- probes ----------------------------------------------------------------


def test_probe(server, client):
    url = server.url + "/api/healthz"
    assert client.do_probe(url) is True
    assert sent(server, "accept", "authorization") == [["application/json"], []]
    server.reply(307, "", {"Location": server.url + "/elsewhere"})
    assert client.do_probe(url) is False
    for status in (204, 302, 401, 503):
        server.reply(status, "")
        with pytest.raises(ApiException) as caught:
            client.do_probe(url)
        assert caught.value.status == status
    assert len(server.requests) == 6
    server.reply(200, "", delay=2)
    with pytest.raises(ApiException) as caught:
        client.do_probe(url, timeout=0.2)
    assert caught.value.status == 0


# ---- threads and connections -----------------------------------------------


def test_async_calls(server, client):
    server.reply(200, {"a": 1})
    result = call(client, async_req=True)
    assert type(result).__module__ == "multiprocessing.pool"
    assert result.get(10) == {"a": 1} and result.ready() and result.successful()
    server.reply(404, "")
    with pytest.raises(NotFoundException) as caught:
        call(client, async_req=True).get(10)
    assert caught.value.status == 404


@pytest.mark.parametrize("threads, most", [(1, 1), (3, 3)])
def test_async_calls_at_a_time(threads, most):
    running, peak, lock = [], [], threading.Lock()

    def handle(request):
        with lock:
            running.append(1)
            peak.append(len(running))
        time.sleep(0.1)
        with lock:
            running.pop()
        return Reply(200, {})

    with RecordingServer(handler=handle) as server:
        with ApiClient(Configuration(host=server.url), pool_threads=threads) as client:
            for result in [call(client, async_req=True) for _ in range(4)]:
                result.get(10)
    assert max(peak) == most


def test_close_waits_and_the_client_stays_usable(server, client):
    server.reply(200, {"a": 1}, delay=0.2)
    result = call(client, async_req=True)
    first = client.pool
    client.close()
    assert result.ready() and result.get() == {"a": 1}
    server.reply(200, {"a": 2})
    assert call(client) == {"a": 2} == call(client, async_req=True).get(10)
    assert client.pool is not first and server.connections == 2


def test_threads_share_one_pool_and_one_rest_client(server):
    client = ApiClient(Configuration(host=server.url), pool_threads=2)
    seen, start = [], threading.Barrier(8) if hasattr(threading, "Barrier") else None

    def look():
        if start is not None:
            start.wait()
        seen.append((client.pool, client.rest_client))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1
    client.close()


def test_client_nobody_holds_is_collected_with_its_threads(server):
    client = ApiClient(Configuration(host=server.url))
    call(client, async_req=True).get(10)
    # one that works and three that manage it
    left = threading.active_count() - 4
    reference = weakref.ref(client)
    del client
    deadline = time.time() + 10
    while time.time() < deadline and (reference() or threading.active_count() > left):
        gc.collect()
        time.sleep(0.05)
    assert reference() is None and threading.active_count() <= left


def test_calls_nobody_waits_for_are_carried_out_at_exit(server):
    server.reply(200, {}, delay=0.3)
    code = (
        "from cloudtower.api_client import ApiClient\n"
        "from cloudtower.configuration import Configuration\n"
        "client = ApiClient(Configuration(host=%r))\n"
        "for n in range(3): client.call_api('/x', 'POST', body=n, async_req=True)\n"
    )
    subprocess.check_call([sys.executable, "-c", code % server.url])
    assert [request.json() for request in server.requests] == [0, 1, 2]


def test_connections_are_made_from_the_configuration_of_the_first_request(server, client):
    client.configuration.connection_pool_maxsize = 3
    call(client)
    assert client.rest_client.pool_manager.connection_pool_kw["maxsize"] == 3
    mine = RESTClientObject(client.configuration, maxsize=7)
    client.rest_client = mine
    call(client)
    client.close()
    assert client.rest_client is mine


def test_default_configuration(server):
    Configuration.set_default(Configuration(host=server.url))
    try:
        client = ApiClient()
    finally:
        Configuration.set_default(None)
    client.call_api("/x", "POST", response_types_map=OBJECT)
    assert server.last.path == "/x"
    assert client.client_side_validation is True


def test_configuration_of_a_wrong_type():
    with pytest.raises(AttributeError):  # which the published SDK raises
        ApiClient(configuration="http://h")


# ---- helpers ---------------------------------------------------------------


def test_parameters_to_tuples():
    convert = ApiClient(Configuration()).parameters_to_tuples
    assert convert({"a": [1]}, None) == [("a", [1])]
    assert convert([("a", [1, 2]), ("b", 1)], {"a": "multi"}) == [("a", 1), ("a", 2), ("b", 1)]
    for form, text in [("csv", "1,2"), ("ssv", "1 2"), ("tsv", "1\t2"), ("pipes", "1|2")]:
        assert convert([("a", [1, 2])], {"a": form}) == [("a", text)]


def test_select_headers():
    client = ApiClient(Configuration())
    assert client.select_header_accept([]) is None
    assert client.select_header_accept(["X", "APPLICATION/JSON"]) == "application/json"
    assert client.select_header_accept(["A/B", "c"]) == "a/b, c"
    select = client.select_header_content_type
    patch = ["application/json-patch+json", "application/json"]
    assert select([]) == select(["a", "*/*"]) == "application/json"
    assert select(["A/b", "c"]) == "a/b"
    assert select(patch, "PATCH", []) == "application/json-patch+json"
    assert select(patch, "PATCH", {}) == "application/json"


def test_sanitize_makes_new_objects():
    given = {"a": (1, None), "b": [CAFE]}
    plain = ApiClient(Configuration()).sanitize_for_serialization(given)
    assert plain == given and plain is not given and plain["b"] is not given["b"]


def test_an_unused_client_loads_nothing_heavy():
    code = (
        "import sys; from cloudtower.api_client import ApiClient;"
        "ApiClient().close();"
        "print([m for m in ('urllib3', 'dateutil', 'logging', 'http.client', 'httplib',"
        " 'multiprocessing', 'mimetypes', 'tempfile', 'ssl', 'socket') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"[]"
