# coding: utf-8
"""What a write may not send, what `_allow_all` lets pass, and when a body is settled."""

import collections
import functools
import io
import json
import sys
import threading

import pytest

from cloudtower import (
    ActivePassiveApiClient,
    ApiClient,
    ApiTypeError,
    ApiValueError,
    ClusterWhereInput,
    Configuration,
    DatacenterApi,
    ElfImageApi,
    VmApi,
    VmDeleteParams,
    VmSnapshotApi,
    VmSnapshotDeletionParams,
    VmSnapshotWhereInput,
    VmStartParams,
    VmStatus,
    VmUpdateParams,
    VmWhereInput,
)
from cloudtower._runtime import codec

try:
    import enum
    from collections.abc import Mapping
    from types import MappingProxyType
    from unittest import mock

    UserDict, UserString = collections.UserDict, collections.UserString
except ImportError:  # Python 2.7
    from collections import Mapping
    from UserDict import UserDict
    from UserString import UserString

    MappingProxyType = dict
    enum = mock = None

NAME = b"\xe5\x90\x8d".decode("utf-8")
ID = {"where": {"id": "a"}}


@pytest.fixture
def server(server):
    server.reply(200, [])
    return server


@pytest.fixture
def vms(server):
    with ApiClient(Configuration(host=server.url)) as client:
        yield VmApi(client)


def refused(server, call, *arguments, **keywords):
    """The text of the error of a call that sends nothing; `kind` is its class."""
    with pytest.raises(keywords.pop("kind", ApiValueError)) as caught:
        call(*arguments, **keywords)
    assert server.requests == []
    return str(caught.value)


# ---- relations that say nothing ------------------------------------------------


def test_a_model_in_the_place_of_a_relation(server, vms):
    where = VmWhereInput(cluster=ClusterWhereInput(id=None))
    text = refused(server, vms.update_vm, VmUpdateParams(where=where, data={"vcpu": 1}))
    assert "VmApi.update_vm was not sent: its filter `where.cluster`" in text
    assert '{"NOT": [{"cluster": None}]}' in text and '_allow_all=["where.cluster"]' in text
    snapshots = VmSnapshotApi(vms.api_client)
    where = VmSnapshotWhereInput(vm=VmWhereInput(id=None))
    body = VmSnapshotDeletionParams(where=where)
    text = refused(server, snapshots.delete_vm_snapshot, body)
    assert '{"NOT": [{"vm": None}]}' in text


def test_a_relation_to_many(server, vms):
    for inner in ({}, {"id_not": None}, {"AND": []}):
        text = refused(server, vms.delete_vm, {"where": {"labels_some": inner}})
        assert '_allow_all=["where.labels_some"]' in text and "NOT" not in text
    where = {"id": "a", "OR": [{"id": "b"}, {"labels_some": {"AND": []}}]}
    text = refused(server, vms.delete_vm, {"where": where})
    assert '_allow_all=["where.OR.1.labels_some"]' in text


@pytest.mark.parametrize(
    "where",
    [
        {"NOT": [{"cluster": None}]},
        {"folder": None},
        {"labels_none": {}},
        {"labels_some": {"key": "k"}},
        VmWhereInput(cluster=ClusterWhereInput(id="c", name=None)),
    ],
)
def test_a_relation_that_says_something(server, vms, where):
    vms.delete_vm({"where": where})
    assert len(server.requests) == 1


# ---- _allow_all ------------------------------------------------------------------


@pytest.mark.parametrize("value", ["False", "where", "", 1, 0, {"where": True}, [1], [None], 1.0])
def test_what_allow_all_cannot_be(server, vms, value):
    text = refused(server, vms.delete_vm, ID, _allow_all=value, kind=ApiTypeError)
    assert "_allow_all" in text and repr(value) in text
    refused(server, vms.get_vms, {}, _allow_all=value, kind=ApiTypeError)


@pytest.mark.parametrize("value", [None, False, [], (), set()])
def test_nothing_is_allowed(server, vms, value):
    refused(server, vms.delete_vm, {"where": {}}, _allow_all=value)
    vms.delete_vm(ID, _allow_all=value)


@pytest.mark.parametrize(
    "path", ["wher", "where.naem", "where.id", "where.labels", "data", "", "where.", "0"]
)
def test_a_path_to_no_filter(server, vms, path):
    text = refused(server, vms.delete_vm, {"where": {}}, _allow_all=[path])
    assert repr(path) in text and "VmApi.delete_vm" in text


@pytest.mark.parametrize(
    "paths, where",
    [
        (["where"], {}),
        (("where",), {"AND": [{"name_contains": ""}]}),
        (set(["where.labels_some"]), {"labels_some": {}}),
        (["where.AND.cluster"], {"AND": [{"id": "a"}, {"cluster": {}}]}),
        (["where.AND.1.cluster"], {"AND": [{"id": "a"}, {"cluster": {}}]}),
        (["where.NOT.cluster"], {"NOT": {"cluster": {}}}),
        (["where.host.vms_some.cluster"], {"host": {"vms_some": {"cluster": {}}}}),
        (["where.labels_some", "where.cluster"], {"labels_some": {}, "cluster": {}}),
    ],
)
def test_single_filters_are_allowed(server, vms, paths, where):
    vms.delete_vm({"where": where}, _allow_all=paths)
    assert server.last.json() == {"where": where}


@pytest.mark.parametrize(
    "paths, where",
    [
        (["where.labels_some"], {}),
        (["where.labels_some"], {"labels_some": {}, "cluster": {}}),
        (["where.labels_some"], {"cluster": {"labels_some": {}}}),
        (["where"], {"labels_some": {}, "id": "a"}),
        (["where.AND.0.cluster"], {"AND": [{"id": "a"}, {"cluster": {}}]}),
        (["where.labels_some"], {"labels_some": {"naem": 1}}),
        (["where"], {"naem": 1}),
        (True, {"naem": 1}),
        (True, {"AND": [{"cluster": {"naem": 1}}]}),
        (True, "x"),
    ],
)
def test_other_filters_and_unknown_names_stay_refused(server, vms, paths, where):
    refused(server, vms.delete_vm, {"where": where}, _allow_all=paths)


def test_the_path_of_an_error_can_be_passed_on(server, vms):
    datacenters = DatacenterApi(vms.api_client)
    body = [{"clusters": {"id": "c"}}, {"clusters": {"OR": [{"hosts_some": {}}, {"id": "c"}]}}]
    text = refused(server, datacenters.create_datacenter, body)
    path = text[text.index("_allow_all=") + len("_allow_all=") : text.index("]") + 1]
    assert path == '["1.clusters.OR.0.hosts_some"]'
    datacenters.create_datacenter(body, _allow_all=json.loads(path))
    datacenters.create_datacenter(body, _allow_all=["clusters.OR.hosts_some"])
    assert len(server.requests) == 2


# ---- bodies of another kind --------------------------------------------------------


@pytest.mark.parametrize("body", ["text", 5, True, [], [None], [5], [[]], ["where"]])
def test_a_body_without_its_filter(server, vms, body):
    text = refused(server, vms.delete_vm, body)
    assert "where` is required and missing" in text
    vms.delete_vm(body, _allow_all=True)
    assert server.last.json() == body


def test_no_body_where_a_filter_is_required(server, vms):
    vms.api_client.client_side_validation = False
    assert "`where`" in refused(server, vms.delete_vm, None)
    vms.delete_vm(None, _allow_all=True)
    assert server.last.body == b""


def test_one_object_in_the_place_of_a_list(server, vms):
    datacenters = DatacenterApi(vms.api_client)
    datacenters.create_datacenter({"name": "d", "clusters": {"id": "c"}})
    assert server.last.json() == {"name": "d", "clusters": {"id": "c"}}
    del server.requests[:]
    text = refused(server, datacenters.create_datacenter, {"clusters": {"idd": 1}})
    assert "`clusters.idd`" in text


@pytest.mark.parametrize(
    "options",
    [
        {"_content_type": "text/plain"},
        {"_headers": {"content-type": "text/plain"}},
        {"_content_type": "multipart/form-data"},
    ],
)
def test_a_body_that_is_not_json_cannot_be_checked(server, vms, options):
    text = refused(server, vms.delete_vm, '{"where": {}}', **options)
    assert "cannot be checked" in text and "_allow_all=True" in text
    vms.delete_vm('{"where": {}}', _allow_all=True, **options)
    assert len(server.requests) == 1


def test_names_that_become_one_in_json(server, vms):
    for body in ({"where": {"id": "a", 1: 1, "1": 2}}, {1: 1, "1": 2, "where": {"id": "a"}}):
        assert "the name `1` twice" in refused(server, vms.delete_vm, body)
    if enum is not None:
        where = enum.Enum("Where", {"ID": "id"}, type=str).ID
        body = {"where": {"id": "a", "cluster": {where: 1}}}
        vms.delete_vm(body)
        assert server.last.json() == {"where": {"id": "a", "cluster": {"id": 1}}}


# ---- what stands in the place of values ---------------------------------------------

CLASSES = [VmWhereInput, VmStatus, dict, list, collections.deque, Exception]


@pytest.mark.parametrize("cls", CLASSES)
def test_a_class_in_the_place_of_a_value(server, vms, cls):
    for call in (vms.delete_vm, vms.get_vms):
        text = refused(server, call, {"where": {"AND": [cls]}}, kind=ApiTypeError)
        assert "['where']['AND'][0]" in text and "%s is a class" % cls.__name__ in text
        assert ("use one of its constants" in text) is (cls is VmStatus)
        assert "%s is a class" % cls.__name__ in refused(server, call, cls, kind=ApiTypeError)


def test_a_class_that_is_old(server, vms):
    class Old:
        isoformat = None

    assert "Old is a class" in refused(server, vms.get_vms, {"a": Old}, kind=ApiTypeError)
    if enum is not None:
        for cls in (enum.Enum("Kind", "A B"), enum.IntEnum("Number", "A B")):
            refused(server, vms.get_vms, {"a": cls}, kind=ApiTypeError)


def test_the_body_is_a_class(server, vms):
    text = refused(server, vms.delete_vm, VmDeleteParams, kind=ApiTypeError)
    assert "VmApi.delete_vm was not sent: VmDeleteParams is a class" in text


class Pairs(Mapping):
    def __init__(self, values):
        self._values = values

    def __getitem__(self, name):
        return self._values[name]

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)


@pytest.mark.parametrize("make", [Pairs, UserDict, MappingProxyType, collections.OrderedDict])
def test_a_mapping_is_an_object(server, vms, make):
    vms.delete_vm(make({"where": make({"host": make({"id": "a"})})}))
    assert server.last.json() == {"where": {"host": {"id": "a"}}}
    del server.requests[:]
    refused(server, vms.delete_vm, {"where": make({})})
    refused(server, vms.delete_vm, {"where": {"host": make({})}})
    assert "`where.naem`" in refused(server, vms.delete_vm, {"where": make({"naem": 1})})


VALUES = collections.OrderedDict([("a", "b")])
VIEWS = ("keys", "viewkeys")[sys.version_info[0] < 3], ("values", "viewvalues")[
    sys.version_info[0] < 3
]


@pytest.mark.parametrize(
    "values, sent",
    [
        (lambda: getattr(VALUES, VIEWS[0])(), ["a"]),
        (lambda: getattr(VALUES, VIEWS[1])(), ["b"]),
        (lambda: collections.deque(["a"]), ["a"]),
        (lambda: frozenset(["a"]), ["a"]),
        (lambda: iter(["a"]), ["a"]),
        (lambda: map(str, ["a"]), ["a"]),
        (lambda: ("a",), ["a"]),
        (lambda: collections.namedtuple("Ids", "first")("a"), ["a"]),
        (lambda: range(2), [0, 1]),
    ],
)
def test_what_is_a_list(server, vms, values, sent):
    vms.delete_vm({"where": {"id_in": values()}})
    assert server.last.json() == {"where": {"id_in": sent}}


@pytest.mark.parametrize(
    "value",
    [
        bytearray(b"a"),
        memoryview(b"a"),
        UserString("a"),
        io.StringIO(NAME),
        io.BytesIO(b"a"),
        object(),
        len,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_list(server, vms, value):
    text = refused(server, vms.delete_vm, {"where": {"id_in": value}}, kind=ApiTypeError)
    assert "['where']['id_in']" in text
    with open(__file__) as file:
        refused(server, vms.get_vms, {"where": {"id_in": file}}, kind=ApiTypeError)


@pytest.mark.parametrize("empty", [collections.deque, set, lambda: iter([]), lambda: range(0)])
@pytest.mark.parametrize("name", ["AND", "NOT", "id_not_in"])
def test_an_empty_list_of_any_kind_says_nothing(server, vms, empty, name):
    refused(server, vms.delete_vm, {"where": {name: empty()}})


# ---- depth and text -------------------------------------------------------------------


def nested(depth, inner, step=lambda value: {"AND": [value]}):
    for _ in range(depth):
        inner = step(inner)
    return inner


def test_filters_nested_too_deeply(server, vms):
    vms.delete_vm({"where": nested(100, {"id": "a"})})
    vms.delete_vm({"where": nested(100, VmWhereInput(id="a"), lambda w: VmWhereInput(AND=[w]))})
    del server.requests[:]
    for depth in (101, 200, 400):
        text = refused(server, vms.delete_vm, {"where": nested(depth, {"id": "a"})})
        assert "VmApi.delete_vm was not sent" in text and "100 levels" in text
        assert "where.AND.0" in text and len(text) < 300
        refused(server, vms.delete_vm, {"where": nested(depth, {})}, _allow_all=True)


@pytest.mark.parametrize("depth", [3000, 100000])
def test_bodies_nested_too_deeply(server, vms, depth):
    where = nested(depth, {"id": "a"})
    text = refused(server, vms.delete_vm, {"where": where})
    assert "VmApi.delete_vm was not sent" in text and "where" in text and len(text) < 300
    where = nested(3000, VmWhereInput(id="a"), lambda w: VmWhereInput(AND=[w]))
    assert "where" in refused(server, vms.delete_vm, {"where": where})


def test_a_body_that_contains_itself(server, vms):
    where = {}
    where["AND"] = [where]
    assert "contains itself" in refused(server, vms.delete_vm, {"where": where})


def test_names_that_are_not_ascii(server, vms):
    for where in ({NAME: 1}, {"AND": [{NAME: 1}]}):
        with pytest.raises(ApiValueError) as caught:
            vms.start_vm({"where": where})
        text = str(caught.value)
        assert NAME.encode("utf-8") in (text if bytes is str else text.encode("utf-8"))
        assert NAME in type(NAME)(caught.value)
    with pytest.raises(ApiTypeError) as caught:
        vms.get_vms({NAME: [object()]})
    assert NAME in type(NAME)(caught.value) and "object" in str(caught.value)
    with pytest.raises(ApiTypeError) as caught:
        vms.get_vms({}, **{"_" + NAME if bytes is not str else "_x": 1})
    assert "unexpected keyword" in str(caught.value)
    refused(server, vms.delete_vm, ID, _allow_all=[NAME])
    if bytes is not str:
        assert NAME in refused(server, VmWhereInput, kind=ApiTypeError, **{NAME: 1})


# ---- when a body is settled -------------------------------------------------------------


class Gate(object):
    """Holds the only thread of a client's pool."""

    def __init__(self, client):
        self._open = threading.Event()
        self._held = client.pool.apply_async(self._open.wait, (30,))

    def open(self):
        self._open.set()
        self._held.get(30)


def clients(server):
    yield ApiClient(Configuration(host=server.url))
    yield ActivePassiveApiClient([server.url + "/v2/api"])


def active(request):
    from recording_server import Reply

    return Reply(200, [])


def test_what_was_checked_is_what_is_sent(server):
    server.handler = active
    for client in clients(server):
        with client:
            vms = VmApi(client)
            gate = Gate(client)
            where, body = {"id": "a"}, {"where": {"id": None}}
            calls = [vms.delete_vm({"where": where}, async_req=True)]
            where.clear()
            for name in "bcd":
                body["where"]["id"] = name
                calls.append(vms.delete_vm(body, async_req=True))
                calls.append(vms.get_vms(body, async_req=True))
            model = VmStartParams(where=VmWhereInput(id="e"))
            calls.append(vms.start_vm(model, async_req=True))
            model.where.id = None
            body["where"] = {}
            plain = {"a": 1}
            calls.append(client.call_api("/any", "POST", body=plain, async_req=True))
            plain.clear()
            gate.open()
            for call in calls:
                call.get(30)
        sent = [each.json() for each in server.requests if each.method == "POST"]
        ids = [each["where"]["id"] for each in sent[:-1]]
        assert ids == ["a", "b", "b", "c", "c", "d", "d", "e"] and sent[-1] == {"a": 1}
        del server.requests[:]


def test_a_form_is_read_before_the_call_returns(server):
    server.handler = active
    for client in clients(server):
        with client:
            gate = Gate(client)
            content, file = bytearray(b"first"), io.BytesIO(b"whole")
            images = ElfImageApi(client)
            call = images.create_elf_image(content, name="n", async_req=True)
            other = images.create_elf_image(file, async_req=True)
            third = client.call_api(
                "/any",
                "POST",
                post_params=[("a", ["b", "c"])],
                collection_formats={"a": "csv"},
                async_req=True,
            )
            content[:] = b"other"
            file.close()
            gate.open()
            for each in (call, other, third):
                each.get(30)
        bodies = [each.body for each in server.requests if each.method == "POST"]
        assert b"first" in bodies[0] and b'name="name"' in bodies[0] and b"whole" in bodies[1]
        assert b"b,c" in bodies[2]
        del server.requests[:]


def test_errors_of_a_body_are_raised_by_the_call_itself(server, vms):
    refused(server, vms.get_vms, {"a": object()}, async_req=True, kind=ApiTypeError)
    client = vms.api_client
    refused(
        server,
        client.call_api,
        "/any",
        "POST",
        body=[object()],
        async_req=True,
        kind=ApiTypeError,
    )


def test_call_api_takes_any_body(server, vms):
    client = vms.api_client
    for body in ({"where": {}}, [1], "x"):
        client.call_api("/delete-vm", "POST", body=body)
        assert server.last.json() == body
    client.call_api("/any", "POST", header_params={"Content-Type": "text/plain"}, body=b"\xff")
    assert server.last.body == b"\xff"
    encoded = codec.encode("text")
    header = {"Content-Type": "text/plain"}
    client.call_api("/any", "POST", header_params=header, body=encoded)
    assert server.last.body == b"text"
    client.call_api("/any", "GET", body=object(), async_req=True).get(30)
    assert server.last.body == b""


# ---- whoever overrides ------------------------------------------------------------------


def test_a_call_api_of_a_script_gets_the_body_of_the_caller(server):
    seen = []

    class Mine(ApiClient):
        def call_api(self, *args, **kwargs):
            seen.append(kwargs["body"])
            return super(Mine, self).call_api(*args, **kwargs)

    with Mine(Configuration(host=server.url)) as client:
        body = VmStartParams(where=VmWhereInput(id="a"))
        VmApi(client).start_vm(body)
        VmApi(client).get_vms(ID)
        assert seen == [body, ID] and seen[0] is body and seen[1] is ID
        assert [each.json() for each in server.requests] == [ID, ID]
        VmApi(client).start_vm({"where": {"AND": (each for each in [{"id": "a"}])}})
        assert server.last.json() == {"where": {"AND": [{"id": "a"}]}} == seen[-1]
        with pytest.raises(ApiValueError):
            VmApi(client).start_vm({"where": {}})
        assert len(seen) == 3


def test_a_request_of_a_script_gets_plain_values(server):
    seen = []

    class Mine(ApiClient):
        def request(self, *args, **kwargs):
            seen.append(kwargs["body"])
            return super(Mine, self).request(*args, **kwargs)

    with Mine(Configuration(host=server.url)) as client:
        VmApi(client).start_vm(VmStartParams(where=VmWhereInput(id="a")))
        assert seen == [ID] and server.last.json() == ID


def test_what_is_put_on_an_instance_or_wraps_its_own(server, vms):
    client, seen = vms.api_client, []

    def wrapper(function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            seen.append(kwargs["body"])
            return function(*args, **kwargs)

        return wrapped

    body = VmStartParams(where=VmWhereInput(id="a"))
    client.request = wrapper(client.request)
    vms.start_vm(body)
    client.call_api = wrapper(client.call_api)
    vms.start_vm(body)
    client.rest_client.request = wrapper(client.rest_client.request)
    vms.start_vm(body)
    assert seen == [ID, body, ID, body, ID, ID] and seen[1] is body
    assert [each.json() for each in server.requests] == [ID] * 3


@pytest.mark.skipif(mock is None, reason="no mock on 2.7")
def test_mocks_get_plain_values(vms):
    with mock.patch("cloudtower.rest.RESTClientObject.request") as request:
        request.return_value.status, request.return_value.data = 200, b"[]"
        request.return_value.getheader.return_value = None
        vms.start_vm(VmStartParams(where=VmWhereInput(id="a")))
    assert request.call_args[1]["body"] == ID
    with pytest.raises(ApiTypeError):
        vms.start_vm({"where": {"id": mock.Mock()}})
    with mock.patch.object(ApiClient, "call_api") as call_api:
        vms.start_vm(ID)
    assert call_api.call_args[1]["body"] is ID
    client = mock.Mock()
    VmApi(client).start_vm(ID)
    assert client.call_api.call_args[1]["body"] is ID
