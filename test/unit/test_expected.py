"""Constructors that are given another object than they want."""

import copy
import pickle
import types

import pytest

import cloudtower
from cloudtower import ActivePassiveApiClient, ApiClient, Configuration, TaskApi, VmApi, utils
from cloudtower.active_passive_client import ActivePassiveNoEndpoints
from cloudtower.exceptions import ApiArgumentError, ApiTypeError

SECRET = "http://user:pw-1@tower"


class Thing(object):
    pass


@pytest.mark.parametrize(
    "wrong, said",
    [
        (SECRET, "str"),
        (b"http://h", "str" if str is bytes else "bytes"),
        (u"http://h", "unicode" if str is bytes else "str"),
        ({"host": "h"}, "dict"),
        ([Configuration()], "list"),
        (0, "int"),
        ("", "str"),
        (False, "bool"),
        (Configuration, "the class Configuration"),
        (ApiClient, "the class ApiClient"),
        (ApiClient(), "ApiClient; pass its configuration"),
        (Thing(), "Thing"),
    ],
)
def test_a_client_wants_a_configuration(wrong, said):
    for make in (
        ApiClient,
        lambda value: ActivePassiveApiClient(["http://a"], configuration=value),
    ):
        with pytest.raises(ApiTypeError) as caught:
            make(wrong)
        text = str(caught.value)
        assert "needs a Configuration, not" in text and said in text
        assert "pw-1" not in text
        assert isinstance(caught.value, AttributeError)  # as the published SDK raises
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            copied = pickle.loads(pickle.dumps(caught.value, protocol))
            assert (type(copied), str(copied)) == (ApiArgumentError, text)


@pytest.mark.parametrize(
    "wrong, said",
    [
        (SECRET, "str; pass ApiClient(Configuration(host="),
        (Configuration(host=SECRET), "Configuration; pass ApiClient(configuration)"),
        (Configuration, "the class Configuration"),
        (ApiClient, "the class ApiClient; pass an instance"),
        (VmApi(), "VmApi; pass its api_client"),
        ({}, "dict"),
        (False, "bool"),
        (Thing(), "Thing"),
    ],
)
def test_an_api_wants_a_client(wrong, said):
    for make in (VmApi, TaskApi):
        with pytest.raises(ApiTypeError) as caught:
            make(wrong)
        text = str(caught.value)
        assert text.startswith(make.__name__ + " needs an ApiClient, not ") and said in text
        assert "pw-1" not in text


def test_helpers_want_a_client():
    for call in (
        lambda: utils.login(SECRET, "u", "p"),
        lambda: utils.login(Configuration(), "u", "p"),
        lambda: utils.wait_task("t", Configuration()),
        lambda: utils.wait_tasks(["t"], VmApi()),
    ):
        with pytest.raises(ApiTypeError, match="needs an ApiClient"):
            call()


def test_every_api_says_its_own_name():
    class MyApi(VmApi):
        pass

    with pytest.raises(ApiTypeError, match="MyApi needs an ApiClient"):
        MyApi("x")


def test_what_looks_like_a_client_is_taken():
    class Recorder(object):
        def call_api(self, *args, **kwargs):
            return args

    class Wrapper(object):
        def __init__(self, inner):
            self._inner = inner

        def __getattr__(self, name):
            return getattr(self._inner, name)

    class Mine(ApiClient):
        pass

    module = types.ModuleType("recorder")
    module.call_api = Recorder().call_api
    assert VmApi(Recorder()).get_vms({})[0] == "/get-vms"
    for client in (Recorder(), Wrapper(Recorder()), Wrapper(ApiClient()), Mine(), module):
        assert VmApi(client).api_client is client
    placeholder = object()
    assert VmApi(placeholder).api_client is placeholder
    nodes = ActivePassiveApiClient("http://a")
    assert VmApi(nodes).api_client is nodes


def test_mocks_are_taken():
    mock = pytest.importorskip("unittest.mock")
    clients = [
        mock.Mock(),
        mock.MagicMock(),
        mock.Mock(spec=ApiClient),
        mock.MagicMock(spec=ApiClient),
        mock.create_autospec(ApiClient),
        mock.create_autospec(ApiClient, instance=True),
        mock.create_autospec(ApiClient()),
        mock.NonCallableMock(),
    ]
    for client in clients:
        assert VmApi(client).api_client is client
    configurations = [
        mock.Mock(),
        mock.MagicMock(),
        mock.Mock(spec=Configuration),
        mock.create_autospec(Configuration, instance=True),
        mock.create_autospec(Configuration()),
    ]
    for configuration in configurations:
        assert ApiClient(configuration).configuration is configuration


def test_what_looks_like_a_configuration_is_taken(server):
    class Proxy(object):
        def __init__(self, inner):
            self._inner = inner

        def __getattr__(self, name):
            return getattr(self._inner, name)

    class Mine(Configuration):
        pass

    server.reply(200, [])
    for configuration in (Proxy(Configuration(host=server.url)), Mine(host=server.url)):
        with ApiClient(configuration) as client:
            assert VmApi(client).get_vms({}) == []
    assert ApiClient(None).configuration.host == "http://localhost"
    assert VmApi(None).api_client is not None
    copied = copy.deepcopy(Configuration())
    assert ApiClient(copied).configuration is copied


@pytest.mark.parametrize("wrong", [ApiClient(), ApiClient, Configuration(), 5, ["http://h"], {}])
def test_an_address_is_text(wrong):
    for make in (
        lambda: Configuration(wrong),
        lambda: Configuration(host=wrong),
        lambda: Configuration(root_url=wrong),
        lambda: Configuration(base_url=wrong),
        lambda: setattr(Configuration(), "host", wrong),
        lambda: setattr(Configuration(), "root_url", wrong),
        lambda: setattr(Configuration(), "base_url", wrong),
    ):
        with pytest.raises(ApiTypeError, match="needs an address such as"):
            make()


def test_an_address_of_bytes_is_text_on_2_7_alone():
    if str is bytes:
        assert Configuration(host=b"http://h").host == "http://h"
    else:
        with pytest.raises(TypeError, match="not a bytes"):
            Configuration(host=b"http://h")


@pytest.mark.parametrize("wrong", ["pw-1", b"pw-1", ["pw-1"], ("Authorization", "pw-1"), 5])
def test_secrets_are_a_dict(wrong):
    configuration = Configuration()
    configuration.api_key = wrong
    for make in (
        lambda: Configuration(api_key=wrong),
        lambda: Configuration(api_key_prefix=wrong),
        configuration.auth_settings,
    ):
        with pytest.raises(ApiTypeError) as caught:
            make()
        assert '{"Authorization": ...}' in str(caught.value) and "pw-1" not in str(caught.value)


@pytest.mark.parametrize("wrong", [5, ApiClient(), ActivePassiveApiClient, object()])
def test_endpoints_are_a_list(wrong):
    with pytest.raises(ApiTypeError, match="needs a list of endpoints"):
        ActivePassiveApiClient(wrong)


@pytest.mark.parametrize(
    "wrong, said", [(5, "an int"), (None, "None"), (ApiClient(), "an ApiClient"), ({}, "a dict")]
)
def test_an_endpoint_that_is_no_address_is_named(wrong, said):
    with pytest.raises(ActivePassiveNoEndpoints) as caught:
        ActivePassiveApiClient(["http://a", wrong])
    assert "endpoints[1], %s, is not an address" % said in str(caught.value)
    for none in (None, [], ()):
        with pytest.raises(ActivePassiveNoEndpoints):
            ActivePassiveApiClient(none)


def test_the_class_is_found_where_the_others_are():
    assert cloudtower.exceptions.ApiArgumentError is ApiArgumentError
