# -*- coding: utf-8 -*-
"""What a call logs, warns of and raises shows no secrets, whoever logs it."""

import logging
import traceback
import warnings

import pytest
from ports import closed_port
from proxy_server import ProxyServer

from cloudtower import ApiClient, ApiException, Configuration, SnmpTransportApi, UserApi, VmApi
from cloudtower import ActivePassiveApiClient, IscsiTargetWhereInput, SnmpTransportCreationParams

SECRETS = ("hunter2", "tok-1")


class Collector(logging.Handler):
    """Keeps each line; `getvalue` joins them."""

    def __init__(self):
        logging.Handler.__init__(self)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))

    def getvalue(self):
        return "\n".join(self.lines)


@pytest.fixture
def logged():
    """Everything that any logger writes at DEBUG, a Collector."""
    collector = Collector()
    root = logging.getLogger()
    level = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    yield collector
    root.setLevel(level)
    root.removeHandler(collector)


def clean(text):
    return not any(secret in text for secret in SECRETS)


BODIES = [
    '{"password": "hunter2"}',
    '{"community": "hunter2", "cut',
    "password: hunter2",
    "{'password': 'hunter2'}",
    "<password>hunter2</password>",
    "Authorization: Bearer hunter2",
    "see https://me:hunter2@h/x",
    "user=me&password=hunter2",
    '{"message": "{\\"password\\": \\"hunter2\\"}"}',
]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_is_kept_whole_and_shown_without_secrets(server, client, logged, body):
    server.reply(400, body)
    with pytest.raises(ApiException) as caught:
        VmApi(client).get_vms({})
    assert caught.value.body == body
    assert clean(str(caught.value)) and "***" in str(caught.value)
    assert "/get-vms" in logged.getvalue() and clean(logged.getvalue())


def test_what_is_secret_in_a_model_is_secret_in_a_log(server, client, logged):
    server.reply(200, [])
    made = SnmpTransportCreationParams(community="hunter2", name="n")
    SnmpTransportApi(client).create_snmp_transport([made])
    assert "hunter2" in server.last.body.decode("utf-8")
    assert clean(logged.getvalue()) and clean(repr(made))


def test_what_only_sounds_secret_is_shown(server, client, logged):
    server.reply(400, '{"password_expired": "seen-1", "password_expire_days": "seen-2"}')
    with pytest.raises(ApiException) as caught:
        UserApi(client).get_users({})
    for text in (str(caught.value), logged.getvalue()):
        assert "seen-1" in text and "seen-2" in text


def test_a_dict_in_a_model_hides_its_secrets():
    made = IscsiTargetWhereInput(_and=[{"chap_secret": "hunter2", "name": "seen"}])
    assert clean(repr(made)) and "seen" in repr(made)


def test_urllib3_logs_no_secrets_of_a_query(server, client, logged):
    client.request("GET", server.url + "/file?secret=hunter2&kept=seen")
    lines = [line for line in logged.getvalue().splitlines() if "GET /file" in line]
    assert lines and "seen" in lines[0]
    assert clean(logged.getvalue())


def test_headers_that_cannot_be_parsed_show_no_secrets(server, client, logged):
    """urllib3 warns of them with a traceback, which quotes what it could not parse."""
    lines = (
        b"no colon: token=hunter2\r\nno colon token=hunter2\r\nAuthorization: Bearer hunter2\r\n"
    )
    server.reply(raw=b"HTTP/1.1 200 OK\r\n" + lines[9:] + b"Content-Length: 2\r\n\r\n[]")
    try:
        VmApi(client).get_vms({})
    except ApiException:  # where Python takes the rest of the head for the body
        assert clean(traceback.format_exc())
    assert clean(logged.getvalue())


def test_a_broken_body_is_not_quoted(server, client, logged):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.reply(raw=head + b"hunter2\r\n[]\r\n0\r\n\r\n")
    with pytest.raises(ApiException):
        try:
            VmApi(client).get_vms({})
        except ApiException:
            assert clean(traceback.format_exc())
            raise
    assert clean(logged.getvalue())


def test_advice_about_a_proxy_is_not_taken_for_a_secret():
    client = ApiClient(Configuration(host="https://localhost:1"))
    with ProxyServer(user="me:hunter2") as proxy:
        client.configuration.proxy = "http://127.0.0.1:%d" % proxy.port
        with pytest.raises(ApiException) as caught:
            VmApi(client).get_vms({})
    assert "Configuration.proxy" in str(caught.value) and "***" not in str(caught.value)


def test_a_traceback_shows_no_secret_of_any_cause():
    with closed_port() as port:
        server = "127.0.0.1:%d" % port
        client = ApiClient(Configuration(host="http://%s/v2/api" % server))
        client.configuration.retries = 1  # urllib3's own error has the whole address then
        address = "http://me:hunter2@%s/x?token=hunter2" % server
        try:
            client.request("GET", address)
        except ApiException:
            shown = traceback.format_exc()
    assert clean(shown) and "ApiConnectionError" in shown


def test_the_warning_for_a_host_without_scheme_has_no_password(server):
    host = server.url.replace("http://", "me:hunter2@") + "/v2/api"
    server.reply(200, [])
    client = ApiClient(Configuration(host=host))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        VmApi(client).get_vms({})
    (text,) = [str(each.message) for each in caught if "scheme" in str(each.message)]
    assert clean(text) and server.url in text


def test_a_long_body_is_cut_in_a_log_and_whole_in_an_exception(server, client, logged):
    server.reply(400, "a" * 50000)
    with pytest.raises(ApiException) as caught:
        VmApi(client).get_vms({})
    assert len(caught.value.body) == 50000 and "a" * 50000 in str(caught.value)
    assert "... 40000 more characters" in logged.getvalue()
    assert "a" * 10001 not in logged.getvalue()


def test_errors_of_several_nodes_show_no_password():
    endpoints = ["https://me:hunter2@a", "https://me:hunter2@a"]
    with pytest.raises(ApiException) as caught:
        ActivePassiveApiClient(endpoints=endpoints)
    assert clean(str(caught.value))
