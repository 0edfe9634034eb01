# coding: utf-8
"""Which redirects are followed. What is sent then is in test_rest."""

import os

import pytest
from proxy_server import ProxyServer
from recording_server import Reply

from cloudtower import ApiClient, ApiException, Configuration
from cloudtower._http import redirect

CERTIFICATE = os.path.join(os.path.dirname(__file__), os.pardir, "support", "localhost.pem")


@pytest.mark.parametrize(
    "url, location, expected",
    [
        ("http://h/a/b", "c", "http://h/a/c"),
        ("http://h/a/b", "/c?d=1", "http://h/c?d=1"),
        ("http://h/a/b", "?d=1", "http://h/a/b?d=1"),
        ("http://h/a", "//h/c", "http://h/c"),
        ("http://h/a", "HTTP://H/c", "http://H/c"),
        ("http://h/a", "http://h.:80/c", "http://h.:80/c"),
        ("https://h/a", "https://h:443/c", "https://h:443/c"),
        ("https://h:443/a", "https://h/c", "https://h/c"),
        ("https://h:8443/a", "https://h:8443/c", "https://h:8443/c"),
        ("http://h/a", "https://h/c", "https://h/c"),
        ("http://h:80/a", "https://H:443/c", "https://H:443/c"),
        ("http://[::1]/a", "https://[0:0:0:0:0:0:0:1]/c", "https://[0:0:0:0:0:0:0:1]/c"),
        ("http://h/a", " /c d ", "http://h/c%20d"),
        ("http://h/a", "/c%20d#part", "http://h/c%20d"),
        ("http://h/a", b"/caf\xc3\xa9".decode("latin-1"), "http://h/caf%C3%A9"),
        ("http://u:p@h/a", "http://h/c", "http://h/c"),
        ("http://h/a", "http:///c", "http://h/c"),
        ("http://h/a", "/\\other/c", "http://h/%5Cother/c"),
    ],
)
def test_redirects_within_one_server(url, location, expected):
    assert redirect.target(307, location, url) == (expected, None)


@pytest.mark.parametrize(
    "url, location",
    [
        ("http://h/a", "http://h:81/c"),
        ("http://h:81/a", "http://h/c"),
        ("http://h:81/a", "https://h/c"),
        ("http://h:81/a", "https://h:81/c"),
        ("http://h/a", "https://h:8443/c"),
        ("https://h/a", "http://h/c"),
        ("https://h/a", "https://h:80/c"),
        ("https://h:80/a", "http://h:80/c"),
        ("http://h/a", "//other/c"),
        ("http://h/a", "http://other/c"),
        ("http://h/a", "http://h.other/c"),
        ("http://h/a", "http://h@other/c"),
        ("http://h/a", "http://user:pw@h/c"),
        ("http://h/a", "http://other\\@h/c"),
        ("http://h/a", "http://h\\.other/c"),
        ("http://h/a", "ftp://h/c"),
        ("http://h/a", "file:///etc/passwd"),
        ("http://h/a", "javascript:alert(1)"),
        ("http://h/a", "http://h:99999999/c"),
        ("http://h/a", "http://h:x/c"),
        ("http://h/a", "http://[::1/c"),
        ("http://[::1]/a", "http://[::2]/c"),
        ("http://h/a", "http://h\xe9/c" if str is not bytes else "http://h\xc3\xa9/c"),
    ],
)
def test_anywhere_else_is_not_followed(url, location):
    target, why = redirect.target(307, location, url)
    assert target is None and "was not followed" in why and "pw" not in why


@pytest.mark.parametrize("location", [None, "", "  "])
def test_no_location(location):
    assert redirect.target(302, location, "http://h/a") == (None, None)


@pytest.mark.parametrize("status", [300, 304, 305, 400])
def test_other_statuses(status):
    assert redirect.target(status, "/c", "http://h/a") == (None, None)


def test_http_to_https_on_the_default_ports_takes_everything_along():
    with ProxyServer(inner=CERTIFICATE) as proxy:
        configuration = Configuration(host="http://LOCALHOST", api_key={"Authorization": "tok"})
        configuration.proxy = proxy.url
        configuration.ssl_ca_cert = CERTIFICATE
        proxy.script([Reply(308, "", {"Location": "https://localhost/x"}), Reply(200, {})])
        with ApiClient(configuration) as client:
            client.call_api("/x", "POST", body=[1], auth_settings=["Authorization"])
    first, connect, last = proxy.requests
    assert (first.path.lower(), connect.method, connect.path) == (
        "http://localhost/x",
        "CONNECT",
        "localhost:443",
    )
    assert (last.path, last.body, last.header("authorization")) == ("/x", b"[1]", ["tok"])


def test_the_error_says_where_it_points_without_secrets(server):
    server.reply(307, "", {"Location": "https://user:pw-1@other.example/x?token=pw-2"})
    with ApiClient(Configuration(host=server.url)) as client:
        with pytest.raises(ApiException) as caught:
            client.call_api("/x", "POST", body=[1])
    first = str(caught.value).split("HTTP response headers")[0]
    assert "Redirect to https://other.example/x was not followed" in first and "pw-" not in first
