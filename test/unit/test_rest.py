# -*- coding: utf-8 -*-
import io
import logging
import os
import warnings

import pytest
import urllib3
from recording_server import RecordingServer, Reply

from cloudtower.configuration import Configuration
from cloudtower.exceptions import (
    ApiException,
    ApiValueError,
    ForbiddenException,
    NotFoundException,
    NotModifiedException,
    RateLimited,
    ServiceException,
    UnauthorizedException,
)
from cloudtower.network_errors import ApiTimeoutError
from cloudtower.rest import RESTClientObject, RESTResponse

CERTIFICATE = os.path.join(os.path.dirname(__file__), os.pardir, "support", "localhost.pem")
CAFE = b"caf\xc3\xa9".decode("utf-8")
JSON = "application/json"


@pytest.fixture
def rest():
    return RESTClientObject(Configuration())


def client(**settings):
    configuration = Configuration()
    for name, value in settings.items():
        setattr(configuration, name, value)
    return RESTClientObject(configuration)


def test_answer(server, rest):
    server.reply(200, {"a": 1}, headers={"X-Some": "thing"})
    response = rest.POST(server.url + "/x", body={"b": None})
    assert isinstance(response, RESTResponse) and isinstance(response, io.IOBase)
    assert (response.status, response.reason, response.data) == (200, "OK", b'{"a": 1}')
    assert response.getheader("x-some") == "thing" and response.getheader("no", 1) == 1
    assert response.getheaders()["X-SOME"] == "thing"
    assert isinstance(response.urllib3_response, urllib3.HTTPResponse)
    request = server.last
    assert (request.method, request.path, request.body) == ("POST", "/x", b'{"b": null}')
    assert request.header("content-type") == [JSON]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"])
def test_each_method_has_its_own_function(server, rest, method):
    function = getattr(rest, method)
    assert function.__name__ == method
    content = {"DELETE": [None], "GET": [], "HEAD": []}.get(method, [None, None])
    values = [{"X": "y"}, [("a", 1)]] + content + [False, 5, False]
    assert function(server.url + "/x", *values).status == 200
    assert (server.last.method, server.last.path) == (method, "/x?a=1")
    assert server.last.header("x") == ["y"]
    for wrong in ([None] * 20, [{}]):
        with pytest.raises(TypeError):
            function(server.url, *wrong, headers={})
    function(server.url + "/x?z=0", query_params=[("a", "1 2"), ("b", 3)])
    assert (server.last.method, server.last.path) == (method, "/x?z=0&a=1+2&b=3")


def test_bodies(server, rest):
    def sent(body=None, kind=None, **kwargs):
        headers = {} if kind is None else {"content-TYPE": kind}
        rest.POST(server.url + "/x", headers=headers, body=body, **kwargs)
        return server.last.header("content-type"), server.last.body

    assert sent() == ([JSON], b"")
    assert sent([]) == ([JSON], b"[]")
    assert sent("text") == ([JSON], b'"text"')
    assert sent([1], "application/json-patch+json") == (["application/json-patch+json"], b"[1]")
    assert sent(CAFE, "text/plain; charset=utf-8")[1] == CAFE.encode("utf-8")
    assert sent(b"\xff\x00", "application/x-thing") == (["application/x-thing"], b"\xff\x00")
    form = "application/x-www-form-urlencoded"
    assert sent(kind=form, post_params=[("a", 1), ("b", "x y")]) == ([form], b"a=1&b=x+y")


def test_multipart(server, rest):
    fields = [("a", "1"), ("f", ("name.iso", b"\xff\x00", "application/x-iso"))]
    rest.POST(
        server.url + "/x", headers={"Content-Type": "multipart/form-data"}, post_params=fields
    )
    (kind,) = server.last.header("content-type")
    assert kind.startswith("multipart/form-data; boundary=")
    assert b'name="a"\r\n\r\n1\r\n' in server.last.body
    assert b'name="f"; filename="name.iso"\r\nContent-Type: application/x-iso' in server.last.body
    assert b"\r\n\r\n\xff\x00\r\n" in server.last.body


def test_requests_that_cannot_be_made(server, rest):
    with pytest.raises(ApiValueError):
        rest.request("FETCH", server.url)
    with pytest.raises(ApiValueError):
        rest.POST(server.url, body={"a": 1}, post_params=[("a", 1)])
    with pytest.raises(ApiException) as caught:
        rest.POST(server.url, headers={"Content-Type": "text/plain"}, body={})
    assert (caught.value.status, caught.value.outcome) == (0, "not_sent")
    with pytest.raises(ApiValueError):
        rest.POST(server.url, body={"a": float("nan")})
    assert server.requests == []


def test_headers_of_the_caller_are_not_changed(server, rest):
    headers = {"X": "y"}
    rest.POST(server.url + "/x", headers=headers, body={})
    assert headers == {"X": "y"}


@pytest.mark.parametrize(
    "status, kind",
    [
        (400, ApiException),
        (401, UnauthorizedException),
        (403, ForbiddenException),
        (404, NotFoundException),
        (409, ApiException),
        (429, RateLimited),
        (500, ServiceException),
        (599, ServiceException),
        (304, NotModifiedException),
        (300, ApiException),
    ],
)
@pytest.mark.parametrize("preload", [True, False])
def test_errors_by_status(server, rest, status, kind, preload):
    body = b"" if status == 304 else b"why"
    server.reply(status, body)
    with pytest.raises(ApiException) as caught:
        rest.POST(server.url + "/x", _preload_content=preload)
    error = caught.value
    assert type(error) is kind
    assert ("nothing changed" in str(error)) == (status == 304)
    assert (error.status, error.body) == (status, body.decode())
    assert error.headers["content-type"] == JSON


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_every_2xx_is_a_success(server, rest, status):
    server.reply(status, "")
    assert rest.POST(server.url + "/x").status == status


def test_unread_answer(server, rest):
    server.reply(200, "text")
    response = rest.POST(server.url + "/x", _preload_content=False)
    assert isinstance(response, urllib3.HTTPResponse) and response.read() == b"text"


# ---- redirects -------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_same_server_is_followed_with_everything(server, rest, status):
    server.script([Reply(status, "", {"Location": "/other?a=1"}), Reply(200, "done")])
    headers = {"Authorization": "tok", "X": "y"}
    assert rest.POST(server.url + "/x", headers=headers, body={"a": 1}).data == b"done"
    first, second = server.requests
    assert (second.method, second.path, second.body) == ("POST", "/other?a=1", b'{"a": 1}')
    assert second.header("authorization") == ["tok"] and second.header("x") == ["y"]


def test_303_becomes_get(server, rest):
    server.script([Reply(303, "", {"Location": "/other"}), Reply(200, "done")])
    rest.POST(server.url + "/x", headers={"Authorization": "tok"}, body={"a": 1})
    second = server.last
    assert (second.method, second.body, second.header("content-type")) == ("GET", b"", [])
    assert second.header("authorization") == ["tok"]


@pytest.mark.parametrize("method, then", [("HEAD", "HEAD"), ("GET", "GET"), ("PUT", "GET")])
def test_303_keeps_what_asks_for_no_body(server, rest, method, then):
    server.script([Reply(303, "", {"Location": "/other"}), Reply(200, "")])
    rest.request(method, server.url + "/x")
    assert [each.method for each in server.requests] == [method, then]


@pytest.mark.parametrize("method, outcome", [("HEAD", "refused"), ("DELETE", "unknown")])
def test_a_head_has_no_effect_that_a_303_could_tell_of(server, method, outcome):
    server.script([Reply(303, "", {"Location": "/other"}), Reply(404, "")])
    with pytest.raises(ApiException) as caught:
        client().request(method, server.url + "/x")
    assert caught.value.outcome == outcome


SEE_OTHER = Reply(303, "", {"Location": "/result"})


@pytest.mark.parametrize(
    "replies",
    [
        [SEE_OTHER, Reply(404, "gone")],
        [SEE_OTHER, Reply(400, "no")],
        [SEE_OTHER, Reply(drop=True)],
        [SEE_OTHER, Reply(307, "", {"Location": "/further"}), Reply(404, "gone")],
        [Reply(307, "", {"Location": "/further"}), SEE_OTHER, Reply(404, "gone")],
        [SEE_OTHER, Reply(304, "")],
        [SEE_OTHER] * 4,
        [Reply(303, "")],
        [Reply(303, "", {"Location": "http://tower.invalid/x"})],
        [Reply(408, "")],
        [Reply(499, "")],
        [Reply(504, "")],
        [Reply(307, "", {"Location": "/further"}), Reply(502, "")],
    ],
)
def test_a_request_that_may_have_had_its_effect(server, replies):
    server.script(replies)
    with pytest.raises(ApiException) as caught:
        client(retries=False).POST(server.url + "/x", body={})
    assert caught.value.outcome == "unknown" and len(server.requests) == len(replies)


def test_nobody_listens_where_a_303_leads(server):
    with RecordingServer(certificate=CERTIFICATE) as secure:
        port = secure.port
    server.reply(303, "", {"Location": "https://127.0.0.1:%d/x" % port})
    with pytest.raises(ApiException) as caught:
        client(retries=0).POST(server.url + "/x", body={})
    assert caught.value.outcome == "unknown" and "Nothing was sent" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_request_that_was_passed_on_and_refused(server, rest, status):
    server.script([Reply(status, "", {"Location": "/further"}), Reply(404, "gone")])
    with pytest.raises(ApiException) as caught:
        rest.POST(server.url + "/x", body={})
    assert caught.value.outcome == "refused"


def test_another_port_or_scheme_of_the_same_name_is_another_server(server):
    with RecordingServer(certificate=CERTIFICATE) as secure, RecordingServer() as other:
        rest = client(ssl_ca_cert=CERTIFICATE)
        for location in (secure.url + "/x?token=t-1", other.url.replace("127.0.0.1", "localhost")):
            server.reply(308, "", {"Location": location})
            with pytest.raises(ApiException) as caught:
                rest.POST("http://localhost:%d/x" % server.port, body=[1])
            text = str(caught.value)
            assert caught.value.status == 308 and caught.value.outcome == "refused"
            assert "Redirect to %s was not followed" % location.split("?")[0] in text
    assert secure.requests == other.requests == []


def test_https_to_http_is_not_followed(server):
    with RecordingServer(certificate=CERTIFICATE) as secure:
        secure.reply(307, "", {"Location": "http://localhost:%d/x" % server.port})
        with pytest.raises(ApiException) as caught:
            client(ssl_ca_cert=CERTIFICATE).POST(secure.url + "/x", body=[1])
    assert caught.value.status == 307 and server.requests == []


def test_other_host_name_is_an_error(server, rest):
    location = server.url.replace("127.0.0.1", "localhost") + "/x"
    server.reply(307, "", {"Location": location})
    with pytest.raises(ApiException) as caught:
        rest.POST(server.url + "/x", headers={"Authorization": "tok"}, body={"password": "pw"})
    assert (caught.value.status, caught.value.outcome) == (307, "refused")
    assert caught.value.headers["location"] == location and len(server.requests) == 1


@pytest.mark.parametrize("headers", [{}, {"Location": ""}, {"Location": "http://[::1/x"}])
def test_redirect_to_nowhere_is_an_error(server, rest, headers):
    server.reply(302, "", headers)
    with pytest.raises(ApiException) as caught:
        rest.POST(server.url + "/x")
    assert caught.value.status == 302


def test_redirects_end(server, rest):
    server.reply(307, "", {"Location": "/x"})
    with pytest.raises(ApiException) as caught:
        rest.POST(server.url + "/x")
    assert caught.value.status == 307 and len(server.requests) == 4
    assert "more than 3" in str(caught.value)


def test_redirects_can_be_refused(server, rest):
    server.reply(307, "", {"Location": "/x"})
    with pytest.raises(ApiException):
        rest.POST(server.url + "/x", redirect=False)
    assert len(server.requests) == 1


# ---- timeouts --------------------------------------------------------------


def test_timeout_is_read_at_each_request(server):
    configuration = Configuration()
    rest = RESTClientObject(configuration)
    rest.POST(server.url + "/x")
    server.reply(200, {}, delay=2)
    configuration.timeout = (5, 0.2)
    with pytest.raises(ApiTimeoutError):
        rest.POST(server.url + "/x")


@pytest.mark.parametrize(
    "value",
    [0, -1, True, "5", [1, 2], (1,), (1, 2, 3), (0, 5), (1, "5"), float("nan"), float("inf"), {}],
)
def test_invalid_timeouts(server, value):
    with pytest.raises(ApiValueError):
        client().POST(server.url + "/x", _request_timeout=value)
    with pytest.raises(ApiValueError):
        client(timeout=value).POST(server.url + "/x")
    assert server.requests == []


# ---- connections -----------------------------------------------------------


def test_settings_of_the_pool():
    options = [("TCP_NODELAY", 1)]
    rest = client(
        verify_ssl=False,
        ssl_ca_cert="ca",
        cert_file="cert",
        key_file="key",
        assert_hostname=False,
        retries=7,
        socket_options=options,
        connection_pool_maxsize=9,
    )
    settings = rest.pool_manager.connection_pool_kw
    expected = {
        "cert_reqs": "CERT_NONE",
        "ca_certs": "ca",
        "cert_file": "cert",
        "key_file": "key",
        "assert_hostname": False,
        "socket_options": options,
        "maxsize": 9,
    }
    assert dict((name, settings[name]) for name in expected) == expected
    assert getattr(settings["retries"], "total", settings["retries"]) == 7
    assert client().pool_manager.connection_pool_kw["cert_reqs"] == "CERT_REQUIRED"
    assert RESTClientObject(Configuration(), 2, 3).pool_manager.connection_pool_kw["maxsize"] == 3


def test_proxy(server):
    rest = client(proxy=server.url, proxy_headers={"X-Proxy": "p"})
    rest.POST("http://tower.example/x", body={})
    assert server.last.path == "http://tower.example/x" and server.last.header("x-proxy") == ["p"]


def test_environment_names_no_proxy(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert client().POST(server.url + "/x").status == 200


def test_trusted_certificate_and_unchecked_one():
    with RecordingServer(certificate=CERTIFICATE) as server:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            client(ssl_ca_cert=CERTIFICATE).POST(server.url + "/x")
        insecure = urllib3.exceptions.InsecureRequestWarning
        assert not [each for each in caught if issubclass(each.category, insecure)]
        # Python 2.7 remembers what was shown before it looks at the filters.
        getattr(urllib3.connectionpool, "__warningregistry__", {}).clear()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            client(verify_ssl=False).POST(server.url + "/x")
        assert [each for each in caught if issubclass(each.category, insecure)]


def test_connection_is_kept_until_close(server, rest):
    for _ in range(3):
        rest.POST(server.url + "/x")
    assert server.connections == 1
    rest.close()
    rest.POST(server.url + "/x")
    assert server.connections == 2


def test_probe_is_one_request(server, rest):
    for status in (200, 307, 503):
        server.reply(status, "", {"Location": "http://elsewhere/", "Retry-After": "60"})
        assert rest.probe(server.url + "/p", 5) == status
    assert [request.method for request in server.requests] == ["GET"] * 3


# ---- the log ---------------------------------------------------------------


def test_debug_log_without_secrets(server, rest, caplog):
    caplog.set_level(logging.DEBUG, logger="cloudtower.rest")
    server.reply(200, {"data": {"token": "pw-1", "name": CAFE}})
    url = server.url.replace("//", "//user:pw-2@") + "/login"
    headers = {"Authorization": "pw-3", "Cookie": "pw-4"}
    rest.POST(url, headers=headers, body={"username": "root", "password": 'pw-5"x', "n": 1})
    text = "\n".join(r.getMessage() for r in caplog.records if r.name == "cloudtower.rest")
    assert "POST %s/login -> 200" % server.url in text
    assert "root" in text and "caf" in text and "pw-" not in text


def test_debug_log_of_failures_and_files(server, rest, caplog):
    caplog.set_level(logging.DEBUG, logger="cloudtower.rest")
    server.reply(drop=True)
    headers = {"Content-Type": "multipart/form-data"}
    with pytest.raises(ApiException):
        rest.POST(server.url + "/x", headers=headers, post_params=[("f", ("n", b"content", "t/t"))])
    warning, record = [each for each in caplog.records if each.name == "cloudtower.rest"]
    assert warning.levelno == logging.WARNING and "may have taken effect" in warning.getMessage()
    assert "may still have processed" in record.getMessage()
    assert "content" not in record.getMessage()


def test_nothing_is_logged_above_debug(server, rest, caplog):
    caplog.set_level(logging.INFO, logger="cloudtower.rest")
    rest.POST(server.url + "/x")
    assert not [each for each in caplog.records if each.name == "cloudtower.rest"]


def test_a_system_without_authorities_gets_those_of_certifi(monkeypatch, tmpdir):
    import certifi

    nothing = str(tmpdir.join("nothing"))
    monkeypatch.setenv("SSL_CERT_FILE", nothing)
    monkeypatch.setenv("SSL_CERT_DIR", nothing)
    manager = RESTClientObject(Configuration()).pool_manager
    assert manager.connection_pool_kw["ca_certs"] == certifi.where()
    configuration = Configuration()
    configuration.ssl_ca_cert = nothing
    manager = RESTClientObject(configuration).pool_manager
    assert manager.connection_pool_kw["ca_certs"] == nothing
