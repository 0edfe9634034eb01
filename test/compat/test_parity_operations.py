"""Every operation of the published SDK, called under both: the same on the wire and back."""

import json
import re

import interface_changes
import pytest
from parity import comparison, fixtures, sessions
from parity.calls import calls
from parity.fixtures import published_sdk  # noqa: F401  a fixture
from recording_server import RecordingServer, Reply

pytestmark = fixtures.today

# Of no meaning to a server, or different for each connection.
_IGNORED = ("x-case", "host", "connection", "content-length")
_OPERATIONS = 579


@pytest.fixture(scope="module")
def made():
    return calls()


@pytest.fixture(scope="module")
def recorded(published_sdk, made, tmp_path_factory):  # noqa: F811
    """{SDK: (its operations, [what was sent and came back])}"""
    sent = dict((sdk, {}) for sdk in sessions.SDKS)

    def answer(request):
        sdk, case = request.header("X-Case")[0].split()
        sent[sdk].setdefault(case, []).append(_seen(request))
        call = made[int(case)]
        return Reply(call.status, call.answer.encode("utf-8"), _headers(call))

    with RecordingServer(handler=answer) as server:
        work = dict(
            (
                sdk,
                {
                    "host": server.url + "/v2/api",
                    "mark": sdk,
                    "calls": [call.asked for call in made],
                },
            )
            for sdk in sessions.SDKS
        )
        folder = str(tmp_path_factory.mktemp("operations"))
        said = sessions.run("operations", work, folder)
    records = {}
    for sdk in sessions.SDKS:
        results = [
            {"sent": sent[sdk].get(str(case)), "result": result}
            for case, result in enumerate(said[sdk]["results"])
        ]
        records[sdk] = said[sdk]["operations"], results
    return records


def _headers(call):
    headers = [("Content-Type", "application/json" if call.answer[:1] in "{[" else "text/html")]
    if call.form == "error" and call.status == 500:
        headers.append(("x-tower-request-id", "r-1"))
    return headers


def _seen(request):
    """What matters of a request."""
    headers = dict((name.lower(), value) for name, value in request.headers)
    for name in _IGNORED:
        headers.pop(name, None)
    path, _, query = request.path.partition("?")
    body = request.body.decode("utf-8")
    boundary = re.search("boundary=(.*)", headers.get("content-type", ""))
    if boundary:
        headers["content-type"] = headers["content-type"].replace(boundary.group(1), "")
        body = body.split("--" + boundary.group(1))
        # The order of fields means nothing, but the file stands after them.
        body[1:-2] = sorted(body[1:-2])
    elif body:
        # Nor does the order of members; how a number is written does.
        body = json.dumps(json.loads(body), sort_keys=True)
    return {
        "line": "%s %s" % (request.method, path),
        "query": sorted(query.split("&")),
        "headers": headers,
        "body": body,
    }


def _differences(made, recorded):
    records = [recorded[sdk][1] for sdk in sessions.SDKS]
    assert [len(each) for each in records] == [len(made)] * 2
    return [
        comparison.Difference(call, call.form, *found)
        for call, theirs, ours in zip(made, *records)
        for found in comparison.differences(theirs, ours)
    ]


def test_the_published_sdk_has_the_operations_that_are_compared(made, recorded):
    named = [(call.asked["api"], call.asked["method"]) for call in made]
    plain = set(pair for pair in named if pair[1][-15:] != "_with_http_info")
    assert len(plain) == _OPERATIONS or interface_changes.NAMES
    theirs, ours = (
        set("%s.%s" % (owner, each) for owner, names in recorded[sdk][0].items() for each in names)
        for sdk in sessions.SDKS
    )
    assert _unchanged(set("%s.%s" % pair for pair in named) - theirs) == set()
    assert _unchanged(theirs - ours) == set()
    assert _unchanged(ours - theirs) == set(comparison.ADDED)


def _unchanged(names):
    """The operations among some functions that no release has changed."""
    plain = set(each.replace("_with_http_info", "") for each in names)
    return plain - set(interface_changes.NAMES)


def test_every_call_sends_the_same_and_returns_the_same(made, recorded):
    rules = comparison.Rules("operations")
    unintended = rules.unintended(_differences(made, recorded))
    assert not unintended, comparison.report(unintended)
    assert not rules.unused()


@pytest.mark.parametrize("form", ["dict body", "model body"])
def test_every_body_that_is_sent_is_json_of_the_same_content(form, made, recorded):
    count = 0
    theirs, ours = (recorded[sdk][1] for sdk in sessions.SDKS)
    for call, sent in zip(made, zip(theirs, ours)):
        if call.form == form and not call.asked["files"] and sent[0]["sent"][0]["body"]:
            bodies = [json.loads(each["sent"][0]["body"]) for each in sent]
            assert bodies[0] == bodies[1], call
            count += 1
    assert count > _OPERATIONS - 20 or interface_changes.NAMES


def test_every_call_that_reached_the_server_reached_it_once(made, recorded):
    for sdk in sessions.SDKS:
        for call, record in zip(made, recorded[sdk][1]):
            assert len(record["sent"] or ()) == 1, (sdk, call)
