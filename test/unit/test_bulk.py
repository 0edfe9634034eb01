"""bulk against a server that says what a test wants: bodies that are wrong, what it prints."""

import pytest
from recording_server import Reply

from cloudtower import LabelApi, VmApi
from cloudtower.exceptions import ApiTypeError, ApiValueError
from cloudtower.utils import bulk


def refusal(server, error, *given):
    with pytest.raises(error) as caught:
        bulk(*given)
    assert server.requests == []
    return str(caught.value)


def test_every_bad_body_is_named(server, client):
    bodies = [{"key": "k"} for _ in range(30)]
    bodies[3] = bodies[17] = {"key": "k", "vaule": "v"}
    bodies[11] = {"kye": "k"}
    lines = refusal(server, ApiValueError, LabelApi(client).create_label, bodies).split("\n")
    assert len(lines) == 2
    assert lines[0].startswith("bodies[3], bodies[17]: LabelApi.create_label was not sent: `vaule`")
    assert lines[1].startswith("bodies[11]: LabelApi.create_label was not sent: `kye` is unknown")


def test_the_place_in_a_body_has_one_index(server, client):
    text = refusal(server, ApiValueError, VmApi(client).clone_vm, [{"vm_nics": [{"nmae": "x"}]}])
    assert "bodies[0]: VmApi.clone_vm was not sent: `vm_nics.0.nmae` is unknown" in text


def test_thousands_of_bad_bodies_are_not_listed_one_by_one(server, client):
    text = refusal(server, ApiValueError, LabelApi(client).create_label, [{"kye": "k"}] * 3000)
    assert len(text) < 1000 and "bodies[19], ... (3000 bodies): " in text


def test_bodies_of_other_kinds(server, client):
    text = refusal(
        server, ApiTypeError, LabelApi(client).create_label, [{"key": "k"}, [], {"x": 1}]
    )
    assert "bodies[1]: " in text and "bodies[2]: " in text


def test_filters_that_match_nothing_are_no_success(server, client):
    server.handler = lambda request: Reply(
        200,
        [{"task_id": None, "data": {"id": "v"}}] if b"there" in request.body else [],
    )
    bodies = [{"where": {"id": "there"}}, {"where": {"id": "gone"}}, {"where": {"id": "gone2"}}]
    result = bulk(VmApi(client).delete_vm, bodies)
    assert str(result) == "VmApi.delete_vm: 1 succeeded, 2 matched nothing of 3"
    assert len(result.succeeded) == 1
    assert result.failed == result.unknown == result.remaining == []
    result = bulk(VmApi(client).delete_vm, bodies[1:2])
    assert str(result) == "VmApi.delete_vm: 0 succeeded, 1 matched nothing of 1"
    assert result.succeeded == []
