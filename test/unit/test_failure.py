# -*- coding: utf-8 -*-
"""What a server says of a failure, in the text and the attributes of the exception."""

import json
import pickle
import time

import pytest

from cloudtower import (
    ApiClient,
    ApiException,
    Configuration,
    ContentLibraryImageApi,
    UserApi,
    VmApi,
)
from cloudtower._runtime import failure
from cloudtower.exceptions import ServiceException
from cloudtower.models import Task
from cloudtower.utils import TaskException, login, wait_task, wait_tasks

WHERE = {"where": {"id": "v1"}}
UNWRAP = u"Cannot unwrap Ok value of Result.Err.%scode: %s%smessage: %s"
INNER = {
    "data": {},
    "ec": "VM_CLOUD_INIT_CONFIG_ERROR",
    "error": {"msg": "[VM_CLOUD_INIT_CONFIG_ERROR]The gateway [..] is unreachable. "},
}
GATEWAY = "[VM_CLOUD_INIT_CONFIG_ERROR]The gateway [..] is unreachable."


@pytest.fixture
def client(server):
    client = ApiClient(Configuration(host=server.url + "/v2/api"))
    yield client
    client.close()


def refused(client, server, status, body, call=None):
    server.reply(status, body)
    with pytest.raises(ApiException) as caught:
        (call or VmApi(client).start_vm)(WHERE)
    return caught.value


def text(error):
    shown = str(error)
    return shown if str is not bytes else shown.decode("utf-8")


def said(value):
    """Text as this Python's `str`."""
    return value.encode("utf-8") if str is bytes and value is not None else value


# ---- code and message of a refusal ---------------------------------------------


@pytest.mark.parametrize(
    "body, code, message",
    [
        ({"code": "A_B", "message": "no"}, "A_B", "no"),
        ({"code": "A_B", "message": "C_D: no", "props": {"code": "E_F"}}, "A_B", "C_D: no"),
        ({"message": "C_D: no", "props": {"code": "E_F"}}, "E_F", "C_D: no"),
        ({"code": None, "message": "C_D: no", "props": None}, "C_D", "C_D: no"),
        ({"code": "", "message": "C_D: no", "props": {"code": ""}}, "C_D", "C_D: no"),
        ({"message": u"C_D：没有"}, "C_D", u"C_D：没有"),
        ({"message": u"虚拟机不存在"}, None, u"虚拟机不存在"),
        ({"message": "C_D"}, "C_D", "C_D"),
        ({"message": "[C_D] no"}, "C_D", "[C_D] no"),
        ({"message": "EAllocSpace: no room"}, "EAllocSpace", "EAllocSpace: no room"),
        ({"message": "EC_EAllocSpace : no room"}, "EC_EAllocSpace", "EC_EAllocSpace : no room"),
        ({"message": "FORBIDDEN: no"}, "FORBIDDEN", "FORBIDDEN: no"),
        ({"message": "Resource [VM-1] locked"}, None, "Resource [VM-1] locked"),
        ({"message": "Error: no"}, None, "Error: no"),
        ({"message": "TypeError: x is undefined"}, None, "TypeError: x is undefined"),
        ({"message": "not this C_D: no"}, None, "not this C_D: no"),
        ({"message": "https://x: no"}, None, "https://x: no"),
        ({"message": "HTTPS://x: no"}, None, "HTTPS://x: no"),
        ({"code": 401, "message": "no"}, "401", "no"),
        ({"code": True, "message": "no", "props": ["code"]}, None, "no"),
        ({"message": UNWRAP % ("\r\n", "X_Y", "\r\n", json.dumps(INNER))}, "X_Y", GATEWAY),
        ({"message": json.dumps(INNER)}, "VM_CLOUD_INIT_CONFIG_ERROR", GATEWAY),
        ({"error": {"code": "A_B", "message": "no"}}, "A_B", "no"),
        ({"status": 404, "error": "Not Found"}, None, "Not Found"),
        ({"message": None}, None, None),
        ({"message": ["no"]}, None, None),
        ({}, None, None),
        ([{"code": "A_B"}], None, None),
        (b"null", None, None),
        (b'"no"', None, "no"),
        (b"", None, None),
        (b"upstream timed out\n", None, "upstream timed out"),
        (b"<html><head><title>502 Bad Gateway</title></head><p>x", None, "502 Bad Gateway"),
        (b"<style>a{}</style><h1>Hi</h1><p>a &amp; b<script>x", None, "Hi a & b"),
        (b"<html></html>", None, None),
        (b"<p>" + b"word " * 1000, None, ("word " * 40)[:197] + "..."),
    ],
)
def test_code_and_message(server, client, body, code, message):
    error = refused(client, server, 400, body)
    assert error.code == code and error.message == said(message)
    assert isinstance(error.code, (str, type(None)))
    assert isinstance(error.message, (str, type(None)))
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.code, copied.message) == (error.code, error.message)


@pytest.mark.parametrize(
    "body",
    [
        b"<title" * 20000,
        b"<" * 100000,
        b"<script" * 20000,
        b"<title>" + b"a " * 50000,
        json.dumps({"message": "A" * 100000}).encode("ascii"),
        json.dumps({"message": "A_" * 50000}).encode("ascii"),
        json.dumps({"message": "code: " * 20000}).encode("ascii"),
        json.dumps({"message": "{" * 100000}).encode("ascii"),
        b'{"error":' * 90 + b"1" + b"}" * 90,
        b'{"error":' * 5000 + b"1" + b"}" * 5000,
    ],
)
def test_hostile_bodies_are_read_at_once(body):
    started = time.time()
    failure.of_body(body.decode("ascii"))
    failure.of_task(None, body.decode("ascii"))
    assert time.time() - started < 20


def test_what_nests_in_itself_ends():
    nested = "the end"
    for _ in range(12):
        nested = json.dumps({"message": nested})
    found = failure.of_body(nested)
    assert "the end" in found.message


def test_scripts_may_set_what_the_sdk_reads():
    class Mine(ApiException):
        def __init__(self):
            super(Mine, self).__init__(400, "no")
            self.code = self.message = self.error = self.request_id = "mine"

    assert Mine().code == Mine().message == Mine().error == Mine().request_id == "mine"


# ---- the text ------------------------------------------------------------------


def test_the_line_comes_after_the_reason(server, client):
    body = {"message": "no such vm", "code": "VM_NOT_FOUND", "path": "/start-vm", "status": 404}
    server.reply(404, body, headers={"X-Tower-Request-Id": "r-1"})
    with pytest.raises(ApiException) as caught:
        VmApi(client).start_vm(WHERE)
    lines = str(caught.value).split("\n")
    assert lines[0] == "(404)" and lines[1].startswith("Reason: ")
    assert lines[2] == (
        "VmApi.start_vm: POST %s/v2/api/start-vm: no such vm (VM_NOT_FOUND)" % server.url
    )
    assert lines[3].startswith("HTTP response headers: ")
    assert lines[4].startswith("HTTP response body: ")
    assert lines[5:] == ["Request id: r-1", ""]
    assert (caught.value.method, caught.value.url) == ("POST", server.url + "/v2/api/start-vm")


def test_a_code_in_the_sentence_is_not_said_twice(server, client):
    error = refused(client, server, 404, {"message": "VM_NOT_FOUND: no", "code": "VM_NOT_FOUND"})
    assert str(error).split("\n")[2].endswith("/start-vm: VM_NOT_FOUND: no")


def test_a_sentence_of_several_lines_is_one(server, client):
    error = refused(client, server, 400, {"message": "a\r\nb\tc \x1b[31m\x00d"})
    assert str(error).split("\n")[2].endswith("/start-vm: a b c  [31m d")


def test_no_secret_is_in_the_line(server, client):
    client.configuration.host = server.url.replace("//", "//me:pw-1@") + "/v2/api"
    body = {"message": 'failed: {"password": "pw-2", "msg": "no \\"token\\": \\"pw-3\\""}'}
    server.reply(400, body)
    with pytest.raises(ApiException) as caught:
        client.call_api("/x", "POST", query_params=[("token", "pw-4"), ("a", "pw-5")])
    assert "pw-" not in str(caught.value)
    assert caught.value.url == server.url + "/v2/api/x"


def test_a_password_that_comes_back_is_hidden(server, client):
    server.reply(400, {"message": "wrong password pw-secret for root"})
    with pytest.raises(ApiException) as caught:
        login(client, "root", "pw-secret")
    assert "pw-secret" not in str(caught.value) + caught.value.message


def test_text_beyond_ascii(server, client):
    error = refused(client, server, 400, {"message": u"虚拟机“一”不存在", "code": u"代码"})
    assert u"/start-vm: 虚拟机“一”不存在 (代码)\n" in text(error)
    assert text(pickle.loads(pickle.dumps(error))) == text(error)


@pytest.mark.parametrize("preload", [True, False])
@pytest.mark.parametrize("status", [304, 307, 400, 401, 403, 404, 409, 500, 503])
def test_every_error_names_its_request(server, client, status, preload):
    server.reply(status, {"message": "no"})
    with pytest.raises(ApiException) as caught:
        VmApi(client).start_vm(WHERE, _preload_content=preload)
    assert (caught.value.method, caught.value.url) == ("POST", server.url + "/v2/api/start-vm")
    assert "VmApi.start_vm: POST %s/v2/api/start-vm" % server.url in str(caught.value)


def test_async_calls_and_uploads_and_raw_requests_do_too(server, client):
    server.reply(400, {"message": "no"})
    url = server.url + "/v2/api"
    for call, operation, method, path in [
        (
            lambda: VmApi(client).start_vm(WHERE, async_req=True).get(),
            "VmApi.start_vm: ",
            "POST",
            "/start-vm",
        ),
        (
            lambda: ContentLibraryImageApi(client).create_content_library_image(
                bytearray(b"x"), "c"
            ),
            "ContentLibraryImageApi.create_content_library_image: ",
            "POST",
            "/upload-content-library-image",
        ),
        (lambda: client.request("GET", url + "/x?token=pw-1#f"), "", "GET", "/x"),
        (lambda: client.rest_client.GET(url + "/x?token=pw-1"), "", "GET", "/x"),
    ]:
        with pytest.raises(ApiException) as caught:
            call()
        line = "%s%s %s%s: no" % (operation, method, url, path)
        assert str(caught.value).split("\n")[2] == line
        assert "pw-1" not in str(caught.value).split("\n")[2]


def test_a_response_that_cannot_be_used_names_its_request(server, client):
    error = refused(client, server, 200, "<html>log in", VmApi(client).get_vms)
    assert (error.method, error.url) == ("POST", server.url + "/v2/api/get-vms")
    assert str(error).split("\n")[2] == (
        "VmApi.get_vms: POST %s/v2/api/get-vms: log in" % server.url
    )


def test_the_address_is_that_which_failed(server, client):
    from recording_server import Reply

    server.script([Reply(307, b"", {"Location": server.url + "/elsewhere?token=pw-1"})])
    error = refused(client, server, 400, {"message": "no"})
    assert error.url == server.url + "/elsewhere"


def test_a_network_failure_has_its_method_and_address(server, client):
    client.configuration.host = "http://127.0.0.1:1/v2/api"
    with pytest.raises(ApiException) as caught:
        VmApi(client).get_vms({})
    assert (caught.value.method, caught.value.url) == ("POST", "http://127.0.0.1:1/v2/api/get-vms")
    assert (caught.value.code, caught.value.message) == (None, None)
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (copied.method, copied.url) == (caught.value.method, caught.value.url)


def test_an_exception_made_by_hand_is_as_published():
    error = ApiException(400, "bad")
    assert (error.method, error.url, error.code, error.message) == (None, None, None, None)
    assert str(error) == "(400)\nReason: bad\n"


def test_old_pickles_load():
    old = ServiceException(500, "bad")
    never_made = ServiceException.__new__(ServiceException)
    never_made.__dict__.update(status=500, reason="bad", body=None, headers=None)
    assert (never_made.method, never_made.url) == (None, None)
    assert str(never_made) == "(500)\nReason: bad\n"
    for name in ("method", "url", "advice", "operation", "outcome"):
        old.__dict__.pop(name, None)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        error = pickle.loads(pickle.dumps(old, protocol))
        assert (error.method, error.url, error.operation) == (None, None, None)
        assert str(error) == "(500)\nReason: bad\n"


# ---- locks ---------------------------------------------------------------------


def test_a_lock_says_to_wait_for_the_task(server, client):
    body = {
        "code": "ResourceLocked",
        "message": "Resource [VM-v1] locked",
        "props": {"locked_resources": [{"id": "v1", "type": "VM"}]},
    }
    error = refused(client, server, 400, body)
    assert error.code == "ResourceLocked"
    shown = str(error).split("\n")
    assert shown[2].endswith("Resource [VM-v1] locked (ResourceLocked)")
    assert shown[3] == error.advice
    assert "VM v1 is locked by a task that is still running: wait for it" in shown[3]
    assert "wait_task" in shown[3] and '"resource_id_in": ["v1"]' in shown[3]


@pytest.mark.parametrize(
    "props, said",
    [
        (None, "The object is locked"),
        ({"locked_resources": None}, "The object is locked"),
        ({"locked_resources": [None, {"type": "VM"}, {"id": ["x"]}]}, "The object is locked"),
        (
            {"locked_resources": [{"id": "a"}, {"id": "b", "type": "VM_VOLUME"}]},
            "a, VM_VOLUME b are locked",
        ),
        ({"locked_resources": [{"id": "a", "task_id": "t1"}]}, "wait_tasks(['t1'], client)"),
        ({"task_id": "t2"}, "wait_tasks(['t2'], client)"),
        ({"locked_resources": [{"id": 'a"]}; rm'}]}, "The object is locked"),
    ],
)
@pytest.mark.parametrize("code", ["ResourceLocked", "JOB_RESOURCE_IS_LOCKED", "RESOURCE_LOCKED"])
def test_locks_of_other_shapes(server, client, props, said, code):
    for body in ({"code": code, "props": props}, {"message": code + ": no", "props": props}):
        error = refused(client, server, 400, body)
        assert said in error.advice and "try again" in error.advice


def test_a_locked_user_is_no_such_lock(server, client):
    body = {"code": "USER_LOCKED", "message": "USER_LOCKED: too many attempts"}
    server.reply(400, body)
    with pytest.raises(ApiException) as caught:
        UserApi(client).login({"username": "u", "password": "p", "source": "LOCAL"})
    assert caught.value.advice is None and caught.value.code == "USER_LOCKED"


# ---- failed tasks --------------------------------------------------------------


def task(id, status="FAILED", **fields):
    return dict(
        {
            "id": id,
            "status": status,
            "description": "Create a VM web-01",
            "resource_type": "Vm",
            "resource_id": "v1",
            "error_code": None,
            "error_message": None,
        },
        **fields
    )


def failed(client, server, *tasks):
    server.reply(200, list(tasks))
    with pytest.raises(TaskException) as caught:
        if len(tasks) == 1:
            wait_task(tasks[0]["id"], client, interval=0.01, timeout=10)
        else:
            wait_tasks([each["id"] for each in tasks], client, interval=0.01, timeout=10)
    return caught.value


@pytest.mark.parametrize(
    "error_code, error_message, code, message",
    [
        ("A_B", "no room", "A_B", "no room"),
        ("A_B", None, "A_B", None),
        (None, "C_D: no room", "C_D", "C_D: no room"),
        ("A_B", "C_D: no room", "A_B", "C_D: no room"),
        (None, u"空间不足", None, u"空间不足"),
        (None, None, None, None),
        ("", "", None, None),
        ("A_B", UNWRAP % ("\r\n", "X_Y", "\r\n", json.dumps(INNER)), "A_B", GATEWAY),
        (None, UNWRAP % (" ", "X_Y", " ", json.dumps(INNER)), "X_Y", GATEWAY),
        (None, UNWRAP % ("\n", "X_Y", "\n", "no room"), "X_Y", "no room"),
        (
            None,
            UNWRAP % ("\n", "X_Y", "\n", json.dumps({"error": {"msg": json.dumps(INNER)}})),
            "X_Y",
            GATEWAY,
        ),
        (None, json.dumps(INNER), "VM_CLOUD_INIT_CONFIG_ERROR", GATEWAY),
        (None, json.dumps(json.dumps(INNER)), None, json.dumps(json.dumps(INNER))),
        (
            None,
            UNWRAP % (" ", "X_Y", " ", json.dumps(INNER)[:60]),
            "X_Y",
            json.dumps(INNER)[:60].strip(),
        ),
        (None, u"失败: " + json.dumps({"ec": "X_Y", "msg": u"空间"}), "X_Y", u"失败: 空间"),
    ],
)
def test_code_and_message_of_a_task(server, client, error_code, error_message, code, message):
    error = failed(client, server, task("t1", error_code=error_code, error_message=error_message))
    assert error.status == 500
    assert (error.code, error.message) == (code, said(message))
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.code, copied.message, str(copied)) == (error.code, error.message, str(error))


def test_the_cause_is_said_apart_where_it_is_nested(server, client):
    nested = UNWRAP % ("\r\n", "X_Y", "\r\n", json.dumps(INNER))
    error = failed(client, server, task("t1", error_code="X_Y", error_message=nested))
    assert error.reason == "Task t1 failed: " + nested
    assert str(error).split("\n")[-2] == "Cause: %s (X_Y)" % GATEWAY


@pytest.mark.parametrize("message", ["A_B: no", "no", " no\n", u"没有"])
def test_a_cause_that_is_not_nested_is_not_said_twice(server, client, message):
    error = failed(client, server, task("t1", error_code="A_B", error_message=message))
    assert text(error) == u"(500)\nReason: Task t1 failed: %s\n" % message


def test_of_several_causes_each_has_its_task(server, client):
    nested = UNWRAP % ("\r\n", "X_Y", "\r\n", json.dumps(INNER))
    error = failed(client, server, task("t1", error_message=nested), task("t2", error_message="no"))
    assert str(error).endswith("\n\tt2: no\nCause of t1: %s (X_Y)\n" % GATEWAY)


def test_of_several_the_first_that_failed_has_the_code(server, client):
    error = failed(
        client,
        server,
        task("t2", error_code="A_B", error_message="two"),
        task("t1", error_code="C_D", error_message="one"),
        task("t3", "SUCCESSED"),
    )
    assert (error.code, error.message) == ("A_B", "two")
    assert sorted(error.tasks) == ["t1", "t2"]


def test_a_task_that_met_a_lock_says_to_wait(server, client):
    error = failed(
        client, server, task("t1", error_code="JOB_RESOURCE_IS_LOCKED", error_message="busy")
    )
    assert "wait for it with cloudtower.utils.wait_task" in str(error)


def test_objects_are_named_when_the_time_is_up(server, client):
    error = failed(
        client,
        server,
        task("t1", "EXECUTING", description=u"创建 web-01\n"),
        task("t2", "PENDING", resource_id=None, resource_type=None, description=None),
        task("t3", "PAUSED", resource_type="VmVolume", resource_id="d1", description=""),
    )
    assert error.status == 408
    assert error.reason == "Timeout while waiting for task finished"
    assert text(error).endswith(
        u"Not finished: t1 (EXECUTING, Vm v1, 创建 web-01), t2 (PENDING), t3 (PAUSED, VmVolume d1)\n"
    )
    assert (error.code, error.message) == (None, None)


def test_an_error_of_tasks_from_an_old_pickle():
    old = TaskException(500, "Task t1 failed: no", {"t1": Task(id="t1", status="FAILED")})
    for name in ("method", "url", "advice"):
        old.__dict__.pop(name, None)
    error = pickle.loads(pickle.dumps(old))
    assert (error.method, error.code, error.message) == (None, None, None)
    assert str(error) == "(500)\nReason: Task t1 failed: no\n"
