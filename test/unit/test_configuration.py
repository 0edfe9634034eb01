# -*- coding: utf-8 -*-
import base64
import copy
import logging
import pickle
import subprocess
import sys
import warnings

import pytest

from cloudtower import _spec
from cloudtower import configuration as module
from cloudtower.configuration import Configuration, Credentials
from cloudtower.exceptions import ApiValueError

UMLAUT = b"\xc3\xbc".decode("utf-8")
CHINESE = b"\xe4\xb8\xad".decode("utf-8")


def urls(configuration):
    return (
        configuration.host,
        configuration.root_url,
        configuration.api_path,
        configuration.probe_url,
    )


@pytest.fixture(autouse=True)
def no_default():
    yield
    Configuration.set_default(None)


@pytest.fixture
def loggers():
    named = [logging.getLogger("cloudtower"), logging.getLogger("urllib3")]
    before = [(logger.level, list(logger.handlers)) for logger in named]
    yield named
    for logger, (level, handlers) in zip(named, before):
        logger.setLevel(level)
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
            handler.close()


# (keywords of the constructor, (host, root_url, api_path, probe_url)), as the published SDK gives
CONSTRUCTED = [
    ({}, ("http://localhost", "http://localhost", "", "http://localhost/api/healthz")),
    (
        {"host": "http://h/v2/api"},
        ("http://h/v2/api", "http://h", "/v2/api", "http://h/api/healthz"),
    ),
    (
        {"host": " http://h/v2/api/?q#f "},
        ("http://h/v2/api", "http://h", "/v2/api", "http://h/api/healthz"),
    ),
    ({"host": "http://h"}, ("http://h", "http://h", "", "http://h/api/healthz")),
    ({"host": "h/v2/api"}, ("h/v2/api", "h/v2/api", "", "h/v2/api")),
    (
        {"host": "h/v2/api", "scheme": "https"},
        ("https://h/v2/api", "https://h", "/v2/api", "https://h/api/healthz"),
    ),
    (
        {"host": "h:8443", "scheme": "https"},
        ("https://h:8443", "https://h:8443", "", "https://h:8443/api/healthz"),
    ),
    (
        {"host": "http://h/a", "scheme": "https"},
        ("http://h/a", "http://h", "/a", "http://h/api/healthz"),
    ),
    (
        {"host": "http://h/a", "api_path": "b/"},
        ("http://h/b", "http://h", "/b", "http://h/api/healthz"),
    ),
    ({"host": "http://h/a", "api_path": "/"}, ("http://h", "http://h", "", "http://h/api/healthz")),
    ({"host": "http://h/a", "probe_path": "p"}, ("http://h/a", "http://h", "/a", "http://h/p")),
    ({"host": "http://h/a", "probe_path": "/"}, ("http://h/a", "http://h", "/a", "http://h")),
    (
        {"host": "http://u:p@h/a"},
        ("http://u:p@h/a", "http://u:p@h", "/a", "http://u:p@h/api/healthz"),
    ),
    (
        {"host": "http://x", "root_url": "http://h/"},
        ("http://h/v2/api", "http://h", "/v2/api", "http://h/api/healthz"),
    ),
    (
        {"base_url": "http://h/pre/"},
        ("http://h/pre/v2/api", "http://h/pre", "/v2/api", "http://h/pre/api/healthz"),
    ),
    (
        {"root_url": "http://h", "api_path": ""},
        ("http://h/v2/api", "http://h", "/v2/api", "http://h/api/healthz"),
    ),
    (
        {"root_url": "http://h", "api_path": "/"},
        ("http://h", "http://h", "", "http://h/api/healthz"),
    ),
    (
        {"root_url": "h", "scheme": "https"},
        ("https://h/v2/api", "https://h", "/v2/api", "https://h/api/healthz"),
    ),
    (
        {"base_url": "http://b", "root_url": "r"},
        ("http://b/r/v2/api", "http://b/r", "/v2/api", "http://b/r/api/healthz"),
    ),
    (
        {"base_url": "http://b", "root_url": "http://r"},
        ("http://r/v2/api", "http://r", "/v2/api", "http://r/api/healthz"),
    ),
    (
        {"api_path": "x"},
        ("http://localhost/x", "http://localhost", "/x", "http://localhost/api/healthz"),
    ),
]


@pytest.mark.parametrize("keywords, expected", CONSTRUCTED)
def test_addresses_of_the_constructor(keywords, expected):
    configuration = Configuration(**keywords)
    assert urls(configuration) == expected
    assert configuration.base_url == configuration.root_url


# (attributes to set, one after the other, on host=http://h/v2/api, the same four)
ASSIGNED = [
    (
        [("host", "https://g:1/y/?q")],
        ("https://g:1/y", "https://g:1", "/y", "https://g:1/api/healthz"),
    ),
    ([("host", "g")], ("g", "http://h", "/v2/api", "http://h/api/healthz")),
    (
        [("probe_path", "/p"), ("host", "http://g")],
        ("http://g", "http://g", "", "http://g/api/healthz"),
    ),
    ([("scheme", "https")], ("https://h/v2/api", "https://h", "/v2/api", "https://h/api/healthz")),
    ([("scheme", None)], ("http://h/v2/api", "http://h", "/v2/api", "http://h/api/healthz")),
    ([("base_url", "g")], ("http://g/v2/api", "http://g", "/v2/api", "http://g/api/healthz")),
    (
        [("root_url", "https://g/p/")],
        ("https://g/p/v2/api", "https://g/p", "/v2/api", "https://g/p/api/healthz"),
    ),
    ([("root_url", None)], ("http://h/v2/api", None, "/v2/api", "http://h/api/healthz")),
    ([("api_path", "x")], ("http://h/x", "http://h", "/x", "http://h/api/healthz")),
    ([("api_path", "")], ("http://h", "http://h", "", "http://h/api/healthz")),
    (
        [("api_path", ""), ("api_path", None)],
        ("http://h/v2/api", "http://h", "/v2/api", "http://h/api/healthz"),
    ),
    ([("probe_path", "x")], ("http://h/v2/api", "http://h", "/v2/api", "http://h/x")),
    (
        [("probe_path", ""), ("probe_path", None)],
        ("http://h/v2/api", "http://h", "/v2/api", "http://h/api/healthz"),
    ),
    ([("probe_url", " http://p ")], ("http://h/v2/api", "http://h", "/v2/api", "http://p")),
    ([("probe_url", None)], ("http://h/v2/api", "http://h", "/v2/api", None)),
]


@pytest.mark.parametrize("steps, expected", ASSIGNED)
def test_addresses_that_are_set(steps, expected):
    configuration = Configuration(host="http://h/v2/api")
    for name, value in steps:
        setattr(configuration, name, value)
    assert urls(configuration) == expected


def test_schemes():
    assert Configuration(host="https://h").scheme == "https"
    assert Configuration(host="h").scheme is None
    assert Configuration(root_url="h", scheme="https").scheme == "https"


def test_addresses_that_cannot_be():
    with pytest.raises(AttributeError):
        Configuration().host = None
    if bytes is not str:
        with pytest.raises(TypeError):
            Configuration(host=b"http://h")


def test_positions_of_the_constructor():
    configuration = Configuration(
        "http://h", {"a": "1"}, {"a": "2"}, "u", "p", True, "maximum", "ca", None, None, "/x", "/y"
    )
    assert configuration.api_key == {"a": "1"} and configuration.api_key_prefix == {"a": "2"}
    assert (configuration.username, configuration.password) == ("u", "p")
    assert configuration.discard_unknown_keys is True
    assert configuration.disabled_client_side_validations == "maximum"
    assert configuration.ssl_ca_cert == "ca"
    assert urls(configuration) == ("http://h/x", "http://h", "/x", "http://h/y")


def test_defaults():
    configuration = Configuration()
    expected = {
        "temp_folder_path": None,
        "api_key": {},
        "api_key_prefix": {},
        "refresh_api_key_hook": None,
        "logger_format": "%(asctime)s %(levelname)s %(message)s",
        "logger_stream_handler": None,
        "logger_file_handler": None,
        "logger_file": None,
        "debug": False,
        "verify_ssl": True,
        "ssl_ca_cert": None,
        "assert_hostname": None,
        "proxy": None,
        "safe_chars_for_path_param": "",
        "retries": None,
        "client_side_validation": True,
        "socket_options": None,
        "strict_models": True,
        "timeout": (10, 300),
        "credentials": None,
    }
    assert dict((name, getattr(configuration, name)) for name in expected) == expected
    assert configuration.connection_pool_maxsize % 5 == 0
    assert sorted(configuration.logger) == ["package_logger", "urllib3_logger"]
    configuration.anything = 1
    configuration.connection_pool_maxsize = 3
    assert (configuration.anything, configuration.connection_pool_maxsize) == (1, 3)


def test_given_secrets_are_kept_by_reference():
    keys = {"Authorization": "tok"}
    assert Configuration(api_key=keys).api_key is keys
    empty = {}
    assert Configuration(api_key=empty).api_key is not empty


def test_removed_keywords_warn_and_others_are_errors():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Configuration(server_index=0, server_variables=None)
    assert [each.category for each in caught] == [DeprecationWarning]
    assert caught[0].filename.rstrip("c") == __file__.rstrip("c")
    with pytest.raises(TypeError):
        Configuration(nope=1)


def test_disabled_validations_are_checked_and_parsed():
    configuration = Configuration(disabled_client_side_validations="maximum,minLength,")
    assert configuration._disabled_client_side_validations == {"maximum", "minLength"}
    configuration.disabled_client_side_validations = "pattern"
    assert configuration._disabled_client_side_validations == {"pattern"}
    with pytest.raises(ApiValueError):
        configuration.disabled_client_side_validations = "maximum,no"
    with pytest.raises(AttributeError):
        configuration.disabled_client_side_validations = None
    assert len(module.JSON_SCHEMA_VALIDATION_KEYWORDS) == 10


def test_token_with_prefix_and_hook():
    configuration = Configuration(api_key={"Authorization": "tok"})
    assert configuration.auth_settings() == {
        "Authorization": {"type": "api_key", "in": "header", "key": "Authorization", "value": "tok"}
    }
    configuration.api_key_prefix["Authorization"] = "Bearer"
    assert configuration.get_api_key_with_prefix("Authorization") == "Bearer tok"
    calls = []

    def renew(given):
        calls.append(given)
        given.api_key["Authorization"] = "new"

    configuration.refresh_api_key_hook = renew
    assert configuration.auth_settings()["Authorization"]["value"] == "Bearer new"
    assert calls == [configuration]
    configuration.api_key = {}
    assert configuration.auth_settings() == {} and len(calls) == 1


def test_missing_and_empty_secrets():
    configuration = Configuration(api_key={"X": "1", "Authorization": ""})
    assert configuration.auth_settings()["Authorization"]["value"] is None
    assert configuration.get_api_key_with_prefix("Y", alias="X") == "1"
    assert configuration.get_api_key_with_prefix("Y") is None
    configuration.api_key = None
    assert configuration.auth_settings() == {}


def test_basic_authentication():
    configuration = Configuration(username="u", password="p")
    assert configuration.auth_settings()["Basic"] == {
        "type": "basic",
        "in": "header",
        "key": "Authorization",
        "value": "Basic " + base64.b64encode(b"u:p").decode(),
    }
    configuration.password = None
    assert configuration.auth_settings() == {}
    assert configuration.get_basic_auth_token() == "Basic " + base64.b64encode(b"u:").decode()
    configuration.username, configuration.password = UMLAUT, CHINESE
    token = configuration.get_basic_auth_token().split()[1]
    assert base64.b64decode(token).decode("utf-8") == UMLAUT + ":" + CHINESE


def test_default_is_copied_both_ways():
    mine = Configuration(host="http://mine", api_key={"Authorization": "tok"})
    Configuration.set_default(mine)
    mine.api_key["Authorization"] = "changed"
    first, second = Configuration.get_default_copy(), Configuration.get_default_copy()
    assert first is not second and first.host == "http://mine"
    assert first.api_key == {"Authorization": "tok"}
    Configuration.set_default(None)
    assert Configuration.get_default_copy().host == "http://localhost"


def test_subclasses_have_their_own_default():
    class Mine(Configuration):
        pass

    assert type(Mine.get_default_copy()) is Configuration
    Mine.set_default(Mine(host="http://mine"))
    assert type(Mine.get_default_copy()) is Mine
    assert Configuration.get_default_copy().host == "http://localhost"


def test_deepcopy_shares_only_what_belongs_to_the_process(tmpdir, loggers):
    configuration = Configuration(api_key={"Authorization": "tok"})
    configuration.extra = [1]
    configuration.logger_file = str(tmpdir.join("log"))
    before = [list(logger.handlers) for logger in loggers]
    copied = copy.deepcopy(configuration)
    assert copied.api_key == configuration.api_key
    assert copied.api_key is not configuration.api_key and copied.extra is not configuration.extra
    assert copied.logger == configuration.logger and copied.logger is not configuration.logger
    copied.logger["mine"] = logging.getLogger("mine")
    assert sorted(configuration.logger) == ["package_logger", "urllib3_logger"]
    assert copied.logger_file_handler is configuration.logger_file_handler
    assert [list(logger.handlers) for logger in loggers] == before
    assert copy.deepcopy(Configuration()).logger_file_handler is None


def test_copy_and_pickle(tmpdir, loggers):
    configuration = Configuration(host="http://h/x", disabled_client_side_validations="maximum")
    configuration.logger_file = str(tmpdir.join("log"))
    configuration.timeout = 5
    for copied in (copy.copy(configuration), pickle.loads(pickle.dumps(configuration))):
        assert copied.host == "http://h/x" and copied.timeout == 5
        assert copied._disabled_client_side_validations == {"maximum"}
        assert sorted(copied.logger) == ["package_logger", "urllib3_logger"]


def test_constructing_leaves_the_levels_alone(loggers):
    for logger in loggers:
        logger.setLevel(logging.INFO)
    configuration = Configuration()
    copy.deepcopy(configuration)
    assert configuration.debug is False
    assert [logger.level for logger in loggers] == [logging.INFO] * 2


def test_debug_sets_the_levels_when_it_is_assigned(loggers):
    configuration = Configuration()
    configuration.debug = True
    Configuration()
    copy.deepcopy(configuration)
    assert [logger.level for logger in loggers] == [logging.DEBUG] * 2
    configuration.debug = False
    assert [logger.level for logger in loggers] == [logging.WARNING] * 2


def test_log_file_has_one_handler_and_goes_with_none(tmpdir, loggers):
    path = tmpdir.join("log")
    first, second = Configuration(), Configuration()
    first.logger_format = "<%(message)s>"
    first.logger_file = second.logger_file = str(path)
    Configuration.set_default(first)
    for _ in range(5):
        Configuration.get_default_copy()
    loggers[0].warning("once")
    assert path.read() == "<once>\n"
    first.logger_file = None
    loggers[0].warning("twice")
    assert path.read() == "<once>\n"
    assert first.logger_file_handler is None and first.logger_file is None


def test_another_log_file_takes_the_place_of_the_first(tmpdir, loggers):
    configuration = Configuration()
    configuration.logger_file = str(tmpdir.join("a"))
    configuration.logger_file = str(tmpdir.join("b"))
    loggers[1].warning("text")
    assert tmpdir.join("a").read() == "" and "text" in tmpdir.join("b").read()


def test_debug_report():
    report = Configuration().to_debug_report()
    assert [line.split(":")[0] for line in report.splitlines()[:3]] == [
        "Python SDK Debug Report",
        "OS",
        "Python Version",
    ]
    # the CloudTower version of the interface, not the release of an SDK
    assert "Version of the API: %s\n" % _spec.VERSION in report
    assert not _spec.VERSION.startswith("2.") and "SDK Package Version: 3." in report


def test_no_secret_is_shown():
    configuration = Configuration(host="http://u:pw-1@h/x", api_key={"Authorization": "pw-2"})
    configuration.credentials = Credentials("admin", "pw-3")
    text = repr(configuration) + repr(configuration.credentials)
    assert "pw-" not in text and "http://h/x" in text and "admin" in text


@pytest.mark.parametrize(
    "endpoint",
    ["https://t/pre", "https://t/pre/", "https://t/pre/v2/api", " https://t/pre/v2/api/ "],
)
def test_endpoint_from_the_environment(monkeypatch, endpoint):
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", endpoint)
    configuration = Configuration.from_env()
    assert configuration.host == "https://t/pre/v2/api"
    assert configuration.probe_url == "https://t/pre/api/healthz"


def test_the_rest_from_the_environment(monkeypatch):
    for name, value in [
        ("ENDPOINT", "t"),
        ("TOKEN", "tok"),
        ("USER", "someone"),
        ("PASSWORD", "pw"),
        ("VERIFY_SSL", "False"),
        ("CA_CERT", "/ca.pem"),
    ]:
        monkeypatch.setenv("CLOUDTOWER_" + name, value)
    configuration = Configuration.from_env()
    assert configuration.host == "t/v2/api"
    assert configuration.api_key == {"Authorization": "tok"}
    assert configuration.verify_ssl is False and configuration.ssl_ca_cert == "/ca.pem"
    kept = configuration.credentials
    assert (kept.username, kept.password, kept.source) == ("someone", "pw", "LOCAL")
    assert configuration.username is None and configuration.password is None
    monkeypatch.setenv("CLOUDTOWER_USERNAME", "root")
    monkeypatch.setenv("CLOUDTOWER_SOURCE", "LDAP")
    kept = Configuration.from_env().credentials
    assert (kept.username, kept.source) == ("root", "LDAP")
    monkeypatch.setenv("CLOUDTOWER_VERIFY_SSL", "perhaps")
    with pytest.raises(ApiValueError):
        Configuration.from_env()


def test_an_endpoint_alone_gives_the_defaults(monkeypatch):
    for name in ("TOKEN", "USERNAME", "USER", "VERIFY_SSL", "CA_CERT"):
        monkeypatch.delenv("CLOUDTOWER_" + name, raising=False)
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", "https://t")
    configuration = Configuration.from_env()
    assert configuration.host == "https://t/v2/api" and configuration.verify_ssl is True
    assert configuration.api_key == {} and configuration.credentials is None


@pytest.mark.parametrize("endpoint", [None, "", " ", "\n", "\r\n", "\t "])
@pytest.mark.parametrize(
    "others", [{}, {"USERNAME": "root", "PASSWORD": "pw-1"}, {"TOKEN": "pw-1"}]
)
def test_an_environment_without_endpoint_says_so(monkeypatch, endpoint, others):
    for name in ("ENDPOINT", "TOKEN", "USERNAME", "USER", "PASSWORD"):
        monkeypatch.delenv("CLOUDTOWER_" + name, raising=False)
    for name in others:
        monkeypatch.setenv("CLOUDTOWER_" + name, others[name])
    if endpoint is not None:
        monkeypatch.setenv("CLOUDTOWER_ENDPOINT", endpoint)
    with pytest.raises(ApiValueError, match="CLOUDTOWER_ENDPOINT is not set") as caught:
        Configuration.from_env()
    assert "pw-1" not in str(caught.value)


def test_a_configuration_loads_nothing_heavy():
    code = (
        "import sys; from cloudtower.configuration import Configuration as C;"
        "repr(C(host='http://h', api_key={'Authorization': 'x'}).auth_settings());"
        "print([m for m in ('urllib3', 'logging', 'http.client', 'httplib', 'multiprocessing',"
        " 'dateutil', 'ssl', 'socket') if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).strip() == b"[]"
