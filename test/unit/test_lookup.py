"""What get_one and find say of names that are not there."""

import pytest
from recording_server import Reply

from cloudtower import LabelApi, VmApi
from cloudtower.exceptions import NoResultFound
from cloudtower.utils import find, get_one

NAMES = ["web-01", "web-02", "Database"]


@pytest.fixture
def vms(server, client):
    def handler(request):
        body = request.json()
        text = request.body.decode("utf-8")
        if "in_recycle_bin" in text and "true" in text:
            return Reply(200, [])
        named = '"name":' in text.replace(" :", ":")
        objects = [] if named else [{"id": n, "name": n} for n in NAMES]
        return Reply(200, objects[: body.get("first", 9)])

    server.handler = handler
    return VmApi(client)


def missing(call, *given, **options):
    with pytest.raises(NoResultFound) as caught:
        call(*given, **options)
    return str(caught.value)


@pytest.mark.parametrize("text, meant", [("WEB-01", "'web-01'"), ("database", "'Database'")])
def test_case_is_no_difference(vms, text, meant):
    for message in (
        missing(find, vms.get_vms, text),
        missing(get_one, vms.get_vms, where={"name": text}),
        missing(get_one, vms.get_vms, {"where": {"name": text, "status": "RUNNING"}}),
        missing(get_one, vms.get_vms, where={"AND": [{"status": "RUNNING"}, {"name": text}]}),
        missing(get_one, vms.get_vms, where={"AND": {"name": text}}),
    ):
        assert "; did you mean %s" % meant in message


def test_the_rest_of_the_filter_stands(vms, server):
    where = {"AND": [{"status": "RUNNING"}, {"name": "web-1"}], "cluster": {"id": "c"}}
    assert "web-01" in missing(get_one, vms.get_vms, where=where)
    assert server.last.json()["where"] == {"AND": [{"status": "RUNNING"}], "cluster": {"id": "c"}}


def test_nothing_similar_nothing_said(vms, server):
    assert "did you mean" not in missing(get_one, vms.get_vms, where={"name": "zzz"})
    asked = len(server.requests)
    assert "did you mean" not in missing(get_one, vms.get_vms, where={"name": None, "id_in": ["x"]})
    assert get_one(vms.get_vms, where={"name": "web-1"}, default=None) is None
    assert len(server.requests) <= asked + 3
    labels = LabelApi(vms.api_client)
    server.handler = lambda request: Reply(200, [])
    assert "did you mean" not in missing(get_one, labels.get_labels, where={"key": "x"})
