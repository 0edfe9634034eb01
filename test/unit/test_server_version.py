# -*- coding: utf-8 -*-
"""`ApiClient.server_version`, and calls that need a newer CloudTower than the server is."""

import copy
import operator
import pickle
import threading
import time
import warnings

import pytest
from recording_server import RecordingServer, Reply

import cloudtower
from cloudtower import (
    ActivePassiveApiClient,
    ApiClient,
    ApiException,
    ApiTypeError,
    ApiValueError,
    Configuration,
    NewerServerWarning,
    Response,
    ServerVersion,
    VmApi,
    VmWhereInput,
)
from cloudtower._http import server_version
from cloudtower._runtime import since
from cloudtower.network_errors import ApiTimeoutError

REFUSAL = {"message": "no", "status": 400}
NEW = {"where": {"id": "v1"}, "data": {"name": "web", "ha_priority": "HIGH"}}  # 4.7


class Tower(object):
    """Answers to `/get-version` and, in one way, to everything else."""

    def __init__(self, server):
        self.server = server
        self.version = Reply(200, "4.6.0")
        self.other = Reply(400, REFUSAL)
        self.says("4.6.0")
        server.handler = self.handle

    def says(self, text):
        self.version = Reply(200, '"%s"' % text)

    def handle(self, request):
        return self.version if request.path.endswith("/get-version") else self.other

    @property
    def asked(self):
        return [each for each in self.server.requests if each.path.endswith("/get-version")]


@pytest.fixture
def tower(server):
    return Tower(server)


@pytest.fixture
def client(server):
    client = ApiClient(Configuration(host=server.url + "/v2/api"))
    client.configuration.api_key["Authorization"] = "secret-token"
    client.configuration.retry_policy = None
    yield client
    client.close()


def refused(client, call=None):
    with pytest.raises(ApiException) as caught:
        (call or (lambda: VmApi(client).update_vm(NEW)))()
    return caught.value


# ---- versions ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, release",
    [
        ("4.8.0", (4, 8, 0)),
        ("4.8", (4, 8, 0)),
        ("v4.8.1-rc.1+7", (4, 8, 1)),
        (" 4.10.2\n", (4, 10, 2)),
        ("5.0.0", (5, 0, 0)),
        # releases of the interface
        ("2.8.0", (2, 8, 0)),
        ("2.9.0", (3, 0, 0)),
        ("2.13.0", (3, 4, 0)),
        ("2.13.1", (3, 4, 4)),
        ("2.14.0", (4, 0, 0)),
        ("2.15.1", (4, 1, 1)),
        ("2.21.0", (4, 7, 0)),
        ("2.21.1", (4, 7, 2)),
        ("2.22.1", (4, 8, 1)),
        ("2.23.0", (4, 9, 0)),
        ("2.24.0", (4, 10, 0)),
        ("dev", None),
        ("", None),
        ("4", None),
    ],
)
def test_the_release_of_a_text(text, release):
    version = ServerVersion(text)
    assert version.release == release and version.text == text.strip()
    assert str(version) == text.strip() and repr(version) == "ServerVersion(%r)" % text.strip()


def test_versions_compare():
    version = ServerVersion("4.8.0")
    assert version == "4.8" and version == ServerVersion("2.22.0") and not version != "4.8.0"
    assert version > "4.7.2" and version >= "4.8.0" and version < "4.10" and version <= u"4.8"
    assert version != "4.8.1" and version != 4.8 and version is not None
    assert max(ServerVersion(each) for each in ("4.9.0", "4.10.0", "4.2.0")) == "4.10.0"
    assert len({version, ServerVersion("4.8")}) == 1
    assert ServerVersion("nightly") > "99.0.0"
    for other in (pickle.loads(pickle.dumps(version)), copy.copy(version), copy.deepcopy(version)):
        assert other == version and other.text == "4.8.0"


def test_it_is_public():
    assert cloudtower.ServerVersion is ServerVersion
    assert issubclass(NewerServerWarning, UserWarning)


# ---- the question --------------------------------------------------------------


def test_it_is_asked_once(tower, client):
    assert client.server_version() >= "4.6"
    assert client.server_version() is client.server_version()
    (request,) = tower.asked
    assert request.method == "GET" and request.path == "/v2/api/get-version"
    assert not request.header("authorization")


def test_threads_ask_once(tower, client):
    tower.version.delay = 0.2
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(client.server_version())) for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert found == [ServerVersion("4.6.0")] * 8 and len(tower.asked) == 1


def test_each_client_asks(tower, client):
    client.server_version()
    for other in (copy.copy(client), pickle.loads(pickle.dumps(client))):
        tower.says("4.9.0")
        assert other.server_version() == "4.9.0"
    assert client.server_version() == "4.6.0"


def test_a_failure_is_raised_and_not_remembered(tower, client):
    tower.version = Reply(404, {"message": "no such route"})
    assert refused(client, client.server_version).status == 404
    tower.says("4.8.0")
    assert client.server_version() == "4.8.0"


def test_a_page_is_no_version(tower, client):
    tower.version = Reply(200, "<html><body>log in</body></html>", {"content-type": "text/html"})
    assert "web page" in refused(client, client.server_version).reason


def test_it_takes_a_timeout(tower, client):
    tower.version.delay = 30
    start = time.time()
    assert refused(client, lambda: client.server_version(_request_timeout=0.2)).status == 0
    assert time.time() - start < 15


def test_of_several_nodes(tower, server):
    tower.other = Reply(200)  # the health probe
    client = ActivePassiveApiClient([server.url])
    assert client.server_version() == "4.6.0"
    tower.other = Reply(400, REFUSAL)
    assert "needs CloudTower 4.7.0" in refused(client).advice
    assert len(tower.asked) == 1
    client.close()


# ---- after an error ------------------------------------------------------------


def test_a_field_that_the_server_lacks(tower, client):
    error = refused(client)
    assert error.advice == ("`data.ha_priority` needs CloudTower 4.7.0; this server is 4.6.0.")
    assert error.advice in str(error)
    refused(client)
    (request,) = tower.asked
    assert not request.header("authorization")


def test_an_operation_that_the_server_lacks(tower, client):
    tower.says("2.14.0")
    tower.other = Reply(404, {"message": "Not Found"})
    call = VmApi(client).set_vm_disk_resident_in_cache
    body = {"where": {"id": "d1"}, "resident_in_cache": True}
    error = refused(client, lambda: call(body))
    assert error.advice == (
        "VmApi.set_vm_disk_resident_in_cache needs CloudTower %s; this server is 4.0.0 (2.14.0)."
        % call.operation.since
    )
    client.configuration.warn_newer = True
    with pytest.warns(NewerServerWarning) as found:
        refused(client, lambda: call(body))
    assert [str(each.message) for each in found] == [
        error.advice + " To silence this: Configuration.warn_newer = False"
    ]


def test_where_the_server_is_new_enough(tower, client):
    tower.says("4.7.0")
    assert refused(client).advice is None
    assert len(tower.asked) == 1


@pytest.mark.parametrize(
    "where, name",
    [
        ({"used_size_gt": 1}, "`where.used_size_gt`"),
        ({"AND": [{"name": "x"}, {"used_size": 1}]}, "`where.AND.1.used_size`"),
        ({"cluster": {"vms_some": {"used_size": 1}}}, "`where.cluster.vms_some.used_size`"),
        (VmWhereInput(used_size_lte=1), "`where.used_size_lte`"),
    ],
)
def test_fields_of_filters(tower, client, where, name):
    tower.says("4.5.0")
    error = refused(client, lambda: VmApi(client).get_vms({"where": where}))
    assert error.advice == name + " needs CloudTower 4.6.0; this server is 4.5.0."


def test_not_too_many_fields_are_named(tower, client):
    tower.says("1.9.0")
    where = {
        "bios_uuid": "x",
        "gpu_devices_some": {"id": "g"},
        "used_size": 1,
        "ha_priority": "LOW",
    }
    error = refused(client, lambda: VmApi(client).get_vms({"where": where}))
    assert error.advice.count("needs") == 3 and ", ...; this server" in error.advice


def test_in_a_thread(tower, client):
    job = VmApi(client).update_vm(NEW, async_req=True)
    assert "needs CloudTower 4.7.0" in refused(client, lambda: job.get(30)).advice


@pytest.mark.parametrize(
    "body",
    [
        {"where": {"id": "v1"}, "data": {"name": "web"}},
        {"where": {"id": "v1"}, "data": {}},
    ],
)
def test_what_is_as_old_as_the_interface_asks_nothing(tower, client, body):
    operation = VmApi.update_vm.operation
    assert [each.version for each in since.of_call(operation, None)] == ["1.8.0"]
    assert refused(client, lambda: VmApi(client).update_vm(body)).advice is None
    assert not tower.asked


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, REFUSAL),
        Reply(403, REFUSAL),
        Reply(429, REFUSAL),
        Reply(400, {"code": "ResourceLocked", "message": "locked"}),
    ],
)
def test_other_errors_ask_nothing(tower, client, reply):
    tower.other = reply
    refused(client)
    assert not tower.asked


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, "no"),
        Reply(503, "busy"),
        Reply(drop=True),
        Reply(200, "<html>log in</html>"),
        Reply(200, "{}"),
        Reply(200, "\xff"),
        Reply(200, ""),
        Reply(307, headers={"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_no_version_is_no_other_error(tower, client, reply):
    tower.version = reply
    error = refused(client)
    assert (error.status, error.message) == (400, "no")
    assert "this server" not in str(error)
    count = len(tower.asked)
    refused(client)
    assert len(tower.asked) == count  # asked no second time


def test_a_silent_server_delays_an_error_only_shortly(tower, client, monkeypatch):
    monkeypatch.setattr(server_version, "_SECONDS", 0.3)
    tower.version.delay = 30
    start = time.time()
    assert refused(client).status == 400
    assert refused(client).status == 400
    assert time.time() - start < 15 and len(tower.asked) == 1


@pytest.mark.parametrize("is_warned", [False, True])
def test_a_call_is_over_in_its_time_however_silent_the_server_is(
    tower, client, monkeypatch, is_warned
):
    monkeypatch.setattr(server_version, "_SECONDS", 60)
    tower.version.delay = 60
    client.configuration.warn_newer = is_warned
    start = time.time()
    error = refused(client, lambda: VmApi(client).update_vm(NEW, _request_timeout=1))
    assert time.time() - start < 20
    assert isinstance(error, ApiTimeoutError) if is_warned else error.status == 400


@pytest.mark.parametrize("is_warned", [False, True])
def test_who_waits_for_another_to_ask_waits_no_longer_than_its_timeout(tower, client, is_warned):
    tower.version.delay = 60
    client.configuration.warn_newer = is_warned

    def asks():
        with pytest.raises(ApiException):
            client.server_version(_request_timeout=30)

    other = threading.Thread(target=asks)
    other.start()
    while not tower.asked:
        time.sleep(0.01)
    start = time.time()
    if is_warned:
        error = refused(client, lambda: VmApi(client).update_vm(NEW, _request_timeout=1))
    else:
        error = refused(client, lambda: client.server_version(_request_timeout=1))
    assert isinstance(error, ApiTimeoutError) and time.time() - start < 20
    assert other.is_alive()
    tower.server.close()
    other.join(60)


def test_the_question_leaves_no_trace(tower, client):
    seen = []
    tower.other = Reply(200, [])
    VmApi(client).get_vms({})
    before = client.last_response
    tower.other = Reply(400, REFUSAL)
    client.configuration.on_event = seen.append
    assert "needs" in refused(client).advice
    assert client.last_response is before
    assert all("version" not in str(each.operation) for each in seen)


def test_a_transport_of_a_script_is_not_asked():
    class Scripted(object):
        calls = 0

        def send(self, request):
            self.calls += 1
            return Response(400, REFUSAL)

    transport = Scripted()
    client = ApiClient(Configuration(host="http://tower"), transport=transport)
    assert refused(client).advice is None
    assert transport.calls == 1


def test_a_replaced_function_is_not_asked(tower, client):
    calls = []

    def request(method, url, **keywords):
        calls.append(url)
        raise ApiException(400, "no")

    client.request = request
    assert refused(client).advice is None
    assert len(calls) == 1 and not tower.asked


def test_other_advice_goes_first(tower, server):
    tower.other = Reply(404, "<html>no</html>")
    client = ApiClient(Configuration(host=server.url))
    assert "lacks the API path" in refused(client).advice
    assert not tower.asked
    client.close()


# ---- before a call -------------------------------------------------------------


def warned(call):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    return [str(each.message) for each in found if each.category is NewerServerWarning]


def test_warn_newer(tower, client):
    tower.other = Reply(200, [])
    assert warned(lambda: VmApi(client).update_vm(NEW)) == []
    assert not tower.asked
    client.configuration.warn_newer = True
    for _ in range(2):
        assert warned(lambda: VmApi(client).update_vm(NEW)) == [
            "VmApi.update_vm: `data.ha_priority` needs CloudTower 4.7.0; this server is 4.6.0."
            " To silence this: Configuration.warn_newer = False"
        ]
    assert warned(lambda: VmApi(client).get_vms({"where": {"name": "x"}})) == []
    assert len(tower.asked) == 1


def test_the_warning_is_at_the_line_of_the_call_and_comes_before_it(tower, client):
    client.configuration.warn_newer = True
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        job = VmApi(client).update_vm(NEW, async_req=True)
        (warning,) = [each for each in found if each.category is NewerServerWarning]
    assert warning.filename.rstrip("c").endswith("test_server_version.py")
    refused(client, lambda: job.get(30))
    with warnings.catch_warnings():
        warnings.simplefilter("error", NewerServerWarning)
        count = len(tower.server.requests)
        with pytest.raises(NewerServerWarning):
            VmApi(client).update_vm(NEW)
        assert len(tower.server.requests) == count


@pytest.mark.parametrize("text", ["4.7.0", "2.21.0", "5.1", "nightly"])
def test_nothing_is_warned_of_where_the_server_is_new_enough(tower, client, text):
    tower.says(text)
    tower.other = Reply(200, [])
    client.configuration.warn_newer = True
    assert warned(lambda: VmApi(client).update_vm(NEW)) == []


def test_a_call_goes_on_where_the_version_cannot_be_had(tower, client):
    tower.version = Reply(500, "no")
    tower.other = Reply(200, [])
    client.configuration.warn_newer = True
    for _ in range(2):
        assert warned(lambda: VmApi(client).update_vm(NEW)) == []
    assert len(tower.asked) == 1 and len(tower.server.requests) == 3


def test_a_server_that_is_down_raises_what_the_call_raises():
    server = RecordingServer()
    server.close()
    client = ApiClient(Configuration(host=server.url + "/v2/api"))
    client.configuration.retry_policy = None
    client.configuration.warn_newer = True
    assert refused(client).operation == "VmApi.update_vm"
    client.close()


def test_without_its_file_nothing_is_known_of_fields(tower, client, monkeypatch):
    monkeypatch.setattr(since, "_FILE", "missing.json.gz")
    monkeypatch.setattr(since, "_tables", [])
    assert refused(client).advice is None


@pytest.mark.parametrize(
    "other, error",
    [("4.x", ApiValueError), ("", ApiValueError), (4.8, ApiTypeError), (None, ApiTypeError)],
)
def test_what_is_no_version_is_not_compared(other, error):
    version = ServerVersion("4.8.0")
    for compare in (operator.ge, operator.lt, operator.gt, operator.le):
        with pytest.raises(error):
            compare(version, other)
    assert version != other
    assert ServerVersion("unknown") > "4.8"
