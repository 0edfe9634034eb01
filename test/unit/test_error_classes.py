# -*- coding: utf-8 -*-
"""The classes of errors that scripts tell apart."""

import copy
import json
import pickle

import pytest

import cloudtower
from cloudtower import (
    ApiClient,
    ApiException,
    Configuration,
    LoginRefused,
    RateLimited,
    ResourceLocked,
    RetryPolicy,
    TaskException,
    TaskFailed,
    TaskTimeout,
    UserApi,
    VmApi,
    exceptions,
    utils,
)
from cloudtower.exceptions import (
    ForbiddenException,
    NotFoundException,
    ServiceException,
    UnauthorizedException,
)
from cloudtower.models import Task
from cloudtower.utils import login, wait_task, wait_tasks

WHERE = {"where": {"id": "v1"}}
LOGIN = {"username": "root", "password": "hunter2"}
LOCKED = {
    "code": "ResourceLocked",
    "message": "Resource [VM-v1] locked",
    "path": "/start-vm",
    "status": 400,
    "props": {"locked_resources": [{"id": "v1", "type": "VM"}, {"id": "d1", "type": "VM_VOLUME"}]},
}


@pytest.fixture
def client(server):
    configuration = Configuration(host=server.url + "/v2/api")
    configuration.retry_policy = None
    client = ApiClient(configuration)
    yield client
    client.close()


def raised(server, call, *reply, **more):
    server.reply(*reply, **more)
    with pytest.raises(ApiException) as caught:
        call()
    return caught.value


def travels(error):
    """Whether the error is the same after a journey to another process, and as a copy."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        other = pickle.loads(pickle.dumps(error, protocol))
        assert type(other) is type(error)
        assert str(other) == str(error) and other.outcome == error.outcome
        assert other.args == error.args
    assert type(copy.copy(error)) is type(copy.deepcopy(error)) is type(error)
    return True


# ---- where they are ------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["LoginRefused", "RateLimited", "ResourceLocked", "TaskException", "TaskFailed", "TaskTimeout"],
)
def test_a_class_is_at_the_root_and_in_exceptions(name):
    assert getattr(cloudtower, name) is getattr(exceptions, name)
    assert issubclass(getattr(exceptions, name), ApiException)


def test_the_error_of_tasks_is_one_class():
    assert TaskException is utils.TaskException is utils.task_failure.TaskException


# ---- too many requests ---------------------------------------------------------


@pytest.mark.parametrize("header, seconds", [({"Retry-After": "7"}, 7), ({}, None)])
def test_429(server, client, header, seconds):
    error = raised(server, lambda: VmApi(client).start_vm(WHERE), 429, "slow", headers=header)
    assert type(error) is RateLimited
    assert error.retry_after == seconds
    assert (error.retryable, error.outcome) == (True, "refused")
    assert travels(error)


def test_429_of_a_login_refuses_nobody(server, client):
    error = raised(
        server, lambda: UserApi(client).login(LOGIN), 429, {"message": "LOGIN_FAILED: x"}
    )
    assert type(error) is RateLimited


# ---- locks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "status, base",
    [
        (400, ApiException),
        (403, ForbiddenException),
        (404, NotFoundException),
        (409, ApiException),
        (423, ApiException),
        (500, ServiceException),
        (503, ServiceException),
    ],
)
def test_a_lock_has_the_class_of_its_status_too(server, client, status, base):
    error = raised(server, lambda: VmApi(client).start_vm(WHERE), status, LOCKED)
    assert isinstance(error, ResourceLocked) and isinstance(error, base)
    assert type(error).__name__ == "ResourceLocked"
    assert error.resources == [("VM", "v1"), ("VM_VOLUME", "d1")]
    assert (error.resource_ids, error.task_ids) == (["v1", "d1"], [])
    assert (error.status, error.retryable, error.outcome) == (status, True, "refused")
    assert "VM v1, VM_VOLUME d1 are locked" in str(error)
    assert "repeat the call with _lock_timeout=SECONDS" in str(error)
    assert travels(error)


def test_the_task_of_a_lock(server, client):
    body = {"message": "JOB_RESOURCE_IS_LOCKED: busy", "props": {"task_id": "t1"}}
    error = raised(server, lambda: VmApi(client).start_vm(WHERE), 400, body)
    assert type(error) is ResourceLocked
    assert (error.resource_ids, error.task_ids) == ([], ["t1"])


@pytest.mark.parametrize(
    "body",
    [
        {"message": "USER_LOCKED: x"},
        {"message": "the door is locked"},
        "<html>ResourceLocked</html>",
        b"\xff locked",
        "",
        [],
    ],
)
def test_what_is_not_a_lock(server, client, body):
    error = raised(server, lambda: VmApi(client).start_vm(WHERE), 400, body)
    assert type(error) is ApiException


# ---- logins --------------------------------------------------------------------


@pytest.mark.parametrize(
    "status, body, base",
    [
        (400, {"message": "USER_PASSWORD_INCORRECT: wrong password"}, ApiException),
        (400, {"message": "no"}, ApiException),
        (401, {"message": "no"}, UnauthorizedException),
        (401, "", UnauthorizedException),
        (403, {"code": "PERMISSION_DENIED", "message": "no"}, ForbiddenException),
        (404, {"message": "USER_NOT_FOUND: no"}, NotFoundException),
        (500, {"message": "LOGIN_FAILED: no"}, ServiceException),
    ],
)
def test_a_refused_login(server, client, status, body, base):
    for call in (
        lambda: login(client, "root", "hunter2"),
        lambda: UserApi(client).login(LOGIN),
        lambda: client.call_api("/login", "POST", body=LOGIN),
    ):
        error = raised(server, call, status, body)
        assert isinstance(error, LoginRefused) and isinstance(error, base)
        assert type(error).__name__ == "LoginRefused"
        assert (error.status, error.retryable, error.outcome) == (status, False, "refused")
        assert "hunter2" not in str(error)
        assert travels(error)


@pytest.mark.parametrize(
    "status, body",
    [
        (403, "<html>proxy</html>"),
        (404, {"message": "no such route"}),
        (500, {"message": "boom"}),
        (502, "<html>LOGIN_FAILED: no</html>"),
        (503, "busy"),
        (400, "<html>The plain HTTP request was sent to HTTPS port</html>"),
    ],
)
def test_what_refuses_nobody(server, client, status, body):
    error = raised(server, lambda: UserApi(client).login(LOGIN), status, body)
    assert not isinstance(error, LoginRefused)


def test_a_token_that_is_not_valid_is_no_refused_login(server, client):
    body = {"message": "LOAD_TOKEN_FAILED: no"}
    error = raised(server, lambda: VmApi(client).start_vm(WHERE), 401, body)
    assert type(error) is UnauthorizedException


def test_the_user_of_a_refused_login_is_in_the_text():
    error = LoginRefused(400, "no")
    assert "User" not in str(error)
    error.username = u"r\xf6\xf6t"
    assert "User: " in str(error)
    assert travels(error)


# ---- tasks ---------------------------------------------------------------------

UNWRAP = "Cannot unwrap Ok value of Result.Err.\r\ncode: %s\r\nmessage: %s"
NESTED = UNWRAP % (
    "CREATE_VM_FORM_TEMPLATE_FAILED",
    json.dumps(
        {
            "ec": "VM_CLOUD_INIT_CONFIG_ERROR",
            "error": {"msg": "[VM_CLOUD_INIT_CONFIG_ERROR]no gateway"},
        }
    ),
)


def task(id, status="FAILED", **fields):
    return dict({"id": id, "status": status, "error_code": None, "error_message": None}, **fields)


@pytest.mark.parametrize(
    "code, message, expected",
    [
        ("A_B", NESTED, ("A_B", "VM_CLOUD_INIT_CONFIG_ERROR")),
        (None, NESTED, ("CREATE_VM_FORM_TEMPLATE_FAILED", "VM_CLOUD_INIT_CONFIG_ERROR")),
        ("A_B", json.dumps({"ec": "C_D", "error": {"msg": "x"}}), ("A_B", "C_D")),
        # the innermost of several layers
        ("A_B", UNWRAP % ("A_B", json.dumps({"error": {"msg": NESTED}})), None),
        ("A_B", UNWRAP % ("A_B", json.dumps({"ec": "X_Y", "error": {"msg": NESTED}})), None),
        ("A_B", '{"error": {"msg": "{\\"ec\\": \\"C_D\\"}"}, "ec": "X_Y"}', ("A_B", "C_D")),
        ("A_B", "[JOB_VM_SHUTDOWN_TIMEOUT]late", ("A_B", "JOB_VM_SHUTDOWN_TIMEOUT")),
        ("A_B", "C_D: x", ("A_B", "C_D")),
        # none that differs
        ("A_B", "A_B: x", ("A_B", None)),
        (None, "A_B: x", ("A_B", None)),
        ("A_B", "x", ("A_B", None)),
        ("A_B", "TypeError: x", ("A_B", None)),
        ("A_B", None, ("A_B", None)),
        (None, None, (None, None)),
        (None, u"没有", (None, None)),
    ],
)
def test_the_cause_of_a_task(server, client, code, message, expected):
    failed = task("t1", error_code=code, error_message=message)
    error = raised(server, lambda: wait_task("t1", client), 200, [failed])
    assert type(error) is TaskFailed and error.status == 500
    assert (error.code, error.elf_code) == (expected or ("A_B", "VM_CLOUD_INIT_CONFIG_ERROR"))
    assert error.causes == [("t1", error.code, error.elf_code, error.message)]
    for each in (error.code, error.elf_code, error.causes[0].message):
        assert each is None or isinstance(each, str)
    assert travels(error)


def test_each_task_has_its_cause(server, client):
    tasks = [task("t1", error_code="A_B", error_message=NESTED), task("t2", error_message="no")]
    error = raised(server, lambda: wait_tasks(["t1", "t2"], client), 200, tasks)
    assert [each.task_id for each in error.causes] == ["t1", "t2"]
    assert [each.elf_code for each in error.causes] == ["VM_CLOUD_INIT_CONFIG_ERROR", None]


def test_the_time_of_a_wait_has_its_own_class(server, client):
    running = [task("t1", "EXECUTING")]
    error = raised(server, lambda: wait_task("t1", client, 0.01, 0.01), 200, running)
    assert type(error) is TaskTimeout and not isinstance(error, TaskFailed)
    assert (error.status, error.causes, error.elf_code) == (408, [], None)
    assert travels(error)


def test_a_pickle_that_names_utils_is_loaded():
    error = pickle.loads(pickle.dumps(TaskException(500, "x", {"t": Task(id="t")}), 0))
    assert type(error) is TaskException and error.tasks["t"].id == "t"


def test_attributes_may_be_set():
    error = ResourceLocked(400, "x")
    error.resource_ids = ["v1"]
    assert error.resource_ids == ["v1"]
    assert RateLimited(429, "x").retry_after is None


def test_repeated_calls_raise_the_class_of_the_last_response(server, client):
    client.configuration.retry_policy = RetryPolicy(max_attempts=2, backoff_factor=0)
    error = raised(server, lambda: VmApi(client).get_vms({}), 429, "slow")
    assert type(error) is RateLimited and len(error.attempts) == 2
