"""Ctrl-C: whatever a script waits for, it ends at once."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from ports import closed_port
from recording_server import RecordingServer, Reply

# Far below the hour that each script below would wait, far above what a busy machine needs.
SOON = 30
PATIENCE = 30  # what closing and leaving wait for calls under way

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no such signal on this system")

SCRIPT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from cloudtower import *
from cloudtower._http import threads
threads.PATIENCE = %d
from cloudtower.utils import wait_task
LONG = RetryPolicy(max_attempts=1000, backoff_factor=3600, backoff_max=3600, give_up_after=None)
configuration = Configuration(host=sys.argv[1])
configuration.retry_policy = None
configuration.timeout = 3600
client = ApiClient(configuration, pool_threads=2)
vms = VmApi(client)
def ready():
    sys.stdout.write("ready")
    sys.stdout.flush()
""" % PATIENCE


@pytest.fixture
def silent():
    with RecordingServer(handler=lambda request: Reply(delay=2 * SOON)) as server:
        yield server


def interrupted(code, url, moment):
    """Seconds that a script goes on after Ctrl-C, and its exit status and last line.

    Parameters:
        moment: callable that returns whether it is time, once the script says it is ready.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT + code, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    timer = threading.Timer(3 * SOON, process.kill)
    timer.start()
    try:
        assert process.stdout.read(5) == b"ready", process.stderr.read()
        deadline = time.time() + SOON
        while not moment() and time.time() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        started = time.time()
        process.send_signal(signal.SIGINT)
        output = process.communicate()[1]
        return time.time() - started, process.returncode, output.decode()
    finally:
        timer.cancel()


def ends(code, url, moment=lambda: True, status=(1, -signal.SIGINT)):
    seconds, returned, output = interrupted(code, url, moment)
    assert "KeyboardInterrupt" in output or 130 in status
    assert returned in status, output
    assert seconds < PATIENCE / 2, output


RESULT = "vms.get_vms({}, async_req=True)"

IN_A_CALL = {
    "call": "ready(); vms.get_vms({})",
    "write": "ready(); vms.start_vm({'where': {'id': 'a'}})",
    "with": "ready()\nwith client: vms.get_vms({})",
    "finally": "ready()\ntry: vms.get_vms({})\nfinally: client.close()",
    "search for the active node": (
        "nodes = ActivePassiveApiClient([sys.argv[1]], probe_timeout=3600)\n"
        "ready(); VmApi(nodes).get_vms({})"
    ),
    "call beside an async_req": RESULT + "; ready(); vms.get_vms({})",
    "with an async_req": "with client:\n    " + RESULT + "; ready(); vms.get_vms({})",
    "queue of async_req": "[%s for n in range(9)]; ready(); vms.get_vms({})" % RESULT,
    "wait for an async_req": "result = %s; ready(); result.wait(3600)" % RESULT,
    "get with a timeout": "result = %s; ready(); result.get(3600)" % RESULT,
    "close": RESULT + "; ready(); client.close()",
    "leave": RESULT + "; ready()",
}


@pytest.mark.parametrize("name", sorted(IN_A_CALL))
def test_in_a_call(silent, name):
    status = (0, 1, -signal.SIGINT, 130) if name == "leave" else (1, -signal.SIGINT)
    ends(IN_A_CALL[name], silent.url, lambda: silent.requests, status)


@pytest.mark.skipif(sys.version_info < (3,), reason="get() without a timeout on 2.7 waits on")
@pytest.mark.parametrize("code", ["result.get()", "with client: result.get()", "result.wait()"])
def test_in_an_async_req(silent, code):
    ends("result = %s; ready()\n%s" % (RESULT, code), silent.url, lambda: silent.requests)


def test_a_script_that_handles_it(silent):
    code = "try:\n    ready(); vms.get_vms({})\nexcept KeyboardInterrupt:\n    client.close(); sys.exit(130)"
    ends(RESULT + "\n" + code, silent.url, lambda: silent.requests, (130,))


IN_A_PAUSE = {
    "between attempts": "configuration.retry_policy = LONG; ready(); vms.get_vms({})",
    "of an async_req": (
        "configuration.retry_policy = LONG; result = %s; ready(); result.get(3600)" % RESULT
    ),
    "while nodes settle": (
        "configuration.retry_policy = LONG\n"
        "nodes = ActivePassiveApiClient([sys.argv[1]], configuration=configuration)\n"
        "ready(); VmApi(nodes).get_vms({})"
    ),
}


@pytest.mark.parametrize("name", sorted(IN_A_PAUSE))
def test_in_a_pause(name):
    with RecordingServer(handler=lambda request: Reply(503)) as server:
        ends(IN_A_PAUSE[name], server.url, lambda: server.requests)


def test_while_an_object_is_locked():
    locked = {"message": "Resource [VM-1] locked", "code": "ResourceLocked"}
    with RecordingServer(handler=lambda request: Reply(400, locked)) as server:
        code = "ready(); vms.start_vm({'where': {'id': 'a'}}, _lock_timeout=3600)"
        ends(code, server.url, lambda: server.requests)


def test_in_a_wait_for_a_task():
    task = [{"id": "t", "status": "EXECUTING"}]
    with RecordingServer(handler=lambda request: Reply(200, task)) as server:
        code = "ready(); wait_task('t', client, interval=3600, timeout=7200)"
        ends(code, server.url, lambda: server.requests)


def test_in_a_download_and_an_unread_response():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: application/json\r\n\r\n"
    reply = Reply(raw=[head] + [b"x"] * 100, pause=0.5)
    with RecordingServer(handler=lambda request: reply) as server:
        ends("ready(); vms.get_vms({})", server.url, lambda: server.requests)
        ends(
            "response = vms.get_vms({}, _preload_content=False); ready(); response.read()",
            server.url,
        )
        ends(
            "ready(); client.call_api('/f', 'GET', response_types_map={200: 'file'})",
            server.url,
            lambda: len(server.requests) > 2,
        )


def test_while_a_connection_is_made():
    with closed_port() as port:
        code = "configuration.retry_policy = LONG; ready(); vms.get_vms({})"
        ends(code, "http://127.0.0.1:%d" % port)
