"""What the helpers of the published SDK got wrong: the contract's section 8, helpers."""

import threading

import pytest
from recording_server import RecordingServer, Reply

from cloudtower import ActivePassiveApiClient, ApiClient, ApiException, Configuration, VmApi
from cloudtower import active_passive_client as nodes
from cloudtower.exceptions import ApiTypeError
from cloudtower.image_utils import get_elf_image_by_upload_task
from cloudtower.utils import get_svt_image_version, login, wait_task, wait_tasks

LONG = 600  # seconds that a test would take if it slept where it must not


def task(id, status="SUCCESSED", message=None):
    return {"id": id, "status": status, "error_message": message}


def bodies(server):
    return [request.json() for request in server.requests]


# ---- 8.36 tasks --------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [list, tuple, iter, lambda ids: (each for each in ids)], ids=lambda make: make.__name__
)
def test_8_36_ids_may_be_any_iterable_and_are_left_alone(server, client, make):
    server.reply(200, [task("a"), task("b"), task("of nobody")])
    given = ["a", None, "b", "a"]
    ids = make(given)
    wait_tasks(ids, client, interval=LONG)  # nor is there a sleep after the last of them
    assert bodies(server) == [{"where": {"id_in": ["a", "b"]}}]
    assert given == ["a", None, "b", "a"] and (make is not list or ids == given)


def test_8_36_a_single_text_is_no_list_of_ids(server, client):
    with pytest.raises(ApiTypeError):
        wait_tasks("abc", client)
    assert server.requests == []


def test_8_36_tasks_without_ids_are_done(server, client):
    wait_tasks([None, None], client)
    assert server.requests == []


def test_8_36_the_reason_says_why_with_exit_on_error_too(server, client):
    server.reply(200, [task("a", "FAILED", "no room"), task("b")])
    with pytest.raises(ApiException) as caught:
        wait_tasks(["a", "b"], client, exit_on_error=True)
    assert (caught.value.status, caught.value.reason) == (500, "Task a failed: no room")
    with pytest.raises(ApiException) as caught:
        wait_tasks(["a", "b"], client)
    assert (caught.value.status, caught.value.reason) == (500, "Tasks failed:\n\ta: no room")


def test_8_36_a_passing_failure_can_be_borne(server, client):
    server.script([Reply(503, "busy"), Reply(drop=True)])
    server.reply(200, [task("a")])
    wait_tasks(["a"], client, interval=0, tolerate_errors=True)
    assert len(server.requests) == 3
    server.script([Reply(503, "busy")])
    client.configuration.retry_policy = None
    with pytest.raises(ApiException) as caught:
        wait_tasks(["a"], client)
    assert caught.value.status == 503


def test_8_25_polls_end_with_the_wait(server, client):
    server.reply(200, [], delay=30)
    with pytest.raises(ApiException) as caught:
        wait_task("a", client, timeout=0.1)
    assert caught.value.status == 408


# ---- 8.37 login --------------------------------------------------------------


def test_8_37_no_source_is_local(server, client):
    server.reply(200, {"task_id": None, "data": {"token": "t"}})
    login(client, "u", "p", source=None)
    assert bodies(server) == [{"username": "u", "password": "p", "source": "LOCAL"}]
    assert client.configuration.api_key == {"Authorization": "t"}


def test_8_37_the_directory_is_looked_for_beside_the_api(server):
    client = ApiClient(Configuration(host=server.url + "/pre/v2/api"))
    strategies = {"data": {"authnStrategies": [{"id": "s1", "type": "LDAP"}]}}
    server.script([Reply(200, strategies)])
    server.reply(200, {"task_id": None, "data": {"token": "t"}})
    login(client, "u", "p", source="LDAP")
    assert [each.path for each in server.requests] == ["/pre/api", "/pre/v2/api/login"]
    assert server.last.json()["source"] == "AUTHN"
    assert server.last.json()["auth_config_id"] == "s1"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_8_37_a_user_can_stop_it(server, stop):
    class Stopped(ApiClient):
        def request(self, method, url, **kwargs):
            raise stop()

    with pytest.raises(stop):
        login(Stopped(Configuration(host=server.url)), "u", "p", source="LDAP")
    assert server.requests == []


@pytest.mark.parametrize("answer", [{"task_id": None, "data": {"token": None}}, {"data": None}, {}])
def test_8_37_an_answer_without_token_is_an_error(server, client, answer):
    server.reply(200, answer)
    with pytest.raises(ApiException) as caught:
        login(client, "u", "p")
    assert caught.value.status == 200 and client.configuration.api_key == {}


def test_8_37_the_version_of_an_image_has_no_nuls(tmpdir):
    image = tmpdir.join("svt.iso")
    image.write_binary(b"\0" * (32 * 1024 + 190) + b"3.2.1 \0\0".ljust(128, b"\0"))
    assert get_svt_image_version(str(image)) == "3.2.1"
    image.write_binary(b"\0" * 100)
    assert get_svt_image_version(str(image)) == ""


# ---- 8.38 images -------------------------------------------------------------


def test_8_38_uploads_without_an_image_are_left_out(server, client):
    upload = {"resource_type": "ELF_IMAGE", "status": "SUCCESSED"}
    tasks = [
        dict(upload, id="none", args={}),
        dict(upload, id="text", args="text"),
        dict(upload, id="null", args=None),
        dict(upload, id="good", args={"attributes": {"uuid": "u1"}}),
    ]

    def answer(request):
        is_upload = request.path.endswith("get-upload-tasks")
        return Reply(200, tasks if is_upload else [{"id": "image"}])

    server.handler = answer
    found = get_elf_image_by_upload_task(client, {})
    assert dict((id, image.id) for id, image in found.items()) == {"good": "image"}


# ---- 8.39 active and passive nodes -------------------------------------------


class Node(object):
    """A node: `state` is the status of its probe, `status` that of calls."""

    def __init__(self, state=200):
        self.state = state
        self.status = 200
        self.delay = 0
        self.server = RecordingServer(handler=self._answer)
        self.url = self.server.url

    def _answer(self, request):
        if request.path.endswith("/healthz"):
            return Reply(self.state, "", delay=self.delay)
        if request.path.endswith("/login"):
            return Reply(200, {"task_id": None, "data": {"token": "t"}})
        return Reply(self.status, [] if self.status == 200 else "")

    def paths(self):
        return [each.path for each in self.server.requests]


@pytest.fixture
def pair():
    first, second = Node(200), Node(307)
    yield first, second
    for node in (first, second):
        node.server.close()


def client_of(pair, **keywords):
    return ActivePassiveApiClient([node.url for node in pair], **keywords)


def test_8_39_a_a_node_that_is_gone_is_not_asked_for_ever(pair):
    first, second = pair
    client = client_of(pair, probe_timeout=1)
    VmApi(client).get_vms({})
    assert client.current_active_base_url == first.url
    first.server.close()
    client.close()
    second.state = 200
    assert VmApi(client).get_vms({}) == []
    assert client.current_active_base_url == second.url


@pytest.mark.parametrize(
    "endpoint, root",
    [
        ({"root_url": "https://a"}, "https://a"),
        ({"root_url": "a"}, "http://a"),
        ({"root_url": "a", "scheme": "https"}, "https://a"),
        ("https://a", "https://a"),
        ("a", "http://a"),
        ("http://a/v2/api", "http://a"),
        ({"base_url": "a:88"}, "http://a:88"),
    ],
)
def test_8_39_b_e_addresses_are_understood(endpoint, root):
    client = ActivePassiveApiClient([endpoint, "http://other"])
    first = client.configurations[0]
    assert (first.root_url, first.host) == (root, root + "/v2/api")
    assert first.probe_url == root + "/api/healthz"


def test_8_39_c_login_and_configuration_work(pair):
    client = client_of(pair)
    login(client, "u", "p")
    assert client.configuration.api_key == {"Authorization": "t"}
    assert [each.api_key for each in client.configurations] == [{"Authorization": "t"}] * 2
    VmApi(client).get_vms({})
    assert pair[0].server.last.header("authorization") == ["t"]
    assert client.rest_client is not None


def test_8_39_d_no_source_is_local(pair):
    client_of(pair, user_config={"name": "u", "password": "p"})
    body = [each.json() for each in pair[0].server.requests if each.path.endswith("/login")]
    assert body == [{"username": "u", "password": "p", "source": "LOCAL"}]


def test_8_39_e_text_takes_over_the_configuration(pair):
    configuration = Configuration(api_key={"Authorization": "given"})
    configuration.verify_ssl = False
    client = client_of(pair, configuration=configuration)
    assert [each.verify_ssl for each in client.configurations] == [False, False]
    VmApi(client).get_vms({})
    assert pair[0].server.last.header("authorization") == ["given"]


def test_8_39_e_one_text_is_one_node():
    client = ActivePassiveApiClient("http://only")
    assert [each.root_url for each in client.configurations] == ["http://only"]


def test_8_39_f_a_node_is_probed_once_and_all_at_a_time(pair):
    first, second = pair
    client = client_of(pair, probe_timeout=20)
    asked, answer = threading.Event(), first._answer

    def tell(request):
        asked.set()
        return second._answer(request)

    def wait(request):
        asked.wait(60)  # one after the other, this one would never end in time
        return answer(request)

    first.server.handler, second.server.handler = wait, tell
    VmApi(client).get_vms({})
    assert first.paths() == ["/api/healthz", "/v2/api/get-vms"]
    assert second.paths() == ["/api/healthz"]


@pytest.mark.parametrize("status, kept", [(401, True), (403, True), (409, True), (502, False)])
def test_8_39_g_an_error_of_the_request_keeps_the_node(pair, status, kept):
    client = client_of(pair)
    VmApi(client).get_vms({})
    pair[0].status = status
    with pytest.raises(ApiException) as caught:
        VmApi(client).get_vms({})
    assert caught.value.status == status
    assert (client.current_active_base_url is not None) == kept


def test_8_39_g_a_node_that_turned_passive_is_left(pair):
    first, second = pair
    client = client_of(pair)
    VmApi(client).get_vms({})
    first.state, first.status, second.state = 307, 307, 200
    assert VmApi(client).get_vms({}) == []
    assert client.current_active_base_url == second.url


def test_8_39_h_what_was_found_wrong_is_told(pair):
    pair[0].state = 500
    client = client_of(pair)
    with pytest.raises(nodes.ActivePassiveNoActiveHost) as caught:
        VmApi(client).get_vms({})
    assert len(caught.value.failures) == 1 and pair[0].url in caught.value.failures[0]
    assert client.last_response == {}


def test_8_39_h_callers_at_the_same_time_share_a_search_and_its_failure(pair):
    pair[0].state = 500
    pair[0].delay = 1  # so that all of them come before it is over
    client = client_of(pair)
    failures, callers = [], 8

    def call():
        with pytest.raises(nodes.ActivePassiveNoActiveHost) as caught:
            VmApi(client).get_vms({})
        failures.append(caught.value)

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == callers
    assert len(pair[0].paths()) < callers
