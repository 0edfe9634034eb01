"""Each failure is made on a real socket: what is caught, what is said, what is known."""

import os
import pickle
import sys

import pytest
import urllib3
from ports import closed_port, deaf_port
from recording_server import RecordingServer
from urllib3.exceptions import (
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from cloudtower._http.network_errors import (
    ApiConnectionError,
    ApiProtocolError,
    ApiProxyError,
    ApiTimeoutError,
    ApiTLSError,
    translate,
)
from cloudtower.configuration import Configuration
from cloudtower.exceptions import ApiException
from cloudtower.rest import RESTClientObject

CERTIFICATE = os.path.join(os.path.dirname(__file__), os.pardir, "support", "localhost.pem")

# A Retry that repeats every method; the name of it changed in urllib3 1.26.
RENAMED = hasattr(urllib3.Retry.DEFAULT, "allowed_methods")
ANY_METHOD = {"allowed_methods": None} if RENAMED else {"method_whitelist": False}


@pytest.fixture
def tls_server():
    with RecordingServer(certificate=CERTIFICATE) as server:
        yield server


def failure(url, method="POST", timeout=5, **settings):
    configuration = Configuration()
    configuration.retry_policy = None
    for name, value in settings.items():
        setattr(configuration, name, value)
    client = RESTClientObject(configuration)
    with pytest.raises(ApiException) as caught:
        client.request(method, url, _request_timeout=timeout)
    assert caught.value.status == 0 and isinstance(caught.value, HTTPError)
    return caught.value


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("retries, also", [(None, MaxRetryError), (False, NewConnectionError)])
def test_nothing_listens(method, retries, also):
    with closed_port() as port:
        url = "http://user:pw-1@127.0.0.1:%d/v2/api/start-vm?token=pw-2" % port
        error = failure(url, method, retries=retries)
    assert type(error) is ApiConnectionError and isinstance(error, also)
    assert error.outcome == "not_sent"
    shown = "%s http://127.0.0.1:%d/v2/api/start-vm: " % (method, port)
    assert error.reason.startswith(shown) and "refused" in error.reason
    assert "Nothing was sent" in error.reason and "Configuration.host" in error.reason
    assert "pw-" not in str(error) and "object at 0x" not in str(error)


def test_name_that_nobody_knows():
    error = failure("http://nobody.invalid/x")
    assert type(error) is ApiConnectionError and isinstance(error, MaxRetryError)
    assert error.outcome == "not_sent" and "DNS settings" in error.reason


def test_address_that_is_none():
    error = failure("http://[::1/x")
    assert type(error) is ApiConnectionError and error.outcome == "not_sent"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems refuse at once")
def test_connecting_takes_too_long():
    with deaf_port() as port:
        error = failure("http://127.0.0.1:%d/x" % port, timeout=(0.2, 5), retries=0)
    assert type(error) is ApiTimeoutError and isinstance(error, MaxRetryError)
    assert error.outcome == "not_sent" and "firewall" in error.reason


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_answer_takes_too_long(server, method):
    server.reply(200, {}, delay=1)
    error = failure(server.url + "/x", method, timeout=0.2, retries=None if method == "POST" else 0)
    assert type(error) is ApiTimeoutError
    assert isinstance(error, ReadTimeoutError) and isinstance(error, MaxRetryError)
    assert error.outcome == "unknown"
    assert "_request_timeout" in error.reason and "may still have processed" in error.reason
    assert len(server.requests) == 1


def test_dropped_request_that_changes_things_is_not_repeated(server):
    server.reply(drop=True)
    error = failure(server.url + "/x")
    assert type(error) is ApiProtocolError and isinstance(error, ProtocolError)
    assert error.outcome == "unknown" and len(server.requests) == 1


def test_dropped_read_is_an_error(server):
    server.reply(drop=True)
    error = failure(server.url + "/x", "GET")
    assert type(error) is ApiProtocolError and isinstance(error, MaxRetryError)
    assert len(server.requests) == 1


def test_answer_that_is_no_http(server):
    server.reply(raw=b"HTTP/1.1 what\r\n\r\n")
    error = failure(server.url + "/x")
    assert type(error) is ApiProtocolError and "another service" in error.reason


def test_body_cut_short(server):
    server.reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc")
    error = failure(server.url + "/x")
    assert type(error) is ApiProtocolError and error.outcome == "unknown"


def test_certificate_nobody_vouches_for(tls_server):
    error = failure(tls_server.url + "/x")
    assert type(error) is ApiTLSError
    assert isinstance(error, SSLError) and isinstance(error, MaxRetryError)
    assert error.outcome == "not_sent"
    assert "ssl_ca_cert" in error.reason and "verify_ssl" in error.reason
    assert isinstance(failure(tls_server.url + "/x", retries=False), ApiTLSError)


def test_certificate_of_another_server(tls_server):
    error = failure(tls_server.url + "/x", ssl_ca_cert=CERTIFICATE, assert_hostname="other.example")
    assert type(error) is ApiTLSError and error.outcome == "not_sent"


def test_plain_server_behind_https(server):
    error = failure(server.url.replace("http:", "https:") + "/x", retries=0)
    assert type(error) is ApiTLSError and error.outcome == "not_sent"
    assert "plain http" in error.reason and "use http://" in error.reason


@pytest.mark.parametrize(
    "error, says",
    [
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", "use http://"),
        ("[SSL] record layer failure (_ssl.c:1032)", "use http://"),
        ("[SSL: UNKNOWN_PROTOCOL] unknown protocol (_ssl.c:727)", "use http://"),
        ("[SSL: HTTP_REQUEST] http request (_ssl.c:727)", "use http://"),
        ("EOF occurred in violation of protocol (_ssl.c:997)", "use http://"),
        ("[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation", "use http://"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "ssl_ca_cert"),
        ("[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert", "certificates on both sides"),
    ],
)
def test_what_openssl_says_of_a_server_without_tls(error, says):
    raised = translate(SSLError(error), "POST", "https://h/x")
    assert type(raised) is ApiTLSError and says in raised.reason


def test_tls_server_behind_http(tls_server):
    error = failure(tls_server.url.replace("https:", "http:") + "/x")
    assert type(error) is ApiProtocolError and "use https://" in error.reason


@pytest.mark.parametrize(
    "record", [b"\x15\x03\x03\x00\x02\x02F", b"\x15\x03\x01\x00\x02\x02\n", b"\x16\x03\x01\n"]
)
def test_tls_alert_for_a_plain_request(server, record):
    server.reply(raw=record)
    error = failure(server.url + "/x")
    assert type(error) is ApiProtocolError and error.outcome == "not_sent"
    assert "speaks TLS at this port: use https://" in error.reason
    assert "\x15" not in str(error) and "\x16" not in str(error)


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"-1\r\n[]",
        CHUNKED + b"f" * 30 + b"\r\nabc",
        CHUNKED + b"7fffffff\r\nabc",
        CHUNKED + b"zz\r\nabc",
        CHUNKED + b"\r\n\r\n",
        CHUNKED + b"2",
        CHUNKED + b"2;" + b"x" * 70000 + b"\r\n[]",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n[]",
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]",
        HEAD + b"X: " + b"x" * 70000 + b"\r\n\r\n[]",
        b"HTTP/1.1 200 " + b"x" * 70000 + b"\r\n\r\n",
        b"HTTP/1.1 1000 x\r\n\r\n",
        b"HTTP/1.1 099 x\r\n\r\n",
        b"HTTP/1.1 abc x\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"\x00\x01\x02\xff",
        b"<html>not a status line</html>",
        b"",
        b"HTTP/1.1 400 x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc",
    ],
)
@pytest.mark.parametrize("preload", [True, False])
def test_broken_responses(server, raw, preload):
    server.reply(raw=raw)
    with pytest.raises(ApiException) as caught:
        response = RESTClientObject(Configuration()).request(
            "POST", server.url + "/x", _request_timeout=5, _preload_content=preload
        )
        assert preload or response.status == 200  # whoever reads it finds out
        raise ApiException(0)
    error = caught.value
    assert error.status == 0 and error.outcome == "unknown" and len(str(error)) < 2000
    assert "\r" not in str(error) and "\0" not in str(error)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 2\r\nContent-Length: 2\r\n",
        b"Content-Encoding: unheard-of\r\nContent-Length: 2\r\n",
        b"X-\xff\xfe: \xff\xfe\r\nContent-Length: 2\r\n",
        b"Content-Type: \xff\xff; charset=\xff\r\nContent-Length: 2\r\n",
        b"Content-Length: abc\r\n",
        b"",
    ],
)
def test_odd_responses_that_can_be_read(server, head):
    server.reply(raw=HEAD + head + b"\r\n[]")
    response = RESTClientObject(Configuration()).request("POST", server.url, _request_timeout=5)
    assert response.data == b"[]"


def test_missing_certificate_files(tls_server):
    for setting in ("ssl_ca_cert", "cert_file"):
        error = failure(tls_server.url + "/x", retries=0, **{setting: "/nowhere/x.pem"})
        assert type(error) is ApiTLSError and error.outcome == "not_sent"
        assert "ssl_ca_cert" in error.reason and "cert_file" in error.reason


def test_proxy_that_is_not_there():
    with closed_port() as port:
        proxy = "http://user:pw-1@127.0.0.1:%d" % port
        error = failure("http://tower.example/x", proxy=proxy, retries=0)
    assert type(error) is ApiProxyError
    assert isinstance(error, ProxyError) and isinstance(error, MaxRetryError)
    assert error.outcome == "not_sent" and "Configuration.proxy" in error.reason
    assert "pw-1" not in str(error)


def test_proxy_that_refuses_to_connect(server):
    server.reply(403, "no")
    error = failure("https://tower.example/x", proxy=server.url, retries=0)
    assert type(error) is ApiProxyError and error.outcome == "not_sent"
    assert server.requests[0].method == "CONNECT"


def test_too_many_errors_that_were_to_be_retried(server):
    server.reply(503, "")
    retries = urllib3.Retry(total=1, status_forcelist=[503], backoff_factor=0, **ANY_METHOD)
    error = failure(server.url + "/x", retries=retries)
    assert type(error) is ApiProtocolError and isinstance(error, MaxRetryError)
    assert error.outcome == "unknown" and "503" in error.reason


def test_a_repeated_change_is_never_said_to_be_unsent(server):
    with closed_port() as port:
        url = "http://127.0.0.1:%d/x" % port
        error = failure(url, retries=urllib3.Retry(total=1, **ANY_METHOD))
        assert type(error) is ApiConnectionError and error.outcome == "unknown"
        assert failure(url, retries=urllib3.Retry(total=1)).outcome == "not_sent"


def test_cause_is_chained(server):
    server.reply(drop=True)
    error = failure(server.url + "/x")
    if sys.version_info[0] > 2:
        assert isinstance(error.__cause__, ProtocolError)


def test_text_names_the_operation():
    with closed_port() as port:
        error = failure("http://127.0.0.1:%d/x" % port)
    error.operation = "VmApi.start_vm"
    assert str(error) == "(0)\nReason: %s\nOperation: VmApi.start_vm\n" % error.reason


@pytest.mark.parametrize(
    "make", [ApiConnectionError, ApiTimeoutError, ApiTLSError, ApiProxyError, ApiProtocolError]
)
def test_pickle_keeps_everything(make):
    error = make(reason="why", outcome="not_sent", url="http://h/x")
    error.operation = "VmApi.start_vm"
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is make and vars(copy) == vars(error) and str(copy) == str(error)


def test_reason_is_not_taken_from_what_the_caller_was_handling():
    with closed_port() as port:
        try:
            raise KeyError("unrelated")
        except KeyError:
            error = failure("http://127.0.0.1:%d/x" % port)
    assert "unrelated" not in error.reason and "refused" in error.reason


def test_any_other_urllib3_error_is_translated_too():
    assert isinstance(translate(HTTPError("strange"), "GET", "http://h/x"), ApiProtocolError)
    pool = urllib3.exceptions.EmptyPoolError(None, "no more")
    assert isinstance(translate(pool, "GET", "http://h/x"), ApiConnectionError)
