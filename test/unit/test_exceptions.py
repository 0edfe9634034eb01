# -*- coding: utf-8 -*-
import json
import pickle
import subprocess
import sys

import pytest

from cloudtower import exceptions
from cloudtower._runtime import mask
from cloudtower.exceptions import (
    ApiAttributeError,
    ApiException,
    ApiKeyError,
    ApiTypeError,
    ApiValueError,
    NotFoundException,
    OpenApiException,
    render_path,
)


class Answer(object):
    def __init__(self, status=404, data=b"", headers=None, reason="Not Found"):
        self.status = status
        self.reason = reason
        self.data = data
        self._headers = headers or {}

    def getheaders(self):
        return self._headers


def test_path_is_rendered_as_python_writes_it():
    assert render_path(["data", 0, "name"]) == "['data'][0]['name']"
    assert render_path([]) == ""


@pytest.mark.parametrize(
    "error, builtin",
    [
        (ApiTypeError, TypeError),
        (ApiValueError, ValueError),
        (ApiAttributeError, AttributeError),
        (ApiKeyError, KeyError),
    ],
)
def test_item_errors_are_builtin_errors_too_and_name_the_path(error, builtin):
    raised = error("wrong", path_to_item=["a", 0])
    assert isinstance(raised, builtin) and isinstance(raised, OpenApiException)
    assert raised.args == ("wrong at ['a'][0]",)
    assert raised.path_to_item == ["a", 0]
    assert error("wrong").args == ("wrong",)
    copy = pickle.loads(pickle.dumps(raised))
    assert (copy.args, vars(copy)) == (raised.args, vars(raised))


def test_type_error_keeps_what_would_have_been_right():
    raised = ApiTypeError("wrong", ["a"], (int,), True)
    assert (raised.valid_classes, raised.key_type) == ((int,), True)


def test_text_is_that_of_the_published_sdk():
    assert str(ApiException(status=400, reason="bad")) == "(400)\nReason: bad\n"
    raised = NotFoundException(http_resp=Answer(data=b'{"a":1}', headers={"X": "y"}))
    assert str(raised) == (
        "(404)\nReason: Not Found\nHTTP response headers: {'X': 'y'}\n"
        'HTTP response body: {"a":1}\n'
    )
    assert repr(raised) == "NotFoundException()"
    assert raised.args == ()


def test_request_id_comes_from_the_headers_and_closes_the_text():
    raised = ApiException(http_resp=Answer(headers={"X-Tower-Request-Id": "r-1"}))
    assert raised.request_id == "r-1"
    assert str(raised).endswith("\nRequest id: r-1\n")
    assert ApiException(status=0).request_id is None


def test_error_body_is_parsed():
    body = b'{"code": "VM_NOT_FOUND", "message": "no such vm", "path": "/x", "status": 404}'
    raised = ApiException(http_resp=Answer(data=body))
    assert type(raised.error).__name__ == "ErrorBody"
    assert raised.error.message == "no such vm"
    assert raised.code == "VM_NOT_FOUND"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"null"])
def test_other_bodies_are_no_error_body(body):
    raised = ApiException(http_resp=Answer(data=body))
    assert raised.error is None and raised.code is None


def test_body_that_is_not_utf_8_is_text_all_the_same():
    raised = ApiException(http_resp=Answer(data=b"caf\xe9"))
    assert isinstance(raised.body, str)
    assert "caf" in str(raised)


@pytest.mark.parametrize(
    "status, outcome",
    [
        (400, "refused"),
        (307, "refused"),
        (304, "refused"),
        (409, "refused"),
        (421, "refused"),
        (425, "refused"),
        (429, "refused"),
        (303, "unknown"),
        (408, "unknown"),
        (444, "unknown"),
        (460, "unknown"),
        (499, "unknown"),
        (500, "unknown"),
        (0, "unknown"),
        (200, "unknown"),
        (None, "unknown"),
    ],
)
def test_outcome_follows_the_status(status, outcome):
    assert ApiException(status=status).outcome == outcome


def test_pickle_keeps_every_attribute():
    raised = NotFoundException(http_resp=Answer(data=b'{"code": "X"}', headers={"A": "b"}))
    raised.operation = "VmApi.start_vm"
    raised.outcome = "not_sent"
    copy = pickle.loads(pickle.dumps(raised))
    assert type(copy) is NotFoundException
    assert vars(copy) == vars(raised)
    assert str(copy) == str(raised)


def test_secrets_of_an_answer_are_not_in_the_text():
    raised = ApiException(
        http_resp=Answer(
            data=b'{"token": "tok-1", "data": [{"chap_secret": "tok-2"}], "name": "n"}',
            headers={"Set-Cookie": "sid=tok-3", "X": "y"},
        )
    )
    text = str(raised)
    assert "tok-" not in text
    assert '"name": "n"' in text and "'X': 'y'" in text
    assert "tok-1" in raised.body and raised.headers["Set-Cookie"] == "sid=tok-3"


def test_text_of_a_body_cut_short_hides_secrets_too():
    raised = ApiException(http_resp=Answer(data=b'{"name": "n", "password": "tok-1", "oth'))
    assert "tok-1" not in str(raised) and '"name": "n"' in str(raised)


def test_importing_exceptions_loads_no_urllib3():
    code = (
        "import sys, cloudtower.exceptions;"
        "print([m for m in ('urllib3', 'logging') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"[]"


def test_exceptions_by_status_are_api_exceptions():
    for name in ("Unauthorized", "Forbidden", "NotFound", "Service"):
        assert issubclass(getattr(exceptions, name + "Exception"), ApiException)


@pytest.mark.parametrize("password", ['pass"phrase', "back\\slash", 'both\\"of', "plain"])
@pytest.mark.parametrize("prefix", ["", "no: "])
@pytest.mark.parametrize("depth", [1, 2])
def test_a_secret_is_hidden_however_it_is_quoted(password, prefix, depth):
    body = json.dumps({"password": password, "kept": "seen"})
    for _ in range(depth - 1):
        body = json.dumps({"message": prefix + body})
    shown = mask.text(prefix + body).replace("password", "")
    assert "seen" in shown and password[:4] not in shown and password[-4:] not in shown
