# -*- coding: utf-8 -*-
"""What the published SDK let out that nobody meant: the contract's section 8, requests."""

import datetime
import decimal
import json
import uuid
import warnings

import pytest

from cloudtower import (
    NULL,
    ApiClient,
    ApiTypeError,
    ApiValueError,
    ClusterApi,
    Configuration,
    ElfImageApi,
    GetVmsRequestBody,
    InternalApi,
    SecurityGroupApi,
    VmApi,
    VmDeleteParams,
    VmUpdateParams,
    VmWhereInput,
)
from cloudtower.utils import wait_task


@pytest.fixture
def server(server):
    server.reply(200, [])
    return server


# ---- 8.1 keywords of models --------------------------------------------------


def test_8_01_a_misspelt_keyword_is_an_error_that_names_the_field():
    with pytest.raises(ApiTypeError) as caught:
        VmWhereInput(naem="x")
    for part in ("VmWhereInput", "naem", "'name'"):
        assert part in str(caught.value)
    assert isinstance(caught.value, TypeError)


def test_8_01_json_names_are_taken_as_keywords():
    where = VmWhereInput(AND=[VmWhereInput(name="a")])
    assert where == VmWhereInput(_and=[VmWhereInput(name="a")])
    body = GetVmsRequestBody(where=where, orderBy="name_ASC")
    assert body.order_by == "name_ASC"
    sent = ApiClient().sanitize_for_serialization(body)
    assert sent == {"orderBy": "name_ASC", "where": {"AND": [{"name": "a"}]}}


@pytest.mark.parametrize("how", ["class", "instance", "default"])
def test_8_01_the_check_can_be_made_a_warning(how, monkeypatch):
    keywords = {"naem": "x", "name": "y"}
    if how == "class":
        monkeypatch.setattr(Configuration, "strict_models", False)
    else:
        lenient = Configuration()
        lenient.strict_models = False
        if how == "instance":
            keywords["local_vars_configuration"] = lenient
        else:
            monkeypatch.setattr(Configuration, "_default", None)
            Configuration.set_default(lenient)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        where = VmWhereInput(**keywords)
    assert ["naem" in str(each.message) for each in caught] == [True]
    assert ApiClient().sanitize_for_serialization(where) == {"name": "y"}


# ---- 8.2 filters of changes --------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        VmDeleteParams(where=VmWhereInput()),
        VmDeleteParams(where=VmWhereInput(id=None)),
        VmDeleteParams(),
        {"where": {}},
        {"where": None},
        {},
        {"where": {"AND": []}},
        {"where": {"AND": [{}]}},
        {"where": {"NOT": []}},
        {"where": {"id_not_in": []}},
        {"where": {"name_contains": ""}},
        {"where": {"vm_disks_every": {}}},
        {"where": {"OR": [{"id": "v"}, {}]}},
        {"where": VmWhereInput(_and=[{"name_starts_with": ""}])},
    ],
)
def test_8_02_a_change_of_everything_is_not_sent(server, client, body):
    with pytest.raises(ApiValueError) as caught:
        VmApi(client).delete_vm(body)
    assert "VmApi.delete_vm" in str(caught.value) and "where" in str(caught.value)
    assert server.requests == []


@pytest.mark.parametrize(
    "where",
    [
        {"id": "v"},
        {"id_in": []},
        {"OR": []},
        {"name_contains": "", "id": "v"},
        VmWhereInput(id_in=["v"]),
    ],
)
def test_8_02_a_filter_that_selects_is_sent(server, client, where):
    VmApi(client).delete_vm({"where": where})
    assert server.last.json() == {"where": client.sanitize_for_serialization(where)}


@pytest.mark.parametrize("rule", [{}, {"label_groups": None}, {"label_groups": [{"id": "l"}]}])
def test_8_02_null_in_place_of_a_list_of_filters_is_no_filter(server, client, rule):
    body = dict(rule, name="n", everoute_cluster_id="e", vms={"id": "v"})
    server.reply(200, {"task_id": "t", "data": None})
    SecurityGroupApi(client).create_security_group(body)
    assert server.last.json() == body


def test_8_02_the_stop_can_be_lifted_for_one_call(server, client):
    VmApi(client).delete_vm(VmDeleteParams(where=VmWhereInput()), _allow_all=True)
    assert server.last.json() == {"where": {}}
    with pytest.raises(ApiValueError):
        VmApi(client).delete_vm({"where": {}})


def test_8_02_a_read_of_everything_is_sent(server, client):
    VmApi(client).get_vms(GetVmsRequestBody(where=VmWhereInput(id=None)))
    assert server.last.json() == {"where": {}}


def test_8_02_no_task_is_waited_for_where_there_is_no_id(server, client):
    assert wait_task(None, client) is None
    assert server.requests == []


def test_8_02_null_is_sent_where_it_is_meant(server, client):
    VmApi(client).get_vms(GetVmsRequestBody(where=VmWhereInput(host=NULL), first=None))
    assert server.last.json() == {"where": {"host": None}}
    with pytest.raises(ValueError):
        VmDeleteParams(where=NULL)


# ---- 8.22, 8.23 models as dicts, dicts as bodies -----------------------------


def test_8_22_to_dict_can_leave_out_what_is_not_set():
    where = VmWhereInput(id="v", _and=[VmWhereInput(name=None)])
    assert where.to_dict(True, exclude_none=True) == {"AND": [{}], "id": "v"}
    assert where.to_dict(exclude_none=True) == {"_and": [{}], "id": "v"}
    assert len(where.to_dict(True)) == len(VmWhereInput.openapi_types)


@pytest.mark.parametrize(
    "where, path, like",
    [
        ({"naem": "x"}, "where.naem", "name"),
        ({"_and": [{"id": "v"}]}, "where._and", None),
        ({"id": "v", "OR": [{"cluster": {"nmae": "c"}}]}, "where.OR.0.cluster.nmae", "name"),
    ],
)
def test_8_23_an_unknown_name_in_the_filter_of_a_change_is_an_error(
    server, client, where, path, like
):
    with pytest.raises(ApiValueError) as caught:
        VmApi(client).delete_vm({"where": where})
    assert "`%s`" % path in str(caught.value)
    assert like is None or "'%s'" % like in str(caught.value)
    assert server.requests == []


def test_8_23_other_dicts_are_sent_as_they_are(server, client):
    client.configuration.field_validation = "ignore"
    body = {"where": {"naem": "x"}, "order_by": "name_ASC"}
    VmApi(client).get_vms(body)
    assert server.last.json() == body


# ---- 8.17, 8.24, 8.29 headers and None ---------------------------------------


@pytest.mark.parametrize("name", ["content_language", "content-language", "Content-Language"])
def test_8_17_the_default_language_is_sent_under_its_name(server, client, name):
    client.set_default_header(name, "en-US")
    VmApi(client).get_vms({})
    assert server.last.header("content-language") == ["en-US"]
    assert server.last.header("content_language") == []


def test_8_17_the_language_of_a_call_goes_before_the_default(server, client):
    client.set_default_header("content_language", "en-US")
    VmApi(client).get_vms({}, content_language="zh-CN")
    assert server.last.header("content-language") == ["zh-CN"]


def test_8_24_none_stands_for_not_given(server, client):
    client.configuration.api_key = {"Authorization": None}
    client.set_default_header("x-none", None)
    taken = VmApi.__operations__["get_vms"].headers
    keywords = dict.fromkeys(each.name for each in taken)
    VmApi(client).get_vms(
        {}, _headers=None, _content_type=None, _request_timeout=None, _request_auth=None, **keywords
    )
    sent = server.last
    headers = [each.wire for each in taken]
    for name in headers + ["authorization", "x-none"]:
        assert sent.header(name) == []
    assert sent.header("content-type") == ["application/json"]
    server.reply(200, {"resources": []})
    InternalApi(client).get_resource_changes(limit=None, action="a")
    assert server.last.path.endswith("/resource-changes?action=a")


def test_8_24_a_form_field_of_none_is_left_out(server, client):
    ElfImageApi(client).create_elf_image(
        bytearray(b"content"), name="n", description=None, size="7"
    )
    assert b'name="size"' in server.last.body
    assert b"description" not in server.last.body


def test_8_29_names_of_headers_do_not_mind_case(server, client):
    client.configuration.api_key["Authorization"] = "token"
    client.set_default_header("X-One", "default")
    client.set_default_header("authorization", "default")
    VmApi(client).get_vms({}, _headers={"x-one": "call", "CONTENT-TYPE": "application/json"})
    assert server.last.header("x-one") == ["call"]
    assert server.last.header("authorization") == ["token"]
    assert server.last.header("content-type") == ["application/json"]


# ---- 8.16 files --------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", "bytearray", "object"])
def test_8_16_files_are_taken_in_all_forms(server, client, tmpdir, kind):
    path = tmpdir.join("disk.iso")
    path.write_binary(b"\x00content\xff")
    stream = open(str(path), "rb")
    file = {"text": str(path), "bytearray": bytearray(b"\x00content\xff"), "object": stream}[kind]
    ElfImageApi(client).create_elf_image(file, name="n")
    stream.close()
    assert b"\r\n\r\n\x00content\xff\r\n" in server.last.body
    if kind != "bytearray":
        assert b'filename="disk.iso"' in server.last.body


# ---- 8.33 values in bodies ---------------------------------------------------


def test_8_33_values_with_a_meaning_in_json_are_converted(server, client):
    client.configuration.field_validation = "ignore"
    number = uuid.UUID(int=7)
    body = {
        "tuple": (1, 2),
        "set": {3},
        "frozen": frozenset([4]),
        "generator": (each for each in "ab"),
        "range": range(2),
        "uuid": number,
        "decimal": [decimal.Decimal("2"), decimal.Decimal("2.5")],
        "day": datetime.date(2024, 5, 6),
        "time": datetime.time(7, 8),
    }
    VmApi(client).get_vms(body)
    assert server.last.json() == {
        "tuple": [1, 2],
        "set": [3],
        "frozen": [4],
        "generator": ["a", "b"],
        "range": [0, 1],
        "uuid": str(number),
        "decimal": [2, 2.5],
        "day": "2024-05-06",
        "time": "07:08:00",
    }


def test_8_33_enums_and_paths_are_converted(server, client):
    client.configuration.field_validation = "ignore"
    enum = pytest.importorskip("enum")
    pathlib = pytest.importorskip("pathlib")
    colour = enum.Enum("Colour", {"RED": "red"})
    VmApi(client).get_vms({"enum": colour.RED, "path": pathlib.PurePosixPath("/a/b")})
    assert server.last.json() == {"enum": "red", "path": "/a/b"}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_8_33_what_is_no_number_in_json_is_an_error_with_its_path(server, client, number):
    with pytest.raises(ApiValueError) as caught:
        VmApi(client).get_vms({"a": [0, {"b": number}]})
    assert "['a'][1]['b']" in str(caught.value)
    assert server.requests == []


def test_8_33_what_has_no_json_form_is_an_error_with_its_path(server, client):
    with pytest.raises(ApiTypeError) as caught:
        VmApi(client).update_vm(VmUpdateParams(where={"id": "v"}, data={"name": object()}))
    assert "['data']['name']" in str(caught.value) and "object" in str(caught.value)
    assert server.requests == []


def test_8_33_the_body_of_the_caller_is_not_changed(client):
    client.configuration.field_validation = "ignore"
    body = {"where": {"id_in": ("a", "b")}, "data": VmWhereInput(id="v")}
    before = json.dumps(client.sanitize_for_serialization(body), sort_keys=True)
    ClusterApi(client).get_clusters(body)
    assert body["where"] == {"id_in": ("a", "b")} and body["data"] == VmWhereInput(id="v")
    assert json.dumps(client.sanitize_for_serialization(body), sort_keys=True) == before
