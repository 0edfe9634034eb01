"""The nodes of a CloudTower that runs on several, and calls to it."""

import pytest
from recording_server import RecordingServer, Reply

from cloudtower import ActivePassiveApiClient, Configuration, RetryPolicy, VmApi
from cloudtower.exceptions import ApiException

ACTIVE, PASSIVE, BROKEN = 200, 307, 500
SOON = 15  # generous bound for what takes a second at most

ELSEWHERE = [("Location", "http://127.0.0.1:9/")]


class Node(object):
    """A node of a CloudTower. `state` is the status of its probe, `calls` that of the rest.

    `script` has the replies to the next calls, or functions that return them.
    """

    def __init__(self, state):
        self.state = state
        self.calls = None
        self.script = []
        self.delay = 0
        self.drop = False
        self.server = RecordingServer(handler=self._answer)
        self.url = self.server.url

    def _answer(self, request):
        if request.path.endswith("/healthz"):
            return Reply(self.state, {}, ELSEWHERE if self.state == PASSIVE else (), self.delay)
        if self.script:
            scripted = self.script.pop(0)
            return scripted() if callable(scripted) else scripted
        status = self.calls or self.state
        if status != 200:
            return Reply(status, {}, ELSEWHERE if status == 307 else ())
        if request.path.endswith("/login"):
            return Reply(200, {"task_id": None, "data": {"token": "tok"}})
        if request.path == "/api":
            strategies = [{"id": "a1", "type": "LDAP"}]
            return Reply(200, {"data": {"authnStrategies": strategies}})
        return Reply(drop=True) if self.drop else Reply(200, [{"id": "x", "status": "SUCCESSED"}])

    def __call__(self, state):
        self.state = state

    @property
    def probes(self):
        return [each for each in self.server.requests if each.path.endswith("/healthz")]

    @property
    def requests(self):
        return [each for each in self.server.requests if not each.path.endswith("/healthz")]

    def stop(self):
        self.server.close()


def pair(*nodes, **options):
    """A client that does not wait long before it tries again."""
    configuration = Configuration()
    configuration.retry_policy = RetryPolicy(backoff_factor=0.01)
    return ActivePassiveApiClient(
        [node.url for node in nodes], configuration=configuration, **options
    )


def get_vms(client, **kwargs):
    return VmApi(client).get_vms({"where": {}}, **kwargs)


def start_vm(client, **kwargs):
    return VmApi(client).start_vm({"where": {"id": "a"}}, **kwargs)


CALLS = [get_vms, start_vm]


def failure(call, *args, **kwargs):
    with pytest.raises(ApiException) as caught:
        call(*args, **kwargs)
    return caught.value


def switch(a, b):
    a(PASSIVE)
    b(ACTIVE)


def without_connections(node):
    """An address at which nothing listens."""
    node.stop()
    return node.url
