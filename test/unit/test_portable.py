"""Clients that are pickled, copied, closed, forgotten, and used by many threads."""

import copy
import gc
import logging
import os
import pickle
import subprocess
import sys
import threading
import time
import weakref

import pytest
from nodes import ACTIVE, PASSIVE, Node, get_vms, pair, switch
from recording_server import RecordingServer, Reply

from cloudtower import ActivePassiveApiClient, ApiClient, Configuration, Response, VmApi
from cloudtower._http import portable
from cloudtower.configuration import Credentials

SOON = 60  # generous bound for what takes a second at most
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@pytest.fixture
def server():
    with RecordingServer() as server:
        server.reply(200, [{"id": "x"}])
        yield server


@pytest.fixture
def nodes():
    made = [Node(ACTIVE), Node(PASSIVE)]
    yield made
    for node in made:
        node.stop()


def client(server):
    configuration = Configuration(host=server.url + "/v2/api", username="u", password="pw-1")
    configuration.api_key["Authorization"] = "tok"
    configuration.credentials = Credentials("root", "pw-2")
    made = ApiClient(configuration, "X-Own", "h", cookie="c=1", pool_threads=3)
    made.user_agent = "mine/1"
    return made


def used(server):
    made = client(server)
    get_vms(made)
    return made


def used_by_threads(server):
    made = client(server)
    get_vms(made, async_req=True).get(SOON)
    return made


STATES = [client, used, used_by_threads]


def pickled(made, protocol=2):
    return pickle.loads(pickle.dumps(made, protocol))


# ---- pickles -----------------------------------------------------------------------


@pytest.mark.parametrize("make", STATES)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickled_client_works(server, make, protocol):
    original = make(server)
    data = pickle.dumps(original, protocol)
    assert b"pw-1" not in data and b"pw-2" not in data
    restored = pickle.loads(data)
    assert not hasattr(restored, "last_response")
    assert get_vms(restored)[0].id == "x"
    assert get_vms(restored, async_req=True).get(SOON)[0].id == "x"
    request = server.last
    for name, value in (
        ("Authorization", "tok"),
        ("X-Own", "h"),
        ("Cookie", "c=1"),
        ("User-Agent", "mine/1"),
    ):
        assert request.header(name) == [value]
    assert restored.pool_threads == 3 and restored.configuration.password is None
    get_vms(original)
    original.close(), restored.close()


def test_a_pickle_has_what_a_script_added(server):
    made = client(server)
    made.note = {"a": 1}
    made.client_side_validation = False
    restored = pickled(made)
    assert restored.note == {"a": 1} and restored.client_side_validation is False


def test_basic_authentication_in_a_header_is_in_no_pickle(server):
    made = client(server)
    made.set_default_header("Authorization", "Basic cm9vdDpzZWNyZXQ=")
    made.set_default_header("X-Token", "t-1")
    data = pickle.dumps(made, 2)
    assert b"cm9vdDpzZWNyZXQ" not in data and b"t-1" in data
    assert copy.deepcopy(made).default_headers == made.default_headers


@pytest.mark.parametrize("value", [b"Basic cHctMQ==", " \tbasic cHctMQ=="])
def test_in_whatever_form_it_is_given(server, value):
    made = client(server)
    made.set_default_header("Authorization", value)
    made.set_default_header("X-Count", 3)
    data = pickle.dumps(made, 2)
    assert b"cHctMQ" not in data
    assert pickle.loads(data).default_headers["X-Count"] == 3


def test_nodes_share_their_tokens_after_a_pickle_too():
    made = ActivePassiveApiClient(["http://a", "http://b"])
    made.configuration.api_key["Authorization"] = "Basic cHctMQ=="
    restored = pickled(made)
    restored.configuration.api_key["Authorization"] = "tok"
    assert [each.api_key for each in restored.configurations] == [{"Authorization": "tok"}] * 2


def test_an_api_is_pickled_with_its_client(server):
    assert pickled(VmApi(used(server))).get_vms({})[0].id == "x"


class Canned(object):
    """A transport of a script's own."""

    def __init__(self):
        self.sent = 0

    def send(self, request):
        self.sent += 1
        return Response(200, [{"id": "c"}])


def test_a_transport_of_a_scripts_own_is_pickled_too():
    made = ApiClient(Configuration(), transport=Canned())
    get_vms(made)
    restored = pickled(made)
    assert get_vms(restored)[0].id == "c" and restored._transport.sent == 2
    assert made._transport.sent == 1


def test_a_rest_client_of_a_scripts_own_is_pickled_too(server):
    made = client(server)
    made.rest_client = Scripted()
    assert pickled(made).rest_client.mine and copy.deepcopy(made).rest_client.mine


class Scripted(object):
    mine = True


@pytest.mark.parametrize("copied", [pickled, copy.copy, copy.deepcopy])
def test_a_copied_pair_works(nodes, copied):
    a, b = nodes
    original = pair(a, b, cookie="c=1", probe_timeout=3)
    original.configuration.api_key["Authorization"] = "tok"
    get_vms(original)
    switch(a, b)
    made = copied(original)
    assert made.current_active_base_url is None and made.last_response == {}
    if copied is not copy.copy:
        assert original.default_headers is not made.default_headers
    made.set_default_header("X-Own", "h")
    made.configuration.api_key["Authorization"] = "new"
    get_vms(made)
    for request in b.requests:
        assert request.header("X-Own") == ["h"] and request.header("Cookie") == ["c=1"]
        assert request.header("Authorization") == ["new"]
    switch(b, a)
    get_vms(made)
    assert a.requests[-1].header("X-Own") == ["h"]
    get_vms(original)
    original.close(), made.close()


def test_a_pickled_pair_has_no_password(nodes):
    made = ActivePassiveApiClient([node.url for node in nodes], {"name": "u", "password": "pw-3"})
    assert b"pw-3" not in pickle.dumps(made, 2) and b"tok" in pickle.dumps(made, 2)


# ---- copies ------------------------------------------------------------------------


@pytest.mark.parametrize("make", STATES)
def test_a_deep_copy_shares_nothing(server, make):
    original = make(server)
    copied = copy.deepcopy(original)
    assert copied.configuration.password == "pw-1"
    copied.set_default_header("X-Own", "other")
    copied.configuration.api_key["Authorization"] = "other"
    assert get_vms(copied)[0].id == get_vms(original)[0].id == "x"
    first, second = server.requests[-2:]
    assert first.header("X-Own") == first.header("Authorization") == ["other"]
    assert second.header("X-Own") == ["h"] and second.header("Authorization") == ["tok"]
    assert copied.rest_client is not original.rest_client
    original.close()
    get_vms(copied)
    copied.close()


def test_a_copy_shares_the_configuration_and_no_connection(server):
    original = used(server)
    copied = copy.copy(original)
    assert copied.configuration is original.configuration
    assert copied.rest_client is not original.rest_client
    assert get_vms(copied)[0].id == "x"


def test_a_deep_copy_shares_a_transport_of_a_scripts_own():
    made = ApiClient(Configuration(), transport=Canned())
    get_vms(copy.deepcopy(made))
    assert made._transport.sent == 1


def test_a_copy_within_a_structure_is_one_copy(server):
    made = client(server)
    both = copy.deepcopy([made, VmApi(made)])
    assert both[1].api_client is both[0] is not made


# ---- other processes ---------------------------------------------------------------

WORK = """
import multiprocessing, sys
from cloudtower import *
from cloudtower.configuration import Credentials

def work(client, number):
    VmApi(client).get_vms({"first": number})
    return number, client.configuration.api_key["Authorization"], client.configuration.password

if __name__ == "__main__":
    way, endpoints = sys.argv[1], sys.argv[2:]
    configuration = Configuration(host=endpoints[0] + "/v2/api", username="u", password="pw-1")
    configuration.api_key["Authorization"] = "tok"
    client = ApiClient(configuration)
    if len(endpoints) > 1:
        client = ActivePassiveApiClient(endpoints, configuration=configuration)
    VmApi(client).get_vms({})
    VmApi(client).get_vms({}, async_req=True).get(30)
    if way == "pool":
        pool = multiprocessing.Pool(2)
        results = [pool.apply_async(work, (client, n)) for n in range(8)]
        found = [each.get(60) for each in results]
        pool.close()
        pool.join()
    else:
        from concurrent.futures import ProcessPoolExecutor
        context = multiprocessing.get_context(way)
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            found = list(pool.map(work, [client] * 8, range(8)))
    assert found == [(n, "tok", None) for n in range(8)], found
    VmApi(client).get_vms({})
    client.close()
"""


def ways():
    if sys.version_info < (3, 8) or os.name != "posix":
        return ["pool"]
    return ["pool", "fork", "spawn", "forkserver"]


@pytest.mark.parametrize("way", ways())
@pytest.mark.parametrize("count", [1, 2])
def test_processes(nodes, tmp_path, way, count):
    script = tmp_path / "work.py"
    script.write_bytes(WORK.encode())
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore::DeprecationWarning", str(script), way]
        + [node.url for node in nodes[:count]],
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(path or os.getcwd() for path in sys.path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    timer = threading.Timer(2 * SOON, process.kill)
    timer.start()
    output = process.communicate()[0]
    timer.cancel()
    assert (process.returncode, output) == (0, b"")
    bodies = [request.json().get("first") for request in nodes[0].requests]
    assert sorted(each for each in bodies if each is not None) == list(range(8))


# ---- many threads, close, and no close ---------------------------------------------


def test_64_threads_share_a_client(server, caplog):
    server.handler = lambda request: Reply(200, [{"id": str(request.json()["first"])}])
    made = client(server)
    failed = []

    def work(number):
        try:
            for n in range(5):
                first = 100 * number + n
                data, status, headers = VmApi(made).get_vms_with_http_info({"first": first})
                assert (data[0].id, status) == (str(first), 200)
        except BaseException as error:
            failed.append(error)

    in_threads(64, work)
    assert not failed
    assert len(server.requests) == 64 * 5
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]
    made.close()


def in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
        assert not thread.is_alive()


@pytest.mark.parametrize("make", STATES)
def test_close_may_be_called_often_and_by_many(server, make):
    made = make(server)
    made.close()
    made.close()
    failed = []

    def work(number):
        try:
            if number % 2:
                made.close()
            else:
                get_vms(made)
                get_vms(made, async_req=True).get(SOON)
        except ValueError:
            pass  # the pool was closed between two steps
        except BaseException as error:
            failed.append(error)

    in_threads(8, work)
    assert not failed
    made.close()
    assert get_vms(made)[0].id == "x"
    made.close()


@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("kind", ["one server", "pair"])
def test_a_forgotten_client_leaves_nothing(server, nodes, kind, threads):
    made = client(server) if kind == "one server" else pair(*nodes)
    before = len(threading.enumerate())
    get_vms(made, async_req=True).get(SOON)[0] if threads else get_vms(made)
    servers = [server] if kind == "one server" else [node.server for node in nodes]
    assert any(map(connected, servers))
    reference = weakref.ref(made)
    gc.collect()
    gc.disable()  # nothing needs it: there is no circle
    try:
        del made
        deadline = time.time() + SOON
        while time.time() < deadline and (reference() or any(map(connected, servers))):
            time.sleep(0.02)
        assert reference() is None or threads
    finally:
        gc.enable()
    gc.collect()
    while time.time() < deadline and len(threading.enumerate()) > before:
        time.sleep(0.02)
    assert reference() is None
    assert not any(map(connected, servers))
    assert len(threading.enumerate()) <= before


def connected(server):
    """How many connections the server has."""
    return sum(thread.is_alive() for _, thread in server._server.exchanges)


def test_the_names_of_what_is_in_use_are_those_of_a_client(server):
    made = used_by_threads(server)
    made.server_version()
    assert portable._IN_USE <= set(vars(made))
    made.close()
