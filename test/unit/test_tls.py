"""The authorities that a client trusts: a file, a directory, PEM text."""

import copy
import io
import os
import subprocess

import pytest
from proxy_server import ProxyServer
from recording_server import RecordingServer

from cloudtower import ActivePassiveApiClient, ApiClient, ApiException, Configuration
from cloudtower._http.pool import _KNOWS_PROXY_CONTEXT
from cloudtower.exceptions import ApiTypeError, ApiValueError
from cloudtower.network_errors import ApiTLSError

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
