import pickle
import threading
import time

import pytest
from nodes import ACTIVE, BROKEN, PASSIVE, SOON, Node, get_vms, pair, switch, without_connections

import cloudtower
from cloudtower import (
    ActivePassiveApiClient,
    ApiClient,
    Configuration,
    FailoverStrategy,
    UserApi,
    VmApi,
)
from cloudtower import active_passive_client as module
from cloudtower.exceptions import ApiException, ApiValueError, UnauthorizedException
from cloudtower.utils import login, wait_task


@pytest.fixture
def a():
    node = Node(ACTIVE)
    yield node
    node.stop()


@pytest.fixture
def b():
    node = Node(PASSIVE)
    yield node
    node.stop()


@pytest.fixture
def client(a, b):
    return pair(a, b)


# ---- endpoints -----------------------------------------------------------------


def located(endpoint, **kwargs):
    configuration = ActivePassiveApiClient([endpoint], **kwargs).configuration
    return configuration.host, configuration.probe_url


@pytest.mark.parametrize(
    "endpoint, root",
    [
        ("http://a", "http://a"),
        (u"http://a", "http://a"),
        ("https://a/", "https://a"),
        ("a", "http://a"),
        ("a:88", "http://a:88"),
        ("http://a/pre", "http://a/pre"),
        ("http://a/v2/api", "http://a"),
        ("https://a/pre/v2/api/", "https://a/pre"),
        ({"root_url": "https://a"}, "https://a"),
        ({"root_url": "https://a", "scheme": "http"}, "http://a"),
        ({"root_url": "http://a", "scheme": "https"}, "https://a"),
        ({"root_url": "a", "scheme": "https"}, "https://a"),
        ({"base_url": "a:88"}, "http://a:88"),
        ({"base_url": "http://a/x", "root_url": "y"}, "http://a/x/y"),
        ({"host": "https://a/v2/api"}, "https://a"),
        ({"host": "https://a/pre/v2/api"}, "https://a/pre"),
        ({"host": "a/v2/api"}, "http://a"),
        ({"host": "http://a/z", "scheme": "https"}, "http://a"),
    ],
)
def test_an_endpoint_may_be_written_in_many_ways(endpoint, root):
    assert located(endpoint) == (root + "/v2/api", root + "/api/healthz")


def test_an_endpoint_may_have_paths_of_its_own():
    endpoint = {"root_url": "http://a/pre", "api_path": "/rest", "probe_path": "p"}
    assert located(endpoint) == ("http://a/pre/rest", "http://a/pre/p")
    assert located({"host": "http://a", "api_path": "/q"})[0] == "http://a/q"


def test_endpoints_inherit_the_configuration_but_not_its_addresses():
    template = Configuration("http://elsewhere/x", probe_path="/y")
    template.verify_ssl = False
    template.api_key["Authorization"] = "tok"
    client = ActivePassiveApiClient(
        ["https://a", {"root_url": "https://b"}], configuration=template
    )
    assert [each.host for each in client.configurations] == ["https://a/v2/api", "https://b/v2/api"]
    assert [each.probe_path for each in client.configurations] == ["/api/healthz"] * 2
    for each in client.configurations:
        assert each.verify_ssl is False
        assert each.api_key == {"Authorization": "tok"}
        assert each is not template
        assert each.api_key is not template.api_key


def test_endpoints_inherit_the_default_configuration():
    default = Configuration()
    default.verify_ssl = False
    Configuration.set_default(default)
    try:
        assert ActivePassiveApiClient(["https://a"]).configuration.verify_ssl is False
    finally:
        Configuration.set_default(None)


def test_a_configuration_is_an_endpoint_as_it_is():
    given = Configuration("https://a/other")
    given.verify_ssl = False
    client = ActivePassiveApiClient([given], configuration=Configuration("http://x"))
    assert client.configuration is not given
    assert client.configuration.host == "https://a/other"
    assert client.configuration.verify_ssl is False


def test_endpoints_may_be_any_iterable_and_a_single_one():
    assert len(ActivePassiveApiClient(each for each in ("a", "b")).configurations) == 2
    assert (
        located_alone("http://a") == located_alone({"root_url": "http://a"}) == ["http://a/v2/api"]
    )


def located_alone(endpoint):
    return [each.host for each in ActivePassiveApiClient(endpoint).configurations]


@pytest.mark.parametrize(
    "endpoints", [None, [], (), [5], [None], [""], [{}], [{"rooturl": "a"}], ["http://a", None]]
)
def test_unusable_endpoints_are_refused(endpoints):
    with pytest.raises(module.ActivePassiveNoEndpoints) as caught:
        ActivePassiveApiClient(endpoints)
    assert caught.value.status == 0
    assert caught.value.reason == "active-passive client requires at least one endpoint"
    assert caught.value.endpoints == (endpoints if endpoints is None else list(endpoints))


@pytest.mark.parametrize(
    "name, wrong",
    [("failover_strategy", "auto"), ("failover_strategy", 1)]
    + [("probe_timeout", each) for each in ("5", 0, -1, True, float("nan"))],
)
def test_settings_that_cannot_be_used_are_refused(name, wrong):
    with pytest.raises(ApiValueError) as caught:
        ActivePassiveApiClient(["http://a"], **{name: wrong})
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize("again", ["http://a/", "a", "http://a/v2/api", Configuration("http://a")])
def test_the_same_endpoint_twice_is_refused(again):
    with pytest.raises(module.ActivePassiveDuplicateHost) as caught:
        ActivePassiveApiClient(["http://a", again])
    assert caught.value.host == "http://a"
    assert caught.value.reason == "active-passive client endpoints must be unique: http://a"


def test_a_setting_that_an_endpoint_cannot_have_is_warned_about(caplog):
    ActivePassiveApiClient([{"root_url": "https://a", "verify_ssl": False}])
    assert "an endpoint has no 'verify_ssl'" in caplog.text


# ---- which node is active --------------------------------------------------------


def test_nothing_is_sent_before_the_first_request(client, a, b):
    assert client.current_active_base_url is None
    assert a.server.requests == b.server.requests == []


def test_requests_go_to_the_active_node(client, a, b):
    switch(a, b)
    assert get_vms(client)[0].id == "x"
    get_vms(client)
    assert client.current_active_base_url == b.url
    assert [request.path for request in b.requests] == ["/v2/api/get-vms"] * 2
    assert a.requests == []
    assert len(a.probes) == len(b.probes) == 1


def test_a_probe_is_a_plain_get(client, a, b):
    client.configuration.api_key["Authorization"] = "tok"
    client.set_default_header("external-cloudtower-id", "c1")
    get_vms(client)
    probe = b.probes[0]
    assert (probe.method, probe.path) == ("GET", "/api/healthz")
    assert probe.header("Accept") == ["application/json"]
    assert probe.header("Authorization") == probe.header("external-cloudtower-id") == []


def test_no_active_node_is_an_error_that_says_why(client, a, b):
    a(BROKEN)
    with pytest.raises(module.ActivePassiveNoActiveHost) as caught:
        get_vms(client)
    error = caught.value
    assert (error.status, error.outcome) == (0, "not_sent")
    assert error.endpoints == [a.url, b.url]
    assert error.failures == ["%s: the probe returned status 500" % a.url]
    assert error.reason == "active-passive discover found no active root URL: %s; %s is passive" % (
        error.failures[0],
        b.url,
    )
    assert a.requests == b.requests == []
    a(ACTIVE)
    get_vms(client)


def test_several_active_nodes_are_an_error(client, a, b):
    b(ACTIVE)
    with pytest.raises(module.ActivePassiveMultipleActives) as caught:
        get_vms(client)
    assert caught.value.active_hosts == [a.url, b.url]
    assert caught.value.reason == (
        "active-passive discover found multiple active root URLs: %s, %s" % (a.url, b.url)
    )
    assert a.requests == b.requests == []


def test_a_dead_node_does_not_hide_the_active_one(a, b):
    client = ActivePassiveApiClient([without_connections(b), a.url])
    get_vms(client)
    assert client.current_active_base_url == a.url


def test_nodes_are_probed_at_the_same_time(a, b):
    arrived = []

    def both_are_asked(answer):
        def handler(request):
            arrived.append(request)
            deadline = time.time() + SOON
            while len(arrived) < 2 and time.time() < deadline:
                time.sleep(0.01)
            return answer(request)

        return handler

    for node in (a, b):
        node.server.handler = both_are_asked(node.server.handler)
    client = ActivePassiveApiClient([a.url, b.url], probe_timeout=2)
    assert client.active_client().configuration.root_url == a.url


def test_a_stalled_node_is_asked_once_and_not_for_long(a, b):
    b.delay = SOON + 5
    client = ActivePassiveApiClient([b.url, a.url], probe_timeout=0.3)
    started = time.time()
    get_vms(client)
    assert time.time() - started < SOON
    assert client.current_active_base_url == a.url
    assert len(b.probes) == 1


def in_threads(count, call):
    results = []

    def run():
        try:
            results.append(call())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_threads_share_a_search(client, a, b):
    a.delay = 0.5
    results = in_threads(8, lambda: get_vms(client)[0].id)
    assert results == ["x"] * 8
    assert len(a.probes) == len(b.probes) == 1


def test_threads_share_the_failure_of_a_search(client, a, b):
    a(PASSIVE)
    a.delay = 0.5
    results = in_threads(8, lambda: get_vms(client))
    assert [type(each) for each in results] == [module.ActivePassiveNoActiveHost] * 8
    assert len(set(id(each) for each in results)) == 8
    assert len(a.probes) < 8


# ---- the client's other faces ----------------------------------------------------------


def test_it_is_an_api_client(client):
    assert isinstance(client, ApiClient)
    assert client.client_side_validation is True
    assert client.cookie is None
    assert client.last_response == {}
    assert client.pool_threads == 1


def test_call_api_takes_its_parameters_by_position_too(client, a):
    result = client.call_api(
        "/get-{what}",
        "POST",
        {"what": "vms"},
        [("q", "1")],
        {"X-Own": "h"},
        {"where": {}},
        None,
        None,
        {200: "list[Vm]"},
        [],
        None,
        True,
    )
    assert result[0].id == "x"
    assert a.requests[0].path == "/v2/api/get-vms?q=1"
    assert a.requests[0].header("X-Own") == ["h"]


def test_results_come_as_they_do_from_an_api_client(client, a):
    data, status, headers = VmApi(client).get_vms_with_http_info({})
    assert (data[0].id, status, headers["content-type"]) == ("x", 200, "application/json")
    assert get_vms(client, _preload_content=False).status == 200
    assert get_vms(client, async_req=True).get(SOON)[0].id == "x"
    client.close()
    assert get_vms(client, async_req=True).get(SOON)[0].id == "x"
    client.close()


def test_an_error_of_a_call_in_a_thread_is_raised_by_get(client, a):
    a.calls = 401
    with pytest.raises(UnauthorizedException):
        get_vms(client, async_req=True).get(SOON)
    client.close()


def test_headers_and_cookie_are_those_of_every_node(a, b):
    client = ActivePassiveApiClient(
        [a.url, b.url], header_name="X-Own", header_value="h", cookie="c=1"
    )
    client.set_default_header("content_language", "en-US")
    client.user_agent = "mine/1"
    get_vms(client)
    client.default_headers = dict(client.default_headers, **{"X-Own": "i"})
    client.cookie = "c=2"
    switch(a, b)
    get_vms(client)
    for request, own, cookie in ((a.requests[0], "h", "c=1"), (b.requests[0], "i", "c=2")):
        assert request.header("X-Own") == [own]
        assert request.header("Cookie") == [cookie]
        assert request.header("User-Agent") == ["mine/1"]
        assert request.header("content-language") == ["en-US"]


def test_client_side_validation_is_that_of_every_node(client):
    client.client_side_validation = False
    assert client.client_side_validation is False
    assert cloudtower.VmApi(client).get_vms(None)[0].id == "x"


def test_last_response_tells_by_node(client, a, b):
    get_vms(client)
    switch(a, b)
    get_vms(client)
    assert sorted(client.last_response) == sorted([a.url, b.url])
    assert client.last_response[b.url].status == 200


def test_request_goes_to_the_node_without_failover(client, a):
    response = client.request("POST", a.url + "/raw", body={"x": 1})
    assert response.status == 200
    assert a.requests[0].header("X-Own") == []
    a.calls = 307
    with pytest.raises(ApiException) as caught:
        client.request("POST", a.url + "/raw", body={})
    assert caught.value.status == 307


def test_a_probe_can_be_asked_for(client, a, b):
    assert client.do_probe(a.url + "/api/healthz") is True
    assert client.do_probe(b.url + "/api/healthz", timeout=3) is False


def test_the_configuration_is_that_of_the_active_node(client, a, b):
    assert client.configuration.root_url == a.url
    switch(a, b)
    get_vms(client)
    assert client.configuration.root_url == b.url
    assert client.active_client().configuration is client.configuration


def test_a_token_set_on_the_configuration_is_sent_to_every_node(client, a, b):
    client.configuration.api_key["Authorization"] = "tok"
    get_vms(client)
    switch(a, b)
    get_vms(client)
    assert a.requests[0].header("Authorization") == ["tok"]
    assert b.requests[0].header("Authorization") == ["tok"]


def test_nodes_with_secrets_of_their_own_keep_them(a, b):
    nodes = [Configuration(root_url=node.url) for node in (a, b)]
    for index, node in enumerate(nodes):
        node.api_key["Authorization"] = "tok%d" % index
    client = ActivePassiveApiClient(nodes)
    get_vms(client)
    switch(a, b)
    get_vms(client)
    assert a.requests[0].header("Authorization") == ["tok0"]
    assert b.requests[0].header("Authorization") == ["tok1"]


def test_close_leaves_it_usable(client, a):
    with client:
        get_vms(client)
    get_vms(client)
    assert a.server.connections >= 2


def test_tasks_can_be_waited_for(client):
    wait_task("x", client, timeout=SOON)


# ---- login --------------------------------------------------------------------------


class User(object):
    name = "root"
    password = "secret"


@pytest.mark.parametrize(
    "user",
    [{"name": "root", "password": "secret"}, {"username": "root", "password": "secret"}, User()],
)
def test_a_user_is_logged_in_on_the_active_node(a, b, user):
    switch(a, b)
    client = ActivePassiveApiClient([a.url, b.url], user)
    assert [request.path for request in b.requests] == ["/v2/api/login"]
    assert b.requests[0].json() == {"username": "root", "password": "secret", "source": "LOCAL"}
    assert a.requests == []
    keys = [each.api_key for each in client.configurations]
    assert keys == [{"Authorization": "tok"}] * 2


def test_an_ldap_user_is_looked_for_on_the_active_node(a, b):
    switch(a, b)
    user = {"name": "root", "password": "secret", "source": "LDAP"}
    ActivePassiveApiClient([a.url, b.url], user)
    assert [request.path for request in b.requests] == ["/api", "/v2/api/login"]
    assert b.requests[1].json()["source"] == "AUTHN"
    assert b.requests[1].json()["auth_config_id"] == "a1"
    assert a.requests == []


def test_the_login_helper_serves_every_node(client, a, b):
    login(client, "root", "secret")
    switch(a, b)
    get_vms(client)
    assert b.requests[0].header("Authorization") == ["tok"]


def test_a_login_that_fails_is_raised(a, b):
    a.calls = 400
    with pytest.raises(ApiException) as caught:
        ActivePassiveApiClient([a.url, b.url], {"name": "root", "password": "secret"})
    assert caught.value.status == 400


def test_the_api_for_logins_works_too(client):
    result = UserApi(client).login({"username": "root", "password": "secret", "source": "LOCAL"})
    assert result.data.token == "tok"


# ---- exceptions ------------------------------------------------------------------------

EXCEPTIONS = [
    module.ActivePassiveNoEndpoints,
    module.ActivePassiveDuplicateHost,
    module.ActivePassiveNoActiveHost,
    module.ActivePassiveMultipleActives,
    module.ActivePassiveRetryExhausted,
    module.ActivePassiveFailoverRequired,
    module.ActivePassiveUnknownHost,
]


@pytest.mark.parametrize("cls", EXCEPTIONS)
def test_exceptions_have_a_reason_and_can_be_pickled(cls):
    assert issubclass(cls, module.ActivePassiveException)
    assert issubclass(cls, ApiException)
    assert cls().reason == cls.default_reason
    error = cls(307, "why", host="http://a", endpoints=["http://a"], failures=["f"], strategy="s")
    copied = pickle.loads(pickle.dumps(error, 2))
    assert type(copied) is cls
    assert vars(copied) == vars(error)


def test_the_module_has_its_published_constants():
    assert module.DEFAULT_PROBE_TIMEOUT == 5
    assert module.DEFAULT_SCHEME == "http"
    assert module.HTTP_STATUS_TEMPORARY_REDIRECT == 307
    assert module.REQUEST_ATTEMPTS == 2
    assert (module.HOST_STATE_ACTIVE, module.HOST_STATE_PASSIVE) == ("active", "passive")
    assert (module.DEFAULT_API_PATH, module.DEFAULT_PROBE_PATH) == ("/v2/api", "/api/healthz")
    assert FailoverStrategy.AUTO_FAILOVER == "auto_failover"
    assert FailoverStrategy.MANUAL_FAILOVER == "manual_failover"
    assert FailoverStrategy.ALWAYS_PROBE == "always_probe"
