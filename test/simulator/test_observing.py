"""What the examples that observe calls see, where calls fail and several come at once."""

import json
import os
import runpy
import sys
import threading

import pytest
from simulated import ROOT

from cloudtower import ApiException, LabelApi, RetryPolicy, VmApi
from cloudtower.simulator import Simulator

_FOLDER = os.path.join(ROOT, "examples")


@pytest.fixture(scope="module")
def tower():
    with Simulator(speed=1e9) as simulator:
        yield simulator


@pytest.fixture
def faults(tower):
    yield tower.faults
    tower.faults.clear()


@pytest.fixture
def client(tower):
    client = tower.client()
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0)
    yield client
    client.close()


def example(name, monkeypatch):
    """The names that an example defines."""
    monkeypatch.syspath_prepend(_FOLDER)
    try:
        return runpy.run_path(os.path.join(_FOLDER, name + ".py"), run_name=name)
    finally:
        sys.modules.pop("common", None)


@pytest.fixture
def journal(client, monkeypatch, tmp_path):
    """A function that returns what the journal has."""
    path = tmp_path / "changes.jsonl"
    made = example("change_journal", monkeypatch)["Journal"](str(path))
    client.configuration.on_event = made
    yield lambda: [json.loads(line) for line in path.read_text("ascii").splitlines()]
    made.close()


def label(client, key):
    return LabelApi(client).create_label([{"key": key, "value": "x"}])


def test_a_change_is_a_line(tower, client, journal):
    made = label(client, "one")
    VmApi(client).get_vms({"first": 1})
    (entry,) = journal()
    assert entry["operation"] == "LabelApi.create_label" and entry["outcome"] == "done"
    assert entry["ids"] == [made[0].data.id]
    assert entry["tasks"] == [each.task_id for each in made if each.task_id]
    assert entry["tower"] == tower.endpoint.split("/")[2] and entry["status"] == 200
    assert entry["time"].endswith("+00:00") and entry["request_id"]
    assert set(entry) >= {"time", "tower", "user", "operation", "ids", "tasks", "outcome"}


@pytest.mark.parametrize("fault, outcome", [("reset", "unknown"), ("error", "unknown")])
def test_a_change_in_doubt_is_a_line_too(client, journal, faults, fault, outcome):
    faults.add(fault, operation="create-label")
    with pytest.raises(ApiException):
        label(client, "two")
    (entry,) = journal()
    assert entry["outcome"] == outcome and entry["ids"] == [] and entry["tasks"] == []


def test_lines_of_threads_do_not_mix(client, journal):
    threads = [
        threading.Thread(target=lambda n=n: [label(client, "t%d-%d" % (n, i)) for i in range(10)])
        for n in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    entries = journal()
    assert len(entries) == 80 and len({entry["ids"][0] for entry in entries}) == 80


def test_a_login_leaves_no_password_in_the_journal(tower, client, journal, tmp_path):
    from cloudtower.utils import login

    login(client, tower.username, tower.password)
    text = json.dumps(journal())
    assert tower.password not in text
    assert client.configuration.api_key["Authorization"] not in text


def test_a_journal_that_fails_stops_nothing(client, journal, caplog):
    os.close(client.configuration.on_event._file)
    try:
        assert label(client, "three")[0].data.id
    finally:
        client.configuration.on_event._file = os.open(os.devnull, os.O_WRONLY)
    assert "on_event failed" in caplog.text


# ---- spans -------------------------------------------------------------------


@pytest.fixture
def spans(client, monkeypatch):
    """What OpenTelemetry's own exporter has got, with urllib3 instrumented, too."""
    reason = 'OpenTelemetry is not installed: pip install "cloudtower-sdk[test]"'
    pytest.importorskip("opentelemetry.instrumentation.urllib3", reason=reason)
    from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    made = example("opentelemetry_spans", monkeypatch)["Spans"]
    URLLib3Instrumentor().instrument(tracer_provider=provider)
    client.configuration.on_event = made(provider.get_tracer("test"))
    yield exporter
    URLLib3Instrumentor().uninstrument()
    provider.shutdown()


def test_a_call_is_a_span_with_its_attempts(client, spans, faults):
    faults.add("error", status=503, operation="get-vms", count=1)
    VmApi(client).get_vms({"first": 1})
    first, second, call = spans.get_finished_spans()
    assert [each.name for each in (first, second, call)] == [
        "attempt 1",
        "attempt 2",
        "VmApi.get_vms",
    ]
    assert first.parent.span_id == second.parent.span_id == call.context.span_id
    assert call.parent is None and call.attributes["cloudtower.attempts"] == 2
    assert not first.status.is_ok and second.status.is_unset and call.status.is_unset
    assert first.attributes["http.response.status_code"] == 503
    assert call.attributes["cloudtower.request_id"]


def test_a_call_that_fails(client, spans, faults):
    faults.add("reset", operation="create-label")
    with pytest.raises(ApiException):
        label(client, "four")
    attempt, call = spans.get_finished_spans()
    for each in (attempt, call):
        assert not each.status.is_ok and each.attributes["error.type"] == "ApiProtocolError"
        assert each.attributes["cloudtower.outcome"] == "unknown"


def test_calls_in_threads_have_spans_of_their_own(client, spans):
    pending = [VmApi(client).get_vms({"first": 1}, async_req=True) for _ in range(5)]
    for each in pending:
        each.get(30)
    calls = [each for each in spans.get_finished_spans() if each.name == "VmApi.get_vms"]
    assert len(calls) == 5 and len({each.context.trace_id for each in calls}) == 5


def test_afterwards_urllib3_has_its_own_spans_again(client, spans):
    VmApi(client).get_vms({"first": 1})
    client.configuration.on_event = None
    VmApi(client).get_vms({"first": 1})
    names = [each.name for each in spans.get_finished_spans()]
    assert names == ["attempt 1", "VmApi.get_vms", "POST"]
