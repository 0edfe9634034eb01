# -*- coding: utf-8 -*-
"""What the published SDK lost of answers: the contract's section 8, decoding."""

import json
import os

import pytest
from recording_server import Reply

from cloudtower import ApiException, MetricsApi, VmApi
from cloudtower.exceptions import ServiceException


def vms(server, client, answer, status=200, headers=()):
    server.reply(status, answer, headers)
    return VmApi(client).get_vms({})


# ---- 8.3, 8.4 nothing of an answer is checked --------------------------------


def test_8_03_a_null_in_a_required_field_reads_none(server, client):
    server.reply(200, [{"task_id": "t1", "data": {"id": "v", "name": None, "cluster": None}}])
    (result,) = VmApi(client).start_vm({"where": {"id": "v"}})
    assert (result.task_id, result.data.id, result.data.name) == ("t1", "v", None)
    assert result.data.cluster is None
    assert result.data.to_dict()["name"] is None


def test_8_03_values_that_a_script_gives_are_checked_all_the_same(server, client):
    (vm,) = vms(server, client, [{"id": "v", "name": None}])
    with pytest.raises(ValueError):
        vm.name = None


def test_8_04_a_new_value_of_an_enumeration_reads_as_it_came(server, client):
    metric = {"__typename": "NewerMetric", "unit": "FURLONGS", "samples": []}
    server.reply(200, [{"task_id": None, "data": metric}])
    (result,) = MetricsApi(client).get_vm_metrics({"vms": {}, "metrics": ["m"], "range": "1h"})
    assert (result.data.typename, result.data.unit) == ("NewerMetric", "FURLONGS")
    (vm,) = vms(server, client, [{"status": "TELEPORTED"}])
    assert vm.status == "TELEPORTED"


# ---- 8.5 answers of another kind ---------------------------------------------


@pytest.mark.parametrize("body", ["<html>log in</html>", "{}", '"text"', "7", "true", "{"])
def test_8_05_an_answer_that_is_no_list_is_an_error(server, client, body):
    with pytest.raises(ApiException) as caught:
        vms(server, client, body)
    assert (caught.value.status, caught.value.body) == (200, body)
    assert caught.value.reason and caught.value.outcome == "unknown"


@pytest.mark.parametrize("body", ["<html>log in</html>", "[]", '"text"', "7"])
def test_8_05_an_answer_that_is_no_object_is_an_error(server, client, body):
    server.reply(200, body)
    with pytest.raises(ApiException) as caught:
        VmApi(client).get_vms_connection({})
    assert (caught.value.status, caught.value.body) == (200, body)


def test_8_05_empty_answers_and_null(server, client):
    assert vms(server, client, "") == []
    assert vms(server, client, "null") is None
    assert VmApi(client).get_vms_connection({}) is None
    server.reply(200, "")
    assert VmApi(client).get_vms_connection({}) is None


# ---- 8.6 octets that are no text ---------------------------------------------


def test_8_06_an_error_with_any_octets_is_the_error(server, client):
    server.reply(500, b"\xff\xfe broken")
    with pytest.raises(ServiceException) as caught:
        VmApi(client).get_vms({})
    assert isinstance(caught.value.body, str) and "broken" in caught.value.body
    assert "broken" in str(caught.value)


def test_8_06_an_unknown_charset_is_read_as_utf_8(server, client):
    body = json.dumps([{"name": "v\u00e9"}], ensure_ascii=True)
    headers = {"Content-Type": "application/json; charset=x-of-nobody"}
    (vm,) = vms(server, client, body, headers=headers)
    assert vm.name == json.loads(body)[0]["name"]


# ---- 8.7 values that do not convert ------------------------------------------


def test_8_07_numbers_stay_as_they_were_sent(server, client):
    (vm,) = vms(server, client, [{"vcpu": 5.7, "memory": 37145039556.9504, "size": 2.0}])
    assert (vm.vcpu, vm.memory) == (5.7, 37145039556.9504)


def test_8_07_text_of_truth_values(server, client):
    (vm,) = vms(server, client, [{"ha": "false", "internal": "true", "protected": "maybe"}])
    assert (vm.ha, vm.internal, vm.protected) == (False, True, None)
    assert dict(vm.additional_properties) == {"protected": "maybe"}


def test_8_07_what_does_not_convert_reads_none_and_is_kept(server, client):
    sent = {"name": {"a": 1}, "vcpu": "many", "cluster": "c1", "vm_nics": 7, "id": 5}
    (vm,) = vms(server, client, [sent])
    assert (vm.name, vm.vcpu, vm.cluster, vm.vm_nics, vm.id) == (None, None, None, None, "5")
    assert dict(vm.additional_properties) == dict(
        (name, value) for name, value in sent.items() if name != "id"
    )


# ---- 8.8 other successes -----------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 206])
def test_8_08_every_success_has_its_result(server, client, status):
    server.reply(status, [{"id": "v"}])
    result, code, _ = VmApi(client).get_vms_with_http_info({})
    assert (result[0].id, code) == ("v", status)


def test_8_08_nothing_is_no_result(server, client):
    server.reply(204, "")
    assert VmApi(client).get_vms({}) == []


# ---- 8.9, 8.10 what the published SDK kept to itself -------------------------


def test_8_09_members_that_are_unknown_are_reachable(server, client):
    (vm,) = vms(server, client, [{"id": "v", "newer": {"a": [1]}}])
    assert dict(vm.additional_properties) == {"newer": {"a": [1]}}
    assert "newer" not in vm.to_dict() and vm == type(vm)(id="v")
    assert vm.to_dict(additional_properties=True)["newer"] == {"a": [1]}
    with pytest.raises((AttributeError, TypeError)):
        vm.additional_properties = {}


def test_8_10_an_error_tells_what_the_server_told(server, client):
    body = {"code": "VM_NOT_FOUND", "message": "no such VM", "newer": 1}
    server.reply(404, body, {"x-tower-request-id": "r-9"})
    with pytest.raises(ApiException) as caught:
        VmApi(client).start_vm({"where": {"id": "v"}})
    error = caught.value
    assert (error.code, error.error.message) == ("VM_NOT_FOUND", "no such VM")
    assert (error.request_id, error.operation) == ("r-9", "VmApi.start_vm")
    lines = str(error).splitlines()
    assert lines[:2] == ["(404)", "Reason: Not Found"]
    assert lines[2] == "VmApi.start_vm: POST %s/v2/api/start-vm: no such VM (VM_NOT_FOUND)" % (
        server.url
    )
    assert lines[3].startswith("HTTP response headers: ")
    assert lines[4:] == ["HTTP response body: " + error.body, "Request id: r-9"]


def test_8_10_an_error_without_all_that(server, client):
    server.reply(502, "<html>")
    with pytest.raises(ApiException) as caught:
        VmApi(client).get_vms({})
    assert (caught.value.error, caught.value.code, caught.value.request_id) == (None,) * 3
    assert "Request id" not in str(caught.value)


# ---- 8.11 files --------------------------------------------------------------


@pytest.mark.parametrize(
    "disposition, name",
    [
        ("attachment; filename=../../x", "x"),
        ("attachment; filename=/etc/passwd", "passwd"),
        ('attachment; filename="a b.txt"', "a b.txt"),
        ("attachment; filename=..", None),
        ("attachment", None),
        (None, None),
    ],
)
def test_8_11_a_file_is_saved_in_its_folder(server, client, tmpdir, disposition, name):
    client.configuration.temp_folder_path = str(tmpdir)
    headers = {} if disposition is None else {"Content-Disposition": disposition}
    server.script([Reply(200, b"\x00data", headers)] * 2)
    paths = [
        client.call_api(
            "/file", "GET", response_types_map={200: "file"}, _return_http_data_only=True
        )
        for _ in range(2)
    ]
    assert len(set(paths)) == 2  # no file is written over
    for path in paths:
        assert os.path.dirname(path) == str(tmpdir)
        with open(path, "rb") as file:
            assert file.read() == b"\x00data"
    assert name is None or os.path.basename(paths[0]) == name
