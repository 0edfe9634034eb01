"""Settings that nobody sees: not in `vars`, not in a `repr`, passwords not in a pickle."""

import copy
import pickle
import pprint

import pytest

from cloudtower import Configuration
from cloudtower.configuration import Credentials

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@pytest.fixture
def configuration():
    made = Configuration(
        host="https://me:pw-1@h:80/v2/api",
        api_key={"Authorization": "tok-1"},
        username="me",
        password="pw-2",
    )
    made.credentials = Credentials("admin", "pw-3", "LDAP")
    made.proxy = "http://me:pw-4@proxy:3128"
    made.proxy_headers = {"Proxy-Authorization": "Basic pw-5", "X": "y"}
    return made


def read(configuration):
    return (
        configuration.host,
        configuration.api_key,
        configuration.username,
        configuration.password,
        configuration.credentials.username,
        configuration.credentials.password,
        configuration.credentials.source,
        configuration.proxy,
        configuration.proxy_headers,
    )


def test_who_reads_a_setting_gets_it(configuration):
    assert read(configuration) == (
        "https://me:pw-1@h:80/v2/api",
        {"Authorization": "tok-1"},
        "me",
        "pw-2",
        "admin",
        "pw-3",
        "LDAP",
        "http://me:pw-4@proxy:3128",
        {"Proxy-Authorization": "Basic pw-5", "X": "y"},
    )
    assert configuration.get_basic_auth_token() == "Basic bWU6cHctMg=="


def test_nothing_shows_a_secret(configuration):
    for each in (configuration, configuration.credentials):
        for text in (repr(each), str(each), repr(vars(each)), pprint.pformat(vars(each))):
            assert "pw-" not in text and "tok-" not in text
    assert "pw-" not in configuration.to_debug_report()
    shown = repr(vars(configuration))
    assert "https://h:80" in shown and "http://proxy:3128" in shown and "'me'" in shown


def test_addresses_without_a_user_stay_plain():
    configuration = Configuration(host="https://h/v2/api")
    configuration.proxy = "http://proxy:3128"
    assert "host='https://h/v2/api'" in repr(vars(configuration))
    assert vars(configuration)["proxy"] == "http://proxy:3128"


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy])
def test_copies_keep_all(configuration, make):
    copied = make(configuration)
    assert read(copied) == read(configuration)
    assert "pw-" not in repr(vars(copied)) + repr(vars(copied.credentials))
    copied.password = "other"
    assert configuration.password == "pw-2"


def test_a_default_keeps_all(configuration):
    Configuration.set_default(configuration)
    try:
        assert read(Configuration.get_default_copy()) == read(configuration)
    finally:
        Configuration.set_default(None)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickle_has_the_token_and_no_password(configuration, protocol):
    pickled = pickle.dumps(configuration, protocol)
    assert b"pw-" not in pickled
    restored = pickle.loads(pickled)
    assert restored.api_key == {"Authorization": "tok-1"}
    assert restored.host == "https://h:80/v2/api" and restored.proxy == "http://proxy:3128"
    assert restored.username == "me" and restored.password is None
    assert restored.proxy_headers == {"X": "y"}
    assert restored.credentials.username == "admin" and restored.credentials.password is None
    assert "tok-1" not in repr(vars(restored))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "secret, prefix",
    [
        ("Basic cHctMQ==", None),
        (" \tbasic  cHctMQ==", None),
        (b"Basic cHctMQ==", None),
        (bytearray(b"\xef\xbb\xbfBASIC cHctMQ=="), None),
        ("cHctMQ==", "Basic"),
        ("cHctMQ==", b" basic "),
    ],
)
def test_basic_authentication_among_the_tokens_is_in_no_pickle(
    configuration, protocol, secret, prefix
):
    configuration.api_key["Authorization"] = secret
    configuration.api_key["Other"] = "tok-2"
    configuration.api_key_prefix = {"Authorization": prefix}
    pickled = pickle.dumps(configuration, protocol)
    assert b"cHctMQ" not in pickled
    assert pickle.loads(pickled).api_key == {"Other": "tok-2"}
    assert copy.deepcopy(configuration).api_key["Authorization"] == secret


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nor_has_a_pickle_of_its_parts(configuration, protocol):
    assert b"pw-" not in pickle.dumps(configuration.credentials, protocol)
    assert b"pw-" not in pickle.dumps(vars(configuration), protocol)


def test_a_state_in_clear_is_hidden_when_it_is_restored():
    restored = Configuration.__new__(Configuration)
    restored.__setstate__({"password": "pw-1", "api_key": {"Authorization": "tok-1"}, "x": 1})
    assert restored.password == "pw-1" and restored.api_key["Authorization"] == "tok-1"
    assert restored.x == 1 and "pw-1" not in repr(vars(restored))


def test_the_dict_of_tokens_is_the_one_that_was_given():
    tokens = {"Authorization": "tok-1"}
    configuration = Configuration(api_key=tokens)
    assert configuration.api_key is tokens
    configuration = Configuration()
    configuration.api_key["Authorization"] = "tok-2"
    assert configuration.get_api_key_with_prefix("Authorization") == "tok-2"
    assert "tok-2" not in repr(vars(configuration))


def test_none_and_other_kinds_are_settings_too(configuration):
    configuration.password = configuration.proxy = configuration.api_key = None
    configuration.credentials = configuration.proxy_headers = None
    copied = pickle.loads(pickle.dumps(copy.deepcopy(configuration)))
    assert (copied.password, copied.proxy, copied.api_key) == (None, None, None)
    configuration.proxy = 3  # whoever uses it says that this is no address
    assert configuration.proxy == 3 and pickle.loads(pickle.dumps(configuration)).proxy == 3


def test_a_subclass_hides_too():
    class Mine(Configuration):
        def __init__(self):
            super(Mine, self).__init__(password="pw-1")

    assert Mine().password == "pw-1" and "pw-1" not in repr(vars(Mine()))
    assert copy.deepcopy(Mine()).password == "pw-1"


def test_proxies_of_the_environment_are_hidden_too(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://me:pw-1@proxy:3128")
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", "https://h")
    configuration = Configuration.from_env()
    assert configuration.proxy == "http://me:pw-1@proxy:3128"
    assert copy.deepcopy(configuration).proxy == configuration.proxy
    assert "pw-1" not in repr(vars(configuration))
    assert b"pw-1" not in pickle.dumps(configuration)
    assert pickle.loads(pickle.dumps(configuration)).proxy == "http://proxy:3128"
