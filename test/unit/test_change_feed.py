"""watch against a feed that says what a test wants."""

import json
import re
import warnings

import pytest

from cloudtower import (
    ApiClient,
    ApiException,
    ApiValueError,
    ChangesLost,
    Configuration,
    Response,
    UnknownFieldWarning,
)
from cloudtower.utils import watch


class Feed(object):
    """A transport: each request gets the next of these responses, later ones the last."""

    def __init__(self, *responses):
        self.responses = list(responses)
        self.asked = []
        self.headers = None

    def send(self, request):
        query = dict(re.findall(r"(\w+)=([^&]*)", request.url.partition("?")[2]))
        self.asked.append(query)
        self.headers = request.headers
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        return response if isinstance(response, Response) else Response(200, response)

    def watched(self, **options):
        configuration = Configuration(host="http://tower")
        configuration.retry_policy = None
        options = dict({"auth": (u"api", u"key"), "interval": 0.01, "timeout": 0.2}, **options)
        return watch(ApiClient(configuration, transport=self), ["Vm"], **options)


def page(current, *revisions, **more):
    data = [each if isinstance(each, dict) else event(each) for each in revisions]
    response = {"currentRevision": str(current), "compactRevision": "1", "ec": "EOK", "data": data}
    response.update(more)
    return response


def event(revision, **more):
    values = {"revision": str(revision), "action": "UPDATE", "resource_type": "Vm"}
    values.update({"resource_id": "v", "old_value": '{"a": 1, "b": 2}', "new_value": '{"a": 2}'})
    values.update({"created_at": "2026-01-02T03:04:05.000Z"})
    values.update(more)
    return values


def revisions(changes):
    return [int(each.revision) for each in changes]


def test_what_is_sent():
    feed = Feed(page(10), page(12, 11), page(12))
    changes = feed.watched(timeout=1)
    assert changes.revision == "10" and feed.asked == [{"limit": "500", "resource_type": "Vm"}]
    change = next(changes)
    assert change.changed == ["a", "b"] and change.old == {"a": 1, "b": 2} and change.id == "v"
    assert change.time.isoformat() == "2026-01-02T03:04:05+00:00" and change.revision == "11"
    assert list(changes) == []
    assert [each.get("start_revision") for each in feed.asked[1:4]] == ["10", "11", "12"]
    assert feed.headers["Authorization"] == "Basic YXBpOmtleQ=="


def test_a_change_that_comes_again_is_skipped():
    """Whether the revision asked for is part of the response is the server's affair."""
    assert revisions(
        Feed(page(10), page(11, 10, 11), page(12, 11, 12), page(12, 12)).watched()
    ) == [
        11,
        12,
    ]


def test_numbers_of_any_length():
    start = 10**30
    feed = Feed(page(start + 1, start + 1))
    assert revisions(feed.watched(since=str(start))) == [start + 1]
    assert feed.asked[0]["start_revision"] == str(start)


def test_a_quiet_feed_moves_on_to_what_an_earlier_look_has_seen():
    """Not to what this look says, since a change before that may not be visible to it yet."""
    feed = Feed(page(10), page(20), page(30), page(30))
    changes = feed.watched()
    list(changes)
    asked = [int(each["start_revision"]) for each in feed.asked[1:5]]
    assert asked == [10, 10, 20, 30] and changes.revision == "30"


def test_a_feed_that_begins_again_has_lost_something():
    changes = Feed(page(10), page(5)).watched()
    with pytest.raises(ChangesLost, match="started over") as caught:
        list(changes)
    assert (caught.value.since, caught.value.current) == ("10", "5")


def test_rows_that_cannot_be_read():
    odd = event(11, old_value="not JSON", new_value='"text"', created_at="soon")
    (change,) = Feed(page(11, odd)).watched(since=10)
    assert (change.old, change.new, change.time, change.changed) == (None, None, None, [])


@pytest.mark.parametrize(
    "wrong",
    [
        page(10, ec="EBUSY", error="busy"),
        page("soon"),
        page(11, event("eleven")),
        Response(404, {"message": "no"}),
    ],
)
def test_a_response_that_cannot_be_used(wrong):
    with pytest.raises(ApiException):
        Feed(wrong).watched()
    assert revisions(Feed(page(10), wrong, page(11, 11)).watched(timeout=2)) == [11]


def test_a_key_that_is_no_longer_valid():
    changes = Feed(page(10), Response(401, {"message": "no"})).watched()
    with pytest.raises(ApiException, match="its own API credentials"):
        next(changes)


def test_a_pickled_error():
    import pickle

    error = pickle.loads(pickle.dumps(ChangesLost("gone", "1", "2")))
    assert (str(error), error.since, error.current) == ("gone", "1", "2")
    assert json.dumps([error.since, error.current])


# ---- names of tables ---------------------------------------------------------------


def named(types, mode="warn"):
    """The query of a watch of these tables."""
    feed = Feed(page(10))
    configuration = Configuration(host="http://tower")
    configuration.field_validation = mode
    client = ApiClient(configuration, transport=feed)
    watch(client, types, auth=("api", "key"), timeout=0.1, interval=0.01)
    return feed.asked[0]["resource_type"]


@pytest.mark.parametrize(
    "name, meant",
    [
        ("Vmm", "Vm"),
        ("VmSnapshto", "VmSnapshot"),
        ("VmWhereInput", None),
        ("_LabelToVmm", "_LabelToVm"),
        ("_LabelsToVm", "_LabelToVm"),
        ("SomethingOfTomorrow", None),
        ("_SomethingToVm", None),
    ],
)
def test_an_unknown_table_is_watched_with_a_warning(name, meant):
    with pytest.warns(UnknownFieldWarning) as caught:
        assert named(["Host", name]).replace("%2C", ",") == "Host,%s" % name
    text = str(caught[0].message)
    assert "no table %r" % name in text and "'Host'" not in text
    assert ("did you mean %r?" % meant in text) if meant else ("newer CloudTower" in text)
    with pytest.raises(ApiValueError) as caught:
        named([name], "strict")
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize("name", ["Vm", "VmNic", "VmDisk", "_LabelToVm", "_VmToVmFolder", "Task"])
def test_known_tables(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert named([name]) == name


def test_unknown_tables_may_be_silenced():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert named(["Vmm"], "ignore") == "Vmm"
