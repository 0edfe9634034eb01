"""`Configuration.read_only`: writes are refused before anything is encoded or sent."""

import copy
import json
import pickle

import pytest
from recording_server import RecordingServer, Reply

import cloudtower
from cloudtower import (
    ActivePassiveApiClient,
    ApiClient,
    ApiException,
    Configuration,
    OpenApiException,
    ReadOnlyError,
    UnexpectedMatches,
    UserApi,
    VmApi,
)
from cloudtower._runtime import read_only
from cloudtower.utils import dry_run, login

TOKEN = {"data": {"token": "t"}}


@pytest.fixture
def server():
    with RecordingServer() as server:
        server.reply(200, [])
        yield server


@pytest.fixture
def client(server):
    configuration = Configuration(host=server.url + "/v2/api")
    configuration.read_only = True
    with ApiClient(configuration) as client:
        yield client


def refused(server, call, *args, **kwargs):
    with pytest.raises(ReadOnlyError) as caught:
        call(*args, **kwargs)
    assert server.requests == [] and server.connections == 0
    return caught.value


def test_a_write_is_refused(server, client):
    error = refused(server, VmApi(client).delete_vm, {"where": {"id": "x"}})
    assert "VmApi.delete_vm was not sent" in str(error)
    assert "Configuration.read_only" in str(error)
    assert (error.operation, error.outcome) == ("VmApi.delete_vm", "not_sent")
    assert isinstance(error, OpenApiException) and not isinstance(error, ApiException)
    again = pickle.loads(pickle.dumps(error))
    assert (again.operation, str(again)) == (error.operation, str(error))


def test_before_everything_else(server, client):
    api = VmApi(client)
    refused(server, api.delete_vm, {"where": {}})
    refused(server, api.delete_vm, {"where": {}}, _allow_all=True)
    refused(server, api.delete_vm, {"where": object()})
    refused(server, api.delete_vm, None)
    refused(server, api.delete_vm, {"where": {"id": "x"}}, _unknown=1)
    refused(server, api.delete_vm_with_http_info, {"where": {"id": "x"}})
    refused(server, api.delete_vm, {"where": {"id": "x"}}, async_req=True)


def test_a_stream_is_not_read(server, client):
    class Stream(object):
        def read(self, *args):
            raise AssertionError("it was read")

    refused(server, client.call_api, "/upload", "POST", files={"file": Stream()})
    refused(server, client.call_api, "/upload", "POST", files={"file": Stream()}, async_req=True)


def test_every_operation_is_refused_or_sent(client):
    catalog = cloudtower.api.catalog
    refused, sent = set(), set()
    for name in catalog.homes:
        for row in catalog.load(name).__operations__.values():
            row.define()
            try:
                read_only.check_operation(row, client)
                read_only.check_call(client, row.method, row.path)
            except ReadOnlyError:
                refused.add(row.read)
            else:
                sent.add((row.read, row.read or row.label))
    assert refused == {False}
    assert sent == {(True, True), (False, "UserApi.login")}


def test_reads_are_sent(server, client):
    assert VmApi(client).get_vms({}) == []
    assert VmApi(client).get_vms({}, async_req=True).get() == []
    for url in ("/get-vms", "get-vms", "/get-vms?x=1"):
        client.call_api(url, "POST", body={})
    client.call_api("/{what}", "POST", path_params={"what": "get-vms"}, body={})
    client.call_api("/get-version", "GET")
    client.call_api("/anything", "HEAD")
    root = server.url + "/v2/api"
    client.call_api("/get-vms", "POST", body={}, _host=root)
    client.request("POST", root + "/get-vms", body={})
    client.request("GET", server.url + "/anything")
    client.rest_client.POST(root + "/get-vms", body={})
    assert len(server.requests) == 12


@pytest.mark.parametrize(
    "path",
    [
        "/any-path",
        "/delete-vm",
        "delete-vm",
        "/get-vms/../delete-vm",
        "/delete-vm?/get-vms",
        "/delete-vm#/get-vms",
        "/delete-vm/get-vms",
        "/delete-vm/v2/api/get-vms",
        "/{what}",
    ],
)
def test_other_requests_are_refused(server, client, path):
    given = {"path_params": {"what": "delete-vm"}, "body": {}}
    error = refused(server, client.call_api, path, "POST", **given)
    assert error.method == "POST" and error.outcome == "not_sent"
    refused(server, client.call_api, path, "POST", async_req=True, **given)
    root = server.url + "/v2/api"
    if "{" not in path:
        below = root + "/" + path.lstrip("/")
        refused(server, client.call_api, path, "POST", body={}, _host=root)
        refused(server, client.request, "POST", below, body={})
        refused(server, client.rest_client.POST, below, body={})
        refused(server, client.rest_client.request, "post", below, body={})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(server, client, method):
    refused(server, client.call_api, "/get-vms", method)
    refused(server, client.request, method, server.url + "/v2/api/get-vms")


def test_no_secret_in_the_text(server, client):
    address = server.url.replace("//", "//root:hunter2@") + "/v2/api/x?token=hunter2"
    assert "hunter2" not in str(refused(server, client.request, "POST", address))


def test_login(server, client):
    server.script([Reply(200, TOKEN), Reply(200, TOKEN), Reply(200, TOKEN)])
    login(client, "root", "x")
    UserApi(client).login({"username": "root", "password": "x", "source": "LOCAL"})
    client.call_api("/login", "POST", body={})
    assert client.configuration.api_key == {"Authorization": "t"}
    assert [each.path for each in server.requests] == ["/v2/api/login"] * 3


def test_login_of_a_directory(server, client):
    found = {"data": {"authnStrategies": [{"id": "d1", "type": "LDAP"}]}}
    server.script([Reply(200, found), Reply(200, TOKEN)])
    login(client, "root", "x", "LDAP")
    assert server.last.json()["auth_config_id"] == "d1"


QUERIES = [
    "{vms {id}}",
    "query {vms {id}}",
    "query vms($a: Int) @x(y: [1]) {vms(first: $a) {id mutation}}",
    'query {vms(where: {name: "mutation {"}) {id}} # mutation {',
    'query {vms(where: {name: """a "mutation" \\""" {"""}) {id}}',
    "fragment f on Vm {id} query {vms {...f}}",
]
CHANGES = [
    "mutation {deleteVm(where: {id: 1}) {id}}",
    "# query\nmutation{x}",
    "# query\rmutation{x}",
    "query a {vms {id}} mutation b {x}",
    "{vms {id}}mutation{x}",
    "subscription {vm {mutation}}",
    'query {vms(name: "a) {id}}\nmutation {x}',
    "fragment f on Vm {id} mutation {x}",
    "{{vms} mutation {x}",
    None,
    5,
]


@pytest.mark.parametrize("encode", [lambda body: body, json.dumps])
def test_graphql(server, client, encode):
    address = server.url + "/api"
    for text in CHANGES:
        refused(server, client.request, "POST", address, body=encode({"query": text}))
    refused(server, client.request, "POST", address, body=encode([{"query": QUERIES[0]}]))
    refused(server, client.request, "POST", address, body=encode({}))
    refused(server, client.request, "POST", address)
    refused(server, client.request, "PUT", address, body=encode({"query": QUERIES[0]}))
    for text in QUERIES:
        client.request("POST", address, body=encode({"query": text}))
    client.call_api("/api", "POST", body={"query": QUERIES[0]}, _host=server.url)
    assert len(server.requests) == len(QUERIES) + 1


def test_switched_while_the_client_is_used(server, client):
    client.configuration.read_only = False
    VmApi(client).delete_vm({"where": {"id": "x"}})
    client.configuration.read_only = True
    with pytest.raises(ReadOnlyError):
        VmApi(client).delete_vm({"where": {"id": "x"}})
    assert len(server.requests) == 1


def test_class_attribute_copies_and_pickles(server, client, monkeypatch):
    plain = Configuration(host=server.url + "/v2/api")
    for each in (copy.copy, copy.deepcopy, lambda given: pickle.loads(pickle.dumps(given))):
        copied = ApiClient(each(client.configuration))
        refused(server, VmApi(copied).delete_vm, {"where": {"id": "x"}})
        assert not each(plain).read_only
    monkeypatch.setattr(Configuration, "read_only", True)
    refused(server, VmApi(ApiClient(plain)).delete_vm, {"where": {"id": "x"}})
    assert VmApi(ApiClient(plain)).get_vms({}) == []


@pytest.mark.parametrize("replaced", ["instance", "subclass"])
def test_an_overridden_call_api(server, client, replaced):
    calls = []

    class Client(ApiClient):
        def call_api(self, *args, **kwargs):
            calls.append(args)
            return super(Client, self).call_api(*args, **kwargs)

    if replaced == "subclass":
        client = Client(client.configuration)
    else:
        client.call_api = lambda *args, **kwargs: calls.append(args)
    refused(server, VmApi(client).delete_vm, {"where": {"id": "x"}})
    assert calls == []
    VmApi(client).get_vms({})
    assert len(calls) == 1


def test_an_overridden_request(server, client):
    class Client(ApiClient):
        def request(self, *args, **kwargs):
            return super(Client, self).request(*args, **kwargs)

    own = Client(client.configuration)
    refused(server, VmApi(own).delete_vm, {"where": {"id": "x"}})
    VmApi(own).get_vms({})
    server.reply(200, TOKEN)
    login(own, "root", "x")


def test_a_transport_of_a_script(client):
    class Canned(object):
        def send(self, request):
            raise AssertionError("it was sent")

    own = ApiClient(client.configuration, transport=Canned())
    with pytest.raises(ReadOnlyError):
        VmApi(own).delete_vm({"where": {"id": "x"}})
    with pytest.raises(ReadOnlyError):
        own.rest_client.POST("http://localhost/v2/api/x")


def test_what_looks_like_a_client():
    mock = pytest.importorskip("unittest.mock")
    client = mock.MagicMock()
    VmApi(client).delete_vm({"where": {"id": "x"}})
    assert client.call_api.called


def _pair(server, one, other):
    nodes = []
    for read_only_, name in ((one, "127.0.0.1"), (other, "localhost")):
        node = Configuration(root_url="http://%s:%d" % (name, server.port))
        node.read_only = read_only_
        nodes.append(node)
    return ActivePassiveApiClient(nodes)


@pytest.mark.parametrize("active", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("switch", [(True, True), (True, False), (False, True), (False, False)])
def test_nodes(active, switch):
    def handle(request):
        if request.method == "GET":
            return Reply(200 if request.header("host")[0].startswith(active) else 307)
        return Reply(200, [])

    with RecordingServer(handler=handle) as server:
        client = _pair(server, *switch)
        if not any(switch):
            VmApi(client).delete_vm({"where": {"id": "x"}})
            client.call_api("/any-path", "POST", body={})
            assert len([each for each in server.requests if each.method == "POST"]) == 2
        else:
            with pytest.raises(ReadOnlyError):
                VmApi(client).delete_vm({"where": {"id": "x"}})
            with pytest.raises(ReadOnlyError):
                client.call_api("/any-path", "POST", body={})
            with pytest.raises(ReadOnlyError):
                client.request("POST", server.url + "/v2/api/any-path", body={})
            with pytest.raises(ReadOnlyError):
                client.graphql("mutation { deleteVm { id } }")
        if any(switch):  # a failover may make any of them the active one
            assert server.requests == []
        assert VmApi(client).get_vms({}) == []
        client.close()


def test_nodes_have_the_smallest_max_matches(server):
    server.reply(200, [{"id": "a", "name": "a"}, {"id": "b", "name": "b"}])
    client = _pair(server, False, False)
    for most, config in zip((1, 5), client.configurations):
        config.max_matches = most
    client._discovery.active = client._clients[1]
    with pytest.raises(UnexpectedMatches) as caught:
        VmApi(client).delete_vm({"where": {"name": "a"}})
    assert "Configuration.max_matches allows 1" in str(caught.value)
    plan = dry_run(VmApi(client).delete_vm, {"where": {"name": "a"}})
    assert plan.faults == ["2 objects match, Configuration.max_matches allows 1"]
    client.close()


def test_a_plan(server, client):
    plan = dry_run(VmApi(client).delete_vm, {"where": {"name": "a"}})
    assert plan.faults == ["Configuration.read_only is set"]
    sent = len(server.requests)
    with pytest.raises(ReadOnlyError):
        plan.execute()
    assert len(server.requests) == sent


def test_nodes_from_a_template(server):
    template = Configuration()
    template.read_only = True
    client = ActivePassiveApiClient([server.url, "http://127.0.0.1:9"], configuration=template)
    refused(server, VmApi(client).delete_vm, {"where": {"id": "x"}}, async_req=True)
    refused(server, client.call_api, "/any-path", "POST", async_req=True)
