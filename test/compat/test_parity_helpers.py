"""What stands around the operations, under both SDKs: waiting, login, configuration, errors."""

import pytest
from parity import comparison, fixtures, scenarios, sessions
from parity.fixtures import published_sdk  # noqa: F401  a fixture
from recording_server import RecordingServer, Reply

pytestmark = fixtures.today

_CONSTRUCTED = list(scenarios.constructed())
_ASSIGNED = [list(each) for each in scenarios.assigned()]


def _scripted(name, sdk, servers):
    """What the driver gets of a scenario, with a server of its own."""
    helper, _, answers = scenarios.SCENARIOS[name]
    server = servers[sdk, name] = RecordingServer()
    server.script([Reply(*each) for each in answers[:-1]])
    if answers:
        server.reply(*answers[-1])
    return {
        "host": server.url + "/v2/api",
        "helper": helper,
        "arguments": scenarios.arguments_of(name),
    }


@pytest.fixture(scope="module")
def said(published_sdk, tmp_path_factory):  # noqa: F811
    """{SDK: what the driver said}, with what each server got"""
    names = sorted(scenarios.SCENARIOS)
    servers = {}
    try:
        work = {}
        for sdk in sessions.SDKS:
            work[sdk] = {
                "scenarios": [_scripted(name, sdk, servers) for name in names],
                "constructed": _CONSTRUCTED,
                "assigned": _ASSIGNED,
            }
        answers = sessions.run("helpers", work, str(tmp_path_factory.mktemp("helpers")))
        for sdk in sessions.SDKS:
            told = zip(names, answers[sdk]["scenarios"])
            answers[sdk]["scenarios"] = dict(
                (name, dict(each, requests=_seen(servers[sdk, name]))) for name, each in told
            )
    finally:
        for server in servers.values():
            server.close()
    return answers


def _seen(server):
    """What a server got. How often a task was looked at in vain is a matter of speed."""
    seen = []
    for request in server.requests:
        each = {
            "line": "%s %s" % (request.method, request.path),
            "body": request.json(),
            "authorization": request.header("authorization"),
            "default": request.header("x-default"),
            "type": request.header("content-type"),
        }
        if each not in seen[-1:]:
            seen.append(each)
    return seen


@pytest.mark.parametrize("part", ["scenarios", "constructed", "assigned", "settings", "exceptions"])
def test_both_behave_the_same(part, said):
    theirs, ours = (said[sdk][part] for sdk in sessions.SDKS)
    found = []
    for where, published, mine in comparison.differences(theirs, ours):
        case = where
        if part in ("constructed", "assigned"):
            cases = _CONSTRUCTED if part == "constructed" else _ASSIGNED
            case = repr(cases[int(where.split(".")[0])])
        found.append(comparison.Difference(case, part, where, published, mine))
    rules = comparison.Rules("helpers: " + part)
    unintended = rules.unintended(found)
    assert not unintended, comparison.report(unintended)
    assert not rules.unused()
