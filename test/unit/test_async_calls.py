"""Calls with async_req=True: what closing, leaving, collecting and forking do to them."""

import gc
import os
import subprocess
import sys
import threading
import time
import weakref

import pytest
from recording_server import RecordingServer, Reply

from cloudtower import ActivePassiveApiClient, ApiClient, ApiException, Configuration
from cloudtower._http import threads
from cloudtower._runtime.locks import Lock

# Far below the 300 seconds that a call may wait, far above what a busy machine needs.
SOON = 60
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")

SCRIPT = """
import sys, threading
from cloudtower import ApiClient, ActivePassiveApiClient, Configuration
client = ApiClient(Configuration(host=%r), pool_threads=2)
def go(n=0):
    return client.call_api("/x", "POST", body=n, async_req=True, _return_http_data_only=True)
"""


def run(server, code):
    """Seconds that a script takes to end by itself, which it does without a word."""
    started = time.time()
    process = subprocess.Popen(
        # 3.12 and newer warn of a fork beside threads, which is what is tried here.
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", SCRIPT % server.url + code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    timer = threading.Timer(SOON, process.kill)
    timer.start()
    output = process.communicate()[0]
    timer.cancel()
    assert process.returncode == 0, output
    assert output == b""
    return time.time() - started


def call(client, **keywords):
    return client.call_api("/x", "POST", body=1, async_req=True, **keywords)


@pytest.fixture
def silent():
    """A server that takes requests and never responds while a test runs."""
    with RecordingServer(handler=lambda request: Reply(delay=2 * SOON)) as server:
        yield server


# ---- the end of a process ----------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "go()",
        "go(); go(); go()",
        "go(); client.close()",
        "go(); client.close(); go()",
        "with client: go()",
        "go(); del client",
        "go(); raise SystemExit(0)",
        "clients = [ApiClient(client.configuration) for n in range(20)]\n"
        "for each in clients: each.call_api('/x', 'POST', body=1, async_req=True)",
    ],
)
def test_a_call_without_a_response_does_not_keep_the_process(silent, code):
    impatient = "from cloudtower._http import threads; threads.PATIENCE = 1\n"
    assert run(silent, impatient + code) < SOON


def test_the_patience_is_some_seconds(silent):
    assert threads.PATIENCE <= run(silent, "go()") < SOON


def test_calls_that_are_responded_to_are_waited_for_however_many(server):
    # Together they take longer than the patience for one of them.
    server.reply(200, {}, delay=0.4)
    count = 10
    settings = (
        "from cloudtower._http import threads; threads.PATIENCE = 3; client.pool_threads = 1\n"
    )
    assert run(server, settings + "for n in range(%d): go(n)" % count) > 3
    assert sorted(request.json() for request in server.requests) == list(range(count))


# ---- close in a thread of the pool -------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        # in a worker, in the thread that hands out results, and in two workers at a time
        "go().get(30); client.pool.apply_async(client.close).get(30); go().get(30)",
        "done = threading.Event()\n"
        "client.pool.apply_async(int, callback=lambda _: (client.close(), done.set()))\n"
        "done.wait(30) or sys.exit(1); go().get(30)",
        "start, pool = threading.Event(), client.pool\n"
        "def last(): start.wait(30); client.close()\n"
        "results = [pool.apply_async(last) for n in range(2)]\n"
        "start.set()\n"
        "for each in results: each.get(30)",
        "def last():\n    go(); client.close()\n" "client.pool.apply_async(last).get(30)",
    ],
)
def test_close_in_a_thread_of_the_pool(server, code):
    assert run(server, code) < SOON


def test_calls_go_on_after_close_in_a_thread_of_the_pool(server):
    run(server, "client.pool.apply_async(lambda: (go(5), client.close())).get(30)")
    assert [request.json() for request in server.requests] == [5]


def test_close_gives_up_and_the_result_still_comes(monkeypatch):
    monkeypatch.setattr(threads, "PATIENCE", 0.2)
    with RecordingServer(handler=lambda request: Reply(200, {}, delay=2)) as server:
        client = ApiClient(Configuration(host=server.url))
        result = call(client, response_types_map={200: "object"})
        client.close()
        assert not result.ready()
        assert result.get(SOON)[0] == {}


# ---- nothing is kept ---------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 404])
def test_a_call_keeps_nothing(server, status):
    """The threads of old Pythons keep their last task until the next one."""
    server.reply(status, {})
    client = ApiClient(Configuration(host=server.url))
    task = threads._Call(client.pool, client.call_api, ("/x", "POST"), {"body": [1]})
    kept = _outcome(task)  # an exception holds its traceback on Python 3
    if hasattr(kept, "with_traceback"):
        assert "call_api" in list(_functions(kept.__traceback__))
    reference = weakref.ref(client)
    client.close()
    del client
    _collect(reference)
    assert reference() is None and task is not None and kept


def _outcome(task):
    try:
        return task()
    except ApiException as error:
        return error


def _functions(traceback):
    while traceback is not None:
        yield traceback.tb_frame.f_code.co_name
        traceback = traceback.tb_next


def _collect(reference):
    deadline = time.time() + 10
    while time.time() < deadline and reference() is not None:
        gc.collect()
        time.sleep(0.05)


def test_a_client_nobody_holds_after_a_failed_call(server):
    server.reply(404, "")
    client = ApiClient(Configuration(host=server.url))
    result = call(client)
    with pytest.raises(ApiException):
        result.get(10)
    reference = weakref.ref(client)
    del client
    _collect(reference)
    assert reference() is None


def test_a_client_nobody_holds_does_its_calls(server):
    server.reply(200, {}, delay=0.2)
    client = ApiClient(Configuration(host=server.url))
    results = [call(client) for _ in range(3)]
    del client
    for result in results:
        result.get(10)
    assert len(server.requests) == 3


# ---- fork --------------------------------------------------------------------------


def in_child(act):
    """Run a function in a forked child, which ends in time and without an error."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            threading.Timer(SOON / 2, os._exit, [2]).start()
            act()
            status = 0
        finally:
            os._exit(status)
    return pid


def wait_for(pids):
    for pid in pids:
        assert os.waitpid(pid, 0)[1] == 0


@forks
@pytest.mark.parametrize("used", [False, True])
def test_children_and_parent_call_at_the_same_time(used):
    def echo(request):
        return Reply(200, request.json(), delay=0.01)

    with RecordingServer(handler=echo) as server:
        client = ApiClient(Configuration(host=server.url), pool_threads=3)

        def work(name):
            def one(n):
                return client.call_api(
                    "/x",
                    "POST",
                    body={"a": [name, n]},
                    response_types_map={200: "object"},
                    async_req=True,
                    _return_http_data_only=True,
                )

            for n, result in [(n, one(n)) for n in range(20)]:
                assert result.get(SOON) == {"a": [name, n]}

        if used:
            work("before")
        else:
            client.pool
        children = [in_child(lambda name=name: (work(name), client.close())) for name in range(3)]
        work("parent")
        wait_for(children)
        work("after")
        client.close()


@forks
def test_a_child_while_the_parent_has_a_call_under_way(server):
    server.script([Reply(200, {}, delay=1)])
    client = ApiClient(Configuration(host=server.url))
    result = call(client)
    wait_for([in_child(lambda: call(client).get(SOON))])
    assert result.get(SOON)[1] == 200
    client.close()


@forks
@pytest.mark.parametrize("use", ["pool", "rest_client", "close"])
def test_locks_that_another_thread_held_at_the_fork(server, use):
    client = ApiClient(Configuration(host=server.url))
    wait_for(_with_held_lock(client._lock, lambda: _use(client, use)))


def _use(client, name):
    value = getattr(client, name)
    return value() if callable(value) else value


@forks
def test_a_search_for_the_active_node_under_way_at_the_fork(server):
    nodes = ActivePassiveApiClient([server.url])
    wait_for(_with_held_lock(nodes._discovery._lock, nodes.active_client))


def _with_held_lock(lock, act):
    held, release = threading.Event(), threading.Event()

    def hold():
        with lock:
            held.set()
            release.wait(SOON)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(SOON)
    try:
        return [in_child(act)]
    finally:
        release.set()
        thread.join()


@forks
def test_a_child_that_ends_as_scripts_do(server):
    code = "go().get(30)\nimport os\npid = os.fork()\nif pid: sys.exit(os.waitpid(pid, 0)[1])\n"
    assert run(server, code) < SOON
    assert run(server, code + "go().get(30)") < SOON
    assert run(server, code + "client.close(); del client") < SOON


def test_a_lock_is_a_lock():
    lock, inside = Lock(), []

    def work():
        for _ in range(200):
            with lock:
                inside.append(1)
                assert len(inside) == 1
                inside.pop()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert inside == []
