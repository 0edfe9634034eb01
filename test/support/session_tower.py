"""A tower whose sessions end, and what tests of that share."""

import threading
import time

import pytest
from recording_server import RecordingServer, Reply

from cloudtower import ApiClient, Configuration, VmApi
from cloudtower.exceptions import ApiException
from cloudtower.utils import login

START = {"where": {"id": "a"}}
EXPIRED = Reply(401, {"message": "LOAD_TOKEN_FAILED: expired", "path": "/x", "status": 401})


class Tower(object):
    """A server whose sessions end.

    Attributes:
        accepted: the token it takes, str; None: none.
        refusal: how a login is refused, Reply, or None.
        equal: whether equal logins give equal tokens, bool.
        delay: seconds that a login takes.
        logins: bodies of the logins, list.
        calls: other requests, list.
    """

    def __init__(self):
        self.accepted = None
        self.refusal = None
        self.expired = EXPIRED
        self.equal = True
        self.delay = 0
        self.logins = []
        self.calls = []
        self._lock = threading.Lock()
        self._valid = False
        self.server = RecordingServer(handler=self.handle)

    def end_sessions(self):
        self._valid = False

    def handle(self, request):
        if request.path.endswith("/login"):
            with self._lock:
                self.logins.append(request.json())
                number = len(self.logins)
            time.sleep(self.delay)
            if self.refusal is not None:
                return self.refusal
            self.accepted = "tok" if self.equal else "tok-%d" % number
            self._valid = True
            return Reply(200, {"data": {"token": self.accepted}, "task_id": None})
        is_valid = self._valid and request.header("Authorization") == [self.accepted]
        with self._lock:
            self.calls.append(request)
        if not is_valid:
            return self.expired
        if request.path == "/api":
            return Reply(200, {"data": {"vms": []}})
        return Reply(200, [])


def serve():
    """A Tower, for the length of a test."""
    made = Tower()
    with made.server:
        yield made


def configured(tower):
    return Configuration(host=tower.server.url + "/v2/api")


def logged_in(tower):
    """A client that has logged in as root, with a clock that tests turn themselves."""
    made = ApiClient(configured(tower))
    login(made, "root", "secret-1")
    made._session.clock = Clock()
    yield made
    made.close()


class Clock(object):
    now = 1000.0

    def __call__(self):
        return self.now


def read(client, **options):
    return VmApi(client).get_vms({}, **options)


def write(client, **options):
    return VmApi(client).start_vm(START, **options)


def failure(call, *args, **options):
    with pytest.raises(ApiException) as caught:
        call(*args, **options)
    return caught.value


def at_once(count, call):
    """The results of so many threads, exceptions among them."""
    results, barrier = [], threading.Event()

    def run():
        barrier.wait(10)
        try:
            results.append(call())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.daemon = True
        thread.start()
    barrier.set()
    for thread in threads:
        thread.join(60)
    assert len(results) == count
    return results
