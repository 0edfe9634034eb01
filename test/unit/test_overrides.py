"""What a script overrides, replaces or patches on the way of a call is obeyed.

As in the published SDK, whose functions these are: each is called with the parameters that it
has there, and with no others.
"""

import pytest
import urllib3

from cloudtower import ActivePassiveApiClient, ApiClient, Configuration, VmApi
from cloudtower.exceptions import ApiValueError
from cloudtower.rest import RESTClientObject

BODY = {"where": {"id": "a"}}
TASKS = [{"task_id": "t", "data": {"id": "a"}}]
CALL = """path_params query_params header_params body post_params files response_types_map
 auth_settings async_req _return_http_data_only collection_formats _preload_content
 _request_timeout _host _request_auth""".split()
REQUEST = "query_params headers post_params body _preload_content _request_timeout".split()
VERB = "headers query_params post_params body _preload_content _request_timeout".split()


@pytest.fixture(params=["sync", "async"])
def start(request):
    """Starts a VM, waiting for the call in either way."""

    def call(client):
        if request.param == "sync":
            return VmApi(client).start_vm(BODY)
        return VmApi(client).start_vm(BODY, async_req=True).get(30)

    return call


def configuration(server):
    made = Configuration(host=server.url + "/v2/api")
    made.api_key["Authorization"] = "tok"
    return made


@pytest.fixture(params=["plain", "nodes"])
def made(request, server):
    """Makes a client of some class: ApiClient or ActivePassiveApiClient."""

    def handler(sent):
        from recording_server import Reply

        return Reply(200, {} if sent.path == "/api/healthz" else TASKS)

    server.handler = handler

    def make(base=None, **attributes):
        parent = base or (ApiClient if request.param == "plain" else ActivePassiveApiClient)
        cls = type("Own", (parent,), attributes)
        if issubclass(cls, ActivePassiveApiClient):
            return cls([server.url], configuration=configuration(server))
        return cls(configuration(server))

    return make


def calls_of(server):
    return [each.path for each in server.requests if each.path != "/api/healthz"]


class Recorder(object):
    """A function that records its keywords and goes on with another one, or returns a value."""

    def __init__(self, names, then):
        self.names = names
        self.then = then
        self.calls = []

    def __call__(self, *args, **kwargs):
        unknown = set(kwargs) - set(self.names)
        assert not unknown, unknown
        self.calls.append((args, kwargs))
        return self.then(*args, **kwargs)


def method(recorder):
    """As a method of a class: a plain object is not bound."""

    def call(self, *args, **kwargs):
        return recorder(self, *args, **kwargs)

    return call


def test_call_api_of_a_subclass(made, server, start):
    recorder = Recorder(CALL, lambda client, *args, **kwargs: "mine")
    client = made(call_api=method(recorder))
    if start is not None:
        try:
            assert start(client) == "mine"
        except AttributeError:  # what it returned has no `get`
            pass
    ((args, kwargs),) = recorder.calls
    assert args[1:] == ("/start-vm", "POST", {}, [], args[5]) and kwargs["body"] is BODY
    assert calls_of(server) == []


def test_call_api_of_a_subclass_that_goes_on(made, server, start):
    client = made()
    base = type(client).__mro__[1]
    recorder = Recorder(CALL, base.call_api)
    client = made(call_api=method(recorder))
    assert start(client)[0].task_id == "t"
    assert len(recorder.calls) == 1 and calls_of(server) == ["/v2/api/start-vm"]


def test_call_api_of_an_instance(made, server):
    client = made()
    client.call_api = Recorder(CALL, lambda *args, **kwargs: "mine")
    assert VmApi(client).start_vm(BODY) == "mine"


def test_guard_acts_before_what_overrides(made):
    client = made()
    client.call_api = Recorder(CALL, lambda *args, **kwargs: "mine")
    with pytest.raises(ApiValueError):
        VmApi(client).delete_vm({"where": {}})
    assert client.call_api.calls == []


def test_serialization_of_a_subclass(made, server, start):
    client = made(sanitize_for_serialization=lambda self, value: {"where": {"id": "mine"}})
    start(client)
    assert server.last.json() == {"where": {"id": "mine"}}
    client.call_api("/start-vm", "POST", body={"where": {"id": "a"}})
    assert server.last.json() == {"where": {"id": "mine"}}


def test_guard_looks_at_what_a_serialization_returns(made, server, start):
    client = made(sanitize_for_serialization=lambda self, value: {"where": {}})
    with pytest.raises(ApiValueError):
        start(client)
    assert calls_of(server) == []


def test_request_of_a_subclass(server, start, made):
    recorder = Recorder(REQUEST + ["redirect"], ApiClient.request)
    client = made(ApiClient, request=method(recorder))
    assert start(client)[0].task_id == "t"
    ((args, kwargs),) = recorder.calls
    assert args[1:] == ("POST", server.url + "/v2/api/start-vm")
    assert kwargs["body"] == BODY and kwargs["headers"]["Authorization"] == "tok"
    assert set(kwargs) == set(REQUEST)
    assert calls_of(server) == ["/v2/api/start-vm"]


def test_request_of_an_instance(server):
    client = ApiClient(configuration(server))
    real = client.request
    client.request = Recorder(REQUEST, real)
    server.reply(200, TASKS)
    assert VmApi(client).start_vm(BODY)[0].task_id == "t"
    assert len(client.request.calls) == 1


@pytest.mark.parametrize("name, names", [("POST", VERB), ("request", VERB + ["redirect"])])
def test_patched_rest_client(monkeypatch, made, server, start, name, names):
    recorder = Recorder(names + ["redirect"], getattr(RESTClientObject, name))
    monkeypatch.setattr(RESTClientObject, name, method(recorder))
    client = made()
    assert start(client)[0].task_id == "t"
    ((args, kwargs),) = recorder.calls
    assert kwargs["body"] == BODY
    monkeypatch.undo()
    assert start(client)[0].task_id == "t"
    assert len(recorder.calls) == 1 and len(calls_of(server)) == 2


class Canned(object):
    """A rest client of a script's own, as the published SDK would call it."""

    def __init__(self, client):
        self.calls = []

    def POST(
        self,
        url,
        headers=None,
        query_params=None,
        post_params=None,
        body=None,
        _preload_content=True,
        _request_timeout=None,
    ):
        self.calls.append((url, body))
        response = type("Response", (object,), {})()
        response.status, response.reason, response.data = 200, "OK", b'[{"task_id": "t"}]'
        response.getheader = lambda name, default=None: default
        response.getheaders = lambda: {}
        return response


def test_replaced_rest_client(server, start):
    client = ApiClient(configuration(server))
    client.rest_client = Canned(client)
    assert start(client)[0].task_id == "t"
    assert client.rest_client.calls == [(server.url + "/v2/api/start-vm", BODY)]
    assert server.requests == []


def test_replaced_pool_manager(server, start):
    class Manager(urllib3.PoolManager):
        paths = []

        def urlopen(self, method, url, **options):
            self.paths.append(url)
            return urllib3.PoolManager.urlopen(self, method, url, **options)

    server.reply(200, TASKS)
    client = ApiClient(configuration(server))
    client.rest_client.pool_manager = Manager()
    assert start(client)[0].task_id == "t"
    assert Manager.paths == [server.url + "/v2/api/start-vm"]


@pytest.mark.parametrize("name", ["request", "urlopen"])
def test_patched_urllib3(monkeypatch, server, start, name):
    calls = []
    real = getattr(urllib3.PoolManager, name)

    def patched(self, *args, **kwargs):
        calls.append(args)
        return real(self, *args, **kwargs)

    server.reply(200, TASKS)
    client = ApiClient(configuration(server))
    monkeypatch.setattr(urllib3.PoolManager, name, patched)
    assert start(client)[0].task_id == "t"
    assert len(calls) == 1
    monkeypatch.undo()
    assert start(client)[0].task_id == "t"
    assert len(calls) == 1


def test_settings_of_the_pool_manager_that_change_later(server):
    client = ApiClient(configuration(server))
    client.rest_client.pool_manager.connection_pool_kw["headers"] = {"X": "y"}
    client.rest_client.pool_manager.connection_pool_kw["maxsize"] = 7
    server.reply(200, TASKS)
    VmApi(client).start_vm(BODY)
    pool = client.rest_client.pool_manager.connection_from_url(server.url)
    assert pool.pool.maxsize == 7


def test_last_response_can_be_set(server):
    client = ApiClient(configuration(server))
    client.last_response = "mine"
    assert client.last_response == "mine"
    server.reply(200, TASKS)
    VmApi(client).start_vm(BODY)
    assert client.last_response.status == 200


def test_default_headers_that_change_later(made, server):
    client = made()
    VmApi(client).start_vm(BODY)
    client.default_headers["X-Some"] = "thing"
    client.user_agent = "mine"
    VmApi(client).start_vm(BODY)
    assert server.last.header("x-some") == ["thing"]
    assert server.last.header("user-agent") == ["mine"]


def test_mocks_of_the_standard_library(server):
    mock = pytest.importorskip("unittest.mock")
    client = mock.Mock()
    VmApi(client).start_vm(BODY)
    assert client.call_api.call_args[0][:2] == ("/start-vm", "POST")
    client = mock.create_autospec(ApiClient, instance=True)
    VmApi(client).start_vm(BODY)
    assert client.call_api.call_args[1]["body"] is BODY
    with mock.patch("cloudtower.rest.RESTClientObject.POST") as post:
        post.return_value = mock.Mock(status=200, data=b"[]")
        post.return_value.getheader.return_value = None
        assert VmApi(ApiClient(configuration(server))).start_vm(BODY) == []
    assert post.call_args[1]["body"] == BODY and server.requests == []
