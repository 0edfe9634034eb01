"""Operations of kinds that CloudTower has none of so far, over real sockets."""

import inspect
import json

import pytest

from cloudtower import ApiClient, ApiTypeError, Configuration, InternalApi, VmWhereInput
from cloudtower._runtime import example
from cloudtower._runtime.operation import Api, Operation

LIMITS = {"minimum": 1}


class OwnApi(Api):
    start = Operation("/start", "object", body=("params", "VmStartParams", "optional"))
    look = Operation(
        "/hosts/{id}/disks/{disk-no}",
        "object",
        in_path=[("id", "str", "required"), (("disk_no", "disk-no"), "int32", "required", LIMITS)],
        method="GET",
        read=True,
    )
    find = Operation("/find", "object", query=[("what", "object", {"collection": "multi"})])
    sort = Operation(
        "/sort/{order}",
        "object",
        in_path=[("order", "str", "required", {"enum": ("up", "down")})],
        query=[
            ("by", "list[str]", {"collection": "csv", "enum": ("a", "b"), "minItems": 1}),
            ("name", "str", {"minLength": 2}),
        ],
        method="GET",
        read=True,
    )


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


@pytest.mark.parametrize(
    "given, sent",
    [
        ("a", "a"),
        (u"\u4e2d", "%E4%B8%AD"),
        ("a/b?c#d {disk-no}%", "a%2Fb%3Fc%23d%20%7Bdisk-no%7D%25"),
        ("...", "..."),
        (True, "true"),
        (5, "5"),
    ],
)
def test_what_stands_in_the_path(own, server, given, sent):
    own.look(given, 7)
    own.look(id=given, disk_no=7)
    assert [each.path for each in server.requests] == ["/hosts/%s/disks/7" % sent] * 2
    assert "own_api.look(id=" in inspect.getdoc(OwnApi.look)


@pytest.mark.parametrize("given", ["", ".", "..", None])
def test_what_would_make_another_path(own, server, given):
    own.api_client.client_side_validation = False
    with pytest.raises(ValueError, match="`id` is part of the path"):
        own.look(given, 7)
    assert server.requests == []


@pytest.mark.parametrize(
    "values, text",
    [
        ({"order": "left"}, "`order` when calling `sort`, must be one of up, down"),
        ({"order": "up", "by": ["a", "c"]}, "`by` when calling `sort`, must be one of a, b"),
        ({"order": "up", "by": []}, "`by` when calling `sort`, minItems is 1"),
        ({"order": "up", "name": "n"}, "`name` when calling `sort`, minLength is 2"),
        ({"order": "up", "name": 5}, "`name` when calling `sort`, minLength is 2"),
    ],
)
def test_values_that_a_parameter_does_not_take(own, server, values, text):
    with pytest.raises(ValueError, match=text):
        own.sort(**values)
    assert server.requests == []
    own.sort("up", by=["a", "b"], name="nn")
    assert server.requests[0].path.endswith("/sort/up?by=a%2Cb&name=nn")


def test_limits_of_what_stands_in_the_path(own, server):
    with pytest.raises(ValueError, match="`disk_no` when calling `look`, minimum is 1"):
        own.look("a", 0)
    with pytest.raises(TypeError):
        own.look("a")
    with pytest.raises(TypeError, match="`id` is text or a number"):
        own.look({"a": 1}, 7)
    assert server.requests == []


def test_a_call_api_of_a_script_gets_the_path(own):
    class Client(object):
        client_side_validation = True

        def call_api(self, path, method, *args, **kwargs):
            return path

    assert OwnApi(Client()).look("a b", 7) == "/hosts/a%20b/disks/7"
