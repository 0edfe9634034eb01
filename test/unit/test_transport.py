"""The request value, and transports of a script's own."""

import pickle
import threading

import pytest
from recording_server import Reply

import cloudtower
from cloudtower import ApiClient, Configuration, Request, Response, Transport, VmApi
from cloudtower.exceptions import ApiException, ApiTypeError, ApiValueError, NotFoundException
from cloudtower.network_errors import ApiConnectionError

HOST = "http://tower.test/v2/api"


class Canned(object):
    """Answers with one response, and keeps what was asked."""

    def __init__(self, *response, **more):
        self.response = Response(*response, **more)
        self.requests = []

    def send(self, request):
        self.requests.append(request)
        return self.response


def api(transport):
    configuration = Configuration(host=HOST)
    configuration.api_key["Authorization"] = "tok"
    return VmApi(ApiClient(configuration, transport=transport))


def test_what_a_transport_gets():
    transport = Canned(200, [{"task_id": "t"}])
    assert api(transport).start_vm({"where": {"id": "a"}}, _request_timeout=7)[0].task_id == "t"
    (request,) = transport.requests
    assert (request.method, request.url) == ("POST", HOST + "/start-vm")
    assert request.body == b'{"where": {"id": "a"}}' and request.headers["Authorization"] == "tok"
    assert (request.operation, request.read, request.timeout) == ("VmApi.start_vm", False, 7)
    api(transport).get_vms({})
    assert transport.requests[-1].read is True
    assert "tok" not in repr(request)


def test_query_form_and_unknown_calls():
    transport = Canned(200, {"n": 1})
    client = api(transport).api_client
    client.call_api(
        "/x/{id}", "GET", {"id": "a/b"}, [("q", "1 2")], response_types_map={200: "object"}
    )
    request = transport.requests[-1]
    assert request.url == HOST + "/x/a%2Fb?q=1+2" and request.body is None
    assert request.operation is None and request.read is False
    client.call_api("/x", "POST", post_params=[("a", "1")], response_types_map={200: "object"})
    assert b'name="a"' in transport.requests[-1].body and transport.requests[-1].form is None


def test_a_request_never_changes():
    request = Request("POST", "/x", body={"a": 1})
    with pytest.raises(AttributeError):
        request.url = "/y"
    other = request.replace(url="/y")
    assert (request.url, other.url, other.body) == ("/x", "/y", {"a": 1})
    assert pickle.loads(pickle.dumps(request)) == request
    with pytest.raises(ApiValueError):
        Request("FETCH", "/x")


def test_statuses_and_redirects_of_a_transport():
    with pytest.raises(NotFoundException) as caught:
        api(Canned(404, {"code": "X"}, reason="Not Found")).start_vm({"where": {"id": "a"}})
    assert caught.value.code == "X" and caught.value.operation == "VmApi.start_vm"

    class Moving(Canned):
        def send(self, request):
            Canned.send(self, request)
            moved = request.url.endswith("/moved")
            return Response(200, []) if moved else Response(307, headers={"location": "/moved"})

    transport = Moving()
    assert api(transport).start_vm({"where": {"id": "a"}}) == []
    assert [each.url for each in transport.requests] == [
        HOST + "/start-vm",
        "http://tower.test/moved",
    ]


def test_errors_of_a_transport_pass():
    class Broken(object):
        def send(self, request):
            raise ApiConnectionError(reason="no network here")

    with pytest.raises(ApiConnectionError) as caught:
        api(Broken()).start_vm({"where": {"id": "a"}})
    assert caught.value.operation == "VmApi.start_vm"


def test_a_transport_around_the_real_one(server):
    class Recorder(object):
        def __init__(self, inner):
            self.inner = inner
            self.statuses = []

        def send(self, request):
            response = self.inner.send(request)
            self.statuses.append((request.operation, response.status))
            return response

    configuration = Configuration(host=server.url + "/v2/api")
    recorder = Recorder(Transport(configuration))
    server.script([Reply(200, []), Reply(500, {})])
    with ApiClient(configuration, transport=recorder) as client:
        VmApi(client).get_vms({})
        with pytest.raises(ApiException):
            VmApi(client).get_vms({}, async_req=True).get(30)
    assert recorder.statuses == [("VmApi.get_vms", 200), ("VmApi.get_vms", 500)]


def test_one_transport_for_many_threads():
    transport = Canned(200, [])
    vms = api(transport)
    threads = [threading.Thread(target=vms.get_vms, args=({},)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(transport.requests) == 16


def test_a_large_body_is_held_once(server):
    text = '[{"id": "%s"}]' % ("x" * 1000)
    server.reply(200, text)
    client = ApiClient(Configuration(host=server.url + "/v2/api"))
    VmApi(client).get_vms({})
    response = client.last_response
    assert response.data == text and response.urllib3_response.data == text.encode("ascii")
    assert response.data is not response.data  # made when it is asked for


@pytest.mark.parametrize("wrong", [object(), Transport, {"send": 1}])
def test_what_cannot_be_a_transport(wrong):
    with pytest.raises(ApiTypeError) as caught:
        ApiClient(Configuration(host=HOST), transport=wrong)
    assert "send(request)" in str(caught.value)


def test_public_names():
    for name in ("Request", "Response", "Transport"):
        assert name in dir(cloudtower)
