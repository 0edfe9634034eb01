"""Operations of kinds that CloudTower has none of so far, over real sockets."""

import inspect
import json

import pytest

from cloudtower import ApiClient, ApiTypeError, Configuration, InternalApi, VmWhereInput
from cloudtower._runtime import example
from cloudtower._runtime.operation import Api, Operation


class OwnApi(Api):
    start = Operation("/start", "object", body=("params", "VmStartParams", "optional"))
    find = Operation("/find", "object", query=[("what", "object", {"collection": "multi"})])


@pytest.fixture
def own(server):
    server.reply(200, {})
    with ApiClient(Configuration(host=server.url)) as client:
        yield OwnApi(client)


def test_a_body_that_may_be_left_out(own, server):
    own.start(params={"where": {"id": "a"}})
    assert json.loads(server.requests[0].body.decode()) == {"where": {"id": "a"}}
    assert "params" in OwnApi.start.operation.keywords
    text = 'own_api.start(params={"where": {"id": vm.id}})'
    assert example.call(OwnApi.start.operation) == text
    assert text in inspect.getdoc(OwnApi.start)


def test_a_filter_is_not_left_out_with_its_body(own, server):
    with pytest.raises(ValueError, match="start was not sent"):
        own.start()
    assert server.requests == []
    own.start(_allow_all=True)
    assert server.requests[0].body == b""


@pytest.mark.parametrize("value", [{"a": 1}, [{"a": 1}], VmWhereInput(id="a")])
def test_an_object_in_a_query(own, server, value):
    with pytest.raises(ApiTypeError, match="the parameter `what` is text or a number"):
        own.find(what=value)
    with pytest.raises(ApiTypeError, match="the parameter `action` is text or a number"):
        InternalApi(own.api_client).get_resource_changes(action=value)
    assert server.requests == []


def test_several_values_of_any_type(own, server):
    own.find(what=["a", 1, True])
    assert server.requests[0].path.endswith("/find?what=a&what=1&what=true")
