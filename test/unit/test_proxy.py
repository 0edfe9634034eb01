# coding: utf-8
"""Proxies: how they are written, which one the environment means, and what they are sent."""

import logging
import os
import warnings

import pytest
import urllib3
from proxy_server import ProxyServer

from cloudtower import ActivePassiveApiClient, ApiClient, ApiException, Configuration
from cloudtower._http import proxy as proxies
from cloudtower._http.pool import _KNOWS_PROXY_CONTEXT, _TLS_IN_TLS
from cloudtower.exceptions import ApiTypeError, ApiValueError
from cloudtower.network_errors import ApiProxyError

CERTIFICATE = os.path.join(os.path.dirname(__file__), os.pardir, "support", "localhost.pem")
CHINESE = b"\xe5\xaf\x86".decode("utf-8")


def client(proxy, host="http://tower.example", **settings):
    configuration = Configuration(host=host, ssl_ca_cert=CERTIFICATE)
    configuration.proxy = proxy
    for name, value in settings.items():
        setattr(configuration, name, value)
    return ApiClient(configuration)


def call(client):
    return client.call_api("/x", "POST", body=[1], auth_settings=["Authorization"])


def address(server, user):
    return "http://%s@127.0.0.1:%d" % (user, server.port)


# ---- what is sent --------------------------------------------------------------


@pytest.mark.parametrize(
    "written, meant",
    [
        ("user:p%40ss", "user:p@ss"),
        ("user:p@ss/w", "user:p@ss/w"),
        ("user", "user:"),
        ("user:", "user:"),
        ("u%20r:a%3Ab%25", "u r:a:b%"),
        ("user:%E5%AF%86", "user:" + CHINESE),
        ("user:" + CHINESE, "user:" + CHINESE),
    ],
)
def test_user_and_password(written, meant):
    with ProxyServer(user=meant, inner=CERTIFICATE) as proxy:
        for host in ("http://tower.example", "https://localhost"):
            with client(address(proxy, written), host) as mine:
                mine.configuration.api_key["Authorization"] = "tok"
                call(mine)
                call(mine)
    assert [each.method for each in proxy.requests] == ["POST", "POST", "CONNECT", "POST", "POST"]
    assert [len(each.header("proxy-authorization")) for each in proxy.requests] == [1, 1, 1, 0, 0]
    # The token is for the server: nothing of it is seen outside of the tunnel.
    assert proxy.requests[2].header("authorization") == []


@pytest.mark.parametrize("form", ["127.0.0.1:%d", " http://127.0.0.1:%d/ ", "HTTP://127.0.0.1:%d"])
def test_forms_of_an_address(form):
    with ProxyServer() as proxy:
        with client(form % proxy.port) as mine:
            call(mine)
    assert proxy.last.path == "http://tower.example/x"


def test_headers_of_the_user_go_first():
    with ProxyServer() as proxy:
        headers = {"proxy-authorization": "Basic mine", "X-Proxy": 5}
        with client(address(proxy, "u:p"), proxy_headers=headers) as mine:
            call(mine)
    assert proxy.last.header("proxy-authorization") == ["Basic mine"]
    assert proxy.last.header("x-proxy") == ["5"]


def test_proxy_reached_by_https():
    with ProxyServer(user="u:p", certificate=CERTIFICATE, inner=CERTIFICATE) as proxy:
        url = "https://u:p@localhost:%d" % proxy.port
        with client(url) as mine:
            if not _KNOWS_PROXY_CONTEXT:
                with pytest.raises(ApiValueError, match="Configuration.proxy"):
                    call(mine)
                return
            call(mine)
        assert proxy.last.path == "http://tower.example/x"
        with client(url, "https://localhost") as mine:
            if _TLS_IN_TLS:
                call(mine)
                assert [each.method for each in proxy.requests[1:]] == ["CONNECT", "POST"]
            else:
                with pytest.raises(ApiValueError, match="Configuration.proxy"):
                    call(mine)


@pytest.mark.parametrize("host", ["http://tower.example", "https://localhost"])
@pytest.mark.parametrize("user", ["", "user:pw-1@"])
def test_wrong_credentials(host, user):
    with ProxyServer(user="user:right", inner=CERTIFICATE) as proxy:
        with client("http://%s127.0.0.1:%d" % (user, proxy.port), host) as mine:
            with pytest.raises(ApiException) as caught:
                call(mine)
    text = str(caught.value)
    assert "Configuration.proxy" in text and "user and a password" in text and "pw-1" not in text
    assert caught.value.status == 407 or isinstance(caught.value, ApiProxyError)


def test_the_log_says_once_which_proxy(caplog):
    caplog.set_level(logging.INFO, logger="cloudtower")
    with ProxyServer(user="user:pw-1") as proxy:
        with client(address(proxy, "user:pw-1")) as mine:
            call(mine)
            call(mine)
    lines = [each.getMessage() for each in caplog.records if each.levelno == logging.INFO]
    assert lines == ["requests go through the proxy http://127.0.0.1:%d" % proxy.port]


# ---- what cannot be ------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "http://",
        "http://user:pw-1@",
        "http://user:pw-1@:3128",
        "http://user:pw-1@h:port",
        "http://user:pw-1@h:0",
        "http://user:pw-1@h:99999",
        "http://user:pw-1@h h:3128",
        "http://user:pw-1@h\n:3128",
        "http://user:pw-1@::1:3128",
        "http://user:pw-1@[::1:3128",
        "http://user:pw-1@[1.2.3]:3128",
        "ftp://user:pw-1@h:3128",
        "http://user:pw-1%0a@h:3128x",
        "http://user:pw-1%00x@h:3128",
        "http://us%3Aer:pw-1@h:3128",
        {"https": "http://user:pw-1@h:3128"},
        8080,
    ],
)
def test_addresses_that_cannot_be(value):
    with client(value) as mine:
        with pytest.raises((ApiValueError, ApiTypeError)) as caught:
            call(mine)
    assert "Configuration.proxy" in str(caught.value) and "pw-1" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["socks4", "socks5", "SOCKS5h"])
def test_socks_says_what_to_do(scheme):
    with client(scheme + "://user:pw-1@h:1080") as mine:
        with pytest.raises(ApiValueError) as caught:
            call(mine)
    assert "SOCKSProxyManager" in str(caught.value) and "pw-1" not in str(caught.value)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_none(value, server):
    with client(value, server.url) as mine:
        call(mine)
        assert not isinstance(mine.rest_client.pool_manager, urllib3.ProxyManager)


def test_bad_headers_for_the_proxy():
    with client("http://h:3128", proxy_headers={"X": "pw-1\n"}) as mine:
        with pytest.raises(ApiValueError) as caught:
            call(mine)
    assert 'Configuration.proxy_headers["X"]' in str(caught.value)
    assert "pw-1" not in str(caught.value)


# ---- the environment -----------------------------------------------------------


@pytest.fixture
def environ(monkeypatch):
    for name in list(os.environ):
        if name.startswith("CLOUDTOWER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("REQUEST_METHOD", raising=False)

    def set_all(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return set_all


@pytest.mark.parametrize(
    "endpoint, variables, expected",
    [
        ("https://t", {"HTTPS_PROXY": "http://p:1", "HTTP_PROXY": "http://p:2"}, "http://p:1"),
        ("http://t", {"HTTPS_PROXY": "http://p:1", "HTTP_PROXY": "http://p:2"}, "http://p:2"),
        ("t:81", {"HTTPS_PROXY": "http://p:1", "HTTP_PROXY": "http://p:2"}, "http://p:2"),
        ("https://t", {"https_proxy": "p:1", "HTTPS_PROXY": "p:2"}, "p:1"),
        ("https://t", {"https_proxy": "", "HTTPS_PROXY": "p:2"}, None),
        ("https://t", {"HTTP_PROXY": "p:2"}, None),
        ("https://t", {"ALL_PROXY": "p:3"}, "p:3"),
        ("https://t", {"ALL_PROXY": "p:3", "https_proxy": "p:1"}, "p:1"),
        ("https://t", {"HTTPS_PROXY": " p:1\n"}, "p:1"),
        ("http://t", {"HTTP_PROXY": "p:2", "REQUEST_METHOD": "GET"}, None),
        ("http://t", {"http_proxy": "p:2", "REQUEST_METHOD": "GET"}, "p:2"),
        ("https://t", {"HTTPS_PROXY": "p:2", "REQUEST_METHOD": "GET"}, "p:2"),
        ("https://t", {"HTTPS_PROXY": "p:2", "NO_PROXY": "t"}, None),
        ("https://t", {"HTTPS_PROXY": "p:2", "NO_PROXY": "t", "no_proxy": "x"}, "p:2"),
        ("https://t", {}, None),
    ],
)
def test_which_proxy(environ, endpoint, variables, expected):
    environ(CLOUDTOWER_ENDPOINT=endpoint, **variables)
    assert Configuration.from_env().proxy == expected
    assert Configuration(host=endpoint).proxy is None


@pytest.mark.parametrize(
    "endpoint, exceptions, is_excepted",
    [
        ("https://tower.example.com", "example.com", True),
        ("https://tower.example.com", ".example.com", True),
        ("https://tower.example.com", "*.example.com", True),
        ("https://TOWER.example.com.", "a, Example.COM ,b", True),
        ("https://tower.example.com", "a b\ttower.example.com.", True),
        ("https://tower.example.com", "*", True),
        ("https://tower.example.com", "a,*", True),
        ("https://tower.example.com", "", False),
        ("https://tower.example.com", ",, ,", False),
        ("https://tower.example.com", ".", False),
        ("https://tower.example.com", "ample.com", False),
        ("https://tower.example.com", "other.com,example", False),
        ("https://tower.example.com:8443/v2/api", "example.com:8443", True),
        ("https://tower.example.com:8443", "example.com:443", False),
        ("https://tower.example.com", "tower.example.com:443", True),
        ("http://tower.example.com", "tower.example.com:443", False),
        ("http://user:pw@tower.example.com", "tower.example.com:80", True),
        ("https://10.1.2.3", "10.1.2.3", True),
        ("https://10.1.2.3", "10.1.2.3:443", True),
        ("https://10.1.2.3", "10.1.2.3:8443", False),
        ("https://10.1.2.3", "10.0.0.0/8", True),
        ("https://10.1.2.3", "11.0.0.0/8", False),
        ("https://10.1.2.3", "10.1.2.2/31", True),
        ("https://10.1.2.3", "10.1.2.4/31", False),
        ("https://10.1.2.3", "0.0.0.0/0", True),
        ("https://10.1.2.3", "fd00::/8", False),
        ("https://10.1.2.3", "10.0.0.0/33,10.0.0.0/x,/8,10/8", False),
        ("https://10.1.2.3", "1.2.3,.2.3", False),
        ("https://[fd00::1]", "fd00::/8", True),
        ("https://[fd00::1]:8443", "fd00::/8", True),
        ("https://[fe00::1]", "fd00::/8", False),
        ("https://[fd00::1]", "fd00:0:0::1", True),
        ("https://[fd00::1]", "[fd00::1]", True),
        ("https://[fd00::1]:8443", "[fd00::1]:8443", True),
        ("https://[fd00::1]", "[fd00::1]:8443", False),
        ("https://[::ffff:10.1.2.3]", "10.0.0.0/8", True),
        ("https://tower.example.com", "10.0.0.0/8", False),
    ],
)
def test_exceptions(environ, endpoint, exceptions, is_excepted):
    environ(CLOUDTOWER_ENDPOINT=endpoint, HTTPS_PROXY="p:1", HTTP_PROXY="p:1", NO_PROXY=exceptions)
    assert (Configuration.from_env().proxy is None) == is_excepted


def test_the_choice_follows_the_host(environ):
    environ(
        CLOUDTOWER_ENDPOINT="http://t", HTTPS_PROXY="p:1", HTTP_PROXY="p:2", NO_PROXY="10.0.0.0/8"
    )
    configuration = Configuration.from_env()
    assert configuration.proxy == "p:2"
    configuration.host = "https://tower/v2/api"
    assert configuration.proxy == "p:1"
    nodes = ActivePassiveApiClient(["https://10.0.0.1", "https://t"], configuration=configuration)
    assert [each.proxy for each in nodes.configurations] == [None, "p:1"]
    configuration.proxy = None
    assert configuration.proxy is None


def test_from_the_environment_to_the_wire(environ):
    with ProxyServer(user="user:p@ss") as proxy:
        environ(CLOUDTOWER_ENDPOINT="http://tower", HTTP_PROXY=address(proxy, "user:p%40ss"))
        with ApiClient(Configuration.from_env()) as mine:
            call(mine)
    assert proxy.last.path == "http://tower/v2/api/x"


def test_a_plain_configuration_reads_no_environment(environ, server):
    environ(HTTP_PROXY="http://127.0.0.1:1", http_proxy="http://127.0.0.1:1")
    with client(None, server.url) as mine:
        call(mine)


def test_parse():
    assert proxies.parse("u:p@[::1]:3128").address == "http://[::1]:3128"
    assert proxies.parse(b"https://h").address == "https://h"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert proxies.parse("http://@h:1/").authorization is None
