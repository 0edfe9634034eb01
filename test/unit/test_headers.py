# coding: utf-8
"""Tokens and headers: what can be sent is sent, what cannot is an error without the value."""

import base64
from functools import partial

import pytest

from cloudtower import ApiClient, Configuration, ContentLanguage, VmApi
from cloudtower.exceptions import ApiTypeError, ApiValueError

BOM = b"\xef\xbb\xbf".decode("utf-8")
CHINESE = b"\xe5\xaf\x86".decode("utf-8")
CAFE = b"caf\xc3\xa9".decode("utf-8")
UNSENDABLE = ["pw-1\nx", "pw-1\r\nX: y", "pw-1\n x", "pw-1\x00", "pw-1\x1b", "pw-1\x7f"]
# On 2.7 the octets of a str are sent as given.
UNSENDABLE.append("pw-1" + CHINESE)


@pytest.fixture
def client(server):
    server.reply(200, [])
    configuration = Configuration(host=server.url, api_key={"Authorization": "tok"})
    client = ApiClient(configuration)
    yield client
    client.close()


def call(client, **keywords):
    return VmApi(client).get_vms({}, **keywords)


def basic(client):
    client.call_api("/x", "POST", auth_settings=["Basic"])


def refused(server, act, setting, kind=ApiValueError):
    with pytest.raises(kind) as caught:
        act()
    error = caught.value
    while error is not None:
        assert "pw-1" not in str(error) and "pw-1" not in repr(error)
        error = getattr(error, "__cause__", None) or getattr(error, "__context__", None)
    assert setting in str(caught.value), str(caught.value)
    assert server.requests == [] and server.connections == 0


# ---- white space around a token ----------------------------------------------------


@pytest.mark.parametrize(
    "written", ["tok\n", "tok\r\n", " \ttok ", BOM + "tok\n", b"tok\n", b"\xef\xbb\xbftok", "tok"]
)
def test_white_space_around_a_token_is_dropped(server, client, written, monkeypatch):
    client.configuration.api_key["Authorization"] = written
    call(client)
    assert server.last.header("authorization") == ["tok"]
    client.configuration.api_key_prefix["Authorization"] = " Bearer \n"
    call(client)
    assert server.last.header("authorization") == ["Bearer tok"]
    for place in ("header", "cookie"):
        call(client, _request_auth={"in": place, "key": "X", "value": written})
        assert server.last.header("x" if place == "header" else "cookie") == ["tok"]
    client.call_api(
        "/x",
        "GET",
        auth_settings=["Authorization"],
        _request_auth={"in": "query", "key": "k", "value": written},
    )
    assert server.last.path == "/x?k=tok"
    client.cookie = written
    call(client)
    assert server.last.header("cookie") == ["tok"]
    if isinstance(written, str) and written.strip() == "tok":
        monkeypatch.setenv("CLOUDTOWER_TOKEN", written)
        monkeypatch.setenv("CLOUDTOWER_ENDPOINT", server.url)
        call(ApiClient(Configuration.from_env()))
        assert server.last.header("authorization") == ["tok"]


def test_white_space_inside_stays(server, client):
    client.configuration.api_key["Authorization"] = "Token  a\tb"
    call(client)
    assert server.last.header("authorization") == ["Token  a\tb"]


@pytest.mark.parametrize("empty", ["", " ", "\n", None, b"", BOM])
def test_nothing_but_white_space_is_no_token(server, client, empty):
    client.configuration.api_key["Authorization"] = empty
    call(client)
    assert server.last.header("authorization") == []


def test_hook_that_reads_a_file(server, client):
    def renew(configuration):
        configuration.api_key["Authorization"] = "new\n"

    client.configuration.refresh_api_key_hook = renew
    call(client)
    assert server.last.header("authorization") == ["new"]


# ---- what no header can carry ------------------------------------------------------


@pytest.mark.parametrize("value", UNSENDABLE)
def test_settings_are_named_and_values_are_not_shown(server, client, value):
    configuration = client.configuration
    configuration.api_key["Authorization"] = value
    refused(server, lambda: call(client), 'Configuration.api_key["Authorization"]')
    configuration.api_key["Authorization"] = "tok"
    configuration.api_key_prefix["Authorization"] = value
    refused(server, lambda: call(client), 'Configuration.api_key_prefix["Authorization"]')
    configuration.api_key_prefix.clear()
    auth = {"in": "header", "key": "Authorization", "value": value}
    refused(server, lambda: call(client, _request_auth=auth), '_request_auth["value"]')
    auth = {"in": "cookie", "key": "Authorization", "value": value}
    refused(server, lambda: call(client, _request_auth=auth), '_request_auth["value"]')
    refused(server, lambda: call(client, _headers={"X-A": value}), '_headers["X-A"]')
    for each in VmApi.__operations__["get_vms"].headers:
        refused(server, partial(call, client, **{each.name: value}), each.name)
    refused(server, lambda: call(client, _content_type=value), "Content-Type")
    url = server.url + "/x"
    refused(server, lambda: client.request("POST", url, headers={"X": value}), 'headers["X"]')
    client.set_default_header("X-B", value)
    refused(server, lambda: call(client), 'ApiClient.default_headers["X-B"]')
    client.set_default_header("X-B", None)
    client.user_agent = value
    refused(server, lambda: call(client), 'ApiClient.default_headers["User-Agent"]')
    client.user_agent = "me"
    client.cookie = value
    refused(server, lambda: call(client), "ApiClient.cookie")
    client.cookie = None
    call(client)


def test_async_calls_too(server, client):
    client.configuration.api_key["Authorization"] = "pw-1\nx"
    refused(server, lambda: call(client, async_req=True).get(10), "Configuration.api_key")


@pytest.mark.parametrize("name", ["pw-1: x", "pw-1\n", "", "a b", CHINESE, "X\x00"])
def test_names(server, client, name):
    refused(server, lambda: call(client, _headers={name: "x"}), "_headers")


def test_values_that_are_no_text(server, client):
    values = {"A": 5, "B": True, "C": 1.5, "D": b"x", "E": None, "F": CAFE, "G": 2**70, b"H": "y"}
    call(client, _headers=values, content_language=ContentLanguage.ZH_CN)
    sent = server.last
    for name, value in (("a", "5"), ("b", "true"), ("c", "1.5"), ("d", "x"), ("h", "y")):
        assert sent.header(name) == [value]
    assert sent.header("e") == [] and sent.header("g") == [str(2**70)]
    octets = sent.header("f")[0]
    octets = octets if isinstance(octets, bytes) else octets.encode("latin-1")
    assert octets == CAFE.encode("latin-1")
    assert sent.header("content-language") == [ContentLanguage.ZH_CN]
    server.requests[:] = []
    server.connections = 0
    client.close()
    for value in ({}, [], object(), ("a",)):
        headers = {"X": value}
        refused(server, partial(call, client, _headers=headers), '_headers["X"]', ApiTypeError)
    client.configuration.api_key["Authorization"] = ["pw-1"]
    refused(server, lambda: call(client), "Configuration.api_key", ApiTypeError)


# ---- Basic -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "username, password, sent",
    [
        (" u ", " p w ", b" u : p w "),
        ("u\n", "p\r\n", b"u:p"),
        ("u", "p:w", b"u:p:w"),
        (CAFE, "p", CAFE.encode("latin-1") + b":p"),
        ("u", CHINESE, b"u:" + CHINESE.encode("utf-8")),
        (b"u", CHINESE, b"u:" + CHINESE.encode("utf-8")),
        ("u", "", b"u:"),
    ],
)
def test_basic(server, client, username, password, sent):
    client.configuration.username, client.configuration.password = username, password
    basic(client)
    (value,) = server.last.header("authorization")
    assert base64.b64decode(value.split()[1]) == sent


@pytest.mark.parametrize("value", ["pw-1\nx", "\npw-1", "pw-1\tx", "pw-1\x00"])
def test_basic_without_control_characters(server, client, value):
    configuration = client.configuration
    configuration.username, configuration.password = "u", value
    refused(server, lambda: basic(client), "Configuration.password")
    configuration.username, configuration.password = value, "p"
    refused(server, lambda: basic(client), "Configuration.username")
    configuration.username = "pw-1:x"
    refused(server, lambda: basic(client), "Configuration.username")
