"""What a client trusts: authorities in a file, a directory or PEM text; or one certificate."""

import copy
import hashlib
import io
import os
import pickle
import socket
import ssl
import subprocess
import threading
import time
import warnings

import pytest
from proxy_server import ProxyServer
from recording_server import RecordingServer, Reply

from urllib3 import Retry
from urllib3.exceptions import InsecureRequestWarning

from cloudtower import ActivePassiveApiClient, ApiClient, ApiException, Configuration
from cloudtower._http.pool import _KNOWS_PROXY_CONTEXT, _TLS_IN_TLS
from cloudtower.exceptions import ApiTypeError, ApiValueError
from cloudtower.network_errors import ApiTimeoutError, ApiTLSError

CERTIFICATE = os.path.join(os.path.dirname(__file__), os.pardir, "support", "localhost.pem")
with io.open(CERTIFICATE, encoding="ascii") as stream:
    PEM = stream.read()
PEM = PEM[PEM.index("-----BEGIN CERTIFICATE") :]


@pytest.fixture(scope="module")
def secure():
    with RecordingServer(certificate=CERTIFICATE) as server:
        yield server


def call(server, authorities, **settings):
    configuration = Configuration(host=server.url, ssl_ca_cert=authorities)
    for name, value in settings.items():
        setattr(configuration, name, value)
    with ApiClient(configuration) as client:
        return client.call_api("/x", "POST", body=[1])


@pytest.mark.parametrize(
    "name, value",
    [
        ("ssl_fingerprint", hashlib.sha256(ssl.PEM_cert_to_DER_cert(PEM)).hexdigest()),
        ("ssl_ca_cert", CERTIFICATE),
        ("verify_ssl", False),
    ],
)
def test_what_the_error_advises_helps_the_client_that_has_failed(secure, name, value):
    with ApiClient(Configuration(host=secure.url)) as client:
        with pytest.raises(ApiTLSError) as caught:
            client.call_api("/x", "POST")
        assert name in str(caught.value)
        setattr(client.configuration, name, value)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InsecureRequestWarning)
            client.call_api("/x", "POST")


@pytest.mark.parametrize("name", ["ssl_ca_cert", "cert_file", "key_file"])
def test_a_file_that_does_not_exist_is_named(secure, name):
    files = {"ssl_ca_cert": CERTIFICATE, "cert_file": CERTIFICATE, name: "/nowhere/x.pem"}
    configuration = Configuration(host=secure.url)
    for setting, path in files.items():
        setattr(configuration, setting, path)
    with ApiClient(configuration) as client, pytest.raises(ApiTLSError) as caught:
        client.call_api("/x", "POST")
    assert "Configuration.%s, /nowhere/x.pem, does not exist." % name in str(caught.value)
    assert str(caught.value).count("does not exist") == 1 and not caught.value.retryable


def test_a_certificate_that_is_text_is_not_called_a_missing_file(secure):
    configuration = Configuration(host=secure.url, ssl_ca_cert=PEM)
    configuration.cert_file, configuration.key_file = "/nowhere/x.pem", CERTIFICATE
    with ApiClient(configuration) as client, pytest.raises(ApiTLSError) as caught:
        client.call_api("/x", "POST")
    assert "Configuration.cert_file, /nowhere/x.pem, does not exist." in str(caught.value)
    assert str(caught.value).count("does not exist") == 1 and "BEGIN" not in str(caught.value)


def test_settings_that_become_stricter_hold_after_close(secure):
    with ApiClient(Configuration(host=secure.url, ssl_ca_cert=CERTIFICATE)) as client:
        client.call_api("/x", "POST")
        client.configuration.ssl_fingerprint = "ab" * 32
        client.close()
        with pytest.raises(ApiTLSError):
            client.call_api("/x", "POST")
        client.configuration.ssl_fingerprint = None
        client.configuration.ssl_ca_cert = "-----BEGIN CERTIFICATE-----"
        with pytest.raises(ApiValueError) as caught:
            client.call_api("/x", "POST")
        assert "Configuration.ssl_ca_cert" in str(caught.value)


@pytest.mark.parametrize("retries", [None, 0, Retry(0)])
def test_settings_that_stay_keep_the_connections(retries):
    with RecordingServer() as server, ApiClient(Configuration(host=server.url)) as client:
        client.configuration.retries, client.configuration.proxy_headers = retries, {"x-a": "b"}
        server.script([Reply(200, delay=2)])
        manager = client.rest_client.pool_manager
        with pytest.raises(ApiTimeoutError):
            client.call_api("/x", "POST", _request_timeout=0.2)
        client.call_api("/x", "POST")
        assert client.rest_client.pool_manager is manager


def test_a_pool_manager_of_a_scripts_own_stays(secure):
    with ApiClient(Configuration(host=secure.url, ssl_ca_cert=CERTIFICATE)) as client:
        manager = client.rest_client.pool_manager
        client.rest_client.pool_manager = manager
        client.configuration.ssl_ca_cert = None
        client.close()
        client.call_api("/x", "POST")
        assert client.rest_client.pool_manager is manager


@pytest.mark.parametrize(
    "text",
    [
        PEM,
        str(PEM),
        PEM.encode("ascii"),
        PEM.replace("\n", "\r\n"),
        PEM.replace("\n", "\\n"),
        "\n".join("    " + line for line in PEM.splitlines()),
        "# a comment\n" + PEM + PEM,
    ],
)
def test_pem_text(secure, text):
    call(secure, text)


def test_pem_text_through_a_proxy_and_copies(secure):
    configuration = copy.deepcopy(Configuration(host="https://localhost", ssl_ca_cert=PEM))
    with ProxyServer(inner=CERTIFICATE) as proxy:
        configuration.proxy = proxy.url
        with ApiClient(configuration) as client:
            client.call_api("/x", "POST", body=[1])
    if not _KNOWS_PROXY_CONTEXT:
        return
    with ProxyServer(certificate=CERTIFICATE, inner=CERTIFICATE) as proxy:
        call(proxy, PEM, host="http://tower.example", proxy=proxy.url)
        assert proxy.last.path == "http://tower.example/x"
        with pytest.raises(ApiException):  # its certificate has no such name
            call(proxy, PEM, host="http://tower.example", proxy="https://127.1:%d" % proxy.port)


def test_nodes_have_it_too(secure):
    nodes = ActivePassiveApiClient([secure.url], configuration=Configuration(ssl_ca_cert=PEM))
    nodes.call_api("/x", "POST", body=[1])
    nodes.close()


def test_from_the_environment(secure, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", secure.url)
    monkeypatch.setenv("CLOUDTOWER_CA_CERT", str(PEM))
    with ApiClient(Configuration.from_env()) as client:
        client.call_api("/x", "POST", body=[1])


def test_directory_of_any_files(secure, tmpdir):
    tmpdir.join("tower.crt").write(PEM)
    tmpdir.join("README").write("nothing")
    tmpdir.join("key.pem").write("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n")
    tmpdir.mkdir("more")
    call(secure, str(tmpdir))


def test_directory_with_hashes(secure, tmpdir):
    if not _is_installed("openssl"):
        pytest.skip("no openssl on this machine")
    name = subprocess.check_output(["openssl", "x509", "-noout", "-hash", "-in", CERTIFICATE])
    tmpdir.join(name.decode("ascii").strip() + ".0").write(PEM)
    call(secure, str(tmpdir))


def test_directory_with_hashes_of_some(secure, tmpdir):
    tmpdir.join("01234567.0").write(PEM)  # of another certificate than it says
    with pytest.raises(ApiTLSError):
        call(secure, str(tmpdir))
    tmpdir.join("mine.pem").write(PEM)
    call(secure, str(tmpdir))


def _is_installed(name):
    return any(
        os.access(os.path.join(folder, name), os.X_OK)
        for folder in os.environ.get("PATH", "").split(os.pathsep)
    )


@pytest.mark.parametrize("content", [None, "", "no certificate", "key"])
def test_files_that_cannot_be_used(secure, tmpdir, content):
    path = tmpdir.join("ca.pem")
    if content is not None:
        path.write(content)
    with pytest.raises(ApiTLSError) as caught:
        call(secure, str(path))
    assert "Configuration.ssl_ca_cert" in str(caught.value)
    assert caught.value.outcome == "not_sent"


def test_directory_and_text_without_certificates(secure, tmpdir):
    broken = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"
    other = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"
    for given in (str(tmpdir), broken, other):
        with pytest.raises(ApiValueError, match="Configuration.ssl_ca_cert"):
            call(secure, given)
    tmpdir.join("a.pem").write(broken)
    with pytest.raises(ApiValueError, match="Configuration.ssl_ca_cert"):
        call(secure, str(tmpdir))
    with pytest.raises(ApiTypeError, match="Configuration.ssl_ca_cert"):
        call(secure, 5)


@pytest.mark.parametrize("form", ["file", "directory", "text"])
def test_the_other_settings_keep_working(secure, tmpdir, form):
    tmpdir.join("ca.pem").write(PEM)
    given = {"file": str(tmpdir.join("ca.pem")), "directory": str(tmpdir), "text": PEM}[form]
    # The same address, in a form that the certificate does not have.
    unnamed = secure.url.replace("localhost", "127.1")
    with pytest.raises(ApiTLSError):
        call(secure, given, host=unnamed)
    call(secure, given, host=unnamed, assert_hostname="localhost")
    call(secure, given, host=unnamed, assert_hostname=False)
    with pytest.raises(ApiTLSError):
        call(secure, given, assert_hostname="other.example")
    call(secure, given, cert_file=CERTIFICATE, key_file=CERTIFICATE)
    with pytest.warns(Warning):
        call(secure, given, host=unnamed, verify_ssl=False)


def test_path_objects(secure):
    pathlib = pytest.importorskip("pathlib")
    if hasattr(pathlib.Path, "__fspath__"):
        call(secure, pathlib.Path(CERTIFICATE))


# ---- ssl_fingerprint -----------------------------------------------------------


DIGITS = hashlib.sha256(ssl.PEM_cert_to_DER_cert(str(PEM))).hexdigest()
SHOWN = ":".join(DIGITS[i : i + 2] for i in range(0, 64, 2)).upper()
OTHER = "0" * 64


@pytest.mark.parametrize(
    "given",
    [
        DIGITS,
        DIGITS.upper(),
        SHOWN,
        SHOWN.lower(),
        " %s\n" % SHOWN,
        SHOWN.replace(":", " "),
        "sha256 Fingerprint=" + SHOWN,
        "SHA256:" + DIGITS,
        DIGITS.encode("ascii").decode("ascii"),
    ],
)
def test_a_fingerprint_is_trusted_whoever_issued_the_certificate(secure, given):
    with warnings.catch_warnings():
        warnings.simplefilter("error", InsecureRequestWarning)
        call(secure, None, ssl_fingerprint=given)
        unnamed = secure.url.replace("localhost", "127.1")
        call(secure, None, ssl_fingerprint=given, host=unnamed)
        call(secure, None, ssl_fingerprint=given, verify_ssl=False)
        call(secure, None, ssl_fingerprint=given, assert_hostname="other.example")
        call(secure, PEM, ssl_fingerprint=given)


@pytest.mark.parametrize("authorities", [None, PEM, CERTIFICATE])
@pytest.mark.parametrize("verify", [True, False])
def test_another_certificate_is_refused(secure, authorities, verify):
    before = len(secure.requests)
    with pytest.raises(ApiTLSError) as caught:
        call(secure, authorities, ssl_fingerprint=OTHER, verify_ssl=verify)
    error = caught.value
    assert (error.outcome, error.retryable, error.fingerprint) == ("not_sent", False, SHOWN)
    assert SHOWN in str(error) and "ssl_fingerprint" in str(error)
    assert len(error.attempts) == 1
    assert len(secure.requests) == before
    call(secure, authorities, ssl_fingerprint=error.fingerprint)


@pytest.mark.parametrize(
    "given, message",
    [
        (DIGITS[:40], "SHA-1"),
        (DIGITS[:32], "MD5"),
        (DIGITS[:-1], "63 characters"),
        (DIGITS + "0", "65 characters"),
        (DIGITS[:-1] + "g", "64 hexadecimal"),
        ("pin", "64 hexadecimal"),
        (5, "str, not int"),
        (True, "str, not bool"),
        ([DIGITS], "str, not list"),
    ],
)
def test_an_invalid_fingerprint(given, message, monkeypatch):
    configuration = Configuration(host="https://localhost")
    with pytest.raises((ApiTypeError, ApiValueError)) as caught:
        configuration.ssl_fingerprint = given
    assert message in str(caught.value)
    assert "Configuration.ssl_fingerprint" in str(caught.value)
    assert configuration.ssl_fingerprint is None
    monkeypatch.setattr(Configuration, "ssl_fingerprint", given)
    with pytest.raises((ApiTypeError, ApiValueError), match="Configuration.ssl_fingerprint"):
        ApiClient(configuration).call_api("/x", "GET")


@pytest.mark.parametrize("given", [None, "", " "])
def test_no_fingerprint(secure, given):
    call(secure, PEM, ssl_fingerprint=given)
    with pytest.raises(ApiTLSError):
        call(secure, None, ssl_fingerprint=given)


@pytest.mark.filterwarnings("ignore:the host has no scheme")
@pytest.mark.parametrize("host", ["http://localhost:9", "localhost:9"])
def test_a_fingerprint_needs_https(host):
    configuration = Configuration(host=host)
    configuration.ssl_fingerprint = DIGITS
    with pytest.raises(ApiValueError, match="https"):
        ApiClient(configuration).call_api("/x", "GET")


def test_fingerprints_of_copies_pickles_and_nodes(secure):
    configuration = Configuration(host=secure.url)
    configuration.ssl_fingerprint = SHOWN
    for copied in (
        copy.copy(configuration),
        copy.deepcopy(configuration),
        pickle.loads(pickle.dumps(configuration)),
    ):
        assert copied.ssl_fingerprint == SHOWN
        with ApiClient(copied) as client:
            client.call_api("/x", "POST", body=[1])
    template = Configuration()
    template.ssl_fingerprint = SHOWN
    nodes = ActivePassiveApiClient([secure.url], configuration=template)
    nodes.call_api("/x", "POST", body=[1])
    nodes.close()


def test_a_fingerprint_through_a_proxy():
    with ProxyServer(inner=CERTIFICATE) as proxy:
        settings = {"host": "https://tower.example", "proxy": proxy.url}
        call(proxy, None, ssl_fingerprint=DIGITS, **settings)
        for fingerprint in (OTHER, None):
            with pytest.raises(ApiTLSError) as caught:
                call(proxy, None, ssl_fingerprint=fingerprint, **settings)
            assert caught.value.fingerprint == SHOWN


@pytest.mark.skipif(not _TLS_IN_TLS, reason="no TLS within TLS")
def test_the_certificate_of_a_proxy_is_still_checked():
    with ProxyServer(certificate=CERTIFICATE, inner=CERTIFICATE) as proxy:
        settings = {"host": "https://tower.example", "ssl_fingerprint": DIGITS}
        address = "https://localhost:%d" % proxy.port
        call(proxy, PEM, proxy=address, **settings)
        call(proxy, CERTIFICATE, proxy=address, **settings)
        unnamed = "https://127.1:%d" % proxy.port  # the server, by another name
        tunnels = len(proxy.requests)
        for authorities, other in ((None, address), (PEM, unnamed)):
            with pytest.raises(ApiException) as caught:
                call(proxy, authorities, proxy=other, **settings)
            assert caught.value.outcome == "not_sent"
        assert len(proxy.requests) == tunnels
        call(proxy, None, proxy=unnamed, verify_ssl=False, **settings)


@pytest.mark.skipif(not _TLS_IN_TLS, reason="no TLS within TLS")
def test_behind_a_checked_proxy_the_fingerprint_alone_counts():
    with ProxyServer(certificate=CERTIFICATE, inner=CERTIFICATE) as proxy:
        settings = {"host": "https://tower.example", "proxy": "https://localhost:%d" % proxy.port}
        for wrong in (OTHER, None):  # the second: a certificate for another name
            with pytest.raises(ApiTLSError):
                call(proxy, PEM, ssl_fingerprint=wrong, **settings)
        assert {each.method for each in proxy.requests} == {"CONNECT"}
        configuration = Configuration(host=settings["host"], ssl_ca_cert=PEM)
        configuration.proxy = settings["proxy"]
        configuration.ssl_fingerprint = DIGITS
        with ApiClient(configuration) as client:
            for _ in range(2):  # each on a connection of its own
                client.call_api("/x", "POST", body=[1])
                client.rest_client.pool_manager.clear()
        assert [each.method for each in proxy.requests[-4:]] == ["CONNECT", "POST"] * 2


def test_an_error_says_what_it_saw(secure):
    before = len(secure.requests)
    unnamed = secure.url.replace("localhost", "127.1")
    for authorities, host in ((None, secure.url), (PEM, unnamed)):
        with pytest.raises(ApiTLSError) as caught:
            call(secure, authorities, host=host)
        error = caught.value
        assert error.fingerprint == SHOWN
        assert SHOWN in str(error) and "Configuration.ssl_fingerprint" in str(error)
        assert (error.outcome, error.retryable) == ("not_sent", False)
        assert pickle.loads(pickle.dumps(error)).fingerprint == SHOWN
    assert len(secure.requests) == before


def test_the_client_shows_no_certificate_and_no_secret_to_see_it():
    seen = []
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))
    context.load_cert_chain(CERTIFICATE)
    context.load_verify_locations(CERTIFICATE)
    context.verify_mode = ssl.CERT_OPTIONAL
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(5)

    def serve():
        for _ in range(2):
            sock, _ = listener.accept()
            sock.settimeout(10)
            try:
                wrapped = context.wrap_socket(sock, server_side=True)
            except EnvironmentError:
                sock.close()  # of the one that does not trust the certificate
                continue
            seen.append(wrapped.getpeercert(True))
            try:
                seen.append(wrapped.recv(100))
            except EnvironmentError:  # a connection that was reset
                seen.append(b"")
            wrapped.close()

    thread = threading.Thread(target=serve)
    thread.daemon = True
    thread.start()
    configuration = Configuration(host="https://localhost:%d" % listener.getsockname()[1])
    configuration.api_key["Authorization"] = "token"
    configuration.cert_file = configuration.key_file = CERTIFICATE
    with pytest.raises(ApiTLSError) as caught:
        ApiClient(configuration).call_api("/x", "GET", auth_settings=["Authorization"])
    thread.join(20)
    listener.close()
    assert caught.value.fingerprint == SHOWN
    assert seen[-2:] == [None, b""]


def test_a_server_that_stops_after_the_first_connection():
    # The second one, which is to see the certificate, must keep the limits of the call.
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))
    context.load_cert_chain(CERTIFICATE)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(5)
    held = []

    def serve():
        sock, _ = listener.accept()
        try:
            context.wrap_socket(sock, server_side=True)
        except EnvironmentError:
            pass
        sock.close()
        held.append(listener.accept())  # and says nothing

    thread = threading.Thread(target=serve)
    thread.daemon = True
    thread.start()
    host = "https://localhost:%d" % listener.getsockname()[1]
    began = time.time()
    with pytest.raises(ApiTLSError) as caught:
        ApiClient(Configuration(host=host)).call_api("/x", "GET", _request_timeout=1)
    assert time.time() - began < 10
    assert caught.value.fingerprint is None
    assert "Configuration.ssl_ca_cert" in str(caught.value)
    listener.close()
