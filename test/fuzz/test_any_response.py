"""Whatever a server sends, a call returns something that can be used or raises ApiException.

It does so in time, and the next call gets its own response.
"""

import itertools
import logging
import os
import tempfile
import time

import calls
import pytest
import use

pytest.importorskip("hypothesis")

from hypothesis import HealthCheck, given, note, seed, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from scripted_server import ScriptedServer  # noqa: E402
from scripts import scripts  # noqa: E402

from cloudtower import ApiClient, ApiException, Configuration, RetryPolicy, VmApi  # noqa: E402

SEED = int(os.environ["CLOUDTOWER_FUZZ_SEED"])
CASES = int(os.environ.get("CLOUDTOWER_FUZZ_CASES", "2000"))
PATIENCE = 0.1  # seconds that a call may take
HANGING = 20  # seconds; far more than a call takes on a busy machine
CALLS = calls.every()
MARKS = itertools.count()


@pytest.fixture(scope="module")
def scripted():
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as folder:
        yield folder


@st.composite
def cases(draw):
    call = draw(st.sampled_from(CALLS))
    said = draw(st.lists(scripts(call.returns), min_size=1, max_size=2))
    return call, draw(st.sampled_from(calls.OFTEN)), said, draw(st.integers(0, 7))


@pytest.mark.timeout(3600)  # the bench tries many more
@seed(SEED)
@settings(
    max_examples=CASES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(case=cases())
def test_any_response(scripted, folder, case):
    call, way, said, switches = case
    note("%s, %s, CLOUDTOWER_FUZZ_SEED=%d" % (call.label, way, SEED))
    scripted.play(said)
    with ApiClient(_configuration(scripted, folder, switches)) as client:
        for _ in said:
            started = time.monotonic()
            try:
                value = call.run(client, dict(calls.WAYS[way]))
                value = value.get(HANGING) if way == "async" else value
            except ApiException as error:
                use.error(error)
            else:
                value.close() if way == "unread" else use.result(value)
            assert time.monotonic() - started < HANGING
        scripted.play([])
        mark = "good-%d" % next(MARKS)
        vms = VmApi(client).get_vms({}, _headers={"x-mark": mark}, _request_timeout=HANGING)
        assert [vm.id for vm in vms] == [mark]


def _configuration(scripted, folder, switches):
    """Switches: bits for what a script may have set."""
    made = Configuration(host="http://127.0.0.1:%d/v2/api" % scripted.port)
    made.api_key["Authorization"] = "token"
    made.retry_policy = RetryPolicy(backoff_factor=0.001)
    made.temp_folder_path = folder
    made.max_response_size = 100000
    made.discard_unknown_keys = bool(switches & 1)
    made.timeout, made.total_timeout = PATIENCE, PATIENCE
    if switches & 2:
        made.on_event = repr
    logging.getLogger("cloudtower").setLevel(logging.DEBUG if switches & 4 else logging.WARNING)
    return made
