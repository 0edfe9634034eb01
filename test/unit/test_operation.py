"""Calls of `*Api` classes, over real sockets."""

import inspect
import json
import pydoc
import threading

import pytest

import cloudtower
from cloudtower import (
    AlertNotifierApi,
    ApiClient,
    ApiInfoApi,
    ApiTypeError,
    ApiValueError,
    Configuration,
    ContentLibraryImageApi,
    DatacenterApi,
    GetVmsRequestBody,
    InternalApi,
    LabelApi,
    LogCollectionApi,
    MetricsApi,
    NtpApi,
    NULL,
    OvfApi,
    UsbDeviceApi,
    UserApi,
    VmApi,
    VmRemoveNicByWhereParams,
    VmRemoveNicByWhereParamsEffect,
    VmStartParams,
    VmWhereInput,
)
from cloudtower._runtime import codec, datatypes


@pytest.fixture
def server(server):
    server.reply(200, [])
    return server


@pytest.fixture
def client(server):
    configuration = Configuration(host=server.url, api_key={"Authorization": "tok"})
    with ApiClient(configuration) as client:
        yield client


@pytest.fixture
def vms(client):
    return VmApi(client)


def operations():
    catalog = cloudtower.api.catalog
    for name in sorted(catalog.homes):
        cls = catalog.load(name)
        for row in cls.__operations__.values():
            yield cls, row


# ---- what a function looks like ------------------------------------------


def test_operations_are_functions_of_the_class():
    for function in (VmApi.start_vm, VmApi.start_vm_with_http_info):
        assert callable(function) and function.__module__ == "cloudtower.api.vm_api"
    assert VmApi.start_vm.__name__ == "start_vm"
    assert VmApi.start_vm_with_http_info.__name__ == "start_vm_with_http_info"
    assert getattr(VmApi.start_vm, "__qualname__", "VmApi.start_vm") == "VmApi.start_vm"
    assert "start_vm" in dir(VmApi) and "start_vm_with_http_info" in dir(VmApi(object()))


@pytest.mark.parametrize("first", ["start_vm", "start_vm_with_http_info"])
def test_either_of_the_two_may_be_touched_first(server, client, first):
    class Fresh(VmApi):
        start_vm = type(DatacenterApi.__operations__["create_datacenter"])(
            "/start-vm", "list[WithTaskVm]", body=("vm_start_params", "VmStartParams")
        )

    api = Fresh(client)
    getattr(api, first)({"where": {"id": "a"}})
    assert api.start_vm({"where": {"id": "a"}}) == []
    assert api.start_vm_with_http_info({"where": {"id": "a"}})[1] == 200
    assert [request.path for request in server.requests] == ["/start-vm"] * 3


def parameters(function):
    if hasattr(inspect, "signature"):
        found = inspect.signature(function).parameters.values()
        return [each.name for each in found if each.kind is each.POSITIONAL_OR_KEYWORD]
    return inspect.getargspec(function).args


@pytest.mark.parametrize(
    "function, expected",
    [
        (lambda: VmApi.start_vm, ["self", "vm_start_params"]),
        (lambda: VmApi.start_vm_with_http_info, ["self", "vm_start_params"]),
        (lambda: OvfApi.parse_ovf, ["self", "file", "cluster_id"]),
        (lambda: ContentLibraryImageApi.create_content_library_image, ["self", "file", "clusters"]),
        (lambda: LabelApi.remove_labels_from_resources, ["self", "body"]),
        (lambda: UserApi.get_my_info, ["self"]),
        (lambda: ApiInfoApi.get_api_version, ["self"]),
    ],
)
def test_positional_parameters(function, expected):
    assert parameters(function()) == expected


@pytest.mark.skipif(not hasattr(inspect, "signature"), reason="no signatures")
def test_signature_has_every_keyword():
    found = inspect.signature(VmApi.start_vm).parameters
    assert list(found) == [
        "self",
        "vm_start_params",
    ] + sorted(headers_of("start_vm")) + [
        "async_req",
        "_preload_content",
        "_request_timeout",
        "_request_auth",
        "_headers",
        "_content_type",
        "_allow_all",
        "_expect_matches",
        "_retry",
        "_lock_timeout",
    ]
    assert found["_preload_content"].default is True and found["async_req"].default is False
    of_writes = {"_allow_all", "_expect_matches", "_lock_timeout"}
    assert not of_writes & set(inspect.signature(VmApi.get_vms).parameters)
    assert str(found["_retry"]) == "_retry=<configured>"  # None is a value of its own
    assert "_content_type" not in inspect.signature(ApiInfoApi.get_api_version).parameters
    changes = inspect.signature(InternalApi.get_resource_changes).parameters
    assert {"action", "resource_type", "resource_id", "start_revision", "limit"} <= set(changes)


def test_docstrings_tell_what_is_sent_and_returned():
    text = VmApi.start_vm.__doc__
    assert "POST /start-vm, since CloudTower 1.8.0." in text
    assert "vm_start_params: VmStartParams" in text and "required" in text
    assert "Returns list[WithTaskVm]." in text and "400, 404, 500" in text
    assert "_allow_all" in text and "_allow_all" not in VmApi.get_vms.__doc__
    assert "(list[WithTaskVm], status, headers)" in VmApi.start_vm_with_http_info.__doc__
    assert "POST /start-vm" in pydoc.render_doc(VmApi.start_vm)


def test_every_operation_has_a_function_and_a_docstring():
    count = 0
    for cls, row in operations():
        for name in (row.name, row.name + "_with_http_info"):
            function = getattr(cls, name)
            assert function.__name__ == name
            assert "%s %s" % (row.method, row.path) in function.__doc__, name
        assert row.doc.endswith(".") and row.since
        count += 1
    assert count > 500


def test_unknown_operation_is_an_attribute_error(vms):
    with pytest.raises(AttributeError):
        vms.start_vmm


# ---- arguments -----------------------------------------------------------


@pytest.mark.parametrize("suffix", ["", "_with_http_info"])
def test_unknown_keyword(server, vms, suffix):
    with pytest.raises(ApiTypeError) as caught:
        getattr(vms, "start_vm" + suffix)({"where": {"id": "a"}}, content_langauge="en-US")
    text = str(caught.value)
    assert "'content_langauge'" in text and "start_vm" in text
    assert "did you mean 'content_language'" in text
    assert server.requests == []


def test_no_host_of_one_call(vms):
    with pytest.raises(ApiTypeError):
        vms.get_vms({}, _host="http://other")


def test_required_parameter_left_out_is_a_type_error(vms):
    with pytest.raises(TypeError):
        vms.start_vm()
    with pytest.raises(TypeError):
        vms.start_vm({"where": {"id": "a"}}, {})


@pytest.mark.parametrize(
    "api, name, arguments, missing",
    [
        (VmApi, "start_vm", (None,), "vm_start_params"),
        (VmApi, "get_vms", (None,), "get_vms_request_body"),
        (OvfApi, "parse_ovf", (None, "c"), "file"),
        (OvfApi, "parse_ovf", (b"x", None), "cluster_id"),
    ],
)
def test_required_parameter_that_is_none(server, client, api, name, arguments, missing):
    with pytest.raises(ApiValueError) as caught:
        getattr(api(client), name)(*arguments)
    assert "`%s`" % missing in str(caught.value) and "`%s`" % name in str(caught.value)
    assert server.requests == []


def test_required_parameter_by_keyword(server, vms):
    vms.start_vm(vm_start_params={"where": {"id": "a"}})
    assert server.last.json() == {"where": {"id": "a"}}


def test_validation_off_sends_an_empty_body(server, client):
    client.client_side_validation = False
    VmApi(client).get_vms(None)
    assert server.last.body == b""


@pytest.mark.parametrize("limit, sent", [(1, "1"), (1000, "1000"), (None, None)])
def test_query_within_limits(server, client, limit, sent):
    server.reply(200, {})
    InternalApi(client).get_resource_changes(action="create", limit=limit, resource_type=None)
    expected = "/resource-changes?action=create" + ("&limit=" + sent if sent else "")
    assert server.last.path == expected and server.last.method == "GET"


@pytest.mark.parametrize("limit", [0, 1001, -1])
def test_query_outside_of_limits(server, client, limit):
    with pytest.raises(ApiValueError) as caught:
        InternalApi(client).get_resource_changes(limit=limit)
    assert "`limit`" in str(caught.value) and server.requests == []


def headers_of(name):
    """{keyword: header} of an operation; a release may bring or remove one."""
    return dict((each.name, each.wire) for each in VmApi.__operations__[name].headers)


def test_headers_of_one_call(server, vms):
    values = dict((keyword, "zh-CN") for keyword in headers_of("get_vms"))
    vms.get_vms({}, _headers={"X-A": "b"}, **values)
    assert server.last.header("x-a") == ["b"]
    for wire in headers_of("get_vms").values():
        assert server.last.header(wire) == ["zh-CN"]


def test_none_is_not_given(server, vms):
    vms.get_vms({}, _headers=None, **dict.fromkeys(headers_of("get_vms")))
    for wire in headers_of("get_vms").values():
        assert server.last.header(wire) == []
    vms.get_vms({}, _content_type=None, _request_auth=None, _request_timeout=None)
    assert server.last.header("content-type") == ["application/json"]


def test_some_operations_take_fewer_headers(client):
    with pytest.raises(ApiTypeError):
        MetricsApi(client).get_vm_metrics({}, content_language="en-US")


def test_headers_of_the_caller_are_not_changed(vms):
    given = {"X-A": "b"}
    vms.get_vms({}, content_language="en-US", _content_type="application/json", _headers=given)
    assert given == {"X-A": "b"}


def test_authentication(server, client):
    client.configuration.username, client.configuration.password = "u", "p"
    VmApi(client).get_vms({})
    assert server.last.header("authorization") == ["tok"]
    server.reply(200, {})
    InternalApi(client).get_resource_changes()
    assert server.last.header("authorization") == ["Basic dTpw"]
    UserApi(client).login({"username": "u", "password": "p"})
    assert server.last.header("authorization") == []


def test_results(server, vms):
    server.reply(200, [{"task_id": "t", "data": {"id": "a"}}], {"X-Tower-Request-Id": "r"})
    (result,) = vms.start_vm({"where": {"id": "a"}}, _return_http_data_only=False)
    assert (result.task_id, result.data.id) == ("t", "a")
    data, status, headers = vms.start_vm_with_http_info({"where": {"id": "a"}})
    assert data == [result] and status == 200 and headers["x-tower-request-id"] == "r"
    only = vms.start_vm_with_http_info({"where": {"id": "a"}}, _return_http_data_only=True)
    assert only == [result]


def test_async_call(server, vms):
    server.reply(200, [{"id": "a"}])
    waiting = vms.get_vms({}, async_req=True)
    assert [each.id for each in waiting.get(30)] == ["a"] and waiting.successful()
    with pytest.raises(ApiTypeError):
        vms.get_vms({}, async_req=True, nonsense=1)
    with pytest.raises(ApiValueError):
        vms.start_vm({"where": {}}, async_req=True)


def test_operation_without_a_body(server, client):
    server.reply(200, {"id": "u"})
    assert UserApi(client).get_my_info().id == "u"
    assert (server.last.method, server.last.body) == ("POST", b"")
    NtpApi(client).get_ntp_service_url()
    assert server.last.path == "/get-ntp-service-url"


def test_each_instance_has_a_client_of_its_own():
    first, second = VmApi(), VmApi()
    assert first.api_client is not second.api_client
    assert isinstance(first.api_client, ApiClient)


# ---- aliases -------------------------------------------------------------


@pytest.mark.parametrize(
    "api, alias, path",
    [
        (VmApi, "mig_rate_vm", "/migrate-vm"),
        (VmApi, "force_shut_down_vm", "/poweroff-vm"),
        (UsbDeviceApi, "get_usb_devices_0", "/get-usb-devices"),
        (UsbDeviceApi, "get_usb_devices", "/get-usb-devices"),
    ],
)
def test_second_names(server, client, api, alias, path):
    for name in (alias, alias + "_with_http_info"):
        getattr(api(client), name)({"where": {"id": "a"}})
        assert server.last.path == path
        assert getattr(api, name).__name__ == name


# ---- the guard of writes -------------------------------------------------

REFUSED = [
    ({"where": {}}, "`where` matches every"),
    ({}, "`where` is required and missing"),
    ({"where": None}, "`where` matches every"),
    ({"where": {"AND": []}}, "`where` matches every"),
    ({"where": {"NOT": [{}]}}, "`where` matches every"),
    ({"where": {"OR": [{"id": "a"}, {}]}}, "`where` matches every"),
    ({"where": {"id_not_in": []}}, "`where` matches every"),
    ({"where": {"name_contains": ""}}, "`where` matches every"),
    ({"where": {"id_not": None}}, "`where` matches every"),
    ({"where": {"vm_disks_every": {}}}, "`where` matches every"),
    ({"where": {"vm_disks_none": {"OR": []}}}, "`where` matches every"),
    ({"where": {"naem": "x"}}, "`where.naem` is unknown; did you mean 'name'"),
    ({"where": {"_and": [{"id": "a"}]}}, "`where._and` is unknown; did you mean 'AND'"),
    ({"where": {"id": "a", "AND": [{"naem": "x"}]}}, "`where.AND.0.naem` is unknown"),
    ({"where": "a"}, "`where` must be a filter"),
    (VmStartParams(), "`where` is required and missing"),
    (VmStartParams(where=VmWhereInput()), "`where` matches every"),
    (VmStartParams(where=VmWhereInput(id=None)), "`where` matches every"),
    (VmStartParams(where=VmWhereInput(_and=[VmWhereInput(id=None)])), "`where` matches every"),
    (VmStartParams(where=VmWhereInput(id_not=NULL)), "`where` matches every"),
    (VmStartParams(where={"naem": "x"}), "`where.naem` is unknown"),
    ({"where": VmWhereInput(id=None)}, "`where` matches every"),
    ([{"where": {}}], "matches every"),
    (iter([{"where": {}}]), "matches every"),
    ({"where": {"AND": (each for each in [])}}, "`where` matches every"),
    ({"where": {"id_not_in": iter([])}}, "`where` matches every"),
]


@pytest.mark.parametrize("body, text", REFUSED)
def test_a_write_is_not_sent(server, vms, body, text):
    with pytest.raises(ApiValueError) as caught:
        vms.delete_vm(body)
    assert text in str(caught.value)
    assert "VmApi.delete_vm was not sent" in str(caught.value)
    widens = "matches every" in text or "missing" in text
    assert ("(pass _allow_all=True to send it anyway)" in str(caught.value)) is widens
    assert server.requests == []


@pytest.mark.parametrize("body, text", [row for row in REFUSED if not hasattr(row[0], "__next__")])
def test_what_is_sent_where_all_is_allowed(server, vms, body, text):
    if "matches every" in text or "missing" in text:
        vms.delete_vm(body, _allow_all=True)
        assert server.last.path == "/delete-vm"
    else:
        with pytest.raises(ApiValueError):
            vms.delete_vm(body, _allow_all=True)
        assert server.requests == []


@pytest.mark.parametrize(
    "body",
    [
        {"where": {"id": "a"}},
        {"where": {"id_in": []}},
        {"where": {"OR": []}},
        {"where": {"host": None}},
        {"where": {"NOT": [{"host": None}]}},
        {"where": {"labels_none": {}}},
        {"where": {"id": "a"}, "extra": 1},
        VmStartParams(where=VmWhereInput(id="a", name=None)),
        VmStartParams(where=VmWhereInput(host=NULL)),
    ],
)
def test_a_write_with_a_filter_that_selects_is_sent(server, vms, body):
    vms.api_client.configuration.field_validation = "ignore"
    vms.delete_vm(body)
    assert server.last.json() == codec.sanitize(body)


@pytest.mark.parametrize("once", [iter, lambda values: (each for each in values)])
def test_what_can_be_read_once_is_sent_after_the_check(server, vms, once):
    vms.delete_vm({"where": {"id_in": once(["a", "b"])}})
    assert server.last.json() == {"where": {"id_in": ["a", "b"]}}
    DatacenterApi(vms.api_client).create_datacenter(once([{"name": "d"}]))
    assert server.last.json() == [{"name": "d"}]


@pytest.mark.parametrize(
    "body, text",
    [
        ([{"name": "d", "clusters": {}}], "`0.clusters` matches every"),
        ([{"name": "d"}, {"name": "e", "clusters": {"idd": "a"}}], "`1.clusters.idd` is unknown"),
        ({"name": "d", "clusters": {}}, "`clusters` matches every"),
        (({"clusters": {"AND": []}},), "`0.clusters` matches every"),
    ],
)
def test_filters_in_a_list_body(server, client, body, text):
    with pytest.raises(ApiValueError) as caught:
        DatacenterApi(client).create_datacenter(body)
    assert text in str(caught.value) and server.requests == []


@pytest.mark.parametrize("body", [[{"name": "d"}], [{"name": "d", "clusters": {"id": "a"}}], []])
def test_an_optional_filter_may_be_left_out(server, client, body):
    DatacenterApi(client).create_datacenter(body)
    assert server.last.json() == body


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"where": {}},
        {"where": {"naem": "x"}},
        {"where": None},
        GetVmsRequestBody(),
        GetVmsRequestBody(where=VmWhereInput(id=None)),
    ],
)
def test_reads_are_not_guarded(server, vms, body):
    vms.api_client.configuration.field_validation = "ignore"
    vms.get_vms(body)
    server.reply(200, {})
    vms.get_vms_connection(body)
    assert len(server.requests) == 2


def test_allow_all_changes_nothing_for_reads(server, vms):
    vms.get_vms({"where": {}}, _allow_all=True)
    assert server.last.json() == {"where": {}}


@pytest.mark.parametrize(
    "api, name, body",
    [
        (AlertNotifierApi, "create_alert_notifier", [{"clusters": {}}]),
        (AlertNotifierApi, "update_alert_notifier", {"id": "a", "clusters": {}}),
        (LogCollectionApi, "create_log_collection", [{"hosts": {}}]),
        (VmApi, "remove_vm_nic_by_where", {"where": {}, "effect": {"vm_ids": ["a"]}}),
        (VmApi, "remove_vm_nic_by_where", {"effect": {"vm_ids": ["a"]}}),
        (
            VmApi,
            "remove_vm_nic_by_where",
            VmRemoveNicByWhereParams(effect=VmRemoveNicByWhereParamsEffect(vm_ids=["a"])),
        ),
    ],
)
def test_open_filters_of_the_overlay_are_sent(server, client, api, name, body):
    server.reply(200, {} if name == "update_alert_notifier" else [])
    getattr(api(client), name)(body)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "api, name, body, text",
    [
        (AlertNotifierApi, "create_alert_notifier", [{"clusters": {"idd": 1}}], "0.clusters.idd"),
        (VmApi, "remove_vm_nic_by_where", {"where": {}}, "where"),
        (VmApi, "remove_vm_nic_by_where", {"where": {}, "effect": {}}, "where"),
        (VmApi, "remove_vm_nic_by_where", {"where": {}, "effect": {"vm_ids": []}}, "where"),
        (VmApi, "remove_vm_nic_by_where", {"where": {}, "effect": None}, "where"),
        (
            VmApi,
            "remove_vm_nic_by_where",
            {"where": {"x": 1}, "effect": {"vm_ids": ["a"]}},
            "where.x",
        ),
    ],
)
def test_open_filters_of_the_overlay_are_open_in_their_place_only(
    server, client, api, name, body, text
):
    with pytest.raises(ApiValueError) as caught:
        getattr(api(client), name)(body)
    assert "`%s`" % text in str(caught.value) and server.requests == []


def test_which_filters_may_be_open():
    found = dict(((cls, row.name), row.allow_all) for cls, row in operations() if row.allow_all)
    assert found == {
        (AlertNotifierApi, "create_alert_notifier"): {"clusters": True},
        (AlertNotifierApi, "update_alert_notifier"): {"clusters": True},
        (LogCollectionApi, "create_log_collection"): {"hosts": True},
        (VmApi, "remove_vm_nic_by_where"): {"where": "effect.vm_ids"},
    }


def test_reads_are_those_that_change_nothing():
    for _, row in operations():
        looks = row.path.startswith("/get-") or row.path.endswith("-precheck-result")
        looks = looks or row.path in ("/parse-ovf", "/export-csv", "/download_nvram")
        assert row.read == (looks or row.path == "/resource-changes"), row.path


@pytest.mark.parametrize("name", ["delete_vm", "delete_vm_with_http_info"])
def test_every_write_with_a_filter_is_guarded(server, client, name):
    """An empty filter, or none, in each required place of each write."""
    seen = 0
    for cls, row in operations():
        if row.read or not row.body or row.body.type.startswith("list["):
            continue
        fields = datatypes.parse(row.body.type).target.__schema__.fields
        if any(each.required and each.type.is_filter for each in fields):
            if row.allow_all:
                continue
            seen += 1
            for body in ({}, {"where": {}}):
                with pytest.raises(ApiValueError):
                    getattr(cls(client), row.name + name[len("delete_vm") :])(body)
    assert server.requests == [] and seen > 100


def test_threads_that_call_an_operation_for_the_first_time_at_once(server, client):
    class Fresh(VmApi):
        start_vm = type(VmApi.__operations__["start_vm"])(
            "/start-vm", "list[WithTaskVm]", body=("vm_start_params", "VmStartParams")
        )

    failed = []

    def touch():
        try:
            Fresh(client).start_vm({"where": {"id": "a"}})
        except Exception as error:
            failed.append(repr(error))

    threads = [threading.Thread(target=touch) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == [] and len(server.requests) == 8


def test_a_body_is_not_changed(vms):
    body = {"where": {"id_in": ["a"], "AND": [{"name": "x"}]}}
    before = json.dumps(body, sort_keys=True)
    vms.delete_vm(body)
    assert json.dumps(body, sort_keys=True) == before


@pytest.mark.parametrize("body", [{"name": "d"}, [5], "text"])
def test_the_kind_of_a_body_is_not_checked(server, client, body):
    DatacenterApi(client).create_datacenter(body)
    assert server.last.json() == body
